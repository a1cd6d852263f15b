//! `/api/v1/account/second-factors`, `/totp`, `/backup-codes` and `/step-up`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Answer, Client, TestServer, keys, text};

const SECOND_FACTORS: &str = "/api/v1/account/second-factors";
const TOTP: &str = "/api/v1/account/totp";
const CONFIRM: &str = "/api/v1/account/totp/confirm";
const BACKUP_CODES: &str = "/api/v1/account/backup-codes";
const STEP_UP: &str = "/api/v1/account/step-up";
const STEP_TIME: Duration = Duration::from_secs(30);

impl Client {
    async fn call(&self, path: &str) -> Answer {
        self.send(TestRequest::post().uri(path)).await
    }

    async fn remove_totp(&self) -> Answer {
        self.send(TestRequest::delete().uri(TOTP)).await
    }
}

#[actix_web::test]
async fn r28_an_authenticator_app_is_shown_once_and_enrolled_by_a_code() {
    let server = TestServer::new().await;
    let (ada, other) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let begun = ada.call(TOTP).await;
    assert_eq!((begun.status, begun.header("cache-control")), (200, "no-store"));
    assert_eq!(keys(begun.json()), ["otpauth_url", "qr_png", "qr_svg", "secret"]);
    assert!(text(&begun.json()["qr_svg"]).starts_with("data:image/svg+xml;base64,"));
    assert!(text(&begun.json()["qr_png"]).starts_with("data:image/png;base64,"));
    let factors = |enrolled: Value| {
        json!({
            "enrolled": enrolled, "phone_id": null, "backup_codes_left": 0, "policy": "none", "policy_in_effect": false,
        })
    };
    let none = factors(json!([]));
    assert_eq!(ada.get(SECOND_FACTORS).await.json(), &none);

    let secret = server.totp_secret(EMAIL);
    let code = server.totp_code(&secret);
    assert_eq!(other.post(CONFIRM, json!({"code": code})).await.problem(), (409, "totp-not-begun"));
    assert_eq!(ada.post(CONFIRM, json!({"code": "000000"})).await.problem(), (422, "wrong-proof"));
    assert_eq!(ada.post(CONFIRM, json!({})).await.broken_rules(), [("/code", "required")]);
    let enrolled = factors(json!(["otp"]));
    assert_eq!(ada.post(CONFIRM, json!({"code": code})).await.json(), &enrolled);
    assert_eq!(ada.get(ACCOUNT).await.json()["second_factor_enrolled"], true);
    assert_eq!(other.get(SECOND_FACTORS).await.json(), &enrolled, "other sign-ins stay");
}

#[actix_web::test]
async fn r30_backup_codes_are_shown_once_and_counted() {
    let server = TestServer::new().await;
    assert_eq!(server.bearer(EMAIL).call(BACKUP_CODES).await.problem(), (409, "no-second-factor"));
    let (ada, _) = server.bearer_with_totp(EMAIL);
    let made = ada.call(BACKUP_CODES).await;
    let codes = made.json()["backup_codes"].as_array().unwrap();
    assert_eq!(codes.len(), 10);
    assert_eq!(ada.get(SECOND_FACTORS).await.json()["backup_codes_left"], 10);
    assert_eq!(
        ada.post(STEP_UP, json!({"code": codes[0]})).await.json()["methods"],
        json!(["pwd", "otp", "backup_code"])
    );
    assert_eq!(ada.post(STEP_UP, json!({"code": codes[0]})).await.problem(), (422, "wrong-proof"));
    assert_eq!(ada.get(SECOND_FACTORS).await.json()["backup_codes_left"], 9);
}

#[actix_web::test]
async fn r33_a_client_with_a_token_is_challenged_and_a_browser_is_told() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let (_, secret) = server.bearer_with_totp(EMAIL);
    // Both signed in by the password alone, one before the enrolment, one as a client that has not proven again.
    let stale = server.with_token(&stale_token(&server, &secret).await);
    let refused = stale.call(TOTP).await;
    assert_eq!(refused.problem(), (401, "step-up-required"));
    assert_eq!(refused.json()["accepted_factors"], json!(["otp"]));
    assert_eq!(
        refused.header("www-authenticate"),
        "Bearer error=\"insufficient_user_authentication\", \
         error_description=\"A more recent authentication by a second factor is required\", max_age=\"600\""
    );
    let refused = browser.send(TestRequest::post().uri(TOTP)).await;
    assert_eq!((refused.problem(), refused.header("www-authenticate")), ((403, "step-up-required"), ""));
    assert_eq!(refused.json()["accepted_factors"], json!(["otp"]));

    let weak = stale.post(STEP_UP, json!({"password": PASSWORD})).await;
    assert_eq!(weak.problem(), (401, "step-up-required"), "a password is not enough any more");
    let proven = stale.post(STEP_UP, json!({"code": server.totp_code(&secret)})).await;
    assert_eq!(proven.json()["methods"], json!(["pwd", "otp"]));
    assert_eq!(stale.call(TOTP).await.status, 200);
}

