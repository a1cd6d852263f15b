//! Another of a browser's accounts becomes the one that `/me` means.

use selfsame_domain::{Action, OpaqueToken, RequestContext, SignInId};
use selfsame_ports::StorageError;

use crate::{Core, Fault, core::Event, fault::faults, identifiers::prove::lock_usable};

/// Asks for the switch.
#[derive(Clone, Debug)]
pub struct SwitchSignIn {
    /// The browser's cookie.
    pub cookie: OpaqueToken,
    /// A sign-in of this browser.
    pub sign_in: SignInId,
    /// Who asks.
    pub context: RequestContext,
}

/// Why nothing was switched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchSignInError {
    /// Not a live sign-in of this browser.
    #[error("no such sign-in")]
    UnknownSignIn,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SwitchSignInError: StorageError);

impl SwitchSignIn {
    /// Makes the sign-in active.
    pub fn execute(&self, core: &Core) -> Result<(), SwitchSignInError> {
        let view = core.session_view(&self.cookie, core.clock.now())?.ok_or(SwitchSignInError::UnknownSignIn)?;
        let mut live = view.sign_ins.iter().map(|(sign_in, _)| sign_in);
        let user = live.find(|live| live.id == self.sign_in).ok_or(SwitchSignInError::UnknownSignIn)?.user_id;
        core.unit(|unit| {
            let user = lock_usable(unit, user)?.ok_or(SwitchSignInError::UnknownSignIn)?;
            let mut session = unit.sessions().lock(view.session.id)?.ok_or(SwitchSignInError::UnknownSignIn)?;
            session.active_sign_in = Some(self.sign_in);
            unit.sessions().save(&session)?;
            core.record(unit, user.id, Event::of_user(Action::SignInSwitched, user.id, self.sign_in, &self.context))?;
            Ok(())
        })
    }
}
