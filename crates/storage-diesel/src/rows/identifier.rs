//! Rows of identifiers.

use diesel::prelude::*;
use selfsame_domain::{Identifier, IdentifierId, IdentifierKind, UserId, id::Id as _};
use selfsame_ports::StorageError;

use crate::{schema::identifiers, sql_types::At, stored_values::StoredValue as _};

/// A row of `identifiers`.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = identifiers, treat_none_as_default_value = false)]
pub(crate) struct IdentifierRow {
    id: i64,
    user_id: i64,
    kind: String,
    value: String,
    canonical: String,
    is_primary: bool,
    verified_at: Option<At>,
    created_at: At,
    is_second_factor: bool,
}

impl IdentifierRow {
    pub(crate) fn new(user: UserId, identifier: &Identifier) -> Self {
        Self {
            id: identifier.id.number(),
            user_id: user.number(),
            kind: identifier.kind.stored().to_owned(),
            value: identifier.value.clone(),
            canonical: identifier.canonical.clone(),
            is_primary: identifier.is_primary,
            verified_at: identifier.verified_at.map(At),
            created_at: At(identifier.created_at),
            is_second_factor: identifier.is_second_factor,
        }
    }
}

impl TryFrom<IdentifierRow> for Identifier {
    type Error = StorageError;

    fn try_from(row: IdentifierRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: IdentifierId::from_number(row.id),
            kind: IdentifierKind::read(&row.kind)?,
            value: row.value,
            canonical: row.canonical,
            is_primary: row.is_primary,
            verified_at: row.verified_at.map(|at| at.0),
            is_second_factor: row.is_second_factor,
            created_at: row.created_at.0,
        })
    }
}
