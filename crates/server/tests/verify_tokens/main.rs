//! The examples of docs/verify-tokens.md, run against tokens of a server and against forged ones.
//!
//! The Rust example is `example.rs`, of which the file has a copy. The one in Python is taken from the file and needs
//! PyJWT on the machine; the one in Node needs `jose` where Node finds it, and is left out without it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
#[expect(unreachable_pub, dead_code, reason = "it is the code of a reader's own crate")]
mod example;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use common::*;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use selfsame_testing::{
    programs::{find, repository, require},
    server::Backend,
};
use serde_json::{Value, json};

const AUDIENCE: &str = "selfsame-session";

/// A server, the id of a user of it, and a session token of that user.
struct Issuer {
    app: App,
    user: String,
    token: String,
}

impl Issuer {
    fn new() -> Self {
        let app = app(Backend::Sqlite);
        let user = app.user();
        let answer = expect_success(app.get("/session/token").bearer_auth(&user.access).send().unwrap());
        Self { user: user.id, token: text(&answer["data"]["token"]), app }
    }

    fn address(&self) -> String {
        self.app.server.url("")
    }

    /// A token that is signed with the server's own key, after a change of its claims and its header.
    fn forged(&self, change: impl FnOnce(&mut Header, &mut Value)) -> String {
        let mut header = jsonwebtoken::decode_header(&self.token).unwrap();
        let mut claims = claims_of(&self.token);
        change(&mut header, &mut claims);
        let folder = fs::read_dir(keys_folder(&self.app.server)).unwrap().map(|entry| entry.unwrap().path());
        let pem = folder.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "pem")).unwrap();
        let key = match header.alg {
            Algorithm::HS256 => EncodingKey::from_secret(b"a key that the service does not have"),
            _ => EncodingKey::from_ec_pem(&fs::read(pem).unwrap()).unwrap(),
        };
        encode(&header, &claims, &key).unwrap()
    }

    /// Tokens that no service may accept.
    fn refused(&self) -> Vec<(&'static str, String)> {
        let issued_at = claims_of(&self.token)["iat"].as_i64().unwrap();
        let access = self.app.login(&fresh_user(&self.app), PASSWORD).0;
        let (signed, signature) = self.token.rsplit_once('.').unwrap();
        let with_claim = |name: &'static str, value: Value| self.forged(move |_, claims| claims[name] = value);
        let without =
            |name: &'static str| self.forged(move |_, claims| drop(claims.as_object_mut().unwrap().remove(name)));
        let header = |change: fn(&mut Header)| self.forged(move |header, _| change(header));
        vec![
            ("an access token", access),
            ("another issuer", with_claim("iss", json!("https://evil.example"))),
            ("another audience", with_claim("aud", json!("somebody-else"))),
            ("expired", with_claim("exp", json!(issued_at - 120))),
            ("not yet valid", with_claim("nbf", json!(issued_at + 600))),
            ("an application's", with_claim("scope", json!("profile"))),
            ("without an expiry", without("exp")),
            ("without a sign-in", without("sid")),
            ("without a user", without("sub")),
            ("another type", header(|header| header.typ = Some("JWT".to_owned()))),
            ("an unknown key", header(|header| header.kid = Some("other".to_owned()))),
            ("another algorithm", header(|header| header.alg = Algorithm::HS256)),
            ("unsigned", format!("{signed}.")),
            ("another signature", format!("{signed}.{}", signature.chars().rev().collect::<String>())),
            ("no token", "x".to_owned()),
        ]
    }
}

/// The address of a second user.
fn fresh_user(app: &App) -> String {
    app.user().email
}

fn claims_of(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims
}

/// Checks that `verify` accepts the token of the server, with its user, and none of the others.
#[track_caller]
fn check(issuer: &Issuer, mut verify: impl FnMut(&str) -> Result<String, String>) {
    assert_eq!(verify(&issuer.token), Ok(issuer.user.clone()));
    let resigned = issuer.forged(|_, _| {});
    assert_eq!(verify(&resigned), Ok(issuer.user.clone()), "the forger signs as the server does");
    for (what, token) in issuer.refused() {
        let answer = verify(&token);
        assert!(answer.is_err(), "{what} was accepted: {answer:?}");
    }
}

fn file() -> PathBuf {
    repository().join("docs/verify-tokens.md")
}

/// The block of the file under a heading.
fn block(heading: &str, language: &str) -> String {
    let file = fs::read_to_string(file()).unwrap();
    let (_, section) = file.split_once(&format!("\n## {heading}\n")).unwrap();
    let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```\n").unwrap().0.to_owned()
}

/// Runs a program with an example and a token.
fn run(program: &Path, script: &Path, token: &str) -> Result<String, String> {
    let output =
        Command::new(program).arg(script).arg(token).env("no_proxy", "*").stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    let errors = text(&output.stderr);
    // A refusal, not a fault of the example.
    assert!(!errors.contains("Traceback") && !errors.contains("ReferenceError"), "{errors}");
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(errors) }
}

#[test]
fn the_rust_example_is_in_the_file_and_accepts_session_tokens_alone() {
    assert_eq!(block("Rust", "rust"), include_str!("example.rs"));
    let issuer = Issuer::new();
    let mut verifier = example::Verifier::new(&issuer.address(), AUDIENCE);
    check(&issuer, |token| verifier.verify(token).map(|claims| claims.sub).map_err(|error| error.to_string()));
}

#[test]
fn the_python_example_accepts_session_tokens_alone() {
    let has_library = |python: &PathBuf| {
        Command::new(python)
            .args(["-c", "import jwt, cryptography"])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    // Debian's own, which has Debian's packages, before another one on PATH.
    let pythons = [Some(PathBuf::from("/usr/bin/python3")), find("python3")];
    let python = pythons.into_iter().flatten().find(has_library);
    if !require("python3 with PyJWT and cryptography", python.is_some()) {
        return;
    }
    let issuer = Issuer::new();
    let script = issuer.app.server.folder().join("verify.py");
    fs::write(&script, block("Python", "python").replace("https://account.example.com", &issuer.address())).unwrap();
    check(&issuer, |token| run(python.as_ref().unwrap(), &script, token));
}

#[test]
fn the_node_example_accepts_session_tokens_alone() {
    // Node finds packages beside the script only; SELFSAME_TEST_NODE_MODULES names a folder that has `jose`.
    let (Some(node), Some(modules)) = (find("node"), std::env::var_os("SELFSAME_TEST_NODE_MODULES")) else { return };
    let issuer = Issuer::new();
    let folder = issuer.app.server.folder();
    std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();
    let script = folder.join("verify.mjs");
    fs::write(&script, block("Node", "js").replace("https://account.example.com", &issuer.address())).unwrap();
    check(&issuer, |token| run(&node, &script, token));
}
