//! E-mail addresses and phone numbers of an account, at the real binary: an SMS gateway over HTTP, the development mailbox,
//! and races.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    thread,
    time::Duration,
};

use common::*;
use reqwest::Method;
use selfsame_testing::{
    poll::eventually,
    server::{Backend, backends},
};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(20);
const NUMBER: &str = "+31612345678";
const SECRET: &str = "live_key_of_the_gateway";

/// A gateway in this process, with the status of its answers; 0 for none at all.
struct Gateway {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Gateway {
    fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (status, requests) = (Arc::new(AtomicU16::new(status)), Arc::default());
        let gateway = Self { address, status: Arc::clone(&status), requests: Arc::clone(&requests) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (status, requests) = (Arc::clone(&status), Arc::clone(&requests));
                thread::spawn(move || answer_one(stream.unwrap(), &status, &requests));
            }
        });
        gateway
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// The requests so far, once there are so many.
    fn requests(&self, count: usize) -> Vec<String> {
        eventually(SOON, "a request to the gateway", || {
            let requests = self.requests.lock().unwrap().clone();
            (requests.len() >= count).then_some(requests)
        })
    }
}

fn answer_one(mut stream: TcpStream, status: &AtomicU16, requests: &Mutex<Vec<String>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        if body.is_some_and(|body| body.ends_with('}')) {
            break;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    requests.lock().unwrap().push(String::from_utf8(request).unwrap());
    match status.load(Ordering::SeqCst) {
        0 => thread::sleep(Duration::from_mins(1)),
        status => {
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()));
        }
    }
}

/// A server with a gateway of JSON.
fn app_with_gateway(backend: Backend, gateway: &Gateway) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, format!("{SECRET}\n")).unwrap();
    let options = options(backend)
        .setting("sms.url", format!("http://{}/messages", gateway.address))
        .setting("sms.from", "Selfsame")
        .setting("sms.format", "json")
        .setting("sms.body", r#"{"originator": "{from}", "recipients": ["{to_digits}"], "body": "{text}"}"#)
        .setting("sms.auth_scheme", "AccessKey")
        .env("SELFSAME__SMS__SECRET_FILE", file.display())
        .setting("sms.timeout", "500ms")
        .setting("mail.retry_first", "100ms")
        .setting("mail.retry_longest", "200ms")
        .setting("mail.max_attempts", 100);
    (app_with(options), folder)
}

/// Adds an address or a number; returns where it is.
fn add(app: &App, access: &str, list: &str, body: &Value) -> String {
    let path = format!("/api/v1/account/{list}");
    let added = expect_success(app.post(&path).bearer_auth(access).json(body).send().unwrap());
    format!("{path}/{}", text(&added["id"]))
}

fn send_code(app: &App, access: &str, at: &str) {
    let sent = expect_success(app.post(&format!("{at}/verification")).bearer_auth(access).send().unwrap());
    assert_eq!(sent["sent"], true);
}

fn confirm(app: &App, access: &str, at: &str, code: &str) -> (u16, Value) {
    let request = app.post(&format!("{at}/verification/confirm")).bearer_auth(access).json(&json!({ "code": code }));
    answer(request.send().unwrap())
}

/// Runs work on threads that start together; returns how many got a 200.
fn successes_at_once(count: usize, work: impl Fn(usize) -> (u16, Value) + Sync) -> usize {
    let (barrier, statuses) = (Barrier::new(count), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for number in 0..count {
            let (barrier, statuses, work) = (&barrier, &statuses, &work);
            scope.spawn(move || {
                barrier.wait();
                let answered = work(number);
                statuses.lock().unwrap().push(answered);
            });
        }
    });
    let answers = statuses.into_inner().unwrap();
    assert!(answers.iter().all(|(status, _)| *status < 500), "{answers:?}");
    answers.iter().filter(|(status, _)| *status == 200).count()
}

