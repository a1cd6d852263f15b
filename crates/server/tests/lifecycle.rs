//! Start, stop and crash of the server, and the files in its data directory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use common::*;
use selfsame_testing::{
    mailbox::DevMailbox,
    poll::eventually,
    server::{Backend, ServerOptions, backends},
    smtp::{Behaviour, SmtpSink},
};
use serde_json::json;

/// A timeout that is long enough on a loaded machine.
const SOON: Duration = Duration::from_secs(20);

/// A server whose hashing takes long enough to be caught at it.
fn slow(backend: Backend) -> ServerOptions {
    let options =
        options(backend).setting("passwords.argon2_memory_kib", 65536).setting("passwords.argon2_iterations", 12);
    options.setting("http.handler_timeout", "1m").setting("passwords.queue_wait", "1m")
}

#[test]
fn r89_sigterm_lets_what_is_in_flight_finish_and_exits_with_0() {
    for backend in backends() {
        let mut app = app_with(slow(backend));
        let user = app.user();
        let asked = Instant::now();
        assert_eq!(app.try_login(&user.email, PASSWORD).status(), 200);
        let takes = asked.elapsed();
        let (client, url) = (app.client.clone(), app.server.url("/api/v1/auth/login"));
        let body = json!({"email": user.email, "password": PASSWORD});
        let in_flight = thread::spawn(move || {
            let status = client.post(url).json(&body).send().unwrap().status();
            (status, Instant::now())
        });
        thread::sleep(takes / 4);
        let told = Instant::now();
        app.server.terminate();
        let status = app.server.wait_exit(Duration::from_secs(40));
        assert_eq!(status.code(), Some(0), "{}", app.server.stderr());
        let (answered, at) = in_flight.join().unwrap();
        assert_eq!(answered, 200);
        assert!(at > told, "it was in flight: {takes:?}");
        assert!(app.client.get(app.server.url("/health/live")).send().is_err(), "nobody listens");
    }
}

#[test]
fn r89_sigterm_turns_readiness_off_first_and_keeps_serving_for_the_grace() {
    let mut app = app_with(options(Backend::Sqlite).setting("server.drain_grace", "3s"));
    let user = app.user();
    assert_eq!(app.get("/health/ready").send().unwrap().status(), 200);
    let told = Instant::now();
    app.server.terminate();
    let unready = eventually(Duration::from_secs(2), "readiness to be off", || {
        let response = app.get("/health/ready").send().unwrap();
        (response.status() == 503).then_some(response)
    });
    assert!(unready.headers().contains_key("retry-after"));
    assert_eq!(app.get("/health/live").send().unwrap().status(), 200, "R90: alive all the same");
    // New connections are still served while load balancers look elsewhere.
    let me = app.server.client().get(app.server.url("/api/v1/me")).bearer_auth(&user.access).send().unwrap();
    assert_eq!(me.status(), 200);
    assert_eq!(app.server.wait_exit(SOON).code(), Some(0));
    assert!(told.elapsed() >= Duration::from_secs(3), "{:?}", told.elapsed());
}

