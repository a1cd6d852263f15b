//! Access tokens of another issuer, which is a second server: every contract, the ends of sign-ins, races, and the operator's
//! commands.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::time::Duration;

use common::*;
use reqwest::Method;
use selfsame_testing::{
    poll::eventually,
    server::{Backend, backends},
};
use serde_json::{Value, json};

/// A route of each contract that takes a Bearer token.
const CONTRACTS: [&str; 4] = ["/api/v1/account", "/api/v1/me", "/api/v1/auth/me", "/me"];

/// The issuer, and a server that accepts its tokens.
struct Two {
    issuer: App,
    app: App,
}

impl Two {
    /// With further keys of the issuer's entry in the settings.
    fn new(backend: Backend, more: &Value) -> Self {
        let issuer = app(Backend::Sqlite);
        let url = issuer.server.url("").trim_end_matches('/').to_owned();
        let mut entry = json!({"name": "Example ID", "issuer": url, "audience": "selfsame",
            "jwks_url": format!("{url}/.well-known/jwks.json")});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let app = app_with(options(backend).setting("issuers", json!([entry])));
        Self { issuer, app }
    }

    fn url(&self) -> String {
        self.issuer.server.url("").trim_end_matches('/').to_owned()
    }

    fn get(&self, path: &str, token: &str) -> (u16, Value) {
        answer(self.app.get(path).bearer_auth(token).send().unwrap())
    }

    fn status(&self, token: &str) -> u16 {
        self.get("/api/v1/account", token).0
    }

    /// A token of the issuer that is accepted here, because it is of a later second than the end of the sign-in before.
    fn later_token(&self, email: &str) -> String {
        eventually(Duration::from_secs(10), "a token that is accepted", || {
            let token = self.issuer.login(email, PASSWORD).0;
            (self.status(&token) == 200).then_some(token)
        })
    }

