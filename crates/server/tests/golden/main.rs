//! Golden snapshots: what each contract answers to the same situations, on the wire, from the real binary.
//!
//! One text per contract, the same on both databases. What differs from run to run (ids, times, tokens, ports) is named
//! instead of shown, see [`redact`]; everything else that a client can see of an answer and rely on is there.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod contracts;
mod redact;
mod situations;

use common::*;
use contracts::{Contract, Credential};
use redact::Redaction;
use reqwest::blocking::Response;
use selfsame_testing::server::{Backend, backends};
use situations::{Request, Situation};

/// What differs from run to run, and what is shown instead. Tokens are those of a ticket or a cookie, of a link, and
/// refresh tokens. See [`redact`] for the rest.
const FILTERS: [(&str, &str); 5] = [
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", "[time]"),
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "[access token]"),
    (r"\b[0-9a-f]{32}\b", "[request id]"),
    (r"(?m)(^|[^\w-])(?:[\w-]{43}|[\w-]{54}|[\w-]{75})([^\w-]|$)", "${1}[token]${2}"),
    (r"retry-after: [1-9]\d{0,3}\b", "retry-after: [seconds]"),
];

/// Beyond it a body is too large; small, so that none has to be large.
const MAX_BODY: &str = "4KiB";

#[test]
fn wacht_answers_as_recorded() {
    answers_as_recorded(&contracts::wacht());
}

#[test]
fn the_profile_api_answers_as_recorded() {
    answers_as_recorded(&contracts::profile_api());
}

#[test]
fn rivergen_answers_as_recorded() {
    answers_as_recorded(&contracts::rivergen());
}

#[test]
fn account_answers_as_recorded() {
    answers_as_recorded(&contracts::account());
}

fn answers_as_recorded(contract: &Contract) {
    insta::with_settings!({filters => FILTERS}, {
        for backend in backends() {
            insta::assert_snapshot!(contract.name, record(contract, backend));
        }
    });
}

/// Every situation of a contract and its response.
fn record(contract: &Contract, backend: Backend) -> String {
    let small = options(backend).setting("http.max_body", MAX_BODY).setting("http.max_data_uri_body", MAX_BODY);
    let patient = Stage::set(contract, app_with(small));
    let mut text: Vec<_> = Situation::IN_ORDER.iter().filter_map(|situation| patient.play(*situation)).collect();
    if let Some(guess) = &contract.guess {
        let strict = options(backend)
            .setting("limits.enabled", true)
            .setting("limits.password_per_account_and_ip", "1/1h")
            .setting("limits.password_change_per_user", "1/1h");
        let strict = Stage::set(contract, app_with(strict));
        assert_ne!(strict.ask(guess).status(), 429, "the first guess is free");
        text.push(strict.scene("a budget is spent", guess));
    }
    text.join("\n\n")
}

/// A server with one account on it, signed in.
struct Stage<'c> {
    contract: &'c Contract,
    app: App,
    user: User,
    credential: String,
}

impl<'c> Stage<'c> {
    fn set(contract: &'c Contract, app: App) -> Self {
        let user = app.user_named(contracts::EMAIL, "Ada");
        let credential = match contract.credential {
            // The sign-in that proved the address.
            Credential::Bearer => user.access.clone(),
            Credential::Cookie => app.browser(&user.email, PASSWORD),
        };
        Self { contract, app, user, credential }
    }

    /// `None` if the contract has no such situation.
    fn play(&self, situation: Situation) -> Option<String> {
        if situation == Situation::EndedSignIn && self.contract.sign_out.is_none() {
            let out = self.app.post("/api/v1/auth/logout").bearer_auth(&self.user.access);
            expect_success(out.send().unwrap());
        }
        Some(self.scene(situation.sentence(), &self.contract.request(situation)?))
    }

    fn scene(&self, sentence: &str, request: &Request) -> String {
        let mut redaction = Redaction::of(&self.app.server.url(""), &self.credential);
        // The account's id is the first there is, whatever the answer names first.
        redaction.apply(&self.user.id);
        let asked = redaction.apply(&request.to_string());
        let answered = redaction.apply(&redact::answer(self.ask(request)));
        format!("### {sentence}\n\n{asked}\n\n{answered}")
    }

    fn ask(&self, request: &Request) -> Response {
        let mut builder = self.app.request(request.method.clone(), request.path);
        if let Some((name, value)) = self.contract.credential.header(&request.who, &self.credential) {
            builder = builder.header(name, value);
        }
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        builder.body(request.body.clone()).send().unwrap()
    }
}
