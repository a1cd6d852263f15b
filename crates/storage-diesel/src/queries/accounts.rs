//! Accounts, alone or with their password, and their attributes.

use diesel::{
    dsl::{Nullable, auto_type},
    prelude::*,
};
use selfsame_domain::{Attributes, IdentifierKind, PasswordHash, User, UserId, id::Id as _};
use selfsame_ports::{Credentials, StorageError};

use super::Reader;
use crate::{
    prepared::prepared,
    rows::{IdentifierRow, UserRow, one_account, read_attributes},
    schema::{attributes, identifiers, passwords, users},
    stored_values::StoredValue as _,
};

type AllColumns<T> = <T as Table>::AllColumns;

diesel::alias!(identifiers as claims: Claims, users as listed: Listed);

/// Accounts with their identifiers, oldest first, and their password: one row for each identifier.
#[auto_type(no_type_alias)]
fn accounts() -> _ {
    let columns: (AllColumns<users::table>, Nullable<AllColumns<identifiers::table>>, Nullable<passwords::phc>) =
        (users::all_columns, identifiers::all_columns.nullable(), passwords::phc.nullable());
    users::table
        .left_join(identifiers::table)
        .left_join(passwords::table)
        .order((identifiers::created_at, identifiers::id))
        .select(columns)
}

pub(super) fn user(reader: &mut Reader, id: UserId) -> Result<Option<User>, StorageError> {
    let account = users::table
        .left_join(identifiers::table)
        .filter(users::id.eq(id.number()))
        .order((identifiers::created_at, identifiers::id))
        .select((users::all_columns, identifiers::all_columns.nullable()));
    let rows: Vec<(UserRow, Option<IdentifierRow>)> = reader.run(|connection| prepared!(account).load(connection))?;
    one_account(rows)
}

pub(super) fn attributes(reader: &mut Reader, id: UserId) -> Result<Attributes, StorageError> {
    let value = attributes::table.find(id.number()).select(attributes::value);
    let value = reader.run(|connection| prepared!(value).get_result(connection).optional())?;
    read_attributes(value.as_ref())
}

pub(super) fn credentials(reader: &mut Reader, id: UserId) -> Result<Option<Credentials>, StorageError> {
    let account = accounts().filter(users::id.eq(id.number()));
    read(reader.run(|connection| prepared!(account).load(connection))?)
}

pub(super) fn by_identifier(
    reader: &mut Reader,
    kind: IdentifierKind,
    canonical: &str,
) -> Result<Option<Credentials>, StorageError> {
    let owner = claims
        .filter(claims.field(identifiers::kind).eq(kind.stored()))
        .filter(claims.field(identifiers::canonical).eq(canonical))
        .order((
            claims.field(identifiers::verified_at).is_null(),
            claims.field(identifiers::created_at).desc(),
            claims.field(identifiers::id).desc(),
        ))
        .select(claims.field(identifiers::user_id))
        .limit(1);
    let account = accounts().filter(users::id.nullable().eq(owner.single_value()));
    read(reader.run(|connection| prepared!(account).load(connection))?)
}

pub(super) fn unproven_claim(
    reader: &mut Reader,
    kind: IdentifierKind,
    canonical: &str,
) -> Result<Option<Credentials>, StorageError> {
    let claimant = claims
        .filter(claims.field(identifiers::kind).eq(kind.stored()))
        .filter(claims.field(identifiers::canonical).eq(canonical))
        .filter(claims.field(identifiers::verified_at).is_null())
        .order((claims.field(identifiers::created_at).desc(), claims.field(identifiers::id).desc()))
        .select(claims.field(identifiers::user_id))
        .limit(1);
    let account = accounts().filter(users::id.nullable().eq(claimant.single_value()));
    read(reader.run(|connection| prepared!(account).load(connection))?)
}

pub(super) fn list(reader: &mut Reader, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError> {
    let ids = listed
        .filter(listed.field(users::id).gt(after.map_or(0, UserId::number)))
        .order(listed.field(users::id))
        .select(listed.field(users::id))
        .limit(limit);
    let accounts = users::table
        .left_join(identifiers::table)
        .filter(users::id.eq_any(ids))
        .order((users::id, identifiers::created_at, identifiers::id))
        .select((users::all_columns, identifiers::all_columns.nullable()));
    let rows: Vec<(UserRow, Option<IdentifierRow>)> = reader.run(|connection| prepared!(accounts).load(connection))?;
    let accounts = rows.chunk_by(|(one, _), (other, _)| one.id == other.id);
    accounts.filter_map(|rows| one_account(rows.iter().cloned()).transpose()).collect()
}

pub(super) fn by_username(reader: &mut Reader, canonical: &str) -> Result<Option<Credentials>, StorageError> {
    let account = accounts().filter(users::preferred_username_canonical.eq(canonical));
    read(reader.run(|connection| prepared!(account).load(connection))?)
}

fn read(mut rows: Vec<(UserRow, Option<IdentifierRow>, Option<String>)>) -> Result<Option<Credentials>, StorageError> {
    let password = rows.first_mut().and_then(|(.., phc)| phc.take()).map(PasswordHash::from_phc);
    let user = one_account(rows.into_iter().map(|(user, identifier, _)| (user, identifier)))?;
    Ok(user.map(|user| Credentials { user, password }))
}
