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
    /// What is left; none if another budget of the same charge was exhausted, so that nothing was taken.
    pub left: Option<Left>,
}

/// What is left of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// How many more there are.
    pub count: u64,
    /// The time until there is one more; none if the budget is full.
    pub next_in: Option<Duration>,
}

impl Left {
    fn of(amount: Duration, cost: Duration, capacity: Duration) -> Self {
        let cost = cost.as_millis().max(1);
        let is_full = amount >= capacity;
        let next_in = u64::try_from(cost - amount.as_millis() % cost).map_or(Duration::MAX, Duration::from_millis);
        Self { count: uses(amount, cost), next_in: (!is_full).then_some(next_in) }
    }
}

/// How many uses of a cost in milliseconds are in an amount.
fn uses(amount: Duration, cost: u128) -> u64 {
    u64::try_from(amount.as_millis() / cost.max(1)).unwrap_or(u64::MAX)
}

/// A budget that was charged on this thread.
struct Noted {
    key: BudgetKey,
    name: &'static str,
    cost: Duration,
    capacity: Duration,
    state: State,
}

/// What is known of a charged budget.
#[derive(Clone, Copy)]
enum State {
    Left(Duration),
    Exhausted(Duration),
    Unknown,
}

thread_local! {
    /// The budgets that were charged on this thread, while [`observe_budgets`] runs.
    static CHARGED: RefCell<Option<Vec<Noted>>> = const { RefCell::new(None) };
}

/// Runs a use case, and returns its result with the budgets that it charged. Of several subjects of one name the one with the
/// least left counts.
pub fn observe_budgets<T>(run: impl FnOnce() -> T) -> (T, Vec<ChargedBudget>) {
    CHARGED.set(Some(Vec::new()));
    let result = run();
    let mut charged: Vec<ChargedBudget> = Vec::new();
    for budget in CHARGED.take().unwrap_or_default().iter().map(Noted::charged) {
        match charged.iter_mut().find(|known| known.name == budget.name) {
            Some(known) => known.left = known.left.into_iter().chain(budget.left).min(),
            None => charged.push(budget),
        }
    }
    (result, charged)
}

/// Notes the state of budgets after a charge; a later one replaces an earlier one.
fn note(budgets: &[Budget], charges: &[Charge], state: impl Fn(usize) -> State) {
    CHARGED.with_borrow_mut(|charged| {
        let Some(charged) = charged else { return };
        for (place, (budget, charge)) in budgets.iter().zip(charges).enumerate() {
            match charged.iter_mut().find(|known| known.key == charge.key) {
                Some(known) => known.state = state(place),
                None => charged.push(Noted {
                    key: charge.key,
                    name: budget.name,
                    cost: budget.cost,
                    capacity: budget.capacity,
                    state: state(place),
                }),
            }
        }
    });
}

/// Notes that budgets have more again: `more` is the amount for each cost and capacity.
fn note_more(keys: &[BudgetKey], more: impl Fn(&Noted) -> Duration) {
    CHARGED.with_borrow_mut(|charged| {
        for known in charged.iter_mut().flatten().filter(|known| keys.contains(&known.key)) {
            if let State::Left(left) = known.state {
                known.state = State::Left(left.saturating_add(more(known)).min(known.capacity));
            }
        }
    });
}

impl Noted {
    fn charged(&self) -> ChargedBudget {
        let left = match self.state {
            State::Left(amount) => Some(Left::of(amount, self.cost, self.capacity)),
            State::Exhausted(wait) => Some(Left { count: 0, next_in: Some(wait) }),
            State::Unknown => None,
        };
        let quota = uses(self.capacity, self.cost.as_millis());
        ChargedBudget { name: self.name, quota, window: self.capacity, left }
    }
}

