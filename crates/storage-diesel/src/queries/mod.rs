//! [`Queries`]: each one statement, prepared once per connection.

mod accounts;
mod audit;
mod callers;
mod exports;
mod outbox;
mod passkeys;
mod proofs;
mod second_factors;

use diesel::{prelude::*, sql_types::Bool};
use selfsame_domain::{
    Attempt, AttemptId, Attributes, AuditRecord, Challenge, Consent, CredentialId, Device, Export, ExportId,
    ExternalIdentity, IdentifierKind, Instant, OutboxId, Passkey, PasswordHash, PendingTotp, Purpose, SessionId,
    SignIn, SignInId, Ticket, TicketKind, TokenHash, Totp, User, UserId, id::Id as _,
};
use selfsame_ports::{
    ActivityFilter, Credentials, ExternalIdentityState, OutboxRow, OutboxStatus, Queries, SessionState, SignInState,
    StorageError,
};

use crate::{
    connection::AnyConnection,
    pool::Pooled,
    prepared::prepared,
    rows::{ConsentRow, DeviceRow, ExternalIdentityRow, SignInRow},
    schema::{consents, devices, external_identities, password_history, sign_ins, users},
    sql_types::At,
};

/// A connection for reading.
pub(crate) struct Reader {
    connection: Pooled,
}

impl Reader {
    pub(crate) fn new(connection: Pooled) -> Self {
        Self { connection }
    }

    fn run<T>(&mut self, work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> Result<T, StorageError> {
        self.connection.run(work)
    }
}

impl Queries for Reader {
    fn session(
        &mut self,
        token: &TokenHash,
        now: Instant,
        with_attributes: bool,
    ) -> Result<Option<SessionState>, StorageError> {
        callers::session(self, token, now, with_attributes)
    }

    fn sign_in(
        &mut self,
        user: UserId,
        id: SignInId,
        with_attributes: bool,
    ) -> Result<Option<SignInState>, StorageError> {
        callers::sign_in(self, user, id, with_attributes)
    }

    fn external_identity(
        &mut self,
        issuer: &str,
        subject: &str,
        with_attributes: bool,
    ) -> Result<Option<ExternalIdentityState>, StorageError> {
        callers::external_identity(self, issuer, subject, with_attributes)
    }

    fn external_identities(&mut self, user: UserId) -> Result<Vec<ExternalIdentity>, StorageError> {
        let own = external_identities::table
            .filter(external_identities::user_id.eq(user.number()))
            .order((external_identities::created_at, external_identities::id));
        let rows: Vec<ExternalIdentityRow> = self.run(|connection| prepared!(own).load(connection))?;
        Ok(rows.into_iter().map(ExternalIdentity::from).collect())
    }

    fn user(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        accounts::user(self, id)
    }

    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError> {
        accounts::attributes(self, id)
    }

    fn credentials(&mut self, id: UserId) -> Result<Option<Credentials>, StorageError> {
        accounts::credentials(self, id)
    }

