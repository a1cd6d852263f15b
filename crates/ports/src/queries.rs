//! Reads outside of units of work.

use selfsame_domain::{
    Attempt, AttemptId, Attributes, AuditRecord, Challenge, Consent, CredentialId, Device, Export, ExportId,
    ExternalIdentity, IdentifierKind, Instant, OutboxId, Passkey, PasswordHash, PendingTotp, Purpose, Session,
    SessionId, SignIn, SignInId, Ticket, TicketKind, TokenHash, Totp, User, UserId,
};

use crate::{OutboxRow, OutboxStatus, StorageError};

/// A browser session with everything that authenticates a caller.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionState {
    /// The session.
    pub session: Session,
    /// The sign-in of the session that was activated last, ended or not.
    pub active: Option<SignInId>,
    /// Its sign-ins that were not ended, oldest first, each with its account. The caller checks whether they are live.
    pub sign_ins: Vec<(SignIn, User)>,
    /// The attributes of the active account, if they were requested.
    pub attributes: Option<Attributes>,
    /// Whether any attempt of this session is neither completed nor expired.
    pub has_open_attempts: bool,
}

/// A sign-in with everything that authenticates a caller.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInState {
    /// The sign-in, ended or not.
    pub sign_in: SignIn,
    /// Its account.
    pub user: User,
    /// The account's attributes, if they were requested.
    pub attributes: Option<Attributes>,
}

/// An identity of another issuer with everything that authenticates a caller.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalIdentityState {
    /// The identity.
    pub identity: ExternalIdentity,
    /// The sign-in of its tokens, ended or not, with its account; none before the first one.
    pub sign_in: Option<SignInState>,
}

/// An account and its password.
#[derive(Clone, Debug, PartialEq)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// The hash of its password, if it has one.
    pub password: Option<PasswordHash>,
}

/// What is read of an account's audit chain, the newest record first.
#[derive(Clone, Debug)]
pub struct ActivityFilter {
    /// Records of these actions, in their stored form; of all actions if it is none.
    pub actions: Option<Vec<&'static str>>,
    /// The first place that is looked at. The chain is dense, so this bounds the work.
    pub first: i64,
    /// The place before which it ends.
    pub before: i64,
    /// Records from this instant on.
    pub since: Instant,
    /// Records before this instant.
    pub until: Instant,
    /// The greatest number of records.
    pub limit: i64,
}

