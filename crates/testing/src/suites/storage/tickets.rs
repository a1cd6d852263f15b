//! Tickets: each is good once, for one thing, and until it expires (R12).

use selfsame_domain::{Instant, Ticket, TicketKind, User};
use selfsame_ports::{Storage, StorageError};

use super::support::{account, once, read, unit};
use crate::{
    builders::{a_ticket, a_token_hash, a_user, t0, t0_plus},
    suites::threads::together,
};

const KIND: TicketKind = TicketKind::SetPassword;

fn stored(storage: &dyn Storage, ticket: Ticket) -> Ticket {
    unit(storage, |unit| unit.proofs().insert_ticket(&ticket));
    ticket
}

fn found(storage: &dyn Storage, ticket: &Ticket) -> Option<Ticket> {
    read(storage, |queries| queries.ticket(&ticket.hash, ticket.kind))
}

fn consume_at(storage: &dyn Storage, ticket: &Ticket, now: Instant) -> Option<Ticket> {
    unit(storage, |unit| unit.proofs().consume_ticket(&ticket.hash, ticket.kind, now))
}

fn consume(storage: &dyn Storage, ticket: &Ticket) -> Option<Ticket> {
    consume_at(storage, ticket, t0_plus(9))
}

fn ada(storage: &dyn Storage) -> User {
    a_user().stored_in(storage)
}

pub fn a_ticket_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let full = Ticket {
        bound_to: Some("session:7 \"é\"".to_owned()),
        sealed: Some((0..=255).collect()),
        created_at: t0_plus(1),
        ..a_ticket(&ada(storage))
    };
    let of_nobody = Ticket { user_id: None, ..a_ticket(&a_user().build()) };
    for ticket in [full, of_nobody] {
        let ticket = stored(storage, ticket);
        assert_eq!(found(storage, &ticket), Some(ticket.clone()));
        assert_eq!(consume(storage, &ticket), Some(ticket));
    }
}

pub fn a_ticket_that_was_never_handed_out_is_none(storage: &dyn Storage) {
    let user = ada(storage);
    stored(storage, a_ticket(&user));
    let unknown = a_ticket(&user);
    assert_eq!(found(storage, &unknown), None);
    assert_eq!(consume(storage, &unknown), None);
}

pub fn a_ticket_hash_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = ada(storage);
    let ticket = stored(storage, a_ticket(&user));
    let again = once(storage, |unit| unit.proofs().insert_ticket(&ticket));
    assert_eq!(again, Err(StorageError::Conflict));
    assert!(consume(storage, &ticket).is_some());
    let again = once(storage, |unit| unit.proofs().insert_ticket(&ticket));
    assert_eq!(again, Err(StorageError::Conflict), "r12: a ticket that was used does not come back");
}

pub fn a_ticket_of_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let refused = once(storage, |unit| unit.proofs().insert_ticket(&a_ticket(&a_user().build())));
    assert_eq!(refused, Err(StorageError::Conflict));
}

pub fn a_ticket_that_was_consumed_is_found_as_used_and_one_that_was_voided_is_not(storage: &dyn Storage) {
    let user = ada(storage);
    let used = |ticket: &Ticket, kind| read(storage, |queries| queries.used_ticket(&ticket.hash, kind));
    let (consumed, voided) = (stored(storage, a_ticket(&user)), stored(storage, a_ticket(&user)));
    assert_eq!(used(&consumed, KIND), None);
    consume(storage, &consumed);
    unit(storage, |unit| unit.proofs().void_tickets(user.id, KIND, t0_plus(9)));
    assert_eq!(used(&consumed, TicketKind::KeepAccount), None, "of another kind");
    assert_eq!((used(&consumed, KIND), used(&voided, KIND)), (Some(consumed), None));
}

