//! Mocks of the leaf ports, and a unit of work that holds them.

use crate::{
    Attempts, Audit, Challenges, Outbox, RefreshTokens, Sessions, StorageError, UnitOfWork, Users,
    attempts::MockAttempts, audit::MockAudit, challenges::MockChallenges, outbox::MockOutbox,
    refresh_tokens::MockRefreshTokens, sessions::MockSessions, users::MockUsers,
};

/// A unit of work made of mocks. It commits if `commits` says so.
pub struct FakeUnitOfWork {
    /// Accounts.
    pub users: MockUsers,
    /// Sessions.
    pub sessions: MockSessions,
    /// Attempts.
    pub attempts: MockAttempts,
    /// Challenges.
    pub challenges: MockChallenges,
    /// Refresh tokens.
    pub refresh_tokens: MockRefreshTokens,
    /// Audit trail.
    pub audit: MockAudit,
    /// Outbox.
    pub outbox: MockOutbox,
    /// What `commit` answers.
    pub commits: Result<(), StorageError>,
}

impl Default for FakeUnitOfWork {
    fn default() -> Self {
        Self {
            users: MockUsers::new(),
            sessions: MockSessions::new(),
            attempts: MockAttempts::new(),
            challenges: MockChallenges::new(),
            refresh_tokens: MockRefreshTokens::new(),
            audit: MockAudit::new(),
            outbox: MockOutbox::new(),
            commits: Ok(()),
        }
    }
}

impl UnitOfWork for FakeUnitOfWork {
    fn users(&mut self) -> &mut dyn Users {
        &mut self.users
    }
    fn sessions(&mut self) -> &mut dyn Sessions {
        &mut self.sessions
    }
    fn attempts(&mut self) -> &mut dyn Attempts {
        &mut self.attempts
    }
    fn challenges(&mut self) -> &mut dyn Challenges {
        &mut self.challenges
    }
    fn refresh_tokens(&mut self) -> &mut dyn RefreshTokens {
        &mut self.refresh_tokens
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
