//! The outbox: a message is with one worker at a time until it is sent or given up (R88, R93).

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicI64, Ordering},
};

use selfsame_domain::{EndpointName, Instant, OutboxId};
use selfsame_ports::{
    Channel, ChannelStatus, Lease, LeaseToken, Leased, Outbox, OutboxMessage, OutboxStatus, Storage, StorageError,
};

use super::support::{once, read, unit};
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

fn webhook(endpoint: &str) -> Channel {
    Channel::Webhook(endpoint.parse::<EndpointName>().unwrap())
}

/// A token that this process has not used.
fn fresh_token() -> LeaseToken {
    static NEXT: AtomicI64 = AtomicI64::new(i64::MIN);
    LeaseToken(NEXT.fetch_add(1, Ordering::Relaxed))
}

fn lease_of(storage: &dyn Storage, channel: Channel, now: Instant, limit: i64) -> Vec<Leased> {
    let until = now + chrono::Duration::seconds(LEASE);
    let lease = Lease { channel, token: fresh_token(), now, until, limit };
    unit(storage, |unit| unit.outbox().lease(&lease))
}

fn lease(storage: &dyn Storage, now: Instant, limit: i64) -> Vec<Leased> {
    lease_of(storage, Channel::Mail, now, limit)
}

fn leased_ids(storage: &dyn Storage, now: Instant) -> Vec<OutboxId> {
    lease(storage, now, 100).into_iter().map(|leased| leased.message.id).collect()
}

/// Leases whatever is due; returns the token it is all held by.
fn token(storage: &dyn Storage, now: Instant) -> LeaseToken {
    lease(storage, now, 100).first().expect("something is due").token
}

/// Id and tries of what is due.
fn tries(storage: &dyn Storage, now: Instant) -> Vec<(OutboxId, i32)> {
    lease(storage, now, 100).iter().map(|leased| (leased.message.id, leased.message.attempts)).collect()
}

/// Enqueues a message that is given up at an instant.
fn buried(storage: &dyn Storage, message: OutboxMessage, at: Instant) -> OutboxMessage {
    let message = enqueued(storage, message);
    let held = lease(storage, at, 100).into_iter().find(|leased| leased.message.id == message.id);
    let held = held.expect("the message is due").token;
    assert!(unit(storage, |unit| unit.outbox().mark_dead(message.id, held, at, "550 no such user")));
    message
}

fn whole_status(storage: &dyn Storage) -> OutboxStatus {
    read(storage, |queries| queries.outbox_status())
}

fn status(storage: &dyn Storage) -> (i64, i64) {
    let OutboxStatus { waiting, dead, .. } = whole_status(storage);
    (waiting, dead)
}

/// What an operator's list shows, id by id.
fn list(storage: &dyn Storage, dead_only: bool, after: Option<OutboxId>, limit: i64) -> Vec<OutboxId> {
    let rows = read(storage, |queries| queries.outbox_page(dead_only, after, limit));
    rows.into_iter().map(|row| row.id).collect()
}

pub fn a_message_is_leased_as_it_was_enqueued_and_counted_once_more(storage: &dyn Storage) {
    for (channel, locale) in [(Channel::Mail, Some("pt-BR".to_owned())), (webhook("billing"), None)] {
        let sealed = (0..=255).collect();
        let every_byte =
            OutboxMessage { channel: channel.clone(), locale, sealed, expires_at: t0_plus(3600), ..a_message() };
        let message = enqueued(storage, every_byte);
        for (seconds, attempts) in [(0, 1), (LEASE, 2)] {
            let leased = lease_of(storage, channel.clone(), t0_plus(seconds), 10);
            let expected = OutboxMessage { attempts, ..message.clone() };
            assert_eq!(leased.len(), 1);
            assert!(leased[0].message == expected, "attempt {attempts}");
        }
    }
}

