//! `/me/passkeys` and `/auth/passkey/login`, as the SDK calls them.

use actix_web::test::TestRequest;
use selfsame_testing::authenticator::SoftwareKey;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Browser, TestServer, keys, text};

impl Browser {
    async fn add_passkey(&mut self, key: &SoftwareKey) -> Answer {
        let begun = self.post("/me/passkeys/register/begin", &[]).await;
        let credential = key.register(&begun.data()["options"]["publicKey"]);
        let finish = TestRequest::post().uri("/me/passkeys/register/finish?name=Phone");
        self.send(finish.set_json(credential)).await
    }

    async fn finish_passkey_sign_in(&mut self, credential: &Value) -> Answer {
        let response = &credential["response"];
        let form = [
            ("id", text(&credential["id"])),
            ("rawId", text(&credential["rawId"])),
            ("type", "public-key"),
            ("clientDataJSON", text(&response["clientDataJSON"])),
            ("authenticatorData", text(&response["authenticatorData"])),
            ("signature", text(&response["signature"])),
            ("userHandle", response["userHandle"].as_str().unwrap_or_default()),
        ];
        self.post("/auth/passkey/login/finish", &form).await
    }

    async fn sign_in_with(&mut self, key: &SoftwareKey) -> Answer {
        let begun = self.post("/auth/passkey/login/begin", &[("challenge_token", "any")]).await;
        let credential = key.sign(&begun.data()["options"]["publicKey"]);
        self.finish_passkey_sign_in(&credential).await
    }
}

#[actix_web::test]
async fn a_passkey_is_registered_as_the_sdk_does_it_and_shown_in_the_list_and_the_user() {
    let server = TestServer::new().await;
    let (mut browser, key) = (server.browser_of(EMAIL), SoftwareKey::new());
    let added = browser.add_passkey(&key).await;
    let passkey = &added.data()["passkey"];
    assert_eq!(keys(passkey), ["backed_up", "created_at", "device_type", "id", "last_used_at", "name"]);
    assert_eq!((&passkey["name"], &passkey["device_type"]), (&json!("Phone"), &json!("platform")));
    assert_eq!(browser.get("/me/passkeys").await.data(), &json!([passkey]));
    assert_eq!(browser.get("/me").await.data()["has_passkeys"], true);
    assert_eq!(added.json()["session"]["active_signin"]["user"]["has_passkeys"], true);
}

#[actix_web::test]
async fn a_passkey_signs_in_completely_with_the_finished_attempt_as_the_last_one() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let (key, mut browser) = (server.passkey(EMAIL), server.browser());
    let signed_in = browser.sign_in_with(&key).await;
    let attempt = signed_in.attempt("signin_attempts");
    assert_eq!((&attempt["method"], &attempt["completed"]), (&json!("passkey"), &json!(true)));
    assert_eq!(signed_in.data()["active_signin"]["user"]["email"], EMAIL);
    let id = text(&browser.get("/me/passkeys").await.data()[0]["id"]).to_owned();
    let renamed = browser.patch(&format!("/me/passkeys/{id}"), json!({"name": "Work"})).await;
    assert_eq!(renamed.data()["name"], "Work");
    let removed = browser.post(&format!("/me/passkeys/{id}/delete"), &[]).await;
    assert_eq!(removed.data(), &json!({"message": "Passkey removed."}));
    assert_eq!(browser.get("/me").await.data()["has_passkeys"], false);
}

#[actix_web::test]
async fn r36_a_challenge_is_of_one_browser_and_good_once() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let (key, mut browser, mut other) = (server.passkey(EMAIL), server.browser(), server.browser());
    other.get("/session").await;
    let begun = browser.post("/auth/passkey/login/begin", &[]).await;
    let credential = key.sign(&begun.data()["options"]["publicKey"]);
    assert_eq!(other.finish_passkey_sign_in(&credential).await.error(), (400, "INVALID_STATE"));
    assert_eq!(browser.finish_passkey_sign_in(&credential).await.error(), (400, "INVALID_STATE"));
    assert_eq!(browser.sign_in_with(&SoftwareKey::new()).await.status, 401);
}

#[actix_web::test]
async fn r33_a_password_alone_does_not_change_passkeys_once_there_is_one() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    server.passkey(EMAIL);
    let mut browser = server.browser_of(EMAIL);
    assert_eq!(browser.post("/me/passkeys/register/begin", &[]).await.error(), (403, "STEP_UP_REQUIRED"));
    let id = text(&browser.get("/me/passkeys").await.data()[0]["id"]).to_owned();
    let delete = format!("/me/passkeys/{id}/delete");
    assert_eq!(browser.post(&delete, &[]).await.error(), (403, "STEP_UP_REQUIRED"));
    let mut stranger = server.browser_of("grace@example.com");
    assert_eq!(stranger.post(&delete, &[]).await.error(), (404, "NOT_FOUND"), "r37");
}
