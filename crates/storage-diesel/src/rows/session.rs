//! Rows of browser sessions and sign-ins.

use diesel::prelude::*;
use selfsame_domain::{
    Assurance, AuthorizedClient, Factors, RefreshChain, Scopes, Session, SessionId, SignIn, SignInId, TokenHash,
    UserId, id::Id,
};
use selfsame_ports::StorageError;

use crate::{
    schema::{sessions, sign_ins},
    sql_types::At,
    stored_values::fixed,
};

/// A row of `sessions`.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub(crate) struct SessionRow {
    id: i64,
    token_hash: Vec<u8>,
    created_at: At,
    last_seen_at: At,
    expires_at: At,
}

impl SessionRow {
    pub(crate) fn new(session: &Session, token: &TokenHash) -> Self {
        Self {
            id: session.id.number(),
            token_hash: token.0.to_vec(),
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
    authenticated_at: At,
    methods: String,
    activated_at: Option<At>,
    refresh_hash: Option<Vec<u8>>,
    refresh_generation: Option<i64>,
    refreshed_at: Option<At>,
    last_active_at: At,
    expires_at: At,
    ended_at: Option<At>,
    ip: Option<String>,
    user_agent: Option<String>,
    name: Option<String>,
    client_id: Option<String>,
    scope: Option<String>,
}

impl From<&SignIn> for SignInRow {
    fn from(sign_in: &SignIn) -> Self {
        Self {
            id: sign_in.id.number(),
            session_id: sign_in.session_id.map(Id::number),
            user_id: sign_in.user_id.number(),
            created_at: At(sign_in.created_at),
            authenticated_at: At(sign_in.assurance.authenticated_at),
            methods: sign_in.assurance.methods.to_text(),
            activated_at: sign_in.activated_at.map(At),
            refresh_hash: sign_in.refresh.as_ref().map(|chain| chain.hash.0.to_vec()),
            refresh_generation: sign_in.refresh.as_ref().map(|chain| chain.generation),
            refreshed_at: sign_in.refresh.as_ref().map(|chain| At(chain.rotated_at)),
            last_active_at: At(sign_in.last_active_at),
            expires_at: At(sign_in.expires_at),
            ended_at: sign_in.ended_at.map(At),
            ip: sign_in.ip.clone(),
            user_agent: sign_in.user_agent.clone(),
            name: sign_in.name.clone(),
            client_id: sign_in.client.as_ref().map(|client| client.id.clone()),
            scope: sign_in.client.as_ref().map(|client| client.scopes.to_text()),
        }
    }
}

impl TryFrom<SignInRow> for SignIn {
    type Error = StorageError;

    fn try_from(row: SignInRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: SignInId::from_number(row.id),
            session_id: row.session_id.map(SessionId::from_number),
            user_id: UserId::from_number(row.user_id),
            created_at: row.created_at.0,
            assurance: Assurance { authenticated_at: row.authenticated_at.0, methods: Factors::known_in(&row.methods) },
            activated_at: row.activated_at.map(|at| at.0),
            refresh: refresh_chain(row.refresh_hash, row.refresh_generation, row.refreshed_at)?,
            last_active_at: row.last_active_at.0,
            expires_at: row.expires_at.0,
            ended_at: row.ended_at.map(|at| at.0),
            ip: row.ip,
            user_agent: row.user_agent,
            name: row.name,
            client: row
                .client_id
                .map(|id| AuthorizedClient { id, scopes: Scopes::known_in(row.scope.as_deref().unwrap_or_default()) }),
        })
    }
}

/// All three columns are set or none is; a CHECK constraint ensures that.
fn refresh_chain(
    hash: Option<Vec<u8>>,
    generation: Option<i64>,
    refreshed_at: Option<At>,
) -> Result<Option<RefreshChain>, StorageError> {
    let (Some(hash), Some(generation), Some(refreshed_at)) = (hash, generation, refreshed_at) else {
        return Ok(None);
    };
    Ok(Some(RefreshChain { hash: TokenHash(fixed(hash)?), generation, rotated_at: refreshed_at.0 }))
}