    fn by_identifier(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<Credentials>, StorageError> {
        accounts::by_identifier(self, kind, canonical)
    }

    fn unproven_claim(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<Credentials>, StorageError> {
        accounts::unproven_claim(self, kind, canonical)
    }

    fn list_users(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError> {
        accounts::list(self, after, limit)
    }

    fn by_username(&mut self, canonical: &str) -> Result<Option<Credentials>, StorageError> {
        accounts::by_username(self, canonical)
    }

    fn open_attempts(&mut self, session: SessionId, now: Instant) -> Result<Vec<Attempt>, StorageError> {
        proofs::open_attempts(self, session, now)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        proofs::attempt(self, id)
    }

    fn attempt_by_token(&mut self, token: &TokenHash) -> Result<Option<Attempt>, StorageError> {
        proofs::attempt_by_token(self, token)
    }

    fn challenges(&mut self, user: UserId, purpose: Purpose) -> Result<Vec<Challenge>, StorageError> {
        proofs::challenges(self, user, purpose)
    }

    fn challenge_of_attempt(&mut self, attempt: AttemptId) -> Result<Option<Challenge>, StorageError> {
        proofs::challenge_of_attempt(self, attempt)
    }

    fn challenge_by_link(&mut self, user: UserId, link: &TokenHash) -> Result<Option<Challenge>, StorageError> {
        proofs::challenge_by_link(self, user, link)
    }

    fn used_link(&mut self, user: UserId, link: &TokenHash) -> Result<Option<Challenge>, StorageError> {
        proofs::used_link(self, user, link)
    }

    fn ticket(&mut self, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError> {
        proofs::ticket(self, hash, kind)
    }

    fn used_ticket(&mut self, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError> {
        proofs::used_ticket(self, hash, kind)
    }

    fn consents(&mut self, user: UserId) -> Result<Vec<Consent>, StorageError> {
        let own = consents::table
            .filter(consents::user_id.eq(user.number()))
            .order((consents::created_at, consents::client_id));
        let rows: Vec<ConsentRow> = self.run(|connection| prepared!(own).load(connection))?;
        Ok(rows.into_iter().map(Consent::from).collect())
    }

    fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StorageError> {
        second_factors::totp(self, user)
    }

    fn pending_totp(&mut self, user: UserId) -> Result<Option<PendingTotp>, StorageError> {
        second_factors::pending_totp(self, user)
    }

    fn list_totps(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<Totp>, StorageError> {
        second_factors::list(self, after, limit)
    }

    fn passkeys(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError> {
        passkeys::of_user(self, user)
    }

    fn passkey(&mut self, credential: &CredentialId) -> Result<Option<Passkey>, StorageError> {
        passkeys::by_credential(self, credential)
    }

    fn live_sign_ins(
        &mut self,
        user: UserId,
        now: Instant,
        after: Option<(Instant, SignInId)>,
        limit: i64,
    ) -> Result<Vec<SignIn>, StorageError> {
        // One text with and without a place: the first page compares with one that does not count.
        let (used_at, id) = after.map_or((now, 0), |(used_at, id)| (used_at, id.number()));
        let is_first = after.is_none().into_sql::<Bool>();
        let is_used_before = sign_ins::last_active_at.lt(At(used_at));
        let is_next = sign_ins::last_active_at.eq(At(used_at)).and(sign_ins::id.lt(id));
        let live = sign_ins::table
            .filter(sign_ins::user_id.eq(user.number()))
            .filter(sign_ins::ended_at.is_null())
            .filter(sign_ins::expires_at.gt(At(now)))
            .filter(is_first.or(is_used_before).or(is_next))
            .order((sign_ins::last_active_at.desc(), sign_ins::id.desc()))
            .limit(limit);
        let rows: Vec<SignInRow> = self.run(|connection| prepared!(live).load(connection))?;
        rows.into_iter().map(SignIn::try_from).collect()
    }

    fn count_live_sign_ins(&mut self, user: UserId, now: Instant) -> Result<i64, StorageError> {
        let live = sign_ins::table
            .filter(sign_ins::user_id.eq(user.number()))
            .filter(sign_ins::ended_at.is_null())
            .filter(sign_ins::expires_at.gt(At(now)))
            .count();
        self.run(|connection| prepared!(live).get_result(connection))
    }

    fn earlier_passwords(&mut self, user: UserId) -> Result<Vec<PasswordHash>, StorageError> {
        let earlier = password_history::table
            .filter(password_history::user_id.eq(user.number()))
            .order(password_history::credential_epoch.desc())
            .select(password_history::phc);
        let earlier: Vec<String> = self.run(|connection| prepared!(earlier).load(connection))?;
        Ok(earlier.into_iter().map(PasswordHash::from_phc).collect())
    }

    fn device(&mut self, user: UserId, token: &TokenHash) -> Result<Option<Device>, StorageError> {
        let device =
            devices::table.filter(devices::token_hash.eq(&token.0[..])).filter(devices::user_id.eq(user.number()));
        let row: Option<DeviceRow> = self.run(|connection| prepared!(device).get_result(connection).optional())?;
        Ok(row.map(Device::from))
    }

    fn devices(&mut self, user: UserId, epoch: i64, now: Instant, limit: i64) -> Result<Vec<Device>, StorageError> {
        let devices = devices::table
            .filter(devices::user_id.eq(user.number()))
            .filter(devices::credential_epoch.eq(epoch))
            .filter(devices::activated_at.is_not_null())
            .filter(devices::expires_at.gt(At(now)))
            .order((devices::last_used_at.desc(), devices::id.desc()))
            .limit(limit);
        let rows: Vec<DeviceRow> = self.run(|connection| prepared!(devices).load(connection))?;
        Ok(rows.into_iter().map(Device::from).collect())
    }

    fn pictures_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let in_use = users::table.filter(users::picture.eq_any(names)).select(users::picture.assume_not_null());
        self.run(|connection| in_use.load(connection))
    }

    fn export(&mut self, user: UserId, id: ExportId) -> Result<Option<Export>, StorageError> {
        exports::one(self, user, id)
    }

    fn exports(&mut self, user: UserId, limit: i64) -> Result<Vec<Export>, StorageError> {
        exports::of_user(self, user, limit)
    }

    fn expired_exports(&mut self, now: Instant, limit: i64) -> Result<Vec<Export>, StorageError> {
        exports::expired(self, now, limit)
    }

    fn archives_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError> {
        exports::archives_in_use(self, names)
    }

    fn audit_trail(&mut self, user: UserId, after: i64, limit: i64) -> Result<Vec<AuditRecord>, StorageError> {
        audit::trail(self, user, after, limit)
    }

    fn activity(&mut self, user: UserId, filter: &ActivityFilter) -> Result<Vec<AuditRecord>, StorageError> {
        audit::activity(self, user, filter)
    }

    fn audit_subjects(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<UserId>, StorageError> {
        audit::subjects(self, after, limit)
    }

    fn outbox_page(
        &mut self,
        dead_only: bool,
        after: Option<OutboxId>,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, StorageError> {
        outbox::page(self, dead_only, after, limit)
    }

    fn outbox_status(&mut self) -> Result<OutboxStatus, StorageError> {
        outbox::status(self)
    }
}
