//! Usernames that were given up, and are held for their former owner (R6).

use diesel::{
    dsl::{exists, select},
    prelude::*,
};
use selfsame_domain::{Instant, UserId, Username, id::Id as _};
use selfsame_ports::StorageError;

use crate::{
    connection::on_backend, locking::LockDsl as _, prepared::prepared, schema::username_holds, sql_types::At,
    unit::Unit,
};

impl Unit {
    /// In the order of the skeletons, so that two units do not deadlock.
    pub(crate) fn insert_username_hold(
        &mut self,
        user: UserId,
        name: &Username,
        until: Instant,
    ) -> Result<(), StorageError> {
        for skeleton in name.skeletons() {
            let values = (username_holds::user_id.eq(user.number()), username_holds::held_until.eq(At(until)));
            let row = (username_holds::skeleton.eq(&skeleton), values);
            let insert = diesel::insert_into(username_holds::table).values(row);
            let upsert = prepared!(insert.on_conflict(username_holds::skeleton).do_update().set(values));
            self.run(|connection| on_backend!(connection, |connection| upsert.execute(connection)))?;
        }
        Ok(())
    }

    /// One statement for each skeleton: a name has one, and rarely two.
    pub(crate) fn find_username_hold(
        &mut self,
        name: &Username,
        except: UserId,
        now: Instant,
    ) -> Result<bool, StorageError> {
        for skeleton in name.skeletons() {
            let held = username_holds::table
                .find(skeleton)
                .filter(username_holds::user_id.ne(except.number()))
                .filter(username_holds::held_until.gt(At(now)));
            let held = select(exists(held));
            if self.run(|connection| prepared!(held).get_result(connection))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Holds that are locked by a unit which renews them are skipped.
    pub(crate) fn delete_username_holds(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let over = username_holds::table
            .filter(username_holds::held_until.lt(At(before)))
            .order(username_holds::held_until)
            .limit(limit)
            .select(username_holds::skeleton)
            .locked_unless_held();
        let skeletons: Vec<String> = self.run(|connection| prepared!(over).load(connection))?;
        if skeletons.is_empty() {
            return Ok(0);
        }
        let over = username_holds::table.filter(username_holds::skeleton.eq_any(skeletons));
        self.run(|connection| diesel::delete(over).execute(connection))
    }
}
