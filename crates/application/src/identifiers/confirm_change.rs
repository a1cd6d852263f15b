//! The code from the new address: it becomes the primary one.

use selfsame_domain::{
    Action, Code, EmailAddress, Identifier, IdentifierChange, IdentifierKind, Purpose, RequestContext, User, profile,
};
use selfsame_ports::{Mail, StorageError, UnitOfWork};

use crate::{
    Caller, Core, Fault,
    core::Event,
    fault::faults,
    identifiers::proofs::{CodeRefusal, mask_email},
    identifiers::prove::{Prover, lock_usable},
};

/// Brings the code.
#[derive(Clone)]
pub struct ConfirmEmailChange {
    /// The address that was asked for, as typed.
    pub new_email: String,
    /// As typed.
    pub code: String,
    /// Who asks.
    pub context: RequestContext,
}

/// The change is in force.
#[derive(Clone, Debug)]
pub struct EmailChanged {
    /// The primary address before.
    pub old_email: Option<String>,
    /// The primary address now.
    pub new_email: String,
    /// The account as it is now.
    pub user: User,
}

/// Why the address is what it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmEmailChangeError {
    /// Nothing was asked for, or another address was.
    #[error("no such request")]
    UnknownRequest,
    /// Wrong or used up.
    #[error("wrong code")]
    InvalidCode,
    /// Too old.
    #[error("the code has expired")]
    ExpiredCode,
    /// The code was tried too often; ask for another.
    #[error("too many tries")]
    TooManyTries,
    /// Somebody else has proven the address in the meantime.
    #[error("the address is taken")]
    Taken,
    /// The sign-in ended in the meantime.
    #[error("not signed in any more")]
    Unauthenticated,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ConfirmEmailChangeError: StorageError);

impl From<CodeRefusal> for ConfirmEmailChangeError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::NotAsked => Self::UnknownRequest,
            CodeRefusal::Invalid => Self::InvalidCode,
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::TooManyTries => Self::TooManyTries,
        }
    }
}

impl ConfirmEmailChange {
    /// Uses the code up. The new address is added, proven and primary; the old one stays as a further address and is told.
    /// A reset mailed to the old address is void (R24).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<EmailChanged, ConfirmEmailChangeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let email = EmailAddress::parse(&self.new_email).map_err(|_| ConfirmEmailChangeError::UnknownRequest)?;
        let pending = |unit: &mut dyn UnitOfWork| {
            Ok(unit
                .challenges()
                .live(caller.user.id, Purpose::ChangeEmail)?
                .filter(|challenge| email.is_same(&challenge.address)))
        };
        let challenge = core.check_code::<ConfirmEmailChangeError>(pending, Code::parse(&self.code).as_ref())??;
        // What was proven is the address that the code went to, however it is spelt now (R4).
        let email = EmailAddress::parse(&challenge.address).map_err(|_| ConfirmEmailChangeError::UnknownRequest)?;
        core.unit(|unit| {
            let before = lock_usable(unit, caller.user.id)?.ok_or(ConfirmEmailChangeError::Unauthenticated)?;
            let now = core.clock.now();
            if !unit.challenges().consume(challenge.id, now)? {
                return Err(ConfirmEmailChangeError::InvalidCode);
            }
            unit.challenges().void(before.id, Purpose::ResetPassword, now)?;
            let (mut user, id) = with_address(core, unit, &before, &email)?;
            if !core.prove_identifier(unit, &mut user, id, &Prover::bound(Some(caller), &self.context))? {
                return Err(ConfirmEmailChangeError::Taken);
            }
            let changes = profile::make_primary(&mut user, id, IdentifierKind::Email);
            unit.users().change_identifiers(user.id, &changes)?;
            user.touch(now);
            unit.users().save(&user)?;
            let event = Event::of_user(Action::EmailChanged, user.id, caller.sign_in.id, &self.context);
            core.record(unit, user.id, event.with(profile::differences(&before, &user)))?;
            core.notify(unit, &before, &Mail::EmailChanged { masked_email: mask_email(email.address()) })?;
            let old_email = before.primary_email().map(|old| old.value.clone());
            Ok(EmailChanged { old_email, new_email: email.address().to_owned(), user })
        })
    }
}

/// The account with the address among its own, proven or not.
fn with_address(
    core: &Core,
    unit: &mut dyn UnitOfWork,
    user: &User,
    email: &EmailAddress,
) -> Result<(User, selfsame_domain::IdentifierId), StorageError> {
    let mut user = user.clone();
    if let Some(own) = user.identifiers.iter().find(|own| own.canonical == email.canonical()) {
        let id = own.id;
        return Ok((user, id));
    }
    let identifier = Identifier::email(core.id(), email, false, core.clock.now());
    unit.users().change_identifiers(user.id, &[IdentifierChange::Insert(identifier.clone())])?;
    let id = identifier.id;
    user.identifiers.push(identifier);
    Ok((user, id))
}
