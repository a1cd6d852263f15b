//! Ends sign-ins of the caller's account, wherever they are (R49).

use selfsame_domain::{Action, RequestContext, SignInId};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault, Principal,
    account::{Account, Event},
    fault::faults,
};

/// Ends one sign-in of the caller's account: their own or another.
#[derive(Clone, Debug)]
pub struct EndSignIn {
    /// Which.
    pub id: SignInId,
    /// For the audit trail.
    pub context: RequestContext,
}

/// Ends every sign-in of the caller's account but their own.
#[derive(Clone, Debug)]
pub struct EndOtherSignIns {
    /// For the audit trail.
    pub context: RequestContext,
}

/// Ends every sign-in of the caller's account, their own too.
#[derive(Clone, Debug)]
pub struct EndAllSignIns {
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why nothing ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndSignInError {
    /// Not a sign-in of this account, or not any more: one answer for both (R62).
    #[error("no such sign-in")]
    UnknownSignIn,
    /// The account is gone, or the caller's own sign-in has ended meanwhile.
    #[error("not signed in")]
    Unauthenticated,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(EndSignInError: StorageError);

impl EndSignIn {
    /// Ends it, with its cookie's use, its access tokens and its refresh tokens.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), EndSignInError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(EndSignInError::Unauthenticated)?;
            if !core.end_sign_in(work, &mut account, self.id, caller.user.id)? {
                return Err(EndSignInError::UnknownSignIn);
            }
            Ok(account.save(work)?)
        })
    }
}

impl EndOtherSignIns {
    /// Ends them, and forgets every remembered device. Nothing is written where there is none.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), EndSignInError> {
        let Principal { user_id, sign_in_id, .. } = caller.principal;
        core.unit(&self.context, |work| {
            let now = core.clock.now();
            let mut account = Account::lock_caller(work, caller)?.ok_or(EndSignInError::Unauthenticated)?;
            if work.sessions().end_sign_ins_of(user_id, Some(sign_in_id), now)? > 0 {
                core.record(work, &mut account, Event::of_user(Action::SignInsRevoked, user_id, sign_in_id));
            }
            if work.devices().remove_all(user_id)? > 0 {
                core.record(work, &mut account, Event::of_user(Action::DevicesForgotten, user_id, sign_in_id));
            }
            Ok(account.save(work)?)
        })
    }
}

impl EndAllSignIns {
    /// Ends them, and forgets every remembered device.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), EndSignInError> {
        let Principal { user_id, sign_in_id, .. } = caller.principal;
        core.unit(&self.context, |work| {
            let mut account = Account::lock_caller(work, caller)?.ok_or(EndSignInError::Unauthenticated)?;
            work.sessions().end_sign_ins_of(user_id, None, core.clock.now())?;
            work.devices().remove_all(user_id)?;
            core.record(work, &mut account, Event::of_user(Action::SignInsRevoked, user_id, sign_in_id));
            Ok(account.save(work)?)
        })
    }
}