pub fn an_outbox_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let again = once(storage, |unit| unit.outbox().enqueue(&message));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn messages_are_leased_in_the_order_of_their_due_times_and_no_more_than_asked_for(storage: &dyn Storage) {
    let made = |seconds| {
        let message = OutboxMessage { created_at: t0_plus(seconds), ..a_message() };
        enqueued(storage, message).id
    };
    let [youngest, oldest, middle] = [-10, -30, -20].map(made);
    let ids = |leased: Vec<Leased>| leased.iter().map(|leased| leased.message.id).collect::<Vec<_>>();
    let first = lease(storage, t0_plus(-25), 2);
    unit(storage, |unit| unit.outbox().retry(oldest, first[0].token, t0_plus(-15), "421"));
    assert_eq!(ids(first), [oldest]);
    assert_eq!(ids(lease(storage, t0(), 2)), [middle, oldest], "a retried message has no precedence");
    assert_eq!(ids(lease(storage, t0(), 2)), [youngest]);
    assert_eq!(ids(lease(storage, t0(), 2)), []);
}

pub fn a_message_that_is_due_later_is_leased_then(storage: &dyn Storage) {
    let message = a_message();
    unit(storage, |unit| unit.outbox().enqueue_at(&message, t0_plus(60)));
    assert_eq!(leased_ids(storage, t0_plus(59)), []);
    assert_eq!(leased_ids(storage, t0_plus(60)), [message.id]);
}

pub fn a_lease_is_renewed_by_its_worker_alone(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let held = token(storage, t0());
    let renew = |token, seconds| unit(storage, |unit| unit.outbox().renew(message.id, token, t0_plus(seconds)));
    assert!(renew(held, 2 * LEASE));
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), []);
    let next = token(storage, t0_plus(2 * LEASE));
    assert!(!renew(held, 9 * LEASE));
    assert!(renew(next, 3 * LEASE + 1));
    assert_eq!(leased_ids(storage, t0_plus(3 * LEASE)), []);
}

pub fn a_lease_is_of_one_channel(storage: &dyn Storage) {
    let mail = enqueued(storage, a_message()).id;
    let others = [Channel::Job, webhook("billing"), webhook("crm")];
    let other_ids = others.clone().map(|channel| enqueued(storage, OutboxMessage { channel, ..a_message() }).id);
    let ids = |channel| {
        let leased = lease_of(storage, channel, t0(), 10);
        leased.iter().map(|leased| leased.message.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(Channel::Mail), [mail]);
    assert_eq!(others.map(ids), other_ids.map(|id| vec![id]));
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
        leased.map(|leased| leased.message.id).collect::<Vec<_>>()
    });
    let shared: Vec<OutboxId> = shares.into_iter().flatten().collect();
    assert_eq!(shared.len(), 30, "each message once");
    assert_eq!(shared.into_iter().collect::<BTreeSet<_>>(), all);
}

pub fn r93_a_worker_that_outlived_its_lease_changes_nothing_of_the_next_one(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let late = token(storage, t0());
    let next = token(storage, t0_plus(LEASE));
    let id = message.id;
    assert!(!unit(storage, |unit| unit.outbox().sent(id, late)));
    assert!(!unit(storage, |unit| unit.outbox().retry(id, late, t0(), "421")));
    assert!(!unit(storage, |unit| unit.outbox().defer(id, late, t0(), "no key")));
    assert!(!unit(storage, |unit| unit.outbox().mark_dead(id, late, t0(), "550")));
    assert_eq!(unit(storage, |unit| unit.outbox().release(&[id], late)), 0);
    assert_eq!(status(storage), (1, 0));
    assert_eq!(leased_ids(storage, t0_plus(2 * LEASE - 1)), [], "the next worker has it still");
    assert!(unit(storage, |unit| unit.outbox().sent(id, next)));
    assert_eq!(status(storage), (0, 0));
}

/// A way to end a lease.
type End = fn(&mut dyn Outbox, OutboxId, LeaseToken) -> Result<bool, StorageError>;

