//! [`RefreshTokens`].

use diesel::prelude::*;
use selfsame_domain::{Instant, RefreshToken, RefreshTokenId, TokenHash, id::Id as _};
use selfsame_ports::{RefreshTokens, StorageError};

use crate::{prepared::prepared, rows::RefreshTokenRow, schema::refresh_tokens, sql_types::At, unit::Unit};

impl RefreshTokens for Unit {
    fn insert(&mut self, token: &RefreshToken) -> Result<(), StorageError> {
        let row = RefreshTokenRow::from(token);
        self.run(|connection| diesel::insert_into(refresh_tokens::table).values(row).execute(connection)).map(drop)
    }

    fn find(&mut self, token: &TokenHash) -> Result<Option<RefreshToken>, StorageError> {
        let token = refresh_tokens::table.filter(refresh_tokens::token_hash.eq(&token.0[..]));
        let row: Option<RefreshTokenRow> = self.run(|connection| token.get_result(connection).optional())?;
        row.map(RefreshToken::try_from).transpose()
    }

    fn rotate(&mut self, id: RefreshTokenId, now: Instant) -> Result<bool, StorageError> {
        let unused = refresh_tokens::table.find(id.number()).filter(refresh_tokens::rotated_at.is_null());
        let rotated = diesel::update(unused).set(refresh_tokens::rotated_at.eq(At(now)));
        self.run(|connection| prepared!(rotated).execute(connection)).map(|count| count == 1)
    }
}
