//! Confirms an authenticator app by its codes (R28).

use std::time::Duration;

use selfsame_domain::{Action, Code, Factor, OpaqueToken, RequestContext, User, totp::is_totp_code};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    second_factors::backup_codes::BackupCodes,
    undo::hold::Removed,
};

/// Submits codes of the app.
#[derive(Clone)]
pub struct ConfirmTotp {
    /// The codes.
    pub codes: TotpCodes,
    /// Makes as many backup codes too, unless there are some already.
    pub backup_codes: usize,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The codes, as the user typed them.
#[derive(Clone)]
pub enum TotpCodes {
    /// One.
    One(String),
    /// Two consecutive ones, the earlier first.
    Two(String, String),
}

/// The app is enrolled.
#[derive(Clone, Debug)]
pub struct TotpConfirmed {
    /// The account.
    pub user: User,
    /// The backup codes, which are shown once; none if there were some already or none were asked for.
    pub backup_codes: BackupCodes,
    /// The browser's new cookie; the earlier one is invalid (R40).
    pub new_cookie: Option<OpaqueToken>,
}

/// Why the app was not enrolled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmTotpError {
    /// This sign-in began no enrolment, or too long ago.
    #[error("no enrolment was begun")]
    NotBegun,
    /// A code is wrong, or two are not consecutive.
    #[error("wrong code")]
    InvalidCode,
    /// Too many wrong codes were tried; the time until one more may be tried.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ConfirmTotpError: StorageError);

impl ConfirmTotp {
    /// Enrols the app, in place of an earlier one. The code cannot be used again (R28), the caller's sign-in counts as proven by
    /// it, and every verified address gets a notice (R25). Other sign-ins stay, below the level of sensitive operations.
    ///
    /// It needs no recent proof of its own: the enrolment had one when it began, belongs to the same sign-in, and lasts only as
    /// long as such a proof (R33).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<TotpConfirmed, ConfirmTotpError> {
        let (user, now) = (caller.user.id, core.clock.now());
        let pending = core.storage.read()?.pending_totp(user)?.filter(|pending| {
            let is_in_time = (now - pending.created_at).abs() < core.policy.step_up;
            is_in_time && pending.sign_in_id == caller.principal.sign_in_id
        });
        let pending = pending.ok_or(ConfirmTotpError::NotBegun)?;
        let codes = self.codes.parse().ok_or(ConfirmTotpError::InvalidCode)?;
        let budget = core.second_factor_budget(user, Factor::Totp);
        match core.spend(&budget) {
            Err(Fault::Limited(wait)) => return Err(ConfirmTotpError::TooManyTries(wait)),
            spent => spent?,
        }
        let secret = core.open_totp(user, &pending.sealed).inspect_err(|_| core.refund(&budget))?;
        let step = match &codes {
            ParsedCodes::One(code) => secret.step_of(code, now, i64::MIN),
            ParsedCodes::Two(first, second) => secret.step_of_pair(first, second, now),
        };
        let step = step.ok_or(ConfirmTotpError::InvalidCode)?;
        core.refund(&budget);
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ConfirmTotpError::Unauthenticated)?;
            if account.has_totp() {
                core.require_hold(work, &account, Removed::Totp)?;
            }
            let before = core.before_change(work, &account)?;
            if !work.second_factors().confirm_totp(&pending, step, now)? {
                return Err(ConfirmTotpError::NotBegun);
            }
            account.enrol(Factor::Totp, now);
            core.notify(work, &account, &Mail::AuthenticatorAdded, &before)?;
            let event = Event::of_user(Action::TotpEnrolled, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event);
            let backup_codes = if account.has_backup_codes() {
                BackupCodes::default()
            } else {
                core.make_backup_codes(work, &mut account, self.backup_codes, caller.principal.sign_in_id)?
            };
            let new_cookie = core.raise_assurance(work, caller, Factor::Totp)?;
            account.save(work)?;
            Ok(TotpConfirmed { user: account.into_user(), backup_codes, new_cookie })
        })
    }
}

enum ParsedCodes {
    One(Code),
    Two(Code, Code),
}

impl TotpCodes {
    fn parse(&self) -> Option<ParsedCodes> {
        let code = |typed: &str| Code::parse(typed).filter(is_totp_code);
        match self {
            Self::One(typed) => code(typed).map(ParsedCodes::One),
            Self::Two(first, second) => code(first).zip(code(second)).map(|(one, two)| ParsedCodes::Two(one, two)),
        }
    }
}
