//! The verification of an address: `POST /verify-otp`, `/resend-signup-otp` and `/verify-email`.

use std::time::Duration;

use selfsame_application::identifiers::request_verification::RequestEmailVerification;
use selfsame_domain::RequestContext;
use selfsame_testing::core::TestCore;
use serde_json::json;

use super::{EMAIL, ME};
use crate::testing::{Answer, Client, TestServer, keys, other_than, text};

pub(super) const VERIFIED: &str = "Email verified successfully";
pub(super) const RESENT: &str = "Verification code sent";
const RESEND: &str = "/api/v1/auth/resend-signup-otp";

impl Client {
    pub(super) async fn verify_otp(&self, temporary_token: &str, code: &str) -> Answer {
        self.post("/api/v1/auth/verify-otp", json!({"temporary_token": temporary_token, "otp_code": code})).await
    }

    pub(super) async fn resend(&self, email: &str, temporary_token: &str) -> Answer {
        self.post(RESEND, json!({"email": email, "temporary_token": temporary_token})).await
    }

    async fn verify_link(&self, token: &str) -> Answer {
        self.post("/api/v1/auth/verify-email", json!({"token": token})).await
    }
}

impl TestServer {
    /// The newest code and link for Jane's address.
    pub(super) fn proof(&self) -> (String, String) {
        (self.mailed_code(EMAIL).unwrap(), self.mailed_token(EMAIL).unwrap())
    }

    /// Moves the clock, so that later mails are newer.
    pub(super) fn a_second_later(&self) {
        self.clock.advance(Duration::from_secs(1));
    }
}

#[actix_web::test]
async fn r15_a_wrong_code_counts_and_the_sixth_try_is_refused_whatever_it_says() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let token = nobody.signed_up().await;
    let (code, _) = server.proof();
    for _ in 0..5 {
        nobody.verify_otp(&token, other_than(&code)).await.failed(400, "INVALID_OTP");
    }
    let refused = nobody.verify_otp(&token, &code).await;
    refused.failed(429, "TOO_MANY_ATTEMPTS");
    assert_eq!(refused.header("retry-after"), "3600");
    let message = "Too many wrong codes. Try again in 60 minutes, or use the link in the mail.";
    assert_eq!(refused.json()["error"]["message"], message);
}

#[actix_web::test]
async fn another_code_says_when_the_next_one_can_be_requested_and_an_earlier_request_too() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let token = nobody.signed_up().await;
    server.a_second_later();
    let early = nobody.resend(EMAIL, &token).await;
    early.failed(429, "RATE_LIMITED");
    assert_eq!(early.header("retry-after"), "29");
    let message = "Another code can be sent in 29 seconds. The last one is still valid.";
    assert_eq!(early.json()["error"]["message"], message);
    assert_eq!(server.mails_to(EMAIL).len(), 1);
    server.clock.advance(Duration::from_secs(29));
    let sent = nobody.resend(EMAIL, &token).await;
    sent.succeeded(200, RESENT);
    assert_eq!(sent.header("retry-after"), "60");
}

#[actix_web::test]
async fn a_late_code_is_410_and_a_made_up_token_401() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let token = nobody.signed_up().await;
    let (code, _) = server.proof();
    nobody.verify_otp("made-up", &code).await.failed(401, "INVALID_TOKEN");
    nobody.verify_otp(&"A".repeat(43), &code).await.failed(401, "INVALID_TOKEN");
    server.clock.advance(Duration::from_mins(11));
    nobody.verify_otp(&token, &code).await.failed(410, "OTP_EXPIRED");
}

#[actix_web::test]
async fn another_code_comes_with_another_token_and_the_earlier_ones_are_void() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let first_token = nobody.signed_up().await;
    let (first_code, first_link) = server.proof();
    server.clock.advance(Duration::from_secs(30));
    let answer = nobody.resend("JANE@example.com", &first_token).await;
    let data = answer.succeeded(200, RESENT);
    let token = text(&data["temporary_token"]);
    assert_eq!(data, &json!({"temporary_token": token, "message": RESENT}));
    assert_ne!(token, first_token);

    let (code, _) = server.proof();
    nobody.verify_otp(&first_token, &code).await.failed(401, "INVALID_TOKEN");
    nobody.verify_link(&first_link).await.failed(400, "INVALID_TOKEN");
    if code != first_code {
        nobody.verify_otp(token, &first_code).await.failed(400, "INVALID_OTP");
    }
    nobody.verify_otp(token, &code).await.succeeded(200, VERIFIED);
}

#[actix_web::test]
async fn another_code_is_not_mailed_for_another_address() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let token = nobody.signed_up().await;
    let mailed = server.mails().len();
    for email in ["eve@example.com", "", "not an address"] {
        nobody.resend(email, &token).await.failed(401, "INVALID_TOKEN");
    }
    assert_eq!(server.mails().len(), mailed);
    assert_eq!(nobody.post(RESEND, json!({})).await.wrong_fields(), ["email", "temporary_token"]);
}

#[actix_web::test]
async fn r12_the_link_signs_in_and_works_once() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let temporary_token = nobody.signed_up().await;
    let (code, link) = server.proof();
    let answer = nobody.verify_link(&link).await;
    let data = answer.succeeded(200, VERIFIED);
    let expected = [
        "access_token",
        "email",
        "expires_in",
        "is_verified",
        "message",
        "refresh_token",
        "set_password_token",
        "token_type",
        "user_id",
    ];
    assert_eq!(keys(data), expected);
    assert_eq!(server.with_token(text(&data["access_token"])).get(ME).await.status, 200);
    let again = nobody.verify_link(&link).await;
    again.failed(400, "INVALID_TOKEN");
    assert_eq!(again.json()["message"], "This email address is already verified");
    nobody.verify_otp(&temporary_token, &code).await.failed(401, "INVALID_TOKEN");
    // A link may be used before its reader opens it; the second use by its account succeeds and starts no sign-in.
    let again = server.with_token(text(&data["access_token"])).verify_link(&link).await;
    assert_eq!(keys(again.succeeded(200, VERIFIED)), ["email", "is_verified", "message", "user_id"]);
    assert_eq!(again.json()["data"]["is_verified"], true);
    server.with_token("forged").verify_link(&link).await.failed(400, "INVALID_TOKEN");
    server.account("eve@example.com");
    server.bearer("eve@example.com").verify_link(&link).await.failed(400, "INVALID_TOKEN");
}

#[actix_web::test]
async fn a_late_link_is_410_and_a_made_up_one_400() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    nobody.signed_up().await;
    let (_, link) = server.proof();
    nobody.verify_link("made-up").await.failed(400, "INVALID_TOKEN");
    server.clock.advance(Duration::from_hours(25));
    nobody.verify_link(&link).await.failed(410, "TOKEN_EXPIRED");
}

#[actix_web::test]
async fn a_link_of_no_sign_up_verifies_and_signs_nobody_in() {
    let server = TestServer::over(TestCore::with(|policy, _| policy.require_verified_email = false)).await;
    server.unverified_user(EMAIL);
    let caller = server.caller(&server.tokens(EMAIL));
    server.a_second_later();
    RequestEmailVerification { context: RequestContext::default() }.execute(&server.core, &caller).unwrap();
    let (_, link) = server.proof();
    let answer = server.anonymous().verify_link(&link).await;
    let expected = ["email", "is_verified", "message", "set_password_token", "user_id"];
    assert_eq!(keys(answer.succeeded(200, VERIFIED)), expected);
    assert_eq!(answer.json()["data"]["is_verified"], true);
}
