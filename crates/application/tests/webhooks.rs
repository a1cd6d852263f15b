//! Events for other services, over memory: what is told, to whom, and again.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{sync::Arc, time::Duration};

use common::*;
use selfsame_application::{
    data::purge::Purge,
    mail::deliver::{Deliver, Outlet},
    operator::{
        DeleteUser, VerifyAddress,
        outbox::{ListOutbox, OutboxContent, OutboxEntry, Requeue},
        webhooks::{ListEndpoints, ManageWebhooksError, ReplayEvents, Replayed, ReplayedEvents},
    },
    profile::update::UpdateProfile,
    webhooks::{Endpoint, Webhooks},
};
use selfsame_domain::{Change, Claim, EndpointName, FieldRight, FieldRights, ProfilePatch};
use selfsame_ports::{Channel, Clock as _, StorageError, WebhookError, WebhookMessage};
use selfsame_testing::{core::PASSWORD, fakes::RecordingEndpoint, json::strict};
use serde_json::{Value, json};

const EMAIL: &str = "ada@example.com";

const ROUNDS: Deliver = Deliver {
    batch: 100,
    lease: chrono::Duration::minutes(2),
    longest_send: chrono::Duration::seconds(20),
    max_attempts: 3,
    first_pause: Duration::from_secs(10),
    longest_pause: Duration::from_hours(6),
};

fn name(name: &str) -> EndpointName {
    name.parse().unwrap()
}

/// A server with these endpoints.
fn with_endpoints(endpoints: &[(&str, &[&str])]) -> TestCore {
    let endpoint = |(of, events): &(&str, &[&str])| Endpoint {
        name: name(of),
        url: format!("https://{of}.example.com/"),
        events: events.iter().map(|event| event.parse().unwrap()).collect(),
    };
    let endpoints = endpoints.iter().map(endpoint).collect();
    TestCore::with(|policy, _| policy.webhooks = Webhooks { endpoints, keep: chrono::Duration::days(7) })
}

/// Sends what is due to an endpoint.
fn deliver(test: &TestCore, of: &str, endpoint: &Arc<RecordingEndpoint>) {
    let outlet = Outlet::Webhook(name(of), endpoint.clone());
    for leased in ROUNDS.lease_messages(&test.core, &outlet.channel(), 100).unwrap() {
        ROUNDS.send_leased(&test.core, &outlet, &leased, &|| false).unwrap();
    }
}

/// What an endpoint gets when everything that is due is sent to it, in the order in which it happened to an account.
fn received(test: &TestCore, of: &str) -> Vec<WebhookMessage> {
    let endpoint = Arc::new(RecordingEndpoint::new());
    deliver(test, of, &endpoint);
    let mut messages = endpoint.accepted();
    messages.sort_by_key(|message| (body(message)["data"]["sequence"].as_i64(), message.event.clone()));
    messages
}

fn types(messages: &[WebhookMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.event.as_str()).collect()
}

fn body(message: &WebhookMessage) -> Value {
    strict(&message.body).unwrap();
    serde_json::from_str(&message.body).unwrap()
}

fn rename(test: &TestCore, given_name: &str) {
    let patch = ProfilePatch { given_name: Change::Set(given_name.to_owned()), ..ProfilePatch::default() };
    let update = UpdateProfile { patch, context: context(), ..UpdateProfile::default() };
    update.execute(&test.core, &test.caller(&test.tokens(EMAIL))).unwrap();
}

fn webhooks_in_outbox(test: &TestCore) -> usize {
    test.storage.outbox().iter().filter(|message| matches!(message.channel, Channel::Webhook(_))).count()
}

fn entry(test: &TestCore) -> OutboxEntry {
    let entries = ListOutbox { dead_only: false, limit: 100, after: None }.execute(&test.core).unwrap();
    entries.into_iter().find(|entry| entry.channel.starts_with(Channel::WEBHOOK)).unwrap()
}