pub fn r93_a_lease_that_was_ended_holds_no_more(storage: &dyn Storage) {
    let ends: [End; 4] = [
        |outbox, id, token| outbox.retry(id, token, t0(), "421"),
        |outbox, id, token| outbox.defer(id, token, t0(), "no key"),
        |outbox, id, token| outbox.release(&[id], token).map(|count| count == 1),
        |outbox, id, token| outbox.mark_dead(id, token, t0(), "550"),
    ];
    let id = enqueued(storage, a_message()).id;
    for end in ends {
        let held = token(storage, t0());
        assert!(unit(storage, |unit| end(unit.outbox(), id, held)));
        assert!(!unit(storage, |unit| end(unit.outbox(), id, held)));
        assert!(!unit(storage, |unit| unit.outbox().sent(id, held)));
    }
}

pub fn a_sent_message_is_gone(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let held = token(storage, t0());
    assert!(unit(storage, |unit| unit.outbox().sent(message.id, held)));
    assert!(!unit(storage, |unit| unit.outbox().sent(message.id, held)));
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), []);
    assert_eq!(status(storage), (0, 0));
}

pub fn a_message_that_is_retried_is_due_when_it_is_said_to_be(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let held = token(storage, t0());
    assert!(unit(storage, |unit| unit.outbox().retry(message.id, held, t0_plus(300), "421 later — später")));
    assert_eq!(status(storage), (1, 0));
    assert_eq!(leased_ids(storage, t0_plus(299)), []);
    let row = unit(storage, |unit| unit.outbox().find(message.id)).expect("it waits");
    assert_eq!((row.due_at, row.last_error.as_deref()), (t0_plus(300), Some("421 later — später")));
    assert_eq!(tries(storage, t0_plus(300)), [(message.id, 2)]);
}

pub fn a_message_that_is_retried_soon_need_not_wait_for_its_lease(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    let held = token(storage, t0());
    unit(storage, |unit| unit.outbox().retry(message.id, held, t0_plus(5), "421"));
    assert_eq!(leased_ids(storage, t0_plus(4)), []);
    assert_eq!(leased_ids(storage, t0_plus(5)), [message.id]);
}

pub fn a_message_that_is_deferred_is_due_later_and_has_not_used_a_try(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    for seconds in [0, 5, 10] {
        let leased = lease(storage, t0_plus(seconds), 10);
        assert_eq!(leased[0].message.attempts, 1);
        unit(storage, |unit| unit.outbox().defer(message.id, leased[0].token, t0_plus(seconds + 5), "no key"));
        assert_eq!(leased_ids(storage, t0_plus(seconds + 4)), []);
    }
    let row = unit(storage, |unit| unit.outbox().find(message.id)).expect("it waits");
    assert_eq!((row.attempts, row.last_error.as_deref()), (0, Some("no key")));
}

pub fn r88_a_buried_message_is_kept_until_it_is_requeued(storage: &dyn Storage) {
    let dead = buried(storage, a_message(), t0());
    let alive = enqueued(storage, a_message());
    assert_eq!(status(storage), (1, 1));
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), [alive.id]);

    let requeue = || unit(storage, |unit| unit.outbox().requeue_dead(t0_plus(600), 10));
    assert_eq!(requeue(), 1);
    assert_eq!(requeue(), 0);
    assert_eq!(status(storage), (2, 0));
    assert_eq!(tries(storage, t0_plus(600)), [(alive.id, 2), (dead.id, 1)], "a requeued message starts over");
}

pub fn dead_messages_are_requeued_in_portions_and_not_when_they_are_past_their_use(storage: &dyn Storage) {
    for _ in 0..3 {
        buried(storage, a_message(), t0());
    }
    buried(storage, OutboxMessage { expires_at: t0_plus(60), ..a_message() }, t0());
    let requeue = || unit(storage, |unit| unit.outbox().requeue_dead(t0_plus(60), 2));
    assert_eq!([requeue(), requeue(), requeue()], [2, 1, 0]);
    assert_eq!(status(storage), (3, 1));
}

