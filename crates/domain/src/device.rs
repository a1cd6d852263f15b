//! Remembered devices: browsers and applications in which a second factor was given, and which are not asked for one again
//! for a while.

use crate::{DeviceId, Instant, User, UserId};

/// A remembered device. Its client holds an opaque token, whose hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Id of its row.
    pub id: DeviceId,
    /// The account that it is remembered for.
    pub user_id: UserId,
    /// The credential epoch in which the second factor was given. A later change of a password or a factor voids the
    /// device.
    pub credential_epoch: i64,
    /// The name that the client or the user gave it.
    pub name: Option<String>,
    /// The IP address from which it was made or used last.
    pub ip: Option<String>,
    /// The user agent with which it was made.
    pub user_agent: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it came into force; none while it is only offered.
    pub activated_at: Option<Instant>,
    /// When it last took the place of a second factor, or was made.
    pub last_used_at: Instant,
    /// When it expires, used or not.
    pub expires_at: Instant,
}

impl Device {
    /// Whether it takes the place of a second factor of this account at `now`.
    pub fn is_valid_for(&self, user: &User, now: Instant) -> bool {
        self.activated_at.is_some() && self.is_current_for(user, now)
    }

    /// The same, whether it is in force or only offered.
    pub fn is_current_for(&self, user: &User, now: Instant) -> bool {
        self.user_id == user.id && self.credential_epoch == user.credential_epoch && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    #[test]
    fn a_device_is_valid_for_its_account_until_it_expires_or_a_credential_changes() {
        let now: Instant = "2026-03-14T15:09:26.535Z".parse().unwrap();
        let user = User::new(UserId::from_number(1), now);
        let device = Device {
            id: DeviceId::from_number(2),
            user_id: user.id,
            credential_epoch: user.credential_epoch,
            name: None,
            ip: None,
            user_agent: None,
            created_at: now,
            activated_at: Some(now),
            last_used_at: now,
            expires_at: now + chrono::Duration::days(30),
        };
        assert!(device.is_valid_for(&user, now));
        assert!(!device.is_valid_for(&user, device.expires_at));
        assert!(!device.is_valid_for(&User { credential_epoch: 1, ..user.clone() }, now));
        assert!(!device.is_valid_for(&User::new(UserId::from_number(3), now), now));
        assert!(!Device { activated_at: None, ..device }.is_valid_for(&user, now));
    }
}
