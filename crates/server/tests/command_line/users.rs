//! `user create|show|disable|enable`, whether the server runs or not.

use std::{fs, os::unix::fs::PermissionsExt as _};

use selfsame_testing::{
    archive::unzip,
    server::{Backend, Server, backends},
};
use serde_json::{Value, json};

use crate::{
    common::{App, PASSWORD, fresh_email, options, text},
    places::{Place, places},
    shell::{DONE, FAILED, NO_SUCH_USER, Shell},
};

#[test]
fn users_are_created_shown_disabled_and_enabled() {
    for Place { shell, .. } in places() {
        let email = fresh_email();
        let created = shell.create(&email).expect(DONE).json();
        assert_eq!((&created["has_password"], &created["disabled_at"]), (&json!(true), &Value::Null));
        assert_eq!(created["identifiers"][0]["value"], email);
        assert!(created["identifiers"][0]["verified_at"].is_string(), "{created}");

        let id = text(&created["id"]);
        let mut in_full = created.clone();
        in_full["identities"] = json!([]);
        for query in [email.as_str(), &email.to_uppercase(), &id] {
            assert_eq!(shell.run(&["user", "show", query, "--json"]).expect(DONE).json(), in_full, "{query}");
        }
        let disabled = shell.run(&["user", "disable", &email, "--json"]).expect(DONE).json();
        assert!(disabled["disabled_at"].is_string(), "{disabled}");
        let shown = shell.run(&["user", "show", &id]).expect(DONE).stdout;
        assert!(shown.contains("disabled") && shown.contains(&email) && shown.contains(&id), "{shown}");
        let enabled = shell.run(&["user", "enable", &id, "--json"]).expect(DONE).json();
        assert_eq!(enabled["disabled_at"], Value::Null);
        let unfrozen = shell.run(&["user", "unfreeze", &email, "--json"]).expect(DONE).json();
        assert_eq!(unfrozen, enabled, "it was not frozen");
    }
}

#[test]
fn a_user_that_there_is_not_has_an_exit_code_of_its_own() {
    for Place { shell, .. } in places() {
        for command in ["show", "disable", "enable", "unfreeze", "revoke", "delete", "verify"] {
            for query in ["nobody@example.com", "1", "not an address"] {
                shell.run(&["user", command, query, "--json"]).refused(NO_SUCH_USER, &["no such user"]);
            }
        }
        let set_password = ["user", "set-password", "nobody@example.com", "--password-stdin"];
        shell.run_with(&set_password, PASSWORD).refused(NO_SUCH_USER, &["no such user"]);
    }
}

#[test]
fn r17_r18_the_operators_users_obey_the_same_rules() {
    for Place { shell, .. } in places() {
        let create = ["user", "create", "--email", "ada@example.com", "--password-stdin"];
        for weak in ["short", "passwordpassword"] {
            let outcome = shell.run_with(&create, weak).expect(FAILED);
            let said = outcome.stderr.lines().last().unwrap().to_lowercase();
            assert!(said.starts_with("selfsame: ") && said.replace(weak, "…").contains("password"), "{outcome:?}");
            assert!(!said.contains(&format!("{weak}\"")), "a password is not echoed: {said}");
        }
        shell
            .run_with(&["user", "create", "--email", "Ada <ada@example.com>", "--password-stdin"], PASSWORD)
            .expect(FAILED);
        shell.create("ada@example.com").expect(DONE);
        let taken = shell.create("ADA@example.com").expect(FAILED);
        assert!(
            taken.stdout.is_empty() && taken.stderr.contains("e-mail address belongs to another account"),
            "{taken:?}"
        );
    }
}

#[test]
fn the_password_is_the_first_line_of_standard_input() {
    let inputs = [
        ("unix@example.com", format!("{PASSWORD}\nmore")),
        ("dos@example.com", format!("{PASSWORD}\r\n")),
        ("bare@example.com", PASSWORD.to_owned()),
    ];
    for backend in backends() {
        let mut server = Server::prepare(options(backend));
        assert!(server.run(&["migrate"]).status.success());
        let shell = Shell::beside(&server);
        for (email, input) in &inputs {
            let create = ["user", "create", "--email", email, "--verified", "--password-stdin"];
            shell.run_with(&create, input).expect(DONE);
        }
        server.start();
        let app = App { client: server.client(), server };
        for (email, _) in &inputs {
            app.login(email, PASSWORD);
        }
    }
}

#[test]
fn a_user_without_password_and_verification_is_told_how_to_go_on() {
    let mut server = Server::prepare(options(Backend::Sqlite));
    assert!(server.run(&["migrate"]).status.success());
    let created = server.run(&["user", "create", "--email", "ada@example.com", "--invite", "--json"]);
    assert!(created.status.success(), "{created:?}");
    let created: Value = serde_json::from_slice(&created.stdout).unwrap();
    assert_eq!((&created["has_password"], &created["identifiers"][0]["verified_at"]), (&json!(false), &Value::Null));
    server.start();
    assert!(!server.mailbox().wait_for_to("ada@example.com", 1)[0].link().is_empty());
}

#[test]
fn r79_a_user_is_exported_to_a_new_file_that_only_its_owner_can_read() {
    for Place { shell, .. } in places() {
        let email = fresh_email();
        shell.create(&email).expect(DONE);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ada.zip");
        let output = file.to_str().unwrap();
        let exported = shell.run(&["user", "export", &email, "--output", output, "--json"]).expect(DONE).json();
        let archive = fs::read(&file).unwrap();
        assert_eq!((&exported["bytes"], &exported["file"]), (&json!(archive.len()), &json!(output)));
        let document: Value = serde_json::from_slice(&unzip(&archive)["account.json"]).unwrap();
        assert_eq!((&document["account"]["email"], &document["account"]["sub"]), (&json!(email), &exported["id"]));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        shell.run(&["user", "export", &email, "--output", output]).expect(FAILED);
        assert_eq!(fs::read(&file).unwrap(), archive, "a file that is there is not replaced");
        let other = folder.path().join("nobody.zip");
        let nobody = ["user", "export", "nobody@example.com", "--output", other.to_str().unwrap()];
        shell.run(&nobody).refused(NO_SUCH_USER, &["no such user"]);
        assert!(!other.exists());
        let trail = shell.run(&["audit", "show", &email]).expect(DONE).stdout;
        assert!(trail.contains("export.downloaded") && trail.contains("operator"), "{trail}");
    }
}
