//! Short ways to make test data: valid, complete, unlike all other data of the process, and as of [`t0`].
//!
//! Only an account has a builder, for it holds other things. Everything else is a function that gives a whole value; a
//! test says what it cares about by struct update: `SignIn { ended_at: Some(t0()), ..a_sign_in(&user) }`.

use std::sync::atomic::{AtomicI64, Ordering};

use selfsame_domain::{
    Action, Actor, Attempt, AttemptKind, Attributes, AuditEvent, Challenge, Difference, EmailAddress, Identifier,
    IdentifierKind, Instant, OpaqueToken, PasswordHash, PhoneNumber, Purpose, RefreshToken, RequestContext, Session,
    SignIn, SignUpForm, Step, TokenHash, User, UserId, Username, id::Id,
};
use selfsame_ports::{Channel, OutboxMessage, Storage};
use serde_json::{Value, json};

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
    UserBuilder(User::new(fresh_id(), t0()))
}

/// An account under construction.
#[derive(Clone, Debug)]
pub struct UserBuilder(User);

impl UserBuilder {
    /// Adds an unproven e-mail address; the first one is primary.
    #[must_use]
    pub fn with_email(mut self, address: &str) -> Self {
        let is_primary = self.0.primary_email().is_none();
        let email = EmailAddress::parse(address).unwrap();
        let identifier = Identifier::email(fresh_id(), &email, is_primary, t0());
        self.0.identifiers.push(identifier);
        self
    }

    /// Adds an unproven phone number; the first one is primary.
    #[must_use]
    pub fn with_phone(mut self, number: &str) -> Self {
        let is_primary = self.0.primary_phone().is_none();
        let phone = PhoneNumber::parse(number).unwrap();
        let identifier = Identifier::phone(fresh_id(), &phone, is_primary, t0());
        self.0.identifiers.push(identifier);
        self
    }

    /// The address or number that was added last is proven.
    #[must_use]
    pub fn verified(mut self) -> Self {
        let last = self.0.identifiers.last_mut();
        last.expect("an identifier to verify").verified_at = Some(t0_plus(60));
        self
    }

    /// Sets the handle.
    #[must_use]
    pub fn with_username(mut self, typed: &str) -> Self {
        self.0.preferred_username = Some(Username::parse(typed).unwrap());
        self
    }

    /// Sets given and family name.
    #[must_use]
    pub fn named(mut self, given: &str, family: &str) -> Self {
        self.0.given_name = Some(given.to_owned());
        self.0.family_name = Some(family.to_owned());
        self
    }

    /// Sets the stored hash of the password.
    #[must_use]
    pub fn with_password(mut self, hash: PasswordHash) -> Self {
        self.0.password = Some(hash);
        self.0.password_changed_at = Some(t0());
        self
    }

    /// Sets the free-form attributes from a JSON object.
    #[must_use]
    pub fn with_attributes(mut self, object: Value) -> Self {
        let Value::Object(map) = object else { panic!("attributes are a JSON object") };
        self.0.attributes = Attributes(map);
        self
    }

    /// The account is disabled.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.0.disabled_at = Some(t0());
        self
    }

    /// The account.
    pub fn build(self) -> User {
        self.0
    }

    /// The account, stored in a unit of its own.
    pub fn stored_in(self, storage: &dyn Storage) -> User {
        let mut unit = storage.begin().unwrap();
        unit.users().insert(&self.0).unwrap();
        unit.commit().unwrap();
        self.0
    }
}

/// A browser session that nobody is signed in to.
pub fn a_session() -> Session {
    Session {
        id: fresh_id(),
        active_sign_in: None,
        created_at: t0(),
        last_seen_at: t0(),
        expires_at: t0() + chrono::Duration::days(30),
    }
}

/// A live sign-in by tokens; set `session_id` for one in a browser.
pub fn a_sign_in(user: &User) -> SignIn {
    SignIn {
        id: fresh_id(),
        session_id: None,
        user_id: user.id,
        created_at: t0(),
        last_active_at: t0(),
        expires_at: t0() + chrono::Duration::days(30),
        ended_at: None,
        ip: Some("192.0.2.7".to_owned()),
        user_agent: Some("Mozilla/5.0 (test)".to_owned()),
    }
}

/// A sign-up of an account, held by a temporary token; it lasts an hour.
pub fn an_attempt(user: &User) -> Attempt {
    Attempt {
        id: fresh_id(),
        kind: AttemptKind::SignUp,
        session_id: None,
        token_hash: Some(a_token_hash()),
        user_id: user.id,
        email: "ada@example.com".to_owned(),
        method: None,
        form: SignUpForm::default(),
        step: Some(Step::VerifyEmail),
        sign_in_id: None,
        completed_at: None,
        created_at: t0(),
        expires_at: t0() + chrono::Duration::hours(1),
    }
}

/// A live challenge with code and link, sent to the account's primary address.
pub fn a_challenge(user: &User, purpose: Purpose) -> Challenge {
    let email = user.primary_email();
    Challenge {
        id: fresh_id(),
        purpose,
        user_id: user.id,
        identifier_id: email.map(|email| email.id),
        address: email.map_or_else(|| "ada@example.com".to_owned(), |email| email.canonical.clone()),
        attempt_id: None,
        code_mac: Some([7; 32]),
        code_expires_at: t0() + chrono::Duration::minutes(10),
        link_hash: Some(a_token_hash()),
        link_expires_at: t0() + chrono::Duration::hours(24),
        tries: 0,
        created_at: t0(),
    }
}

/// An unused refresh token.
pub fn a_refresh_token(sign_in: &SignIn) -> RefreshToken {
    RefreshToken {
        id: fresh_id(),
        sign_in_id: sign_in.id,
        token_hash: a_token_hash(),
        created_at: t0(),
        expires_at: t0() + chrono::Duration::days(7),
        rotated_at: None,
    }
}

/// An event of an account, by itself, with one difference.
pub fn an_event(subject: UserId, action: Action) -> AuditEvent {
    AuditEvent {
        id: fresh_id(),
        subject,
        actor: Actor::User(subject),
        action,
        occurred_at: t0(),
        ip: Some("192.0.2.7".to_owned()),
        sign_in_id: None,
        request_id: "req-test".to_owned(),
        differences: vec![Difference { claim: "name".to_owned(), old: Value::Null, new: json!("Ada Lovelace") }],
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

/// The one identifier of a kind that the test put into the account.
pub fn the_identifier(user: &User, kind: IdentifierKind) -> &Identifier {
    let mut all = user.identifiers_of(kind);
    let first = all.next().expect("an identifier of this kind");
    assert!(all.next().is_none(), "more than one identifier of this kind");
    first
}
