//! Enrols a phone number as second factor, by the code in the text message.

use std::time::Duration;

use selfsame_domain::{Action, Code, Factor, IdentifierKind, OpaqueToken, Purpose, RequestContext, User};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::{proofs::mask, send_code::own},
    undo::hold::Removed,
};

/// Submits the code.
#[derive(Clone)]
pub struct ConfirmSms {
    /// As the user typed it.
    pub code: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The number is enrolled.
#[derive(Clone, Debug)]
pub struct SmsConfirmed {
    /// The account.
    pub user: User,
    /// The browser's new cookie; the earlier one is invalid (R40).
    pub new_cookie: Option<OpaqueToken>,
}

/// Why the number was not enrolled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmSmsError {
    /// This sign-in began no enrolment, or its code has expired.
    #[error("no enrolment was begun")]
    NotBegun,
    /// The code is wrong, or was used already.
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

faults!(ConfirmSmsError: StorageError);

impl ConfirmSms {
    /// Enrols the number, in place of an earlier one. The code cannot be used again, the caller's sign-in counts as proven by
    /// it, and every verified address gets a notice (R25).
    ///
    /// It needs no recent proof of its own: the enrolment had one when it began, belongs to the same sign-in, and lasts only as
    /// long as the code (R33).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<SmsConfirmed, ConfirmSmsError> {
        let (user, now) = (caller.user.id, core.clock.now());
        let live = core.storage.read()?.challenges(user, Purpose::EnrolSecondFactor)?;
        let begun = live.into_iter().find(|challenge| {
            challenge.sign_in_id == Some(caller.principal.sign_in_id) && now < challenge.code_expires_at
        });
        let begun = begun.ok_or(ConfirmSmsError::NotBegun)?;
        let number = begun.identifier_id.ok_or(ConfirmSmsError::NotBegun)?;
        let code = Code::parse(&self.code).ok_or(ConfirmSmsError::InvalidCode)?;
        let budget = core.second_factor_budget(user, Factor::Sms);
        match core.spend(&budget) {
            Err(Fault::Limited(wait)) => return Err(ConfirmSmsError::TooManyTries(wait)),
            spent => spent?,
        }
        if !core.is_code_of(&begun, Purpose::EnrolSecondFactor, &code) {
            return Err(ConfirmSmsError::InvalidCode);
        }
        core.refund(&budget);
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ConfirmSmsError::Unauthenticated)?;
            let own = own(&account, number, IdentifierKind::Phone).filter(|own| own.is_verified());
            let masked = own.map(mask).ok_or(ConfirmSmsError::NotBegun)?;
            if let Some(replaced) = account.second_factor_phone() {
                let proven_at = replaced.verified_at;
                core.require_hold(work, &account, Removed::Added(proven_at))?;
            }
            let before = core.before_change(work, &account)?;
            if !work.proofs().consume_challenge(begun.id, now)? {
                return Err(ConfirmSmsError::InvalidCode);
            }
            account.enrol_phone(number, now);
            core.notify(work, &account, &Mail::SmsFactorAdded { masked }, &before)?;
            let event = Event::of_user(Action::SmsFactorEnrolled, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event);
            let new_cookie = core.raise_assurance(work, caller, Factor::Sms)?;
            account.save(work)?;
            Ok(SmsConfirmed { user: account.into_user(), new_cookie })
        })
    }
}