    fn run(&self, arguments: &[&str]) -> Value {
        let output = self.app.server.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn r43_every_contract_accepts_a_token_of_a_second_server_until_its_sign_in_ends() {
    for backend in backends() {
        let two = Two::new(backend, &json!({"create_accounts": true}));
        let user = two.issuer.user();
        for path in CONTRACTS {
            let (status, body) = two.get(path, &user.access);
            assert_eq!(status, 200, "{path}: {body}");
        }
        let account = two.get("/api/v1/account", &user.access).1;
        assert_ne!(account["sub"], json!(user.id), "an account of its own");
        let changed = two.app.request(Method::PATCH, "/api/v1/me").bearer_auth(&user.access);
        expect_success(changed.json(&json!({"first_name": "Ada"})).send().unwrap());
        assert_eq!(two.get("/api/v1/account", &user.access).1["given_name"], "Ada");

        let listed = two.get("/api/v1/account/sign-ins", &user.access).1;
        assert_eq!(
            (listed["sign_ins"].as_array().unwrap().len(), &listed["sign_ins"][0]["name"]),
            (1, &json!("Example ID"))
        );
        let identities = two.get("/api/v1/account/identities", &user.access).1;
        assert_eq!(identities["identities"][0]["subject"], json!(user.id));

        let ended = two.app.request(Method::DELETE, "/api/v1/account/sign-ins/current").bearer_auth(&user.access);
        assert_eq!(ended.send().unwrap().status(), 204);
        for path in CONTRACTS {
            let response = two.app.get(path).bearer_auth(&user.access).send().unwrap();
            assert_eq!(response.headers()["www-authenticate"].to_str().unwrap().split(' ').next(), Some("Bearer"));
            let own = two.app.get(path).bearer_auth("no.token.atall").send().unwrap();
            let shape = |response| {
                let (status, mut body) = answer(response);
                body.as_object_mut().unwrap().remove("request_id");
                (status, body)
            };
            let refused = shape(response);
            assert_eq!((refused.0, &refused), (401, &shape(own)), "{path}");
        }
        assert_eq!(two.get("/api/v1/account", &two.later_token(&user.email)).1["sub"], account["sub"]);
        assert_eq!(two.status(&user.access), 401, "the earlier one stays refused");
    }
}

#[test]
fn r43_of_twenty_parallel_first_requests_one_makes_the_account() {
    for backend in backends() {
        let two = Two::new(backend, &json!({"create_accounts": true}));
        // The keys are known then.
        assert_eq!(two.status(&two.issuer.user().access), 200);
        let user = two.issuer.user();
        let answers = at_once(20, |_| two.get("/api/v1/account", &user.access));
        let (first, rest) = answers.split_first().unwrap();
        assert_eq!(first.0, 200, "{first:?}");
        assert!(rest.iter().all(|(status, body)| *status == 200 && body["sub"] == first.1["sub"]), "{answers:?}");
        assert_eq!(two.get("/api/v1/account/sign-ins", &user.access).1["sign_ins"].as_array().unwrap().len(), 1);
        let users = two.run(&["user", "list"]);
        assert_eq!(users["users"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn only_an_issuer_that_may_makes_accounts_and_the_operator_links_and_unlinks() {
    for backend in backends() {
        let two = Two::new(backend, &json!({}));
        let (known, stranger) = (two.issuer.user(), two.issuer.user());
        let own = two.app.user();
        assert_eq!((two.status(&known.access), two.status(&stranger.access)), (401, 401));
        let url = two.url();
        let pair = ["--issuer", &url, "--subject", &known.id];
        let linked = two.run(&[&["user", "link", &own.email][..], &pair].concat());
        assert_eq!(linked["identities"][0]["subject"], json!(known.id));
        assert_eq!(two.run(&["user", "show", &own.email])["identities"], linked["identities"]);
        assert_eq!(two.get("/api/v1/account", &known.access).1["sub"], json!(own.id));
        assert_eq!((two.status(&own.access), two.status(&stranger.access)), (200, 401));

        let other = two.app.user();
        let taken = two.app.server.run(&[&["user", "link", &other.email][..], &pair].concat());
        assert!(!taken.status.success() && String::from_utf8_lossy(&taken.stderr).contains("another user"));
        let unknown = ["user", "link", &own.email, "--issuer", "https://evil.example", "--subject", "1"];
        assert!(!two.app.server.run(&unknown).status.success());

        two.run(&["user", "disable", &own.email]);
        assert_eq!(two.status(&known.access), 401);
        two.run(&["user", "enable", &own.email]);
        assert_eq!(two.status(&known.access), 401, "issued before the account was disabled");
        let later = two.later_token(&known.email);

        two.run(&[&["user", "unlink"][..], &pair].concat());
        assert_eq!(two.status(&later), 401);
        assert_eq!(two.run(&["user", "show", &own.email])["identities"], json!([]));
    }
}

#[test]
fn r77_tokens_do_not_make_a_removed_account_again_until_the_operator_forgets_it() {
    for backend in backends() {
        let two = Two::new(backend, &json!({"create_accounts": true}));
        let user = two.issuer.user();
        let account = two.get("/api/v1/account", &user.access).1;
        two.run(&["user", "delete", account["sub"].as_str().unwrap(), "--yes"]);
        assert_eq!(two.status(&user.access), 401);
        assert_eq!(two.status(&two.issuer.login(&user.email, PASSWORD).0), 401);
        let url = two.url();
        two.run(&["user", "unlink", "--issuer", &url, "--subject", &user.id, "--forget"]);
        let again = two.get("/api/v1/account", &user.access);
        assert_eq!(again.0, 200);
        assert_ne!(again.1["sub"], account["sub"]);
    }
}

#[test]
fn r46_a_token_of_this_server_is_none_of_the_other_and_scopes_restrict_tokens() {
    let two = Two::new(Backend::Sqlite, &json!({"create_accounts": true, "scopes": {"read": "profile:read"}}));
    let own = two.app.user();
    assert_eq!(answer(two.issuer.get("/api/v1/account").bearer_auth(&own.access).send().unwrap()).0, 401);
    // Without a scope of the table a token may do nothing.
    let user = two.issuer.user();
    assert_eq!(two.get("/api/v1/account", &user.access).0, 403);
    assert_eq!(two.status(&own.access), 200);
}

#[test]
fn keys_that_cannot_be_fetched_are_no_outage_for_tokens_of_this_server() {
    let issuer = app(Backend::Sqlite);
    let user = issuer.user();
    let url = issuer.server.url("").trim_end_matches('/').to_owned();
    let entry = json!([{"name": "Example ID", "issuer": url, "audience": "selfsame",
        "jwks_url": format!("http://127.0.0.1:{}/jwks.json", free_port())}]);
    let app = app_with(options(Backend::Sqlite).setting("issuers", entry));
    let response = app.get("/api/v1/account").bearer_auth(&user.access).send().unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(answer(app.get("/api/v1/account").bearer_auth(&app.user().access).send().unwrap()).0, 200);
}
