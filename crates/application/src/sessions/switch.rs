//! Makes another sign-in of a browser the active one.

use selfsame_domain::{Action, OpaqueToken, RequestContext, SignInId};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Requests the switch.
#[derive(Clone, Debug)]
pub struct SwitchSignIn {
    /// The browser's cookie.
    pub cookie: OpaqueToken,
    /// A sign-in of this browser.
    pub sign_in: SignInId,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the active sign-in was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchSignInError {
    /// Not a live sign-in of this browser.
    #[error("no such sign-in")]
    UnknownSignIn,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SwitchSignInError: StorageError);

impl SwitchSignIn {
    /// Makes the sign-in active, within the account's write budgets.
    pub fn execute(&self, core: &Core) -> Result<(), SwitchSignInError> {
        let now = core.clock.now();
        let view = core.session_view(&self.cookie, now)?.ok_or(SwitchSignInError::UnknownSignIn)?;
        let mut live = view.sign_ins.iter().map(|(sign_in, _)| sign_in);
        let user = live.find(|live| live.id == self.sign_in).ok_or(SwitchSignInError::UnknownSignIn)?.user_id;
        core.unit(&self.context, |work| {
            let mut account = Account::lock_usable(work, user)?.ok_or(SwitchSignInError::UnknownSignIn)?;
            // Refused if it has ended since the session was read (R43).
            if !work.sessions().activate(user, self.sign_in, now)? {
                return Err(SwitchSignInError::UnknownSignIn);
            }
            let event = Event::of_user(Action::SignInSwitched, user, self.sign_in);
            core.record_within_budget(work, &mut account, event)?;
            Ok(account.save(work)?)
        })
    }
}
