//! Rows of challenges.

use diesel::prelude::*;
use selfsame_domain::{AttemptId, Challenge, ChallengeId, IdentifierId, Purpose, SignInId, TokenHash, UserId, id::Id};
use selfsame_ports::StorageError;

use crate::{
    schema::challenges,
    sql_types::At,
    stored_values::{StoredValue as _, fixed},
};

/// A row of `challenges`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = challenges, treat_none_as_default_value = false)]
pub(crate) struct ChallengeRow {
    id: i64,
    purpose: String,
    user_id: i64,
    identifier_id: Option<i64>,
    target: String,
    address: String,
    attempt_id: Option<i64>,
    code_mac: Option<Vec<u8>>,
    code_expires_at: At,
    link_hash: Option<Vec<u8>>,
    link_expires_at: At,
    created_at: At,
    consumed_at: Option<At>,
    voided_at: Option<At>,
    sign_in_id: Option<i64>,
}

impl From<&Challenge> for ChallengeRow {
    fn from(challenge: &Challenge) -> Self {
        Self {
            id: challenge.id.number(),
            purpose: challenge.purpose.stored().to_owned(),
            user_id: challenge.user_id.number(),
            identifier_id: challenge.identifier_id.map(Id::number),
            target: challenge.target.clone(),
            address: challenge.address.clone(),
            attempt_id: challenge.attempt_id.map(Id::number),
            code_mac: challenge.code_mac.map(|mac| mac.to_vec()),
            code_expires_at: At(challenge.code_expires_at),
            link_hash: challenge.link_hash.map(|hash| hash.0.to_vec()),
            link_expires_at: At(challenge.link_expires_at),
            created_at: At(challenge.created_at),
            consumed_at: None,
            voided_at: None,
            sign_in_id: challenge.sign_in_id.map(Id::number),
        }
    }
}

impl TryFrom<ChallengeRow> for Challenge {
    type Error = StorageError;

    fn try_from(row: ChallengeRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: ChallengeId::from_number(row.id),
            purpose: Purpose::read(&row.purpose)?,
            user_id: UserId::from_number(row.user_id),
            identifier_id: row.identifier_id.map(IdentifierId::from_number),
            target: row.target,
            address: row.address,
            attempt_id: row.attempt_id.map(AttemptId::from_number),
            sign_in_id: row.sign_in_id.map(SignInId::from_number),
            code_mac: row.code_mac.map(fixed).transpose()?,
            code_expires_at: row.code_expires_at.0,
            link_hash: row.link_hash.map(fixed).transpose()?.map(TokenHash),
            link_expires_at: row.link_expires_at.0,
            created_at: row.created_at.0,
        })
    }
}
