//! When keys may be retired.

use super::*;
use crate::settings::{Surroundings, load};

fn at(minutes: i64) -> DateTime<Utc> {
    "2026-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
}

/// What is said about the key of a minute, among keys made in these, used after ten minutes and needed for an hour.
fn asked(made_at: &[i64], key: i64, now: i64) -> Option<bool> {
    let ids: Vec<_> = made_at.iter().map(|minutes| KeyId::new(at(*minutes), [0, 0])).collect();
    let standings = standings(&ids, at(now), Duration::minutes(10));
    let position = made_at.iter().position(|minutes| *minutes == key).unwrap();
    objection(&standings, position, Duration::hours(1), at(now)).map(|objection| objection.can_be_forced)
}

#[test]
fn r95_the_active_key_can_be_retired_by_force_if_another_takes_over() {
    assert_eq!(asked(&[0], 0, 5000), Some(false));
    assert_eq!(asked(&[0, 100], 0, 105), Some(true));
    assert_eq!(asked(&[0, 100], 100, 5000), Some(true));
}

#[test]
fn a_pending_key_needs_force() {
    assert_eq!(asked(&[0, 100], 100, 105), Some(true));
}

#[test]
fn r95_an_old_key_can_be_retired_once_nothing_can_depend_on_it() {
    assert_eq!(asked(&[0, 100], 0, 110), Some(true));
    assert_eq!(asked(&[0, 100], 0, 169), Some(true));
    assert_eq!(asked(&[0, 100], 0, 170), None);
    // The next newer key took over from it, whatever came after that.
    assert_eq!(asked(&[0, 100, 160], 0, 170), None);
    assert_eq!(asked(&[0, 100, 160], 100, 229), Some(true));
}

#[test]
fn r95_a_key_is_needed_as_long_as_the_longest_thing_made_with_it() {
    let variables = [("SELFSAME__TOKENS__ACCESS_TTL", "3h"), ("SELFSAME__TOKENS__LEEWAY", "20s")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let settings = load(&Surroundings { variables, ..Surroundings::default() }).unwrap().settings;
    let reload = Duration::seconds(5);
    assert_eq!(needed_for(&settings, RotatedKind::Signing), Duration::hours(3) + Duration::seconds(20) + reload);
    assert_eq!(needed_for(&settings, RotatedKind::Sealing), Duration::days(7) + reload);
}
