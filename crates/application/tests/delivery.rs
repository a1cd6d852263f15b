//! Mail and jobs that leave the outbox, and what the operator sees of it, over memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{sync::Arc, time::Duration};

use common::*;
use selfsame_application::{
    mail::deliver::{Deliver, Delivered},
    operator::outbox::{
        DropMessage, ListOutbox, ManageOutboxError, OutboxContent, OutboxEntry, ReadOutboxStatus, Requeue,
    },
    password::request_reset::RequestPasswordReset,
};
use selfsame_domain::{Instant, OutboxId};
use selfsame_ports::{Channel, MailError, Mailer, Message, OutboxMessage, OutboxStatus, Storage as _, StorageError};
use selfsame_testing::{
    builders::a_message,
    fakes::{RecordingMailer, TestVault},
};

const EMAIL: &str = "ada@example.com";

fn rounds() -> Deliver {
    Deliver {
        batch: 10,
        lease: chrono::Duration::minutes(2),
        longest_send: chrono::Duration::seconds(20),
        max_attempts: 3,
        first_pause: Duration::from_secs(5),
        longest_pause: Duration::from_hours(1),
    }
}

fn deliver(test: &TestCore, mailer: &dyn Mailer) -> Delivered {
    rounds().execute(&test.core, mailer, &|| false).unwrap()
}

fn status(test: &TestCore) -> OutboxStatus {
    ReadOutboxStatus.execute(&test.core).unwrap()
}

fn entries(test: &TestCore) -> Vec<OutboxEntry> {
    ListOutbox { dead_only: false, limit: 100, after: None }.execute(&test.core).unwrap()
}

fn entry(test: &TestCore) -> OutboxEntry {
    entries(test).remove(0)
}

/// Enqueues a message with this content, sealed by this server.
fn enqueue(test: &TestCore, channel: Channel, json: &str) -> OutboxId {
    let (id, now) = (a_message().id, test.ports.clock.now());
    let context = format!("outbox:{}:{id}", channel.to_text());
    let sealed = test.ports.vault.seal(&context, json.as_bytes()).unwrap();
    let expires_at = now + chrono::Duration::days(1);
    let message = OutboxMessage { id, channel, sealed, created_at: now, expires_at, ..a_message() };
    let mut unit = test.storage.begin().unwrap();
    unit.outbox().enqueue(&message).unwrap();
    unit.commit().unwrap();
    id
}

/// The same server with other keys.
fn with_keys(test: TestCore, seed: u64) -> TestCore {
    test.over(|ports| ports.vault = Arc::new(TestVault::new(seed)))
}

#[test]
fn r88_mail_is_put_back_with_growing_pauses_then_given_up_and_keeps_its_id() {
    let test = TestCore::new();
    let mailer = RecordingMailer::new();
    test.unverified_user(EMAIL);
    mailer.fail_with(Some(MailError::Temporary("down".into())));
    assert_eq!(deliver(&test, &mailer), Delivered { deferred: 1, ..Delivered::default() });
    assert!(deliver(&test, &mailer).is_idle(), "not due yet");
    test.clock.advance(Duration::from_secs(7));
    assert_eq!(deliver(&test, &mailer).deferred, 1);
    test.clock.advance(Duration::from_secs(7));
    assert!(deliver(&test, &mailer).is_idle(), "the second pause is longer");
    test.clock.advance(Duration::from_secs(7));
    assert_eq!(deliver(&test, &mailer), Delivered { dead: 1, ..Delivered::default() });
}

#[test]
fn r88_a_permanent_refusal_is_not_tried_again_and_the_next_mail_goes_out() {
    let test = TestCore::new();
    let mailer = RecordingMailer::new();
    test.unverified_user(EMAIL);
    tick(&test);
    test.unverified_user("bob@example.com");
    mailer.fail_next(MailError::Permanent("no such mailbox".into()));
    assert_eq!(deliver(&test, &mailer), Delivered { sent: 1, dead: 1, ..Delivered::default() });
    assert_eq!(mailer.sent_to("bob@example.com").len(), 1);
}

