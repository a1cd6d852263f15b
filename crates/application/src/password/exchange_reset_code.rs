//! A reset code becomes a ticket to set the password, for contracts that ask for the code and the new password on two
//! screens.

use selfsame_domain::{
    Code, EmailAddress, OpaqueToken, Purpose, RequestContext, Ticket, TicketKind, User, UserId, id::Id as _,
};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault, account::Account, core::Work, fault::faults, identifiers::proofs::CodeRefusal,
    sign_up::start::owner_of,
};

/// Brings the code.
#[derive(Clone)]
pub struct ExchangeResetCode {
    /// The address it was mailed to, as typed.
    pub email: String,
    /// As typed.
    pub code: String,
    /// Who asks.
    pub context: RequestContext,
}

/// Why there is no ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeResetCodeError {
    /// Wrong, used up, or never sent: an unknown address says the same, after the same work.
    #[error("wrong code")]
    InvalidCode,
    /// Too old.
    #[error("the code has expired")]
    ExpiredCode,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ExchangeResetCodeError: StorageError);

impl From<CodeRefusal> for ExchangeResetCodeError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::Invalid | CodeRefusal::NotAsked | CodeRefusal::TooManyTries => Self::InvalidCode,
        }
    }
}

impl ExchangeResetCode {
    /// Uses the code up; the ticket lives as long as a code and is good for one reset.
    pub fn execute(&self, core: &Core) -> Result<OpaqueToken, ExchangeResetCodeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let email = EmailAddress::parse(&self.email).map_err(|_| ExchangeResetCodeError::InvalidCode)?;
        // Nobody has the id 0: an address without an account takes the same statements to refuse.
        let owner = owner_of(core, &email)?.map_or(UserId::from_number(0), |owner| owner.id);
        let live = core.storage.read()?.challenges(owner, Purpose::ResetPassword)?;
        let asked = live.into_iter().find(|challenge| challenge.target == email.canonical());
        let code = Code::parse(&self.code);
        let challenge = core.check_code(asked, email.canonical(), Purpose::ResetPassword, code.as_ref())??;
        core.unit(&self.context, |work| {
            let account = Account::lock_usable(work, owner)?.ok_or(ExchangeResetCodeError::InvalidCode)?;
            if !work.proofs().consume_challenge(challenge.id, core.clock.now())? {
                return Err(ExchangeResetCodeError::InvalidCode);
            }
            Ok(core.issue_set_password(work, &account)?)
        })
    }
}

impl Core {
    /// A ticket to set the password of an account, once. It is bound to the account's credentials as they are.
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
