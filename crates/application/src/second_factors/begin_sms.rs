//! Begins the enrolment of a phone number as second factor. There is no row for a pending one: it is the live code, which is
//! bound to the number and to the sign-in.

use selfsame_domain::{Action, Identifier, IdentifierId, IdentifierKind, PhoneNumber, Purpose, RequestContext, User};
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
        let number = may_begin(core, &caller.user, self.phone)?;
        match core.spend(&core.budgets_of_text(&number.canonical, caller.user.id, &self.context)) {
            Err(Fault::Limited(wait)) => return Ok(outcome(core, false, wait)),
            spent => spent?,
        }
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let account = account.ok_or(BeginSmsError::Unauthenticated)?;
            core.require_step_up_to_change(caller, &account)?;
            let number = may_begin(core, &account, self.phone)?.clone();
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

/// The number with this id, if it may become the second factor of an account.
fn may_begin<'a>(core: &Core, account: &'a User, phone: IdentifierId) -> Result<&'a Identifier, BeginSmsError> {
    require_offered(core)?;
    let number = own(account, phone, IdentifierKind::Phone).ok_or(BeginSmsError::Unknown)?;
    if !PhoneNumber::parse(&number.canonical).is_ok_and(|phone| core.policy.allows_sms_to(&phone)) {
        Err(BeginSmsError::CountryNotAllowed)
    } else if !number.is_verified() {
        Err(BeginSmsError::NotVerified)
    } else if !account.primary_email().is_some_and(Identifier::is_verified) {
        Err(BeginSmsError::UnverifiedEmail)
    } else {
        Ok(number)
    }
}

/// Whether any number may become the second factor of an account; otherwise why its first one may not.
pub(crate) fn may_begin_any(core: &Core, account: &User) -> Result<(), BeginSmsError> {
    require_offered(core)?;
    let numbers = account.identifiers_of(IdentifierKind::Phone);
    let mut each = numbers.map(|own| may_begin(core, account, own.id).map(drop));
    let first = each.next().unwrap_or(Err(BeginSmsError::Unknown));
    first.or_else(|refusal| if each.any(|may| may.is_ok()) { Ok(()) } else { Err(refusal) })
}

fn require_offered(core: &Core) -> Result<(), BeginSmsError> {
    if core.policy.sms_second_factor && core.policy.sends_sms { Ok(()) } else { Err(BeginSmsError::Off) }
}
