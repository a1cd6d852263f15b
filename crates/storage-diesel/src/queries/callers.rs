//! What authenticates a caller: the session of a cookie, the sign-in of an access token, or the identity of a token of another
//! issuer, with the accounts.
//!
//! Attributes may be large, and a join would repeat them. So they are read only on request, for the active account
//! only, in one of its rows, and parsed once.

use diesel::{
    dsl::{auto_type, exists, not},
    prelude::*,
};
use selfsame_domain::{Instant, SignIn, SignInId, TokenHash, UserId, id::Id as _};
use selfsame_ports::{ExternalIdentityState, SessionState, SignInState, StorageError};

use super::{Reader, proofs::open};
use crate::{
    prepared::prepared,
    rows::{ExternalIdentityRow, IdentifierRow, SessionRow, SignInRow, UserRow, one_account, read_attributes},
    schema::{attempts, attributes, external_identities, identifiers, sessions, sign_ins, users},
    sql_types::{At, JsonText},
};

diesel::alias!(identifiers as others: Others, sign_ins as activated: Activated);

type SessionJoin =
    (SessionRow, Option<i64>, Option<SignInRow>, Option<UserRow>, Option<IdentifierRow>, bool, Option<JsonText>);
type SignInJoin = (SignInRow, UserRow, Option<IdentifierRow>, Option<JsonText>);

type ExternalIdentityJoin =
    (ExternalIdentityRow, Option<SignInRow>, Option<UserRow>, Option<IdentifierRow>, Option<JsonText>);

/// Whether the account of a row has no identifier with a smaller id. This holds for exactly one of its rows.
#[auto_type(no_type_alias)]
fn is_first_identifier() -> _ {
    let smaller = others
        .filter(others.field(identifiers::user_id).nullable().eq(identifiers::user_id.nullable()))
        .filter(others.field(identifiers::id).nullable().lt(identifiers::id.nullable()));
    not(exists(smaller))
}

/// Two statement texts, so that a request without attributes does not read their table.
pub(super) fn session(
    reader: &mut Reader,
    token: &TokenHash,
    now: Instant,
    with_attributes: bool,
) -> Result<Option<SessionState>, StorageError> {
    let active = || {
        activated
            .filter(activated.field(sign_ins::session_id).eq(sessions::id.nullable()))
            .filter(activated.field(sign_ins::activated_at).is_not_null())
            .order((activated.field(sign_ins::activated_at).desc(), activated.field(sign_ins::id).desc()))
            .select(activated.field(sign_ins::id))
            .limit(1)
            .single_value()
    };
    let in_session = sign_ins::session_id.eq(sessions::id.nullable()).and(sign_ins::ended_at.is_null());
    let of_session = attempts::table.filter(attempts::session_id.eq(sessions::id.nullable())).filter(open(At(now)));
    let joined = sessions::table
        .left_join(sign_ins::table.on(in_session))
        .left_join(users::table.on(users::id.nullable().eq(sign_ins::user_id.nullable())))
        .left_join(identifiers::table.on(identifiers::user_id.nullable().eq(users::id.nullable())));
    let order = (sign_ins::created_at, sign_ins::id, identifiers::created_at, identifiers::id);
    let columns = (
        sessions::all_columns,
        active(),
        sign_ins::all_columns.nullable(),
        users::all_columns.nullable(),
        identifiers::all_columns.nullable(),
        exists(of_session.select(attempts::id)),
    );
    let rows: Vec<SessionJoin> = if with_attributes {
        let of_active = attributes::user_id
            .nullable()
            .eq(users::id.nullable())
            .and(sign_ins::id.nullable().eq(active()))
            .and(is_first_identifier());
        let state = joined
            .left_join(attributes::table.on(of_active))
            .filter(sessions::token_hash.eq(&token.0[..]))
            .order(order)
            .select((columns, attributes::value.nullable()));
        let rows = reader.run(|connection| prepared!(state).load(connection))?;
        rows.into_iter().map(|((a, b, c, d, e, f), value)| (a, b, c, d, e, f, value)).collect()
    } else {
        let state = joined.filter(sessions::token_hash.eq(&token.0[..])).order(order).select(columns);
        let rows = reader.run(|connection| prepared!(state).load(connection))?;
        rows.into_iter().map(|(a, b, c, d, e, f)| (a, b, c, d, e, f, None)).collect()
    };
    session_state(rows, with_attributes)
}

