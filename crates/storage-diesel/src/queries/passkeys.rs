//! Passkeys.

use diesel::prelude::*;
use selfsame_domain::{CredentialId, Passkey, UserId, id::Id as _};
use selfsame_ports::StorageError;

use super::Reader;
use crate::{prepared::prepared, rows::PasskeyRow, schema::passkeys};

pub(super) fn of_user(reader: &mut Reader, user: UserId) -> Result<Vec<Passkey>, StorageError> {
    let own = passkeys::table.filter(passkeys::user_id.eq(user.number())).order((passkeys::created_at, passkeys::id));
    let rows: Vec<PasskeyRow> = reader.run(|connection| prepared!(own).load(connection))?;
    rows.into_iter().map(Passkey::try_from).collect()
}

pub(super) fn by_credential(reader: &mut Reader, credential: &CredentialId) -> Result<Option<Passkey>, StorageError> {
    let passkey = passkeys::table.filter(passkeys::credential_id.eq(credential.as_bytes()));
    let row: Option<PasskeyRow> = reader.run(|connection| prepared!(passkey).get_result(connection).optional())?;
    row.map(Passkey::try_from).transpose()
}
