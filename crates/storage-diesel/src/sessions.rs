//! [`Sessions`].

use diesel::{
    dsl::{auto_type, exists, not},
    prelude::*,
};
use selfsame_domain::{
    Assurance, Instant, RefreshChain, Session, SessionId, SignIn, SignInId, TokenHash, UserId, id::Id,
};
use selfsame_ports::{Sessions, StorageError};

use crate::{
    locking::LockDsl as _,
    prepared::prepared,
    rows::{SessionRow, SignInRow},
    schema::{external_identities, sessions, sign_ins},
    sql_types::At,
    unit::Unit,
};

diesel::alias!(sign_ins as others: Others);

/// Whether a sign-in is not the last one of an identity of another issuer.
#[auto_type(no_type_alias)]
fn is_no_last_one() -> _ {
    not(exists(external_identities::table.filter(external_identities::sign_in_id.eq(sign_ins::id.nullable()))))
}

/// A sign-in of an account. Every statement names the account, so that the id of a sign-in alone is not enough, and one
/// shard is used.
macro_rules! sign_in {
    ($user:expr, $id:expr) => {
        sign_ins::table.find($id.number()).filter(sign_ins::user_id.eq($user.number()))
    };
}

impl Sessions for Unit {
    fn insert(&mut self, session: &Session, token: &TokenHash) -> Result<(), StorageError> {
        let insert = diesel::insert_into(sessions::table).values(SessionRow::new(session, token));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StorageError> {
        let session = sessions::table.find(id.number()).locked_no_key();
        let row: Option<SessionRow> = self.run(|connection| prepared!(session).get_result(connection).optional())?;
        Ok(row.map(Session::from))
    }

    fn replace_token(&mut self, id: SessionId, old: &TokenHash, new: &TokenHash) -> Result<bool, StorageError> {
        let held = sessions::table.find(id.number()).filter(sessions::token_hash.eq(&old.0[..]));
        let replaced = diesel::update(held).set(sessions::token_hash.eq(&new.0[..]));
        self.run(|connection| prepared!(replaced).execute(connection)).map(|count| count == 1)
    }

    fn save(&mut self, session: &Session) -> Result<(), StorageError> {
        let values =
            (sessions::last_seen_at.eq(At(session.last_seen_at)), sessions::expires_at.eq(At(session.expires_at)));
        let saved = diesel::update(sessions::table.find(session.id.number())).set(values);
        self.run(|connection| prepared!(saved).execute(connection)).map(drop)
    }

    fn insert_sign_in(&mut self, sign_in: &SignIn) -> Result<(), StorageError> {
        let insert = diesel::insert_into(sign_ins::table).values(SignInRow::from(sign_in));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn sign_ins(&mut self, session: SessionId) -> Result<Vec<SignIn>, StorageError> {
        let sign_ins = sign_ins::table
            .filter(sign_ins::session_id.eq(session.number()))
            .filter(sign_ins::ended_at.is_null())
            .order((sign_ins::created_at, sign_ins::id));
        let rows: Vec<SignInRow> = self.run(|connection| prepared!(sign_ins).load(connection))?;
        rows.into_iter().map(SignIn::try_from).collect()
    }

    fn is_live(&mut self, user: UserId, id: SignInId) -> Result<bool, StorageError> {
        let live = sign_in!(user, id).filter(sign_ins::ended_at.is_null()).select(sign_ins::id);
        let found: Option<i64> = self.run(|connection| prepared!(live).get_result(connection).optional())?;
        Ok(found.is_some())
    }

    /// Later than every other of its session, also when the clock did not move or was set back since (R97).
    fn activate(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError> {
        let latest = self.latest_activation_beside(user, id)?;
        let now = latest.map_or(now, |latest| now.max(latest + chrono::Duration::milliseconds(1)));
        let live = sign_in!(user, id).filter(sign_ins::ended_at.is_null());
        let activated = diesel::update(live).set(sign_ins::activated_at.eq(At(now)));
        self.run(|connection| prepared!(activated).execute(connection)).map(|count| count == 1)
    }

    fn touch(
        &mut self,
        user: UserId,
        id: SignInId,
        session: Option<SessionId>,
        now: Instant,
    ) -> Result<bool, StorageError> {
        // The session first, in the same order as sign-in and sign-out.
        if let Some(session) = session {
            let seen = diesel::update(sessions::table.find(session.number())).set(sessions::last_seen_at.eq(At(now)));
            self.run(|connection| prepared!(seen).execute(connection))?;
        }
        let live = sign_in!(user, id).filter(sign_ins::ended_at.is_null());
        let touched = diesel::update(live).set(sign_ins::last_active_at.eq(At(now)));
        self.run(|connection| prepared!(touched).execute(connection)).map(|rows| rows > 0)
    }

    fn set_assurance(&mut self, user: UserId, id: SignInId, assurance: &Assurance) -> Result<bool, StorageError> {
        let live = sign_in!(user, id).filter(sign_ins::ended_at.is_null());
        let values = (
            sign_ins::authenticated_at.eq(At(assurance.authenticated_at)),
            sign_ins::methods.eq(assurance.methods.to_text()),
        );
        let written = diesel::update(live).set(values);
        self.run(|connection| prepared!(written).execute(connection)).map(|count| count == 1)
    }

    fn start_refresh(&mut self, user: UserId, id: SignInId, chain: &RefreshChain) -> Result<(), StorageError> {
        let values = (
            sign_ins::refresh_hash.eq(&chain.hash.0[..]),
            sign_ins::refresh_generation.eq(chain.generation),
            sign_ins::refreshed_at.eq(At(chain.rotated_at)),
        );
        let started = diesel::update(sign_in!(user, id)).set(values);
        self.run(|connection| prepared!(started).execute(connection)).map(drop)
    }

    fn rotate_refresh(
        &mut self,
        user: UserId,
        id: SignInId,
        chain: &RefreshChain,
        now: Instant,
    ) -> Result<bool, StorageError> {
        let unchanged = sign_in!(user, id)
            .filter(sign_ins::refresh_generation.eq(chain.generation))
            .filter(sign_ins::refresh_hash.eq(&chain.hash.0[..]))
            .filter(sign_ins::ended_at.is_null());
        let values = (
            sign_ins::refresh_generation.eq(chain.generation + 1),
            sign_ins::refreshed_at.eq(At(now)),
            sign_ins::last_active_at.eq(At(now)),
        );
        let rotated = diesel::update(unchanged).set(values);
        self.run(|connection| prepared!(rotated).execute(connection)).map(|count| count == 1)
    }

    /// The refresh chain is kept: its tokens are checked by their sign-in, and a reuse is detected.
    fn end_sign_in(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError> {
        let live = sign_in!(user, id).filter(sign_ins::ended_at.is_null());
        let values = (sign_ins::ended_at.eq(At(now)), sign_ins::activated_at.eq(None::<At>));
        let ended = diesel::update(live).set(values);
        self.run(|connection| prepared!(ended).execute(connection)).map(|count| count == 1)
    }

    fn end_sign_ins_of(&mut self, user: UserId, kept: Option<SignInId>, now: Instant) -> Result<usize, StorageError> {
        // No row has the id 0.
        let except = kept.map_or(0, Id::number);
        let live = sign_ins::table
            .filter(sign_ins::user_id.eq(user.number()))
            .filter(sign_ins::id.ne(except))
            .filter(sign_ins::ended_at.is_null());
        let ended = diesel::update(live).set(sign_ins::ended_at.eq(At(now)));
        let count = self.run(|connection| prepared!(ended).execute(connection))?;
        self.refuse_tokens(user, kept, now)?;
        Ok(count)
    }

    fn end_sign_ins_of_client(&mut self, user: UserId, client_id: &str, now: Instant) -> Result<usize, StorageError> {
        let live = sign_ins::table
            .filter(sign_ins::user_id.eq(user.number()))
            .filter(sign_ins::client_id.eq(client_id.to_owned()))
            .filter(sign_ins::ended_at.is_null());
        let ended = diesel::update(live).set(sign_ins::ended_at.eq(At(now)));
        self.run(|connection| prepared!(ended).execute(connection))
    }

    fn name_sign_in(&mut self, user: UserId, id: SignInId, name: Option<String>) -> Result<bool, StorageError> {
        let live = sign_in!(user, id).filter(sign_ins::ended_at.is_null());
        let named = diesel::update(live).set(sign_ins::name.eq(name));
        self.run(|connection| prepared!(named).execute(connection)).map(|count| count == 1)
    }

    /// Sign-ins first: those of a removed session would be removed with it and not counted. One condition at a time, so
    /// that each uses its index.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let ended = sign_ins::table
            .filter(sign_ins::ended_at.lt(At(before)))
            .filter(is_no_last_one())
            .order(sign_ins::ended_at)
            .limit(limit)
            .select(sign_ins::id)
            .locked_unless_held();
        let expired = sign_ins::table
            .filter(sign_ins::expires_at.lt(At(before)))
            .filter(is_no_last_one())
            .order(sign_ins::expires_at)
            .limit(limit)
            .select(sign_ins::id)
            .locked_unless_held();
        let sessions = sessions::table
            .filter(sessions::expires_at.lt(At(before)))
            .order(sessions::expires_at)
            .limit(limit)
            .select(sessions::id)
            .locked_unless_held();
        let mut over: Vec<i64> = self.run(|connection| prepared!(ended).load(connection))?;
        over.extend(self.run(|connection| prepared!(expired).load::<i64>(connection))?);
        let sessions: Vec<i64> = self.run(|connection| prepared!(sessions).load(connection))?;
        let mut rows = 0;
        if !over.is_empty() {
            let over = sign_ins::table.filter(sign_ins::id.eq_any(over));
            rows += self.run(|connection| diesel::delete(over).execute(connection))?;
        }
        if !sessions.is_empty() {
            let with_them: Vec<Option<i64>> = sessions.iter().copied().map(Some).collect();
            let with_them = sign_ins::table.filter(sign_ins::session_id.eq_any(with_them));
            let sessions = sessions::table.filter(sessions::id.eq_any(sessions));
            rows += self.run(|connection| diesel::delete(with_them).execute(connection))?;
            rows += self.run(|connection| diesel::delete(sessions).execute(connection))?;
        }
        Ok(rows)
    }
}

impl Unit {
    /// When another sign-in of the same session was activated last.
    fn latest_activation_beside(&mut self, user: UserId, id: SignInId) -> Result<Option<Instant>, StorageError> {
        let session = sign_in!(user, id).select(sign_ins::session_id);
        let latest = others
            .filter(others.field(sign_ins::session_id).nullable().eq(session.single_value()))
            .filter(others.field(sign_ins::id).ne(id.number()))
            .filter(others.field(sign_ins::activated_at).is_not_null())
            .order(others.field(sign_ins::activated_at).desc())
            .select(others.field(sign_ins::activated_at))
            .limit(1);
        let at: Option<Option<At>> = self.run(|connection| prepared!(latest).get_result(connection).optional())?;
        Ok(at.flatten().map(|at| at.0))
    }
}
