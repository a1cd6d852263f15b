//! `/api/v1/account/passkeys`, sign-in and proof with a passkey.

use actix_web::test::TestRequest;
use selfsame_testing::{authenticator::SoftwareKey, core::TestCore};
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Answer, Browser, Client, TestServer, keys, text};

const PASSKEYS: &str = "/api/v1/account/passkeys";
const BEGIN_SIGN_IN: &str = "/api/v1/account/passkeys/authentication";
const SIGN_IN: &str = "/api/v1/account/passkeys/sign-in";
const BEGIN_PROOF: &str = "/api/v1/account/step-up/passkey/authentication";
const PROVE: &str = "/api/v1/account/step-up/passkey";

fn post(path: &str, body: &Value) -> TestRequest {
    TestRequest::post().uri(path).set_json(body)
}

impl Client {
    async fn begin_passkey(&self) -> Answer {
        self.send(TestRequest::post().uri("/api/v1/account/passkeys/registration")).await
    }

    async fn add_passkey(&self, key: &SoftwareKey) -> Answer {
        let options = self.begin_passkey().await;
        let credential = key.register(&options.json()["options"]);
        self.post(PASSKEYS, json!({"name": "My phone", "credential": credential})).await
    }
}

impl Browser {
    async fn sign_in_by_passkey(&mut self, key: &SoftwareKey) -> Answer {
        let options = self.send(post(BEGIN_SIGN_IN, &json!({}))).await;
        let credential = key.sign(&options.json()["options"]);
        self.send(post(SIGN_IN, &json!({"credential": credential}))).await
    }
}

#[actix_web::test]
async fn a_passkey_is_registered_listed_renamed_and_removed_and_browsers_can_be_told() {
    let server = TestServer::new().await;
    let (client, key) = (server.bearer(EMAIL), SoftwareKey::new());
    let added = client.add_passkey(&key).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let id = text(&added.json()["passkey"]["id"]);
    let path = format!("{PASSKEYS}/{id}");
    assert_eq!(added.header("location"), path);
    insta::assert_json_snapshot!(added.json(), {
        ".passkey.id" => "[id]", ".passkey.credential_id" => "[credential]", ".**.userId" => "[handle]",
        ".**.allAcceptedCredentialIds" => "[credentials]",
    }, @r#"
    {
      "passkey": {
        "attachment": "platform",
        "backed_up": false,
        "backup_eligible": true,
        "created_at": "2026-03-14T15:09:26.535Z",
        "credential_id": "[credential]",
        "id": "[id]",
        "last_used_at": null,
        "name": "My phone",
        "transports": [
          "internal",
          "hybrid"
        ]
      },
      "signals": {
        "allAcceptedCredentials": {
          "allAcceptedCredentialIds": "[credentials]",
          "rpId": "localhost",
          "userId": "[handle]"
        },
        "currentUserDetails": {
          "displayName": "ada@example.com",
          "name": "ada@example.com",
          "rpId": "localhost",
          "userId": "[handle]"
        }
      }
    }
    "#);
    let accepted = &added.json()["signals"]["allAcceptedCredentials"]["allAcceptedCredentialIds"];
    assert_eq!(accepted, &json!([added.json()["passkey"]["credential_id"]]));

    let strong = server.with_token(&server.tokens_by_passkey(&key).access_token.token);
    let renamed = strong.patch(&path, json!({"name": "Work"})).await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("Work")));
    let listed = strong.get(PASSKEYS).await;
    assert_eq!(listed.json()["passkeys"], json!([renamed.json()]));
    let removed = strong.send(TestRequest::delete().uri(&path)).await;
    assert_eq!(removed.json()["signals"]["allAcceptedCredentials"]["allAcceptedCredentialIds"], json!([]));
    assert_eq!(strong.get(PASSKEYS).await.json()["passkeys"], json!([]));
    let again = strong.send(TestRequest::delete().uri(&path)).await;
    assert_eq!(again.problem(), (404, "unknown-passkey"));
}

#[actix_web::test]
async fn r40_a_browser_signs_in_with_a_passkey_and_gets_a_new_cookie() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let key = server.passkey(EMAIL);
    let mut browser = server.browser();
    let options = browser.send(post(BEGIN_SIGN_IN, &json!({}))).await;
    let begun_with = browser.cookie.clone().unwrap();
    let credential = key.sign(&options.json()["options"]);
    let signed_in = browser.send(post(SIGN_IN, &json!({"credential": credential}))).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text());
    assert_ne!(browser.cookie.as_deref(), Some(begun_with.as_str()));
    assert_eq!(signed_in.json()["sign_in"]["methods"], json!(["pop"]));
    assert_eq!(signed_in.json()["tokens"], Value::Null);
    assert_eq!(browser.get(ACCOUNT).await.json()["email"], EMAIL);
    let replayed = browser.send(post(SIGN_IN, &json!({"credential": credential}))).await;
    assert_eq!(replayed.problem(), (410, "challenge-unknown"));
}

