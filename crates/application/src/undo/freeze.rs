//! Frozen accounts: the one check, and the end of the freeze.

use selfsame_domain::{Action, User};

use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
};

/// An error for a frozen account. It is asked for once the caller has proven who they are, so nobody else learns of the freeze.
pub(crate) fn require_unfrozen(account: &User) -> Result<(), Fault> {
    if account.is_frozen() { Err(Fault::Frozen) } else { Ok(()) }
}

impl Core {
    /// Ends the freeze of a locked account that is still to be saved, and records that. Without one it does nothing.
    pub(crate) fn unfreeze(&self, work: &Work<'_>, account: &mut Account, event: fn(Action) -> Event) {
        if account.frozen_at.take().is_some() {
            account.touch(self.clock.now());
            self.record(work, account, event(Action::AccountUnfrozen));
        }
    }
}
