//! Authenticator apps and backup codes in memory.

use selfsame_domain::{Instant, PendingTotp, Totp, UserId};
use selfsame_ports::{SecondFactors, StorageError};

use super::{
    tables::{insert_new, must_exist, remove_where},
    unit::MemoryUnit,
};

impl SecondFactors for MemoryUnit<'_> {
    fn begin_totp(&mut self, pending: &PendingTotp) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, pending.user_id)?;
            tables.pending_totps.insert(pending.user_id, pending.clone());
            Ok(())
        })
    }

    fn confirm_totp(&mut self, pending: &PendingTotp, step: i64, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            if tables.pending_totps.get(&pending.user_id).is_none_or(|stored| stored.sealed != pending.sealed) {
                return Ok(false);
            }
            tables.pending_totps.remove(&pending.user_id);
            let (user_id, sealed) = (pending.user_id, pending.sealed.clone());
            tables.totps.insert(user_id, Totp { user_id, sealed, last_step: step, created_at: now });
            Ok(true)
        })
    }

    fn use_totp(&mut self, user: UserId, step: i64, sealed: &[u8]) -> Result<bool, StorageError> {
        self.run(|tables| {
            let Some(totp) = tables.totps.get_mut(&user).filter(|totp| totp.last_step < step) else { return Ok(false) };
            (totp.last_step, totp.sealed) = (step, sealed.to_vec());
            Ok(true)
        })
    }

    fn reseal_totp(&mut self, user: UserId, before: &[u8], sealed: &[u8]) -> Result<bool, StorageError> {
        self.run(|tables| {
            let totp = tables.totps.get_mut(&user).filter(|totp| totp.sealed == before);
            Ok(totp.map(|totp| totp.sealed = sealed.to_vec()).is_some())
        })
    }

    fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StorageError> {
        self.run(|tables| Ok(tables.totps.get(&user).cloned()))
    }

    fn restore_totp(&mut self, totp: &Totp) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, totp.user_id)?;
            tables.pending_totps.remove(&totp.user_id);
            tables.totps.insert(totp.user_id, totp.clone());
            Ok(())
        })
    }

    fn remove_totp(&mut self, user: UserId) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.totps.remove(&user);
            tables.pending_totps.remove(&user);
            Ok(())
        })
    }

    fn purge_pending_totps(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.pending_totps, limit, |pending| pending.created_at < before)))
    }

    fn set_backup_codes(&mut self, user: UserId, macs: &[[u8; 32]]) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, user)?;
            tables.backup_codes.retain(|(owner, _)| *owner != user);
            tables.backup_codes.extend(macs.iter().map(|mac| (user, *mac)));
            Ok(())
        })
    }

    fn backup_codes(&mut self, user: UserId) -> Result<Vec<[u8; 32]>, StorageError> {
        self.run(|tables| {
            let own = tables.backup_codes.iter().filter(|(owner, _)| *owner == user);
            Ok(own.map(|(_, mac)| *mac).collect())
        })
    }

    fn use_backup_code(&mut self, user: UserId, mac: &[u8; 32], now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            if !tables.backup_codes.remove(&(user, *mac)) {
                return Ok(false);
            }
            insert_new(&mut tables.used_backup_codes, (user, *mac), now)?;
            Ok(true)
        })
    }

    fn used_backup_codes(&mut self, user: UserId) -> Result<Vec<[u8; 32]>, StorageError> {
        self.run(|tables| {
            let own = tables.used_backup_codes.keys().filter(|(owner, _)| *owner == user);
            Ok(own.map(|(_, mac)| *mac).collect())
        })
    }

    fn purge_used_backup_codes(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.used_backup_codes, limit, |used_at| *used_at < before)))
    }
}
