//! Removes a passkey.

use selfsame_domain::{Action, Difference, Factor, PasskeyId, RequestContext, User};
use selfsame_ports::Mail;
use serde_json::Value;

use super::{PasskeyError, PasskeySignals, register::pointer};
use crate::{
    Caller, Core,
    account::{Account, Event},
    undo::hold::Removed,
};

/// Asks to remove a passkey.
#[derive(Clone, Debug)]
pub struct RemovePasskey {
    /// Which passkey.
    pub id: PasskeyId,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

impl RemovePasskey {
    /// Removes a passkey of the caller (R37) after a recent proof (R33), and tells every verified address (R25). Returns the
    /// arguments of the signals; none where passkeys are off.
    ///
    /// The last one stays while the account has no password, and while the policy demands a second factor and there is no
    /// other (R34).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Option<PasskeySignals>, PasskeyError> {
        let user = caller.user.id;
        let mut passkeys = core.storage.read()?.passkeys(user)?;
        let place = passkeys.iter().position(|passkey| passkey.id == self.id);
        let removed = passkeys.remove(place.ok_or(PasskeyError::UnknownPasskey)?);
        core.require_step_up(caller)?;
        core.spend(&core.passkey_budget(user))?;
        let user = core.unit(&self.context, |work| {
            let mut account = Account::lock_caller(work, caller)?.ok_or(PasskeyError::Unauthenticated)?;
            core.require_hold(work, &account, Removed::Added(Some(removed.created_at)))?;
            let before = core.before_change(work, &account)?;
            if !work.passkeys().remove(user, self.id)? {
                return Err(PasskeyError::UnknownPasskey);
            }
            let now = core.clock.now();
            if work.passkeys().count(user)? == 0 {
                may_lose_last(&account)?;
                account.unenrol(Factor::Passkey, now);
                if account.backup_codes_left == 0 {
                    work.second_factors().set_backup_codes(user, &[])?;
                }
            } else {
                // Attempts in progress and remembered devices become void, as with every change of a factor.
                account.credential_epoch += 1;
                account.touch(now);
            }
            core.notify(work, &account, &Mail::PasskeyRemoved, &before)?;
            let event = Event::of_user(Action::PasskeyRemoved, user, caller.principal.sign_in_id);
            let change = Difference { pointer: pointer(&removed), old: removed.name.clone().into(), new: Value::Null };
            core.record(work, &mut account, event.with(vec![change]));
            account.save(work)?;
            Ok(account.into_user())
        })?;
        let webauthn = core.webauthn();
        Ok(webauthn.map(|webauthn| core.passkey_signals(webauthn.rp_id(), &user, &passkeys)))
    }
}

/// Whether an account may be without a passkey.
pub(crate) fn may_lose_last(account: &User) -> Result<(), PasskeyError> {
    if !account.has_password() {
        return Err(PasskeyError::LastWayIn);
    }
    if account.is_last_demanded(Factor::Passkey) {
        return Err(PasskeyError::FactorDemanded);
    }
    Ok(())
}
