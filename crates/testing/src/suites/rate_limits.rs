//! What every [`RateLimits`] promises: see [`rate_limits_contract!`](crate::rate_limits_contract).
//!
//! A promise gets two handles on one store, as two replicas have them: whatever the one spends, the other knows (R86).

use std::time::Duration;

use selfsame_domain::Instant;
use selfsame_ports::{BudgetKey, Charge, RateLimits};

use super::threads::together;
use crate::builders::t0;

/// Budgets hold three charges of this; one comes back after each minute and a half.
const EVERY: Duration = Duration::from_millis(90_250);
const MILLISECOND: Duration = Duration::from_millis(1);

/// `t0` and so many times [`EVERY`].
fn later(intervals: u32) -> Instant {
    t0() + EVERY * intervals
}

/// A key that is no text.
fn key(name: &str) -> BudgetKey {
    let mut key = [0xFF; 32];
    key[..name.len()].copy_from_slice(name.as_bytes());
    key
}

/// One of three.
fn one_of(name: &str) -> Charge {
    Charge { key: key(name), cost: EVERY, capacity: EVERY * 3 }
}

fn each(names: &[&str]) -> Vec<Charge> {
    names.iter().map(|name| one_of(name)).collect()
}

fn take(limits: &dyn RateLimits, name: &str, now: Instant) -> Option<Duration> {
    take_of(limits, one_of(name), now)
}

fn take_of(limits: &dyn RateLimits, charge: Charge, now: Instant) -> Option<Duration> {
    let exhausted = limits.take(&[charge], now).unwrap().err()?;
    assert_eq!(exhausted.key, charge.key);
    Some(exhausted.wait)
}

fn refund(limits: &dyn RateLimits, name: &str) {
    limits.refund(&[one_of(name)]).unwrap();
}

/// How many `key` gets at `now` before it is refused, from both handles in turn.
fn all_of(one: &dyn RateLimits, other: &dyn RateLimits, key: &str, now: Instant) -> usize {
    let handles = [one, other].into_iter().cycle();
    handles.take_while(|handle| take(*handle, key, now).is_none()).take(100).count()
}

pub fn r86_a_burst_is_one_burst_for_all_replicas(one: &dyn RateLimits, other: &dyn RateLimits) {
    assert_eq!(all_of(one, other, "key", t0()), 3);
    assert_eq!(take(one, "key", t0()), Some(EVERY));
    assert_eq!(take(other, "key", t0()), Some(EVERY));
}

pub fn keys_have_budgets_of_their_own(one: &dyn RateLimits, other: &dyn RateLimits) {
    let [mut last, mut first] = [[0; 32]; 2];
    (last[31], first[0]) = (1, 1);
    for key in [[0; 32], last, first, [0xFF; 32]] {
        let charge = Charge { key, ..one_of("") };
        let taken = [one, other, one].map(|handle| take_of(handle, charge, t0()));
        assert_eq!(taken, [None; 3], "{key:?}");
        assert_eq!(take_of(other, charge, t0()), Some(EVERY), "{key:?}");
    }
}

pub fn after_the_wait_there_is_one(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    let wait = take(one, "key", t0() + Duration::from_secs(30));
    assert_eq!(wait, Some(Duration::from_millis(60_250)));
    let almost = take(other, "key", later(1) - MILLISECOND);
    assert_eq!(almost, Some(MILLISECOND));
    assert_eq!(all_of(one, other, "key", later(1)), 1);
}

pub fn a_refusal_spends_nothing(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    for _ in 0..10 {
        assert_eq!(take(one, "key", t0()), Some(EVERY));
    }
    assert_eq!(take(other, "key", later(1)), None);
}

pub fn a_budget_fills_up_to_the_burst_and_no_further(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    assert_eq!(all_of(one, other, "key", later(2)), 2);
    assert_eq!(all_of(one, other, "key", later(1000)), 3);
}

pub fn a_burst_of_one_is_one_at_a_time(one: &dyn RateLimits, other: &dyn RateLimits) {
    let charge = Charge { capacity: EVERY, ..one_of("key") };
    assert_eq!(take_of(one, charge, t0()), None);
    assert_eq!(take_of(other, charge, t0()), Some(EVERY));
    assert_eq!(take_of(other, charge, later(1)), None);
}

