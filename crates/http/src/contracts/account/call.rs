//! One call of this contract: who makes it, its body, and the one hop to the core.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, dev,
    error::InternalError,
    http::{
        Method,
        header::{ETag, EntityTag},
    },
    web::{Data, Payload},
};
use selfsame_application::{Authenticate, Caller, Core, Credential};
use selfsame_domain::{Attributes, RequestContext, User};
use serde_json::Value;

use super::{
    entity_tag::{Condition, entity_tag, is_known},
    rejection::Rejection,
    wire::{Account, AccountPatch},
};
use crate::{
    Credentials, Failure, HttpOptions, Lane, Lanes, Refusal, Services,
    body::{BodyError, JsonKind, is_json, parse_json, read},
    context::request_context,
};

/// A call, before anything of it was judged.
pub(super) struct Call {
    request: HttpRequest,
    core: Arc<Core>,
    lanes: Data<Lanes>,
    body_limit: usize,
    asker: Asker,
}

/// Who calls, as far as they say, and on what condition.
#[derive(Clone)]
pub(super) struct Asker {
    credential: Option<Credential>,
    condition: Condition,
    /// Where from.
    pub(super) context: RequestContext,
}

impl FromRequest for Call {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::of(request).ok_or_else(|| Refusal::new(request, Failure::Internal)))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Option<Self> {
        let options = request.app_data::<Data<HttpOptions>>()?;
        let credential = match Credentials::of(request, &options.cookie) {
            Credentials::Bearer(token) => Some(Credential::Bearer(token)),
            Credentials::Cookie(token) => Some(Credential::Cookie(token)),
            Credentials::None | Credentials::MalformedBearer | Credentials::UnknownCookie => None,
        };
        Some(Self {
            request: request.clone(),
            core: Arc::clone(&request.app_data::<Data<Services>>()?.core),
            lanes: request.app_data::<Data<Lanes>>()?.clone(),
            body_limit: options.limits.data_uri_body,
            asker: Asker { credential, condition: Condition::of(request), context: request_context(request, options) },
        })
    }

    /// Who calls, before a body is read that may be large (R84).
    pub(super) async fn caller(&self) -> Result<Caller, Error> {
        let (core, asker) = (Arc::clone(&self.core), self.asker.clone());
        let answer = self.lanes.run(Lane::Database, move || asker.authenticate(&core)).await;
        answer.unwrap_or_else(|error| Err(Failure::from(error).into())).map_err(|rejection| self.refuse(&rejection))
    }

    /// The merge patch, in either of its content types (R53).
    pub(super) async fn patch(&self, payload: Payload) -> Result<AccountPatch, Error> {
        self.read(payload).await.and_then(AccountPatch::read).map_err(|rejection| self.refuse(&rejection))
    }

    async fn read(&self, payload: Payload) -> Result<Value, Rejection> {
        if !is_patch(&self.request) {
            return Err(BodyError::MediaType.into());
        }
        let bytes = read(&self.request, payload, self.body_limit).await?;
        Ok(parse_json(&bytes)?)
    }

    /// Asks the core, in a lane, and shows the account that it answers.
    pub(super) async fn run<F>(self, lane: Lane, job: F) -> Result<HttpResponse, Error>
    where
        F: FnOnce(&Core, Asker) -> Result<(User, Option<Attributes>), Rejection> + Send + 'static,
    {
        let Self { request, core, lanes, asker, .. } = self;
        let job = move || {
            let (user, attributes) = job(&core, asker)?;
            let account = Account::new(&user, attributes.unwrap_or_default(), &core.policy);
            Ok((entity_tag(user.id, user.version), account))
        };
        let answer = lanes.run(lane, job).await.unwrap_or_else(|error| Err(Failure::from(error).into()));
        answer.map(|(tag, account)| show(&request, tag, &account)).map_err(|rejection| refuse(&request, &rejection))
    }

    fn refuse(&self, rejection: &Rejection) -> Error {
        refuse(&self.request, rejection)
    }
}

fn refuse(request: &HttpRequest, rejection: &Rejection) -> Error {
    InternalError::from_response("refused", rejection.respond(request)).into()
}

/// The account, or only the word that the client knows it already.
fn show(request: &HttpRequest, tag: EntityTag, account: &Account) -> HttpResponse {
    if request.method() != Method::PATCH && is_known(request, &tag) {
        return HttpResponse::NotModified().insert_header(ETag(tag)).finish();
    }
    HttpResponse::Ok().insert_header(ETag(tag)).json(account)
}

fn is_patch(request: &HttpRequest) -> bool {
    let mime = request.mime_type().ok().flatten();
    let is_known =
        mime.is_some_and(|mime| ["application/merge-patch+json", "application/json"].contains(&mime.essence_str()));
    is_known && is_json(request, JsonKind::PlainOrSuffix)
}

impl Asker {
    /// Who it is, by cookie or access token.
    pub(super) fn authenticate(&self, core: &Core) -> Result<Caller, Rejection> {
        let credential = self.credential.clone().ok_or(Rejection::Unauthenticated)?;
        Ok(Authenticate::with_attributes(credential).execute(core)?)
    }

    /// The version to change, if the client set a condition and the account meets it.
    pub(super) fn expected_version(&self, caller: &Caller) -> Result<Option<i64>, Rejection> {
        Ok(self.condition.expected_version(&caller.user)?)
    }
}
