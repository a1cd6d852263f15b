//! Mocks of the leaf ports, and a unit of work that holds them.

use crate::{
    Accounts, Audit, Consents, Devices, Exports, ExternalIdentities, IdempotencyKeys, Outbox, Passkeys, Proofs,
    SecondFactors, Sessions, StorageError, UndoPoints, UnitOfWork, WebhookEvents, accounts::MockAccounts,
    audit::MockAudit, consents::MockConsents, devices::MockDevices, exports::MockExports,
    external_identities::MockExternalIdentities, idempotency_keys::MockIdempotencyKeys, outbox::MockOutbox,
    passkeys::MockPasskeys, proofs::MockProofs, second_factors::MockSecondFactors, sessions::MockSessions,
    undo_points::MockUndoPoints, webhooks::MockWebhookEvents,
};

/// A unit of work made of mocks. `commits` is the result of `commit`.
pub struct FakeUnitOfWork {
    /// Accounts.
    pub accounts: MockAccounts,
    /// Sessions.
    pub sessions: MockSessions,
    /// Attempts, mailed proofs, tickets.
    pub proofs: MockProofs,
    /// Second factors.
    pub second_factors: MockSecondFactors,
    /// Passkeys.
    pub passkeys: MockPasskeys,
    /// Remembered devices and origins.
    pub devices: MockDevices,
    /// Consents for applications.
    pub consents: MockConsents,
    /// Identities of other issuers.
    pub external_identities: MockExternalIdentities,
    /// Points to which accounts can be brought back.
    pub undo_points: MockUndoPoints,
    /// Audit trail.
    pub audit: MockAudit,
    /// Exports.
    pub exports: MockExports,
    /// Outbox.
    pub outbox: MockOutbox,
    /// Idempotency keys.
    pub idempotency_keys: MockIdempotencyKeys,
    /// Events for a replay.
    pub webhook_events: MockWebhookEvents,
    /// The result of `commit`.
    pub commits: Result<(), StorageError>,
}

impl Default for FakeUnitOfWork {
    fn default() -> Self {
        Self {
            accounts: MockAccounts::new(),
            sessions: MockSessions::new(),
            proofs: MockProofs::new(),
            second_factors: MockSecondFactors::new(),
            passkeys: MockPasskeys::new(),
            devices: MockDevices::new(),
            consents: MockConsents::new(),
            external_identities: MockExternalIdentities::new(),
            undo_points: MockUndoPoints::new(),
            audit: MockAudit::new(),
            exports: MockExports::new(),
            outbox: MockOutbox::new(),
            idempotency_keys: MockIdempotencyKeys::new(),
            webhook_events: MockWebhookEvents::new(),
            commits: Ok(()),
        }
    }
}

impl UnitOfWork for FakeUnitOfWork {
    fn accounts(&mut self) -> &mut dyn Accounts {
        &mut self.accounts
    }
    fn sessions(&mut self) -> &mut dyn Sessions {
        &mut self.sessions
    }
    fn proofs(&mut self) -> &mut dyn Proofs {
        &mut self.proofs
    }
    fn second_factors(&mut self) -> &mut dyn SecondFactors {
        &mut self.second_factors
    }

    fn passkeys(&mut self) -> &mut dyn Passkeys {
        &mut self.passkeys
    }

    fn devices(&mut self) -> &mut dyn Devices {
        &mut self.devices
    }
    fn consents(&mut self) -> &mut dyn Consents {
        &mut self.consents
    }
    fn external_identities(&mut self) -> &mut dyn ExternalIdentities {
        &mut self.external_identities
    }
    fn undo_points(&mut self) -> &mut dyn UndoPoints {
        &mut self.undo_points
    }
    fn audit(&mut self) -> &mut dyn Audit {
        &mut self.audit
    }
    fn exports(&mut self) -> &mut dyn Exports {
        &mut self.exports
    }
    fn outbox(&mut self) -> &mut dyn Outbox {
        &mut self.outbox
    }
    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        &mut self.idempotency_keys
    }
    fn webhook_events(&mut self) -> &mut dyn WebhookEvents {
        &mut self.webhook_events
    }
    fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.commits
    }
}
