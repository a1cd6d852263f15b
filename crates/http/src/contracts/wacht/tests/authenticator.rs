//! `/me/authenticator`, `/me/backup-codes`, and the second factor of a sign-in.

use std::time::Duration;

use selfsame_domain::{TotpSecret, totp::step_at};
use selfsame_ports::Clock as _;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Browser, TestServer, keys, text};

const STEP_TIME: Duration = Duration::from_secs(30);

impl Browser {
    async fn confirm(&mut self, id: &str, codes: [&str; 2]) -> Answer {
        let form = [("authenticator_id", id), ("codes", codes[0]), ("codes", codes[1])];
        self.post("/me/authenticator/attempt-verification", &form).await
    }

    async fn remove_authenticator(&mut self, id: &str) -> Answer {
        self.post(&format!("/me/authenticator/{id}/delete"), &[]).await
    }
}

/// A browser in whose sign-in an authenticator was added, and its secret.
async fn with_authenticator(server: &TestServer) -> (Browser, TotpSecret) {
    let mut browser = server.browser_of(EMAIL);
    let begun = browser.post("/me/authenticator", &[]).await;
    let id = text(&begun.data()["id"]).to_owned();
    let secret = server.totp_secret(EMAIL);
    let [one, two] = codes(server, &secret);
    assert_eq!(browser.confirm(&id, [&one, &two]).await.status, 200);
    server.clock.advance(STEP_TIME);
    (browser, secret)
}

/// The code of the step before, and that of now.
fn codes(server: &TestServer, secret: &TotpSecret) -> [String; 2] {
    let step = step_at(server.clock.now());
    [step - 1, step].map(|step| secret.code_at(step).to_string())
}

#[actix_web::test]
async fn r28_an_authenticator_is_added_by_two_consecutive_codes() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    browser.post("/me/authenticator", &[]).await;
    let begun = browser.post("/me/authenticator", &[]).await;
    assert_eq!(keys(begun.data()), ["created_at", "id", "otp_url", "totp_secret"]);
    assert_eq!(browser.get("/me").await.data()["user_authenticator"], Value::Null, "a pending one is not shown");
    let id = text(&begun.data()["id"]).to_owned();
    let [one, two] = codes(&server, &server.totp_secret(EMAIL));
    assert_eq!(browser.confirm(&id, [&two, &one]).await.error(), (400, "INVALID_CODE"));
    assert_eq!(browser.confirm("1", [&one, &two]).await.error(), (404, "NOT_FOUND"));
    let single = [("authenticator_id", id.as_str()), ("codes", two.as_str())];
    let refused = browser.post("/me/authenticator/attempt-verification", &single).await;
    assert_eq!(refused.error(), (400, "BAD_REQUEST_BODY"));

    let before = browser.cookie.clone();
    let confirmed = browser.confirm(&id, [&one, &two]).await;
    assert_eq!(keys(confirmed.data()), ["created_at", "id"], "r29: the secret is not shown again");
    assert_ne!(browser.cookie, before, "r40");
    let me = browser.get("/me").await;
    assert_eq!(me.data()["user_authenticator"], json!({"id": id}));
    assert_eq!((&me.data()["two_factor_enabled"], &me.data()["backup_codes_generated"]), (&json!(true), &json!(false)));
}

#[actix_web::test]
async fn r27_a_sign_in_needs_a_code_and_completes_in_the_same_session() {
    let server = TestServer::new().await;
    let (_, secret) = with_authenticator(&server).await;
    let mut browser = server.browser();
    let answer = browser.sign_in(EMAIL, PASSWORD).await;
    let attempt = answer.attempt("signin_attempts").clone();
    assert_eq!((&attempt["completed"], &attempt["current_step"]), (&json!(false), &json!("verify_second_factor")));
    assert_eq!(attempt["remaining_steps"], json!(["verify_second_factor"]));
    assert_eq!(attempt["available_2fa_methods"], json!(["authenticator"]));
    assert_eq!(attempt["second_method_authentication_required"], true);
    assert_eq!((&answer.data()["signins"], &answer.data()["active_signin"]), (&json!([]), &Value::Null));
    assert_eq!(browser.get("/me").await.status, 401, "half a sign-in is none");
    assert_eq!(browser.get("/session").await.data()["signin_attempts"][0]["id"], attempt["id"]);

    let id = text(&attempt["id"]);
    assert_eq!(browser.prepare(id).await.error(), (400, "INVALID_STATE"), "r31: no code is mailed");
    assert_eq!(browser.verify(id, "000000").await.error(), (400, "INVALID_CODE"));
    let code = server.totp_code(&secret);
    assert_eq!(server.browser().verify(id, &code).await.error(), (400, "BAD_SIGN_IN_ATTEMPT"), "r62: another browser");
    let before = browser.cookie.clone();
    let answer = browser.verify(id, &code).await;
    let attempt = answer.attempt("signin_attempts");
    assert_eq!((&attempt["completed"], &attempt["second_method_authenticated"]), (&json!(true), &json!(true)));
    assert_ne!(browser.cookie, before, "r40");
    assert_eq!(browser.get("/me").await.status, 200);
}

