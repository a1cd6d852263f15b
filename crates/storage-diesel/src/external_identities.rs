//! [`ExternalIdentities`].

use diesel::prelude::*;
use selfsame_domain::{ExternalIdentity, ExternalIdentityId, Instant, SignIn, SignInId, UserId, id::Id};
use selfsame_ports::{ExternalIdentities, StorageError};

use crate::{
    prepared::prepared,
    rows::{ExternalIdentityRow, SignInRow},
    schema::{external_identities, sign_ins},
    sql_types::At,
    unit::Unit,
};

impl ExternalIdentities for Unit {
    fn find(
        &mut self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<(ExternalIdentity, Option<SignIn>)>, StorageError> {
        let found = external_identities::table
            .left_join(sign_ins::table.on(sign_ins::id.nullable().eq(external_identities::sign_in_id)))
            .filter(external_identities::issuer.eq(issuer.to_owned()))
            .filter(external_identities::subject.eq(subject.to_owned()))
            .select((external_identities::all_columns, sign_ins::all_columns.nullable()));
        let row: Option<(ExternalIdentityRow, Option<SignInRow>)> =
            self.run(|connection| prepared!(found).get_result(connection).optional())?;
        let Some((identity, sign_in)) = row else { return Ok(None) };
        Ok(Some((identity.into(), sign_in.map(SignIn::try_from).transpose()?)))
    }

    fn insert(&mut self, identity: &ExternalIdentity) -> Result<(), StorageError> {
        let insert = diesel::insert_into(external_identities::table).values(ExternalIdentityRow::from(identity));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn save(&mut self, identity: &ExternalIdentity) -> Result<(), StorageError> {
        let values = (
            external_identities::user_id.eq(identity.user_id.map(Id::number)),
            external_identities::sign_in_id.eq(identity.sign_in_id.map(Id::number)),
            external_identities::tokens_not_before.eq(identity.tokens_not_before.map(At)),
            external_identities::created_at.eq(At(identity.created_at)),
        );
        let saved = diesel::update(external_identities::table.find(identity.id.number())).set(values);
        self.run(|connection| prepared!(saved).execute(connection)).map(drop)
    }

    fn remove(&mut self, id: ExternalIdentityId) -> Result<bool, StorageError> {
        let one = external_identities::table.find(id.number());
        self.run(|connection| prepared!(diesel::delete(one)).execute(connection)).map(|count| count == 1)
    }

    fn of_user(&mut self, user: UserId) -> Result<Vec<ExternalIdentity>, StorageError> {
        let own = external_identities::table
            .filter(external_identities::user_id.eq(user.number()))
            .order((external_identities::created_at, external_identities::id));
        let rows: Vec<ExternalIdentityRow> = self.run(|connection| prepared!(own).load(connection))?;
        Ok(rows.into_iter().map(ExternalIdentity::from).collect())
    }
}

impl Unit {
    /// Refuses tokens of an account's identities that were issued until `now`, but for the identity of one sign-in.
    pub(crate) fn refuse_tokens(
        &mut self,
        user: UserId,
        except: Option<SignInId>,
        now: Instant,
    ) -> Result<(), StorageError> {
        // No row has the id 0.
        let except = except.map_or(0, Id::number);
        let is_other = external_identities::sign_in_id.is_null().or(external_identities::sign_in_id.ne(except));
        let others = external_identities::table.filter(external_identities::user_id.eq(user.number())).filter(is_other);
        let refused = diesel::update(others).set(external_identities::tokens_not_before.eq(At(now)));
        self.run(|connection| prepared!(refused).execute(connection)).map(drop)
    }
}
