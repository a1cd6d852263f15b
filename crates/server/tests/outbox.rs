//! Mail of two servers on one database: each mail arrives once, however slow the mail server is (R88, R93).

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{collections::BTreeMap, thread, time::Duration};

use common::*;
use selfsame_ports::Storage as _;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::{
    poll::eventually,
    server::{Backend, ServerOptions, backends},
    smtp::{Behaviour, SmtpSink},
};

const MAILS: usize = 5;
const SLOW: Behaviour = Behaviour::Slow(Duration::from_millis(850));

/// Two servers on one PostgreSQL database with the same keys; none where PostgreSQL is not to be had.
fn replicas(sink: &SmtpSink, deadline: &str, lease: &str) -> Option<[App; 2]> {
    let with_mail = |options: ServerOptions| {
        let options = options.mail(&format!("{}?tls=none", sink.url())).setting("mail.max_attempts", 100);
        let options = options.setting("mail.retry_first", "100ms").setting("mail.retry_longest", "500ms");
        options.setting("mail.timeout", deadline).setting("mail.lease", lease)
    };
    let backend = backends().into_iter().find(|backend| *backend == Backend::Postgres)?;
    let first = app_with(with_mail(options(backend)));
    let shared = options(Backend::Sqlite)
        .setting("data_dir", first.server.folder().join("data").display())
        .setting("database.url", first.server.database_url());
    let second = app_with(with_mail(shared));
    Some([first, second])
}

fn sign_up(app: &App, count: usize) {
    for _ in 0..count {
        app.sign_up(&fresh_email());
    }
}

/// Waits until nothing waits in the outbox, lets both servers finish, and counts the mails by recipient.
fn arrived(sink: &SmtpSink, mut apps: [App; 2]) -> Vec<usize> {
    let storage = DieselStorage::connect(&DatabaseOptions::new(apps[0].server.database_url())).unwrap();
    eventually(Duration::from_mins(2), "an empty outbox", || {
        let status = storage.read().unwrap().outbox_status().unwrap();
        (status.waiting == 0).then_some(())
    });
    for app in &mut apps {
        app.server.terminate();
        app.server.wait_exit(Duration::from_mins(1));
    }
    let mut by_recipient = BTreeMap::<String, usize>::new();
    for mail in sink.messages() {
        *by_recipient.entry(mail.to[0].clone()).or_default() += 1;
    }
    by_recipient.into_values().collect()
}

#[test]
fn r88_r93_two_servers_at_a_slow_mail_server_send_each_mail_once() {
    let sink = SmtpSink::start();
    // A conversation takes 5.1 s, 4.25 s of them before the content of the mail.
    let Some(apps) = replicas(&sink, "10s", "20s") else { return };
    sink.behave(SLOW);
    sign_up(&apps[0], MAILS);
    sink.wait_for(MAILS, Duration::from_mins(1));
    assert_eq!(arrived(&sink, apps), [1; MAILS]);
}

#[test]
fn r88_a_mail_server_that_is_too_slow_gets_nothing_and_later_each_mail_once() {
    let sink = SmtpSink::start();
    let Some(apps) = replicas(&sink, "2s", "4s") else { return };
    sink.behave(SLOW);
    sign_up(&apps[0], MAILS);
    // Longer than a lease: whoever outlives it would send twice.
    thread::sleep(Duration::from_secs(8));
    assert_eq!(sink.messages().len(), 0, "sent although there is no time for the last reply");
    sink.behave(Behaviour::Accept);
    sink.wait_for(MAILS, Duration::from_mins(1));
    assert_eq!(arrived(&sink, apps), [1; MAILS]);
}