pub fn r12_a_ticket_is_consumed_once(storage: &dyn Storage) {
    let user = ada(storage);
    let [ticket, other] = [(); 2].map(|()| stored(storage, a_ticket(&user)));
    assert_eq!(consume(storage, &ticket), Some(ticket.clone()));
    assert_eq!(consume(storage, &ticket), None);
    assert_eq!(found(storage, &ticket), None);
    assert_eq!(found(storage, &other), Some(other));
}

pub fn r12_a_ticket_that_twenty_threads_consume_is_consumed_by_one(storage: &dyn Storage) {
    let ticket = stored(storage, a_ticket(&ada(storage)));
    let answers = together(20, |_| consume(storage, &ticket));
    let winners: Vec<Ticket> = answers.into_iter().flatten().collect();
    assert_eq!(winners, [ticket]);
}

pub fn r12_a_ticket_is_no_good_from_its_expiry_on(storage: &dyn Storage) {
    let user = ada(storage);
    let [expired, last_moment] = [(); 2].map(|()| stored(storage, a_ticket(&user)));
    let expires_at = expired.expires_at;
    assert_eq!(consume_at(storage, &expired, expires_at), None);
    assert_eq!(found(storage, &expired), Some(expired.clone()), "that it has expired is for the caller to say");
    let just_before = expires_at - chrono::Duration::milliseconds(1);
    assert_eq!(consume_at(storage, &last_moment, just_before), Some(last_moment));
}

pub fn r12_a_ticket_that_was_consumed_or_voided_is_no_good_when_the_clock_goes_back(storage: &dyn Storage) {
    let user = ada(storage);
    let consumed = stored(storage, a_ticket(&user));
    assert!(consume_at(storage, &consumed, t0_plus(9)).is_some());
    let voided = stored(storage, a_ticket(&user));
    unit(storage, |unit| unit.proofs().void_tickets(user.id, KIND, t0_plus(9)));
    for ticket in [consumed, voided] {
        assert_eq!(consume_at(storage, &ticket, t0_plus(-99)), None);
    }
}

pub fn r22_voiding_reaches_the_unused_tickets_of_one_user(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let voided = [(); 2].map(|()| stored(storage, a_ticket(&ada)));
    let kept = [stored(storage, a_ticket(&grace)), stored(storage, Ticket { user_id: None, ..a_ticket(&ada) })];
    unit(storage, |unit| unit.proofs().void_tickets(ada.id, KIND, t0_plus(1)));
    for ticket in voided {
        assert_eq!(found(storage, &ticket), None);
        assert_eq!(consume(storage, &ticket), None);
    }
    for ticket in kept {
        assert_eq!(consume(storage, &ticket), Some(ticket));
    }
    let later = stored(storage, a_ticket(&ada));
    assert_eq!(consume(storage, &later), Some(later), "one that is handed out afterwards is good");
}

pub fn purging_removes_the_tickets_that_expired_before(storage: &dyn Storage) {
    let user = ada(storage);
    let expires = |seconds| Ticket { expires_at: t0_plus(seconds), ..a_ticket(&user) };
    let all = [-1, 0, 1].map(|seconds| stored(storage, expires(seconds)));
    let purged = unit(storage, |unit| unit.proofs().purge_tickets(t0(), 10));
    assert_eq!(purged, 1);
    let left = all.map(|ticket| found(storage, &ticket).is_some());
    assert_eq!(left, [false, true, true]);
    assert_eq!(account(storage, user.id), Some(user));
}

pub fn tickets_are_purged_in_portions(storage: &dyn Storage) {
    let user = ada(storage);
    for number in 0..3 {
        let ticket = Ticket { hash: a_token_hash(), expires_at: t0_plus(-1), ..a_ticket(&user) };
        let ticket = stored(storage, ticket);
        if number == 0 {
            assert!(consume_at(storage, &ticket, t0_plus(-2)).is_some(), "a used one goes too");
        }
    }
    let purge = || unit(storage, |unit| unit.proofs().purge_tickets(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
}
