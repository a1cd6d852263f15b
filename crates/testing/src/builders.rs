//! Short ways to make test data: valid, complete, unlike all other data of the process, and as of [`t0`].
//!
//! Only an account has a builder, for it holds other things. Everything else is a function that gives a whole value; a
//! test says what it cares about by struct update: `SignIn { ended_at: Some(t0()), ..a_sign_in(&user) }`.
//!
//! [`append_event`] writes to the audit trail as a use case does, under the key of [`test_mac`].

use std::sync::atomic::{AtomicI64, Ordering};

use selfsame_domain::{
    Action, Actor, Assurance, Attempt, AttemptKind, Attributes, AuditEvent, AuditRecord, Challenge, Difference,
    EmailAddress, Factor, Factors, Identifier, IdentifierKind, Instant, OpaqueToken, PasswordHash, PhoneNumber,
    Purpose, RefreshChain, RequestContext, Session, SignIn, SignUpForm, Ticket, TicketKind, TokenHash, User, UserId,
    Username, audit::Details, id::Id,
};
use selfsame_ports::{OutboxMessage, Storage, StorageError, UnitOfWork};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

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

/// A caller, as use cases want it.
pub fn a_context() -> RequestContext {
    RequestContext {
        ip: Some("192.0.2.7".parse().unwrap()),
        user_agent: Some("Mozilla/5.0 (test)".to_owned()),
        request_id: "req-test".to_owned(),
    }
}

/// An account without anything but an id; add what the test is about.
pub fn a_user() -> UserBuilder {
    UserBuilder { user: User::new(fresh_id(), t0()), password: None, attributes: None }
}

/// An account under construction, with its password and its attributes.
#[derive(Clone, Debug)]
pub struct UserBuilder {
    user: User,
    password: Option<PasswordHash>,
    attributes: Option<Attributes>,
}

impl UserBuilder {
    /// Adds an unproven e-mail address; the first one is primary.
    #[must_use]
    pub fn with_email(mut self, address: &str) -> Self {
        let is_primary = self.user.primary_email().is_none();
        let email = EmailAddress::parse(address).unwrap();
        let identifier = Identifier::email(fresh_id(), &email, is_primary, t0());
        self.user.identifiers.push(identifier);
        self
    }

    /// Adds an unproven phone number; the first one is primary.
    #[must_use]
    pub fn with_phone(mut self, number: &str) -> Self {
        let is_primary = self.user.primary_phone().is_none();
        let phone = PhoneNumber::parse(number).unwrap();
        let identifier = Identifier::phone(fresh_id(), &phone, is_primary, t0());
        self.user.identifiers.push(identifier);
        self
    }

    /// The address or number that was added last is proven.
    #[must_use]
    pub fn verified(mut self) -> Self {
        let last = self.user.identifiers.last_mut();
        last.expect("an identifier to verify").verified_at = Some(t0_plus(60));
        self
    }

    /// Sets the handle.
    #[must_use]
    pub fn with_username(mut self, typed: &str) -> Self {
        self.user.preferred_username = Some(Username::parse(typed).unwrap());
        self
    }

    /// Sets given and family name.
    #[must_use]
    pub fn named(mut self, given: &str, family: &str) -> Self {
        self.user.given_name = Some(given.to_owned());
        self.user.family_name = Some(family.to_owned());
        self
    }

    /// Sets the stored hash of the password.
    #[must_use]
    pub fn with_password(mut self, hash: PasswordHash) -> Self {
        self.password = Some(hash);
        self.user.password_changed_at = Some(t0());
        self
    }

    /// Sets the free-form attributes from a JSON object.
    #[must_use]
    pub fn with_attributes(mut self, object: Value) -> Self {
        let Value::Object(map) = object else { panic!("attributes are a JSON object") };
        self.attributes = Some(Attributes(map));
        self
    }

    /// The account is disabled.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.user.disabled_at = Some(t0());
        self
    }

    /// The account alone, without its password and its attributes.
    pub fn build(self) -> User {
        self.user
    }

    /// Adds the account to a unit, its password and its attributes too.
    pub fn insert_into(self, unit: &mut dyn UnitOfWork) -> Result<User, StorageError> {
        unit.accounts().insert(&self.user)?;
        if let Some(hash) = &self.password {
            unit.accounts().set_password(self.user.id, Some(hash))?;
        }
        if let Some(attributes) = &self.attributes {
            unit.accounts().save_attributes(self.user.id, attributes)?;
        }
        Ok(self.user)
    }

    /// The account, stored in a unit of its own, its password and its attributes too.
    pub fn stored_in(self, storage: &dyn Storage) -> User {
        let mut unit = storage.begin().unwrap();
        let user = self.insert_into(&mut *unit).unwrap();
        unit.commit().unwrap();
        user
    }
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

/// An event of an account, by itself, with one difference.
pub fn an_event(subject: UserId, action: Action) -> AuditEvent {
    let difference = Difference { pointer: "/name".to_owned(), old: Value::Null, new: json!("Ada Lovelace") };
    AuditEvent {
        subject,
        actor: Actor::User(subject),
        action,
        occurred_at: t0(),
        sign_in_id: None,
        request_id: "req-test".to_owned(),
        details: Details { ip: Some("192.0.2.7".to_owned()), changes: vec![difference] },
    }
}

/// The MAC of the tests' audit trails: its key is known, and context and data cannot run into each other.
pub fn test_mac(context: &str, data: &[u8]) -> [u8; 32] {
    let key = Sha256::new().chain_update(b"test audit key");
    key.chain_update((context.len() as u64).to_be_bytes()).chain_update(context).chain_update(data).finalize().into()
}

/// Appends an event to its account's chain as a use case does: locks the account, chains the record under [`test_mac`],
/// appends it, and saves that the chain ends with it.
///
/// # Panics
/// If there is no such account.
pub fn append_event(unit: &mut dyn UnitOfWork, event: &AuditEvent) -> Result<AuditRecord, StorageError> {
    let before = unit.accounts().lock(event.subject)?.expect("the account of the event is there");
    let record = AuditRecord::chained(&before.audit_head, event, &test_mac);
    unit.audit().append(&record)?;
    let after = User { audit_head: record.head(), ..before.clone() };
    unit.accounts().save(&before, &after)?;
    Ok(record)
}

/// A message that was just enqueued and is of use for a day.
pub fn a_message() -> OutboxMessage {
    OutboxMessage {
        id: fresh_id(),
        sealed: b"sealed".to_vec(),
        created_at: t0(),
        expires_at: t0() + chrono::Duration::days(1),
        attempts: 0,
    }
}

/// The one identifier of a kind that the test put into the account.
pub fn the_identifier(user: &User, kind: IdentifierKind) -> &Identifier {
    let mut all = user.identifiers_of(kind);
    let first = all.next().expect("an identifier of this kind");
    assert!(all.next().is_none(), "more than one identifier of this kind");
    first
}
