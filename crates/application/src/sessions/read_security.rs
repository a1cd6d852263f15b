//! Figures about the caller's account that are counted, not stored.

use selfsame_domain::Action;

use crate::{Caller, Core, Fault};

/// Asks for the figures.
#[derive(Clone, Copy, Debug)]
pub struct ReadSecurity;

/// The figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityFigures {
    /// Sign-ins ever, by the audit trail.
    pub sign_ins_ever: i64,
    /// Sign-ins that are live now.
    pub live_sign_ins: i64,
}

impl ReadSecurity {
    /// Counts them.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<SecurityFigures, Fault> {
        let mut queries = core.storage.read()?;
        Ok(SecurityFigures {
            sign_ins_ever: queries.count_events(caller.user.id, Action::SignedIn)?,
            live_sign_ins: queries.count_live_sign_ins(caller.user.id, core.clock.now())?,
        })
    }
}