fn replay(test: &TestCore, events: ReplayedEvents) -> Result<Replayed, ManageWebhooksError> {
    ReplayEvents { events, endpoint: None }.execute(&test.core)
}

#[test]
fn an_event_is_told_with_the_account_after_it_and_without_secrets() {
    let test = with_endpoints(&[("billing", &["user.updated"])]);
    let user = test.verified_user(EMAIL);
    rename(&test, "Ada");
    let messages = received(&test, "billing");
    assert_eq!(types(&messages), ["user.updated"]);
    let told = body(&messages[0]);
    let now = json!(test.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    let (sign_in, updated_at) = (told["data"]["sign_in_id"].clone(), told["data"]["user"]["updated_at"].clone());
    let expected = json!({
        "type": "user.updated",
        "timestamp": now,
        "version": 1,
        "data": {
            "action": "profile.updated",
            "actor": "user",
            "sequence": 3,
            "sign_in_id": sign_in,
            "changed": ["given_name"],
            "user": {
                "sub": user.id.to_string(),
                "preferred_username": null,
                "name": null,
                "given_name": "Ada",
                "family_name": null,
                "picture": null,
                "locale": null,
                "zoneinfo": null,
                "email": EMAIL,
                "email_verified": true,
                "phone_number": null,
                "phone_number_verified": false,
                "emails": [{"value": EMAIL, "verified": true, "primary": true}],
                "phone_numbers": [],
                "disabled": false,
                "deletion_at": null,
                "created_at": now,
                "updated_at": updated_at,
            },
        },
    });
    assert_eq!(told, expected);
    assert!(sign_in.is_string());
}

#[test]
fn r63_a_claim_that_is_off_is_told_to_no_endpoint() {
    let endpoints = [Endpoint {
        name: name("billing"),
        url: "https://billing.example.com/".to_owned(),
        events: vec!["user.updated".parse().unwrap()],
    }];
    let test = TestCore::with(|policy, _| {
        policy.webhooks = Webhooks { endpoints: endpoints.into(), keep: chrono::Duration::days(7) };
        policy.fields = FieldRights::new([(Claim::FamilyName, FieldRight::Off), (Claim::PhoneNumber, FieldRight::Off)]);
    });
    test.verified_user(EMAIL);
    test.change_user(EMAIL, |user| user.family_name = Some("Lovelace".to_owned()));
    test.add_phone(EMAIL, "+31612345678");
    rename(&test, "Ada");
    let told = body(&received(&test, "billing")[0]);
    let user = &told["data"]["user"];
    assert_eq!((&user["given_name"], &user["family_name"]), (&json!("Ada"), &json!(null)));
    assert_eq!((&user["phone_number"], &user["phone_numbers"]), (&json!(null), &json!([])));
}

#[test]
fn each_endpoint_gets_what_it_subscribes_to_under_one_id() {
    let all: &[&str] = &["*"];
    let test = with_endpoints(&[("all", all), ("users", &["user.*"]), ("emails", &["email.changed"])]);
    test.verified_user(EMAIL);
    rename(&test, "Ada");
    let (all, users) = (received(&test, "all"), received(&test, "users"));
    assert_eq!(types(&all), ["user.created", "sign_in.started", "user.updated"]);
    assert_eq!(types(&users), ["user.created", "user.updated"]);
    assert_eq!((&all[0].id, &all[2].id), (&users[0].id, &users[1].id));
    assert_eq!(received(&test, "emails"), []);
}

#[test]
fn r88_without_an_endpoint_nothing_is_enqueued_and_of_a_change_that_fails_nothing_is_told() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    rename(&test, "Ada");
    assert_eq!(webhooks_in_outbox(&test), 0);

    let test = with_endpoints(&[("billing", &["*"])]);
    test.storage.fail_next_commit(StorageError::Unavailable("gone".into()));
    sign_up(EMAIL).execute(&test.core).unwrap_err();
    assert_eq!(webhooks_in_outbox(&test), 0);
}

