//! "This was not me" over the wire, on both databases: takeovers, races, and how the contracts answer a frozen account.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::time::Duration;

use common::{chromium::Chromium, *};
use reqwest::Method;
use selfsame_ports::Storage as _;
use selfsame_testing::{
    programs,
    received::Received,
    server::{Backend, backends},
};
use serde_json::{Value, json};

/// The tokens of the undo links in the mails to an address, oldest first, once there are so many.
fn undo_tokens(app: &App, email: &str, mails: usize) -> Vec<String> {
    let mails = app.server.mailbox().wait_for_to(email, mails);
    let texts: Vec<String> = mails.iter().filter_map(|mail| mail.part("text/plain")).collect();
    let links = texts.iter().filter_map(|text| text.split_once("/undo#token="));
    links.filter_map(|(_, rest)| Some(rest.split_whitespace().next()?.to_owned())).collect()
}

fn undo(app: &App, token: &str) -> (u16, Value) {
    answer(app.post("/api/v1/account/undo").json(&json!({"token": token})).send().unwrap())
}

fn change_password(app: &App, access: &str, old: &str, new: &str) -> (u16, Value) {
    let body = json!({"current_password": old, "new_password": new});
    answer(app.post("/api/v1/me/password").bearer_auth(access).json(&body).send().unwrap())
}

/// Moves the account to another primary address, and removes the earlier one, to which so many mails went before. Each notice
/// is waited for, so that they are in the order of the changes.
fn take_over(app: &App, user: &User, address: &str, mails: usize) {
    let wait_for = |more| app.server.mailbox().wait_for_to(&user.email, mails + more);
    wait_for(0);
    let send = |method: Method, path: &str, body: Value| {
        let request = app.request(method, path).bearer_auth(&user.access);
        expect_success(if body.is_null() { request } else { request.json(&body) }.send().unwrap())
    };
    send(Method::POST, "/api/v1/auth/me/email/request", json!({"new_email": address}));
    wait_for(1);
    let code = app.code(address, 1);
    send(Method::POST, "/api/v1/auth/me/email/verify", json!({"new_email": address, "otp_code": code}));
    wait_for(2);
    let listed = send(Method::GET, "/api/v1/account/emails", Value::Null);
    let old = listed["emails"].as_array().unwrap().iter().find(|email| email["email"] == user.email.as_str());
    send(Method::DELETE, &format!("/api/v1/account/emails/{}", text(&old.unwrap()["id"])), Value::Null);
}

/// Status and code of a refused sign-in, through each contract that has one.
fn sign_ins(app: &App, email: &str, password: &str) -> [(u16, String); 3] {
    let code = |answer: (u16, Value), pointer: &str| {
        let code = answer.1.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        (answer.0, code.to_owned())
    };
    let form = [("strategy", "plain_email"), ("email", email), ("password", password)];
    let body = json!({"email": email, "password": password, "client": "tokens"});
    [
        code(answer(app.post("/api/v1/account/sign-in-attempts").json(&body).send().unwrap()), "/type"),
        code(answer(app.try_login(email, password)), "/error/code"),
        code(answer(app.post("/auth/signin").form(&form).send().unwrap()), "/errors/0/code"),
    ]
}

#[test]
fn r25_a_takeover_is_undone_by_the_first_link_and_every_contract_answers_a_frozen_account_in_its_shape() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        let attacker = fresh_email();
        assert_eq!(change_password(&app, &user.access, PASSWORD, OTHER_PASSWORD).0, 200);
        let (access, _) = app.login(&user.email, OTHER_PASSWORD);
        let user = User { access, ..user };
        take_over(&app, &user, &attacker, 2);
        enrol_totp(&app, &user.access);
        // Verification, password, request, change, removal.
        let tokens = undo_tokens(&app, &user.email, 5);
        assert_eq!(tokens.len(), 4, "one for each change");

        let (status, undone) = undo(&app, &tokens[0]);
        assert_eq!((status, &undone), (200, &json!({"reset_mailed_to": "u***@e***.com"})));
        assert_eq!(app.get("/api/v1/account").bearer_auth(&user.access).send().unwrap().status(), 401);
        let frozen = [(403, "urn:selfsame:problem:account-frozen"), (403, "ACCOUNT_FROZEN"), (403, "ACCOUNT_FROZEN")];
        assert_eq!(sign_ins(&app, &user.email, PASSWORD), frozen.map(|(status, code)| (status, code.to_owned())));
        for (email, password) in [(&user.email, OTHER_PASSWORD), (&attacker, OTHER_PASSWORD), (&attacker, PASSWORD)] {
            let statuses = sign_ins(&app, email, password).map(|(status, _)| status);
            assert!(statuses.iter().all(|status| [400, 401].contains(status)), "{statuses:?}");
        }
        for used in tokens.iter().chain(&undo_tokens(&app, &attacker, 2)) {
            assert_eq!(undo(&app, used).1["type"], "urn:selfsame:problem:invalid-token");
        }

        let mails = app.server.mailbox().wait_for_to(&user.email, 7);
        let resets = mails.iter().filter_map(Received::find_link).find(|link| link.contains("/reset-password#"));
        let token = resets.unwrap().split_once("#token=").unwrap().1.to_owned();
        let body = json!({"token": token, "new_password": "eleven quiet lanterns drift"});
        expect_success(app.post("/api/v1/auth/reset-password").json(&body).send().unwrap());
        let (access, _) = app.login(&user.email, "eleven quiet lanterns drift");
        let account = expect_success(app.get("/api/v1/account").bearer_auth(&access).send().unwrap());
        assert_eq!((&account["email"], &account["second_factor_enrolled"]), (&json!(user.email), &json!(false)));
    }
}

