//! [`Consents`].

use diesel::prelude::*;
use selfsame_domain::{Consent, Instant, UserId, id::Id as _};
use selfsame_ports::{Consents, StorageError};

use crate::{prepared::prepared, rows::ConsentRow, schema::consents, sql_types::At, unit::Unit};

impl Consents for Unit {
    fn find(&mut self, user: UserId, client_id: &str) -> Result<Option<Consent>, StorageError> {
        let own = consents::table.find((user.number(), client_id.to_owned()));
        let row: Option<ConsentRow> = self.run(|connection| prepared!(own).get_result(connection).optional())?;
        Ok(row.map(Consent::from))
    }

    /// The known one first: most consents are given again for something more.
    fn save(&mut self, consent: &Consent) -> Result<(), StorageError> {
        let own = consents::table.find((consent.user_id.number(), consent.client_id.clone()));
        let values = (consents::scope.eq(consent.scopes.to_text()), consents::updated_at.eq(At(consent.updated_at)));
        let updated = diesel::update(own).set(values);
        if self.run(|connection| prepared!(updated).execute(connection))? == 1 {
            return Ok(());
        }
        let insert = diesel::insert_into(consents::table).values(ConsentRow::from(consent));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn remove(&mut self, user: UserId, client_id: &str) -> Result<bool, StorageError> {
        let own = consents::table.find((user.number(), client_id.to_owned()));
        self.run(|connection| prepared!(diesel::delete(own)).execute(connection)).map(|count| count == 1)
    }

    fn remove_since(&mut self, user: UserId, since: Instant) -> Result<(), StorageError> {
        let later = consents::table.filter(consents::user_id.eq(user.number()).and(consents::updated_at.gt(At(since))));
        self.run(|connection| prepared!(diesel::delete(later)).execute(connection)).map(drop)
    }
}
