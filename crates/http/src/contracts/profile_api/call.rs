//! One call of this contract: who makes it, its body, and the one hop to the core.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    Error, FromRequest, HttpRequest, dev,
    error::InternalError,
    http::header::CONTENT_TYPE,
    web::{Data, Json, Payload},
};
use selfsame_application::{Authenticate, Caller, Core, Credential};
use selfsame_domain::{OpaqueToken, RequestContext};

use super::{
    body::{Body, Echo},
    rejection::Rejection,
};
use crate::{
    Credentials, Failure, HttpOptions, Lane, Lanes, Refusal, Services,
    body::{BodyError, read},
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

/// Who calls, as far as they say.
pub(super) struct Asker {
    token: Option<String>,
    /// The cookie of a browser, which signs nobody in here: it tells whether a mailed link is followed where it was asked for.
    pub(super) cookie: Option<OpaqueToken>,
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
        let (token, cookie) = match Credentials::of(request, &options.cookie) {
            Credentials::Bearer(token) => (Some(token), None),
            Credentials::Cookie(cookie) => (None, Some(cookie)),
            Credentials::None | Credentials::MalformedBearer | Credentials::UnknownCookie => (None, None),
        };
        Some(Self {
            request: request.clone(),
            core: Arc::clone(&request.app_data::<Data<Services>>()?.core),
            lanes: request.app_data::<Data<Lanes>>()?.clone(),
            body_limit: options.limits.body,
            asker: Asker { token, cookie, context: request_context(request, options) },
        })
    }

    /// The body, before it is held against a model.
    pub(super) async fn body(&self, payload: Payload, echo: Echo) -> Result<Body, Error> {
        let bytes = read(&self.request, payload, self.body_limit).await.map_err(|error| self.refuse(&error.into()))?;
        let content_type = self.request.headers().get(CONTENT_TYPE);
        Body::new(content_type, &bytes, echo).map_err(|rejection| self.refuse(&rejection))
    }

    /// Asks the core, in a lane, and says its answer as JSON.
    pub(super) async fn run<T, F>(self, lane: Lane, job: F) -> Result<Json<T>, Error>
    where
        F: FnOnce(&Core, Asker) -> Result<T, Rejection> + Send + 'static,
        T: Send + 'static,
    {
        let Self { request, core, lanes, asker, .. } = self;
        let answer = lanes.run(lane, move || job(&core, asker)).await;
        let answer = answer.unwrap_or_else(|error| Err(Failure::from(error).into()));
        answer.map(Json).map_err(|rejection| refuse(&request, &rejection))
    }

    fn refuse(&self, rejection: &Rejection) -> Error {
        refuse(&self.request, rejection)
    }
}

fn refuse(request: &HttpRequest, rejection: &Rejection) -> Error {
    InternalError::from_response("refused", rejection.respond(request)).into()
}

impl Asker {
    /// Who it is, by their access token.
    pub(super) fn authenticate(&self, core: &Core) -> Result<Caller, Rejection> {
        let token = self.token.clone().ok_or(Rejection::Unauthenticated)?;
        Ok(Authenticate::new(Credential::Bearer(token)).execute(core)?)
    }
}

impl From<BodyError> for Rejection {
    fn from(error: BodyError) -> Self {
        Self::Failed(error.into())
    }
}
