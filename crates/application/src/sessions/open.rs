//! A browser comes, known or not: it always has a session afterwards.

use selfsame_domain::OpaqueToken;
use selfsame_ports::StorageError;

use crate::{Core, Fault, SessionView};

/// Asks for the session of a browser.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The cookie that it sent, if any.
    pub cookie: Option<OpaqueToken>,
}

/// The session, and the cookie to be set if the browser's was none of ours, dead or missing.
#[derive(Clone, Debug)]
pub struct OpenedSession {
    /// What the browser may see.
    pub view: SessionView,
    /// The new cookie.
    pub new_cookie: Option<OpaqueToken>,
}

impl OpenSession {
    /// Finds the session; a stranger gets an anonymous one, of which nothing is stored. Never an error for a bad cookie:
    /// a page cannot drop it, so it is replaced.
    pub fn execute(&self, core: &Core) -> Result<OpenedSession, Fault> {
        if let Some(cookie) = &self.cookie
            && let Some(view) = known(core, cookie)?
        {
            return Ok(OpenedSession { view, new_cookie: None });
        }
        let (session, cookie) = core.new_anonymous_session();
        let view = SessionView::empty(session);
        Ok(OpenedSession { view, new_cookie: Some(cookie) })
    }
}

fn known(core: &Core, cookie: &OpaqueToken) -> Result<Option<SessionView>, StorageError> {
    if let Some(session) = core.known_anonymous_session(cookie) {
        return Ok(Some(SessionView::empty(session)));
    }
    core.session_view(cookie, core.clock.now())
}
