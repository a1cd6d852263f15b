//! Rows of passkeys.

use diesel::prelude::*;
use selfsame_domain::{CredentialId, Passkey, PasskeyId, UserId, id::Id as _};
use selfsame_ports::StorageError;

use crate::{schema::passkeys, sql_types::At, stored_values::internal};

/// A row of `passkeys`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = passkeys, treat_none_as_default_value = false)]
pub(crate) struct PasskeyRow {
    id: i64,
    user_id: i64,
    credential_id: Vec<u8>,
    public_key: String,
    name: String,
    transports: String,
    sign_count: i64,
    backup_eligible: bool,
    backed_up: bool,
    use_count: i64,
    created_at: At,
    last_used_at: Option<At>,
}

impl From<&Passkey> for PasskeyRow {
    fn from(passkey: &Passkey) -> Self {
        Self {
            id: passkey.id.number(),
            user_id: passkey.user_id.number(),
            credential_id: passkey.credential_id.as_bytes().to_vec(),
            public_key: passkey.public_key.clone(),
            name: passkey.name.clone(),
            transports: passkey.transports.join(" "),
            sign_count: i64::from(passkey.sign_count),
            backup_eligible: passkey.is_backup_eligible,
            backed_up: passkey.is_backed_up,
            use_count: passkey.use_count,
            created_at: At(passkey.created_at),
            last_used_at: passkey.last_used_at.map(At),
        }
    }
}

impl TryFrom<PasskeyRow> for Passkey {
    type Error = StorageError;

    fn try_from(row: PasskeyRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: PasskeyId::from_number(row.id),
            user_id: UserId::from_number(row.user_id),
            credential_id: CredentialId::from_bytes(row.credential_id)
                .ok_or_else(|| internal("a stored credential id has an impossible length"))?,
            public_key: row.public_key,
            name: row.name,
            transports: row.transports.split_ascii_whitespace().map(str::to_owned).collect(),
            sign_count: u32::try_from(row.sign_count).map_err(internal)?,
            is_backup_eligible: row.backup_eligible,
            is_backed_up: row.backed_up,
            use_count: row.use_count,
            created_at: row.created_at.0,
            last_used_at: row.last_used_at.map(|at| at.0),
        })
    }
}
