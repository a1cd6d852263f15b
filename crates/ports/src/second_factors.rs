//! Second factors, inside a unit of work: authenticator apps and backup codes.

use selfsame_domain::{Instant, PendingTotp, Totp, UserId};

use crate::StorageError;

/// Authenticator apps and backup codes. The caller has locked the account, and keeps the account's
/// [`enrolled`](selfsame_domain::User::enrolled) and [`backup_codes_left`](selfsame_domain::User::backup_codes_left) in step.
///
/// Single use is one conditional statement (R29, R30).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SecondFactors {
    /// Adds a pending authenticator app, in place of the earlier pending one.
    fn begin_totp(&mut self, pending: &PendingTotp) -> Result<(), StorageError>;
    /// Makes the pending app the confirmed one, in place of another, with `step` as the step of its last code. `false` if it
    /// is no longer the pending one.
    fn confirm_totp(&mut self, pending: &PendingTotp, step: i64, now: Instant) -> Result<bool, StorageError>;
    /// Writes the step of an accepted code, and the secret as it is sealed now. `false` if the app is gone, or if a code of
    /// this step or of a later one was accepted before.
    fn use_totp(&mut self, user: UserId, step: i64, sealed: &[u8]) -> Result<bool, StorageError>;
    /// Writes the secret as it is sealed now, if it is still sealed as `before`.
    fn reseal_totp(&mut self, user: UserId, before: &[u8], sealed: &[u8]) -> Result<bool, StorageError>;
    /// The confirmed authenticator app.
    fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StorageError>;
    /// Puts an app in the place of the confirmed one, and removes the pending one.
    fn restore_totp(&mut self, totp: &Totp) -> Result<(), StorageError>;
    /// Removes the authenticator app, the confirmed one and the pending one.
    fn remove_totp(&mut self, user: UserId) -> Result<(), StorageError>;
    /// Removes up to `limit` pending apps that began before an instant; returns how many.
    fn purge_pending_totps(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
    /// Replaces the account's backup codes by those with these MACs. None removes them.
    fn set_backup_codes(&mut self, user: UserId, macs: &[[u8; 32]]) -> Result<(), StorageError>;
    /// The MACs of the account's backup codes.
    fn backup_codes(&mut self, user: UserId) -> Result<Vec<[u8; 32]>, StorageError>;
    /// Removes a backup code and notes that it was used at `now`. `false` if the account does not have it, or has used it.
    fn use_backup_code(&mut self, user: UserId, mac: &[u8; 32], now: Instant) -> Result<bool, StorageError>;
    /// The MACs of the backup codes that the account has used, as long as that is noted.
    fn used_backup_codes(&mut self, user: UserId) -> Result<Vec<[u8; 32]>, StorageError>;
    /// Forgets up to `limit` uses of backup codes before an instant; returns how many.
    fn purge_used_backup_codes(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
