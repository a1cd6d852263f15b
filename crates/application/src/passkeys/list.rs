//! The passkeys of the caller's account.

use selfsame_domain::Passkey;

use super::{PasskeyError, PasskeySignals};
use crate::{Caller, Core};

/// Asks for them.
#[derive(Clone, Copy, Debug)]
pub struct ListPasskeys;

/// The passkeys, oldest first, and what browsers may be told of them.
#[derive(Clone, Debug)]
pub struct PasskeyList {
    /// The passkeys.
    pub passkeys: Vec<Passkey>,
    /// Arguments of the signals; none where passkeys are off.
    pub signals: Option<PasskeySignals>,
}

impl ListPasskeys {
    /// Reads them. They are listed also where passkeys are off.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<PasskeyList, PasskeyError> {
        let passkeys = core.storage.read()?.passkeys(caller.user.id)?;
        let webauthn = core.webauthn();
        let signals = webauthn.map(|webauthn| core.passkey_signals(webauthn.rp_id(), &caller.user, &passkeys));
        Ok(PasskeyList { passkeys, signals })
    }
}
