//! Sends the proof of one of the caller's addresses or numbers, again if it was sent before.

use std::time::Duration;

use selfsame_domain::{
    Action, FieldRight, Identifier, IdentifierId, IdentifierKind, Instant, PhoneNumber, Purpose, RequestContext, User,
    UserId,
};
use selfsame_ports::{Mail, Sms, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    identifiers::proofs::{NewProof, mask},
    limits::Budget,
};

/// Life of the notice to the owner of an address.
const NOTICE: chrono::Duration = chrono::Duration::days(1);

/// Requests the proof.
#[derive(Clone, Debug)]
pub struct SendCode {
    /// Which identifier.
    pub id: IdentifierId,
    /// Its kind.
    pub kind: IdentifierKind,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// What came of the request. The client does not learn more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRequested {
    /// Whether a code was enqueued now. If not, one was a short time ago, or a budget is spent.
    pub is_sent: bool,
    /// The time until another code can be requested.
    pub next_in: Duration,
    /// The same as an instant.
    pub next_at: Instant,
}

/// Why the request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendCodeError {
    /// Not an identifier of this account: one answer for those of others too (R62).
    #[error("no such identifier")]
    Unknown,
    /// It is proven already.
    #[error("verified already")]
    AlreadyVerified,
    /// The operator has no gateway for text messages.
    #[error("this server sends no text messages")]
    NoSms,
    /// A phone number of a country to which no text messages are sent (R16).
    #[error("no text messages are sent to this country")]
    CountryNotAllowed,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SendCodeError: StorageError);

impl SendCode {
    /// Enqueues a new code, for an address with a link; earlier ones become void (R12). Within the pause after an earlier
    /// one, or while a budget is spent, it enqueues nothing and says when another can be requested.
    ///
    /// If the identifier belongs to another account, its owner is told in place of the code. The result and the work are
    /// the same (R1).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<CodeRequested, SendCodeError> {
        let own = own(&caller.user, self.id, self.kind).ok_or(SendCodeError::Unknown)?;
        may_send(core, own)?;
        let pause = pause(core, own, &caller.user)?;
        if !pause.is_zero() {
            return Ok(outcome(core, false, pause));
        }
        match core.spend(&self.budgets(core, own, &caller.user)) {
            Err(Fault::Limited(wait)) => return Ok(outcome(core, false, wait)),
            spent => spent?,
        }
        let owner = core.storage.read()?.by_identifier(self.kind, &own.canonical)?.map(|found| found.user);
        let owner = owner.filter(|owner| owner.id != caller.user.id && has_proven(owner, own));
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(SendCodeError::Unauthenticated)?;
            let own = self::own(&account, self.id, self.kind).ok_or(SendCodeError::Unknown)?.clone();
            core.prove_by_code(work, &account, &own, owner.as_ref())?;
            let action = match self.kind {
                IdentifierKind::Email => Action::EmailVerificationRequested,
                IdentifierKind::Phone => Action::PhoneVerificationRequested,
            };
            let event = Event::of_user(action, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok(outcome(core, true, pause_between(core, self.kind)))
        })
    }

    fn budgets(&self, core: &Core, own: &Identifier, user: &User) -> Vec<Budget> {
        let limits = &core.limits;
        match self.kind {
            IdentifierKind::Email => vec![
                limits.mail_per_ip.of_ip(&self.context),
                limits.mail_per_address.of(user.id),
                limits.mail_per_address.of(&own.canonical),
            ],
            IdentifierKind::Phone => core.budgets_of_text(&own.canonical, user.id, &self.context),
        }
    }
}

/// One of the account's own identifiers of a kind.
pub(crate) fn own(user: &User, id: IdentifierId, kind: IdentifierKind) -> Option<&Identifier> {
    user.identifier(id).filter(|own| own.kind == kind)
}

impl Core {
    /// The budgets of a text message to a number of a user who is known (R16).
    pub(crate) fn budgets_of_text(&self, number: &str, user: UserId, context: &RequestContext) -> Vec<Budget> {
        let asked_for = self.budgets_of_text_request(number, context);
        asked_for.into_iter().chain(self.budgets_of_text_sent(user)).collect()
    }

    /// The budgets of a request for a text message: the same whether or not the number has an account (R1, R16).
    pub(crate) fn budgets_of_text_request(&self, number: &str, context: &RequestContext) -> [Budget; 4] {
        let limits = &self.limits;
        [
            limits.sms_pause_per_number.of(number),
            limits.sms_per_number.of(number),
            limits.sms_per_number_and_day.of(number),
            limits.sms_per_ip.of_ip(context),
        ]
    }

