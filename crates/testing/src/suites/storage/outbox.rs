//! The outbox: a message is with one worker at a time until it is sent or given up (R88, R93).

use std::collections::BTreeSet;

use selfsame_domain::{Instant, OutboxId};
use selfsame_ports::{OutboxMessage, OutboxStatus, Storage, StorageError};

use super::support::{once, unit};
use crate::{
    builders::{a_message, fresh_id, t0, t0_plus},
    suites::threads::together,
};

/// How long the leases of these tests last, in seconds.
const LEASE: i64 = 120;

fn enqueued(storage: &dyn Storage, message: OutboxMessage) -> OutboxMessage {
    unit(storage, |unit| unit.outbox().enqueue(&message));
    message
}

fn lease(storage: &dyn Storage, now: Instant, limit: i64) -> Vec<OutboxMessage> {
    let until = now + chrono::Duration::seconds(LEASE);
    unit(storage, |unit| unit.outbox().lease(now, until, limit))
}

fn leased_ids(storage: &dyn Storage, now: Instant) -> Vec<OutboxId> {
    let leased = lease(storage, now, 100);
    leased.into_iter().map(|message| message.id).collect()
}

fn status(storage: &dyn Storage) -> (i64, i64) {
    let OutboxStatus { waiting, dead } = unit(storage, |unit| unit.outbox().status());
    (waiting, dead)
}

pub fn a_message_is_leased_as_it_was_enqueued_and_counted_once_more(storage: &dyn Storage) {
    let every_byte = OutboxMessage { sealed: (0..=255).collect(), expires_at: t0_plus(3600), ..a_message() };
    let message = enqueued(storage, every_byte);
    for (seconds, attempts) in [(0, 1), (LEASE, 2)] {
        let leased = lease(storage, t0_plus(seconds), 10);
        let expected = OutboxMessage { attempts, ..message.clone() };
        assert!(leased == [expected], "attempt {attempts}");
    }
}

pub fn an_outbox_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let again = once(storage, |unit| unit.outbox().enqueue(&message));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn messages_are_leased_oldest_first_and_no_more_than_asked_for(storage: &dyn Storage) {
    let made = |seconds| {
        let message = OutboxMessage { created_at: t0_plus(seconds), ..a_message() };
        enqueued(storage, message).id
    };
    let [youngest, oldest, middle] = [-10, -30, -20].map(made);
    let ids = |leased: Vec<OutboxMessage>| leased.iter().map(|message| message.id).collect::<Vec<_>>();
    assert_eq!(ids(lease(storage, t0(), 2)), [oldest, middle]);
    assert_eq!(ids(lease(storage, t0(), 2)), [youngest]);
    assert_eq!(ids(lease(storage, t0(), 2)), []);
}

pub fn r88_a_lease_keeps_others_away_until_it_ends(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    assert_eq!(leased_ids(storage, t0()), [message.id]);
    assert_eq!(leased_ids(storage, t0_plus(LEASE - 1)), []);
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), [message.id]);
}

pub fn r93_no_message_is_leased_to_two_workers(storage: &dyn Storage) {
    let all: BTreeSet<OutboxId> = (0..30).map(|_| enqueued(storage, a_message()).id).collect();
    // Ten rounds of three would do for one worker alone.
    let shares = together(8, |_| {
        let leased = (0..10).flat_map(|_| lease(storage, t0(), 3));
        leased.map(|message| message.id).collect::<Vec<_>>()
    });
    let shared: Vec<OutboxId> = shares.into_iter().flatten().collect();
    assert_eq!(shared.len(), 30, "each message once");
    assert_eq!(shared.into_iter().collect::<BTreeSet<_>>(), all);
}

pub fn a_sent_message_is_gone(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    assert_eq!(leased_ids(storage, t0()), [message.id]);
    unit(storage, |unit| unit.outbox().sent(message.id));
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), []);
    assert_eq!(status(storage), (0, 0));
}

pub fn a_message_that_is_retried_is_due_when_it_is_said_to_be(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    leased_ids(storage, t0());
    unit(storage, |unit| unit.outbox().retry(message.id, t0_plus(300), "421 later — später"));
    assert_eq!(status(storage), (1, 0));
    assert_eq!(leased_ids(storage, t0_plus(299)), []);
    let leased = lease(storage, t0_plus(300), 10);
    let attempts: Vec<i32> = leased.iter().map(|message| message.attempts).collect();
    assert_eq!(attempts, [2]);
}

