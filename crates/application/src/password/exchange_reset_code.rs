//! Exchanges a reset code for a ticket that sets the password, for contracts that take the code and the new password in
//! two steps.

use std::time::Duration;

use selfsame_domain::{
    Code, EmailAddress, OpaqueToken, Purpose, RequestContext, Ticket, TicketKind, User, UserId, id::Id as _,
};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    core::Work,
    fault::faults,
    identifiers::{proofs::CodeRefusal, prove::rivals},
};

/// Submits the code.
#[derive(Clone)]
pub struct ExchangeResetCode {
    /// The address that it was mailed to, as typed.
    pub email: String,
    /// As the user typed it.
    pub code: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why there is no ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeResetCodeError {
    /// Wrong, already used, or never sent: the same result for an unknown address, after the same work.
    #[error("wrong code")]
    InvalidCode,
    /// Expired.
    #[error("the code has expired")]
    ExpiredCode,
    /// Too many wrong codes were tried; the time until one more may be tried. The link of the mail is still valid.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ExchangeResetCodeError: StorageError);

impl From<CodeRefusal> for ExchangeResetCodeError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::Invalid | CodeRefusal::Used | CodeRefusal::NotAsked => Self::InvalidCode,
            CodeRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl ExchangeResetCode {
    /// Consumes the code. The ticket lives as long as a code and allows one reset.
    pub fn execute(&self, core: &Core) -> Result<OpaqueToken, ExchangeResetCodeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let email = EmailAddress::parse(&self.email).map_err(|_| ExchangeResetCodeError::InvalidCode)?;
        // No account has the id 0: an address without an account is refused by the same statements.
        let owner = core.resettable(&email)?;
        let (owner, is_proven) = owner.map_or((UserId::from_number(0), true), |owner| (owner.id, owner.is_verified()));
        let live = core.storage.read()?.challenges(owner, Purpose::ResetPassword)?;
        let asked = live.into_iter().find(|challenge| challenge.target == email.canonical());
        let code = Code::parse(&self.code);
        let challenge = core.check_code(asked, email.canonical(), Purpose::ResetPassword, code.as_ref())??;
        core.unit(&self.context, |work| {
            let rivals = if is_proven { Vec::new() } else { rivals(work, owner, &challenge.target)? };
            let mut locked = core.lock_to_sign_in(work, owner, None, rivals)?;
            locked.enabled(owner).ok_or(ExchangeResetCodeError::InvalidCode)?;
            let is_granted = work.proofs().consume_challenge(challenge.id, core.clock.now())?
                && core.prove_by_reset(work, &mut locked, &challenge)?;
            if !is_granted {
                return Err(ExchangeResetCodeError::InvalidCode);
            }
            locked.save(work)?;
            let account = locked.enabled(owner).ok_or(ExchangeResetCodeError::InvalidCode)?;
            Ok(core.issue_set_password(work, account)?)
        })
    }
}

impl Core {
    /// A ticket that sets the password of an account once. It is bound to the account's credential epoch.
    pub(crate) fn issue_set_password(&self, work: &mut Work<'_>, user: &User) -> Result<OpaqueToken, StorageError> {
        let now = self.clock.now();
        let token = self.token_of(user.id);
        work.proofs().insert_ticket(&Ticket {
            hash: token.hash(),
            kind: TicketKind::SetPassword,
            user_id: Some(user.id),
            bound_to: Some(user.credential_epoch.to_string()),
            sealed: None,
            created_at: now,
            expires_at: now + self.policy.code_ttl,
        })?;
        Ok(token)
    }
}
