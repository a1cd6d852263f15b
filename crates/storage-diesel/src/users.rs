//! [`Users`].

use diesel::{
    dsl::{auto_type, exists, not},
    prelude::*,
};
use selfsame_domain::{
    Action, Identifier, IdentifierChange, IdentifierKind, Instant, PasswordHash, User, UserId, id::Id as _,
};
use selfsame_ports::{StorageError, Users};

use crate::{
    audit::Head,
    locking::LockDsl as _,
    prepared::prepared,
    rows::{IdentifierRow, UserRow, one_account},
    schema::{audit_events, challenges, identifiers, sign_ins, users},
    sql_types::At,
    unit::Unit,
    words::{Word as _, fixed},
};

/// Accounts that nobody has shown to be theirs, by no means at all, and that were sent no proof since `before`.
#[auto_type(no_type_alias)]
fn unproven(before: At) -> _ {
    let proofs =
        identifiers::table.filter(identifiers::user_id.eq(users::id)).filter(identifiers::verified_at.is_not_null());
    let sign_ins = sign_ins::table.filter(sign_ins::user_id.eq(users::id));
    let signed_in: &'static str = Action::SignedIn.as_str();
    let trail =
        audit_events::table.filter(audit_events::subject.eq(users::id)).filter(audit_events::action.eq(signed_in));
    let pending = challenges::table.filter(challenges::user_id.eq(users::id)).filter(challenges::created_at.ge(before));
    users::disabled_at
        .is_null()
        .and(not(exists(proofs)))
        .and(not(exists(sign_ins)))
        .and(not(exists(trail)))
        .and(not(exists(pending)))
}

impl Users for Unit {
    /// Remembers where the account's audit chain ends, so that [`selfsame_ports::Audit::append`] need not ask.
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        type Row = (UserRow, Option<IdentifierRow>, Option<i64>, Option<Vec<u8>>);
        self.lock_row(&format!("SELECT 1 FROM users WHERE id = {} FOR NO KEY UPDATE", id.number()))?;
        let last =
            || audit_events::table.filter(audit_events::subject.eq(users::id)).order(audit_events::sequence.desc());
        let account = users::table
            .left_join(identifiers::table)
            .filter(users::id.eq(id.number()))
            .order((identifiers::created_at, identifiers::id))
            .select((
                users::all_columns,
                identifiers::all_columns.nullable(),
                last().select(audit_events::sequence).limit(1).single_value(),
                last().select(audit_events::hash).limit(1).single_value(),
            ));
        let rows: Vec<Row> = self.run(|connection| prepared!(account).load(connection))?;
        if let Some((_, _, sequence, hash)) = rows.first() {
            let hash = hash.clone().map(fixed).transpose()?;
            self.heads.insert(id, Head::from_last(*sequence, hash));
        }
        one_account(rows.into_iter().map(|(user, identifier, _, _)| (user, identifier)))
    }

    fn insert(&mut self, user: &User) -> Result<(), StorageError> {
        let row = UserRow::from(user);
        self.run(|connection| diesel::insert_into(users::table).values(row).execute(connection))?;
        self.heads.insert(user.id, Head::START);
        user.identifiers.iter().try_for_each(|identifier| self.insert_identifier(user.id, identifier))
    }

    fn save(&mut self, user: &User) -> Result<(), StorageError> {
        let stored = users::table.filter(users::id.eq(user.id.number())).filter(users::version.eq(user.version - 1));
        let row = UserRow::from(user);
        let saved = self.run(|connection| prepared!(diesel::update(stored).set(row)).execute(connection))?;
        if saved == 1 { Ok(()) } else { Err(StorageError::Conflict) }
    }

    fn change_identifiers(&mut self, user: UserId, changes: &[IdentifierChange]) -> Result<(), StorageError> {
        changes.iter().try_for_each(|change| match change {
            IdentifierChange::Insert(identifier) => self.insert_identifier(user, identifier),
            IdentifierChange::Update(identifier) => self.update_identifier(user, identifier),
            IdentifierChange::Delete(id) => {
                let row = identifiers::table.find(id.number()).filter(identifiers::user_id.eq(user.number()));
                self.run(|connection| diesel::delete(row).execute(connection)).map(drop)
            }
        })
    }

    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError> {
        let unchanged = users::table.find(id.number()).filter(users::password_phc.eq(old.as_phc()));
        let new = users::password_phc.eq(new.as_phc());
        self.run(|connection| prepared!(diesel::update(unchanged).set(new)).execute(connection)).map(drop)
    }

    fn rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError> {
        let claims = identifiers::table
            .filter(identifiers::kind.eq(kind.word()))
            .filter(identifiers::canonical.eq(canonical))
            .filter(identifiers::verified_at.is_null())
            .filter(identifiers::user_id.ne(except.number()))
            .select(identifiers::user_id)
            .distinct()
            .order(identifiers::user_id);
        let ids: Vec<i64> = self.run(|connection| claims.load(connection))?;
        Ok(ids.into_iter().map(UserId::from_number).collect())
    }

    fn delete(&mut self, id: UserId) -> Result<(), StorageError> {
        self.run(|connection| diesel::delete(users::table.find(id.number())).execute(connection)).map(drop)
    }

    /// Found, locked and then judged once more: the first statement may have seen an account as it was before somebody
    /// proved it, the second sees what was committed before the lock, and whoever proves or signs in waits for that lock.
    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let claimed = identifiers::table
            .filter(identifiers::kind.eq(IdentifierKind::Email.word()))
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
        let ids: Vec<i64> = self.run(|connection| found.load(connection))?;
        let still = users::table.filter(users::id.eq_any(ids)).filter(unproven(At(before)));
        self.run(|connection| diesel::delete(still).execute(connection))
    }
}

impl Unit {
    fn insert_identifier(&mut self, user: UserId, identifier: &Identifier) -> Result<(), StorageError> {
        let row = IdentifierRow::new(user, identifier);
        self.run(|connection| diesel::insert_into(identifiers::table).values(row).execute(connection)).map(drop)
    }

    fn update_identifier(&mut self, user: UserId, identifier: &Identifier) -> Result<(), StorageError> {
        let stored = identifiers::table.find(identifier.id.number()).filter(identifiers::user_id.eq(user.number()));
        let row = IdentifierRow::new(user, identifier);
        let updated = self.run(|connection| prepared!(diesel::update(stored).set(row)).execute(connection))?;
        if updated == 1 { Ok(()) } else { Err(StorageError::Conflict) }
    }
}
