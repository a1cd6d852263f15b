//! Remembered devices and origins of sign-ins in memory.

use selfsame_domain::{Device, DeviceId, Instant, TokenHash, UserId};
use selfsame_ports::{Devices, StorageError};

use super::{
    tables::{Tables, insert_new, must_exist, remove_where},
    unit::MemoryUnit,
};

impl Tables {
    pub(super) fn device_by(&self, token: &TokenHash) -> Option<&Device> {
        self.devices.values().find(|(_, stored)| stored == token).map(|(device, _)| device)
    }
}

impl Devices for MemoryUnit<'_> {
    fn insert(&mut self, device: &Device, token: &TokenHash) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, device.user_id)?;
            if tables.device_by(token).is_some() {
                return Err(StorageError::Conflict);
            }
            insert_new(&mut tables.devices, device.id, (device.clone(), *token))
        })
    }

    fn activate(
        &mut self,
        user: UserId,
        offered: &TokenHash,
        token: &TokenHash,
        now: Instant,
        expires_at: Instant,
    ) -> Result<Option<Device>, StorageError> {
        self.run(|tables| {
            let offer = tables.devices.values_mut().find(|(device, stored)| {
                stored == offered && device.user_id == user && device.activated_at.is_none() && now < device.expires_at
            });
            Ok(offer.map(|(device, stored)| {
                *stored = *token;
                (device.activated_at, device.expires_at) = (Some(now), expires_at);
                device.clone()
            }))
        })
    }

    fn note_use(
        &mut self,
        user: UserId,
        token: &TokenHash,
        epoch: i64,
        ip: Option<String>,
        now: Instant,
    ) -> Result<bool, StorageError> {
        self.run(|tables| {
            let in_force = tables.devices.values_mut().find(|(device, stored)| {
                stored == token
                    && (device.user_id, device.credential_epoch) == (user, epoch)
                    && device.activated_at.is_some()
                    && now < device.expires_at
            });
            Ok(in_force.map(|(device, _)| (device.ip, device.last_used_at) = (ip, now)).is_some())
        })
    }

    fn remove(&mut self, user: UserId, id: DeviceId) -> Result<bool, StorageError> {
        self.run(|tables| {
            let is_own = tables.devices.get(&id).is_some_and(|(device, _)| device.user_id == user);
            Ok(is_own && tables.devices.remove(&id).is_some())
        })
    }

    fn remove_all(&mut self, user: UserId) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.devices, i64::MAX, |(device, _)| device.user_id == user)))
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.devices, limit, |(device, _)| device.expires_at < before)))
    }

    fn note_origin(&mut self, user: UserId, origin: &[u8; 32], now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, user)?;
            Ok(tables.origins.insert((user, *origin), now).is_some())
        })
    }

    fn purge_origins(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.origins, limit, |last_seen_at| *last_seen_at < before)))
    }
}
