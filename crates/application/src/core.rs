//! The ports and decisions that every use case stands on, and the few steps that most of them share.

use std::{sync::Arc, thread, time::Duration};

use selfsame_domain::{Action, Actor, AuditEvent, Difference, OpaqueToken, RequestContext, SignInId, UserId, id::Id};
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

impl Core {
    /// Runs `work` in a unit and commits it. If another writer was in the way, runs it again, after a short and growing
    /// pause: `work` must do all its reading inside. If it fails, nothing happened.
    pub(crate) fn unit<T, E: Retry>(&self, mut work: impl FnMut(&mut dyn UnitOfWork) -> Result<T, E>) -> Result<T, E> {
        let mut run = 1;
        loop {
            OutboxSignal::unit_begins();
            let mut unit = self.storage.begin()?;
            let result = match work(&mut *unit) {
                Ok(value) => unit.commit().map(|()| value).map_err(E::from),
                Err(error) => {
                    drop(unit);
                    Err(error)
                }
            };
            match result {
                Err(error) if error.is_conflict() && run < RUNS => thread::sleep(self.jitter(run)),
                Ok(value) => {
                    self.outbox_signal.unit_committed();
                    return Ok(value);
                }
                Err(error) => return Err(error),
            }
            run += 1;
        }
    }

    /// 0 to 16 ms after the first run, twice that after each further one.
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

    /// Writes what happened to `subject` into its audit chain. The account was locked, or made, in this unit.
    pub(crate) fn record(
        &self,
        unit: &mut dyn UnitOfWork,
        subject: UserId,
        event: Event<'_>,
    ) -> Result<(), StorageError> {
        unit.audit().append(&AuditEvent {
            id: self.id(),
            subject,
            actor: event.actor,
            action: event.action,
            occurred_at: self.clock.now(),
            ip: event.context.ip.map(|ip| ip.to_string()),
            sign_in_id: event.sign_in,
            request_id: event.context.request_id.clone(),
            differences: event.differences,
        })
    }
}

/// What `Core::record` is told beside the account.
pub(crate) struct Event<'c> {
    pub(crate) action: Action,
    pub(crate) actor: Actor,
    pub(crate) context: &'c RequestContext,
    pub(crate) sign_in: Option<SignInId>,
    pub(crate) differences: Vec<Difference>,
}

impl<'c> Event<'c> {
    /// By somebody who is not signed in.
    pub(crate) fn anonymous(action: Action, context: &'c RequestContext) -> Self {
        Self { action, actor: Actor::Anonymous, context, sign_in: None, differences: Vec::new() }
    }

    /// By a user in one of their sign-ins.
    pub(crate) fn of_user(action: Action, user: UserId, sign_in: SignInId, context: &'c RequestContext) -> Self {
        Self { action, actor: Actor::User(user), context, sign_in: Some(sign_in), differences: Vec::new() }
    }

    /// On the command line.
    pub(crate) fn operator(action: Action, context: &'c RequestContext) -> Self {
        Self { action, actor: Actor::Operator, context, sign_in: None, differences: Vec::new() }
    }

    pub(crate) fn with(self, differences: Vec<Difference>) -> Self {
        Self { differences, ..self }
    }
}
