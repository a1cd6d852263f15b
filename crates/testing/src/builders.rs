//! Short ways to make test data: valid, complete, unlike all other data of the process, and as of [`t0`].
//!
//! Only an account has a builder, for it holds other things. Everything else is a function that gives a whole value; a
//! test says what it cares about by struct update: `SignIn { ended_at: Some(t0()), ..a_sign_in(&user) }`.
//!
//! [`append_event`] writes to the audit trail as a use case does, under the key of [`test_mac`].

mod audit;
mod user;

use std::sync::atomic::{AtomicI64, Ordering};

use selfsame_domain::{
    Assurance, Attempt, AttemptKind, Challenge, CredentialId, Device, Export, ExportState, ExternalIdentity,
    ExternalIdentityId, Factor, Factors, IdempotencyKey, Identifier, Instant, OpaqueToken, Passkey, PasskeyId,
    PendingTotp, Purpose, RefreshChain, Session, SignIn, SignUpForm, Ticket, TicketKind, TokenHash, UndoPoint, User,
    id::Id,
};
use selfsame_ports::{Channel, OutboxMessage, WebhookEvent};

pub use self::{
    audit::{an_event, append_event, test_mac},
    user::{UserBuilder, a_user, the_identifier},
};

/// The instant at which test data is made. It has milliseconds, so that whoever loses them is found out.
pub fn t0() -> Instant {
    "2026-03-14T15:09:26.535Z".parse().unwrap()
}

/// `t0` and so many seconds; before `t0` if negative.
pub fn t0_plus(seconds: i64) -> Instant {
    t0() + chrono::Duration::seconds(seconds)
}