#[test]
fn r88_a_mail_whose_code_and_link_have_expired_is_not_sent() {
    let test = TestCore::new();
    let mailer = RecordingMailer::new();
    test.unverified_user(EMAIL);
    test.clock.advance(Duration::from_hours(24));
    assert_eq!(deliver(&test, &mailer), Delivered { expired: 1, ..Delivered::default() });
    assert!(mailer.sent().is_empty());
    let kept = test.storage.read().unwrap().outbox_status().unwrap();
    assert_eq!(kept, OutboxStatus::default(), "not even as dead");
}

#[test]
fn r89_a_worker_that_is_told_to_stop_gives_its_leases_back() {
    let test = TestCore::new();
    let mailer = RecordingMailer::new();
    test.unverified_user(EMAIL);
    assert!(rounds().execute(&test.core, &mailer, &|| true).unwrap().is_idle());
    assert_eq!(deliver(&test, &mailer).sent, 1, "at once, not after the lease");
}

#[test]
fn r89_restarts_do_not_use_up_the_tries_of_a_mail() {
    let test = TestCore::new();
    let mailer = RecordingMailer::new();
    test.unverified_user(EMAIL);
    for _ in 0..5 {
        assert!(rounds().execute(&test.core, &mailer, &|| true).unwrap().is_idle());
    }
    mailer.fail_next(MailError::Temporary("down".into()));
    assert_eq!(deliver(&test, &mailer), Delivered { deferred: 1, ..Delivered::default() });
}

/// Takes so long for each mail, and sees what another worker could lease meanwhile.
struct Slow<'t> {
    test: &'t TestCore,
    takes: Duration,
    sent: RecordingMailer,
}

impl Mailer for Slow<'_> {
    fn send(&self, message: &Message, now: Instant) -> Result<(), MailError> {
        self.test.clock.advance(self.takes);
        self.sent.send(message, now)
    }
}

#[test]
fn r88_a_batch_stops_when_its_lease_runs_short_and_the_rest_is_due_at_once() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        test.unverified_user(&format!("{name}@example.com"));
    }
    let mailer = Slow { test: &test, takes: Duration::from_secs(20), sent: RecordingMailer::new() };
    // The fifth begins after 80 s. A sixth would end with the lease, after 120 s.
    assert_eq!(deliver(&test, &mailer), Delivered { sent: 5, ..Delivered::default() });
    assert_eq!(deliver(&test, &mailer), Delivered { sent: 2, ..Delivered::default() });
}

/// Outlives its lease, and meanwhile another worker is refused by the mail server.
struct Overtaken<'t>(&'t Slow<'t>);

impl Mailer for Overtaken<'_> {
    fn send(&self, message: &Message, now: Instant) -> Result<(), MailError> {
        self.0.send(message, now)?;
        let other = RecordingMailer::new();
        other.fail_with(Some(MailError::Permanent("550".into())));
        assert_eq!(deliver(self.0.test, &other).dead, 1);
        Ok(())
    }
}

#[test]
fn r93_a_worker_that_outlived_its_lease_does_not_undo_what_the_next_one_did() {
    let test = TestCore::new();
    test.unverified_user(EMAIL);
    let mailer = Slow { test: &test, takes: Duration::from_mins(3), sent: RecordingMailer::new() };
    assert_eq!(deliver(&test, &Overtaken(&mailer)), Delivered { lost: 1, ..Delivered::default() });
    assert_eq!((status(&test).waiting, status(&test).dead), (0, 1));
}

#[test]
fn r88_a_mail_sealed_with_a_newer_key_waits_for_a_server_that_has_it() {
    let test = TestCore::new();
    test.unverified_user(EMAIL);
    let (test, mailer) = (with_keys(test, 8), RecordingMailer::new());
    for _ in 0..10 {
        assert_eq!(deliver(&test, &mailer), Delivered { deferred: 1, ..Delivered::default() });
        test.clock.advance(Duration::from_mins(75));
    }
    let waiting = entry(&test);
    assert_eq!((waiting.attempts, waiting.dead_at, &waiting.content), (0, None, &OutboxContent::Unreadable));
    assert_eq!(waiting.last_error.as_deref(), Some("sealed with a key that this server does not have"));
    let test = with_keys(test, 7);
    test.clock.advance(Duration::from_hours(2));
    assert_eq!(deliver(&test, &mailer), Delivered { sent: 1, ..Delivered::default() });
}

