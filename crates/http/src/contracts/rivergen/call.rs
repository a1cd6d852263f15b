//! One call of a client: how its body is read, who it is from, and where its work runs.
//!
//! Who is calling is settled before anything is said about the body (seed 003, "Data Flow"). Both that and the use case
//! itself run in one hop to a lane; where the body may be large, the caller is known before it is read.

use std::{
    future::{Ready, ready},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    FromRequest, HttpRequest, dev,
    web::{Data, Payload},
};
use selfsame_application::{Authenticate, Caller, Core, Credential, Policy, attempts::Holder};
use selfsame_domain::RequestContext;

use super::{
    members::{Body, Decoded, Members},
    rejection::Rejection,
};
use crate::{
    Credentials, Failure, HttpOptions, Lane, Lanes, Refusal, Services, SizeLimits,
    body::{self, BodyError, JsonKind},
    context::request_context,
};

/// A request, with all that a handler needs to answer it.
pub(super) struct Call {
    request: HttpRequest,
    context: RequestContext,
    credentials: Credentials,
    limits: SizeLimits,
    services: Data<Services>,
    lanes: Data<Lanes>,
}

impl FromRequest for Call {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let data = || {
            let options = request.app_data::<Data<HttpOptions>>()?;
            Some(Self {
                context: request_context(request, options),
                credentials: Credentials::of(request, &options.cookie),
                limits: options.limits,
                services: request.app_data::<Data<Services>>()?.clone(),
                lanes: request.app_data::<Data<Lanes>>()?.clone(),
                request: request.clone(),
            })
        };
        ready(data().ok_or_else(|| Refusal::new(request, Failure::Internal)))
    }
}

impl Call {
    /// What names the caller: a Bearer token and nothing else.
    pub(super) fn bearer(&self) -> Result<Authenticate, Rejection> {
        match &self.credentials {
            Credentials::Bearer(token) => Ok(Authenticate::new(Credential::Bearer(token.clone()))),
            Credentials::None | Credentials::MalformedBearer | Credentials::Cookie(_) | Credentials::UnknownCookie => {
                Err(Rejection::unauthorized())
            }
        }
    }

    /// Reads a JSON body. What is wrong with its members is told at once.
    pub(super) async fn read<T: Body>(&self, payload: Payload) -> Result<T, Rejection> {
        self.decode(payload).await?.checked(|_| Vec::new())
    }

    /// Reads a JSON body, and leaves it to the caller to say what is wrong with its members.
    pub(super) async fn decode<T: Body>(&self, payload: Payload) -> Result<Decoded<T>, Rejection> {
        self.decode_up_to(self.limits.body, payload).await
    }

    /// The same of a body in which a picture may be.
    pub(super) async fn decode_with_picture<T: Body>(&self, payload: Payload) -> Result<Decoded<T>, Rejection> {
        self.decode_up_to(self.limits.data_uri_body, payload).await
    }

    async fn decode_up_to<T: Body>(&self, limit: usize, payload: Payload) -> Result<Decoded<T>, Rejection> {
        if !body::is_json(&self.request, JsonKind::Plain) {
            return Err(self.refused(BodyError::MediaType));
        }
        let bytes = body::read(&self.request, payload, limit).await.map_err(|error| self.refused(error))?;
        Members::read(&bytes)
    }

    /// Runs a use case for whoever calls.
    pub(super) async fn run<T, F>(&self, lane: Lane, job: F) -> Result<T, Rejection>
    where
        T: Send + 'static,
        F: FnOnce(&Core, RequestContext) -> Result<T, Rejection> + Send + 'static,
    {
        let core = Arc::clone(&self.services.core);
        let context = self.context.clone();
        self.lanes.run(lane, move || job(&core, context)).await.map_err(|error| self.refused(error))?
    }

    /// The same, where the account's attributes are shown.
    pub(super) fn bearer_with_attributes(&self) -> Result<Authenticate, Rejection> {
        Ok(Authenticate { with_attributes: true, ..self.bearer()? })
    }

    /// Who calls, attributes included, before a body is read that may be large (R84).
    pub(super) async fn caller(&self) -> Result<Caller, Rejection> {
        let who = self.bearer_with_attributes()?;
        self.run(Lane::Database, move |core, _client| Ok(who.execute(core)?)).await
    }

    /// Runs a use case for whom the token names. Only then is said what is wrong with the body, if anything is.
    pub(super) async fn run_as<B, T, F>(
        &self,
        who: Authenticate,
        lane: Lane,
        body: Result<B, Rejection>,
        job: F,
    ) -> Result<T, Rejection>
    where
        B: Send + 'static,
        T: Send + 'static,
        F: FnOnce(&Core, Caller, B, RequestContext) -> Result<T, Rejection> + Send + 'static,
    {
        self.run(lane, move |core, context| {
            let caller = who.execute(core)?;
            job(core, caller, body?, context)
        })
        .await
    }

    /// How long an access token lives.
    pub(super) fn access_ttl(&self) -> Duration {
        self.services.rivergen.access_ttl
    }

    /// This contract's clients keep tokens.
    pub(super) fn holder(&self) -> Holder {
        Holder::Tokens { access_ttl: self.access_ttl() }
    }

    /// What the operator decided.
    pub(super) fn policy(&self) -> &Policy {
        &self.services.core.policy
    }

    fn refused(&self, failure: impl Into<Failure>) -> Rejection {
        Refusal::new(&self.request, failure.into()).into()
    }
}
