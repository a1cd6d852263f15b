//! `POST /forgot-password`, `/reset-password` and `/change-password`.

use std::time::Duration;

use selfsame_ports::Mail;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::{EMAIL, LOGIN, ME};
use crate::testing::{Answer, Client, TestServer};

const FORGOT: &str = "/api/v1/auth/forgot-password";
const CHANGE: &str = "/api/v1/auth/change-password";
const ANOTHER: &str = "eleven purple elephants waltz";
const ASKED: &str = "If the email exists, a password reset link has been sent";
const CHANGED: &str = "Password changed successfully";

impl TestServer {
    /// Requests a reset and returns the mailed token.
    async fn reset_token(&self) -> String {
        self.anonymous().post(FORGOT, json!({"email": EMAIL})).await.succeeded(200, ASKED);
        self.mailed_token(EMAIL).unwrap()
    }

    async fn reset(&self, token: &str, new_password: &str) -> Answer {
        let body = json!({"token": token, "new_password": new_password});
        self.anonymous().post("/api/v1/auth/reset-password", body).await
    }

    async fn can_sign_in_with(&self, password: &str) -> bool {
        self.anonymous().post(LOGIN, json!({"email": EMAIL, "password": password})).await.status == 200
    }
}

impl Client {
    async fn change(&self, current: &str, new: &str) -> Answer {
        self.post(CHANGE, json!({"current_password": current, "new_password": new})).await
    }
}

#[actix_web::test]
async fn r23_a_forgotten_password_is_one_answer_for_every_address() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let nobody = server.anonymous();
    let known = nobody.post(FORGOT, json!({"email": EMAIL})).await;
    let unknown = nobody.post(FORGOT, json!({"email": "nobody@example.com"})).await;
    assert_eq!(known.succeeded(200, ASKED), &json!({"message": ASKED}));
    assert_eq!(known.json(), unknown.json());
    assert!(server.mails_to("nobody@example.com").is_empty());
    assert_eq!(nobody.post(FORGOT, json!({"email": "nobody"})).await.wrong_fields(), ["email"]);
}

#[actix_web::test]
async fn r22_a_reset_sets_the_password_ends_every_sign_in_and_starts_none() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    let token = server.reset_token().await;
    let answer = server.reset(&token, ANOTHER).await;
    assert_eq!((answer.status, answer.text()), (204, ""));
    jane.get(ME).await.failed(401, "UNAUTHORIZED");
    assert!(server.can_sign_in_with(ANOTHER).await);
    assert!(!server.can_sign_in_with(PASSWORD).await);
    server.reset(&token, PASSWORD).await.failed(400, "INVALID_TOKEN");
}

#[actix_web::test]
async fn a_weak_password_is_a_validation_error_and_leaves_the_token_good() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let token = server.reset_token().await;
    assert_eq!(server.reset(&token, "short").await.wrong_fields(), ["new_password"]);
    assert_eq!(server.reset(&token, ANOTHER).await.status, 204);
}

#[actix_web::test]
async fn made_up_and_late_reset_tokens_are_400() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    server.reset("made-up", ANOTHER).await.failed(400, "INVALID_TOKEN");
    let token = server.reset_token().await;
    server.clock.advance(Duration::from_mins(31));
    server.reset(&token, ANOTHER).await.failed(400, "INVALID_TOKEN");
    assert!(server.can_sign_in_with(PASSWORD).await);
}

#[actix_web::test]
async fn r21_a_change_ends_every_sign_in_the_callers_own_included() {
    let server = TestServer::new().await;
    let (jane, elsewhere) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let answer = jane.change(PASSWORD, ANOTHER).await;
    assert_eq!(answer.succeeded(200, CHANGED), &json!({"message": CHANGED}));
    for ended in [jane, elsewhere] {
        ended.get(ME).await.failed(401, "UNAUTHORIZED");
    }
    assert!(server.mails_to(EMAIL).contains(&Mail::PasswordChanged));
    assert!(server.can_sign_in_with(ANOTHER).await);
}

#[actix_web::test]
async fn r20_a_change_needs_the_current_password_and_another_new_one() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    jane.change("not the password", ANOTHER).await.failed(400, "INVALID_CURRENT_PASSWORD");
    jane.change(PASSWORD, PASSWORD).await.failed(400, "CHANGE_PASSWORD_FAILED");
    assert_eq!(jane.change(PASSWORD, "short").await.wrong_fields(), ["new_password"]);
    assert_eq!(jane.post(CHANGE, json!({})).await.wrong_fields(), ["current_password", "new_password"]);
    server.anonymous().change(PASSWORD, ANOTHER).await.failed(401, "UNAUTHORIZED");
    assert_eq!(jane.get(ME).await.status, 200);
}