/// One connection for reading. Each method is one statement, which sees what was committed before it.
pub trait Queries {
    /// The session that a cookie names, sign-ins and accounts included. Expired ones are found too.
    fn session(
        &mut self,
        token: &TokenHash,
        now: Instant,
        with_attributes: bool,
    ) -> Result<Option<SessionState>, StorageError>;
    /// A sign-in of an account, ended or not.
    fn sign_in(
        &mut self,
        user: UserId,
        id: SignInId,
        with_attributes: bool,
    ) -> Result<Option<SignInState>, StorageError>;
    /// The identity of a subject of another issuer, with its sign-in.
    fn external_identity(
        &mut self,
        issuer: &str,
        subject: &str,
        with_attributes: bool,
    ) -> Result<Option<ExternalIdentityState>, StorageError>;
    /// The identities of an account, the one that was linked first first.
    fn external_identities(&mut self, user: UserId) -> Result<Vec<ExternalIdentity>, StorageError>;
    /// The account with this id.
    fn user(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// The attributes of an account; empty if it has none, or if there is no such account.
    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError>;
    /// The account with this id, and its password.
    fn credentials(&mut self, id: UserId) -> Result<Option<Credentials>, StorageError>;
    /// The account that has proven this canonical identifier; if none has, the one that claimed it last.
    fn by_identifier(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<Credentials>, StorageError>;
    /// The account that claimed this canonical identifier last and has not proven it, whether or not another account
    /// has.
    fn unproven_claim(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<Credentials>, StorageError>;
    /// Up to `limit` accounts in ascending order of their ids, beginning after an id.
    fn list_users(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError>;
    /// The account with this canonical username.
    fn by_username(&mut self, canonical: &str) -> Result<Option<Credentials>, StorageError>;
    /// Attempts of a session that are neither completed nor expired, oldest first.
    fn open_attempts(&mut self, session: SessionId, now: Instant) -> Result<Vec<Attempt>, StorageError>;
    /// One attempt, in whatever state.
    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError>;
    /// The attempt of a temporary token, in whatever state.
    fn attempt_by_token(&mut self, token: &TokenHash) -> Result<Option<Attempt>, StorageError>;
    /// The live challenges of a user and purpose, newest first.
    fn challenges(&mut self, user: UserId, purpose: Purpose) -> Result<Vec<Challenge>, StorageError>;
    /// The live challenge of an attempt.
    fn challenge_of_attempt(&mut self, attempt: AttemptId) -> Result<Option<Challenge>, StorageError>;
    /// The challenge of an account with this link token, if it is live.
    fn challenge_by_link(&mut self, user: UserId, link: &TokenHash) -> Result<Option<Challenge>, StorageError>;
    /// The challenge of an account with this link token, if it was consumed.
    fn used_link(&mut self, user: UserId, link: &TokenHash) -> Result<Option<Challenge>, StorageError>;
    /// A ticket of a kind that is neither consumed nor void, expired or not.
    fn ticket(&mut self, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError>;
    /// A ticket of a kind that was consumed.
    fn used_ticket(&mut self, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError>;
    /// The consents of an account, the oldest first.
    fn consents(&mut self, user: UserId) -> Result<Vec<Consent>, StorageError>;
    /// The confirmed authenticator app of an account.
    fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StorageError>;
    /// The pending authenticator app of an account, however old.
    fn pending_totp(&mut self, user: UserId) -> Result<Option<PendingTotp>, StorageError>;
    /// Up to `limit` confirmed authenticator apps in ascending order of their accounts, beginning after one.
    fn list_totps(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<Totp>, StorageError>;
    /// The passkeys of an account, oldest first.
    fn passkeys(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError>;
    /// The passkey with this credential id, of whatever account.
    fn passkey(&mut self, credential: &CredentialId) -> Result<Option<Passkey>, StorageError>;
    /// The sign-ins of an account that are neither ended nor past `expires_at`, up to `limit` of them, in descending order of
    /// last use and id, beginning after a place in that order.
    fn live_sign_ins(
        &mut self,
        user: UserId,
        now: Instant,
        after: Option<(Instant, SignInId)>,
        limit: i64,
    ) -> Result<Vec<SignIn>, StorageError>;
    /// How many sign-ins of an account are neither ended nor past `expires_at`.
    fn count_live_sign_ins(&mut self, user: UserId, now: Instant) -> Result<i64, StorageError>;
    /// The earlier passwords of an account, the newest first.
    fn earlier_passwords(&mut self, user: UserId) -> Result<Vec<PasswordHash>, StorageError>;
    /// The device of an account with this token, in force or offered, expired or not.
    fn device(&mut self, user: UserId, token: &TokenHash) -> Result<Option<Device>, StorageError>;
    /// The devices of an account that are in force, of a credential epoch and not expired, up to `limit` of them, the one used
    /// last first.
    fn devices(&mut self, user: UserId, epoch: i64, now: Instant, limit: i64) -> Result<Vec<Device>, StorageError>;
    /// The file names among these that are the picture of an account, in no particular order.
    fn pictures_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError>;
    /// An export of an account.
    fn export(&mut self, user: UserId, id: ExportId) -> Result<Option<Export>, StorageError>;
    /// Up to `limit` exports of an account, the newest first.
    fn exports(&mut self, user: UserId, limit: i64) -> Result<Vec<Export>, StorageError>;
    /// Up to `limit` exports that expired at `now` or before and have an archive, the one that expired first first.
    fn expired_exports(&mut self, now: Instant, limit: i64) -> Result<Vec<Export>, StorageError>;
    /// The names among these that are the archive of an export, in no particular order.
    fn archives_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError>;
    /// A page of an account's audit chain, in order: up to `limit` records after the place `after` (0: from the first one).
    fn audit_trail(&mut self, user: UserId, after: i64, limit: i64) -> Result<Vec<AuditRecord>, StorageError>;
    /// The records of an account's audit chain that match, the newest first.
    fn activity(&mut self, user: UserId, filter: &ActivityFilter) -> Result<Vec<AuditRecord>, StorageError>;
    /// Up to `limit` accounts that have an audit trail, those included that are gone, in ascending order of their ids,
    /// beginning after an id.
    fn audit_subjects(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<UserId>, StorageError>;
    /// Up to `limit` messages of the outbox with an id greater than `after`, in ascending order; with `dead_only` only
    /// dead ones.
    fn outbox_page(
        &mut self,
        dead_only: bool,
        after: Option<OutboxId>,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, StorageError>;
    /// The status of the outbox. Two statements: waiting and dead messages.
    fn outbox_status(&mut self) -> Result<OutboxStatus, StorageError>;
}
