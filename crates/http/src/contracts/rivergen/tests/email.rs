//! `POST /me/email/request` and `/me/email/verify`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{EMAIL, ME};
use crate::testing::{Answer, Client, TestServer, other_than};

const REQUEST: &str = "/api/v1/auth/me/email/request";
const VERIFY: &str = "/api/v1/auth/me/email/verify";
const NEW: &str = "jane.smith@example.com";
const SENT: &str = "OTP sent to new email address";
const UPDATED: &str = "Email updated successfully";

impl Client {
    async fn request_email(&self, new_email: &str) -> Answer {
        self.post(REQUEST, json!({"new_email": new_email})).await
    }

    async fn verify_new_email(&self, new_email: &str, code: &str) -> Answer {
        self.post(VERIFY, json!({"new_email": new_email, "otp_code": code})).await
    }

    async fn primary_email(&self) -> Value {
        self.get(ME).await.json()["data"]["user"]["primary_email"].clone()
    }
}

#[actix_web::test]
async fn r9_the_new_address_is_primary_once_its_code_came_back_and_not_before() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    let answer = jane.request_email(NEW).await;
    assert_eq!(answer.succeeded(200, SENT), &json!({"message": SENT, "new_email": NEW}));
    assert_eq!(jane.primary_email().await, EMAIL);

    let code = server.mailed_code(NEW).unwrap();
    let answer = jane.verify_new_email(NEW, &code).await;
    let expected = json!({"message": UPDATED, "old_email": EMAIL, "new_email": NEW});
    assert_eq!(answer.succeeded(200, UPDATED), &expected);
    assert_eq!(jane.primary_email().await, NEW);
    let me = jane.get(ME).await;
    let emails = me.json()["data"]["emails"].as_array().unwrap();
    let shown = |email: &str| emails.iter().find(|shown| shown["email"] == email).unwrap();
    assert_eq!(shown(EMAIL)["is_primary"], false);
    assert_eq!(shown(NEW)["is_primary"], true);
    assert_eq!(shown(NEW)["verified"], true);
    jane.verify_new_email(NEW, &code).await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
}

#[actix_web::test]
async fn the_address_in_force_cannot_be_asked_for_and_a_malformed_one_is_a_validation_error() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    jane.request_email("jane@Example.com").await.failed(400, "EMAIL_UPDATE_REQUEST_FAILED");
    assert_eq!(jane.request_email("not an address").await.wrong_fields(), ["new_email"]);
    assert_eq!(jane.post(REQUEST, json!({})).await.wrong_fields(), ["new_email"]);
    server.anonymous().request_email(NEW).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn the_address_in_force_in_another_case_is_taken_at_once() {
    let server = TestServer::new().await;
    let (jane, updated) = (server.bearer(EMAIL), "Email updated successfully");
    let answer = jane.request_email("Jane@Example.com").await;
    assert_eq!(answer.succeeded(200, updated), &json!({"message": updated, "new_email": "Jane@example.com"}));
    assert_eq!(server.mailed_code("Jane@example.com"), None);
}

#[actix_web::test]
async fn r1_an_address_of_somebody_else_is_answered_like_any_other_and_gets_no_code() {
    let server = TestServer::new().await;
    server.account("eve@example.com");
    let answer = server.bearer(EMAIL).request_email("eve@example.com").await;
    assert_eq!(answer.succeeded(200, SENT), &json!({"message": SENT, "new_email": "eve@example.com"}));
    assert_eq!(server.mailed_code("eve@example.com"), None);
}

#[actix_web::test]
async fn a_wrong_a_late_and_an_unasked_code_are_told_apart() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    jane.verify_new_email(NEW, "123456").await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
    jane.request_email(NEW).await.succeeded(200, SENT);
    let code = server.mailed_code(NEW).unwrap();
    jane.verify_new_email("other@example.com", &code).await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
    jane.verify_new_email(NEW, other_than(&code)).await.failed(400, "INVALID_OTP");
    server.clock.advance(Duration::from_mins(11));
    server.bearer(EMAIL).verify_new_email(NEW, &code).await.failed(400, "OTP_EXPIRED");
}

#[actix_web::test]
async fn r15_a_code_takes_five_tries() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    jane.request_email(NEW).await.succeeded(200, SENT);
    let code = server.mailed_code(NEW).unwrap();
    for _ in 0..5 {
        jane.verify_new_email(NEW, other_than(&code)).await.failed(400, "INVALID_OTP");
    }
    jane.verify_new_email(NEW, &code).await.failed(429, "TOO_MANY_ATTEMPTS");
}

#[actix_web::test]
async fn an_address_that_somebody_else_proved_in_the_meantime_is_lost() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    jane.request_email(NEW).await.succeeded(200, SENT);
    let code = server.mailed_code(NEW).unwrap();
    server.verified_user(NEW);
    jane.verify_new_email(NEW, &code).await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
    assert_eq!(jane.primary_email().await, EMAIL);
}
