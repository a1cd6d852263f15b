//! Where the caller's account is signed in (R49).

use selfsame_domain::SignIn;

use crate::{Caller, Core, Fault};

/// Most sign-ins that are listed.
const LISTED: i64 = 1000;

/// Asks for the live sign-ins of the caller's account, in browsers and applications.
#[derive(Clone, Copy, Debug)]
pub struct ListSignIns;

impl ListSignIns {
    /// Reads them, the one used last first. One that was idle for too long is over and not listed.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Vec<SignIn>, Fault> {
        let now = core.clock.now();
        let mut sign_ins = core.storage.read()?.live_sign_ins(caller.user.id, now, LISTED)?;
        sign_ins.retain(|sign_in| core.is_usable(sign_in, &caller.user, now));
        Ok(sign_ins)
    }
}