#[actix_web::test]
async fn r30_a_backup_code_takes_the_place_of_a_code() {
    let server = TestServer::new().await;
    let (mut browser, _) = with_authenticator(&server).await;
    let codes = browser.post("/me/backup-codes/regenerate", &[]).await.data().clone();
    assert_eq!(codes.as_array().unwrap().len(), 12);
    let again = browser.post("/me/backup-codes", &[]).await.data().clone();
    assert_eq!(browser.get("/me").await.data()["backup_codes_generated"], true);
    let mut other = server.browser();
    let answer = other.sign_in(EMAIL, PASSWORD).await;
    let attempt = answer.attempt("signin_attempts").clone();
    assert_eq!(attempt["available_2fa_methods"], json!(["authenticator", "backup_code"]));
    let id = text(&attempt["id"]);
    assert_eq!(other.verify(id, text(&codes[0])).await.error(), (400, "INVALID_CODE"), "the earlier set is void");
    assert_eq!(other.verify(id, text(&again[0])).await.attempt("signin_attempts")["completed"], true);
}

#[actix_web::test]
async fn r33_a_sign_in_that_is_not_recent_or_too_weak_is_told_to_sign_in_again() {
    let server = TestServer::new().await;
    let mut earlier = server.browser_of(EMAIL);
    let (mut browser, _) = with_authenticator(&server).await;
    let id = server.account(EMAIL).id.to_string();
    for route in ["/me/authenticator", "/me/backup-codes", "/me/backup-codes/regenerate"] {
        let refused = earlier.post(route, &[]).await;
        assert_eq!(refused.error(), (403, "STEP_UP_REQUIRED"), "{route}");
        assert!(text(&refused.json()["errors"][0]["message"]).contains("sign in again"));
    }
    assert_eq!(earlier.remove_authenticator(&id).await.error(), (403, "STEP_UP_REQUIRED"));
    let policy = earlier.post("/me", &[("second_factor_policy", "enforced")]).await;
    assert_eq!(policy.error(), (403, "STEP_UP_REQUIRED"));
    server.clock.advance(Duration::from_mins(10));
    assert_eq!(browser.remove_authenticator(&id).await.error(), (403, "STEP_UP_REQUIRED"));
}

#[actix_web::test]
async fn removing_the_authenticator_resets_the_policy_and_the_backup_codes() {
    let server = TestServer::new().await;
    let (mut browser, _) = with_authenticator(&server).await;
    browser.post("/me/backup-codes/regenerate", &[]).await;
    browser.post("/me", &[("second_factor_policy", "enforced")]).await;
    assert_eq!(browser.remove_authenticator("7").await.error(), (404, "NOT_FOUND"));
    let id = server.account(EMAIL).id.to_string();
    assert_eq!(browser.remove_authenticator(&id).await.status, 200);
    let me = browser.get("/me").await;
    let shown = ["user_authenticator", "second_factor_policy", "backup_codes_generated"].map(|key| &me.data()[key]);
    assert_eq!(shown, [&Value::Null, &json!("none"), &json!(false)]);
    assert_eq!(browser.remove_authenticator(&id).await.error(), (404, "NOT_FOUND"));
    assert_eq!(browser.post("/me/backup-codes", &[]).await.error(), (400, "INVALID_STATE"));
    assert_eq!(server.browser().sign_in(EMAIL, PASSWORD).await.attempt("signin_attempts")["completed"], true);
}
