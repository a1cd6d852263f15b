//! Keys roll over while servers serve (R95): between two servers on one database, and on one that runs.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use common::*;
use selfsame_testing::{
    poll::eventually,
    server::{Backend, Server, ServerOptions, backends},
};
use serde_json::{Value, json};

/// A timeout that is long enough on a loaded machine.
const SOON: Duration = Duration::from_secs(30);

/// For how long the two servers publish a key before they use it.
const ACTIVATE_AFTER: Duration = Duration::from_secs(8);

/// The keys folder of a server.
/// Runs a `keys` command and takes the one key that it was about.
#[track_caller]
fn key_command(server: &Server, arguments: &[&str]) -> Value {
    let output = server.run(&[&["keys"], arguments, &["--json"]].concat());
    assert!(output.status.success(), "{output:?}");
    let keys: Value = serde_json::from_slice(&output.stdout).unwrap();
    keys[0].clone()
}

/// The id of the key of a kind that is there at the start.
fn first_key(server: &Server, kind: &str) -> String {
    let output = server.run(&["keys", "list", "--json"]);
    let keys: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    text(&keys.iter().find(|key| key["kind"] == kind).unwrap()["id"])
}

/// The id of the key that signed a token.
fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    text(&serde_json::from_slice::<Value>(&header).unwrap()["kid"])
}

/// The ids in the published key set, newest first.
fn published(app: &App) -> Vec<String> {
    let set = expect_success(app.get("/.well-known/jwks.json").send().unwrap());
    set["keys"].as_array().unwrap().iter().map(|key| text(&key["kid"])).collect()
}

/// Whether the server has logged that this key is the active one of its kind.
fn took_up(app: &App, id: &str) -> bool {
    app.server.stderr().lines().any(|line| line.contains("took up the keys") && line.contains(&format!("\"{id}\"")))
}

fn status(app: &App, access: &str) -> u16 {
    app.get("/api/v1/me").bearer_auth(access).send().unwrap().status().as_u16()
}

/// Two servers on one database with one mailbox, each with a data directory of its own and the same keys in it.
fn two_servers() -> (App, App) {
    let adjust = |options: ServerOptions| {
        let options = options.setting("tokens.issuer", "https://id.example.com").setting("keys.reload", "200ms");
        options.setting("keys.activate_after", format!("{}s", ACTIVATE_AFTER.as_secs()))
    };
    let one = app_with(adjust(options(Backend::Postgres)));
    let second = adjust(options(Backend::Sqlite)).setting("database.url", one.server.database_url());
    let two = app_with_keys_of(&one, second.mail(&one.server.mailbox().url()));
    (one, two)
}

/// What one client did until it was told to stop.
#[derive(Default)]
struct Traffic {
    /// The keys that signed its tokens.
    kids: BTreeSet<String>,
    /// To whom mail was put into the outbox.
    mailed: Vec<String>,
}

/// Gets tokens and puts mail into the outbox at one server, uses the tokens at the other, until told to stop.
fn traffic(at: &App, other: &App, email: &str, is_over: &AtomicBool) -> Traffic {
    let mut traffic = Traffic::default();
    let (first, _) = at.login(email, PASSWORD);
    while !is_over.load(Ordering::SeqCst) {
        let (access, _) = at.login(email, PASSWORD);
        for token in [&access, &first] {
            assert_eq!(status(other, token), 200, "a token by {}", kid(token));
        }
        traffic.kids.insert(kid(&access));
        let email = fresh_email();
        at.sign_up(&email);
        traffic.mailed.push(email);
        thread::sleep(Duration::from_millis(50));
    }
    traffic
}

#[test]
fn r80_a_server_with_keys_of_its_own_is_refused_on_a_database_that_others_were_used_with() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let one = app_with(options(Backend::Postgres));
    let other = Server::prepare(options(Backend::Sqlite).setting("database.url", one.server.database_url()));
    for command in [&["serve"][..], &["user", "list"]] {
        let refused = other.run(command);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("mac key is not the one"), "{said}");
    }
    one.user();
}

#[test]
fn r95_keys_roll_over_between_two_servers_without_a_refused_token_or_a_lost_mail() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let (one, two) = two_servers();
    let user = one.user();
    let olds = ["signing", "sealing"].map(|kind| first_key(&one.server, kind));
    let (is_over, done) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let news = thread::scope(|scope| {
        for (at, other) in [(&one, &two), (&two, &one)] {
            let (email, is_over, done) = (&user.email, &is_over, &done);
            scope.spawn(move || {
                let traffic = traffic(at, other, email, is_over);
                done.lock().unwrap().push(traffic);
            });
        }
        thread::sleep(Duration::from_secs(1));
        let news = roll_over(&one, &two);
        for app in [&one, &two] {
            eventually(SOON, "both new keys in use", || news.iter().all(|id| took_up(app, id)).then_some(()));
        }
        // Long enough for mails that were sealed with the new key to be sent by either server.
        thread::sleep(Duration::from_secs(2));
        is_over.store(true, Ordering::SeqCst);
        news
    });

    let done = done.into_inner().unwrap();
    assert_eq!(done.len(), 2, "a client was refused something");
    for Traffic { kids, mailed } in &done {
        assert!([&olds[0], &news[0]].into_iter().all(|kid| kids.contains(kid)), "it saw both keys: {kids:?}");
        assert!(mailed.len() > 10, "{} mails are too few to tell", mailed.len());
        for email in mailed {
            one.server.mailbox().wait_for_to(email, 1);
        }
    }
    for app in [&one, &two] {
        assert!(!app.server.stderr().contains("mail given up"), "{}", app.server.stderr());
        assert_eq!(status(app, &user.access), 200, "a token by the old key is good until that is retired");
    }
}

