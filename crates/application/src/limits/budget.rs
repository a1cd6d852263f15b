//! One budget of one address, account or user. In storage its key is a MAC, so that the database contains no plain
//! address.

use std::{fmt::Display, net::IpAddr, time::Duration};

use selfsame_ports::{BudgetKey, Charge};

use crate::{Core, Fault};

/// A charge to one budget of one subject.
pub struct Budget {
    name: &'static str,
    subject: String,
    cost: Duration,
    capacity: Duration,
}

impl Budget {
    pub(super) fn new(name: &'static str, subject: impl Display, cost: Duration, capacity: Duration) -> Self {
        Self { name, subject: subject.to_string(), cost, capacity }
    }
}

impl Core {
    /// Takes one from every budget, or from none if one of them has too little left.
    pub(crate) fn spend(&self, budgets: &[Budget]) -> Result<(), Fault> {
        if !self.limits.enabled {
            return Ok(());
        }
        let charges = self.charges(budgets);
        let Some(exhausted) = self.rate_limits.take(&charges, self.clock.now())? else {
            return Ok(());
        };
        let place = charges.iter().position(|charge| charge.key == exhausted.key);
        let budget = place.and_then(|place| budgets.get(place)).map(|budget| budget.name);
        tracing::warn!(budget, wait_s = exhausted.wait.as_secs(), "rate limit reached");
        Err(Fault::Limited(exhausted.wait))
    }

    /// Gives the charges back, because the secret was not compared.
    pub(crate) fn refund(&self, budgets: &[Budget]) {
        if self.limits.enabled
            && let Err(error) = self.rate_limits.refund(&self.charges(budgets))
        {
            tracing::warn!(%error, "budgets could not be given back");
        }
    }

    /// Makes budgets full again, because the secret was right.
    pub(crate) fn restore(&self, budgets: &[Budget]) {
        let keys: Vec<BudgetKey> = budgets.iter().map(|budget| self.budget_key(budget)).collect();
        if self.limits.enabled
            && let Err(error) = self.rate_limits.clear(&keys)
        {
            tracing::warn!(%error, "budgets could not be made full again");
        }
    }

    fn charges(&self, budgets: &[Budget]) -> Vec<Charge> {
        let charge =
            |budget: &Budget| Charge { key: self.budget_key(budget), cost: budget.cost, capacity: budget.capacity };
        budgets.iter().map(charge).collect()
    }

    fn budget_key(&self, budget: &Budget) -> BudgetKey {
        self.vault.mac("rate limit", format!("{}:{}", budget.name, budget.subject).as_bytes())
    }
}

/// The network of one customer: the whole address for IPv4, the first 64 bits for IPv6 (R59).
pub(super) fn network(ip: Option<IpAddr>) -> String {
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
    use selfsame_domain::{UserId, id::Id as _};

    use super::*;
    use crate::limits::{ByteRate, Limits, Rate};

    #[test]
    fn r59_addresses_of_one_ipv6_customer_share_a_budget() {
        let network = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn a_budget_holds_its_burst_and_goes_by_its_name_in_the_table() {
        let rate: Rate = Limits::default().password_change_per_user;
        let budget = rate.of_user(UserId::from_number(7));
        assert_eq!((budget.name, budget.subject.as_str()), ("password_change_per_user", "7"));
        assert_eq!((budget.cost, budget.capacity), (Duration::from_secs(12), Duration::from_mins(1)));
    }

    #[test]
    fn bytes_cost_their_share_of_the_time_in_which_as_many_come_again() {
        let rate = ByteRate { bytes: 20 << 20, per: Duration::from_hours(1), ..Limits::default().audit_bytes_per_user };
        assert_eq!(rate.cost(5 << 20), Duration::from_mins(15));
        assert_eq!(rate.cost(20 << 20), Duration::from_hours(1));
        assert_eq!(rate.cost(1000), Duration::from_micros(171_662), "rounded up");
        assert_eq!(rate.cost(0), Duration::ZERO);
        assert_eq!(rate.cost(u64::MAX), Duration::from_hours(1));
    }
}
