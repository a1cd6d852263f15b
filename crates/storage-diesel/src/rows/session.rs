//! Rows of browser sessions, sign-ins and refresh tokens.

use diesel::prelude::*;
use selfsame_domain::{RefreshToken, RefreshTokenId, Session, SessionId, SignIn, SignInId, TokenHash, UserId, id::Id};
use selfsame_ports::StorageError;

use crate::{
    schema::{refresh_tokens, sessions, sign_ins},
    sql_types::At,
    words::fixed,
};

/// A row of `sessions`.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub(crate) struct SessionRow {
    id: i64,
    token_hash: Vec<u8>,
    active_sign_in_id: Option<i64>,
    created_at: At,
    last_seen_at: At,
    expires_at: At,
}

impl SessionRow {
    pub(crate) fn new(session: &Session, token: &TokenHash) -> Self {
        Self {
            id: session.id.number(),
            token_hash: token.0.to_vec(),
            active_sign_in_id: session.active_sign_in.map(Id::number),
            created_at: At(session.created_at),
            last_seen_at: At(session.last_seen_at),
            expires_at: At(session.expires_at),
        }
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId::from_number(row.id),
            active_sign_in: row.active_sign_in_id.map(SignInId::from_number),
            created_at: row.created_at.0,
            last_seen_at: row.last_seen_at.0,
            expires_at: row.expires_at.0,
        }
    }
}

/// A row of `sign_ins`.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = sign_ins, treat_none_as_default_value = false)]
pub(crate) struct SignInRow {
    pub(crate) id: i64,
    session_id: Option<i64>,
    user_id: i64,
    created_at: At,
    last_active_at: At,
    expires_at: At,
    ended_at: Option<At>,
    ip: Option<String>,
    user_agent: Option<String>,
}

impl From<&SignIn> for SignInRow {
    fn from(sign_in: &SignIn) -> Self {
        Self {
            id: sign_in.id.number(),
            session_id: sign_in.session_id.map(Id::number),
            user_id: sign_in.user_id.number(),
            created_at: At(sign_in.created_at),
            last_active_at: At(sign_in.last_active_at),
            expires_at: At(sign_in.expires_at),
            ended_at: sign_in.ended_at.map(At),
            ip: sign_in.ip.clone(),
            user_agent: sign_in.user_agent.clone(),
        }
    }
}

impl From<SignInRow> for SignIn {
    fn from(row: SignInRow) -> Self {
        Self {
            id: SignInId::from_number(row.id),
            session_id: row.session_id.map(SessionId::from_number),
            user_id: UserId::from_number(row.user_id),
            created_at: row.created_at.0,
            last_active_at: row.last_active_at.0,
            expires_at: row.expires_at.0,
            ended_at: row.ended_at.map(|at| at.0),
            ip: row.ip,
            user_agent: row.user_agent,
        }
    }
}

/// A row of `refresh_tokens`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub(crate) struct RefreshTokenRow {
    id: i64,
    sign_in_id: i64,
    token_hash: Vec<u8>,
    created_at: At,
    expires_at: At,
    rotated_at: Option<At>,
}

impl From<&RefreshToken> for RefreshTokenRow {
    fn from(token: &RefreshToken) -> Self {
        Self {
            id: token.id.number(),
            sign_in_id: token.sign_in_id.number(),
            token_hash: token.token_hash.0.to_vec(),
            created_at: At(token.created_at),
            expires_at: At(token.expires_at),
            rotated_at: token.rotated_at.map(At),
        }
    }
}

impl TryFrom<RefreshTokenRow> for RefreshToken {
    type Error = StorageError;

    fn try_from(row: RefreshTokenRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: RefreshTokenId::from_number(row.id),
            sign_in_id: SignInId::from_number(row.sign_in_id),
            token_hash: TokenHash(fixed(row.token_hash)?),
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
            rotated_at: row.rotated_at.map(|at| at.0),
        })
    }
}