pub fn charges_of_one_budget_may_differ(one: &dyn RateLimits, other: &dyn RateLimits) {
    let minutes =
        |minutes| Charge { cost: Duration::from_mins(minutes), capacity: Duration::from_hours(1), ..one_of("key") };
    assert_eq!(take_of(one, minutes(40), t0()), None);
    assert_eq!(take_of(other, minutes(25), t0()), Some(Duration::from_mins(5)));
    assert_eq!(take_of(other, minutes(20), t0()), None);
    assert_eq!(take_of(one, minutes(0), t0()), Some(MILLISECOND), "nothing is free");
    assert_eq!(take_of(one, minutes(30), t0() + Duration::from_mins(30)), None);
    one.refund(&[minutes(10)]).unwrap();
    assert_eq!(take_of(other, minutes(10), t0() + Duration::from_mins(30)), None);
    assert_eq!(take_of(other, minutes(10), t0() + Duration::from_mins(30)), Some(Duration::from_mins(10)));
}

pub fn a_charge_of_more_than_the_capacity_takes_a_full_budget(one: &dyn RateLimits, other: &dyn RateLimits) {
    let large = Charge { cost: EVERY * 5, ..one_of("key") };
    assert_eq!(take_of(one, large, t0()), None);
    assert_eq!(take_of(other, large, t0()), Some(EVERY * 3));
    other.refund(&[large]).unwrap();
    assert_eq!(all_of(one, other, "key", t0()), 3);
    assert_eq!(take_of(one, large, later(3) - MILLISECOND), Some(MILLISECOND));
    assert_eq!(take_of(one, large, later(3)), None);
}

pub fn r35_a_refund_gives_one_back(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    refund(one, "key");
    assert_eq!(all_of(other, one, "key", t0()), 1);
}

pub fn refunds_never_make_a_budget_larger_than_the_burst(one: &dyn RateLimits, other: &dyn RateLimits) {
    refund(one, "new");
    assert_eq!(all_of(one, other, "new", t0()), 3);
    take(one, "key", t0());
    for _ in 0..5 {
        refund(other, "key");
    }
    assert_eq!(all_of(one, other, "key", t0()), 3);
}

pub fn clearing_forgets_what_these_keys_spent(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    all_of(one, other, "other", t0());
    one.clear(&["unknown", "key"].map(key)).unwrap();
    assert_eq!(all_of(other, one, "key", t0()), 3);
    assert_eq!(all_of(one, other, "other", t0()), 0);
}

pub fn r35_of_several_budgets_all_are_spent_or_none(one: &dyn RateLimits, other: &dyn RateLimits) {
    assert_eq!(one.take(&each(&["b", "a", "c"]), t0()), Ok(Ok(vec![EVERY * 2; 3])));
    all_of(one, other, "b", t0());
    let refused = other.take(&each(&["c", "b", "a"]), t0()).unwrap().unwrap_err();
    assert_eq!((refused.key, refused.wait), (key("b"), EVERY));
    assert_eq!(all_of(one, other, "a", t0()), 2);
    assert_eq!(all_of(one, other, "c", t0()), 2);
}

pub fn of_several_that_have_none_left_the_longest_wait_is_told(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "early", t0());
    all_of(one, other, "late", later(1));
    for keys in [["early", "late"], ["late", "early"]] {
        let refused = one.take(&each(&keys), later(1) - MILLISECOND).unwrap().unwrap_err();
        assert_eq!((refused.key, refused.wait), (key("late"), EVERY + MILLISECOND));
    }
}

pub fn what_is_left_of_each_budget_is_told_in_the_order_of_the_charges(one: &dyn RateLimits, other: &dyn RateLimits) {
    let left = |handle: &dyn RateLimits, now| handle.take(&[one_of("key")], now).unwrap().unwrap()[0];
    assert_eq!([left(one, t0()), left(other, t0())], [EVERY * 2, EVERY]);
    assert_eq!([left(one, later(1)), left(other, later(1))], [EVERY, Duration::ZERO]);
    let large = Charge { cost: EVERY * 3, ..one_of("b") };
    let some = Charge { capacity: EVERY * 7, ..one_of("a") };
    let taken = one.take(&[large, some, one_of("c")], t0());
    assert_eq!(taken, Ok(Ok(vec![Duration::ZERO, EVERY * 6, EVERY * 2])));
}

pub fn r35_a_refund_of_several_gives_one_of_each_back(one: &dyn RateLimits, other: &dyn RateLimits) {
    for key in ["a", "b"] {
        all_of(one, other, key, t0());
    }
    one.refund(&each(&["b", "unknown", "a"])).unwrap();
    for key in ["a", "b"] {
        assert_eq!(all_of(other, one, key, t0()), 1, "{key}");
    }
}

pub fn twenty_threads_that_want_several_budgets_in_any_order_never_block(one: &dyn RateLimits, other: &dyn RateLimits) {
    together(20, |number| {
        let handle = if number % 2 == 0 { one } else { other };
        let mut keys = ["a", "b", "c"].map(key);
        keys.rotate_left(number % 3);
        let charges = keys.map(|key| Charge { key, cost: EVERY, capacity: EVERY * 100 });
        for _ in 0..5 {
            assert!(handle.take(&charges, t0()).unwrap().is_ok());
            handle.refund(&charges).unwrap();
            handle.clear(&keys).unwrap();
            handle.purge(t0(), 2).unwrap();
        }
    });
}

