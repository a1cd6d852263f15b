//! A 2xx survives `kill -9` (R87), on both databases: the change, its audit row and its mail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use common::*;
use reqwest::Method;
use selfsame_domain::{Action, IdentifierKind};
use selfsame_ports::Storage as _;
use selfsame_testing::{
    postgres::Postgres,
    server::{Backend, backends},
};
use serde_json::json;

/// Writes that are acknowledged before the server is killed in the middle of more.
const WRITES: usize = 200;

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    merges: Mutex<Vec<String>>,
    sign_ups: Mutex<Vec<String>>,
}

impl Acknowledged {
    fn count(&self) -> usize {
        self.merges.lock().unwrap().len() + self.sign_ups.lock().unwrap().len()
    }
}

#[test]
fn r87_what_was_acknowledged_before_kill_9_is_there_after_it_with_audit_and_mail() {
    for backend in backends() {
        // The shared test server does not sync; this one does, as in real life.
        let postgres = (backend == Backend::Postgres).then(|| Postgres::private(true).unwrap());
        let options = match &postgres {
            Some(postgres) => options(Backend::Sqlite).on_database(postgres.fresh_database(None)),
            None => options(backend),
        };
        // What a killed worker had leased is due again soon.
        let mut app = app_with(options.setting("mail.timeout", "1s").setting("mail.lease", "2s"));
        let user = app.user();
        let acknowledged = Acknowledged::default();
        write_until_killed(&app, &user, &acknowledged);
        app.server.kill_dash_nine();
        assert_stored(&app, &user, &acknowledged);
        app.server.start();
        for email in acknowledged.sign_ups.lock().unwrap().iter() {
            app.server.mailbox().wait_for_to(email, 1);
        }
        let me = app.get("/api/v1/auth/me").bearer_auth(&user.access).send().unwrap();
        let profile = &expect_success(me)["data"]["user"]["profile"];
        for key in acknowledged.merges.lock().unwrap().iter() {
            assert!(profile.get(key).is_some(), "{key}");
        }
    }
}

/// Eight clients write, merges and sign-ups in turn, until the server is gone under them.
fn write_until_killed(app: &App, user: &User, acknowledged: &Acknowledged) {
    let (next, kill) = (AtomicUsize::new(0), app.server.killer());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| while write(app, user, acknowledged, next.fetch_add(1, Ordering::SeqCst)) {});
        }
        scope.spawn(|| {
            while acknowledged.count() < WRITES {
                thread::sleep(Duration::from_millis(1));
            }
            kill();
        });
    });
}

/// One write; `false` if the server is killed.
fn write(app: &App, user: &User, acknowledged: &Acknowledged, number: usize) -> bool {
    let (request, list, what) = if number.is_multiple_of(2) {
        let key = format!("key{number}");
        let put = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
        (put.json(&json!({"profile": {key.as_str(): number}})), &acknowledged.merges, key)
    } else {
        let email = fresh_email();
        let body = json!({"email": email, "password": PASSWORD});
        (app.post("/api/v1/auth/signup").json(&body), &acknowledged.sign_ups, email)
    };
    match request.send() {
        Ok(response) if response.status().is_success() => list.lock().unwrap().push(what),
        Ok(response) => assert!(response.status().is_server_error(), "{}", response.status()),
        Err(_) => return false,
    }
    true
}

/// Looks into the database that the kill left behind.
fn assert_stored(app: &App, user: &User, acknowledged: &Acknowledged) {
    in_storage(app, |storage| {
        let mut queries = storage.read().unwrap();
        let trail = queries.audit_trail(user.id.parse().unwrap(), 0, 100_000).unwrap();
        let updates = trail.iter().filter(|record| record.action == Action::ProfileUpdated.as_str());
        assert!(updates.count() >= acknowledged.merges.lock().unwrap().len());
        for email in acknowledged.sign_ups.lock().unwrap().iter() {
            let created = queries.by_identifier(IdentifierKind::Email, email).unwrap();
            let created = created.unwrap_or_else(|| panic!("{email} was acknowledged")).user.id;
            let trail = queries.audit_trail(created, 0, 100).unwrap();
            let created = trail.iter().filter(|record| record.action == Action::UserCreated.as_str());
            assert_eq!(created.count(), 1, "{email}");
        }
    });
}
