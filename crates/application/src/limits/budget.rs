//! One budget of one address, account or user. In storage its key is a MAC, so that the database contains no plain
//! address.

use std::{cell::RefCell, fmt::Display, net::IpAddr, time::Duration};

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
    /// So many uses of one text, each of which comes back after `every` only.
    pub(crate) fn of_uses(name: &'static str, text: &str, uses: u32, every: Duration) -> Self {
        Self::new(name, text, every, every.saturating_mul(uses))
    }

    pub(super) fn new(name: &'static str, subject: impl Display, cost: Duration, capacity: Duration) -> Self {
        Self { name, subject: subject.to_string(), cost, capacity }
    }
}

/// A budget that was charged, as its client may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargedBudget {
    /// Its name in the table.
    pub name: &'static str,
    /// The number at once.
    pub quota: u64,
    /// The time until a spent budget is full again.
    pub window: Duration,
    /// The time until there is one more, if it has too little left.
    pub wait: Option<Duration>,
}

thread_local! {
    /// The budgets that were charged on this thread, while [`observe_budgets`] runs.
    static CHARGED: RefCell<Option<Vec<ChargedBudget>>> = const { RefCell::new(None) };
}

/// Runs a use case, and returns its result with the budgets that it charged, each once.
pub fn observe_budgets<T>(run: impl FnOnce() -> T) -> (T, Vec<ChargedBudget>) {
    CHARGED.set(Some(Vec::new()));
    let result = run();
    (result, CHARGED.take().unwrap_or_default())
}

/// Notes charged budgets. Of two with one name the exhausted one counts.
fn note(budgets: &[Budget], exhausted: Option<(usize, Duration)>) {
    CHARGED.with_borrow_mut(|charged| {
        let Some(charged) = charged else { return };
        for (place, budget) in budgets.iter().enumerate() {
            let wait = exhausted.filter(|(exhausted, _)| *exhausted == place).map(|(_, wait)| wait);
            let known = charged.iter_mut().find(|known| known.name == budget.name);
            match known {
                Some(known) => known.wait = wait.or(known.wait),
                None => charged.push(budget.charged(wait)),
            }
        }
    });
}

impl Budget {
    fn charged(&self, wait: Option<Duration>) -> ChargedBudget {
        let quota = self.capacity.as_millis() / self.cost.as_millis().max(1);
        let quota = u64::try_from(quota).unwrap_or(u64::MAX);
        ChargedBudget { name: self.name, quota, window: self.capacity, wait }
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
            note(budgets, None);
            return Ok(());
        };
        let place = charges.iter().position(|charge| charge.key == exhausted.key);
        note(budgets, place.map(|place| (place, exhausted.wait)));
        let budget = place.and_then(|place| budgets.get(place)).map(|budget| budget.name);
        tracing::warn!(budget, wait_s = exhausted.wait.as_secs(), "rate limit reached");
        Err(Fault::Limited(exhausted.wait))
    }

    /// Takes one from a budget also where rate limits are off: it counts the uses of something, and is no limit on a client.
    pub(crate) fn take_even_if_unlimited(&self, budget: &Budget) -> Result<bool, Fault> {
        let charges = self.charges(std::slice::from_ref(budget));
        Ok(self.rate_limits.take(&charges, self.clock.now())?.is_none())
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
pub(crate) fn network(ip: Option<IpAddr>) -> String {
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
    fn r86_a_client_learns_the_budgets_that_were_charged_and_the_exhausted_one() {
        let rate = Limits::default().password_change_per_user;
        let budgets = [rate.of("7"), rate.of("8"), Limits::default().mail_per_ip.of("ip")];
        let ((), charged) = observe_budgets(|| {
            note(&budgets, None);
            note(&budgets, Some((1, Duration::from_secs(9))));
        });
        let window = Duration::from_mins(1);
        let wait = Some(Duration::from_secs(9));
        let password = ChargedBudget { name: "password_change_per_user", quota: 5, window, wait };
        let mail = ChargedBudget { name: "mail_per_ip", quota: 10, window: Duration::from_hours(1), wait: None };
        assert_eq!(charged, [password, mail]);
        note(&budgets, None);
        assert_eq!(observe_budgets(|| ()).1, [], "nothing is noted outside");
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