#[actix_web::test]
async fn a_client_that_keeps_tokens_gets_them_and_no_cookie() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let (key, client) = (server.passkey(EMAIL), server.anonymous());
    let begun = client.post(BEGIN_SIGN_IN, json!({"tokens": true, "email": EMAIL})).await;
    assert_eq!(begun.cookie("session_id"), None);
    let finish = json!({"tokens": true, "email": EMAIL, "credential": key.sign(&begun.json()["options"])});
    let signed_in = client.post(SIGN_IN, finish).await;
    let tokens = &signed_in.json()["tokens"];
    assert_eq!(keys(tokens), ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert_eq!(signed_in.cookie("session_id"), None);
    let client = server.with_token(text(&tokens["access_token"]));
    assert_eq!(client.get(ACCOUNT).await.json()["email"], EMAIL);
}

#[actix_web::test]
async fn r33_a_weak_or_old_proof_is_403_for_a_browser_and_a_challenge_for_a_token_and_a_passkey_proves_anew() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let key = server.passkey(EMAIL);
    let by_password = server.bearer(EMAIL);
    let refused = by_password.begin_passkey().await;
    assert_eq!(refused.problem(), (401, "step-up-required"));
    assert!(refused.header("www-authenticate").contains("insufficient_user_authentication"));

    let mut browser = server.browser_of(EMAIL);
    let begin = || TestRequest::post().uri("/api/v1/account/passkeys/registration");
    assert_eq!(browser.send(begin()).await.problem(), (403, "step-up-required"));
    let earlier = browser.cookie.clone();
    let options = browser.send(TestRequest::post().uri(BEGIN_PROOF)).await;
    let credential = key.sign(&options.json()["options"]);
    let proven = browser.send(post(PROVE, &json!({"credential": credential}))).await;
    assert_eq!(proven.json()["methods"], json!(["pwd", "pop"]), "{}", proven.text());
    assert_ne!(browser.cookie, earlier, "r40");
    assert_eq!(browser.send(begin()).await.status, 200);
}

#[actix_web::test]
async fn r36_what_does_not_prove_who_it_is_is_refused() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let (key, mut browser) = (server.passkey(EMAIL), server.browser());
    let options = browser.send(post(BEGIN_SIGN_IN, &json!({}))).await;
    let elsewhere = key.sign_at("http://localhost:9999", &options.json()["options"]);
    let refused = browser.send(post(SIGN_IN, &json!({"credential": elsewhere}))).await;
    assert_eq!(refused.problem(), (400, "passkey-refused"));
    let stranger = SoftwareKey::new();
    assert_eq!(browser.sign_in_by_passkey(&stranger).await.problem(), (400, "passkey-refused"));
    let answer = browser.send(post(SIGN_IN, &json!({"credential": {"id": "x"}}))).await;
    assert_eq!(answer.broken_rules(), [("/credential", "malformed")]);
    let answer = browser.send(post(SIGN_IN, &json!({"credential": "x", "more": 1}))).await;
    assert_eq!(answer.broken_rules(), [("/credential", "type"), ("/more", "unknown_member")]);
    let answer = browser.send(post(SIGN_IN, &json!({}))).await;
    assert_eq!(answer.broken_rules(), [("/credential", "required")]);
}

#[actix_web::test]
async fn where_passkeys_are_off_they_are_said_to_be() {
    let server = TestServer::over(TestCore::new().over(|ports| ports.webauthn = None)).await;
    let client = server.bearer(EMAIL);
    assert_eq!(client.begin_passkey().await.problem(), (409, "passkeys-off"));
    assert_eq!(client.post(BEGIN_SIGN_IN, json!({})).await.problem(), (409, "passkeys-off"));
    assert_eq!(client.get(PASSKEYS).await.json(), &json!({"passkeys": [], "signals": null}));
}

#[actix_web::test]
async fn r38_a_passkey_needs_a_verified_address() {
    let server = TestServer::over(TestCore::with(|policy, _| policy.require_verified_email = false)).await;
    server.unverified_user(EMAIL);
    let client = server.with_token(&server.tokens(EMAIL).access_token.token);
    assert_eq!(client.begin_passkey().await.problem(), (409, "unverified-email"));
}
