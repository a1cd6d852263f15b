//! `/mfa/totp/…`, and the second factor of `/login`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{EMAIL, ME};
use crate::testing::{Answer, Client, TestServer, keys, text};

const SETUP: &str = "/api/v1/mfa/totp/setup";
const VERIFY_TOTP: &str = "/api/v1/mfa/totp/verify";
const GENERATE: &str = "/api/v1/auth/mfa/otp/generate";
const VERIFY: &str = "/api/v1/auth/mfa/verify";
const PHONE: &str = "+31612345678";

impl Client {
    async fn verify_mfa(&self, token: &str, member: &str, code: &str) -> Answer {
        self.post(VERIFY, json!({"temporary_token": token, member: code})).await
    }
}

/// The temporary token of a sign-in that needs a second factor.
async fn half_signed_in(server: &TestServer) -> String {
    let answer = server.anonymous().login(EMAIL, PASSWORD).await;
    let data = answer.succeeded(200, "MFA verification required");
    assert_eq!(keys(data), ["message", "mfa_required", "temporary_token"]);
    assert_eq!(data["mfa_required"], true);
    text(&data["temporary_token"]).to_owned()
}

#[actix_web::test]
async fn r28_an_authenticator_app_is_set_up_and_enabled_by_one_code() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    jane.post(VERIFY_TOTP, json!({"code": "123456"})).await.failed(400, "NO_PENDING_SETUP");
    assert_eq!(jane.post(SETUP, json!({})).await.wrong_fields(), ["device_name"]);
    let answer = jane.post(SETUP, json!({"device_name": "My phone"})).await;
    let setup = answer.succeeded(200, "TOTP setup started");
    assert_eq!(keys(setup), ["backup_codes", "device_name", "manual_entry_key", "qr_code", "secret"]);
    assert_eq!(text(&setup["manual_entry_key"]).replace(' ', ""), text(&setup["secret"]));
    assert!(text(&setup["qr_code"]).starts_with("data:image/png;base64,"));
    assert_eq!(jane.get(ME).await.json()["data"]["security"]["mfa_enabled"], false);

    jane.post(VERIFY_TOTP, json!({"code": "000000"})).await.failed(400, "INVALID_CODE");
    let code = server.totp_code(&server.totp_secret(EMAIL));
    let answer = jane.post(VERIFY_TOTP, json!({"code": code, "device_name": "My phone"})).await;
    let enabled = answer.succeeded(200, "TOTP enabled successfully");
    assert_eq!((&enabled["success"], enabled["backup_codes"].as_array().unwrap().len()), (&json!(true), 10));
    let me = jane.get(ME).await;
    assert_eq!(me.json()["data"]["security"]["mfa_methods"], json!(["totp", "backup_code"]));
    jane.post(SETUP, json!({"device_name": "Another"})).await.failed(409, "TOTP_ALREADY_ENABLED");
}

#[actix_web::test]
async fn r27_a_login_needs_the_second_factor_and_gets_tokens_then() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let secret = server.enrol_totp(EMAIL);
    let (nobody, token) = (server.anonymous(), half_signed_in(&server).await);
    server.with_token(&token).get(ME).await.failed(401, "UNAUTHORIZED");
    nobody.verify_mfa(&token, "code", "000000").await.failed(400, "INVALID_MFA_CODE");
    assert_eq!(nobody.post(VERIFY, json!({"temporary_token": token})).await.wrong_fields(), ["code"]);
    let code = server.totp_code(&secret);
    let otp = json!({"temporary_token": token, "otp_code": code});
    nobody.post("/api/v1/auth/verify-otp", otp).await.failed(401, "INVALID_TOKEN");
    let answer = nobody.verify_mfa(&token, "code", &code).await;
    let data = answer.succeeded(200, "MFA verification successful");
    assert_eq!(data["is_verified"], true);
    let jane = server.with_token(text(&data["access_token"]));
    assert_eq!(jane.get(ME).await.status, 200);
    nobody.verify_mfa(&token, "code", &code).await.failed(401, "INVALID_TOKEN");

    let refresh = json!({"refresh_token": data["refresh_token"]});
    let refreshed = nobody.post("/api/v1/auth/refresh", refresh).await;
    let jane = server.with_token(text(&refreshed.json()["access_token"]));
    let sign_ins = jane.get("/api/v1/account/sign-ins").await;
    let current = |sign_in: &&Value| sign_in["current"] == true;
    let own = sign_ins.json()["sign_ins"].as_array().unwrap().iter().find(current).unwrap();
    assert_eq!(own["methods"], json!(["pwd", "otp"]), "r48: a refresh keeps the level");
}

#[actix_web::test]
async fn r30_a_backup_code_signs_in_once() {
    let server = TestServer::new().await;
    let (jane, _) = server.bearer_with_totp(EMAIL);
    let made = jane.post("/api/v1/account/backup-codes", json!({})).await;
    let code = text(&made.json()["backup_codes"][0]);
    let nobody = server.anonymous();
    let token = half_signed_in(&server).await;
    nobody.verify_mfa(&token, "backup_code", code).await.succeeded(200, "MFA verification successful");
    let token = half_signed_in(&server).await;
    nobody.verify_mfa(&token, "backup_code", code).await.failed(400, "INVALID_MFA_CODE");
}

