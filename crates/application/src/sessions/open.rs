//! Opens the session of a browser, which always has one afterwards.

use selfsame_domain::OpaqueToken;
use selfsame_ports::StorageError;

use crate::{Core, Fault, SessionView};

/// Requests the session of a browser.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The cookie that it sent, if any.
    pub cookie: Option<OpaqueToken>,
}

/// The session, and a new cookie if the browser's was missing, unknown or invalid.
#[derive(Clone, Debug)]
pub struct OpenedSession {
    /// The session as the browser may see it.
    pub view: SessionView,
    /// The new cookie.
    pub new_cookie: Option<OpaqueToken>,
}

impl OpenSession {
    /// Finds the session; without one the browser gets an anonymous one, which is not stored. A bad cookie is never an
    /// error: no page can remove it, so it is replaced.
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
