//! What an operator does at a prompt: stops a server that takes its time, and asks for users where nothing has served
//! yet.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{thread, time::Duration};

use common::*;
use selfsame_testing::{
    poll::eventually,
    server::{Backend, Server, backends},
    smtp::{Behaviour, SmtpSink},
};

/// A timeout that is long enough on a loaded machine.
const SOON: Duration = Duration::from_secs(20);

/// Asks the server to end, and returns when the next signal counts as another one.
fn terminate_and_be_heard(server: &Server) {
    server.terminate();
    eventually(SOON, "the signal in the log", || server.stderr().contains("SIGTERM").then_some(()));
    thread::sleep(Duration::from_millis(150));
}

/// Asks again and sees it end, although the first time would have taken a minute.
#[track_caller]
fn insist(server: &mut Server) {
    server.terminate();
    assert_eq!(server.wait_exit(SOON).code(), Some(1));
    assert!(server.stderr().contains("exiting at once"), "{}", server.stderr());
}

#[test]
fn a_second_signal_ends_a_server_that_drains() {
    let mut app = app_with(options(Backend::Sqlite).setting("server.drain_grace", "1m"));
    terminate_and_be_heard(&app.server);
    insist(&mut app.server);
}

#[test]
fn a_second_signal_ends_a_server_that_waits_for_a_mail_server() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::Hang);
    let options = options(Backend::Sqlite).mail(&format!("{}?tls=none", sink.url())).setting("mail.timeout", "1m");
    let mut app = app_with(options);
    app.sign_up(&fresh_email());
    eventually(SOON, "the worker to be at it", || (sink.connections() > 0).then_some(()));
    terminate_and_be_heard(&app.server);
    let gone = || app.client.get(app.server.url("/health/live")).send().is_err().then_some(());
    eventually(SOON, "the end of everything but the worker", gone);
    insist(&mut app.server);
}

#[test]
fn r89_workers_end_when_the_drain_begins_and_what_they_left_goes_out_after_the_next_start() {
    let mut app = app_with(options(Backend::Sqlite).setting("server.drain_grace", "2s"));
    terminate_and_be_heard(&app.server);
    let unready = || (app.get("/health/ready").send().unwrap().status() == 503).then_some(());
    eventually(SOON, "readiness to be off", unready);
    let email = fresh_email();
    app.sign_up(&email);
    assert_eq!(app.server.wait_exit(SOON).code(), Some(0));
    assert!(app.server.mailbox().messages_to(&email).is_empty());
    app.server.start();
    app.server.mailbox().wait_for_to(&email, 1);
}

#[test]
fn user_commands_bring_the_schema_up_to_date_where_nothing_has_served_yet() {
    for backend in backends() {
        for command in ["show", "disable", "enable"] {
            let server = Server::prepare(options(backend));
            let output = server.run(&["user", command, "ada@example.com"]);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(3), "{said}");
            assert!(said.contains("no such user"), "{said}");
        }
        let server = Server::prepare(options(backend));
        let create = ["user", "create", "--email", "ada@example.com", "--invite"];
        assert!(server.run(&create).status.success());
        assert!(server.run(&["user", "show", "ada@example.com"]).status.success());
    }
}

#[test]
fn r92_user_commands_refuse_a_stale_schema_where_they_may_not_migrate() {
    for backend in backends() {
        let server = Server::prepare(options(backend).setting("database.auto_migrate", false));
        for arguments in [&["user", "show", "1"][..], &["user", "create", "--email", "a@example.com", "--invite"]] {
            let output = server.run(arguments);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("selfsame migrate"), "{said}");
        }
    }
}

#[test]
fn mail_can_be_tested_where_nothing_has_served_yet_and_while_something_serves() {
    let mut server = Server::prepare(options(Backend::Sqlite).setting("database.auto_migrate", false));
    assert!(server.run(&["mail", "test", "ada@example.com"]).status.success());
    assert!(server.run(&["migrate"]).status.success());
    server.start();
    assert!(server.run(&["mail", "test", "ada@example.com"]).status.success());
    assert_eq!(server.mailbox().messages_to("ada@example.com").len(), 2);
}
