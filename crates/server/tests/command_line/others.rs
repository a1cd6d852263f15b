//! Help, `serve` on a taken port, `openapi`, `mail test`, `health`.

use std::{net::TcpListener, time::Duration};

use selfsame_testing::{
    postgres::Postgres,
    server::{Backend, Server, backends},
    smtp::{Behaviour, SmtpSink},
};
use serde_json::json;

use crate::{
    common::{app, app_with, options, text},
    shell::{DONE, FAILED, Shell, TRY_AGAIN, USAGE, nobody_there},
};

#[test]
fn a_stranger_finds_the_way() {
    let shell = Shell::on(Backend::Sqlite);
    let help = shell.run(&["--help"]).expect(DONE).stdout;
    for word in [
        "serve",
        "migrate",
        "user",
        "openapi",
        "config",
        "mail",
        "keys",
        "health",
        "Exit codes",
        "SELFSAME__SECTION__KEY",
    ] {
        assert!(help.contains(word), "{word} in {help}");
    }
    assert!(shell.run(&["--version"]).expect(DONE).stdout.starts_with("selfsame "));
    shell.run(&["frobnicate"]).refused(USAGE, &["Usage"]);
    assert!(!shell.folder.path().join("data").exists());
}

#[test]
fn a_port_that_is_taken_is_said_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let shell = Shell::on(Backend::Sqlite).with("server.bind", &address);
    shell.run(&["serve"]).refused(FAILED, &["cannot listen on", &address]);
    assert!(!shell.folder.path().join("data").exists(), "nothing was begun");
}

#[test]
fn openapi_prints_the_routes_of_every_contract() {
    let outcome = Shell::on(Backend::Sqlite).run(&["openapi"]).expect(DONE);
    let document = outcome.json();
    assert!(text(&document["openapi"]).starts_with("3.1"), "{}", document["openapi"]);
    for (path, method, contract) in [
        ("/me", "post", "wacht"),
        ("/me", "patch", "wacht"),
        ("/session/switch-sign-in", "post", "wacht"),
        ("/.well-known/jwks.json", "get", "wacht"),
        ("/api/v1/me", "patch", "profile_api"),
        ("/api/v1/me/verify-email/confirm", "post", "profile_api"),
        ("/api/v1/auth/me/profile", "put", "rivergen"),
        ("/api/v1/auth/verify-otp", "post", "rivergen"),
        ("/api/v1/account", "patch", "account"),
    ] {
        let operation = &document["paths"][path][method];
        assert_eq!(operation["tags"], json!([contract]), "{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
    }
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert!(schemes.contains_key("bearer") && schemes.contains_key("session_id"), "{schemes:?}");
}

#[test]
fn openapi_needs_neither_a_database_nor_a_folder() {
    let shell = Shell::on(Backend::Sqlite).with("database.url", &format!("postgres://u:p@{}/db", nobody_there()));
    shell.run(&["openapi"]).expect(DONE);
    assert_eq!(std::fs::read_dir(shell.folder.path()).unwrap().count(), 0);
}

#[test]
fn mail_test_says_what_the_mail_server_answered() {
    let sink = SmtpSink::start();
    let shell =
        Shell::on(Backend::Sqlite).with("mail.url", &format!("{}?tls=none", sink.url())).with("mail.timeout", "2s");
    let test = ["mail", "test", "ada@example.com"];
    let outcome = shell.run(&test).expect(DONE);
    assert!(outcome.stdout.contains("handed over"), "{outcome:?}");
    assert!(sink.wait_for(1, Duration::from_secs(5))[0].is_to("ada@example.com"));

    for (behaviour, code) in [
        (Behaviour::RefusePermanently(None), FAILED),
        (Behaviour::RefuseTemporarily, TRY_AGAIN),
        (Behaviour::Hang, TRY_AGAIN),
    ] {
        sink.behave(behaviour.clone());
        let outcome = shell.run(&test).expect(code);
        assert!(outcome.stdout.is_empty() && outcome.stderr.starts_with("selfsame: "), "{behaviour:?}: {outcome:?}");
    }
    sink.stop();
    shell.run(&test).expect(TRY_AGAIN);
    shell.run(&["mail", "test", "not an address"]).refused(FAILED, &["not an e-mail address"]);
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn mail_test_writes_to_the_development_mailbox() {
    let server = Server::prepare(options(Backend::Sqlite));
    assert!(server.run(&["mail", "test", "ada@example.com"]).status.success());
    assert_eq!(server.mailbox().messages_to("ada@example.com").len(), 1);
}

#[test]
fn sms_test_writes_to_the_development_mailbox_or_says_what_is_wrong() {
    let server = Server::prepare(options(Backend::Sqlite));
    assert!(server.run(&["sms", "test", "+31 6 12345678"]).status.success());
    assert_eq!(server.mailbox().texts_to("+31612345678"), ["This is a test message from Selfsame."]);

    let shell = Shell::on(Backend::Sqlite).with("mail.url", "smtp://localhost:25");
    shell.run(&["sms", "test", "+31612345678"]).refused(FAILED, &["sms.url is empty"]);
    shell.run(&["sms", "test", "12"]).refused(FAILED, &["not an international phone number"]);
    let away = shell.with("sms.url", &format!("http://{}/", nobody_there()));
    away.run(&["sms", "test", "+31612345678"]).expect(TRY_AGAIN);
}

#[test]
fn health_says_whether_the_server_at_the_configured_address_is_ready() {
    let mut app = app(Backend::Sqlite);
    let bind = app.server.url("").replace("http://", "");
    let shell = Shell::on(Backend::Sqlite).with("server.bind", &bind);
    let outcome = shell.run(&["health"]).expect(DONE);
    assert_eq!(outcome.stdout, "");
    app.server.terminate();
    app.server.wait_exit(Duration::from_secs(20));
    shell.run(&["health"]).refused(FAILED, &["no answer", &bind]);
}

#[test]
fn health_is_bad_while_the_server_cannot_reach_its_database() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let postgres = Postgres::private(false).unwrap();
    let app = app_with(options(Backend::Sqlite).on_database(postgres.fresh_database(None)));
    let bind = app.server.url("").replace("http://", "");
    let shell = Shell::on(Backend::Sqlite).with("server.bind", &bind);
    shell.run(&["health"]).expect(DONE);
    postgres.kill();
    shell.run(&["health"]).refused(FAILED, &["not ready", "503"]);
    postgres.start();
}
