//! The check of the current password of a caller.

use selfsame_domain::{Password, RequestContext};
use selfsame_ports::{Credentials, PasswordError, StorageError, Verdict};

use crate::{
    Core, Fault, Principal,
    fault::faults,
    limits::{PasswordTry, email_name},
};

/// Why the current password was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CurrentPasswordError {
    /// It is wrong, or the account has none.
    #[error("wrong password")]
    Wrong,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(CurrentPasswordError: StorageError, PasswordError);

impl Core {
    /// Compares with the password in `credentials`, those of the caller's account, within the budgets of a sign-in (R20).
    pub(crate) fn check_current_password(
        &self,
        principal: &Principal,
        credentials: &Credentials,
        current: &Password,
        context: &RequestContext,
    ) -> Result<(), CurrentPasswordError> {
        let Credentials { user, password } = credentials;
        let hash = password.as_ref().ok_or(CurrentPasswordError::Wrong)?;
        let name = user
            .primary_email()
            .filter(|email| email.is_verified())
            .map_or_else(|| format!("user:{}", user.id), |email| email_name(&email.canonical));
        let device = principal.browser.map(|browser| browser.session);
        let tried = PasswordTry { name: &name, owner: Some(user.id), device };
        let budgets = self.password_budgets(Some(&tried), context);
        self.spend(budgets.all())?;
        let verdict = self.passwords.verify(current, Some(hash)).inspect_err(|_| self.refund(budgets.all()))?;
        if verdict == Verdict::Wrong {
            return Err(CurrentPasswordError::Wrong);
        }
        self.restore(budgets.of_account());
        Ok(())
    }
}
