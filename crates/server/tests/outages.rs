//! Outages of the database and of the mail server: what callers see, and recovery without a restart (R91, R88).

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::time::{Duration, Instant};

use common::*;
use reqwest::{Method, blocking::RequestBuilder};
use selfsame_testing::{
    poll::eventually,
    postgres::Postgres,
    server::{Backend, backends},
    smtp::{Behaviour, SmtpSink},
};
use serde_json::{Value, json};

/// One request of each contract that needs the database, with its error's place in the contract's shape.
fn requests(app: &App, user: &User, cookie: &str) -> [(RequestBuilder, &'static str); 4] {
    let body = json!({"display_name": "Ada"});
    let put = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access).json(&body);
    [
        (app.get("/me").header("cookie", format!("session_id={cookie}")), "/errors/0/message"),
        (app.get("/api/v1/me").bearer_auth(&user.access), "/detail"),
        (put, "/error/code"),
        (app.get("/api/v1/account").bearer_auth(&user.access), "/title"),
    ]
}

#[test]
fn r91_without_a_database_every_contract_answers_503_in_its_shape_and_recovers_without_restart() {
    let Some(postgres) = Postgres::shared().and_then(|_| Postgres::private(false)) else { return };
    let app = app_with(options(Backend::Sqlite).on_database(postgres.fresh_database(None)));
    let user = app.user();
    let cookie = app.browser(&user.email, PASSWORD);
    postgres.kill();
    for (request, place) in requests(&app, &user, &cookie) {
        let asked = Instant::now();
        let response = request.send().unwrap();
        let retry_after = response.headers().get("retry-after").cloned();
        let (status, body) = answer(response);
        assert_eq!(status, 503, "{body}");
        assert!(retry_after.is_some(), "{body}");
        assert!(body.pointer(place).is_some_and(Value::is_string), "{place} in {body}");
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    }
    assert_eq!(app.get("/health/live").send().unwrap().status(), 200, "R90: the process is alive");
    assert_eq!(app.get("/health/ready").send().unwrap().status(), 503, "R90: and not ready");
    postgres.start();
    eventually(Duration::from_secs(20), "the server to recover", || {
        (app.get("/health/ready").send().unwrap().status() == 200).then_some(())
    });
    for (request, _) in requests(&app, &user, &cookie) {
        expect_success(request.send().unwrap());
    }
}

#[test]
fn r88_mail_waits_for_a_mail_server_that_is_down_and_arrives_once_under_one_message_id() {
    for backend in backends() {
        let sink = SmtpSink::start();
        sink.stop();
        let url = format!("{}?tls=none", sink.url());
        let app = app_with(options(backend).mail(&url).setting("mail.retry_first", "200ms"));
        let email = fresh_email();
        app.sign_up(&email);
        std::thread::sleep(Duration::from_millis(300));
        sink.restart();
        let mails = sink.wait_for(1, Duration::from_secs(20));
        assert!(mails[0].is_to(&email));
        assert!(!mails[0].code().is_empty() && mails[0].html_part().contains(&mails[0].code()));
    }
}

#[test]
fn r88_a_mail_server_that_refuses_for_now_or_loses_its_answer_gets_the_same_mail_again() {
    for behaviour in [Behaviour::RefuseTemporarily, Behaviour::DropAfterData] {
        let sink = SmtpSink::start();
        sink.behave(behaviour.clone());
        let url = format!("{}?tls=none", sink.url());
        let app = app_with(options(Backend::Sqlite).mail(&url).setting("mail.retry_first", "200ms"));
        let email = fresh_email();
        app.sign_up(&email);
        let (lost, enough) = if behaviour == Behaviour::DropAfterData { (1, 2) } else { (0, 1) };
        eventually(Duration::from_secs(20), "a first try", || (sink.connections() > 0).then_some(()));
        sink.wait_for(lost, Duration::from_secs(20));
        sink.behave(Behaviour::Accept);
        let mails = sink.wait_for(enough, Duration::from_secs(20));
        assert!(mails.iter().all(|mail| mail.message_id() == mails[0].message_id()));
    }
}

#[test]
fn r88_a_slow_mail_server_slows_no_caller() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::Hang);
    let url = format!("{}?tls=none", sink.url());
    let app = app_with(
        options(Backend::Sqlite).mail(&url).setting("mail.timeout", "2s").setting("mail.retry_first", "200ms"),
    );
    for _ in 0..5 {
        let asked = Instant::now();
        app.sign_up(&fresh_email());
        assert!(asked.elapsed() < Duration::from_secs(2), "it does not wait for mail");
    }
    sink.behave(Behaviour::Accept);
    sink.wait_for(5, Duration::from_secs(30));
}

#[test]
fn r88_a_refused_recipient_keeps_no_other_mail_back() {
    let sink = SmtpSink::start();
    let (refused, fine) = (fresh_email(), fresh_email());
    sink.behave(Behaviour::RefusePermanently(Some(refused.clone())));
    let app = app_with(options(Backend::Sqlite).mail(&format!("{}?tls=none", sink.url())));
    for email in [&refused, &fine] {
        app.sign_up(email);
    }
    assert!(sink.wait_for(1, Duration::from_secs(20))[0].is_to(&fine));
    eventually(Duration::from_secs(20), "the refusal in the log", || {
        app.server.stderr().contains("message given up").then_some(())
    });
    assert!(!app.server.stderr().contains(&refused), "and the log does not name the recipient");
}