#[test]
fn r88_a_code_goes_through_a_gateway_that_fails_hangs_and_accepts() {
    for backend in backends() {
        let gateway = Gateway::start(503);
        let (app, _folder) = app_with_gateway(backend, &gateway);
        let user = app.user();
        let at = add(&app, &user.access, "phones", &json!({"phone_number": NUMBER}));
        send_code(&app, &user.access, &at);
        gateway.requests(2);
        gateway.answers(0);
        let tried = gateway.requests(2).len();
        gateway.requests(tried + 2);
        gateway.answers(201);
        let outbox = || app.server.mailbox().messages().len();
        let mails = outbox();
        let code = eventually(SOON, "an accepted message", || {
            let requests = gateway.requests(1);
            let (head, body) = requests.last().unwrap().split_once("\r\n\r\n").unwrap();
            let body: Value = serde_json::from_str(body).unwrap();
            assert!(head.to_ascii_lowercase().contains(&format!("authorization: accesskey {SECRET}")), "{head}");
            assert_eq!((&body["originator"], &body["recipients"]), (&json!("Selfsame"), &json!(["31612345678"])));
            let code = text(&body["body"]).split_once(' ').unwrap().0.to_owned();
            let (status, confirmed) = confirm(&app, &user.access, &at, &code);
            (status == 200).then(|| text(&confirmed["phone_number"]))
        });
        assert_eq!(code, NUMBER);
        assert!(outbox() >= mails);
        let log = app.server.stderr();
        for secret in [SECRET, "31612345678"] {
            assert!(!log.contains(secret), "{secret} is in the log");
        }
    }
}

#[test]
fn a_text_message_is_shown_in_the_development_mailbox() {
    let app = app(Backend::Sqlite);
    let user = app.user();
    let at = add(&app, &user.access, "phones", &json!({"phone_number": NUMBER}));
    send_code(&app, &user.access, &at);
    let shown = app.server.mailbox().wait_for_texts_to(NUMBER, 1).pop().unwrap();
    let listed = app.get("/dev/mailbox").header("accept", "application/json").send().unwrap();
    let listed: Vec<Value> = listed.json().unwrap();
    let message = listed.iter().find(|message| message["to"] == NUMBER).unwrap();
    assert_eq!(text(&message["text"]).trim_end(), shown);
    let page = app.get(&format!("/dev/mailbox/{}", text(&message["id"]))).send().unwrap().text().unwrap();
    assert!(page.contains(&shown[..6]) && !page.contains("<iframe"), "{page}");
    let code = shown.split_once(' ').unwrap().0;
    assert_eq!(confirm(&app, &user.access, &at, code).0, 200);
}

#[test]
fn r12_of_twenty_parallel_confirmations_of_one_code_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let email = fresh_email();
        let at = add(&app, &user.access, "emails", &json!({ "email": email }));
        send_code(&app, &user.access, &at);
        let code = app.code(&email, 1);
        assert_eq!(successes_at_once(20, |_| confirm(&app, &user.access, &at, &code)), 1);
    }
}

#[test]
fn r3_of_two_accounts_that_prove_one_address_at_once_one_has_it() {
    for backend in backends() {
        let app = app(backend);
        let users = [app.user(), app.user()];
        for _ in 0..3 {
            let email = fresh_email();
            let places = users.each_ref().map(|user| add(&app, &user.access, "emails", &json!({ "email": email })));
            let codes = [0, 1].map(|number| {
                send_code(&app, &users[number].access, &places[number]);
                app.code(&email, number + 1)
            });
            let proven =
                successes_at_once(2, |number| confirm(&app, &users[number].access, &places[number], &codes[number]));
            assert_eq!(proven, 1);
            let owners = users.each_ref().map(|user| {
                let read = expect_success(app.get("/api/v1/account/emails").bearer_auth(&user.access).send().unwrap());
                read["emails"].as_array().unwrap().iter().filter(|own| own["email"] == json!(email)).count()
            });
            assert_eq!(owners.iter().sum::<usize>(), 1, "the other claim is gone: {owners:?}");
        }
    }
}

#[test]
fn r9_a_pending_change_ends_with_the_sign_in_that_began_it_on_both_databases() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let (other, _) = app.login(&user.email, PASSWORD);
        let body = json!({"new_email": fresh_email()});
        let request = app.post("/api/v1/auth/me/email/request").bearer_auth(&user.access).json(&body);
        expect_success(request.send().unwrap());
        let pending = || app.get("/api/v1/account/email-change").bearer_auth(&other).send().unwrap().status().as_u16();
        assert_eq!(pending(), 200);
        let end = app.request(Method::DELETE, "/api/v1/account/sign-ins").bearer_auth(&other);
        expect_success(end.send().unwrap());
        assert_eq!(pending(), 404);
    }
}
