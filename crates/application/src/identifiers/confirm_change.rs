//! Confirms a change of e-mail address by the code that was mailed to the new one, which becomes primary.

use std::time::Duration;

use selfsame_domain::{
    Action, Code, EmailAddress, Identifier, IdentifierId, IdentifierKind, Purpose, RequestContext, User, profile,
};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Caller, Core, Fault,
    account::Event,
    fault::faults,
    identifiers::{
        proofs::{CodeRefusal, mask_email},
        prove::{Evidence, rivals, void_resets},
    },
};

/// Submits the code.
#[derive(Clone)]
pub struct ConfirmEmailChange {
    /// The requested address, as typed.
    pub new_email: String,
    /// As the user typed it.
    pub code: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The change was made.
#[derive(Clone, Debug)]
pub struct EmailChanged {
    /// The primary address before.
    pub old_email: Option<String>,
    /// The primary address now.
    pub new_email: String,
    /// The account as it is now.
    pub user: User,
}

/// Why the address was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmEmailChangeError {
    /// No change to this address was requested.
    #[error("no such request")]
    UnknownRequest,
    /// Wrong or already used.
    #[error("wrong code")]
    InvalidCode,
    /// Expired.
    #[error("the code has expired")]
    ExpiredCode,
    /// Too many wrong codes were tried; the time until one more may be tried.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// Another account has proven the address in the meantime.
    #[error("the address is taken")]
    Taken,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ConfirmEmailChangeError: StorageError);

impl From<CodeRefusal> for ConfirmEmailChangeError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::NotAsked => Self::UnknownRequest,
            CodeRefusal::Invalid | CodeRefusal::Used => Self::InvalidCode,
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl ConfirmEmailChange {
    /// Consumes the code. The new address is added as the proven, primary one; the old one stays as a further address
    /// and is notified. A reset that was mailed to the old address becomes void (R24).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<EmailChanged, ConfirmEmailChangeError> {
        let principal = &caller.principal;
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let typed = EmailAddress::parse(&self.new_email).map_err(|_| ConfirmEmailChangeError::UnknownRequest)?;
        let live = core.storage.read()?.challenges(principal.user_id, Purpose::ChangeEmail)?;
        let asked = live.into_iter().find(|challenge| challenge.target == typed.canonical());
        let code = Code::parse(&self.code);
        let challenge = core.check_code(asked, typed.canonical(), Purpose::ChangeEmail, code.as_ref())??;
        // The code proves the address that it was sent to, not the spelling in this request (R4).
        let email = EmailAddress::parse(&challenge.address).map_err(|_| ConfirmEmailChangeError::UnknownRequest)?;
        core.unit(&self.context, |work| {
            let rivals = rivals(work, challenge.user_id, &challenge.target)?;
            let mut locked = core.lock_to_sign_in(work, principal.user_id, None, rivals)?;
            let account = locked.caller(work, caller)?.ok_or(ConfirmEmailChangeError::Unauthenticated)?;
            let before = User::clone(account);
            let state = core.before_change(work, &before)?;
            // A change ends with the sign-in that requested it (R9).
            let began_in = challenge.sign_in_id.filter(|sign_in| *sign_in != principal.sign_in_id);
            if let Some(sign_in) = began_in
                && !work.sessions().is_live(before.id, sign_in)?
            {
                return Err(ConfirmEmailChangeError::UnknownRequest);
            }
            let id = add_address(core, account, &email);
            let now = core.clock.now();
            if !work.proofs().consume_challenge(challenge.id, now)? {
                return Err(ConfirmEmailChangeError::InvalidCode);
            }
            void_resets(work, before.id, now)?;
            let evidence = Evidence::OwnClient(Some(principal));
            if !core.prove_identifier(work, &mut locked, before.id, id, &evidence)? {
                return Err(ConfirmEmailChangeError::Taken);
            }
            let account = locked.get(before.id).ok_or(ConfirmEmailChangeError::Unauthenticated)?;
            profile::make_primary(account, id, IdentifierKind::Email);
            account.touch(now);
            let event = Event::of_user(Action::EmailChanged, before.id, principal.sign_in_id);
            let changes = profile::differences(&before, account);
            core.record(work, account, event.with(changes));
            account.save(work)?;
            let user = User::clone(account);
            let notice = Mail::EmailChanged { masked_email: mask_email(email.address()) };
            core.notify(work, &before, &notice, &state)?;
            let old_email = before.primary_email().map(|old| old.value.clone());
            Ok(EmailChanged { old_email, new_email: email.address().to_owned(), user })
        })
    }
}

/// The address among the account's own, proven or not.
fn add_address(core: &Core, user: &mut User, email: &EmailAddress) -> IdentifierId {
    let is_same = |own: &&Identifier| own.kind == IdentifierKind::Email && own.canonical == email.canonical();
    if let Some(own) = user.identifiers.iter().find(is_same) {
        return own.id;
    }
    let identifier = Identifier::email(core.id(), email, false, core.clock.now());
    let id = identifier.id;
    user.identifiers.push(identifier);
    id
}
