//! `user list|revoke|delete|verify`, whether the server runs or not.

use std::time::Duration;

use selfsame_domain::UserId;
use selfsame_ports::Storage as _;
use selfsame_testing::server::backends;
use serde_json::{Value, json};

use crate::{
    common::{OTHER_PASSWORD, PASSWORD, app, fresh_email, in_storage, text},
    places::{places, running_places},
    shell::{DONE, FAILED, NO_SUCH_USER, Shell},
};

/// The names of an object's members.
fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn users_are_listed_page_by_page() {
    for place in places() {
        let shell = &place.shell;
        assert_eq!(
            shell.run(&["user", "list", "--json"]).expect(DONE).json(),
            json!({"users": [], "next_after": null})
        );
        let emails = [(); 3].map(|()| fresh_email());
        let mut ids = emails.clone().map(|email| place.user(&email));
        ids.sort_by_key(|id| id.parse::<u64>().unwrap());
        let first = shell.run(&["user", "list", "--limit", "2", "--json"]).expect(DONE).json();
        assert_eq!((text(&first["users"][0]["id"]), text(&first["users"][1]["id"])), (ids[0].clone(), ids[1].clone()));
        assert_eq!(first["next_after"], first["users"][1]["id"]);
        let second = shell.run(&["user", "list", "--after", &ids[1], "--json"]).expect(DONE).json();
        assert_eq!((text(&second["users"][0]["id"]), &second["next_after"]), (ids[2].clone(), &Value::Null));
        let user = &second["users"][0];
        assert_eq!(members(user), ["created_at", "disabled_at", "email", "email_verified", "frozen_at", "id", "name"]);
        assert!(emails.contains(&text(&user["email"])) && user["email_verified"] == json!(true), "{user}");

        let table = shell.run(&["user", "list"]).expect(DONE).stdout;
        assert!(emails.iter().chain(&ids).all(|word| table.contains(word.as_str())), "{table}");
        assert_eq!(table.lines().count(), 4, "{table}");
        assert!(
            shell.run(&["user", "list", "--limit", "1"]).expect(DONE).stdout.contains(&format!("--after {}", ids[0]))
        );
    }
}

#[test]
fn revoking_ends_every_session_of_a_user_at_once() {
    for (shell, app) in running_places() {
        let user = app.user();
        let cookie = app.browser(&user.email, PASSWORD);
        let revoked = shell.run(&["user", "revoke", &user.email, "--json"]).expect(DONE).json();
        assert_eq!(revoked, json!({"id": user.id, "ended_sign_ins": 2}));
        assert_eq!(app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap().status(), 401);
        let account = app.get("/api/v1/account").header("cookie", format!("session_id={cookie}"));
        assert_eq!(account.send().unwrap().status(), 401);
        app.login(&user.email, PASSWORD);
        assert!(shell.run(&["user", "revoke", &user.id]).expect(DONE).stdout.contains("ended 1 sign-ins"));
    }
}

#[test]
fn a_user_is_deleted_after_a_confirmation() {
    for place in places() {
        let (shell, email) = (&place.shell, fresh_email());
        let id = place.user(&email);
        for answer in ["", "no\n", "y\n", "YES\n"] {
            shell.run_with(&["user", "delete", &email], answer).refused(FAILED, &["nothing was done", &id, &email]);
        }
        shell.run(&["user", "show", &id]).expect(DONE);
        let deleted = shell.run_with(&["user", "delete", &email, "--json"], "yes\n").expect(DONE).json();
        assert_eq!(deleted, json!({"id": id, "deleted": true}));
        shell.run(&["user", "show", &id]).refused(NO_SUCH_USER, &["no such user"]);
        let again = place.user(&email);
        assert!(shell.run(&["user", "delete", &again, "--yes"]).expect(DONE).stdout.contains(&email));
        if let Some(app) = &place.app {
            assert_eq!(app.try_login(&email, PASSWORD).status(), 401);
        }
    }
}

#[test]
fn r7_an_address_is_verified_by_the_operators_word() {
    for place in places() {
        let (shell, email) = (&place.shell, fresh_email());
        let create = ["user", "create", "--email", &email, "--password-stdin", "--json"];
        let created = shell.run_with(&create, PASSWORD).expect(DONE).json();
        let squatter = shell.run_with(&create, OTHER_PASSWORD).expect(DONE).json();
        assert_eq!(created["identifiers"][0]["verified_at"], Value::Null);
        let id = text(&created["id"]);
        let refused = shell.run(&["user", "verify", &id, "other@example.com"]).expect(FAILED);
        assert!(
            refused.stdout.is_empty() && refused.stderr.contains("e-mail address is not one of the account's own"),
            "{refused:?}"
        );
        let verified = shell.run(&["user", "verify", &id, &email.to_uppercase(), "--json"]).expect(DONE).json();
        assert!(verified["identifiers"][0]["verified_at"].is_string(), "{verified}");
        assert_eq!(members(&verified), members(&created));
        shell.run(&["user", "show", &text(&squatter["id"])]).refused(NO_SUCH_USER, &["no such user"]);
        let late = shell.run_with(&create, OTHER_PASSWORD).expect(DONE).json();
        shell
            .run(&["user", "verify", &text(&late["id"])])
            .refused(FAILED, &["e-mail address", "belongs to another account"]);
        if let Some(app) = &place.app {
            app.login(&email, PASSWORD);
        }
    }
}

#[test]
fn r79_each_command_leaves_a_row_with_the_operator_as_its_actor() {
    for backend in backends() {
        let mut app = app(backend);
        let shell = Shell::beside(&app.server);
        let create = ["user", "create", "--email", "ada@example.com", "--password-stdin", "--json"];
        let id = text(&shell.run_with(&create, PASSWORD).expect(DONE).json()["id"]);
        for command in ["verify", "disable", "enable", "revoke", "reset-factors"] {
            shell.run(&["user", command, &id]).expect(DONE);
        }
        shell.run_with(&["user", "set-password", &id, "--password-stdin"], OTHER_PASSWORD).expect(DONE);
        shell.run(&["user", "delete", &id, "--yes"]).expect(DONE);
        app.server.terminate();
        app.server.wait_exit(Duration::from_secs(20));
        let user = id.parse::<UserId>().unwrap();
        let rows = in_storage(&app, |storage| storage.read().unwrap().audit_trail(user, 0, 100).unwrap());
        let by_operator = rows.iter().filter(|row| row.actor == "operator");
        let actions: Vec<&str> = by_operator.map(|row| row.action.as_str()).collect();
        let expected = [
            "user.created",
            "email.verified",
            "user.disabled",
            "user.enabled",
            "sign_in.revoked",
            "factors.reset",
            "password.set",
            "user.deleted",
        ];
        assert_eq!(actions, expected);
        assert!(!format!("{rows:?}").contains(OTHER_PASSWORD), "r51: no password in the trail");
    }
}
