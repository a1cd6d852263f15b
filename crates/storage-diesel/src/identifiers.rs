//! Identifiers of accounts: saving them, finding rival claims, and purging accounts that were never proven.

use diesel::{
    dsl::{auto_type, exists, not},
    prelude::*,
};
use selfsame_domain::{Identifier, IdentifierId, IdentifierKind, Instant, UserId, id::Id as _};
use selfsame_ports::StorageError;

use crate::{
    locking::LockDsl as _,
    prepared::prepared,
    rows::IdentifierRow,
    schema::{challenges, identifiers, sign_ins, users},
    sql_types::At,
    stored_values::StoredValue as _,
    unit::Unit,
};

/// Accounts that have proven nothing, have never had a sign-in, and were sent no proof since `before`.
#[auto_type(no_type_alias)]
fn unproven(before: At) -> _ {
    let proofs =
        identifiers::table.filter(identifiers::user_id.eq(users::id)).filter(identifiers::verified_at.is_not_null());
    let sign_ins = sign_ins::table.filter(sign_ins::user_id.eq(users::id));
    let pending = challenges::table.filter(challenges::user_id.eq(users::id)).filter(challenges::created_at.ge(before));
    users::disabled_at
        .is_null()
        .and(users::sign_in_count.eq(0_i64))
        .and(not(exists(proofs)))
        .and(not(exists(sign_ins)))
        .and(not(exists(pending)))
}

impl Unit {
    pub(crate) fn insert_identifier(&mut self, user: UserId, identifier: &Identifier) -> Result<(), StorageError> {
        let insert = diesel::insert_into(identifiers::table).values(IdentifierRow::new(user, identifier));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    /// Writes what differs. There are never two primary ones of a kind: removals come first, and the old primary one is
    /// changed before the new one.
    pub(crate) fn save_identifiers(
        &mut self,
        user: UserId,
        before: &[Identifier],
        after: &[Identifier],
    ) -> Result<(), StorageError> {
        let find = |all: &'_ [Identifier], id| all.iter().position(|identifier| identifier.id == id);
        for gone in before.iter().filter(|old| find(after, old.id).is_none()) {
            self.delete_identifier(user, gone.id)?;
        }
        let (kept, new): (Vec<_>, Vec<_>) = after.iter().partition(|identifier| find(before, identifier.id).is_some());
        let mut changed: Vec<_> = kept.into_iter().filter(|identifier| !before.contains(identifier)).collect();
        changed.sort_by_key(|identifier| identifier.is_primary);
        changed.into_iter().try_for_each(|identifier| self.update_identifier(user, identifier))?;
        new.into_iter().try_for_each(|identifier| self.insert_identifier(user, identifier))
    }

    fn delete_identifier(&mut self, user: UserId, id: IdentifierId) -> Result<(), StorageError> {
        let row = identifiers::table.find(id.number()).filter(identifiers::user_id.eq(user.number()));
        let deleted = self.run(|connection| prepared!(diesel::delete(row)).execute(connection))?;
        if deleted == 1 { Ok(()) } else { Err(StorageError::Conflict) }
    }

    /// Kind and `created_at` never change.
    fn update_identifier(&mut self, user: UserId, identifier: &Identifier) -> Result<(), StorageError> {
        let stored = identifiers::table.find(identifier.id.number()).filter(identifiers::user_id.eq(user.number()));
        let values = (
            identifiers::value.eq(&identifier.value),
            identifiers::canonical.eq(&identifier.canonical),
            identifiers::is_primary.eq(identifier.is_primary),
            identifiers::verified_at.eq(identifier.verified_at.map(At)),
            identifiers::is_second_factor.eq(identifier.is_second_factor),
        );
        let updated = diesel::update(stored).set(values);
        let updated = self.run(|connection| prepared!(updated).execute(connection))?;
        if updated == 1 { Ok(()) } else { Err(StorageError::Conflict) }
    }

    pub(crate) fn find_rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError> {
        let claims = identifiers::table
            .filter(identifiers::kind.eq(kind.stored()))
            .filter(identifiers::canonical.eq(canonical))
            .filter(identifiers::verified_at.is_null())
            .filter(identifiers::user_id.ne(except.number()))
            .select(identifiers::user_id)
            .order(identifiers::user_id);
        let ids: Vec<i64> = self.run(|connection| prepared!(claims).load(connection))?;
        Ok(ids.into_iter().map(UserId::from_number).collect())
    }

    pub(crate) fn find_other_owner(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<bool, StorageError> {
        let owner = identifiers::table
            .filter(identifiers::kind.eq(kind.stored()))
            .filter(identifiers::canonical.eq(canonical))
            .filter(identifiers::verified_at.is_not_null())
            .filter(identifiers::user_id.ne(except.number()))
            .select(identifiers::user_id);
        let owner: Option<i64> = self.run(|connection| prepared!(owner).get_result(connection).optional())?;
        Ok(owner.is_some())
    }

    /// Found, locked, and then checked again: the first statement may have seen an account before it was proven; the
    /// second sees what was committed before the lock, for which proofs and sign-ins wait.
    pub(crate) fn delete_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let claimed = identifiers::table
            .filter(identifiers::kind.eq(IdentifierKind::Email.stored()))
            .filter(identifiers::is_primary)
            .filter(identifiers::verified_at.is_null())
            .filter(identifiers::created_at.lt(At(before)))
            .select(identifiers::user_id);
        let found = users::table
            .filter(users::id.eq_any(claimed))
            .filter(unproven(At(before)))
            .order(users::id)
            .limit(limit)
            .select(users::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| prepared!(found).load(connection))?;
        if ids.is_empty() {
            return Ok(0);
        }
        let still = users::table.filter(users::id.eq_any(ids)).filter(unproven(At(before)));
        self.run(|connection| diesel::delete(still).execute(connection))
    }
}
