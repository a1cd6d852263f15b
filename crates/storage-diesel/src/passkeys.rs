//! [`Passkeys`].

use diesel::prelude::*;
use selfsame_domain::{CredentialId, Instant, Passkey, PasskeyId, UserId, id::Id as _};
use selfsame_ports::{Passkeys, StorageError};

use crate::{prepared::prepared, rows::PasskeyRow, schema::passkeys, sql_types::At, unit::Unit};

/// A passkey of an account.
macro_rules! passkey {
    ($user:expr, $id:expr) => {
        passkeys::table.find($id.number()).filter(passkeys::user_id.eq($user.number()))
    };
}

impl Passkeys for Unit {
    fn insert(&mut self, passkey: &Passkey) -> Result<(), StorageError> {
        let insert = diesel::insert_into(passkeys::table).values(PasskeyRow::from(passkey));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn list(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError> {
        let own =
            passkeys::table.filter(passkeys::user_id.eq(user.number())).order((passkeys::created_at, passkeys::id));
        let rows: Vec<PasskeyRow> = self.run(|connection| prepared!(own).load(connection))?;
        rows.into_iter().map(Passkey::try_from).collect()
    }

    fn owner(&mut self, credential: &CredentialId) -> Result<Option<UserId>, StorageError> {
        let owner = passkeys::table.filter(passkeys::credential_id.eq(credential.as_bytes())).select(passkeys::user_id);
        let owner: Option<i64> = self.run(|connection| prepared!(owner).get_result(connection).optional())?;
        Ok(owner.map(UserId::from_number))
    }

    fn count(&mut self, user: UserId) -> Result<i64, StorageError> {
        let own = passkeys::table.filter(passkeys::user_id.eq(user.number())).count();
        self.run(|connection| prepared!(own).get_result(connection))
    }

    fn rename(&mut self, user: UserId, id: PasskeyId, name: &str) -> Result<bool, StorageError> {
        let renamed = diesel::update(passkey!(user, id)).set(passkeys::name.eq(name));
        self.run(|connection| prepared!(renamed).execute(connection)).map(|count| count == 1)
    }

    fn remove(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StorageError> {
        let removed = diesel::delete(passkey!(user, id));
        self.run(|connection| prepared!(removed).execute(connection)).map(|count| count == 1)
    }

    fn remove_all(&mut self, user: UserId) -> Result<usize, StorageError> {
        let removed = diesel::delete(passkeys::table.filter(passkeys::user_id.eq(user.number())));
        self.run(|connection| prepared!(removed).execute(connection))
    }

    fn record_use(
        &mut self,
        user: UserId,
        id: PasskeyId,
        sign_count: u32,
        is_backed_up: bool,
        now: Instant,
    ) -> Result<bool, StorageError> {
        let sign_count = i64::from(sign_count);
        // -1 is less than every counter: an authenticator without one always reports 0.
        let without_counter = if sign_count == 0 { 0 } else { -1 };
        let usable =
            passkey!(user, id).filter(passkeys::sign_count.lt(sign_count).or(passkeys::sign_count.eq(without_counter)));
        let values = (
            passkeys::sign_count.eq(sign_count),
            passkeys::backed_up.eq(is_backed_up),
            passkeys::use_count.eq(passkeys::use_count + 1),
            passkeys::last_used_at.eq(At(now)),
        );
        let used = diesel::update(usable).set(values);
        self.run(|connection| prepared!(used).execute(connection)).map(|count| count == 1)
    }
}