pub(super) fn sign_in(
    reader: &mut Reader,
    user: UserId,
    id: SignInId,
    with_attributes: bool,
) -> Result<Option<SignInState>, StorageError> {
    let joined = sign_ins::table.inner_join(users::table.left_join(identifiers::table));
    let order = (identifiers::created_at, identifiers::id);
    let columns = (sign_ins::all_columns, users::all_columns, identifiers::all_columns.nullable());
    let is_meant = sign_ins::id.eq(id.number()).and(sign_ins::user_id.eq(user.number()));
    let rows: Vec<SignInJoin> = if with_attributes {
        let of_user = attributes::user_id.eq(users::id).and(is_first_identifier());
        let state = joined
            .left_join(attributes::table.on(of_user))
            .filter(is_meant)
            .order(order)
            .select((columns, attributes::value.nullable()));
        let rows = reader.run(|connection| prepared!(state).load(connection))?;
        rows.into_iter().map(|((a, b, c), value)| (a, b, c, value)).collect()
    } else {
        let state = joined.filter(is_meant).order(order).select(columns);
        let rows = reader.run(|connection| prepared!(state).load(connection))?;
        rows.into_iter().map(|(a, b, c)| (a, b, c, None)).collect()
    };
    sign_in_state(rows, with_attributes)
}

pub(super) fn external_identity(
    reader: &mut Reader,
    issuer: &str,
    subject: &str,
    with_attributes: bool,
) -> Result<Option<ExternalIdentityState>, StorageError> {
    let joined = external_identities::table
        .left_join(sign_ins::table.on(sign_ins::id.nullable().eq(external_identities::sign_in_id)))
        .left_join(users::table.on(users::id.nullable().eq(sign_ins::user_id.nullable())))
        .left_join(identifiers::table.on(identifiers::user_id.nullable().eq(users::id.nullable())));
    let order = (identifiers::created_at, identifiers::id);
    let columns = (
        external_identities::all_columns,
        sign_ins::all_columns.nullable(),
        users::all_columns.nullable(),
        identifiers::all_columns.nullable(),
    );
    let is_meant =
        external_identities::issuer.eq(issuer.to_owned()).and(external_identities::subject.eq(subject.to_owned()));
    let rows: Vec<ExternalIdentityJoin> = if with_attributes {
        let of_user = attributes::user_id.nullable().eq(users::id.nullable()).and(is_first_identifier());
        let state = joined
            .left_join(attributes::table.on(of_user))
            .filter(is_meant)
            .order(order)
            .select((columns, attributes::value.nullable()));
        let rows = reader.run(|connection| prepared!(state).load(connection))?;
        rows.into_iter().map(|((a, b, c, d), value)| (a, b, c, d, value)).collect()
    } else {
        let state = joined.filter(is_meant).order(order).select(columns);
        let rows = reader.run(|connection| prepared!(state).load(connection))?;
        rows.into_iter().map(|(a, b, c, d)| (a, b, c, d, None)).collect()
    };
    let Some(identity) = rows.first().map(|(identity, ..)| identity.clone().into()) else { return Ok(None) };
    let held =
        rows.into_iter().filter_map(|(_, sign_in, user, identifier, value)| Some((sign_in?, user?, identifier, value)));
    let sign_in = sign_in_state(held.collect(), with_attributes)?;
    Ok(Some(ExternalIdentityState { identity, sign_in }))
}

/// The session in the rows of a join, which repeat it for each sign-in and each identifier of its account; `None` if
/// there are no rows. If the active sign-in has ended, there are no attributes.
fn session_state(rows: Vec<SessionJoin>, with_attributes: bool) -> Result<Option<SessionState>, StorageError> {
    let Some((session, active, .., has_open_attempts, _)) = rows.first().cloned() else {
        return Ok(None);
    };
    let stored = rows.iter().find_map(|(.., stored)| stored.as_ref());
    let is_active = |row: &SessionJoin| row.2.as_ref().is_some_and(|sign_in| Some(sign_in.id) == active);
    let attributes = (with_attributes && rows.iter().any(is_active)).then(|| read_attributes(stored)).transpose()?;
    let held = rows.into_iter().filter_map(|(_, _, sign_in, user, identifier, ..)| Some((sign_in?, user?, identifier)));
    let held: Vec<(SignInRow, UserRow, Option<IdentifierRow>)> = held.collect();
    let mut sign_ins = Vec::new();
    for rows in held.chunk_by(|(one, ..), (other, ..)| one.id == other.id) {
        let user = one_account(rows.iter().map(|(_, user, identifier)| (user.clone(), identifier.clone())))?;
        let sign_in = rows.first().map(|(sign_in, ..)| SignIn::try_from(sign_in.clone())).transpose()?;
        sign_ins.extend(sign_in.zip(user));
    }
    let active = active.map(SignInId::from_number);
    Ok(Some(SessionState { session: session.into(), active, sign_ins, attributes, has_open_attempts }))
}

/// The same for one sign-in.
fn sign_in_state(rows: Vec<SignInJoin>, with_attributes: bool) -> Result<Option<SignInState>, StorageError> {
    let sign_in = rows.first().map(|(sign_in, ..)| SignIn::try_from(sign_in.clone())).transpose()?;
    let stored = rows.iter().find_map(|(.., stored)| stored.as_ref());
    let attributes = with_attributes.then(|| read_attributes(stored)).transpose()?;
    let user = one_account(rows.into_iter().map(|(_, user, identifier, _)| (user, identifier)))?;
    Ok(sign_in.zip(user).map(|(sign_in, user)| SignInState { sign_in, user, attributes }))
}
