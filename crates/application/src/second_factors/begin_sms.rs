//! Begins the enrolment of a phone number as second factor. There is no row for a pending one: it is the live code, which is
//! bound to the number and to the sign-in.

use selfsame_domain::{Action, Identifier, IdentifierId, IdentifierKind, PhoneNumber, Purpose, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::Account,
    fault::faults,
    identifiers::send_code::{CodeRequested, outcome, own},
    sessions::principal::StepUpRequired,
};

/// Requests a code to a number. It has no effect until [`crate::second_factors::confirm_sms`].
#[derive(Clone, Debug)]
pub struct BeginSms {
    /// Which number of the account.
    pub phone: IdentifierId,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why no enrolment began.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeginSmsError {
    /// The operator allows no text message as second factor.
    #[error("text messages are no second factor here")]
    Off,
    /// Not a number of this account: one answer for those of others too (R62).
    #[error("no such number")]
    Unknown,
    /// The number is not proven.
    #[error("the number is not verified")]
    NotVerified,
    /// A number of a country to which no text messages are sent (R16).
    #[error("no text messages are sent to this country")]
    CountryNotAllowed,
    /// The primary e-mail address is not verified, so its owner could be locked out of the account (R38).
    #[error("the primary e-mail address is not verified")]
    UnverifiedEmail,
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

faults!(BeginSmsError: StorageError);

impl BeginSms {
    /// Sends a code; an earlier one becomes void (R12). While a budget is spent it sends nothing and says when another can be
    /// requested (R16).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<CodeRequested, BeginSmsError> {
        core.require_step_up(caller)?;
        if !core.policy.sms_second_factor || !core.policy.sends_sms {
            return Err(BeginSmsError::Off);
        }
        let number = own(&caller.user, self.phone, IdentifierKind::Phone).ok_or(BeginSmsError::Unknown)?;
        if !PhoneNumber::parse(&number.canonical).is_ok_and(|phone| core.policy.allows_sms_to(&phone)) {
            return Err(BeginSmsError::CountryNotAllowed);
        }
        if !number.is_verified() {
            return Err(BeginSmsError::NotVerified);
        }
        match core.spend(&core.budgets_of_text(&number.canonical, caller.user.id, &self.context)) {
            Err(Fault::Limited(wait)) => return Ok(outcome(core, false, wait)),
            spent => spent?,
        }
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let account = account.ok_or(BeginSmsError::Unauthenticated)?;
            core.require_step_up_to_change(caller, &account)?;
            if !account.primary_email().is_some_and(Identifier::is_verified) {
                return Err(BeginSmsError::UnverifiedEmail);
            }
            let number = own(&account, self.phone, IdentifierKind::Phone).ok_or(BeginSmsError::Unknown)?.clone();
            Ok(core.text_code_of_sign_in(
                work,
                caller,
                account,
                &number,
                Purpose::EnrolSecondFactor,
                Action::SmsFactorBegun,
            )?)
        })
    }
}
