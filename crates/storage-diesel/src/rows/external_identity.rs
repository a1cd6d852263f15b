//! Rows of identities of other issuers.

use diesel::prelude::*;
use selfsame_domain::{ExternalIdentity, ExternalIdentityId, SignInId, UserId, id::Id};

use crate::{schema::external_identities, sql_types::At};

/// A row of `external_identities`.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = external_identities, treat_none_as_default_value = false)]
pub(crate) struct ExternalIdentityRow {
    id: i64,
    issuer: String,
    subject: String,
    user_id: Option<i64>,
    sign_in_id: Option<i64>,
    tokens_not_before: Option<At>,
    created_at: At,
}

impl From<&ExternalIdentity> for ExternalIdentityRow {
    fn from(identity: &ExternalIdentity) -> Self {
        Self {
            id: identity.id.number(),
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            user_id: identity.user_id.map(Id::number),
            sign_in_id: identity.sign_in_id.map(Id::number),
            tokens_not_before: identity.tokens_not_before.map(At),
            created_at: At(identity.created_at),
        }
    }
}

impl From<ExternalIdentityRow> for ExternalIdentity {
    fn from(row: ExternalIdentityRow) -> Self {
        Self {
            id: ExternalIdentityId::from_number(row.id),
            issuer: row.issuer,
            subject: row.subject,
            user_id: row.user_id.map(UserId::from_number),
            sign_in_id: row.sign_in_id.map(SignInId::from_number),
            tokens_not_before: row.tokens_not_before.map(|at| at.0),
            created_at: row.created_at.0,
        }
    }
}