impl Core {
    /// Takes one from every budget, or from none if one of them has too little left.
    pub(crate) fn spend(&self, budgets: &[Budget]) -> Result<(), Fault> {
        if !self.limits.enabled {
            return Ok(());
        }
        let charges = self.charges(budgets);
        let exhausted = match self.rate_limits.take(&charges, self.clock.now())? {
            Ok(left) => {
                note(budgets, &charges, |place| left.get(place).map_or(State::Unknown, |left| State::Left(*left)));
                return Ok(());
            }
            Err(exhausted) => exhausted,
        };
        let place = charges.iter().position(|charge| charge.key == exhausted.key);
        let state = |at| if Some(at) == place { State::Exhausted(exhausted.wait) } else { State::Unknown };
        note(budgets, &charges, state);
        let budget = place.and_then(|place| budgets.get(place)).map(|budget| budget.name);
        tracing::warn!(budget, wait_s = exhausted.wait.as_secs(), "rate limit reached");
        Err(Fault::Limited(exhausted.wait))
    }

    /// Takes one from a budget also where rate limits are off: it counts the uses of something, and is no limit on a client.
    pub(crate) fn take_even_if_unlimited(&self, budget: &Budget) -> Result<bool, Fault> {
        let charges = self.charges(std::slice::from_ref(budget));
        Ok(self.rate_limits.take(&charges, self.clock.now())?.is_ok())
    }

    /// Gives the charges back, because the secret was not compared.
    pub(crate) fn refund(&self, budgets: &[Budget]) {
        if !self.limits.enabled {
            return;
        }
        let charges = self.charges(budgets);
        match self.rate_limits.refund(&charges) {
            Ok(()) => note_more(&keys_of(&charges), |budget| budget.cost),
            Err(error) => tracing::warn!(%error, "budgets could not be given back"),
        }
    }

    /// Makes budgets full again, because the secret was right.
    pub(crate) fn restore(&self, budgets: &[Budget]) {
        if !self.limits.enabled {
            return;
        }
        let keys = keys_of(&self.charges(budgets));
        match self.rate_limits.clear(&keys) {
            Ok(()) => note_more(&keys, |budget| budget.capacity),
            Err(error) => tracing::warn!(%error, "budgets could not be made full again"),
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

fn keys_of(charges: &[Charge]) -> Vec<BudgetKey> {
    charges.iter().map(|charge| charge.key).collect()
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

    /// A charge of each budget, with a key of its own.
    fn charges(budgets: &[Budget]) -> Vec<Charge> {
        let charge =
            |(key, budget): (u8, &Budget)| Charge { key: [key; 32], cost: budget.cost, capacity: budget.capacity };
        (0..).zip(budgets).map(charge).collect()
    }

    #[test]
    fn r86_a_client_learns_the_budgets_that_were_charged_and_what_is_left_of_them() {
        let (rate, seconds) = (Limits::default().password_change_per_user, Duration::from_secs);
        let budgets = [rate.of("7"), rate.of("8"), Limits::default().mail_per_ip.of("ip")];
        let charges = charges(&budgets);
        let left = |count, next_in| Some(Left { count, next_in });
        let password = |left| ChargedBudget { name: "password_change_per_user", quota: 5, window: seconds(60), left };
        let mail = |left| ChargedBudget { name: "mail_per_ip", quota: 10, window: Duration::from_hours(1), left };

        let ((), charged) = observe_budgets(|| {
            note(&budgets, &charges, |place| State::Left([seconds(48), seconds(31), Duration::from_mins(54)][place]));
        });
        let of_mail = mail(left(9, Some(Duration::from_mins(6))));
        assert_eq!(charged, [password(left(2, Some(seconds(5)))), of_mail.clone()]);

        let ((), charged) = observe_budgets(|| {
            note(&budgets, &charges, |place| State::Left([seconds(48), seconds(31), Duration::from_mins(54)][place]));
            note_more(&[charges[0].key], |budget| budget.cost);
            note_more(&[charges[1].key], |budget| budget.capacity);
        });
        assert_eq!(charged, [password(left(5, None)), of_mail], "given back");

        let exhausted = |place| if place == 1 { State::Exhausted(seconds(9)) } else { State::Unknown };
        let ((), charged) = observe_budgets(|| note(&budgets, &charges, exhausted));
        assert_eq!(charged, [password(left(0, Some(seconds(9)))), mail(None)]);
        note(&budgets, &charges, |_| State::Unknown);
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
