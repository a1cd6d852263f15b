//! How often what may be done: the budgets in front of every place that takes a secret or sends a mail (R18-R20, R35, R86).
//!
//! Keys are made of canonical forms, so that another spelling is not another budget.

use std::{net::IpAddr, time::Duration};

use selfsame_domain::{Client, UserId};
use selfsame_ports::Limit;

use crate::{Core, Fault};

/// All budgets.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Off for load tests and for servers that are limited elsewhere.
    pub enabled: bool,
    /// New accounts from one address.
    pub sign_up_per_ip: Limit,
    /// Passwords tried for one account from one address.
    pub password_per_account_and_ip: Limit,
    /// Passwords tried from one address.
    pub password_per_ip: Limit,
    /// Passwords tried for one account from anywhere: the backstop against a botnet.
    pub password_per_account: Limit,
    /// Codes and links tried from one address.
    pub proof_per_ip: Limit,
    /// Proofs mailed to one e-mail address.
    pub mail_per_address: Limit,
    /// Mails caused from one address.
    pub mail_per_ip: Limit,
    /// Password resets mailed to one e-mail address.
    pub reset_per_address: Limit,
    /// Changes of password by one user.
    pub password_change_per_user: Limit,
    /// Refresh tokens used from one address.
    pub refresh_per_ip: Limit,
}

const fn limit(burst: u32, every_seconds: u64) -> Limit {
    Limit { burst, every: Duration::from_secs(every_seconds) }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enabled: true,
            sign_up_per_ip: limit(3, 20 * 60),
            password_per_account_and_ip: limit(5, 60),
            password_per_ip: limit(10, 6),
            password_per_account: limit(100, 15 * 60),
            proof_per_ip: limit(10, 6),
            mail_per_address: limit(2, 3 * 60),
            mail_per_ip: limit(10, 6 * 60),
            reset_per_address: limit(3, 60 * 60),
            password_change_per_user: limit(5, 12),
            refresh_per_ip: limit(60, 1),
        }
    }
}

/// One budget, and whose it is.
pub(crate) struct Budget {
    key: String,
    limit: Limit,
}

impl Budget {
    pub(crate) fn new(name: &str, whose: &str, limit: Limit) -> Self {
        Self { key: format!("{name}:{whose}"), limit }
    }

    pub(crate) fn of_ip(name: &str, client: &Client, limit: Limit) -> Self {
        Self::new(name, &network(client.ip), limit)
    }

    pub(crate) fn of_user(name: &str, user: UserId, limit: Limit) -> Self {
        Self::new(name, &user.to_string(), limit)
    }
}

impl Core {
    /// Spends one of each budget, in order; stops at the first that has none left.
    pub(crate) fn spend(&self, budgets: &[Budget]) -> Result<(), Fault> {
        if !self.limits.enabled {
            return Ok(());
        }
        for Budget { key, limit } in budgets {
            if let Some(wait) = self.rate_limits.take(key, *limit, self.clock.now())? {
                tracing::warn!(budget = key.split(':').next(), wait_s = wait.as_secs(), "rate limit reached");
                return Err(Fault::Limited(wait));
            }
        }
        Ok(())
    }

    /// Gives back what was spent: the secret was right, or was never looked at.
    pub(crate) fn refund(&self, budgets: &[Budget]) {
        if !self.limits.enabled {
            return;
        }
        for Budget { key, limit } in budgets {
            if let Err(error) = self.rate_limits.refund(key, *limit) {
                tracing::warn!(%error, "a budget could not be given back");
            }
        }
    }
}

/// An address as far as one customer of a network provider goes: all of IPv4, the first 64 bits of IPv6 (R59).
fn network(ip: Option<IpAddr>) -> String {
    match ip {
        Some(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        Some(v4) => v4.to_string(),
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn r59_addresses_of_one_ipv6_customer_share_a_budget() {
        let network = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
