//! A new password by a mailed proof, for who has forgotten the old one.

use selfsame_domain::{Action, Claim, Password, Purpose, RequestContext, User, Violation, Violations};
use selfsame_ports::{Mail, PasswordError, StorageError};

use crate::{
    Core, Fault,
    core::Event,
    fault::faults,
    identifiers::proofs::CodeRefusal,
    identifiers::prove::{end_what_a_password_guards, lock_usable},
};

/// Brings the proof and the new password.
#[derive(Clone)]
pub struct ResetPassword {
    /// The token of the mailed link, or of [`crate::password::exchange_reset_code`].
    pub token: String,
    /// The new password.
    pub new_password: Password,
    /// Who asks.
    pub context: RequestContext,
}

/// Why the password is what it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResetPasswordError {
    /// Wrong, used up, or void.
    #[error("the token is not valid")]
    InvalidToken,
    /// Too old.
    #[error("the token has expired")]
    ExpiredToken,
    /// The new password breaks rules; the token is still good.
    #[error(transparent)]
    Invalid(Violations),
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ResetPasswordError: StorageError, PasswordError);

impl From<CodeRefusal> for ResetPasswordError {
    fn from(refusal: CodeRefusal) -> Self {
        if refusal == CodeRefusal::Expired { Self::ExpiredToken } else { Self::InvalidToken }
    }
}

impl ResetPassword {
    /// Sets the password, ends every sign-in, other reset and address change (R21, R22), and lets the owner sign in again
    /// however often others guessed. Signs nobody in.
    pub fn execute(&self, core: &Core) -> Result<User, ResetPasswordError> {
        let budget = [core.limits.proof_per_ip.of_ip(&self.context)];
        core.spend(&budget)?;
        let challenge = core.live_link::<ResetPasswordError>(&self.token, Purpose::ResetPassword)??;
        let user = core.storage.read()?.user(challenge.user_id)?.ok_or(ResetPasswordError::InvalidToken)?;
        core.check_new_password(&user, &self.new_password).map_err(ResetPasswordError::Invalid)?;
        let hash = core.passwords.hash(&self.new_password).inspect_err(|_| core.refund(&budget))?;
        let user = core.unit(|unit| {
            let mut user = lock_usable(unit, challenge.user_id)?.ok_or(ResetPasswordError::InvalidToken)?;
            let now = core.clock.now();
            if !unit.challenges().consume(challenge.id, now)? {
                return Err(ResetPasswordError::InvalidToken);
            }
            user.password = Some(hash.clone());
            user.password_changed_at = Some(now);
            user.touch(now);
            unit.users().save(&user)?;
            end_what_a_password_guards(unit, user.id, None, now)?;
            core.record(unit, user.id, Event::anonymous(Action::PasswordReset, &self.context))?;
            core.notify(unit, &user, &Mail::PasswordChanged)?;
            Ok::<_, ResetPasswordError>(user)
        })?;
        core.forgive_password_budgets(&user, &self.context);
        Ok(user)
    }
}

impl Core {
    /// The rules of a new password of this account (R17, R18).
    pub(crate) fn check_new_password(&self, user: &User, password: &Password) -> Result<(), Violations> {
        let mut context = user.context_words();
        context.push(&self.policy.app_name);
        self.policy.passwords.check(password, &context).map_err(|rule| Violation::new(Claim::Password, rule).into())
    }
}
