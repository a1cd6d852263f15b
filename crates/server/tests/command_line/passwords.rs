//! `user set-password`, whether the server runs or not.

use serde_json::json;

use crate::{
    common::{OTHER_PASSWORD, PASSWORD, fresh_email},
    places::{places, running_places},
    shell::{DONE, FAILED, Shell, USAGE},
};

fn set_password(user: &str) -> [&str; 5] {
    ["user", "set-password", user, "--password-stdin", "--json"]
}

#[test]
fn r26_an_operator_sets_a_password_and_sees_none() {
    for place in places() {
        let (shell, email) = (&place.shell, fresh_email());
        place.user(&email);
        let outcome = shell.run_with(&set_password(&email), &format!("{OTHER_PASSWORD}\n")).expect(DONE);
        assert_eq!(outcome.json()["has_password"], json!(true));
        let shown = [shell.run(&["user", "show", &email]), shell.run(&["user", "show", &email, "--json"]), outcome];
        for outcome in shown {
            let said = format!("{outcome:?}").to_lowercase();
            assert!(!said.contains(OTHER_PASSWORD) && !said.contains("argon2"), "{said}");
        }
        shell.run(&["user", "set-password", &email, OTHER_PASSWORD]).refused(USAGE, &["Usage"]);
    }
}

#[test]
fn r17_r18_a_password_set_by_an_operator_obeys_the_same_rules() {
    for place in places() {
        let email = fresh_email();
        place.user(&email);
        for weak in ["", " ", "short", "passwordpassword"] {
            let outcome = place.shell.run_with(&set_password(&email), weak).expect(FAILED);
            assert!(outcome.stdout.is_empty() && outcome.stderr.contains("password"), "{outcome:?}");
        }
        if let Some(app) = &place.app {
            app.login(&email, PASSWORD);
        }
    }
}

#[test]
fn r21_setting_a_password_ends_every_session_and_r25_tells_the_owner() {
    for (shell, app) in running_places() {
        let user = app.user();
        let cookie = app.browser(&user.email, PASSWORD);
        app.post_json("/api/v1/auth/forgot-password", &json!({"email": user.email}));
        let code = app.code(&user.email, 2);
        shell.run_with(&set_password(&user.email), OTHER_PASSWORD).expect(DONE);
        assert_eq!(app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap().status(), 401);
        let account = app.get("/api/v1/account").header("cookie", format!("session_id={cookie}"));
        assert_eq!(account.send().unwrap().status(), 401);
        assert_eq!(app.try_login(&user.email, PASSWORD).status(), 401);
        app.login(&user.email, OTHER_PASSWORD);
        let mail = app.server.mailbox().wait_for_to(&user.email, 3).pop().unwrap();
        assert!(
            !mail.data.contains(OTHER_PASSWORD) && mail.header("Subject").unwrap().to_lowercase().contains("password")
        );
        let body = json!({"email": user.email, "otp_code": code});
        let reset = app.post("/api/v1/auth/verify-reset-otp").json(&body).send().unwrap();
        assert!(reset.status().is_client_error(), "r22: the reset under way is void");
    }
}

#[test]
fn r51_no_password_is_in_the_servers_log() {
    for (shell, app) in running_places() {
        app.user();
        let email = fresh_email();
        shell.create(&email).expect(DONE);
        shell.run_with(&set_password(&email), OTHER_PASSWORD).expect(DONE);
        let log = app.server.stderr();
        assert!(!log.contains(PASSWORD) && !log.contains(OTHER_PASSWORD) && !log.contains(&email), "{log}");
    }
}

#[test]
fn a_password_that_nobody_typed_is_none() {
    let shell = Shell::on(selfsame_testing::server::Backend::Sqlite).migrated();
    shell.create("ada@example.com").expect(DONE);
    // Without --password-stdin it is typed at the terminal, of which a script has none.
    let outcome = shell.run(&["user", "set-password", "ada@example.com"]);
    assert!(outcome.code == FAILED && outcome.stdout.is_empty(), "{outcome:?}");
}