#[test]
fn r12_of_twenty_parallel_uses_of_an_undo_link_one_succeeds() {
    for backend in backends() {
        let app = app(backend);
        let user = app.user();
        assert_eq!(change_password(&app, &user.access, PASSWORD, OTHER_PASSWORD).0, 200);
        let token = undo_tokens(&app, &user.email, 2).remove(0);
        let answers = at_once(20, |_| undo(&app, &token));
        assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| [200, 400].contains(status)), "{answers:?}");
    }
}

#[test]
fn what_is_changed_while_a_change_is_undone_is_undone_or_refused() {
    for backend in backends() {
        let mut app = app(backend);
        let user = app.user();
        assert_eq!(change_password(&app, &user.access, PASSWORD, OTHER_PASSWORD).0, 200);
        let (access, _) = app.login(&user.email, OTHER_PASSWORD);
        let token = undo_tokens(&app, &user.email, 2).remove(0);
        let answers = at_once(20, |number| match number {
            10 => undo(&app, &token),
            other => {
                let body = json!({"email": format!("another{other}@example.com")});
                answer(app.post("/api/v1/account/emails").bearer_auth(&access).json(&body).send().unwrap())
            }
        });
        assert!(answers.iter().any(|(status, _)| *status == 200), "{answers:?}");
        assert!(answers.iter().all(|(status, _)| [200, 201, 401, 409].contains(status)), "{answers:?}");
        assert_eq!(sign_ins(&app, &user.email, PASSWORD)[0].0, 403);
        app.server.terminate();
        app.server.wait_exit(Duration::from_secs(20));
        let account =
            in_storage(&app, |storage| storage.read().unwrap().user(user.id.parse().unwrap()).unwrap().unwrap());
        assert!(account.is_frozen());
        assert_eq!(account.identifiers.len(), 1, "{:?}", account.identifiers);
    }
}

#[test]
fn r25_in_a_real_browser_the_page_of_a_link_lists_what_it_undoes_does_it_once_and_fits_a_phone_in_german() {
    if !programs::are_there(&["chromium", "chromedriver"]) {
        return;
    }
    let app = app(Backend::Sqlite);
    let link = |token: &str| app.server.url(&format!("/undo#token={token}"));
    let button = "#confirmation button";

    let user = app.user();
    take_over(&app, &user, "mallory@example.org", 1);
    // Verification, request, change, removal.
    let token = undo_tokens(&app, &user.email, 4).remove(0);
    let desktop = Chromium::start();
    desktop.go(&link(&token));
    let effects = desktop.wait_for("#effects", "primary e-mail address again");
    let told: Vec<&str> = effects.lines().take(5).collect();
    let expected = [
        format!("{} belongs to the account again.", user.email),
        "m***@e***.org is removed from the account.".to_owned(),
        format!("{} is the primary e-mail address again.", user.email),
        "Sign-ins that end: 1".to_owned(),
        format!("The mail for a new password goes to {}.", user.email),
    ];
    assert_eq!(told, expected);
    desktop.wait_for("#changed-at", "The change was made at this time: ");
    assert_eq!(desktop.read("location.hash"), "", "the token has left the address bar");
    desktop.press(button, &json!({}));
    desktop.wait_for("#outcome.success", "The change is undone");
    assert_eq!(sign_ins(&app, &user.email, PASSWORD)[0].0, 403);
    for (url, outcome) in [
        (link(&token), "This link is not valid any more."),
        (link("nonsense"), "This link is not valid any more."),
        (app.server.url("/undo"), "This page works from the link in the mail only."),
    ] {
        // Otherwise only the fragment would differ, and nothing be loaded.
        desktop.go("about:blank");
        desktop.go(&url);
        desktop.wait_for("#outcome.failure", outcome);
        assert_eq!(desktop.read("document.getElementById('confirmation').hidden"), true);
    }

    let name = "a-name-as-long-as-a-mailbox-may-have-which-is-sixty-four-letters";
    let user = app.user_named(&format!("{name}@{}.example.com", "sub".repeat(12)), "Ada");
    assert_eq!(change_password(&app, &user.access, PASSWORD, OTHER_PASSWORD).0, 200);
    let token = undo_tokens(&app, &user.email, 2).remove(0);
    let phone = Chromium::start();
    phone.be_a_phone_in("de");
    phone.go(&link(&token));
    phone.wait_for("#effects", "Das Passwort ");
    phone.wait_for("#effects", &format!(" an {}.", user.email));
    assert_eq!(phone.read("document.documentElement.lang"), "de");
    assert_eq!(phone.read("innerWidth"), 320);
    let overflows = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(phone.read(overflows), false);
    phone.press(button, &json!({}));
    phone.wait_for("#outcome.success", "rückgängig gemacht");
    assert_eq!(phone.read(overflows), false);
}
