//! Resets a forgotten password by a mailed proof.

use selfsame_domain::{
    Action, Challenge, Claim, OpaqueToken, Password, Purpose, RequestContext, Rule, Ticket, TicketKind, User, UserId,
    Violation, Violations,
};
use selfsame_ports::{Mail, PasswordError, StorageError};

use crate::{
    Core, Fault,
    account::Event,
    core::Work,
    fault::faults,
    identifiers::{
        proofs::CodeRefusal,
        prove::{end_sign_ins_and_resets, rivals},
    },
    password::rules::keep_password,
};

/// Submits the proof and the new password.
#[derive(Clone)]
pub struct ResetPassword {
    /// The token of the mailed link, or the ticket of [`crate::password::exchange_reset_code`] or
    /// [`crate::identifiers::verify`].
    pub token: String,
    /// The new password.
    pub new_password: Password,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the password was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResetPasswordError {
    /// Wrong, already used, or void.
    #[error("the token is not valid")]
    InvalidToken,
    /// The mailed link was used already.
    #[error("the token was used already")]
    UsedToken,
    /// Expired.
    #[error("the token has expired")]
    ExpiredToken,
    /// The new password breaks rules. The token is still valid.
    #[error(transparent)]
    Invalid(Violations),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ResetPasswordError: StorageError, PasswordError);

impl From<CodeRefusal> for ResetPasswordError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Expired => Self::ExpiredToken,
            CodeRefusal::Used => Self::UsedToken,
            CodeRefusal::Invalid | CodeRefusal::NotAsked | CodeRefusal::TooManyTries(_) => Self::InvalidToken,
        }
    }
}

/// The proof that allows to set the password.
enum Grant {
    Link(Challenge),
    Ticket(Ticket),
}

impl Grant {
    /// Consumes it. `false` if another request was first, or if the credentials have changed since it was made.
    fn consume(&self, core: &Core, work: &mut Work<'_>, account: &User) -> Result<bool, StorageError> {
        let now = core.clock.now();
        match self {
            Self::Link(challenge) => work.proofs().consume_challenge(challenge.id, now),
            Self::Ticket(ticket) => {
                let is_for_these = ticket.bound_to == Some(account.credential_epoch.to_string());
                Ok(is_for_these && work.proofs().consume_ticket(&ticket.hash, ticket.kind, now)?.is_some())
            }
        }
    }
}

impl ResetPassword {
    /// Proves the address if it was only claimed, sets the password, ends every sign-in, other resets and address changes (R21,
    /// R22), unfreezes the account, and makes its password budgets full, so that the owner can sign in. Signs nobody in.
    pub fn execute(&self, core: &Core) -> Result<User, ResetPasswordError> {
        let budget = [core.limits.proof_per_ip.of_ip(&self.context)];
        core.spend(&budget)?;
        let (user_id, grant) = self.grant(core)?;
        let credentials = core.storage.read()?.credentials(user_id)?.ok_or(ResetPasswordError::InvalidToken)?;
        let user = credentials.user.clone();
        core.check_new_password(&user, &self.new_password).map_err(ResetPasswordError::Invalid)?;
        if core.was_used_before(&credentials, &self.new_password).inspect_err(|_| core.refund(&budget))? {
            return Err(ResetPasswordError::Invalid(Violation::new(Claim::Password, Rule::UsedBefore).into()));
        }
        // A full queue costs no try (R82).
        let hash = core.passwords.hash(&self.new_password).inspect_err(|_| core.refund(&budget))?;
        let user = core.unit(&self.context, |work| {
            let rivals = match &grant {
                Grant::Link(reset) if !user.is_verified() => rivals(work, user_id, &reset.target)?,
                Grant::Link(_) | Grant::Ticket(_) => Vec::new(),
            };
            let mut locked = core.lock_to_sign_in(work, user_id, None, rivals)?;
            let account = locked.enabled(user_id).ok_or(ResetPasswordError::InvalidToken)?;
            let before = core.before_change(work, account)?;
            let is_granted = grant.consume(core, work, account)?
                && match &grant {
                    Grant::Link(reset) => core.prove_by_reset(work, &mut locked, reset)?,
                    Grant::Ticket(_) => true,
                };
            if !is_granted {
                return Err(ResetPasswordError::InvalidToken);
            }
            let account = locked.enabled(user_id).ok_or(ResetPasswordError::InvalidToken)?;
            let now = core.clock.now();
            keep_password(work, account)?;
            account.change_password(true, now);
            work.accounts().set_password(user_id, &hash)?;
            end_sign_ins_and_resets(work, user_id, None, now)?;
            core.notify(work, account, &Mail::PasswordChanged, &before)?;
            core.record(work, account, Event::anonymous(Action::PasswordReset));
            core.unfreeze(work, account, Event::anonymous);
            let user = User::clone(account);
            locked.save(work)?;
            Ok::<_, ResetPasswordError>(user)
        })?;
        core.restore_password_budgets(&user, &self.context);
        Ok(user)
    }

    fn grant(&self, core: &Core) -> Result<(UserId, Grant), ResetPasswordError> {
        let token = OpaqueToken::parse(&self.token).ok_or(ResetPasswordError::InvalidToken)?;
        let user = token.user().ok_or(ResetPasswordError::InvalidToken)?;
        let ticket = core.storage.read()?.ticket(&token.hash(), TicketKind::SetPassword)?;
        let Some(ticket) = ticket.filter(|ticket| ticket.user_id == Some(user)) else {
            let challenge = core.live_link(&self.token, Purpose::ResetPassword)??;
            return Ok((challenge.user_id, Grant::Link(challenge)));
        };
        if core.clock.now() < ticket.expires_at {
            Ok((user, Grant::Ticket(ticket)))
        } else {
            Err(ResetPasswordError::ExpiredToken)
        }
    }
}
