//! What every [`RateLimits`] promises: see [`rate_limits_contract!`](crate::rate_limits_contract).
//!
//! A promise gets two handles on one store, as two replicas have them: whatever the one spends, the other knows (R86).

use std::time::Duration;

use selfsame_domain::Instant;
use selfsame_ports::{Limit, RateLimits};

use super::threads::together;
use crate::builders::t0;

/// Three at once, and one more after each minute and a half.
const THREE: Limit = Limit { burst: 3, every: Duration::from_millis(90_250) };

/// `t0` and so many times [`THREE`]'s interval.
fn later(intervals: u32) -> Instant {
    t0() + THREE.every * intervals
}

fn take(limits: &dyn RateLimits, key: &str, now: Instant) -> Option<Duration> {
    take_of(limits, key, THREE, now)
}

fn take_of(limits: &dyn RateLimits, key: &str, limit: Limit, now: Instant) -> Option<Duration> {
    let exhausted = limits.take(&[(key.to_owned(), limit)], now).unwrap()?;
    assert_eq!(exhausted.key, key);
    Some(exhausted.wait)
}

fn refund(limits: &dyn RateLimits, key: &str) {
    limits.refund(&[(key.to_owned(), THREE)]).unwrap();
}

fn clear(limits: &dyn RateLimits, keys: &[&str]) {
    let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
    limits.clear(&keys).unwrap();
}

/// One of each of these, of [`THREE`].
fn each(keys: &[&str]) -> Vec<(String, Limit)> {
    keys.iter().map(|&key| (key.to_owned(), THREE)).collect()
}

/// How many `key` gets at `now` before it is refused, from both handles in turn.
fn all_of(one: &dyn RateLimits, other: &dyn RateLimits, key: &str, now: Instant) -> usize {
    let handles = [one, other].into_iter().cycle();
    handles.take_while(|handle| take(*handle, key, now).is_none()).take(100).count()
}

pub fn r86_a_burst_is_one_burst_for_all_replicas(one: &dyn RateLimits, other: &dyn RateLimits) {
    assert_eq!(all_of(one, other, "key", t0()), 3);
    assert_eq!(take(one, "key", t0()), Some(THREE.every));
    assert_eq!(take(other, "key", t0()), Some(THREE.every));
}

pub fn keys_have_budgets_of_their_own(one: &dyn RateLimits, other: &dyn RateLimits) {
    let long = "k".repeat(300);
    for key in ["a", "A", "a ", "ключ:ada@example.com|2001:db8::/64", long.as_str()] {
        assert_eq!(all_of(one, other, key, t0()), 3, "{key}");
    }
}

pub fn after_the_wait_there_is_one(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    let millisecond = Duration::from_millis(1);
    let wait = take(one, "key", t0() + Duration::from_secs(30));
    assert_eq!(wait, Some(Duration::from_millis(60_250)));
    let almost = take(other, "key", later(1) - millisecond);
    assert_eq!(almost, Some(millisecond));
    assert_eq!(all_of(one, other, "key", later(1)), 1);
}

pub fn a_refusal_spends_nothing(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    for _ in 0..10 {
        assert_eq!(take(one, "key", t0()), Some(THREE.every));
    }
    assert_eq!(take(other, "key", later(1)), None);
}

pub fn a_budget_fills_up_to_the_burst_and_no_further(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", t0());
    assert_eq!(all_of(one, other, "key", later(2)), 2);
    assert_eq!(all_of(one, other, "key", later(1000)), 3);
}

pub fn a_burst_of_one_is_one_at_a_time(one: &dyn RateLimits, other: &dyn RateLimits) {
    let limit = Limit { burst: 1, ..THREE };
    assert_eq!(take_of(one, "key", limit, t0()), None);
    assert_eq!(take_of(other, "key", limit, t0()), Some(limit.every));
    assert_eq!(take_of(other, "key", limit, later(1)), None);
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
    clear(one, &["unknown", "key"]);
    assert_eq!(all_of(other, one, "key", t0()), 3);
    assert_eq!(all_of(one, other, "other", t0()), 0);
}

pub fn r35_of_several_budgets_all_are_spent_or_none(one: &dyn RateLimits, other: &dyn RateLimits) {
    assert_eq!(one.take(&each(&["b", "a", "c"]), t0()), Ok(None));
    all_of(one, other, "b", t0());
    let refused = other.take(&each(&["c", "b", "a"]), t0()).unwrap().unwrap();
    assert_eq!((refused.key.as_str(), refused.wait), ("b", THREE.every));
    assert_eq!(all_of(one, other, "a", t0()), 2);
    assert_eq!(all_of(one, other, "c", t0()), 2);
}

pub fn of_several_that_have_none_left_the_longest_wait_is_told(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "early", t0());
    all_of(one, other, "late", later(1));
    for keys in [["early", "late"], ["late", "early"]] {
        let refused = one.take(&each(&keys), later(1) - Duration::from_millis(1)).unwrap().unwrap();
        assert_eq!((refused.key.as_str(), refused.wait), ("late", THREE.every + Duration::from_millis(1)));
    }
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
    let limit = Limit { burst: 100, ..THREE };
    together(20, |number| {
        let handle = if number % 2 == 0 { one } else { other };
        let mut keys = ["a", "b", "c"];
        keys.rotate_left(number % 3);
        let budgets = keys.map(|key| (key.to_owned(), limit));
        for _ in 0..5 {
            assert_eq!(handle.take(&budgets, t0()), Ok(None));
            handle.refund(&budgets).unwrap();
            handle.clear(&keys.map(str::to_owned)).unwrap();
        }
    });
}

pub fn purging_removes_the_full_budgets_alone(one: &dyn RateLimits, other: &dyn RateLimits) {
    take(one, "once", t0());
    all_of(one, other, "thrice", t0());
    assert_eq!(one.purge(t0()), Ok(0));
    assert_eq!(other.purge(later(1)), Ok(1), "`once` is full again");
    assert_eq!(all_of(one, other, "thrice", later(1)), 1, "what `thrice` spent is known");
    assert_eq!(one.purge(later(1000)), Ok(1));
    assert_eq!(one.purge(later(1000)), Ok(0));
}

pub fn r86_twenty_threads_on_two_replicas_get_no_more_than_the_burst(one: &dyn RateLimits, other: &dyn RateLimits) {
    let limit = Limit { burst: 7, ..THREE };
    let answers = together(20, |number| {
        let handle = if number % 2 == 0 { one } else { other };
        take_of(handle, "key", limit, t0())
    });
    assert_eq!(answers.iter().filter(|wait| wait.is_none()).count(), 7);
    let refused: Vec<Duration> = answers.into_iter().flatten().collect();
    assert_eq!(refused, [limit.every; 13]);
}

pub fn r97_a_clock_that_jumps_back_gives_nothing_back(one: &dyn RateLimits, other: &dyn RateLimits) {
    all_of(one, other, "key", later(10));
    assert_eq!(take(one, "key", later(9)), Some(THREE.every * 2));
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
                r35_a_refund_gives_one_back
                refunds_never_make_a_budget_larger_than_the_burst
                clearing_forgets_what_these_keys_spent
                r35_of_several_budgets_all_are_spent_or_none
                of_several_that_have_none_left_the_longest_wait_is_told
                r35_a_refund_of_several_gives_one_of_each_back
                twenty_threads_that_want_several_budgets_in_any_order_never_block
                purging_removes_the_full_budgets_alone
                r86_twenty_threads_on_two_replicas_get_no_more_than_the_burst
                r97_a_clock_that_jumps_back_gives_nothing_back
            }
        }
    };
}
