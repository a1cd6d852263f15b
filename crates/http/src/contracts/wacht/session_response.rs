//! The session in a response: what the client sees of it, and what changes in its cookie.
//!
//! A browser always has a session. A missing, expired or forged cookie is replaced by a new one, because no page can
//! delete an `HttpOnly` cookie. A client with a Bearer token has no browser session: its cookie is ignored (R44), and
//! an invalid token is always refused.

use selfsame_application::{
    Caller, Core, SessionView,
    attempts::{Access, Handle, Holder},
    sessions::{
        open::{OpenSession, OpenedSession},
        sign_out::{SignOut, SignOutError},
    },
};
use selfsame_domain::{Attempt, OpaqueToken, SignInId};

use super::{Sender, Wacht, session_object::view_of};
use crate::{credentials::Credentials, rejection::Rejection};

/// The session after a request.
pub(super) struct SessionResponse {
    /// The session as the sender may see it.
    pub(super) view: SessionView,
    /// What changes in the cookie.
    pub(super) cookie: CookieChange,
}

/// What changes in a browser's session cookie.
pub(super) enum CookieChange {
    /// Nothing.
    Keep,
    /// It gets this value.
    Set(OpaqueToken),
    /// It is removed.
    Remove,
}

impl SessionResponse {
    /// The session of an authenticated caller.
    pub(super) fn of(caller: &Caller) -> Self {
        Self { view: view_of(caller), cookie: CookieChange::Keep }
    }

    /// The same after a sign-out: a browser without a sign-in loses its cookie.
    fn after_sign_out(self) -> Self {
        if self.view.sign_ins.is_empty() { Self { cookie: CookieChange::Remove, ..self } } else { self }
    }
}

impl From<OpenedSession> for SessionResponse {
    fn from(OpenedSession { view, new_cookie }: OpenedSession) -> Self {
        Self { view, cookie: new_cookie.map_or(CookieChange::Keep, CookieChange::Set) }
    }
}

impl Sender {
    /// The browser, as the holder of a sign-in or an attempt.
    pub(super) fn holder(&self) -> Holder {
        Holder::Browser(self.cookie())
    }

    /// Whether the request has no Bearer token.
    fn is_browser(&self) -> bool {
        match self.credentials {
            Credentials::Bearer(_) | Credentials::MalformedBearer => false,
            Credentials::None | Credentials::UnknownCookie | Credentials::Cookie(_) => true,
        }
    }

    /// Refuses an invalid Bearer token. Call it before the use case on routes that need no credential.
    pub(super) fn check_token(&self, core: &Core) -> Result<(), Rejection<Wacht>> {
        if self.is_browser() { Ok(()) } else { self.authenticate(core).map(drop) }
    }

    /// The current session of the sender.
    pub(super) fn session(&self, core: &Core) -> Result<SessionResponse, Rejection<Wacht>> {
        if self.is_browser() { self.cookie_session(core) } else { Ok(SessionResponse::of(&self.authenticate(core)?)) }
    }

    /// The session of the cookie, or a new one. A client with a token gets an anonymous session and no cookie: the use
    /// case may have ended its sign-in.
    pub(super) fn cookie_session(&self, core: &Core) -> Result<SessionResponse, Rejection<Wacht>> {
        let opened = OpenSession { cookie: self.cookie() }.execute(core)?;
        Ok(OpenedSession { new_cookie: opened.new_cookie.filter(|_| self.is_browser()), ..opened }.into())
    }

    /// The session after a step of a sign-up or sign-in. `cookie` is the valid one after that step.
    pub(super) fn session_after_step(
        &self,
        core: &Core,
        cookie: Option<OpaqueToken>,
        attempt: Attempt,
    ) -> Result<SessionResponse, Rejection<Wacht>> {
        let opened = OpenSession { cookie: cookie.clone() }.execute(core)?;
        let sent = self.cookie();
        let is_new = |cookie: &OpaqueToken| sent.as_ref().is_none_or(|sent| sent.expose() != cookie.expose());
        let new_cookie = opened.new_cookie.or(cookie).filter(is_new);
        Ok(OpenedSession { view: opened.view.ending_with(attempt), new_cookie }.into())
    }

    /// Ends one sign-in of the session, or all of them. Returns the session after that.
    pub(super) fn sign_out(&self, core: &Core, only: Option<SignInId>) -> Result<SessionResponse, Rejection<Wacht>> {
        match &self.credentials {
            Credentials::Bearer(_) | Credentials::MalformedBearer => {
                let caller = self.authenticate(core)?;
                if only.is_some_and(|only| only != caller.sign_in.id) {
                    return Err(SignOutError::UnknownSignIn.into());
                }
                SignOut::Own(caller.principal.clone()).execute(core, &self.context)?;
                return self.session_after_end(core, &caller, caller.sign_in.id);
            }
            Credentials::Cookie(cookie) => {
                let cookie = cookie.clone();
                let sign_out = match only {
                    Some(sign_in) => SignOut::One { cookie, sign_in },
                    None => SignOut::All { cookie },
                };
                sign_out.execute(core, &self.context)?;
            }
            Credentials::None | Credentials::UnknownCookie if only.is_some() => {
                return Err(SignOutError::UnknownSignIn.into());
            }
            Credentials::None | Credentials::UnknownCookie => {}
        }
        Ok(self.session(core)?.after_sign_out())
    }

    /// The session after the end of a sign-in of the caller's account. The cookie of a client with a token is kept: it
    /// belongs to another sign-in.
    pub(super) fn session_after_end(
        &self,
        core: &Core,
        caller: &Caller,
        ended: SignInId,
    ) -> Result<SessionResponse, Rejection<Wacht>> {
        if self.is_browser() {
            return Ok(self.session(core)?.after_sign_out());
        }
        let mut session = SessionResponse::of(caller);
        session.view.sign_ins.retain(|(sign_in, _)| sign_in.id != ended);
        Ok(session)
    }
}

/// The cookie of a browser with an open attempt.
pub(super) fn cookie_of_handle(handle: Handle) -> Option<OpaqueToken> {
    match handle {
        Handle::Cookie(cookie) => Some(cookie),
        Handle::Temporary(_) => None,
    }
}

/// The cookie of a browser after a sign-in.
pub(super) fn cookie_of_access(access: Access) -> Option<OpaqueToken> {
    match access {
        Access::Cookie(cookie) => Some(cookie),
        Access::Tokens(_) => None,
    }
}