/// An id that this process has not used; later ones are greater.
pub fn fresh_id<I: Id>() -> I {
    static NEXT: AtomicI64 = AtomicI64::new(1 << 40);
    I::from_number(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A token that this process has not used. Its bytes tell nothing; its number is in them.
pub fn a_token() -> OpaqueToken {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let mut bytes = [0xA5; 32];
    bytes[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    OpaqueToken::from_bytes(&bytes)
}

/// The hash of [`a_token`].
pub fn a_token_hash() -> TokenHash {
    a_token().hash()
}

/// A browser session that nobody is signed in to.
pub fn a_session() -> Session {
    Session { id: fresh_id(), created_at: t0(), last_seen_at: t0(), expires_at: t0() + chrono::Duration::days(30) }
}

/// A live sign-in by password that has no refresh tokens; set `session_id`, and `activated_at` if it is to be the active
/// one, for a sign-in in a browser.
pub fn a_sign_in(user: &User) -> SignIn {
    SignIn {
        id: fresh_id(),
        session_id: None,
        user_id: user.id,
        created_at: t0(),
        assurance: Assurance { authenticated_at: t0(), methods: Factors::of([Factor::Password]) },
        activated_at: None,
        refresh: None,
        last_active_at: t0(),
        expires_at: t0() + chrono::Duration::days(30),
        ended_at: None,
        ip: Some("192.0.2.7".to_owned()),
        user_agent: Some("Mozilla/5.0 (test)".to_owned()),
        name: None,
        client: None,
    }
}

/// A remembered device of an account, in force for thirty days.
pub fn a_device(user: &User) -> Device {
    Device {
        id: fresh_id(),
        user_id: user.id,
        credential_epoch: user.credential_epoch,
        name: None,
        ip: Some("192.0.2.7".to_owned()),
        user_agent: Some("Mozilla/5.0 (test)".to_owned()),
        created_at: t0(),
        activated_at: Some(t0()),
        last_used_at: t0(),
        expires_at: t0() + chrono::Duration::days(30),
    }
}

/// An identity of another issuer that stands for an account and was not used yet.
pub fn an_external_identity(user: &User) -> ExternalIdentity {
    let id: ExternalIdentityId = fresh_id();
    ExternalIdentity {
        id,
        issuer: "https://id.example.com".to_owned(),
        subject: id.to_string(),
        user_id: Some(user.id),
        sign_in_id: None,
        tokens_not_before: None,
        created_at: t0(),
    }
}

/// An export that no worker has begun; it is given up after a day.
pub fn an_export(user: &User) -> Export {
    Export {
        id: fresh_id(),
        user_id: user.id,
        state: ExportState::Pending,
        progress: 0,
        archive: None,
        requested_at: t0(),
        finished_at: None,
        expires_at: t0() + chrono::Duration::days(1),
    }
}

/// A chain whose first token was just handed out.
pub fn a_refresh_chain() -> RefreshChain {
    RefreshChain { hash: a_token_hash(), generation: 0, rotated_at: t0() }
}

/// A sign-up of an account that waits for a proof of the address, held by a temporary token; it lasts an hour.
pub fn an_attempt(user: &User) -> Attempt {
    Attempt {
        id: fresh_id(),
        kind: AttemptKind::SignUp,
        session_id: None,
        token_hash: Some(a_token_hash()),
        user_id: Some(user.id),
        credential_epoch: user.credential_epoch,
        email: Some("ada@example.com".to_owned()),
        phone_number: None,
        method: None,
        form: SignUpForm::default(),
        required: Factors::of([Factor::Email]),
        satisfied: Factors::default(),
        sealed: None,
        sign_in_id: None,
        completed_at: None,
        created_at: t0(),
        expires_at: t0() + chrono::Duration::hours(1),
    }
}

/// A live challenge with code and link, sent to the account's primary address.
pub fn a_challenge(user: &User, purpose: Purpose) -> Challenge {
    let email = user.primary_email();
    let address = |form: fn(&Identifier) -> &String| {
        email.map_or_else(|| "ada@example.com".to_owned(), |email| form(email).clone())
    };
    Challenge {
        id: fresh_id(),
        purpose,
        user_id: user.id,
        identifier_id: email.map(|email| email.id),
        target: address(|email| &email.canonical),
        address: address(|email| &email.value),
        attempt_id: None,
        sign_in_id: None,
        code_mac: Some([7; 32]),
        code_expires_at: t0() + chrono::Duration::minutes(10),
        link_hash: Some(a_token_hash()),
        link_expires_at: t0() + chrono::Duration::hours(24),
        created_at: t0(),
    }
}

/// An unused ticket of an account that lasts a quarter of an hour.
pub fn a_ticket(user: &User) -> Ticket {
    Ticket {
        hash: a_token_hash(),
        kind: TicketKind::SetPassword,
        user_id: Some(user.id),
        bound_to: None,
        sealed: None,
        created_at: t0(),
        expires_at: t0() + chrono::Duration::minutes(15),
    }
}

/// A point to which an account can be brought back for three days.
pub fn an_undo_point(user: &User) -> UndoPoint {
    UndoPoint {
        user_id: user.id,
        sequence: 7,
        sealed: a_token_hash().0.to_vec(),
        created_at: t0(),
        expires_at: t0() + chrono::Duration::days(3),
    }
}

/// The pending authenticator app of an account, begun in a sign-in of it.
pub fn a_pending_totp(user: &User) -> PendingTotp {
    PendingTotp { user_id: user.id, sign_in_id: fresh_id(), sealed: a_token_hash().0.to_vec(), created_at: t0() }
}

/// A passkey that was never used, with a credential id of its own and a key that no adapter reads.
pub fn a_passkey(user: &User) -> Passkey {
    let id: PasskeyId = fresh_id();
    let credential_id = [&[0xC5; 24][..], &id.number().to_be_bytes()].concat();
    Passkey {
        id,
        user_id: user.id,
        credential_id: CredentialId::from_bytes(credential_id).unwrap(),
        public_key: "key".to_owned(),
        name: "My phone".to_owned(),
        transports: vec!["internal".to_owned(), "hybrid".to_owned()],
        sign_count: 0,
        is_backup_eligible: true,
        is_backed_up: false,
        created_at: t0(),
        last_used_at: None,
        use_count: 0,
    }
}

/// An idempotency key that a request has just used.
pub fn an_idempotency_key() -> IdempotencyKey {
    let [mut fingerprint, mut claim] = [a_token_hash().0, a_token_hash().0];
    fingerprint.reverse();
    claim.reverse();
    IdempotencyKey {
        hash: a_token_hash().0,
        fingerprint,
        claim: claim[..16].try_into().unwrap_or_default(),
        applied_at: None,
        response: None,
        created_at: t0(),
        leased_until: t0() + chrono::Duration::minutes(1),
        expires_at: t0() + chrono::Duration::hours(24),
    }
}

/// A mail that was just enqueued and is of use for a day.
pub fn a_message() -> OutboxMessage {
    OutboxMessage {
        id: fresh_id(),
        channel: Channel::Mail,
        locale: None,
        sealed: b"sealed".to_vec(),
        created_at: t0(),
        expires_at: t0() + chrono::Duration::days(1),
        attempts: 0,
    }
}

/// An event about an account of its own.
pub fn a_webhook_event() -> WebhookEvent {
    WebhookEvent { id: fresh_id(), user_id: fresh_id(), sealed: b"sealed".to_vec() }
}
