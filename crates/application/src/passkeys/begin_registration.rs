//! Begins the registration of a passkey.

use selfsame_domain::{RequestContext, TicketKind};
use selfsame_ports::NewPasskeyOwner;
use serde_json::Value;

use super::{PasskeyError, ceremony::Bond, names};
use crate::{Caller, Core};

/// Asks for the options of a new passkey.
#[derive(Clone, Debug)]
pub struct BeginPasskeyRegistration {
    /// The request: for limits.
    pub context: RequestContext,
}

impl BeginPasskeyRegistration {
    /// Makes a challenge for the caller's sign-in, and returns the `publicKey` of `navigator.credentials.create`. Needs a
    /// recent proof (R33) and a proven primary address (R38). Authenticators that have a passkey of the account are excluded.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Value, PasskeyError> {
        let webauthn = core.webauthn().ok_or(PasskeyError::Off)?;
        core.require_step_up(caller)?;
        core.may_register_passkey(&caller.user, 0)?;
        core.spend(&core.passkey_budget(caller.user.id))?;
        let existing = core.storage.read()?.passkeys(caller.user.id)?;
        core.may_register_passkey(&caller.user, existing.len())?;
        let (name, display_name) = names(core, &caller.user);
        let ceremony = webauthn.begin_registration(&NewPasskeyOwner {
            handle: &core.passkey_handle(caller.user.id),
            name: &name,
            display_name: &display_name,
            existing: &existing,
        })?;
        let bond = registration_bond(caller);
        core.unit(&self.context, |work| core.keep_ceremony::<PasskeyError>(work, &bond, &ceremony))?;
        Ok(ceremony.options)
    }
}

/// A registration is of one sign-in.
pub(super) fn registration_bond(caller: &Caller) -> Bond {
    Bond::to_sign_in(TicketKind::RegisterPasskey, caller.user.id, caller.principal.sign_in_id)
}
