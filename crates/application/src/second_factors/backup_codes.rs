//! Makes backup codes (R30).

use std::{fmt, time::Duration};

use selfsame_domain::{Action, RequestContext, SignInId, User};
use selfsame_ports::{Mail, StorageError};
use zeroize::Zeroizing;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    second_factors::check::{SecondFactorRefusal, TextFor},
    sessions::principal::StepUpRequired,
};

/// Requests a new set of backup codes. The earlier ones become void.
#[derive(Clone)]
pub struct MakeBackupCodes {
    /// How many.
    pub count: usize,
    /// A code of a second factor, as typed, which takes the place of a recent proof.
    pub code: Option<String>,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Backup codes, which are shown once. `Debug` is masked.
#[derive(Clone, Default)]
pub struct BackupCodes(Vec<Zeroizing<String>>);

impl BackupCodes {
    /// The codes, for their owner.
    pub fn expose(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|code| code.as_str())
    }
}

impl fmt::Debug for BackupCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BackupCodes({})", self.0.len())
    }
}

/// Why none were made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakeBackupCodesError {
    /// No second factor is enrolled, whose place they could take.
    #[error("no second factor is enrolled")]
    NotEnrolled,
    /// The code that came with the request is wrong or was used already.
    #[error("wrong code")]
    InvalidCode,
    /// Too many wrong codes were tried; the time until one more may be tried.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// The caller must prove who they are again (R33).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(MakeBackupCodesError: StorageError);

impl From<SecondFactorRefusal> for MakeBackupCodesError {
    fn from(refusal: SecondFactorRefusal) -> Self {
        match refusal {
            SecondFactorRefusal::Invalid => Self::InvalidCode,
            SecondFactorRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl MakeBackupCodes {
    /// Makes them. Every verified address gets a notice (R25).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<BackupCodes, MakeBackupCodesError> {
        may_make(&caller.user)?;
        let Some(code) = &self.code else {
            core.require_step_up(caller)?;
            core.spend(&[core.limits.backup_codes_per_user.of_user(caller.user.id)])?;
            return core.unit(&self.context, |work| {
                let mut account = usable(work, caller)?;
                core.require_step_up_to_change(caller, &account)?;
                self.make(core, work, &mut account, caller)
            });
        };
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let made = core.try_second_factor(&caller.user, code, TextFor::Nothing, |proven| {
            core.spend(&[core.limits.backup_codes_per_user.of_user(caller.user.id)])?;
            core.unit(&self.context, |work| {
                let mut account = usable(work, caller)?;
                if !proven.consume(core, work, &mut account, Some(caller.principal.sign_in_id))? {
                    return Ok(None);
                }
                self.make(core, work, &mut account, caller).map(Some)
            })
        })?;
        Ok(made?)
    }

    fn make(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        account: &mut Account,
        caller: &Caller,
    ) -> Result<BackupCodes, MakeBackupCodesError> {
        let codes = core.make_backup_codes(work, account, self.count, caller.principal.sign_in_id)?;
        account.touch(core.clock.now());
        account.save(work)?;
        Ok(codes)
    }
}

/// The caller's account, locked, with a second factor.
fn usable(work: &mut Work<'_>, caller: &Caller) -> Result<Account, MakeBackupCodesError> {
    let account = Account::lock_caller(work, caller)?.ok_or(MakeBackupCodesError::Unauthenticated)?;
    may_make(&account)?;
    Ok(account)
}

/// Whether an account may have backup codes.
pub(crate) fn may_make(account: &User) -> Result<(), MakeBackupCodesError> {
    if account.has_second_factor() { Ok(()) } else { Err(MakeBackupCodesError::NotEnrolled) }
}

impl Core {
    /// Replaces the backup codes of a locked account, which is still to be saved. Makes none and changes nothing for a `count`
    /// of 0.
    pub(crate) fn make_backup_codes(
        &self,
        work: &mut Work<'_>,
        account: &mut Account,
        count: usize,
        sign_in: SignInId,
    ) -> Result<BackupCodes, Fault> {
        if count == 0 {
            return Ok(BackupCodes::default());
        }
        let before = self.before_change(work, account)?;
        let codes: Vec<_> = (0..count).map(|_| self.new_backup_code()).collect();
        let macs: Vec<_> = codes.iter().map(|code| self.backup_code_mac(account.id, code)).collect();
        work.second_factors().set_backup_codes(account.id, &macs)?;
        account.backup_codes_left = i64::try_from(count).unwrap_or(i64::MAX);
        self.notify(work, account, &Mail::BackupCodesMade, &before)?;
        let event = Event::of_user(Action::BackupCodesMade, account.id, sign_in);
        self.record(work, account, event);
        Ok(BackupCodes(codes.iter().map(selfsame_domain::BackupCode::to_text).collect()))
    }
}