/// Makes a new signing and a new sealing key on one server, copies each to the other before it is used, and answers
/// their ids.
fn roll_over(one: &App, two: &App) -> [String; 2] {
    ["signing", "sealing"].map(|kind| {
        let begun = Instant::now();
        let key = key_command(&one.server, &["rotate", kind]);
        assert_eq!(key["state"], "pending");
        copy_key(Path::new(&text(&key["path"])), &two.server);
        // A key's time of making is a whole second, so it may be used up to a second earlier.
        let is_in_time = begun.elapsed() + Duration::from_secs(1) < ACTIVATE_AFTER;
        assert!(is_in_time, "this machine is too slow for the test: the key was in use before it was copied");
        text(&key["id"])
    })
}

#[test]
fn r95_a_running_server_forgets_a_retired_key() {
    let app = app_with(options(Backend::Sqlite).setting("keys.activate_after", "0s").setting("keys.reload", "100ms"));
    let user = app.user();
    let old = kid(&user.access);
    let new = text(&key_command(&app.server, &["rotate", "signing"])["id"]);
    eventually(SOON, "a token by the new key", || (kid(&app.login(&user.email, PASSWORD).0) == new).then_some(()));
    assert_eq!(published(&app), [new.clone(), old.clone()]);
    assert_eq!(status(&app, &user.access), 200);

    let refused = app.server.run(&["keys", "retire", "signing", &old]);
    assert_eq!(refused.status.code(), Some(1), "its tokens are good for an hour: {refused:?}");
    key_command(&app.server, &["retire", "signing", &old, "--force"]);
    eventually(SOON, "the old token refused", || (status(&app, &user.access) == 401).then_some(()));
    assert_eq!(published(&app), [new]);
    assert_eq!(status(&app, &app.login(&user.email, PASSWORD).0), 200);
}

#[test]
fn r95_a_key_file_that_cannot_be_used_is_logged_and_changes_nothing() {
    let app = app_with(options(Backend::Sqlite).setting("keys.activate_after", "0s").setting("keys.reload", "100ms"));
    let user = app.user();
    let path = PathBuf::from(text(&key_command(&app.server, &["rotate", "signing"])["path"]));
    eventually(SOON, "the new key", || (published(&app).len() == 2).then_some(()));
    let before = published(&app);
    // As a copy stands there when half of it has arrived, and as one that others can read.
    let half = path.with_file_name("signing-20991231T235959Z-0000.pem");
    fs::write(&half, &fs::read(&path).unwrap()[..60]).unwrap();
    let complaints = || app.server.stderr().matches("the keys on disk cannot be used").count();
    eventually(SOON, "a complaint about its mode", || (complaints() == 1).then_some(()));
    fs::set_permissions(&half, fs::Permissions::from_mode(0o600)).unwrap();
    eventually(SOON, "a complaint about its content", || (complaints() == 2).then_some(()));
    assert_eq!(published(&app), before);
    assert_eq!(status(&app, &user.access), 200);
    app.login(&user.email, PASSWORD);

    fs::write(&half, fs::read(&path).unwrap()).unwrap();
    eventually(SOON, "the whole file taken up", || (published(&app).len() == 3).then_some(()));
    assert_eq!(complaints(), 2, "it is not repeated in each round");
}

#[test]
fn r95_secrets_of_authenticator_apps_are_sealed_again_and_outlive_the_key() {
    for backend in backends() {
        let quick = |options: ServerOptions| {
            options.setting("keys.reload", "200ms").setting("keys.activate_after", "2s").setting("log.filter", "info")
        };
        let mut app = app_with(quick(options(backend)));
        let user = app.user();
        let secret = enrol_totp(&app, &user.access);
        let old = first_key(&app.server, "sealing");
        let new = text(&key_command(&app.server, &["rotate", "sealing"])["id"]);
        eventually(SOON, "the new key in use", || took_up(&app, &new).then_some(()));
        let restart = |app: &mut App| {
            app.server.terminate();
            app.server.wait_exit(SOON);
            app.server.start();
        };
        // The worker looks at the start, and every hour after that.
        restart(&mut app);
        let is_done = || app.server.stderr().contains("sealed secrets with the active key").then_some(());
        eventually(SOON, "the secret sealed again", is_done);
        key_command(&app.server, &["retire", "sealing", &old, "--force"]);
        restart(&mut app);
        let login = expect_success(app.try_login(&user.email, PASSWORD));
        let code = secret.code_at(totp_step() + 1);
        let body = json!({"temporary_token": login["data"]["temporary_token"], "code": code.as_str()});
        expect_success(app.post("/api/v1/auth/mfa/verify").json(&body).send().unwrap());
    }
}
