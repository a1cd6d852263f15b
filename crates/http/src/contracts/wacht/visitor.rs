//! Who sent a request, and what they see of their session afterwards.
//!
//! A browser always has a session: a missing, stale or forged cookie is answered with a new one, because no page can drop
//! an `HttpOnly` cookie. A client with a Bearer token has none; its cookie is not looked at (R44), and a bad token is
//! never passed over.

use actix_web::HttpRequest;
use selfsame_application::{
    Authenticate, Caller, Core, Credential, SessionView,
    attempts::{Access, Handle, Holder},
    sessions::authenticate::AuthenticateError,
    sessions::open::{OpenSession, OpenedSession},
    sessions::sign_out::{SignOut, SignOutError},
};
use selfsame_domain::{Attempt, OpaqueToken, RequestContext, SignInId};

use super::{Rejection, WachtMode, wire::view_of};
use crate::credentials::Credentials;

/// The query parameter that carries the session in staging.
const DEVELOPMENT_SESSION: &str = "__dev_session__";

/// Who sent a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// What they presented.
    pub(super) credentials: Credentials,
    /// For audit and limits.
    pub(super) context: RequestContext,
}

impl Visitor {
    /// Somebody with these credentials; in staging, with those in the address of the request.
    pub(super) fn new(
        request: &HttpRequest,
        credentials: Credentials,
        context: RequestContext,
        mode: WachtMode,
    ) -> Self {
        let credentials = match (mode, credentials) {
            (WachtMode::Staging, own @ (Credentials::None | Credentials::UnknownCookie | Credentials::Cookie(_))) => {
                development_session(request).map_or(own, Credentials::Cookie)
            }
            (_, own) => own,
        };
        Self { credentials, context }
    }

    /// The session cookie, if it has the form of one.
    pub(super) fn cookie(&self) -> Option<&OpaqueToken> {
        match &self.credentials {
            Credentials::Cookie(cookie) => Some(cookie),
            Credentials::None | Credentials::UnknownCookie | Credentials::Bearer(_) | Credentials::MalformedBearer => {
                None
            }
        }
    }

    /// The browser as the holder of what it starts.
    pub(super) fn holder(&self) -> Holder {
        Holder::Browser(self.cookie().cloned())
    }

    /// Whether they presented nothing that could sign anybody in.
    pub(super) fn is_stranger(&self) -> bool {
        matches!(self.credentials, Credentials::None | Credentials::UnknownCookie | Credentials::MalformedBearer)
    }

    /// Who is signed in.
    pub(super) fn authenticate(&self, core: &Core) -> Result<Caller, AuthenticateError> {
        let credential = match &self.credentials {
            Credentials::Cookie(cookie) => Credential::Cookie(cookie.clone()),
            Credentials::Bearer(token) => Credential::Bearer(token.clone()),
            Credentials::None | Credentials::UnknownCookie | Credentials::MalformedBearer => {
                return Err(AuthenticateError::Unauthenticated);
            }
        };
        Authenticate::new(credential).execute(core)
    }

    /// Refuses a Bearer token that is not good, before anything is done: no route passes over a bad one.
    pub(super) fn check_token(&self, core: &Core) -> Result<(), AuthenticateError> {
        match &self.credentials {
            Credentials::Bearer(_) | Credentials::MalformedBearer => self.authenticate(core).map(drop),
            Credentials::None | Credentials::UnknownCookie | Credentials::Cookie(_) => Ok(()),
        }
    }

    /// The session after a route for strangers. Who came with a token sees an anonymous one: the token may just have died.
    pub(super) fn session_of_stranger(&self, core: &Core) -> Result<OpenedSession, Rejection> {
        let opened = OpenSession { cookie: self.cookie().cloned() }.execute(core)?;
        let is_browser = !matches!(self.credentials, Credentials::Bearer(_) | Credentials::MalformedBearer);
        Ok(OpenedSession { new_cookie: opened.new_cookie.filter(|_| is_browser), ..opened })
    }

    /// Their session as it is now.
    pub(super) fn session(&self, core: &Core) -> Result<OpenedSession, Rejection> {
        match &self.credentials {
            Credentials::Bearer(_) | Credentials::MalformedBearer => {
                Ok(OpenedSession { view: view_of(&self.authenticate(core)?), new_cookie: None })
            }
            Credentials::None | Credentials::UnknownCookie | Credentials::Cookie(_) => {
                Ok(OpenSession { cookie: self.cookie().cloned() }.execute(core)?)
            }
        }
    }

    /// Their session after a step of a sign-up or sign-in, under the cookie that is in force now.
    pub(super) fn session_after(
        &self,
        core: &Core,
        cookie: Option<OpaqueToken>,
        attempt: Attempt,
    ) -> Result<OpenedSession, Rejection> {
        let opened = OpenSession { cookie: cookie.clone() }.execute(core)?;
        let is_new = |cookie: &OpaqueToken| self.cookie().is_none_or(|sent| sent.expose() != cookie.expose());
        Ok(OpenedSession {
            view: opened.view.ending_with(attempt),
            new_cookie: opened.new_cookie.or(cookie).filter(is_new),
        })
    }

    /// Ends one of their sign-ins or all of them, and answers what is left.
    pub(super) fn sign_out(&self, core: &Core, only: Option<SignInId>) -> Result<OpenedSession, Rejection> {
        let what = match (&self.credentials, only) {
            (Credentials::Cookie(cookie), Some(sign_in)) => SignOut::One { cookie: cookie.clone(), sign_in },
            (Credentials::Cookie(cookie), None) => SignOut::All { cookie: cookie.clone() },
            (Credentials::Bearer(_) | Credentials::MalformedBearer, only) => return self.sign_out_bearer(core, only),
            (Credentials::None | Credentials::UnknownCookie, Some(_)) => return Err(SignOutError::UnknownSignIn.into()),
            (Credentials::None | Credentials::UnknownCookie, None) => return self.session(core),
        };
        what.execute(core, &self.context)?;
        self.session(core)
    }

    fn sign_out_bearer(&self, core: &Core, only: Option<SignInId>) -> Result<OpenedSession, Rejection> {
        let caller = self.authenticate(core)?;
        if only.is_some_and(|only| only != caller.sign_in.id) {
            return Err(SignOutError::UnknownSignIn.into());
        }
        let view = SessionView { sign_ins: Vec::new(), ..view_of(&caller) };
        SignOut::Own(caller.principal).execute(core, &self.context)?;
        Ok(OpenedSession { view, new_cookie: None })
    }
}

/// What a browser goes on with while an attempt lasts.
pub(super) fn cookie_while(handle: Handle) -> Option<OpaqueToken> {
    match handle {
        Handle::Cookie(cookie) => Some(cookie),
        Handle::Temporary(_) => None,
    }
}

/// What a browser holds after a sign-in.
pub(super) fn cookie_after(access: Access) -> Option<OpaqueToken> {
    match access {
        Access::Cookie(cookie) => Some(cookie),
        Access::Tokens(_) => None,
    }
}

/// The session token in the address. Present and empty until the SDK has one.
fn development_session(request: &HttpRequest) -> Option<OpaqueToken> {
    let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(name, _)| name == DEVELOPMENT_SESSION).and_then(|(_, token)| OpaqueToken::parse(&token))
}