/// An access token of a sign-in by both factors, ten minutes later.
async fn stale_token(server: &TestServer, secret: &selfsame_domain::TotpSecret) -> String {
    let nobody = server.anonymous();
    let login = nobody.post("/api/v1/auth/login", json!({"email": EMAIL, "password": PASSWORD})).await;
    let token = &login.json()["data"]["temporary_token"];
    let body = json!({"temporary_token": token, "code": server.totp_code(secret)});
    let verified = nobody.post("/api/v1/auth/mfa/verify", body).await;
    server.clock.advance(Duration::from_mins(10));
    text(&verified.json()["data"]["access_token"]).to_owned()
}

#[actix_web::test]
async fn r40_a_browser_that_proves_again_gets_a_new_cookie() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let before = browser.cookie.clone();
    server.clock.advance(Duration::from_mins(10));
    assert_eq!(browser.send(TestRequest::post().uri(TOTP)).await.problem(), (403, "step-up-required"));
    let proven = browser.send(TestRequest::post().uri(STEP_UP).set_json(json!({"password": PASSWORD}))).await;
    assert_eq!(proven.json()["methods"], json!(["pwd"]));
    assert!(browser.cookie.is_some() && browser.cookie != before);
    assert_eq!(browser.send(TestRequest::post().uri(TOTP)).await.status, 200);
    let cookie = browser.cookie.clone();
    let code = server.totp_code(&server.totp_secret(EMAIL));
    browser.send(TestRequest::post().uri(CONFIRM).set_json(json!({"code": code}))).await;
    assert_ne!(browser.cookie, cookie);
    browser.cookie = before;
    assert_eq!(browser.get(ACCOUNT).await.status, 401, "the earlier one is dead");
}

#[actix_web::test]
async fn r34_the_last_factor_stays_while_the_policy_is_enforced() {
    let server = TestServer::new().await;
    let (ada, _) = server.bearer_with_totp(EMAIL);
    ada.patch(ACCOUNT, json!({"second_factor_policy": "enforced"})).await;
    assert_eq!(ada.get(SECOND_FACTORS).await.json()["policy_in_effect"], true);
    assert_eq!(ada.remove_totp().await.problem(), (409, "last-factor"));
    ada.patch(ACCOUNT, json!({"second_factor_policy": "none"})).await;
    assert_eq!(ada.remove_totp().await.status, 204);
    assert_eq!(ada.remove_totp().await.problem(), (404, "no-totp"));
}

#[actix_web::test]
async fn r33_the_policy_changes_only_with_a_recent_proof_while_a_factor_is_enrolled() {
    let server = TestServer::new().await;
    let before = server.bearer(EMAIL);
    server.enrol_totp(EMAIL);
    let refused = before.patch(ACCOUNT, json!({"second_factor_policy": "enforced"})).await;
    assert_eq!(refused.problem(), (401, "step-up-required"));
    assert_eq!(before.patch(ACCOUNT, json!({"name": "Ada"})).await.status, 200, "other members need none");
}

#[actix_web::test]
async fn r38_an_unverified_address_is_verified_first() {
    let core = selfsame_testing::core::TestCore::with(|policy, _| policy.require_verified_email = false);
    let server = TestServer::over(core).await;
    server.unverified_user(EMAIL);
    assert_eq!(server.bearer(EMAIL).call(TOTP).await.problem(), (409, "unverified-email"));
}

#[actix_web::test]
async fn r35_wrong_codes_are_limited_with_the_time_to_wait() {
    let server = TestServer::new().await;
    let (ada, secret) = server.bearer_with_totp(EMAIL);
    for _ in 0..5 {
        assert_eq!(ada.post(STEP_UP, json!({"code": "000000"})).await.problem(), (422, "wrong-proof"));
    }
    let refused = ada.post(STEP_UP, json!({"code": server.totp_code(&secret)})).await;
    assert_eq!(refused.problem(), (429, "too-many-tries"));
    assert_eq!(refused.header("retry-after"), "900");
    server.clock.advance(STEP_TIME * 30);
    assert_eq!(
        ada.post(STEP_UP, json!({"code": server.totp_code(&secret)})).await.status,
        401,
        "the token has expired"
    );
}

#[actix_web::test]
async fn exactly_one_proof_is_accepted() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let post = |body: Value| ada.post(STEP_UP, body);
    assert_eq!(post(json!({})).await.broken_rules(), [("/code", "required")]);
    assert_eq!(post(json!({"password": "x", "code": "y"})).await.broken_rules(), [("/code", "type")]);
    assert_eq!(
        post(json!({"pasword": "x"})).await.broken_rules(),
        [("/code", "required"), ("/pasword", "unknown_member")]
    );
    assert_eq!(post(json!({"password": "not the password"})).await.problem(), (422, "wrong-proof"));
}
