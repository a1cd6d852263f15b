//! Proves one of the caller's addresses or numbers by the code that was sent to it.

use std::time::Duration;

use selfsame_domain::{Code, IdentifierId, IdentifierKind, Purpose, RequestContext, User};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    fault::faults,
    identifiers::{
        proofs::CodeRefusal,
        prove::{Evidence, rivals_of},
        send_code::own,
    },
};

/// Submits the code.
#[derive(Clone)]
pub struct ConfirmIdentifier {
    /// Which identifier.
    pub id: IdentifierId,
    /// Its kind.
    pub kind: IdentifierKind,
    /// As the user typed it.
    pub code: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the identifier was not proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmIdentifierError {
    /// Not an identifier of this account: one answer for those of others too (R62).
    #[error("no such identifier")]
    Unknown,
    /// It is proven already.
    #[error("verified already")]
    AlreadyVerified,
    /// Wrong, already used, or void since another was sent.
    #[error("wrong code")]
    InvalidCode,
    /// Expired.
    #[error("the code has expired")]
    ExpiredCode,
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

faults!(ConfirmIdentifierError: StorageError);

impl From<CodeRefusal> for ConfirmIdentifierError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Invalid | CodeRefusal::Used | CodeRefusal::NotAsked => Self::InvalidCode,
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl ConfirmIdentifier {
    /// Consumes the code and marks the identifier as proven. It becomes primary if the account has no primary one of its
    /// kind. Of parallel uses one succeeds (R12), and of accounts that prove one identifier at once, one has it (R3).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<User, ConfirmIdentifierError> {
        let claim = own(&caller.user, self.id, self.kind).ok_or(ConfirmIdentifierError::Unknown)?;
        if claim.is_verified() {
            return Err(ConfirmIdentifierError::AlreadyVerified);
        }
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let purpose = Purpose::verify(self.kind);
        let live = core.storage.read()?.challenges(caller.user.id, purpose)?;
        let asked = live.into_iter().find(|challenge| challenge.identifier_id == Some(self.id));
        let challenge = core.check_code(asked, &claim.canonical, purpose, Code::parse(&self.code).as_ref())??;
        core.unit(&self.context, |work| {
            let rivals = rivals_of(work, caller.user.id, self.kind, &challenge.target)?;
            let mut locked = core.lock_to_sign_in(work, caller.user.id, None, rivals)?;
            let account = locked.caller(work, caller)?.ok_or(ConfirmIdentifierError::Unauthenticated)?;
            let before = User::clone(account);
            let state = core.before_change(work, &before)?;
            let claim = own(account, self.id, self.kind).ok_or(ConfirmIdentifierError::Unknown)?.clone();
            let is_told = core.may_notify_of(account, self.kind);
            let evidence = Evidence::OwnClient(Some(&caller.principal));
            let is_proven = work.proofs().consume_challenge(challenge.id, core.clock.now())?
                && core.prove_identifier(work, &mut locked, caller.user.id, self.id, &evidence)?;
            if !is_proven {
                return Err(ConfirmIdentifierError::InvalidCode);
            }
            core.tell_of_proof(work, &before, &state, &claim, is_told)?;
            let account = locked.get(caller.user.id).ok_or(ConfirmIdentifierError::Unauthenticated)?;
            Ok(User::clone(account))
        })
    }
}