#[test]
fn r88_what_no_server_could_read_is_dead_when_it_expires_and_says_why() {
    let test = TestCore::new();
    test.unverified_user(EMAIL);
    let (test, mailer) = (with_keys(test, 8), RecordingMailer::new());
    assert_eq!(deliver(&test, &mailer).deferred, 1);
    test.clock.advance(Duration::from_hours(24));
    assert_eq!(deliver(&test, &mailer), Delivered { dead: 1, ..Delivered::default() });
    let dead = entry(&test);
    assert_eq!(dead.last_error.as_deref(), Some("expired: sealed with a key that this server does not have"));
    assert!(dead.dead_at.is_some());
}

#[test]
fn r88_a_mail_or_job_of_a_newer_version_waits_for_a_server_of_it() {
    let test = TestCore::new();
    let mail = r#"{"id":"1","to":"ada@example.com","name":null,"mail":{"mail":"postcard","motif":"sea"}}"#;
    enqueue(&test, Channel::Mail, mail);
    enqueue(&test, Channel::Job, r#"{"job":"dance","tempo":120}"#);
    let mailer = RecordingMailer::new();
    for _ in 0..10 {
        assert_eq!(deliver(&test, &mailer), Delivered { deferred: 2, ..Delivered::default() });
        test.clock.advance(Duration::from_mins(75));
    }
    let entries = entries(&test);
    let kinds: Vec<&OutboxContent> = entries.iter().map(|entry| &entry.content).collect();
    let readable = |kind: &str, recipient: Option<&str>| OutboxContent::Readable {
        kind: kind.to_owned(),
        recipient: recipient.map(ToOwned::to_owned),
    };
    assert_eq!(kinds, [&readable("postcard", Some("a***@e***.com")), &readable("dance", None)]);
    assert_eq!(entries[0].last_error.as_deref(), Some("written by another version of this server"));
    test.clock.advance(Duration::from_hours(24));
    assert_eq!(deliver(&test, &mailer), Delivered { dead: 2, ..Delivered::default() });
}

#[test]
fn a_mail_cannot_be_passed_off_as_a_job() {
    let test = TestCore::new();
    let mut message = OutboxMessage { channel: Channel::Job, created_at: test.ports.clock.now(), ..a_message() };
    let job = r#"{"job":"reset_password","email":"ada@example.com","context":{"request_id":""}}"#;
    message.sealed = test.ports.vault.seal(&format!("outbox:mail:{}", message.id), job.as_bytes()).unwrap();
    let mut unit = test.storage.begin().unwrap();
    unit.outbox().enqueue(&message).unwrap();
    unit.commit().unwrap();
    assert_eq!(deliver(&test, &RecordingMailer::new()).deferred, 1);
}

fn ask(test: &TestCore, email: &str) {
    RequestPasswordReset { email: email.into(), context: context() }.execute(&test.core).unwrap();
}

#[test]
fn r23_a_reset_enqueues_one_job_whoever_is_asked_about_and_the_worker_looks_the_account_up() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.unverified_user("bob@example.com");
    let mails = test.storage.outbox().len();
    for email in [EMAIL, "bob@example.com", "nobody@example.com"] {
        let commits = test.storage.commits();
        ask(&test, email);
        assert_eq!(test.storage.commits() - commits, 1, "{email}");
    }
    let waiting = test.storage.outbox();
    assert_eq!(waiting.iter().filter(|message| message.channel == Channel::Job).count(), 3);
    assert_eq!(waiting.len(), mails + 3);
    let mailer = RecordingMailer::new();
    // Three jobs, the mails of two of them in the same round, and the proof of the unverified address.
    assert_eq!(deliver(&test, &mailer), Delivered { sent: 3 + 2 + mails, ..Delivered::default() });
    assert_eq!(mailer.sent_to(EMAIL).len(), 1);
    let of_bob = mailer.sent_to("bob@example.com");
    assert_eq!(of_bob.iter().filter(|mail| matches!(mail, selfsame_ports::Mail::ResetPassword { .. })).count(), 1);
    assert!(mailer.sent_to("nobody@example.com").is_empty());
}

