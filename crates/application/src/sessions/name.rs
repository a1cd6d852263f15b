//! Gives a sign-in of the caller's account a name, by which the user knows it.

use selfsame_domain::{Action, Claim, RequestContext, SignInId, Violation, Violations, text};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Asks for a name of a sign-in, or to remove it.
#[derive(Clone, Debug)]
pub struct NameSignIn {
    /// Which.
    pub id: SignInId,
    /// The name as typed; none removes it.
    pub name: Option<String>,
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why it was not named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameSignInError {
    /// Not a sign-in of this account, or not any more: one answer for both (R62).
    #[error("no such sign-in")]
    UnknownSignIn,
    /// The name breaks rules.
    #[error(transparent)]
    Invalid(Violations),
    /// The caller's own sign-in has ended meanwhile.
    #[error("not signed in")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(NameSignInError: StorageError);

impl NameSignIn {
    /// Names it, within the account's write budgets.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), NameSignInError> {
        let name = self.name.as_deref().map(text::label).transpose();
        let name = name.map_err(|rule| NameSignInError::Invalid(Violation::new(Claim::SignInName, rule).into()))?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(NameSignInError::Unauthenticated)?;
            if !work.sessions().name_sign_in(account.id, self.id, name.clone())? {
                return Err(NameSignInError::UnknownSignIn);
            }
            let event = Event::of_user(Action::SignInNamed, account.id, self.id);
            core.record_within_budget(work, &mut account, event)?;
            Ok(account.save(work)?)
        })
    }
}
