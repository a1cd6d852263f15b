//! Mocks of the leaf ports, and a unit of work that holds them.

use crate::{
    Accounts, Audit, Outbox, Proofs, Sessions, StorageError, UnitOfWork, accounts::MockAccounts, audit::MockAudit,
    outbox::MockOutbox, proofs::MockProofs, sessions::MockSessions,
};

/// A unit of work made of mocks. `commits` is the result of `commit`.
pub struct FakeUnitOfWork {
    /// Accounts.
    pub accounts: MockAccounts,
    /// Sessions.
    pub sessions: MockSessions,
    /// Attempts, mailed proofs, tickets.
    pub proofs: MockProofs,
    /// Audit trail.
    pub audit: MockAudit,
    /// Outbox.
    pub outbox: MockOutbox,
    /// The result of `commit`.
    pub commits: Result<(), StorageError>,
}

impl Default for FakeUnitOfWork {
    fn default() -> Self {
        Self {
            accounts: MockAccounts::new(),
            sessions: MockSessions::new(),
            proofs: MockProofs::new(),
            audit: MockAudit::new(),
            outbox: MockOutbox::new(),
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
    fn audit(&mut self) -> &mut dyn Audit {
        &mut self.audit
    }
    fn outbox(&mut self) -> &mut dyn Outbox {
        &mut self.outbox
    }
    fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.commits
    }
}