    /// Texts a code to a number of the caller, good in the caller's sign-in only; earlier ones become void (R12). Writes the
    /// account.
    pub(crate) fn text_code_of_sign_in(
        &self,
        work: &mut Work<'_>,
        caller: &Caller,
        mut account: Account,
        number: &Identifier,
        purpose: Purpose,
        action: Action,
    ) -> Result<CodeRequested, Fault> {
        let new = NewProof {
            purpose,
            user_id: account.id,
            identifier_id: Some(number.id),
            target: &number.canonical,
            address: &number.value,
            attempt_id: None,
            sign_in_id: Some(caller.principal.sign_in_id),
            code_ttl: self.policy.sms_code_ttl,
            link_ttl: None,
            is_sent: true,
        };
        self.text_proof(work, &account, &new)?;
        let event = Event::of_user(action, account.id, caller.principal.sign_in_id);
        self.record_within_budget(work, &mut account, event)?;
        account.save(work)?;
        Ok(outcome(self, true, self.limits.sms_pause_per_number.every))
    }

    /// The budgets of a text message that is sent.
    pub(crate) fn budgets_of_text_sent(&self, user: UserId) -> [Budget; 2] {
        [self.limits.sms_per_user.of_user(user), self.limits.sms_per_server.of("all")]
    }
}

/// Whether an identifier of the caller can be proven.
pub(crate) fn may_send(core: &Core, own: &Identifier) -> Result<(), SendCodeError> {
    if core.policy.fields.of_kind(own.kind) == FieldRight::Off {
        return Err(SendCodeError::Unknown);
    }
    if own.is_verified() {
        return Err(SendCodeError::AlreadyVerified);
    }
    match own.kind {
        IdentifierKind::Email => Ok(()),
        IdentifierKind::Phone => check_sms(core, own),
    }
}

/// Whether text messages can be sent to a number.
fn check_sms(core: &Core, own: &Identifier) -> Result<(), SendCodeError> {
    if !core.policy.sends_sms {
        return Err(SendCodeError::NoSms);
    }
    let is_allowed = PhoneNumber::parse(&own.canonical).is_ok_and(|phone| core.policy.allows_sms_to(&phone));
    if is_allowed { Ok(()) } else { Err(SendCodeError::CountryNotAllowed) }
}

fn has_proven(owner: &User, claim: &Identifier) -> bool {
    owner.identifiers_of(claim.kind).any(|own| own.canonical == claim.canonical && own.is_verified())
}

/// The pause between two codes.
fn pause_between(core: &Core, kind: IdentifierKind) -> Duration {
    match kind {
        IdentifierKind::Email => core.limits.mail_per_attempt.every,
        IdentifierKind::Phone => core.limits.sms_pause_per_number.every,
    }
}

/// The time that is left of the pause after the live code.
fn pause(core: &Core, own: &Identifier, user: &User) -> Result<Duration, StorageError> {
    if !core.limits.enabled {
        return Ok(Duration::ZERO);
    }
    let live = core.storage.read()?.challenges(user.id, Purpose::verify(own.kind))?;
    let last = live.into_iter().find(|challenge| challenge.target == own.canonical);
    let since = last.map(|last| (core.clock.now() - last.created_at).to_std().unwrap_or_default());
    Ok(since.map_or(Duration::ZERO, |since| pause_between(core, own.kind).saturating_sub(since)))
}

pub(crate) fn outcome(core: &Core, is_sent: bool, next_in: Duration) -> CodeRequested {
    let next_in = if core.limits.enabled { next_in } else { Duration::ZERO };
    CodeRequested { is_sent, next_in, next_at: core.clock.now() + next_in }
}

impl Core {
    /// Makes a proof of an identifier of an account that is locked, and sends it; or tells the owner, another account, in
    /// its place. Either is one message.
    fn prove_by_code(
        &self,
        work: &mut Work<'_>,
        account: &User,
        own: &Identifier,
        owner: Option<&User>,
    ) -> Result<(), Fault> {
        if own.kind == IdentifierKind::Email {
            self.prove_address(work, account, own, None, owner.is_none(), None)?;
        } else {
            let new = NewProof {
                purpose: Purpose::VerifyPhone,
                user_id: account.id,
                identifier_id: Some(own.id),
                target: &own.canonical,
                address: &own.value,
                attempt_id: None,
                sign_in_id: None,
                code_ttl: self.policy.sms_code_ttl,
                link_ttl: None,
                is_sent: owner.is_none(),
            };
            let proof = self.issue_proof(work, &new)?;
            if owner.is_none() {
                let code = proof.code.expose().to_owned();
                let sms = Sms::VerifyPhone { code, minutes: self.policy.sms_code_ttl.num_minutes() };
                self.post_sms(work, account, &own.value, sms, proof.expires_at)?;
            }
        }
        let Some(owner) = owner else { return Ok(()) };
        // To the address itself, as its owner wrote it (R4); of a number to the owner's primary address.
        let same = owner.identifiers_of(IdentifierKind::Email).find(|other| other.canonical == own.canonical);
        let Some(to) = same.or_else(|| owner.primary_email()) else { return Ok(()) };
        self.post(work, owner, to, Mail::ContactClaimed { masked: mask(own) }, self.clock.now() + NOTICE)
    }
}
