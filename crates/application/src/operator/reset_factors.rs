//! Removes the second factors of a user who lost them.

use selfsame_domain::{Action, Factor, UserId};
use selfsame_ports::Mail;

use super::users::ManageUserError;
use crate::Core;

/// Removes the second factors of an account, for a user who lost every one of them. The operator knows that it is the user who
/// asks.
#[derive(Clone, Copy, Debug)]
pub struct ResetFactors {
    /// The account.
    pub user: UserId,
    /// Whether its passkeys too.
    pub passkeys: bool,
}

/// What ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorsReset {
    /// How many passkeys were removed.
    pub passkeys: usize,
    /// How many sign-ins ended.
    pub sign_ins: usize,
}

impl ResetFactors {
    /// Removes the authenticator app, the phone number as second factor, the backup codes and the remembered devices, and with
    /// `passkeys` the passkeys. The number stays a number of the account. Ends every sign-in and attempts in progress, and tells
    /// the account's addresses (R25). The policy of the user stays: it takes effect again with the next factor.
    pub fn execute(&self, core: &Core) -> Result<FactorsReset, ManageUserError> {
        let now = core.clock.now();
        let (_, reset) = core.change_as_operator(self.user, Action::FactorsReset, |work, account| {
            let before = core.before_change(work, account)?;
            work.second_factors().remove_totp(account.id)?;
            work.second_factors().set_backup_codes(account.id, &[])?;
            work.devices().remove_all(account.id)?;
            account.unenrol(Factor::Totp, now);
            account.unenrol_phone(now);
            account.backup_codes_left = 0;
            let mut passkeys = 0;
            if self.passkeys {
                passkeys = work.passkeys().remove_all(account.id)?;
                account.unenrol(Factor::Passkey, now);
            }
            let sign_ins = work.sessions().end_sign_ins_of(account.id, None, now)?;
            core.notify(work, account, &Mail::FactorsReset { passkeys: self.passkeys }, &before)?;
            Ok(FactorsReset { passkeys, sign_ins })
        })?;
        Ok(reset)
    }
}
