//! The walk of a user through all four contracts: against a stack that runs somewhere, and against a server of this
//! test's own, so that the walk itself cannot rot.
//!
//! `just e2e` starts the compose stack and names it by two variables: `SELFSAME_E2E_URL`, where the server answers, and
//! `SELFSAME_E2E_MAILBOX_URL`, where Mailpit keeps every mail that was sent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{env, process, time::Duration};

use common::*;
use reqwest::{
    Method, Url,
    blocking::{Client, RequestBuilder},
};
use selfsame_testing::{mailbox::DevMailbox, poll::eventually, received::Received, server::backends};
use serde_json::{Value, json};

#[test]
#[ignore = "needs the compose stack: just e2e"]
fn a_user_walks_through_all_four_contracts_of_the_stack() {
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is not set; `just e2e` sets it"));
    let mailbox = Mailbox::Mailpit(variable("SELFSAME_E2E_MAILBOX_URL"));
    walk(&Stack { base: variable("SELFSAME_E2E_URL"), client: Client::new(), mailbox });
}

#[test]
fn a_user_walks_through_all_four_contracts_of_a_server_of_its_own() {
    for backend in backends() {
        let app = app(backend);
        let mailbox = Mailbox::Folder(app.server.mailbox());
        walk(&Stack { base: app.server.url(""), client: app.client.clone(), mailbox });
    }
}

/// A server with a mailbox, wherever they are.
struct Stack {
    base: String,
    client: Client,
    mailbox: Mailbox,
}

/// Where the server's mail ends up.
enum Mailbox {
    Folder(DevMailbox),
    /// Mailpit's HTTP API, version 1.
    Mailpit(String),
}

fn walk(stack: &Stack) {
    // New on this stack, as long as process ids are.
    let email = format!("e2e-{}-{}", process::id(), fresh_email());
    assert_eq!(stack.get("/health/ready").send().unwrap().status(), 200);
    let access = sign_up(stack, &email);
    let cookie = sign_in(stack, &email);
    let user = User { access, cookie };
    change_through_each(stack, &user);
    assert_same_everywhere(stack, &user, &email);
    sign_out(stack, &user);
}

/// Who walks.
struct User {
    access: String,
    cookie: String,
}

/// Through RiverGen, proving the address by the mailed code; returns an access token.
fn sign_up(stack: &Stack, email: &str) -> String {
    let body = json!({"email": email, "password": PASSWORD, "display_name": "Grace"});
    let started = expect_success(stack.post("/api/v1/auth/signup").json(&body).send().unwrap());
    let mail = stack.mailbox.newest_to(stack, email);
    assert!(mail.link().starts_with(&stack.base), "{}", mail.link());
    let body = json!({"temporary_token": started["data"]["temporary_token"], "otp_code": mail.code()});
    let verified = expect_success(stack.post("/api/v1/auth/verify-otp").json(&body).send().unwrap());
    text(&verified["data"]["access_token"])
}

/// Through Wacht; returns the session cookie.
fn sign_in(stack: &Stack, email: &str) -> String {
    let form = [("strategy", "plain_email"), ("email", email), ("password", PASSWORD)];
    let response = stack.post("/auth/signin").form(&form).send().unwrap();
    let cookie = session_cookie(&response);
    expect_success(response);
    format!("session_id={}", cookie.unwrap())
}

fn change_through_each(stack: &Stack, user: &User) {
    let form = [("first_name", "Grace"), ("second_factor_policy", "enforced")];
    expect_success(stack.post("/me").header("cookie", &user.cookie).form(&form).send().unwrap());
    let name = json!({"last_name": "Hopper"});
    expect_success(stack.request(Method::PATCH, "/me").header("cookie", &user.cookie).json(&name).send().unwrap());
    let write = |method: Method, path: &str, body: Value| {
        expect_success(stack.request(method, path).bearer_auth(&user.access).json(&body).send().unwrap());
    };
    write(Method::PATCH, "/api/v1/me", json!({"timezone": "America/New_York", "locale": "en-US"}));
    let merge = json!({"display_name": "Amazing Grace", "profile": {"bio": "Rear admiral"}});
    write(Method::PUT, "/api/v1/auth/me/profile", merge);
    write(Method::PATCH, "/api/v1/account", json!({"phone_number": "+1 202 555 0142", "attributes": {"ship": "none"}}));
}

/// Every contract shows the same user, in its own words.
fn assert_same_everywhere(stack: &Stack, user: &User, email: &str) {
    let bearer = |path: &str| expect_success(stack.get(path).bearer_auth(&user.access).send().unwrap());
    let wacht = expect_success(stack.get("/me").header("cookie", &user.cookie).send().unwrap());
    let wacht = &wacht["data"];
    let profile = bearer("/api/v1/me");
    let rivergen = bearer("/api/v1/auth/me");
    let rivergen = &rivergen["data"]["user"];
    let account = bearer("/api/v1/account");

    assert_eq!([&wacht["id"], &profile["id"]], [&account["sub"]; 2]);
    assert_eq!(rivergen["id"].to_string(), text(&account["sub"]));
    assert_eq!([&wacht["email"], &profile["email"], &rivergen["primary_email"], &account["email"]], [email; 4]);
    assert_eq!([&wacht["first_name"], &profile["first_name"], &account["given_name"]], ["Grace"; 3]);
    assert_eq!([&wacht["last_name"], &profile["last_name"], &account["family_name"]], ["Hopper"; 3]);
    assert_eq!([&profile["display_name"], &rivergen["display_name"], &account["name"]], ["Amazing Grace"; 3]);
    assert_eq!([&profile["timezone"], &account["zoneinfo"]], ["America/New_York"; 2]);
    assert_eq!([&wacht["phone_number"], &profile["phone"], &account["phone_number"]], ["+12025550142"; 3]);
    assert_eq!([&rivergen["profile"], &account["attributes"]], [&json!({"bio": "Rear admiral", "ship": "none"}); 2]);
    assert_eq!([&wacht["second_factor_policy"], &account["second_factor_policy"]], ["enforced"; 2]);
}

fn sign_out(stack: &Stack, user: &User) {
    assert_eq!(stack.post("/api/v1/auth/logout").bearer_auth(&user.access).send().unwrap().status(), 204);
    assert_eq!(stack.get("/api/v1/me").bearer_auth(&user.access).send().unwrap().status(), 401);
    expect_success(stack.post("/session/sign-out").header("cookie", &user.cookie).send().unwrap());
    assert_eq!(stack.get("/me").header("cookie", &user.cookie).send().unwrap().status(), 401);
}

impl Stack {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }
}

impl Mailbox {
    fn newest_to(&self, stack: &Stack, email: &str) -> Received {
        match self {
            Self::Folder(mailbox) => mailbox.wait_for_to(email, 1).pop().unwrap(),
            Self::Mailpit(base) => eventually(Duration::from_secs(30), "a mail in Mailpit", || {
                newest_in_mailpit(&stack.client, base, email)
            }),
        }
    }
}

/// The source of the newest mail: <https://mailpit.axllent.org/docs/api-v1/>.
fn newest_in_mailpit(client: &Client, base: &str, email: &str) -> Option<Received> {
    let search = Url::parse_with_params(&format!("{base}/api/v1/search"), [("query", format!("to:{email}"))]).unwrap();
    let found = expect_success(client.get(search).send().unwrap());
    // The newest comes first.
    let id = text(found["messages"].get(0)?.get("ID")?);
    let source = client.get(format!("{base}/api/v1/message/{id}/raw")).send().unwrap();
    assert_eq!(source.status(), 200);
    Some(Received::from_source(&source.text().unwrap()))
}
