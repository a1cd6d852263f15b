//! [`Accounts`]: the account's own row, its password and its attributes.

use std::collections::BTreeSet;

use diesel::prelude::*;
use selfsame_domain::{
    Attributes, IdentifierKind, Instant, PasswordHash, Picture, User, UserId, Username, id::Id as _,
};
use selfsame_ports::{Accounts, StorageError};

use crate::{
    connection::on_backend,
    locking::LockDsl as _,
    prepared::prepared,
    rows::{Heads, IdentifierRow, Profile, UserRow, one_account, read_attributes, write_attributes},
    schema::{attributes, identifiers, password_history, passwords, username_skeletons, users},
    sql_types::At,
    unit::Unit,
};

diesel::alias!(users as snapshot: Snapshot, password_history as earlier: Earlier);

/// An account's row, one of its identifiers, and the account's version and place in its audit chain when the statement began.
type LockedRow = (UserRow, Option<IdentifierRow>, Option<i64>, Option<i64>);

impl Accounts for Unit {
    /// One prepared statement locks and reads. It runs a second time only after a wait for another unit that changed
    /// the account.
    ///
    /// On PostgreSQL a READ COMMITTED statement takes its snapshot when it starts. If it then waits for the lock, it
    /// reads the locked row again, but the joined rows as of the snapshot. So the statement also returns the version of
    /// the account in its snapshot: if that is not the locked row's, the identifiers may be old, and it runs again. It
    /// holds the lock then, so nobody else can change the account.
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        let is_current = |(user, _, version, sequence): &LockedRow| {
            (*version, *sequence) == (Some(user.version), Some(user.audit_sequence))
        };
        let mut rows = self.lock_and_read(id)?;
        if !rows.iter().all(is_current) {
            rows = self.lock_and_read(id)?;
        }
        one_account(rows.into_iter().map(|(user, identifier, ..)| (user, identifier)))
    }

    fn insert(&mut self, user: &User) -> Result<(), StorageError> {
        let insert = diesel::insert_into(users::table).values(UserRow::from(user));
        self.run(|connection| prepared!(insert).execute(connection))?;
        self.save_skeletons(user.id, &BTreeSet::new(), &skeletons(user))?;
        user.identifiers.iter().try_for_each(|identifier| self.insert_identifier(user.id, identifier))
    }

    fn save(&mut self, before: &User, after: &User) -> Result<(), StorageError> {
        if before == after {
            return self.confirm(before);
        }
        self.update_row(before, after)?;
        if before.deletion_at != after.deletion_at {
            let deletion = users::deletion_at.eq(after.deletion_at.map(At));
            let update = diesel::update(users::table.find(after.id.number())).set(deletion);
            self.run(|connection| prepared!(update).execute(connection))?;
        }
        self.save_skeletons(after.id, &skeletons(before), &skeletons(after))?;
        self.save_identifiers(after.id, &before.identifiers, &after.identifiers)
    }

    fn delete(&mut self, id: UserId) -> Result<(), StorageError> {
        let account = diesel::delete(users::table.find(id.number()));
        self.run(|connection| prepared!(account).execute(connection)).map(drop)
    }

    fn password(&mut self, id: UserId) -> Result<Option<PasswordHash>, StorageError> {
        let phc = passwords::table.find(id.number()).select(passwords::phc);
        let phc: Option<String> = self.run(|connection| prepared!(phc).get_result(connection).optional())?;
        Ok(phc.map(PasswordHash::from_phc))
    }

    fn set_password(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StorageError> {
        let phc = passwords::phc.eq(hash.as_phc());
        let insert = diesel::insert_into(passwords::table).values((passwords::user_id.eq(id.number()), phc));
        let upsert = prepared!(insert.on_conflict(passwords::user_id).do_update().set(phc));
        self.run(|connection| on_backend!(connection, |connection| upsert.execute(connection))).map(drop)
    }

    fn keep_password(&mut self, id: UserId, epoch: i64, keep: i64) -> Result<(), StorageError> {
        let Some(hash) = self.password(id)? else { return Ok(()) };
        let row = (
            password_history::user_id.eq(id.number()),
            password_history::credential_epoch.eq(epoch),
            password_history::phc.eq(hash.as_phc()),
        );
        let insert = diesel::insert_into(password_history::table).values(row);
        self.run(|connection| prepared!(insert).execute(connection))?;
        let newest_beyond = earlier
            .filter(earlier.field(password_history::user_id).eq(id.number()))
            .order(earlier.field(password_history::credential_epoch).desc())
            .select(earlier.field(password_history::credential_epoch))
            .limit(1)
            .offset(keep);
        let beyond = password_history::table
            .filter(password_history::user_id.eq(id.number()))
            .filter(password_history::credential_epoch.nullable().le(newest_beyond.single_value()));
        self.run(|connection| prepared!(diesel::delete(beyond)).execute(connection)).map(drop)
    }

    fn remove_password(&mut self, id: UserId) -> Result<(), StorageError> {
        let password = diesel::delete(passwords::table.find(id.number()));
        self.run(|connection| prepared!(password).execute(connection)).map(drop)
    }

    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError> {
        let unchanged = passwords::table.find(id.number()).filter(passwords::phc.eq(old.as_phc()));
        let rehashed = diesel::update(unchanged).set(passwords::phc.eq(new.as_phc()));
        self.run(|connection| prepared!(rehashed).execute(connection)).map(drop)
    }

    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError> {
        let value = attributes::table.find(id.number()).select(attributes::value);
        let value = self.run(|connection| prepared!(value).get_result(connection).optional())?;
        read_attributes(value.as_ref())
    }

    fn save_attributes(&mut self, id: UserId, attributes: &Attributes) -> Result<(), StorageError> {
        let stored = write_attributes(attributes)?;
        let value = attributes::value.eq(&stored);
        let insert = diesel::insert_into(attributes::table).values((attributes::user_id.eq(id.number()), value));
        let upsert = prepared!(insert.on_conflict(attributes::user_id).do_update().set(value));
        self.run(|connection| on_backend!(connection, |connection| upsert.execute(connection))).map(drop)
    }

    fn rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError> {
        self.find_rival_claims(kind, canonical, except)
    }

    fn is_proven_by_another(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<bool, StorageError> {
        self.find_other_owner(kind, canonical, except)
    }

    fn due_deletions(&mut self, now: Instant, limit: i64) -> Result<Vec<UserId>, StorageError> {
        let due = users::table
            .filter(users::deletion_at.le(At(now)))
            .order(users::deletion_at)
            .select(users::id)
            .limit(limit);
        let ids: Vec<i64> = self.run(|connection| prepared!(due).load(connection))?;
        Ok(ids.into_iter().map(UserId::from_number).collect())
    }

    fn hold_username(&mut self, user: UserId, name: &Username, until: Instant) -> Result<(), StorageError> {
        self.insert_username_hold(user, name, until)
    }

    fn is_username_held(&mut self, name: &Username, except: UserId, now: Instant) -> Result<bool, StorageError> {
        self.find_username_hold(name, except, now)
    }

    fn purge_username_holds(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.delete_username_holds(before, limit)
    }

    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.delete_unproven(before, limit)
    }
}