pub fn a_requeued_message_is_due_at_once_whether_it_was_dead_or_waits(storage: &dyn Storage) {
    let dead = buried(storage, a_message(), t0()).id;
    let waiting = enqueued(storage, a_message()).id;
    let held = token(storage, t0());
    unit(storage, |unit| unit.outbox().retry(waiting, held, t0_plus(3600), "421"));
    for id in [dead, waiting] {
        assert!(unit(storage, |unit| unit.outbox().requeue(id, t0_plus(10))));
    }
    assert!(!unit(storage, |unit| unit.outbox().requeue(fresh_id(), t0_plus(10))));
    assert_eq!(tries(storage, t0_plus(10)), [(dead, 1), (waiting, 1)]);
}

pub fn a_message_that_is_being_sent_stays_with_its_worker_when_it_is_requeued(storage: &dyn Storage) {
    let id = enqueued(storage, a_message()).id;
    let held = token(storage, t0());
    assert!(unit(storage, |unit| unit.outbox().requeue(id, t0())));
    assert_eq!(leased_ids(storage, t0()), []);
    assert!(unit(storage, |unit| unit.outbox().sent(id, held)));
}

pub fn r89_a_message_that_was_requeued_while_it_was_sent_can_be_given_back(storage: &dyn Storage) {
    let [deferred, released] = [(); 2].map(|()| enqueued(storage, a_message()).id);
    let held = token(storage, t0());
    for id in [deferred, released] {
        assert!(unit(storage, |unit| unit.outbox().requeue(id, t0())));
    }
    assert!(unit(storage, |unit| unit.outbox().defer(deferred, held, t0_plus(5), "no key")));
    assert_eq!(unit(storage, |unit| unit.outbox().release(&[released], held)), 1);
    assert_eq!(tries(storage, t0_plus(5)), [(released, 1), (deferred, 1)]);
}

pub fn a_removed_message_is_gone_whoever_holds_it(storage: &dyn Storage) {
    let dead = buried(storage, a_message(), t0()).id;
    let leased = enqueued(storage, a_message()).id;
    let held = token(storage, t0());
    for id in [dead, leased] {
        assert!(unit(storage, |unit| unit.outbox().remove(id)));
        assert!(!unit(storage, |unit| unit.outbox().remove(id)));
    }
    assert!(!unit(storage, |unit| unit.outbox().sent(leased, held)));
    assert_eq!(status(storage), (0, 0));
}

pub fn messages_are_listed_page_by_page_as_they_are(storage: &dyn Storage) {
    let dead = buried(storage, a_message(), t0());
    let ids: Vec<OutboxId> = (0..4).map(|_| enqueued(storage, a_message()).id).collect();
    assert_eq!(list(storage, false, None, 2), [dead.id, ids[0]]);
    assert_eq!(list(storage, false, Some(ids[0]), 10), ids[1..]);
    assert_eq!(list(storage, false, Some(ids[3]), 10), []);
    assert_eq!(list(storage, true, None, 10), [dead.id]);
    let row = unit(storage, |unit| unit.outbox().find(dead.id)).expect("it is kept");
    let whole = (row.channel.as_str(), &row.sealed, row.created_at, row.due_at, row.expires_at, row.attempts);
    assert_eq!(whole, ("mail", &dead.sealed, dead.created_at, t0(), dead.expires_at, 1));
    assert_eq!((row.dead_at, row.last_error.as_deref()), (Some(t0()), Some("550 no such user")));
    assert!(unit(storage, |unit| unit.outbox().find(fresh_id())).is_none());
}

pub fn r89_a_released_message_is_due_at_once(storage: &dyn Storage) {
    let [released, held] = [(); 2].map(|()| enqueued(storage, a_message()));
    let both = token(storage, t0());
    assert_eq!(unit(storage, |unit| unit.outbox().release(&[released.id], both)), 1);
    assert_eq!(leased_ids(storage, t0_plus(1)), [released.id]);
    assert_eq!(leased_ids(storage, t0_plus(LEASE)), [held.id]);
    assert_eq!(unit(storage, |unit| unit.outbox().release(&[], both)), 0);
}

