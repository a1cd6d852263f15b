//! `outbox status|list|requeue|drop`, whether the server runs or not.

use std::time::Duration;

use selfsame_testing::{
    poll::eventually,
    server::{Server, backends},
    smtp::{Behaviour, SmtpSink},
};
use serde_json::{Value, json};

use crate::{
    common::{app_with, options, text},
    shell::{DONE, NO_SUCH_USER, Shell, USAGE},
};

const SOON: Duration = Duration::from_secs(20);

/// Makes a user who is to be sent a proof.
fn unverified(shell: &Shell, email: &str) {
    shell.run(&["user", "create", "--email", email, "--invite"]).expect(DONE);
}

fn list(shell: &Shell, more: &[&str]) -> Value {
    shell.run(&[&["outbox", "list", "--json"], more].concat()).expect(DONE).json()
}

fn id(message: &Value) -> String {
    text(&message["id"])
}

#[test]
fn what_waits_is_counted_listed_and_dropped_and_tells_no_secret() {
    for backend in backends() {
        let server = Server::prepare(options(backend));
        let shell = Shell::beside(&server).migrated();
        for email in ["ada@example.com", "grace@example.com"] {
            unverified(&shell, email);
        }
        let status = shell.run(&["outbox", "status", "--json"]).expect(DONE).json();
        assert_eq!((&status["waiting"], &status["dead"]), (&json!(2), &json!(0)));
        let first = list(&shell, &["--limit", "1"]);
        let message = &first["messages"][0];
        assert_eq!(message["kind"], json!("invitation"));
        assert_eq!(first["next_after"], message["id"]);
        let second = list(&shell, &["--after", &id(message)]);
        assert_eq!((second["messages"].as_array().unwrap().len(), &second["next_after"]), (1, &Value::Null));
        let mut recipients = [&message["recipient"], &second["messages"][0]["recipient"]].map(text);
        recipients.sort();
        assert_eq!(recipients, ["a***@e***.com", "g***@e***.com"]);
        let table = shell.run(&["outbox", "list"]).expect(DONE).stdout;
        let said = format!("{first}{second}{table}");
        assert!(!said.contains("ada@") && !said.contains("#token") && !said.contains("grace"), "{said}");

        let dropped = shell.run(&["outbox", "drop", &id(message), "--json"]).expect(DONE).json();
        assert_eq!(dropped, json!({"id": message["id"], "dropped": true}));
        shell.run(&["outbox", "drop", &id(message)]).refused(NO_SUCH_USER, &["no such message"]);
        shell.run(&["outbox", "requeue", &id(message)]).refused(NO_SUCH_USER, &["no such message"]);
        shell.run(&["outbox", "requeue"]).refused(USAGE, &["Usage"]);
        assert!(shell.run(&["outbox", "status"]).expect(DONE).stdout.contains("waiting  1"));
    }
}

#[test]
fn r88_dead_mail_is_seen_and_requeued_while_the_server_runs() {
    for backend in backends() {
        let sink = SmtpSink::start();
        sink.behave(Behaviour::RefusePermanently(None));
        let app = app_with(options(backend).mail(&format!("{}?tls=none", sink.url())));
        let shell = Shell::beside(&app.server);
        for email in ["ada@example.com", "grace@example.com"] {
            unverified(&shell, email);
        }
        let dead = eventually(SOON, "both to be given up", || {
            let dead = list(&shell, &["--dead"]);
            (dead["messages"].as_array().unwrap().len() == 2).then_some(dead)
        });
        let message = &dead["messages"][0];
        assert!(message["dead_at"].is_string() && message["last_error"].is_string(), "{message}");
        sink.behave(Behaviour::Accept);
        let requeued = shell.run(&["outbox", "requeue", &id(message), "--json"]).expect(DONE).json();
        assert_eq!(requeued, json!({"requeued": 1}));
        sink.wait_for(1, SOON);
        assert!(shell.run(&["outbox", "requeue", "--all-dead"]).expect(DONE).stdout.contains("made 1 messages due"));
        sink.wait_for(2, SOON);
        eventually(SOON, "an empty outbox", || {
            let status = shell.run(&["outbox", "status", "--json"]).expect(DONE).json();
            (status["waiting"] == json!(0) && status["dead"] == json!(0)).then_some(())
        });
    }
}
