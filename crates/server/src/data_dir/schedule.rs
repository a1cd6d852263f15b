//! The life of a key (R95): published at once, active after a while, then kept until nothing depends on it. Pure
//! functions.

use std::{cmp::Ordering, fmt};

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::KeyId;

/// The state of a key at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyState {
    /// Published, so that every server verifies and opens with it; not active yet.
    Pending,
    /// Signs or seals.
    Active,
    /// Verifies and opens what it signed or sealed.
    Old,
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Old => "old",
        })
    }
}

/// A key and its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Standing {
    /// The key.
    pub(crate) id: KeyId,
    /// When it was made.
    pub(crate) made_at: DateTime<Utc>,
    /// When it becomes active.
    pub(crate) active_from: DateTime<Utc>,
    /// Its state.
    pub(crate) state: KeyState,
}

/// The active one of these keys of one kind at `now`; they are given by ascending id. `None` if there is no key.
///
/// It is the newest of those that were made at least `activate_after` ago. If none is that old it is the oldest: so a
/// single key is active from the start, and a second one that is made soon after it still waits.
pub(crate) fn active(ids: &[KeyId], now: DateTime<Utc>, activate_after: Duration) -> Option<&KeyId> {
    ids.iter().rev().find(|id| due(id, activate_after) <= now).or_else(|| ids.first())
}

/// The state of each of these keys of one kind at `now`; they are given by ascending id.
pub(crate) fn standings(ids: &[KeyId], now: DateTime<Utc>, activate_after: Duration) -> Vec<Standing> {
    let Some(active) = active(ids, now, activate_after) else { return Vec::new() };
    let standing = |id: &KeyId| {
        let state = match id.cmp(active) {
            Ordering::Less => KeyState::Old,
            Ordering::Equal => KeyState::Active,
            Ordering::Greater => KeyState::Pending,
        };
        let due = due(id, activate_after);
        let active_from = if state == KeyState::Active && due > now { id.made_at() } else { due };
        Standing { id: id.clone(), made_at: id.made_at(), active_from, state }
    };
    ids.iter().map(standing).collect()
}

fn due(id: &KeyId, activate_after: Duration) -> DateTime<Utc> {
    id.made_at() + activate_after
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
    }

    fn made(minutes: &[i64]) -> Vec<KeyId> {
        minutes.iter().map(|minutes| KeyId::new(at(*minutes), [0, 0])).collect()
    }

    /// The active key, by the minute of its creation.
    fn active_at(made_at: &[i64], now: i64) -> Option<i64> {
        let ids = made(made_at);
        active(&ids, at(now), Duration::minutes(10)).map(|id| (id.made_at() - at(0)).num_minutes())
    }

    #[test]
    fn r95_a_new_key_is_used_after_a_while_and_not_before() {
        assert_eq!(active_at(&[0, 100], 100), Some(0));
        assert_eq!(active_at(&[0, 100], 109), Some(0));
        assert_eq!(active_at(&[0, 100], 110), Some(100));
    }

    #[test]
    fn r95_a_key_that_is_alone_is_used_whatever_its_age() {
        assert_eq!(active_at(&[100], 100), Some(100));
        assert_eq!(active_at(&[100], 5000), Some(100));
        assert_eq!(active_at(&[100], 0), Some(100), "also by a clock that is behind");
        assert_eq!(active_at(&[], 0), None);
    }

    #[test]
    fn r95_of_keys_that_are_all_too_young_the_oldest_is_used() {
        assert_eq!(active_at(&[0, 3, 6], 9), Some(0));
        assert_eq!(active_at(&[0, 3, 6], 10), Some(0));
        assert_eq!(active_at(&[0, 3, 6], 13), Some(3));
        assert_eq!(active_at(&[0, 3, 6], 60), Some(6));
    }

    #[test]
    fn every_key_has_one_state_and_the_instant_from_which_it_is_used() {
        let ids = made(&[0, 20, 40]);
        let standings = standings(&ids, at(45), Duration::minutes(10));
        let states: Vec<_> = standings.iter().map(|standing| (standing.state, standing.active_from)).collect();
        assert_eq!(states, [(KeyState::Old, at(10)), (KeyState::Active, at(30)), (KeyState::Pending, at(50))]);
        let alone = super::standings(&made(&[40]), at(45), Duration::minutes(10));
        assert_eq!((alone[0].state, alone[0].active_from), (KeyState::Active, at(40)));
    }
}
