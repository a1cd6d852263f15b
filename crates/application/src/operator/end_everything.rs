//! Ends every sign-in of every account, with all that could start one.

use selfsame_domain::{Action, Purpose, TicketKind, UserId};

use super::{ListUsers, users::ManageUserError};
use crate::Core;

/// Accounts of one step.
const PORTION: u16 = 200;

/// One step: the accounts after one, by ascending id. After the restore of a backup what had ended, or was used, since it
/// was made works again until this was done for all.
#[derive(Clone, Copy, Debug)]
pub struct EndEverything {
    /// The last account of the step before; none for the first step.
    pub after: Option<UserId>,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedStep {
    /// Accounts.
    pub users: usize,
    /// Their sign-ins that ended.
    pub sign_ins: usize,
    /// The value of [`EndEverything::after`] for the next step; none if this was the last one.
    pub next: Option<UserId>,
}

impl EndEverything {
    /// Ends sign-ins with their cookies, access and refresh tokens, attempts in progress, mailed links and codes, and
    /// tickets. Each account is a unit of its own, with a record in its audit trail.
    pub fn execute(&self, core: &Core) -> Result<EndedStep, ManageUserError> {
        let page = ListUsers { after: self.after, limit: PORTION }.execute(core)?;
        let (mut users, mut sign_ins) = (0, 0);
        for user in &page.users {
            let ended = core.change_as_operator(user.id, Action::SignInsRevoked, |work, account| {
                let now = core.clock.now();
                account.credential_epoch += 1;
                for purpose in Purpose::ALL {
                    work.proofs().void_challenges(account.id, purpose, now)?;
                }
                for kind in TicketKind::ALL {
                    work.proofs().void_tickets(account.id, *kind, now)?;
                }
                Ok(work.sessions().end_sign_ins_of(account.id, None, now)?)
            });
            match ended {
                Ok((_, ended)) => {
                    users += 1;
                    sign_ins += ended;
                }
                // Removed since the page was read.
                Err(ManageUserError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(EndedStep { users, sign_ins, next: page.next })
    }
}
