//! [`Queries`]: each one statement, prepared once per connection.

use diesel::{
    dsl::{Nullable, auto_type, exists},
    prelude::*,
};
use selfsame_domain::{
    Action, Attempt, AttemptId, AuditRecord, IdentifierKind, Instant, SessionId, SignIn, SignInId, TokenHash, User,
    UserId, id::Id as _,
};
use selfsame_ports::{Queries, SessionState, StorageError};

use crate::{
    audit::AuditRow,
    pool::Pooled,
    prepared::prepared,
    rows::{AttemptRow, IdentifierRow, SessionRow, SignInRow, UserRow, one_account},
    schema::{attempts, audit_events, identifiers, sessions, sign_ins, users},
    sql_types::At,
    words::Word as _,
};

type AllColumns<T> = <T as Table>::AllColumns;

/// A connection for reading.
pub(crate) struct Reader {
    connection: Pooled,
}

impl Reader {
    pub(crate) fn new(connection: Pooled) -> Self {
        Self { connection }
    }
}

/// Accounts with their identifiers, oldest first, one row for each identifier.
#[auto_type(no_type_alias)]
fn accounts() -> _ {
    let columns: (AllColumns<users::table>, Nullable<AllColumns<identifiers::table>>) =
        (users::all_columns, identifiers::all_columns.nullable());
    users::table.left_join(identifiers::table).order((identifiers::created_at, identifiers::id)).select(columns)
}

/// Attempts that are neither completed nor expired.
#[auto_type(no_type_alias)]
fn open(now: At) -> _ {
    attempts::completed_at.is_null().and(attempts::expires_at.gt(now))
}

diesel::alias!(identifiers as claims: Claims);

impl Queries for Reader {
    fn session(&mut self, token: &TokenHash, now: Instant) -> Result<Option<SessionState>, StorageError> {
        let in_session = sign_ins::session_id.eq(sessions::id.nullable()).and(sign_ins::ended_at.is_null());
        let of_session = attempts::table.filter(attempts::session_id.eq(sessions::id.nullable())).filter(open(At(now)));
        let state = sessions::table
            .left_join(sign_ins::table.on(in_session))
            .left_join(users::table.on(users::id.nullable().eq(sign_ins::user_id.nullable())))
            .left_join(identifiers::table.on(identifiers::user_id.nullable().eq(users::id.nullable())))
            .filter(sessions::token_hash.eq(&token.0[..]))
            .order((sign_ins::created_at, sign_ins::id, identifiers::created_at, identifiers::id))
            .select((
                sessions::all_columns,
                sign_ins::all_columns.nullable(),
                users::all_columns.nullable(),
                identifiers::all_columns.nullable(),
                exists(of_session.select(attempts::id)),
            ));
        session_state(self.connection.run(|connection| prepared!(state).load(connection))?)
    }

    fn sign_in(&mut self, id: SignInId) -> Result<Option<(SignIn, User)>, StorageError> {
        let sign_in = sign_ins::table
            .inner_join(users::table.left_join(identifiers::table))
            .filter(sign_ins::id.eq(id.number()))
            .order((identifiers::created_at, identifiers::id))
            .select((sign_ins::all_columns, users::all_columns, identifiers::all_columns.nullable()));
        let rows: Vec<(SignInRow, UserRow, Option<IdentifierRow>)> =
            self.connection.run(|connection| prepared!(sign_in).load(connection))?;
        let sign_in = rows.first().map(|(sign_in, ..)| SignIn::from(sign_in.clone()));
        let user = one_account(rows.into_iter().map(|(_, user, identifier)| (user, identifier)))?;
        Ok(sign_in.zip(user))
    }

    fn user(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        let account = accounts().filter(users::id.eq(id.number()));
        one_account(self.connection.run(|connection| prepared!(account).load(connection))?)
    }

