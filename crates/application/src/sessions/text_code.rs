//! Sends the text message by which a user with a phone as second factor proves again who is there
//! ([`crate::sessions::prove_again`]).

use selfsame_domain::{Action, Factor, Purpose, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::Account,
    fault::faults,
    identifiers::send_code::{CodeRequested, outcome},
};

/// Requests the code.
#[derive(Clone, Debug)]
pub struct TextCode {
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why no code was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextCodeError {
    /// No number is enrolled as second factor, or the server sends no text messages.
    #[error("no number is enrolled as second factor")]
    NotEnrolled,
    /// The phone is the only factor of this sign-in, and the same channel never serves as both (R32).
    #[error("the phone is the only factor of the sign-in")]
    SameChannel,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(TextCodeError: StorageError);

impl TextCode {
    /// Sends it to the number that is enrolled; an earlier one becomes void (R12). It is good in this sign-in only. While a
    /// budget is spent it sends nothing and says when another can be requested (R16).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<CodeRequested, TextCodeError> {
        let number = caller.user.second_factor_phone().filter(|_| caller.user.has_sms() && core.policy.sends_sms);
        let number = number.ok_or(TextCodeError::NotEnrolled)?;
        if !caller.principal.assurance.methods.with(Factor::Sms).prove_second() {
            return Err(TextCodeError::SameChannel);
        }
        match core.spend(&core.budgets_of_text(&number.canonical, caller.user.id, &self.context)) {
            Err(Fault::Limited(wait)) => return Ok(outcome(core, false, wait)),
            spent => spent?,
        }
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let account = account.ok_or(TextCodeError::Unauthenticated)?;
            let number = account.second_factor_phone().ok_or(TextCodeError::NotEnrolled)?.clone();
            Ok(core.text_code_of_sign_in(
                work,
                caller,
                account,
                &number,
                Purpose::SecondFactor,
                Action::SecondFactorCodeSent,
            )?)
        })
    }
}
