//! How often what may be done: the budgets in front of every place that takes a secret or sends a mail (R18-R20, R35, R86).
//!
//! Keys are made of canonical forms, so that another spelling is not another budget.

use std::{net::IpAddr, time::Duration};

use selfsame_domain::{IdentifierKind, RequestContext, SessionId, User, UserId};
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
    /// Passwords tried from one address, right ones too: each costs a hash (R82).
    pub password_per_ip: Limit,
    /// Passwords tried for one account from anywhere: the backstop against a botnet. One address alone gets a fifth of it,
    /// at half the speed, so that nobody locks an account from there.
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
    /// Picture files taken in from one user (R72).
    pub picture_per_user: Limit,
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
            picture_per_user: limit(10, 60),
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

    pub(crate) fn of_ip(name: &str, context: &RequestContext, limit: Limit) -> Self {
        Self::new(name, &network(context.ip), limit)
    }

    pub(crate) fn of_user(name: &str, user: UserId, limit: Limit) -> Self {
        Self::new(name, &user.to_string(), limit)
    }
}

/// Whose password is tried.
pub(crate) struct Tried<'a> {
    /// The name that was typed, as [`email_name`] or [`username_name`] has it.
    pub(crate) name: &'a str,
    /// The account that has proven this name.
    pub(crate) owner: Option<UserId>,
    /// The browser, if the account is or was signed in there. It has a backstop of its own, so that whoever exhausts the
    /// account's does not lock its owner out.
    pub(crate) device: Option<SessionId>,
}

/// A typed e-mail address as part of a key.
pub(crate) fn email_name(canonical: &str) -> String {
    format!("email:{canonical}")
}

/// A typed username as part of a key.
pub(crate) fn username_name(canonical: &str) -> String {
    format!("username:{canonical}")
}

/// The budgets in front of one check of a password.
pub(crate) struct PasswordBudgets {
    all: Vec<Budget>,
}

impl PasswordBudgets {
    /// What every check costs.
    pub(crate) fn all(&self) -> &[Budget] {
        &self.all
    }

    /// Those that only wrong passwords are to cost.
    pub(crate) fn of_account(&self) -> &[Budget] {
        self.all.get(1..).unwrap_or_default()
    }
}

impl Core {
    /// The budgets in front of every check of a password: one set for an account, whichever route asks (R35). A name that
    /// cannot be anybody's costs the address alone.
    ///
    /// What an address may try goes by the name as typed: were it by the account, a name would tell by its budget which
    /// other name is the same account's.
    pub(crate) fn password_budgets(&self, tried: Option<&Tried<'_>>, context: &RequestContext) -> PasswordBudgets {
        let mut all = vec![Budget::of_ip("password-ip", context, self.limits.password_per_ip)];
        if let Some(Tried { name, owner, device }) = tried {
            let backstop = match (owner, device) {
                (None, _) => (*name).to_owned(),
                (Some(owner), None) => owner.to_string(),
                (Some(owner), Some(device)) => format!("{owner}:{device}"),
            };
            all.extend(self.budgets_of_name(name, context));
            all.push(Budget::new("password-account", &backstop, self.limits.password_per_account));
        }
        PasswordBudgets { all }
    }

    fn budgets_of_name(&self, name: &str, context: &RequestContext) -> [Budget; 2] {
        let backstop = self.limits.password_per_account;
        let share = Limit { burst: (backstop.burst / 5).max(1), every: backstop.every.saturating_mul(2) };
        [
            Budget::of_ip(&format!("password-account-ip:{name}"), context, self.limits.password_per_account_and_ip),
            Budget::of_ip(&format!("password-account-share:{name}"), context, share),
        ]
    }

    /// Forgets the wrong passwords tried for an account whose owner has just proven to be one: from anywhere, and from the
    /// client's address for each name that the account has proven.
    pub(crate) fn forgive_password_budgets(&self, user: &User, context: &RequestContext) {
        let proven = user.identifiers_of(IdentifierKind::Email).filter(|email| email.is_verified());
        let mut names: Vec<String> = proven.map(|email| email_name(&email.canonical)).collect();
        names.extend(user.preferred_username.as_ref().map(|name| username_name(&name.canonical())));
        let mut budgets: Vec<Budget> = names.iter().flat_map(|name| self.budgets_of_name(name, context)).collect();
        budgets.push(Budget::of_user("password-account", user.id, self.limits.password_per_account));
        self.forget(&budgets);
    }

    /// Spends one of each budget, or nothing if one of them has none left.
    pub(crate) fn spend(&self, budgets: &[Budget]) -> Result<(), Fault> {
        if !self.limits.enabled {
            return Ok(());
        }
        let Some(exhausted) = self.rate_limits.take(&pairs(budgets), self.clock.now())? else {
            return Ok(());
        };
        let budget = exhausted.key.split(':').next();
        tracing::warn!(budget, wait_s = exhausted.wait.as_secs(), "rate limit reached");
        Err(Fault::Limited(exhausted.wait))
    }

    /// Gives back what was spent: the secret was never looked at.
    pub(crate) fn refund(&self, budgets: &[Budget]) {
        if self.limits.enabled
            && let Err(error) = self.rate_limits.refund(&pairs(budgets))
        {
            tracing::warn!(%error, "budgets could not be given back");
        }
    }

    /// Makes budgets full again: the secret was right.
    pub(crate) fn forget(&self, budgets: &[Budget]) {
        let keys: Vec<String> = budgets.iter().map(|budget| budget.key.clone()).collect();
        if self.limits.enabled
            && let Err(error) = self.rate_limits.clear(&keys)
        {
            tracing::warn!(%error, "budgets could not be made full again");
        }
    }
}

fn pairs(budgets: &[Budget]) -> Vec<(String, Limit)> {
    budgets.iter().map(|Budget { key, limit }| (key.clone(), *limit)).collect()
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
