//! The ports and decisions that every use case stands on, and the few steps that most of them share.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    thread,
    time::Duration,
};

use selfsame_domain::{OpaqueToken, RequestContext, UserId, id::Id};
use selfsame_ports::{
    AccessTokens, Blobs, Clock, PasswordHasher, Pictures, RateLimits, Storage, StorageError, UnitOfWork, Vault,
};

use crate::{Limits, Policy, mail::signal::OutboxSignal};

/// Everything a use case needs of the world.
pub struct Core {
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
    /// Files.
    pub blobs: Arc<dyn Blobs>,
    /// Picture processing.
    pub pictures: Arc<dyn Pictures>,
    /// The operator's decisions.
    pub policy: Policy,
    /// The operator's budgets.
    pub limits: Limits,
    /// The operator's JSON Schema for attributes, if there is one.
    pub attributes_schema: Option<jsonschema::Validator>,
    /// Wakes the delivery worker of this process.
    pub outbox_signal: OutboxSignal,
}

/// An error that may mean "run the unit again".
pub(crate) trait Retry: From<StorageError> {
    fn is_conflict(&self) -> bool;
}

/// How often a unit is run before its conflict is the caller's.
const RUNS: u64 = 4;

/// A unit of work under way, and the request that it is for.
pub(crate) struct Work<'u> {
    unit: &'u mut (dyn UnitOfWork + 'u),
    pub(crate) context: &'u RequestContext,
    /// Whether something is due in the outbox once the unit is durable.
    pub(crate) has_enqueued: bool,
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
            let mut under_way = Work { unit: &mut *unit, context, has_enqueued: false };
            let result = work(&mut under_way);
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
                    // At once the first time: what ran without a lock takes one now.
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

    /// Nothing after the first run, up to 16 ms after the second, up to 32 ms after the third.
    fn jitter(&self, run: u64) -> Duration {
        let [byte] = self.random();
        Duration::from_micros(u64::from(byte) * 64 * run)
    }

    /// Bytes that nobody can guess.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.vault.fill_random(&mut bytes);
        bytes
    }

    /// A fresh id of any kind.
    pub(crate) fn id<I: Id>(&self) -> I {
        I::from_number(selfsame_domain::id::compose(self.clock.now(), u32::from_le_bytes(self.random())))
    }

    /// A fresh bearer secret.
    pub(crate) fn token(&self) -> OpaqueToken {
        OpaqueToken::from_bytes(&self.random())
    }

    /// A fresh bearer secret that names its account, by which it is looked up.
    pub(crate) fn token_of(&self, user: UserId) -> OpaqueToken {
        OpaqueToken::with_user(user, &self.random())
    }
}