#[test]
fn r89_a_client_that_never_finishes_keeps_nobody_from_stopping() {
    let mut app = app_with(options(Backend::Sqlite).setting("server.drain_timeout", "1s"));
    let mut half = TcpStream::connect(app.server.url("").replace("http://", "")).unwrap();
    half.write_all(
        b"POST /auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    )
    .unwrap();
    // It has arrived once a later request of somebody else was answered.
    assert_eq!(app.get("/health/live").send().unwrap().status(), 200);
    let told = Instant::now();
    app.server.terminate();
    assert_eq!(app.server.wait_exit(SOON).code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    let mut answer = Vec::new();
    half.set_read_timeout(Some(SOON)).unwrap();
    // Closed or reset: either way over.
    drop(half.read_to_end(&mut answer));
}

#[test]
fn r89_a_stopping_worker_gives_its_leases_back() {
    for backend in backends() {
        let sink = SmtpSink::start();
        sink.behave(Behaviour::Hang);
        // A lease that is not given back outlasts this test.
        let url = format!("{}?tls=none", sink.url());
        let options = options(backend).mail(&url).setting("mail.timeout", "1s").setting("mail.retry_first", "100ms");
        let mut app = app_with(options.setting("mail.lease", "1h"));
        for _ in 0..5 {
            app.sign_up(&fresh_email());
        }
        eventually(SOON, "the worker to be at it", || (sink.connections() > 0).then_some(()));
        app.server.terminate();
        assert_eq!(app.server.wait_exit(SOON).code(), Some(0));
        sink.behave(Behaviour::Accept);
        app.server.start();
        sink.wait_for(5, SOON);
    }
}

#[test]
fn a_server_starts_again_on_what_it_left() {
    for backend in backends() {
        let mut app = app(backend);
        let user = app.user();
        let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
        app.server.restart();
        // The keys are the same ones: tokens and cookies from before are good.
        let me = app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap();
        assert_eq!(expect_success(me)["id"], user.id);
        assert_eq!(app.get("/me").header("cookie", cookie).send().unwrap().status(), 200);
        app.post_json("/api/v1/auth/refresh", &json!({"refresh_token": user.refresh}));
        app.login(&user.email, PASSWORD);
    }
}

#[test]
fn a_killed_server_starts_again_beside_the_lock_that_it_left() {
    let mut app = app(Backend::Sqlite);
    let user = app.user();
    app.server.kill_dash_nine();
    assert!(app.server.folder().join("selfsame.db.lock").exists());
    app.server.start();
    app.login(&user.email, PASSWORD);
}

#[test]
fn r90_health_says_yes_or_no_and_nothing_else() {
    for backend in backends() {
        let app = app(backend);
        for (path, said) in [("/health/live", "live"), ("/health/ready", "ready")] {
            let (status, body) = answer(app.get(path).send().unwrap());
            assert_eq!((status, body), (200, json!({"status": said})));
        }
    }
}

#[test]
fn the_server_says_what_it_uses_and_where_to_look() {
    for backend in backends() {
        let app = app(backend);
        let said = app.server.stdout();
        let folder = app.server.folder().display().to_string();
        let mailbox = app.server.mailbox().url();
        for word in [folder.as_str(), &mailbox, "/docs", "/dev/mailbox", "/api/v1/account", &app.server.url("")] {
            assert!(said.contains(word), "{word} in {said}");
        }
        assert!(!said.contains("://postgres:"), "{said}");
    }
}

/// Everything below a path, itself included, with its permission bits. A lock that holds nothing has nothing to hide.
fn modes(path: &Path) -> Vec<(PathBuf, u32)> {
    let metadata = fs::metadata(path).unwrap();
    if metadata.is_file() && metadata.len() == 0 {
        return Vec::new();
    }
    let mut modes = vec![(path.to_owned(), metadata.permissions().mode() & 0o777)];
    if metadata.is_dir() {
        modes.extend(fs::read_dir(path).unwrap().flat_map(|entry| self::modes(&entry.unwrap().path())));
    }
    modes
}

#[test]
fn what_the_server_keeps_is_its_owners_alone() {
    // As on a fresh machine: everything in `data`, and a umask that lets everybody read.
    let app = app_with(options(Backend::Sqlite).setting("database.url", "").setting("mail.url", ""));
    let data = app.server.folder().join("data");
    let email = fresh_email();
    let started = app.sign_up(&email);
    let mail = DevMailbox::at(data.join("mailbox")).wait_for_to(&email, 1).remove(0);
    let body = json!({"temporary_token": started["data"]["temporary_token"], "otp_code": mail.code()});
    let access = text(&app.post_json("/api/v1/auth/verify-otp", &body)["data"]["access_token"]);
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    let picture = json!({"profile_image_url": format!("data:image/png;base64,{pixel}")});
    let put = app.request(reqwest::Method::PUT, "/api/v1/auth/me/profile").bearer_auth(access).json(&picture);
    expect_success(put.send().unwrap());

    let modes = modes(&data);
    for (path, mode) in &modes {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(*mode, expected, "{} has {mode:04o}", path.display());
    }
    for part in
        ["selfsame.db", "selfsame.db-wal", "keys/mac-", "keys/sealing-", "keys/signing-", "mailbox/", "pictures/"]
    {
        let part = data.join(part).display().to_string();
        let is_of = |path: &PathBuf| path.is_file() && path.display().to_string().starts_with(&part);
        assert!(modes.iter().any(|(path, _)| is_of(path)), "{part} among {modes:?}");
    }
}

#[test]
fn a_key_that_others_can_read_stops_the_server() {
    let mut app = app(Backend::Sqlite);
    app.server.terminate();
    app.server.wait_exit(SOON);
    let keys = app.server.folder().join("data/keys");
    let is_signing = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "pem");
    let key = fs::read_dir(keys).unwrap().map(|entry| entry.unwrap().path()).find(is_signing).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = app.server.run(&["serve"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(4), "{said}");
    assert!(said.contains(&key.display().to_string()) && said.contains("chmod 600"), "{said}");
}

#[test]
fn the_first_answer_of_a_server_comes_with_its_announcement() {
    // Who starts it and reads the line may ask at once.
    let mut app = app(Backend::Sqlite);
    for _ in 0..3 {
        app.server.restart();
        let (status, _) = answer(app.get("/health/ready").send().unwrap());
        assert_eq!(status, 200);
    }
}

#[test]
fn a_server_that_logs_little_or_nothing_serves_all_the_same() {
    for filter in ["warn", "error", "off"] {
        let app = app_with(options(Backend::Sqlite).setting("log.filter", filter));
        let user = app.user();
        app.login(&user.email, PASSWORD);
    }
}

#[test]
fn r89_sighup_drains_two_signals_at_once_are_one_and_every_answer_closes_its_connection() {
    let mut app = app_with(options(Backend::Sqlite).setting("server.drain_grace", "2s"));
    let before = app.get("/health/ready").send().unwrap();
    assert_eq!((before.status().as_u16(), before.headers().get("connection")), (200, None));
    app.server.signal(&["HUP", "TERM"]);
    let draining = eventually(Duration::from_secs(2), "the drain", || {
        let answer = app.get("/health/ready").send().unwrap();
        (answer.status() == 503).then_some(answer)
    });
    assert_eq!(draining.headers()["connection"], "close");
    let live = app.get("/health/live").send().unwrap();
    assert_eq!((live.status().as_u16(), &live.headers()["connection"]), (200, &"close".parse().unwrap()));
    assert!(app.server.wait_exit(Duration::from_secs(20)).success());
    assert!(app.server.stderr().contains("SIGHUP") || app.server.stderr().contains("SIGTERM"));
}
