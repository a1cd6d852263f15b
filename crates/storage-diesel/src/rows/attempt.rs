//! Rows of attempts.

use diesel::prelude::*;
use selfsame_domain::{Attempt, AttemptId, AttemptKind, SessionId, SignInId, TokenHash, UserId, id::Id};
use selfsame_ports::StorageError;

use crate::{
    schema::attempts,
    sql_types::{At, JsonText},
    stored_values::{StoredValue as _, fixed, internal, read_factors, read_optional},
};

/// A row of `attempts`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
pub(crate) struct AttemptRow {
    id: i64,
    kind: String,
    session_id: Option<i64>,
    token_hash: Option<Vec<u8>>,
    user_id: Option<i64>,
    credential_epoch: i64,
    email: Option<String>,
    method: Option<String>,
    form: JsonText,
    required: String,
    satisfied: String,
    sealed: Option<Vec<u8>>,
    sign_in_id: Option<i64>,
    completed_at: Option<At>,
    created_at: At,
    expires_at: At,
    phone_number: Option<String>,
}

impl TryFrom<&Attempt> for AttemptRow {
    type Error = StorageError;

    fn try_from(attempt: &Attempt) -> Result<Self, StorageError> {
        Ok(Self {
            id: attempt.id.number(),
            kind: attempt.kind.stored().to_owned(),
            session_id: attempt.session_id.map(Id::number),
            token_hash: attempt.token_hash.map(|hash| hash.0.to_vec()),
            user_id: attempt.user_id.map(Id::number),
            credential_epoch: attempt.credential_epoch,
            email: attempt.email.clone(),
            method: attempt.method.map(|method| method.stored().to_owned()),
            form: serde_json::to_string(&attempt.form).map(JsonText).map_err(internal)?,
            required: attempt.required.to_text(),
            satisfied: attempt.satisfied.to_text(),
            sealed: attempt.sealed.clone(),
            sign_in_id: attempt.sign_in_id.map(Id::number),
            completed_at: attempt.completed_at.map(At),
            created_at: At(attempt.created_at),
            expires_at: At(attempt.expires_at),
            phone_number: attempt.phone_number.clone(),
        })
    }
}

impl TryFrom<AttemptRow> for Attempt {
    type Error = StorageError;

    fn try_from(row: AttemptRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: AttemptId::from_number(row.id),
            kind: AttemptKind::read(&row.kind)?,
            session_id: row.session_id.map(SessionId::from_number),
            token_hash: row.token_hash.map(fixed).transpose()?.map(TokenHash),
            user_id: row.user_id.map(UserId::from_number),
            credential_epoch: row.credential_epoch,
            email: row.email,
            phone_number: row.phone_number,
            method: read_optional(row.method.as_deref())?,
            form: serde_json::from_str(&row.form.0).map_err(internal)?,
            required: read_factors(&row.required)?,
            satisfied: read_factors(&row.satisfied)?,
            sealed: row.sealed,
            sign_in_id: row.sign_in_id.map(SignInId::from_number),
            completed_at: row.completed_at.map(|at| at.0),
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        })
    }
}
