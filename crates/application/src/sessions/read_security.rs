//! Security figures of the caller's account.

use crate::{Caller, Core, Fault};

/// Requests the figures.
#[derive(Clone, Copy, Debug)]
pub struct ReadSecurity;

/// The figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityFigures {
    /// The number of sign-ins since the account was made.
    pub sign_ins_ever: i64,
    /// The number of live sign-ins.
    pub live_sign_ins: i64,
}

impl ReadSecurity {
    /// Reads them.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<SecurityFigures, Fault> {
        let live_sign_ins = core.storage.read()?.count_live_sign_ins(caller.user.id, core.clock.now())?;
        Ok(SecurityFigures { sign_ins_ever: caller.user.sign_in_count, live_sign_ins })
    }
}
