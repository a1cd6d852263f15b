//! The core: the ports and the policy of all use cases, and the steps that most of them share.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{OpaqueToken, RequestContext, UserId, id::Id};
use selfsame_ports::{
    AccessTokens, Blobs, BreachedPasswords, Clock, ForeignTokens, Mailbox, PasswordHasher, Pictures, Places,
    RateLimits, Storage, StorageError, UnitOfWork, Vault, WebAuthn,
};
use serde_json::Value;

use crate::{
    AttributesSchema, Fault, Limits, Policy, mail::signal::OutboxSignal, password::breaches::Breaches,
    webhooks::announce::Announced,
};

/// The ports of the use cases. A clone has the same ports.
#[derive(Clone)]
pub struct Ports {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// Budgets, in the same database.
    pub rate_limits: Arc<dyn RateLimits>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Keys and randomness.
    pub vault: Arc<dyn Vault>,
    /// Password hashing.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Access tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Access tokens of other issuers; none if there are no other issuers.
    pub foreign_tokens: Option<Arc<dyn ForeignTokens>>,
    /// Files.
    pub blobs: Arc<dyn Blobs>,
    /// Picture processing.
    pub pictures: Arc<dyn Pictures>,
    /// The relying party of passkeys; none where they are off.
    pub webauthn: Option<Arc<dyn WebAuthn>>,
    /// The development mailbox; none in production.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Passwords known from breaches, if the operator has configured a service for them.
    pub breached_passwords: Option<Arc<dyn BreachedPasswords>>,
    /// Places of IP addresses, if the operator has configured a file of them.
    pub places: Option<Arc<dyn Places>>,
}

/// The ports, and what the operator decides. Only use cases reach the ports.
pub struct Core {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) rate_limits: Arc<dyn RateLimits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) passwords: Arc<dyn PasswordHasher>,
    pub(crate) tokens: Arc<dyn AccessTokens>,
    pub(crate) foreign_tokens: Option<Arc<dyn ForeignTokens>>,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) pictures: Arc<dyn Pictures>,
    pub(crate) webauthn: Option<Arc<dyn WebAuthn>>,
    pub(crate) mailbox: Option<Arc<dyn Mailbox>>,
    pub(crate) breaches: Breaches,
    pub(crate) places: Option<Arc<dyn Places>>,
    /// The operator's policy.
    pub policy: Policy,
    pub(crate) limits: Limits,
    /// The operator's JSON Schema of attributes.
    pub attributes_schema: Option<AttributesSchema>,
    pub(crate) outbox_signal: OutboxSignal,
}

/// An error that can be a conflict, after which the unit is run again.
pub(crate) trait Retry: From<StorageError> + From<Fault> {
    fn is_conflict(&self) -> bool;
}

/// How often a unit is run before its conflict is returned to the caller.
const RUNS: u64 = 4;

/// A unit of work in progress, and its request.
pub(crate) struct Work<'u> {
    unit: &'u mut (dyn UnitOfWork + 'u),
    pub(crate) context: &'u RequestContext,
    /// Whether the unit enqueues something that is due when it is committed.
    pub(crate) has_enqueued: bool,
    /// Events to tell the endpoints of when the unit ends well.
    pub(crate) announced: Vec<Announced>,
}

impl<'u> Deref for Work<'u> {
    type Target = dyn UnitOfWork + 'u;
    fn deref(&self) -> &Self::Target {
        self.unit
    }
}

impl DerefMut for Work<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.unit
    }
}

impl Core {
    /// A core over these ports, with the operator's decisions, budgets and JSON Schema of attributes.
    pub fn new(ports: Ports, policy: Policy, limits: Limits, attributes_schema: Option<AttributesSchema>) -> Self {
        let Ports {
            storage,
            rate_limits,
            clock,
            vault,
            passwords,
            tokens,
            foreign_tokens,
            blobs,
            pictures,
            webauthn,
            mailbox,
            breached_passwords,
            places,
        } = ports;
        Self {
            storage,
            rate_limits,
            clock,
            vault,
            passwords,
            tokens,
            foreign_tokens,
            blobs,
            pictures,
            webauthn,
            mailbox,
            breaches: Breaches::new(breached_passwords),
            places,
            policy,
            limits,
            attributes_schema,
            outbox_signal: OutboxSignal::default(),
        }
    }

    /// The public keys of access tokens, as a JWK set (RFC 7517).
    pub fn key_set(&self) -> Value {
        self.tokens.jwks()
    }

    /// From now on the calling thread is unparked whenever this process has put something into the outbox, in place of the
    /// thread that asked before.
    pub fn wake_me_for_outbox(&self) {
        self.outbox_signal.wake_me();
    }

    /// A number used once, for the content security policy of one answer: 128 random bits in base64url.
    pub fn nonce(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.random::<16>())
    }

    /// Whether there is a development mailbox.
    pub fn has_mailbox(&self) -> bool {
        self.mailbox.is_some()
    }

    /// Runs `work` in a unit and commits it. If another writer was in the way, runs it again, after a short and growing
    /// pause: `work` must do all its reading inside. If it fails, nothing happened.
    pub(crate) fn unit<T, E: Retry>(
        &self,
        context: &RequestContext,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut run = 1;
        loop {
            let mut unit = self.storage.begin()?;
            let mut under_way = Work { unit: &mut *unit, context, has_enqueued: false, announced: Vec::new() };
            let result = work(&mut under_way).and_then(|value| {
                self.enqueue_announced(&mut under_way)?;
                self.apply_key(&mut under_way).map(|()| value)
            });
            let has_enqueued = under_way.has_enqueued;
            let result = match result {
                Ok(value) => unit.commit().map(|()| value).map_err(E::from),
                Err(error) => {
                    drop(unit);
                    Err(error)
                }
            };
            match result {
                Err(error) if error.is_conflict() && run < RUNS => {
                    tracing::debug!(request = context.request_id, run, "a unit met another writer and runs again");
                    // Without a pause the first time: work that ran without a lock takes one now.
                    thread::sleep(self.jitter(run - 1));
                }
                result => {
                    if result.is_ok() && has_enqueued {
                        self.outbox_signal.wake();
                    }
                    return result;
                }
            }
            run += 1;
        }
    }

    /// Notes in the unit that the request takes effect under its idempotency key (R69). Fails if another request has the
    /// key by now, so that the unit is not committed.
    fn apply_key<E: Retry>(&self, work: &mut Work<'_>) -> Result<(), E> {
        let Some(claim) = &work.context.idempotency else { return Ok(()) };
        if work.idempotency_keys().mark_applied(claim, self.clock.now())? {
            return Ok(());
        }
        Err(StorageError::Unavailable("another request has the idempotency key".to_owned()).into())
    }

    /// The pause: none after the first run, up to 16 ms after the second, up to 32 ms after the third.
    fn jitter(&self, run: u64) -> Duration {
        let [byte] = self.random();
        Duration::from_micros(u64::from(byte) * 64 * run)
    }

    /// Secure random bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.vault.fill_random(&mut bytes);
        bytes
    }

    /// A new id of any kind.
    pub(crate) fn id<I: Id>(&self) -> I {
        I::from_number(selfsame_domain::id::compose(self.clock.now(), u32::from_le_bytes(self.random())))
    }

    /// A new bearer secret.
    pub(crate) fn token(&self) -> OpaqueToken {
        OpaqueToken::from_bytes(&self.random())
    }

    /// A new bearer secret that contains its account's id, by which it is looked up.
    pub(crate) fn token_of(&self, user: UserId) -> OpaqueToken {
        OpaqueToken::with_user(user, &self.random())
    }
}
