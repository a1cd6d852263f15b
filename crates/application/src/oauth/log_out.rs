//! Ends the sign-ins of a browser at the wish of an application (OpenID Connect RP-Initiated Logout 1.0).

use selfsame_domain::{OpaqueToken, RequestContext};
use selfsame_ports::IdTokenHint;

use crate::{
    Core, Fault,
    account::Account,
    sessions::sign_out::{SignOut, SignOutError},
};

/// Where the browser may be sent after the sign-out.
#[derive(Clone, Debug, Default)]
pub struct AfterLogOut {
    /// The application.
    pub client_id: Option<String>,
    /// An ID token of the application, verified here.
    pub id_token_hint: Option<String>,
    /// The address.
    pub redirect_uri: String,
}

/// Ends the sign-ins. The user has agreed.
#[derive(Clone)]
pub struct LogOut {
    /// The cookie of the browser.
    pub cookie: OpaqueToken,
    /// An ID token of the application, whose own sign-in ends too.
    pub id_token_hint: Option<String>,
    /// The request: for the audit trail.
    pub context: RequestContext,
}

impl AfterLogOut {
    /// Whether the address is one of the application's, which is known by its id, by the ID token, or by both alike (R58).
    pub fn is_allowed(&self, core: &Core) -> bool {
        let hinted = self.id_token_hint.as_ref().map(|hint| core.tokens.read_id_token(hint));
        let hinted = match hinted {
            Some(None) => return false,
            Some(Some(hint)) => Some(hint.client_id),
            None => None,
        };
        let is_same = self.client_id.is_none() || hinted.is_none() || self.client_id == hinted;
        let client = hinted.as_ref().or(self.client_id.as_ref()).and_then(|id| core.policy.oauth.client(id));
        is_same && client.is_some_and(|client| client.accepts_after_logout(&self.redirect_uri))
    }
}

impl LogOut {
    /// Ends all sign-ins of the browser, and that of the application which the ID token names, if it is of one of its users.
    pub fn execute(&self, core: &Core) -> Result<(), Fault> {
        let view = core.session_view(&self.cookie, core.clock.now())?;
        let hint = self.id_token_hint.as_ref().and_then(|hint| core.tokens.read_id_token(hint));
        let is_own = |hint: &IdTokenHint| {
            view.iter().flat_map(|view| &view.sign_ins).any(|(sign_in, _)| sign_in.user_id == hint.user_id)
        };
        let hint = hint.filter(is_own);
        SignOut::All { cookie: self.cookie.clone() }.execute(core, &self.context).map_err(|error| match error {
            // Only of one sign-in by its id.
            SignOutError::UnknownSignIn => Fault::Internal(error.to_string()),
            SignOutError::Fault(fault) => fault,
        })?;
        let Some(hint) = hint else { return Ok(()) };
        core.unit(&self.context, |work| {
            let Some(mut account) = Account::lock(work, hint.user_id)? else { return Ok(()) };
            core.end_sign_in(work, &mut account, hint.sign_in_id, hint.user_id)?;
            Ok(account.save(work)?)
        })
    }
}
