//! `/api/v1/webauthn`.

use actix_web::test::TestRequest;
use selfsame_testing::authenticator::SoftwareKey;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Client, TestServer, keys};

const CREDENTIALS: &str = "/api/v1/webauthn/credentials";

impl Client {
    async fn register_start(&self) -> Answer {
        self.post("/api/v1/webauthn/register/start", json!({"device_name": "Phone"})).await
    }

    async fn register_complete(&self, credential: &Value) -> Answer {
        let body = json!({"credential": credential, "device_name": "Phone"});
        self.post("/api/v1/webauthn/register/complete", body).await
    }

    async fn authenticate_start(&self, email: &str) -> Answer {
        self.post("/api/v1/webauthn/authenticate/start", json!({"email": email})).await
    }

    async fn authenticate_complete(&self, email: &str, credential: &Value) -> Answer {
        let body = json!({"credential": credential, "email": email});
        self.post("/api/v1/webauthn/authenticate/complete", body).await
    }
}

#[actix_web::test]
async fn a_credential_is_registered_listed_used_and_deleted() {
    let server = TestServer::new().await;
    let (client, key) = (server.bearer(EMAIL), SoftwareKey::new());
    let started = client.register_start().await;
    let options = started.succeeded(201, "WebAuthn registration started");
    assert_eq!(options["attestation"], "none");
    let registered = client.register_complete(&key.register(options)).await;
    let registered = registered.succeeded(200, "WebAuthn credential registered successfully");
    assert_eq!(keys(registered), ["created_at", "credential_id", "device_name", "message"]);

    let anonymous = server.anonymous();
    let options = anonymous.authenticate_start(EMAIL).await;
    let credential = key.sign(options.succeeded(200, "WebAuthn authentication started"));
    let signed_in = anonymous.authenticate_complete(EMAIL, &credential).await;
    let tokens = signed_in.succeeded(200, "WebAuthn authentication successful");
    assert_eq!(tokens["email"], EMAIL);
    let strong = server.with_token(tokens["access_token"].as_str().unwrap());

    let listed = strong.get(CREDENTIALS).await;
    let listed = listed.succeeded(200, "WebAuthn credentials retrieved successfully");
    assert_eq!((&listed["total_count"], &listed["credentials"][0]["usage_count"]), (&json!(1), &json!(1)));
    assert_eq!(
        keys(&listed["credentials"][0]),
        ["created_at", "credential_id", "device_name", "id", "last_used_at", "usage_count"]
    );
    let path = format!("{CREDENTIALS}/{}", listed["credentials"][0]["id"]);
    let by_password = server.bearer(EMAIL);
    by_password.send(TestRequest::delete().uri(&path)).await.failed(401, "UNAUTHORIZED");
    let stranger = server.bearer("eve@example.com");
    stranger.send(TestRequest::delete().uri(&path)).await.failed(404, "CREDENTIAL_NOT_FOUND");
    let deleted = strong.send(TestRequest::delete().uri(&path)).await;
    assert_eq!(deleted.succeeded(200, "WebAuthn credential deleted successfully")["success"], true);
    strong.send(TestRequest::delete().uri(&path)).await.failed(404, "CREDENTIAL_NOT_FOUND");
}

#[actix_web::test]
async fn r1_an_unknown_address_gets_options_like_any_other() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    server.passkey(EMAIL);
    let client = server.anonymous();
    let shape = |answer: &Answer| {
        let mut options = answer.succeeded(200, "WebAuthn authentication started").clone();
        options["challenge"] = Value::Null;
        options
    };
    let (known, unknown) = (client.authenticate_start(EMAIL).await, client.authenticate_start("no@example.com").await);
    assert_eq!(shape(&known), shape(&unknown));
}

#[actix_web::test]
async fn r36_challenges_and_credentials_that_do_not_fit_are_told_by_their_codes() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let (key, client) = (server.passkey(EMAIL), server.anonymous());
    let options = client.authenticate_start(EMAIL).await.json()["data"].clone();
    let credential = key.sign(&options);
    client.authenticate_complete("no@example.com", &credential).await.failed(404, "CHALLENGE_NOT_FOUND");
    client.authenticate_complete(EMAIL, &credential).await.failed(404, "CHALLENGE_NOT_FOUND");
    let options = client.authenticate_start(EMAIL).await.json()["data"].clone();
    client.authenticate_complete(EMAIL, &SoftwareKey::new().sign(&options)).await.failed(401, "INVALID_ASSERTION");
    client.authenticate_complete(EMAIL, &json!({})).await.failed(400, "AUTHENTICATION_COMPLETION_FAILED");
    let strong = server.with_token(&server.tokens_by_passkey(&key).access_token.token);
    let options = strong.register_start().await.json()["data"].clone();
    let elsewhere = SoftwareKey::new().register_at("http://localhost:9999", &options);
    strong.register_complete(&elsewhere).await.failed(400, "INVALID_ATTESTATION");
    strong.register_complete(&elsewhere).await.failed(404, "CHALLENGE_NOT_FOUND");
    strong.register_complete(&json!({})).await.failed(400, "REGISTRATION_COMPLETION_FAILED");
}
