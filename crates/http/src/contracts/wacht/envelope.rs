//! The envelope of every success, and the session cookies.

use actix_web::{
    HttpRequest, HttpResponse,
    error::ErrorInternalServerError,
    http::header::{HeaderName, HeaderValue, ORIGIN},
};
use selfsame_application::SessionView;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, WachtMode,
    reasons::ErrorObject,
    session_object::Session,
    session_response::{CookieChange, SessionResponse},
};
use crate::{
    HttpOptions,
    call::HandlerResult,
    cookies::{removal_cookies, session_cookies},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const DEVELOPMENT_SESSION: HeaderName = HeaderName::from_static("x-development-session");

/// A success. The SDK reads `data` and nothing else.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Envelope)]
pub(super) struct Envelope<T> {
    #[schema(example = 200)]
    status: u16,
    /// Always empty.
    #[schema(example = "")]
    message: &'static str,
    data: T,
    session: Session,
    /// Always empty.
    #[schema(value_type = Vec<ErrorObject>, max_items = 0, example = json!([]))]
    errors: [ErrorObject; 0],
}

impl<T> Envelope<T> {
    /// An envelope around `data`.
    pub(super) fn new(data: T, session: Session) -> Self {
        Self { status: 200, message: "", data, session, errors: [] }
    }
}

/// Whether a page of another site sent the request or leads here, and its origin is not on the list.
fn is_foreign_site(request: &HttpRequest, options: &HttpOptions) -> bool {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    header(SEC_FETCH_SITE) == Some("cross-site") && !header(ORIGIN).is_some_and(|origin| options.allows_origin(origin))
}

/// `null`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Null;

impl Call {
    /// The wire format of a session.
    pub(super) fn session(&self, view: &SessionView) -> Session {
        Session::of(view, &self.services().core)
    }

    /// A success with the session as `data`.
    pub(super) fn respond_with_session(&self, response: SessionResponse) -> HandlerResult {
        let session = self.session(&response.view);
        self.respond(Envelope::new(session.clone(), session), response.cookie)
    }

    /// A success with other `data`.
    pub(super) fn respond_with_data(&self, data: impl Serialize, response: SessionResponse) -> HandlerResult {
        self.respond(Envelope::new(data, self.session(&response.view)), response.cookie)
    }

    /// A success that sets or removes the session cookies. When they are removed, the browser also deletes its cache
    /// and storage of this host (R50). `Clear-Site-Data` does not include cookies, because that would delete those of
    /// other hosts under the same registrable domain.
    pub(super) fn respond(&self, body: impl Serialize, cookie: CookieChange) -> HandlerResult {
        let mut response = HttpResponse::Ok().json(body);
        let options = self.options().cookie;
        let cookies = match cookie {
            CookieChange::Keep => Vec::new(),
            // A page of another site that is not on the list must not replace a cookie which the browser did not send (R52).
            CookieChange::Set(_) if is_foreign_site(self.request(), self.options()) => Vec::new(),
            CookieChange::Set(token) => {
                if self.services().wacht.mode == WachtMode::Staging {
                    let value = HeaderValue::from_str(token.expose()).map_err(ErrorInternalServerError)?;
                    response.headers_mut().insert(DEVELOPMENT_SESSION, value);
                }
                let max_age = self.services().core.policy.absolute.to_std().unwrap_or_default();
                session_cookies(options, &token, max_age)
            }
            CookieChange::Remove => {
                response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static(r#""cache","storage""#));
                removal_cookies(options)
            }
        };
        for cookie in &cookies {
            response.add_cookie(cookie)?;
        }
        Ok(response)
    }
}
