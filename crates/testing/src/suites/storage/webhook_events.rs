//! Events that are kept for a replay.

use selfsame_domain::{UserId, WebhookEventId, id::Id as _};
use selfsame_ports::{Storage, StorageError, WebhookEvent};

use super::support::{once, unit};
use crate::builders::{a_webhook_event, fresh_id};

fn stored(storage: &dyn Storage, event: WebhookEvent) -> WebhookEvent {
    unit(storage, |unit| unit.webhook_events().insert(&event));
    event
}

fn found(storage: &dyn Storage, event: &WebhookEvent) -> Option<WebhookEvent> {
    unit(storage, |unit| unit.webhook_events().find(event.id))
}

fn page(storage: &dyn Storage, after: WebhookEventId, limit: i64) -> Vec<WebhookEvent> {
    unit(storage, |unit| unit.webhook_events().page(after, limit))
}

pub fn an_event_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let event = stored(storage, WebhookEvent { sealed: (0..=255).collect(), ..a_webhook_event() });
    assert_eq!(found(storage, &event), Some(event));
    assert_eq!(found(storage, &a_webhook_event()), None);
}

pub fn an_event_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let event = stored(storage, a_webhook_event());
    let other = WebhookEvent { id: event.id, ..a_webhook_event() };
    assert_eq!(once(storage, |unit| unit.webhook_events().insert(&other)), Err(StorageError::Conflict));
    assert_eq!(found(storage, &event), Some(event));
}

pub fn events_are_listed_page_by_page_in_the_order_of_their_ids(storage: &dyn Storage) {
    let [first, second, third] = [(); 3].map(|()| a_webhook_event());
    for event in [&third, &first, &second] {
        stored(storage, event.clone());
    }
    let before = WebhookEventId::from_number(first.id.number() - 1);
    assert_eq!(page(storage, before, 2), [first, second.clone()]);
    assert_eq!(page(storage, second.id, 2), std::slice::from_ref(&third));
    assert_eq!(page(storage, third.id, 2), []);
}

pub fn r77_the_events_about_an_account_are_erased_and_no_others(storage: &dyn Storage) {
    let user: UserId = fresh_id();
    let own = [(); 2].map(|()| stored(storage, WebhookEvent { user_id: user, ..a_webhook_event() }));
    let other = stored(storage, a_webhook_event());
    assert_eq!(unit(storage, |unit| unit.webhook_events().erase(user)), 2);
    assert_eq!(own.map(|event| found(storage, &event)), [None, None]);
    assert_eq!(found(storage, &other), Some(other));
}

pub fn events_are_purged_by_age_and_in_portions(storage: &dyn Storage) {
    let all = [(); 4].map(|()| stored(storage, a_webhook_event()));
    let purge = || unit(storage, |unit| unit.webhook_events().purge(all[3].id, 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
    assert_eq!(found(storage, &all[3]).as_ref(), Some(&all[3]));
}
