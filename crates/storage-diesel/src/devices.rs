//! [`Devices`].

use diesel::prelude::*;
use selfsame_domain::{Device, DeviceId, Instant, TokenHash, UserId, id::Id as _};
use selfsame_ports::{Devices, StorageError};

use crate::{
    locking::LockDsl as _,
    prepared::prepared,
    rows::DeviceRow,
    schema::{devices, sign_in_origins},
    sql_types::At,
    unit::Unit,
};

impl Devices for Unit {
    fn insert(&mut self, device: &Device, token: &TokenHash) -> Result<(), StorageError> {
        let insert = diesel::insert_into(devices::table).values(DeviceRow::new(device, token));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn activate(
        &mut self,
        user: UserId,
        offered: &TokenHash,
        token: &TokenHash,
        now: Instant,
        expires_at: Instant,
    ) -> Result<Option<Device>, StorageError> {
        let offer = devices::table
            .filter(devices::token_hash.eq(&offered.0[..]))
            .filter(devices::user_id.eq(user.number()))
            .filter(devices::activated_at.is_null())
            .filter(devices::expires_at.gt(At(now)));
        let values = (
            devices::token_hash.eq(&token.0[..]),
            devices::activated_at.eq(At(now)),
            devices::expires_at.eq(At(expires_at)),
        );
        let activated = diesel::update(offer).set(values).returning(devices::all_columns);
        let row: Option<DeviceRow> = self.run(|connection| prepared!(activated).get_result(connection).optional())?;
        Ok(row.map(Device::from))
    }

    fn note_use(
        &mut self,
        user: UserId,
        token: &TokenHash,
        epoch: i64,
        ip: Option<String>,
        now: Instant,
    ) -> Result<bool, StorageError> {
        let in_force = devices::table
            .filter(devices::token_hash.eq(&token.0[..]))
            .filter(devices::user_id.eq(user.number()))
            .filter(devices::credential_epoch.eq(epoch))
            .filter(devices::activated_at.is_not_null())
            .filter(devices::expires_at.gt(At(now)));
        let used = diesel::update(in_force).set((devices::ip.eq(ip), devices::last_used_at.eq(At(now))));
        self.run(|connection| prepared!(used).execute(connection)).map(|count| count == 1)
    }

    fn remove(&mut self, user: UserId, id: DeviceId) -> Result<bool, StorageError> {
        let own = devices::table.find(id.number()).filter(devices::user_id.eq(user.number()));
        self.run(|connection| prepared!(diesel::delete(own)).execute(connection)).map(|count| count == 1)
    }

    fn remove_all(&mut self, user: UserId) -> Result<usize, StorageError> {
        let own = devices::table.filter(devices::user_id.eq(user.number()));
        self.run(|connection| prepared!(diesel::delete(own)).execute(connection))
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let expired = devices::table
            .filter(devices::expires_at.lt(At(before)))
            .order(devices::expires_at)
            .limit(limit)
            .select(devices::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| prepared!(expired).load(connection))?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.run(|connection| diesel::delete(devices::table.filter(devices::id.eq_any(ids))).execute(connection))
    }

    /// The known one first: most sign-ins are from there.
    fn note_origin(&mut self, user: UserId, origin: &[u8; 32], now: Instant) -> Result<bool, StorageError> {
        let known = sign_in_origins::table.find((user.number(), &origin[..]));
        let seen = diesel::update(known).set(sign_in_origins::last_seen_at.eq(At(now)));
        if self.run(|connection| prepared!(seen).execute(connection))? == 1 {
            return Ok(true);
        }
        let row = (
            sign_in_origins::user_id.eq(user.number()),
            sign_in_origins::origin.eq(&origin[..]),
            sign_in_origins::last_seen_at.eq(At(now)),
        );
        let insert = diesel::insert_into(sign_in_origins::table).values(row);
        self.run(|connection| prepared!(insert).execute(connection)).map(|_| false)
    }

    fn purge_origins(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let old = sign_in_origins::table
            .filter(sign_in_origins::last_seen_at.lt(At(before)))
            .order(sign_in_origins::last_seen_at)
            .limit(limit)
            .select((sign_in_origins::user_id, sign_in_origins::origin))
            .locked_unless_held();
        let keys: Vec<(i64, Vec<u8>)> = self.run(|connection| prepared!(old).load(connection))?;
        let mut removed = 0;
        for (user, origin) in keys {
            let row = sign_in_origins::table.find((user, origin));
            removed += self.run(|connection| prepared!(diesel::delete(row)).execute(connection))?;
        }
        Ok(removed)
    }
}
