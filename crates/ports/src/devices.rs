//! Remembered devices, and the origins of sign-ins, inside a unit of work.

use selfsame_domain::{Device, DeviceId, Instant, TokenHash, UserId};

use crate::StorageError;

/// Remembered devices, and from where an account was signed in to.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Devices {
    /// Adds a device under the hash of its token.
    fn insert(&mut self, device: &Device, token: &TokenHash) -> Result<(), StorageError>;
    /// Brings an offered device of an account into force, in one conditional statement: `offered` is the hash of the token
    /// that it was offered under, which is replaced by `token`. `None` if the account has no such device, it is in force
    /// already, or the offer has expired at `now`.
    fn activate(
        &mut self,
        user: UserId,
        offered: &TokenHash,
        token: &TokenHash,
        now: Instant,
        expires_at: Instant,
    ) -> Result<Option<Device>, StorageError>;
    /// Writes the last use of the device with this token. `false`, and nothing is written, if the account has no such device
    /// in force of a credential epoch, or it has expired at `now`.
    fn note_use(
        &mut self,
        user: UserId,
        token: &TokenHash,
        epoch: i64,
        ip: Option<String>,
        now: Instant,
    ) -> Result<bool, StorageError>;
    /// Removes a device of an account. `false` if it has no such device.
    fn remove(&mut self, user: UserId, id: DeviceId) -> Result<bool, StorageError>;
    /// Removes all devices of an account; returns how many.
    fn remove_all(&mut self, user: UserId) -> Result<usize, StorageError>;
    /// Removes up to `limit` devices that expired before an instant; returns how many.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;

    /// Notes that an account is signed in to from an origin. Returns whether it was before. The account is locked.
    fn note_origin(&mut self, user: UserId, origin: &[u8; 32], now: Instant) -> Result<bool, StorageError>;
    /// Removes up to `limit` origins that were seen last before an instant; returns how many.
    fn purge_origins(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