    fn user_by_identifier(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<User>, StorageError> {
        let owner = claims
            .filter(claims.field(identifiers::kind).eq(kind.word()))
            .filter(claims.field(identifiers::canonical).eq(canonical))
            .order((
                claims.field(identifiers::verified_at).is_null(),
                claims.field(identifiers::created_at).desc(),
                claims.field(identifiers::id).desc(),
            ))
            .select(claims.field(identifiers::user_id))
            .limit(1);
        let account = accounts().filter(users::id.nullable().eq(owner.single_value()));
        one_account(self.connection.run(|connection| prepared!(account).load(connection))?)
    }

    fn unproven_claim(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<User>, StorageError> {
        let claimant = claims
            .filter(claims.field(identifiers::kind).eq(kind.word()))
            .filter(claims.field(identifiers::canonical).eq(canonical))
            .filter(claims.field(identifiers::verified_at).is_null())
            .order((claims.field(identifiers::created_at).desc(), claims.field(identifiers::id).desc()))
            .select(claims.field(identifiers::user_id))
            .limit(1);
        let account = accounts().filter(users::id.nullable().eq(claimant.single_value()));
        one_account(self.connection.run(|connection| prepared!(account).load(connection))?)
    }

    fn list_users(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError> {
        diesel::alias!(users as page: Page);
        let ids = page
            .filter(page.field(users::id).gt(after.map_or(0, UserId::number)))
            .order(page.field(users::id))
            .select(page.field(users::id))
            .limit(limit);
        let accounts = users::table
            .left_join(identifiers::table)
            .filter(users::id.eq_any(ids))
            .order((users::id, identifiers::created_at, identifiers::id))
            .select((users::all_columns, identifiers::all_columns.nullable()));
        let rows: Vec<(UserRow, Option<IdentifierRow>)> =
            self.connection.run(|connection| prepared!(accounts).load(connection))?;
        let accounts = rows.chunk_by(|(one, _), (other, _)| one.id == other.id);
        accounts.filter_map(|rows| one_account(rows.iter().cloned()).transpose()).collect()
    }

    fn user_by_username(&mut self, canonical: &str) -> Result<Option<User>, StorageError> {
        let account = accounts().filter(users::preferred_username_canonical.eq(canonical));
        one_account(self.connection.run(|connection| prepared!(account).load(connection))?)
    }

    fn open_attempts(&mut self, session: SessionId, now: Instant) -> Result<Vec<Attempt>, StorageError> {
        let attempts = attempts::table
            .filter(attempts::session_id.eq(session.number()))
            .filter(open(At(now)))
            .order((attempts::created_at, attempts::id));
        let rows: Vec<AttemptRow> = self.connection.run(|connection| attempts.load(connection))?;
        rows.into_iter().map(Attempt::try_from).collect()
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        let attempt = attempts::table.find(id.number());
        let row: Option<AttemptRow> = self.connection.run(|connection| attempt.get_result(connection).optional())?;
        row.map(Attempt::try_from).transpose()
    }

    fn attempt_by_token(&mut self, token: &TokenHash) -> Result<Option<Attempt>, StorageError> {
        let attempt = attempts::table.filter(attempts::token_hash.eq(&token.0[..]));
        let row: Option<AttemptRow> = self.connection.run(|connection| attempt.get_result(connection).optional())?;
        row.map(Attempt::try_from).transpose()
    }

    fn count_live_sign_ins(&mut self, user: UserId, now: Instant) -> Result<i64, StorageError> {
        let live = sign_ins::table
            .filter(sign_ins::user_id.eq(user.number()))
            .filter(sign_ins::ended_at.is_null())
            .filter(sign_ins::expires_at.gt(At(now)));
        self.connection.run(|connection| live.count().get_result(connection))
    }

    fn count_events(&mut self, user: UserId, action: Action) -> Result<i64, StorageError> {
        let events = audit_events::table
            .filter(audit_events::subject.eq(user.number()))
            .filter(audit_events::action.eq(action.as_str()));
        self.connection.run(|connection| events.count().get_result(connection))
    }

    fn pictures_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let in_use = users::table.filter(users::picture.eq_any(names)).select(users::picture.assume_not_null());
        self.connection.run(|connection| in_use.load(connection))
    }

    fn audit_trail(&mut self, user: UserId) -> Result<Vec<AuditRecord>, StorageError> {
        let trail = audit_events::table.filter(audit_events::subject.eq(user.number())).order(audit_events::sequence);
        let rows: Vec<AuditRow> = self.connection.run(|connection| trail.load(connection))?;
        rows.into_iter().map(AuditRecord::try_from).collect()
    }
}

type SessionJoin = (SessionRow, Option<SignInRow>, Option<UserRow>, Option<IdentifierRow>, bool);

/// The session in the rows of a join, which repeat it for each of its sign-ins, and those for each identifier of their
/// account; `None` if there are no rows.
fn session_state(rows: Vec<SessionJoin>) -> Result<Option<SessionState>, StorageError> {
    let Some((session, .., has_open_attempts)) = rows.first().cloned() else {
        return Ok(None);
    };
    let held = rows.into_iter().filter_map(|(_, sign_in, user, identifier, _)| Some((sign_in?, user?, identifier)));
    let held: Vec<(SignInRow, UserRow, Option<IdentifierRow>)> = held.collect();
    let mut sign_ins = Vec::new();
    for rows in held.chunk_by(|(one, ..), (other, ..)| one.id == other.id) {
        let user = one_account(rows.iter().map(|(_, user, identifier)| (user.clone(), identifier.clone())))?;
        sign_ins.extend(rows.first().map(|(sign_in, ..)| SignIn::from(sign_in.clone())).zip(user));
    }
    Ok(Some(SessionState { session: session.into(), sign_ins, has_open_attempts }))
}