#[actix_web::test]
async fn r31_a_mailed_code_is_no_second_factor() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let secret = server.enrol_totp(EMAIL);
    let (nobody, token) = (server.anonymous(), half_signed_in(&server).await);
    let choose = |token: &str, method: &str| nobody.post(GENERATE, json!({"temporary_token": token, "method": method}));
    choose(&token, "email_otp").await.failed(400, "INVALID_REQUEST");
    nobody.resend(EMAIL, &token).await.failed(409, "EMAIL_ALREADY_VERIFIED");
    let answer = choose(&token, "totp").await;
    let next = text(&answer.succeeded(200, "Enter the code of your authenticator app")["temporary_token"]).to_owned();
    choose(&token, "totp").await.failed(401, "INVALID_TEMPORARY_TOKEN");
    let code = server.totp_code(&secret);
    nobody.verify_mfa(&token, "code", &code).await.failed(401, "INVALID_TOKEN");
    nobody.verify_mfa(&next, "code", &code).await.succeeded(200, "MFA verification successful");
}

#[actix_web::test]
async fn the_second_factor_comes_with_an_offer_to_remember_the_device() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let secret = server.enrol_totp(EMAIL);
    let (nobody, token) = (server.anonymous(), half_signed_in(&server).await);
    let body = json!({"temporary_token": token, "code": server.totp_code(&secret)});
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    let request = TestRequest::post().uri(VERIFY).insert_header(("user-agent", firefox)).set_json(body);
    let answer = nobody.send(request).await;
    let data = answer.succeeded(200, "MFA verification successful");
    let device = &data["trusted_device"];
    let redacted = json!({"id": device["id"].is_i64(), "activation_token": device["activation_token"].is_string()});
    assert_eq!(redacted, json!({"id": true, "activation_token": true}));
    assert_eq!((&device["device_name"], &device["is_active"]), (&json!("Firefox on Linux"), &json!(false)));
    assert_eq!(keys(device), ["activation_token", "device_name", "expires_at", "id", "is_active"]);

    let jane = server.with_token(text(&data["access_token"]));
    let activate = json!({"activation_token": device["activation_token"]});
    let activated = jane.post("/api/v1/devices/activate", activate.clone()).await;
    let activated = activated.succeeded(200, "Device activated successfully");
    assert_eq!(activated["device"]["id"], device["id"]);
    jane.post("/api/v1/devices/activate", activate).await.failed(400, "INVALID_TOKEN");
    let login = json!({"email": EMAIL, "password": PASSWORD});
    let login = TestRequest::post().uri("/api/v1/auth/login").set_json(login);
    let login = login.insert_header(("x-device-token", text(&activated["device_token"])));
    nobody.send(login).await.succeeded(200, "Login successful");
}

#[actix_web::test]
async fn a_text_message_is_chosen_as_second_factor() {
    let core = TestCore::with(|policy, _| policy.sms_second_factor = true);
    let server = TestServer::over(core).await;
    server.account(EMAIL);
    server.add_phone(EMAIL, PHONE);
    server.enrol_phone(EMAIL, PHONE);
    let (nobody, token) = (server.anonymous(), half_signed_in(&server).await);
    let choose = |token: &str| nobody.post(GENERATE, json!({"temporary_token": token, "method": "sms_otp"}));
    let answer = choose(&token).await;
    let next = text(&answer.succeeded(200, "Enter the code of the text message")["temporary_token"]).to_owned();
    choose(&token).await.failed(401, "INVALID_TEMPORARY_TOKEN");
    choose(&next).await.failed(429, "RATE_LIMITED");
    nobody.resend(EMAIL, &next).await.failed(409, "EMAIL_ALREADY_VERIFIED");
    let code = server.text_code(PHONE).unwrap();
    let answer = nobody.verify_mfa(&next, "code", &code).await;
    let jane = server.with_token(text(&answer.succeeded(200, "MFA verification successful")["access_token"]));
    assert_eq!(jane.get(ME).await.json()["data"]["security"]["mfa_methods"], json!(["sms"]));

    let other = TestServer::new().await;
    other.account(EMAIL);
    other.enrol_totp(EMAIL);
    let token = half_signed_in(&other).await;
    let body = json!({"temporary_token": token, "method": "sms_otp"});
    other.anonymous().post(GENERATE, body).await.failed(400, "INVALID_REQUEST");
}

#[actix_web::test]
async fn r35_tries_are_limited_over_all_sign_ins() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let secret = server.enrol_totp(EMAIL);
    let nobody = server.anonymous();
    for _ in 0..5 {
        let token = half_signed_in(&server).await;
        nobody.verify_mfa(&token, "code", "000000").await.failed(400, "INVALID_MFA_CODE");
    }
    let token = half_signed_in(&server).await;
    let refused = nobody.verify_mfa(&token, "code", &server.totp_code(&secret)).await;
    refused.failed(429, "TOO_MANY_ATTEMPTS");
    assert_eq!(refused.header("retry-after"), "900");
}

#[actix_web::test]
async fn r33_a_setup_needs_a_recent_proof() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    // As long as its access token lasts.
    server.clock.advance(Duration::from_mins(4));
    assert_eq!(jane.post(SETUP, json!({"device_name": "My phone"})).await.status, 200);
    server.enrol_totp(EMAIL);
    let refused = jane.post(SETUP, json!({"device_name": "My phone"})).await;
    refused.failed(401, "UNAUTHORIZED");
    assert!(refused.header("www-authenticate").contains("insufficient_user_authentication"));
}