pub fn r89_a_lease_that_is_given_back_was_no_try(storage: &dyn Storage) {
    let message = enqueued(storage, a_message());
    for _ in 0..3 {
        let leased = lease(storage, t0(), 10);
        assert_eq!(leased[0].message.attempts, 1);
        unit(storage, |unit| unit.outbox().release(&[message.id], leased[0].token));
    }
}

pub fn releasing_what_is_not_leased_changes_nothing(storage: &dyn Storage) {
    let dead = buried(storage, a_message(), t0()).id;
    let fresh = enqueued(storage, a_message()).id;
    let foreign = fresh_token();
    assert_eq!(unit(storage, |unit| unit.outbox().release(&[fresh, dead, fresh_id()], foreign)), 0);
    assert_eq!(status(storage), (1, 1));
    assert_eq!(tries(storage, t0()), [(fresh, 1)]);
}

pub fn a_message_past_its_use_is_leased_so_that_a_worker_can_drop_it(storage: &dyn Storage) {
    let stale = OutboxMessage { expires_at: t0_plus(-1), ..a_message() };
    let stale = enqueued(storage, stale);
    assert_eq!(leased_ids(storage, t0()), [stale.id]);
}

pub fn the_status_counts_what_waits_and_what_is_dead_by_channel(storage: &dyn Storage) {
    assert_eq!(whole_status(storage), OutboxStatus::default());
    buried(storage, a_message(), t0());
    let mail = |seconds| OutboxMessage { created_at: t0_plus(seconds), ..a_message() };
    let mails = [-30, -20].map(|seconds| enqueued(storage, mail(seconds)).id);
    let held = token(storage, t0());
    assert_eq!(status(storage), (2, 1), "leased is still to leave");
    enqueued(storage, OutboxMessage { channel: Channel::Job, ..mail(-10) });
    let channel = |channel: &str, waiting, dead, oldest: i64| ChannelStatus {
        channel: channel.to_owned(),
        waiting,
        dead,
        oldest_due_at: Some(t0_plus(oldest)),
    };
    let channels = vec![channel("job", 1, 0, -10), channel("mail", 2, 1, -30)];
    let oldest_due_at = Some(t0_plus(-30));
    assert_eq!(whole_status(storage), OutboxStatus { waiting: 3, dead: 1, oldest_due_at, channels });
    for id in mails {
        unit(storage, |unit| unit.outbox().sent(id, held));
    }
    let dead = ChannelStatus { oldest_due_at: None, ..channel("mail", 0, 1, 0) };
    assert_eq!(whole_status(storage).channels, [channel("job", 1, 0, -10), dead]);
}

pub fn dead_messages_are_purged_by_age_and_in_portions(storage: &dyn Storage) {
    for seconds in [-3, -2, -1, 0] {
        buried(storage, OutboxMessage { created_at: t0_plus(-10), ..a_message() }, t0_plus(seconds));
    }
    enqueued(storage, a_message());
    let purge = || unit(storage, |unit| unit.outbox().purge_dead(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
    assert_eq!(status(storage), (1, 1));
}

pub fn messages_that_nobody_drains_are_purged_by_age_and_in_portions(storage: &dyn Storage) {
    buried(storage, a_message(), t0());
    let [first, second, third] = [(); 3].map(|()| enqueued(storage, a_message()).id);
    let purge = |before| unit(storage, |unit| unit.outbox().purge_left(before, 1));
    assert_eq!([purge(third), purge(third), purge(third)], [1, 1, 0]);
    let is_there = |id| unit(storage, |unit| unit.outbox().find(id)).is_some();
    assert_eq!([first, second, third].map(is_there), [false, false, true]);
    assert_eq!(status(storage), (1, 1));
}

pub fn r88_nothing_is_enqueued_by_a_unit_that_was_dropped(storage: &dyn Storage) {
    let mut dropped = storage.begin().unwrap();
    dropped.outbox().enqueue(&a_message()).unwrap();
    drop(dropped);
    assert_eq!(status(storage), (0, 0));
    assert_eq!(leased_ids(storage, t0()), []);
}