pub fn purging_removes_the_full_budgets_alone(one: &dyn RateLimits, other: &dyn RateLimits) {
    take(one, "once", t0());
    all_of(one, other, "thrice", t0());
    assert_eq!(one.purge(t0(), 100), Ok(0));
    assert_eq!(other.purge(later(1), 100), Ok(1), "`once` is full again");
    assert_eq!(all_of(one, other, "thrice", later(1)), 1, "what `thrice` spent is known");
    assert_eq!(one.purge(later(1000), 100), Ok(1));
    assert_eq!(one.purge(later(1000), 100), Ok(0));
}

pub fn purging_removes_no_more_than_asked_for_and_the_longest_full_first(one: &dyn RateLimits, other: &dyn RateLimits) {
    for (intervals, name) in (0..).zip(["e", "b", "d", "a", "c"]) {
        take(one, name, later(intervals));
    }
    assert_eq!(other.purge(later(5), 0), Ok(0));
    assert_eq!(other.purge(later(5), 2), Ok(2), "`e` and `b`");
    assert_eq!(one.purge(later(3), 100), Ok(1), "`d`; the others were not full before");
    assert_eq!(one.purge(later(5), 2), Ok(2), "`a` and `c`");
    assert_eq!(one.purge(later(5), 2), Ok(0));
}

pub fn r86_purging_beside_those_who_spend_gives_nothing_back(one: &dyn RateLimits, other: &dyn RateLimits) {
    let charges: Vec<Charge> = (0..40).map(|n| Charge { key: [n; 32], cost: EVERY, capacity: EVERY }).collect();
    assert!(one.take(&charges, t0()).unwrap().is_ok());
    let full_again = later(1);
    let taken = together(6, |number| match number {
        0 | 1 => {
            for _ in &charges {
                one.purge(full_again, 1).unwrap();
            }
            0
        }
        _ => charges.iter().filter(|charge| take_of(other, **charge, full_again).is_none()).count(),
    });
    assert_eq!(taken.into_iter().sum::<usize>(), charges.len(), "each once");
}

pub fn r86_twenty_threads_on_two_replicas_get_no_more_than_the_burst(one: &dyn RateLimits, other: &dyn RateLimits) {
    let charge = Charge { capacity: EVERY * 7, ..one_of("key") };
    let answers = together(20, |number| {
        let handle = if number % 2 == 0 { one } else { other };
        take_of(handle, charge, t0())
    });
    assert_eq!(answers.iter().filter(|wait| wait.is_none()).count(), 7);
    let refused: Vec<Duration> = answers.into_iter().flatten().collect();
    assert_eq!(refused, [EVERY; 13]);
}

pub fn r97_a_clock_that_jumps_back_gives_nothing_back(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", later(10));
    assert_eq!(take(one, "key", later(9)), Some(EVERY * 2));
    assert_eq!(all_of(one, other, "key", later(11)), 1);
}

/// One `#[test]` for each promise of [`RateLimits`].
///
/// `with` is a `fn(promise: fn(&dyn RateLimits, &dyn RateLimits))` that makes an empty store and opens it twice.
#[macro_export]
macro_rules! rate_limits_contract {
    ($with:ident) => {
        $crate::promises! { $with, $crate::suites;
            rate_limits {
                r86_a_burst_is_one_burst_for_all_replicas
                keys_have_budgets_of_their_own
                after_the_wait_there_is_one
                a_refusal_spends_nothing
                a_budget_fills_up_to_the_burst_and_no_further
                a_burst_of_one_is_one_at_a_time
                charges_of_one_budget_may_differ
                a_charge_of_more_than_the_capacity_takes_a_full_budget
                r35_a_refund_gives_one_back
                refunds_never_make_a_budget_larger_than_the_burst
                clearing_forgets_what_these_keys_spent
                r35_of_several_budgets_all_are_spent_or_none
                of_several_that_have_none_left_the_longest_wait_is_told
                what_is_left_of_each_budget_is_told_in_the_order_of_the_charges
                r35_a_refund_of_several_gives_one_of_each_back
                twenty_threads_that_want_several_budgets_in_any_order_never_block
                purging_removes_the_full_budgets_alone
                purging_removes_no_more_than_asked_for_and_the_longest_full_first
                r86_purging_beside_those_who_spend_gives_nothing_back
                r86_twenty_threads_on_two_replicas_get_no_more_than_the_burst
                r97_a_clock_that_jumps_back_gives_nothing_back
            }
        }
    };
}
