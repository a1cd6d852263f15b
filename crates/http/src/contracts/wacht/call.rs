//! One request of this contract on its way in, and its answer on the way out: what all handlers share.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse, dev,
    error::ErrorInternalServerError,
    http::header::{HeaderName, HeaderValue},
    web::{Data, Payload},
};
use selfsame_application::{Core, SessionView, sessions::open::OpenedSession};
use selfsame_domain::OpaqueToken;
use serde::Serialize;

use super::{Rejection, WachtMode, visitor::Visitor, wire};
use crate::{
    HttpOptions, Services,
    blocking::{Lane, Lanes},
    body::Fields,
    context, cookies,
    credentials::Credentials,
    errors::{Failure, Refusal},
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const DEVELOPMENT_SESSION: HeaderName = HeaderName::from_static("x-development-session");

/// What a handler answers.
pub(super) type Answer = Result<HttpResponse, Error>;

/// A request, who sent it, and what answers it.
pub(super) struct Call {
    request: HttpRequest,
    services: Data<Services>,
    lanes: Data<Lanes>,
    options: Data<HttpOptions>,
    visitor: Visitor,
}

impl FromRequest for Call {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::of(request).ok_or_else(|| Refusal::new(request, Failure::Internal)))
    }
}

impl Call {
    /// `None` if the server was put together without what it takes.
    fn of(request: &HttpRequest) -> Option<Self> {
        let services = request.app_data::<Data<Services>>()?.clone();
        let lanes = request.app_data::<Data<Lanes>>()?.clone();
        let options = request.app_data::<Data<HttpOptions>>()?.clone();
        let credentials = Credentials::of(request, &options.cookie);
        let visitor =
            Visitor::new(request, credentials, context::request_context(request, &options), services.wacht.mode);
        Some(Self { request: request.clone(), services, lanes, options, visitor })
    }

    /// Who sent it.
    pub(super) fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// Refuses a request that presents nothing.
    pub(super) fn require_credentials(&self) -> Result<(), Error> {
        if self.visitor.is_stranger() { Err(self.refuse(Rejection::unauthorized())) } else { Ok(()) }
    }

    /// The fields of its body, of whatever kind that is.
    pub(super) async fn fields(&self, payload: Payload) -> Result<Fields, Refusal> {
        Fields::read(&self.request, payload).await.map_err(|error| Refusal::new(&self.request, error.into()))
    }

    /// The same of a body that brings a file. It may be large, so who sent it has to be known.
    pub(super) async fn fields_with_file(&self, payload: Payload) -> Result<Fields, Refusal> {
        Fields::read_with_file(&self.request, payload).await.map_err(|error| Refusal::new(&self.request, error.into()))
    }

    /// Runs use cases in a lane.
    pub(super) async fn run<T, F>(&self, lane: Lane, job: F) -> Result<T, Error>
    where
        F: FnOnce(&Core, &Visitor) -> Result<T, Rejection> + Send + 'static,
        T: Send + 'static,
    {
        let (core, visitor) = (Arc::clone(&self.services.core), self.visitor.clone());
        match self.lanes.run(lane, move || job(&core, &visitor)).await {
            Ok(answer) => answer.map_err(|rejection| self.refuse(rejection)),
            Err(error) => Err(Refusal::new(&self.request, error.into()).into()),
        }
    }

    /// What was decoded, or the answer that it cannot be.
    pub(super) fn decoded<T>(&self, decoded: Result<T, Rejection>) -> Result<T, Error> {
        decoded.map_err(|rejection| self.refuse(rejection))
    }

    /// A rejection as an answer.
    fn refuse(&self, rejection: Rejection) -> Error {
        match rejection {
            Rejection::Refused(refused) => refused.into(),
            Rejection::Fault(fault) => Refusal::new(&self.request, fault.into()).into(),
        }
    }

    /// A session on the wire.
    pub(super) fn session(&self, view: &SessionView) -> wire::Session {
        wire::Session::of(view, &self.services.core.policy)
    }

    /// What the contract is set up with.
    pub(super) fn services(&self) -> &Services {
        &self.services
    }

    /// A success with the session as `data` too.
    pub(super) fn answer_session(&self, opened: OpenedSession) -> Answer {
        let session = self.session(&opened.view);
        self.answer(wire::Envelope::new(session.clone(), session), opened.new_cookie)
    }

    /// A success with something else as `data`.
    pub(super) fn answer_data(&self, data: impl Serialize, opened: OpenedSession) -> Answer {
        self.answer(wire::Envelope::new(data, self.session(&opened.view)), opened.new_cookie)
    }

    /// A success after which the browser forgets all it knew (R50).
    pub(super) fn answer_farewell(&self, opened: OpenedSession) -> Answer {
        let mut response = self.answer_session(OpenedSession { new_cookie: None, ..opened })?;
        for cookie in cookies::removal_cookies(&self.options.cookie) {
            response.add_cookie(&cookie)?;
        }
        response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static(r#""cookies","storage""#));
        Ok(response)
    }

    /// A success; a new cookie goes with it if there is one.
    pub(super) fn answer(&self, body: impl Serialize, new_cookie: Option<OpaqueToken>) -> Answer {
        let mut response = HttpResponse::Ok().json(body);
        let Some(token) = new_cookie else { return Ok(response) };
        let max_age = self.services.core.policy.absolute.to_std().unwrap_or_default();
        for cookie in cookies::session_cookies(&self.options.cookie, &token, max_age) {
            response.add_cookie(&cookie)?;
        }
        if self.services.wacht.mode == WachtMode::Staging {
            let value = HeaderValue::from_str(token.expose()).map_err(ErrorInternalServerError)?;
            response.headers_mut().insert(DEVELOPMENT_SESSION, value);
        }
        Ok(response)
    }
}