#[test]
fn r88_a_unit_that_runs_again_tells_its_events_once() {
    let test = with_endpoints(&[("billing", &["user.created"])]);
    test.storage.fail_next_commit(StorageError::Conflict);
    test.verified_user(EMAIL);
    assert_eq!(types(&received(&test, "billing")), ["user.created"]);
}

#[test]
fn r77_of_a_deleted_account_only_who_it_was_is_told_and_its_earlier_events_are_erased() {
    let test = with_endpoints(&[("billing", &["user.*"])]);
    let user = test.verified_user(EMAIL);
    received(&test, "billing");
    DeleteUser { user: user.id }.execute(&test.core).unwrap();
    let messages = received(&test, "billing");
    assert_eq!(types(&messages), ["user.deleted"]);
    assert_eq!(body(&messages[0])["data"]["user"], json!({"sub": user.id.to_string()}));
    assert_eq!(replay(&test, ReplayedEvents::Since(test.clock.now())), Ok(Replayed { events: 1, messages: 1 }));
    assert_eq!(received(&test, "billing"), messages);
}

#[test]
fn r2_a_claim_that_takes_its_account_with_it_is_told_as_the_end_of_the_account() {
    let test = with_endpoints(&[("billing", &["user.deleted", "email.*"])]);
    let (owner, squatter) = (test.unverified_user(EMAIL), test.unverified_user(EMAIL));
    VerifyAddress { user: owner.id, address: None, is_named_by_address: false }.execute(&test.core).unwrap();
    let messages = received(&test, "billing");
    let told: Vec<(&str, Value)> =
        messages.iter().map(|message| (message.event.as_str(), body(message)["data"]["user"]["sub"].clone())).collect();
    let [owner, squatter] = [&owner, &squatter].map(|user| json!(user.id.to_string()));
    assert_eq!(told, [("email.verified", owner), ("user.deleted", squatter)]);
    assert_eq!(body(&messages[1])["data"]["action"], "email.claim_dropped");
}

#[test]
fn r88_a_message_is_tried_again_under_the_same_id_and_then_is_dead_for_the_operator() {
    let test = with_endpoints(&[("billing", &["user.created"])]);
    test.verified_user(EMAIL);
    let endpoint = Arc::new(RecordingEndpoint::new());
    let outage = || WebhookError::Temporary { reason: "the endpoint answered 503".into(), retry_after: None };
    endpoint.fail_with(Some(outage()));
    for _ in 0..3 {
        deliver(&test, "billing", &endpoint);
        test.clock.advance(Duration::from_mins(1));
    }
    let dead = entry(&test);
    assert_eq!((dead.channel.as_str(), dead.attempts, dead.dead_at.is_some()), ("webhook:billing", 3, true));
    assert_eq!(dead.last_error.as_deref(), Some("the endpoint answered 503"));
    let recipient = Some("billing".to_owned());
    assert_eq!(dead.content, OutboxContent::Readable { kind: "user.created".into(), recipient });
    let listed = ListEndpoints.execute(&test.core).unwrap();
    assert_eq!((listed[0].name.as_str(), listed[0].waiting, listed[0].dead), ("billing", 0, 1));
    assert_eq!(Requeue::One(dead.id).execute(&test.core), Ok(1));
    endpoint.fail_with(None);
    deliver(&test, "billing", &endpoint);
    assert_eq!(types(&endpoint.accepted()), ["user.created"]);
}

