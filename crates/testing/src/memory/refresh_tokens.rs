//! Refresh tokens in memory.

use selfsame_domain::{Instant, RefreshToken, RefreshTokenId, TokenHash};
use selfsame_ports::{RefreshTokens, StorageError};

use super::{
    tables::{insert_new, must_exist},
    unit::MemoryUnit,
};

impl RefreshTokens for MemoryUnit<'_> {
    fn insert(&mut self, token: &RefreshToken) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.sign_ins, token.sign_in_id)?;
            insert_new(&mut tables.refresh_tokens, token.id, token.clone())
        })
    }

    fn find(&mut self, token: &TokenHash) -> Result<Option<RefreshToken>, StorageError> {
        self.run(|tables| {
            let mut rows = tables.refresh_tokens.values();
            Ok(rows.find(|row| row.token_hash == *token).cloned())
        })
    }

    fn rotate(&mut self, id: RefreshTokenId, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            let row = tables.refresh_tokens.get_mut(&id);
            let row = row.filter(|token| token.rotated_at.is_none());
            Ok(row.map(|token| token.rotated_at = Some(now)).is_some())
        })
    }
}
