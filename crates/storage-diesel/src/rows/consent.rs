//! Rows of consents.

use diesel::prelude::*;
use selfsame_domain::{Consent, Scopes, UserId, id::Id as _};

use crate::{schema::consents, sql_types::At};

/// A row of `consents`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub(crate) struct ConsentRow {
    user_id: i64,
    client_id: String,
    scope: String,
    created_at: At,
    updated_at: At,
}

impl From<&Consent> for ConsentRow {
    fn from(consent: &Consent) -> Self {
        Self {
            user_id: consent.user_id.number(),
            client_id: consent.client_id.clone(),
            scope: consent.scopes.to_text(),
            created_at: At(consent.created_at),
            updated_at: At(consent.updated_at),
        }
    }
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        Self {
            user_id: UserId::from_number(row.user_id),
            client_id: row.client_id,
            scopes: Scopes::known_in(&row.scope),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        }
    }
}