#[test]
fn a_pause_that_the_endpoint_asks_for_is_kept_up_to_the_longest() {
    for (asked, kept) in
        [(Duration::from_mins(30), Duration::from_mins(30)), (Duration::from_hours(48), ROUNDS.longest_pause)]
    {
        let test = with_endpoints(&[("billing", &["user.created"])]);
        test.verified_user(EMAIL);
        let endpoint = Arc::new(RecordingEndpoint::new());
        let retry_after = Some(asked);
        endpoint.fail_with(Some(WebhookError::Temporary { reason: "the endpoint answered 429".into(), retry_after }));
        deliver(&test, "billing", &endpoint);
        let pause = (entry(&test).due_at - test.clock.now()).to_std().unwrap();
        assert!(pause >= kept && pause <= kept + kept / 4, "{pause:?}");
    }
}

#[test]
fn an_endpoint_that_is_gone_gets_the_message_no_more() {
    let test = with_endpoints(&[("billing", &["user.created"])]);
    test.verified_user(EMAIL);
    let endpoint = Arc::new(RecordingEndpoint::new());
    endpoint.fail_with(Some(WebhookError::Gone));
    deliver(&test, "billing", &endpoint);
    let dead = entry(&test);
    assert_eq!((dead.dead_at.is_some(), dead.last_error.as_deref()), (true, Some("the endpoint is gone (410)")));
}

#[test]
fn events_are_replayed_as_they_were_to_whoever_subscribes() {
    let test = with_endpoints(&[("billing", &["user.*"]), ("crm", &["user.*"])]);
    test.verified_user(EMAIL);
    test.clock.advance(Duration::from_hours(1));
    let since = test.clock.now();
    rename(&test, "Ada");
    let first = received(&test, "billing");
    received(&test, "crm");
    assert_eq!(replay(&test, ReplayedEvents::Since(since)), Ok(Replayed { events: 1, messages: 2 }));
    assert_eq!(received(&test, "billing"), first[1..]);
    received(&test, "crm");
    let one = ReplayedEvents::One(first[0].id.clone());
    let only = ReplayEvents { events: one, endpoint: Some(name("crm")) };
    assert_eq!(only.execute(&test.core), Ok(Replayed { events: 1, messages: 1 }));
    assert_eq!((received(&test, "billing"), received(&test, "crm")), (vec![], first[..1].to_vec()));
}

#[test]
fn what_is_not_there_is_not_replayed() {
    let test = with_endpoints(&[("billing", &["user.*"])]);
    for unknown in ["evt_1", "1", "", "evt_", "evt_x", "msg_1"] {
        let replayed = replay(&test, ReplayedEvents::One(unknown.to_owned()));
        assert_eq!(replayed, Err(ManageWebhooksError::UnknownMessage), "{unknown}");
    }
    let events = ReplayedEvents::Since(test.clock.now());
    let unknown = ReplayEvents { events, endpoint: Some(name("crm")) }.execute(&test.core);
    assert_eq!(unknown, Err(ManageWebhooksError::UnknownEndpoint));
}

#[test]
fn events_are_kept_for_their_time_and_messages_that_nobody_sends_until_they_have_expired() {
    let test = with_endpoints(&[("billing", &["user.created"])]);
    test.verified_user(EMAIL);
    let since = test.clock.now();
    let purge = || Purge { keep: chrono::Duration::days(7) }.execute(&test.core, &|| false).unwrap();
    test.clock.advance(Duration::from_hours(7 * 24));
    purge();
    assert_eq!(replay(&test, ReplayedEvents::Since(since)).unwrap().events, 1);
    test.clock.advance(Duration::from_secs(1));
    purge();
    assert_eq!(replay(&test, ReplayedEvents::Since(since)).unwrap().events, 0);
    assert_eq!(webhooks_in_outbox(&test), 2, "the first one and its repetition");
    test.clock.advance(Duration::from_hours(7 * 24));
    purge();
    assert_eq!(webhooks_in_outbox(&test), 1);
}

#[test]
fn the_password_is_in_no_message() {
    let test = with_endpoints(&[("all", &["*"])]);
    test.verified_user(EMAIL);
    test.tokens(EMAIL);
    assert!(received(&test, "all").iter().all(|message| !message.body.contains(PASSWORD)));
}