impl Unit {
    fn lock_and_read(&mut self, id: UserId) -> Result<Vec<LockedRow>, StorageError> {
        let id = id.number();
        let seen = || snapshot.filter(snapshot.field(users::id).eq(id));
        let account = users::table
            .left_join(identifiers::table)
            .filter(users::id.eq(id))
            .order((identifiers::created_at, identifiers::id))
            .select((
                users::all_columns,
                identifiers::all_columns.nullable(),
                seen().select(snapshot.field(users::version)).single_value(),
                seen().select(snapshot.field(users::audit_sequence)).single_value(),
            ))
            .locked_no_key_of_users();
        self.run(|connection| prepared!(account).load(connection))
    }

    /// Nothing is to be written, but the account must stay as it was read until the unit ends.
    fn confirm(&mut self, before: &User) -> Result<(), StorageError> {
        let unchanged = users::table
            .find(before.id.number())
            .filter(users::version.eq(before.version))
            .filter(users::audit_sequence.eq(before.audit_head.sequence))
            .select(users::id)
            .locked_no_key();
        let found: Option<i64> = self.run(|connection| prepared!(unchanged).get_result(connection).optional())?;
        found.map(drop).ok_or(StorageError::Conflict)
    }

    /// A few statement texts, so that each is prepared: counters and instants always, the claims when one changed, and
    /// an indexed column only when it changed itself, because SQLite writes an index whenever its column is in the
    /// statement.
    fn update_row(&mut self, before: &User, after: &User) -> Result<(), StorageError> {
        let row = diesel::update(
            users::table
                .find(before.id.number())
                .filter(users::version.eq(before.version))
                .filter(users::audit_sequence.eq(before.audit_head.sequence)),
        );
        let (heads, profile) = (Heads::from(after), Profile::from(after));
        let picture = users::picture.eq(after.picture.as_ref().map(Picture::as_str));
        let handle = after.preferred_username.as_ref();
        let username = (
            users::preferred_username.eq(handle.map(Username::as_str)),
            users::preferred_username_canonical.eq(handle.map(Username::canonical)),
        );
        let has_picture = before.picture != after.picture;
        let has_username = before.preferred_username != after.preferred_username;
        let updated = match (profile != Profile::from(before), has_picture, has_username) {
            (false, false, false) => self.run(|connection| prepared!(row.set(heads)).execute(connection)),
            (true, false, false) => self.run(|connection| prepared!(row.set((heads, profile))).execute(connection)),
            (_, true, false) => {
                self.run(|connection| prepared!(row.set((heads, profile, picture))).execute(connection))
            }
            (_, false, true) => {
                self.run(|connection| prepared!(row.set((heads, profile, username))).execute(connection))
            }
            (_, true, true) => {
                self.run(|connection| prepared!(row.set((heads, profile, picture, username))).execute(connection))
            }
        };
        if updated? == 1 { Ok(()) } else { Err(StorageError::Conflict) }
    }

    fn save_skeletons(
        &mut self,
        user: UserId,
        before: &BTreeSet<String>,
        after: &BTreeSet<String>,
    ) -> Result<(), StorageError> {
        for skeleton in before.difference(after) {
            let own = username_skeletons::table.find(skeleton).filter(username_skeletons::user_id.eq(user.number()));
            self.run(|connection| prepared!(diesel::delete(own)).execute(connection))?;
        }
        for skeleton in after.difference(before) {
            let row = (username_skeletons::skeleton.eq(skeleton), username_skeletons::user_id.eq(user.number()));
            let insert = diesel::insert_into(username_skeletons::table).values(row);
            self.run(|connection| prepared!(insert).execute(connection))?;
        }
        Ok(())
    }
}

/// In order, so that two accounts with the same skeletons do not deadlock.
fn skeletons(user: &User) -> BTreeSet<String> {
    user.preferred_username.as_ref().map(Username::skeletons).unwrap_or_default()
}
