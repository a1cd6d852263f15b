//! [`SecondFactors`]: authenticator apps and backup codes.

use diesel::prelude::*;
use selfsame_domain::{Instant, PendingTotp, Totp, UserId, id::Id as _};
use selfsame_ports::{SecondFactors, StorageError};

use crate::{
    connection::on_backend,
    locking::LockDsl as _,
    prepared::prepared,
    rows::{PendingTotpRow, TotpRow},
    schema::{backup_codes, pending_totps, totps, used_backup_codes},
    sql_types::At,
    stored_values::fixed,
    unit::Unit,
};

impl SecondFactors for Unit {
    fn begin_totp(&mut self, pending: &PendingTotp) -> Result<(), StorageError> {
        let earlier = diesel::delete(pending_totps::table.find(pending.user_id.number()));
        self.run(|connection| prepared!(earlier).execute(connection))?;
        let insert = diesel::insert_into(pending_totps::table).values(PendingTotpRow::from(pending));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn confirm_totp(&mut self, pending: &PendingTotp, step: i64, now: Instant) -> Result<bool, StorageError> {
        let user = pending.user_id.number();
        let same = pending_totps::table.find(user).filter(pending_totps::sealed.eq(&pending.sealed));
        let taken = diesel::delete(same);
        if self.run(|connection| prepared!(taken).execute(connection))? == 0 {
            return Ok(false);
        }
        let earlier = diesel::delete(totps::table.find(user));
        self.run(|connection| prepared!(earlier).execute(connection))?;
        let row = TotpRow { user_id: user, sealed: pending.sealed.clone(), last_step: step, created_at: At(now) };
        let insert = diesel::insert_into(totps::table).values(row);
        self.run(|connection| prepared!(insert).execute(connection)).map(|_| true)
    }

    fn use_totp(&mut self, user: UserId, step: i64, sealed: &[u8]) -> Result<bool, StorageError> {
        let earlier = totps::table.find(user.number()).filter(totps::last_step.lt(step));
        let used = diesel::update(earlier).set((totps::last_step.eq(step), totps::sealed.eq(sealed)));
        self.run(|connection| prepared!(used).execute(connection)).map(|count| count == 1)
    }

    fn reseal_totp(&mut self, user: UserId, before: &[u8], sealed: &[u8]) -> Result<bool, StorageError> {
        let same = totps::table.find(user.number()).filter(totps::sealed.eq(before));
        let resealed = diesel::update(same).set(totps::sealed.eq(sealed));
        self.run(|connection| prepared!(resealed).execute(connection)).map(|count| count == 1)
    }

    fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StorageError> {
        let totp = totps::table.find(user.number());
        let row: Option<TotpRow> = self.run(|connection| prepared!(totp).get_result(connection).optional())?;
        Ok(row.map(Totp::from))
    }

    fn restore_totp(&mut self, totp: &Totp) -> Result<(), StorageError> {
        self.remove_totp(totp.user_id)?;
        let insert = diesel::insert_into(totps::table).values(TotpRow::from(totp));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn remove_totp(&mut self, user: UserId) -> Result<(), StorageError> {
        let confirmed = diesel::delete(totps::table.find(user.number()));
        self.run(|connection| prepared!(confirmed).execute(connection))?;
        let pending = diesel::delete(pending_totps::table.find(user.number()));
        self.run(|connection| prepared!(pending).execute(connection)).map(drop)
    }

    fn purge_pending_totps(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let old = pending_totps::table
            .filter(pending_totps::created_at.lt(At(before)))
            .order(pending_totps::created_at)
            .limit(limit)
            .select(pending_totps::user_id)
            .locked_unless_held();
        let users: Vec<i64> = self.run(|connection| prepared!(old).load(connection))?;
        if users.is_empty() {
            return Ok(0);
        }
        let old = pending_totps::table.filter(pending_totps::user_id.eq_any(users));
        self.run(|connection| diesel::delete(old).execute(connection))
    }

    fn set_backup_codes(&mut self, user: UserId, macs: &[[u8; 32]]) -> Result<(), StorageError> {
        let earlier = diesel::delete(backup_codes::table.filter(backup_codes::user_id.eq(user.number())));
        self.run(|connection| prepared!(earlier).execute(connection))?;
        if macs.is_empty() {
            return Ok(());
        }
        let row = |mac| (backup_codes::user_id.eq(user.number()), backup_codes::mac.eq(mac));
        let rows: Vec<_> = macs.iter().map(|mac| row(mac.as_slice())).collect();
        let insert = diesel::insert_into(backup_codes::table).values(rows);
        self.run(|connection| on_backend!(connection, |connection| insert.execute(connection))).map(drop)
    }

    fn backup_codes(&mut self, user: UserId) -> Result<Vec<[u8; 32]>, StorageError> {
        let own = backup_codes::table
            .filter(backup_codes::user_id.eq(user.number()))
            .select(backup_codes::mac)
            .order(backup_codes::mac);
        let macs: Vec<Vec<u8>> = self.run(|connection| prepared!(own).load(connection))?;
        macs.into_iter().map(fixed).collect()
    }

    fn use_backup_code(&mut self, user: UserId, mac: &[u8; 32], now: Instant) -> Result<bool, StorageError> {
        let used = diesel::delete(backup_codes::table.find((user.number(), &mac[..])));
        if self.run(|connection| prepared!(used).execute(connection))? == 0 {
            return Ok(false);
        }
        let row = (
            used_backup_codes::user_id.eq(user.number()),
            used_backup_codes::mac.eq(&mac[..]),
            used_backup_codes::used_at.eq(At(now)),
        );
        let insert = diesel::insert_into(used_backup_codes::table).values(row);
        self.run(|connection| prepared!(insert).execute(connection)).map(|_| true)
    }

    fn used_backup_codes(&mut self, user: UserId) -> Result<Vec<[u8; 32]>, StorageError> {
        let own = used_backup_codes::table
            .filter(used_backup_codes::user_id.eq(user.number()))
            .select(used_backup_codes::mac)
            .order(used_backup_codes::mac);
        let macs: Vec<Vec<u8>> = self.run(|connection| prepared!(own).load(connection))?;
        macs.into_iter().map(fixed).collect()
    }

    fn purge_used_backup_codes(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let old = used_backup_codes::table
            .filter(used_backup_codes::used_at.lt(At(before)))
            .order(used_backup_codes::used_at)
            .limit(limit)
            .select((used_backup_codes::user_id, used_backup_codes::mac))
            .locked_unless_held();
        let old: Vec<(i64, Vec<u8>)> = self.run(|connection| prepared!(old).load(connection))?;
        for (user, mac) in &old {
            let one = used_backup_codes::table.find((user, mac));
            self.run(|connection| prepared!(diesel::delete(one)).execute(connection))?;
        }
        Ok(old.len())
    }
}