#[test]
fn a_job_that_meets_a_fault_is_tried_again_and_done_once() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    ask(&test, EMAIL);
    let mailer = RecordingMailer::new();
    // Of the job's own unit, which is run four times.
    test.storage.spare_next_commit();
    (0..4).for_each(|_| test.storage.fail_next_commit(StorageError::Conflict));
    assert_eq!(deliver(&test, &mailer), Delivered { deferred: 1, ..Delivered::default() });
    assert_eq!(entry(&test).last_error.as_deref(), Some("another writer was in the way"));
    test.clock.advance(Duration::from_secs(7));
    assert_eq!(deliver(&test, &mailer), Delivered { sent: 2, ..Delivered::default() });
    assert_eq!(mailer.sent_to(EMAIL).len(), 1);
    assert!(test.storage.outbox().is_empty());
}

#[test]
fn mail_is_enqueued_in_the_language_of_the_account() {
    let test = TestCore::new();
    let stored = test.verified_user(EMAIL);
    let mut user = stored.clone();
    user.locale = Some("pt-BR".to_owned());
    user.touch(test.ports.clock.now());
    let mut unit = test.storage.begin().unwrap();
    unit.accounts().save(&stored, &user).unwrap();
    unit.commit().unwrap();
    ask(&test, EMAIL);
    assert_eq!(test.mails().len(), 1);
    assert_eq!(test.storage.outbox()[0].locale.as_deref(), Some("pt-BR"));
}

#[test]
fn r88_the_operator_sees_what_was_given_up_and_has_it_sent_after_all() {
    let test = TestCore::new();
    test.unverified_user(EMAIL);
    let mailer = RecordingMailer::new();
    mailer.fail_next(MailError::Permanent("the server answered 550 5.1.1".into()));
    deliver(&test, &mailer);
    let dead = entry(&test);
    assert_eq!(dead.last_error.as_deref(), Some("the server answered 550 5.1.1"));
    let recipient = Some("a***@e***.com".to_owned());
    assert_eq!(dead.content, OutboxContent::Readable { kind: "invitation".into(), recipient });
    assert_eq!((status(&test).waiting, status(&test).dead), (0, 1));
    assert_eq!(Requeue::One(dead.id).execute(&test.core), Ok(1));
    assert_eq!(deliver(&test, &mailer).sent, 1);
    assert_eq!(Requeue::One(dead.id).execute(&test.core), Err(ManageOutboxError::NotFound));
}

#[test]
fn all_dead_messages_are_requeued_but_those_that_would_not_be_sent() {
    let test = TestCore::new();
    let mailer = RecordingMailer::new();
    mailer.fail_with(Some(MailError::Permanent("550".into())));
    test.unverified_user(EMAIL);
    deliver(&test, &mailer);
    test.clock.advance(Duration::from_hours(24));
    test.unverified_user("bob@example.com");
    deliver(&test, &mailer);
    assert_eq!(Requeue::AllDead.execute(&test.core), Ok(1));
    let left = ListOutbox { dead_only: true, limit: 10, after: None }.execute(&test.core).unwrap().remove(0);
    let refused = Requeue::One(left.id).execute(&test.core);
    assert_eq!(refused, Err(ManageOutboxError::Expired(left.expires_at)));
    assert_eq!(DropMessage(left.id).execute(&test.core), Ok(()));
    assert_eq!(DropMessage(left.id).execute(&test.core), Err(ManageOutboxError::NotFound));
    assert_eq!((status(&test).waiting, status(&test).dead), (1, 0));
}

#[test]
fn r88_a_commit_with_mail_wakes_the_worker_and_one_without_does_not() {
    let test = TestCore::new();
    let is_woken = || {
        let before = std::time::Instant::now();
        std::thread::park_timeout(Duration::from_millis(300));
        before.elapsed() < Duration::from_millis(250)
    };
    test.core.wake_me_for_outbox();
    assert!(!is_woken());
    test.unverified_user(EMAIL);
    assert!(is_woken());
    test.storage.fail_next_commit(StorageError::Unavailable("gone".into()));
    sign_up("bob@example.com").execute(&test.core).unwrap_err();
    test.verified_user("carol@example.com");
    assert!(!is_woken(), "nothing of it was committed");
}