pub fn a_message_that_is_retried_soon_need_not_wait_for_its_lease(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    leased_ids(storage, t0());
    unit(storage, |unit| unit.outbox().retry(message.id, t0_plus(5), "421"));
    assert_eq!(leased_ids(storage, t0_plus(4)), []);
    assert_eq!(leased_ids(storage, t0_plus(5)), [message.id]);
}

pub fn r88_a_buried_message_is_kept_until_it_is_requeued(storage: &dyn Storage) {
    let [dead, alive] = [(); 2].map(|()| enqueued(storage, a_message()));
    leased_ids(storage, t0());
    unit(storage, |unit| unit.outbox().bury(dead.id, t0_plus(1), "550 no such user"));
    assert_eq!(status(storage), (1, 1));
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), [alive.id]);

    let requeue = || unit(storage, |unit| unit.outbox().requeue_dead(t0_plus(600)));
    assert_eq!(requeue(), 1);
    assert_eq!(requeue(), 0);
    assert_eq!(status(storage), (2, 0));
    let leased = lease(storage, t0_plus(600), 10);
    let tries: Vec<_> = leased.iter().map(|message| (message.id, message.attempts)).collect();
    assert_eq!(tries, [(dead.id, 1), (alive.id, 3)], "a requeued message starts over");
}

pub fn r89_a_released_message_is_due_at_once(storage: &dyn Storage) {
    let [released, held] = [(); 2].map(|()| enqueued(storage, a_message()));
    leased_ids(storage, t0());
    unit(storage, |unit| unit.outbox().release(&[released.id]));
    assert_eq!(leased_ids(storage, t0_plus(1)), [released.id]);
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), [held.id]);
    unit(storage, |unit| unit.outbox().release(&[]));
}

pub fn r89_a_lease_that_is_given_back_was_no_try(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    for _ in 0..3 {
        let attempts: Vec<i32> = lease(storage, t0(), 10).iter().map(|message| message.attempts).collect();
        assert_eq!(attempts, [1]);
        unit(storage, |unit| unit.outbox().release(&[message.id]));
    }
}

pub fn releasing_what_is_not_leased_changes_nothing(storage: &dyn Storage) {
    let [fresh, dead] = [(); 2].map(|()| enqueued(storage, a_message()).id);
    unit(storage, |unit| unit.outbox().bury(dead, t0(), "550"));
    unit(storage, |unit| unit.outbox().release(&[fresh, dead, fresh_id()]));
    assert_eq!(status(storage), (1, 1));
    let leased = lease(storage, t0(), 10);
    let tries: Vec<_> = leased.iter().map(|message| (message.id, message.attempts)).collect();
    assert_eq!(tries, [(fresh, 1)]);
}

pub fn a_message_past_its_use_is_leased_so_that_a_worker_can_drop_it(storage: &dyn Storage) {
    let stale = OutboxMessage { expires_at: t0_plus(-1), ..a_message() };
    let stale = enqueued(storage, stale);
    assert_eq!(leased_ids(storage, t0()), [stale.id]);
}

pub fn the_status_counts_what_waits_and_what_is_dead(storage: &dyn Storage) {
    assert_eq!(status(storage), (0, 0));
    let all = [(); 3].map(|()| enqueued(storage, a_message()));
    assert_eq!(status(storage), (3, 0));
    leased_ids(storage, t0());
    assert_eq!(status(storage), (3, 0), "leased is still to be sent");
    unit(storage, |unit| unit.outbox().bury(all[0].id, t0(), "550"));
    unit(storage, |unit| unit.outbox().sent(all[1].id));
    assert_eq!(status(storage), (1, 1));
}

pub fn dead_messages_are_purged_by_age_and_in_portions(storage: &dyn Storage) {
    for seconds in [-3, -2, -1, 0] {
        let message = enqueued(storage, a_message());
        unit(storage, |unit| unit.outbox().bury(message.id, t0_plus(seconds), "550"));
    }
    enqueued(storage, a_message());
    let purge = || unit(storage, |unit| unit.outbox().purge_dead(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
    assert_eq!(status(storage), (1, 1));
}

pub fn r88_nothing_is_enqueued_by_a_unit_that_was_dropped(storage: &dyn Storage) {
    let mut dropped = storage.begin().unwrap();
    dropped.outbox().enqueue(&a_message()).unwrap();
    drop(dropped);
    assert_eq!(status(storage), (0, 0));
    assert_eq!(leased_ids(storage, t0()), []);
}
