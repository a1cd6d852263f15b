//! Gives a passkey another name.

use selfsame_domain::{Action, Claim, Difference, Passkey, PasskeyId, RequestContext, Violation, passkey};

use super::{PasskeyError, register::pointer};
use crate::{
    Caller, Core,
    account::{Account, Event},
};

/// Submits the name.
#[derive(Clone, Debug)]
pub struct RenamePasskey {
    /// Which passkey.
    pub id: PasskeyId,
    /// The name, as typed; a default one if it is empty.
    pub name: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

impl RenamePasskey {
    /// Renames a passkey of the caller (R37) after a recent proof (R33), and returns it.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Passkey, PasskeyError> {
        let name = passkey::name(&self.name)
            .map_err(|rule| PasskeyError::Invalid(Violation::new(Claim::PasskeyName, rule).into()))?;
        let user = caller.user.id;
        let passkeys = core.storage.read()?.passkeys(user)?;
        let passkey = passkeys.into_iter().find(|passkey| passkey.id == self.id);
        let passkey = passkey.ok_or(PasskeyError::UnknownPasskey)?;
        core.require_step_up(caller)?;
        core.spend(&core.passkey_budget(user))?;
        core.unit(&self.context, |work| {
            let mut account = Account::lock_caller(work, caller)?.ok_or(PasskeyError::Unauthenticated)?;
            if !work.passkeys().rename(user, self.id, &name)? {
                return Err(PasskeyError::UnknownPasskey);
            }
            let event = Event::of_user(Action::PasskeyRenamed, user, caller.principal.sign_in_id);
            let change =
                Difference { pointer: pointer(&passkey), old: passkey.name.clone().into(), new: name.clone().into() };
            core.record_within_budget(work, &mut account, event.with(vec![change]))?;
            Ok(account.save(work)?)
        })?;
        Ok(Passkey { name, ..passkey })
    }
}
