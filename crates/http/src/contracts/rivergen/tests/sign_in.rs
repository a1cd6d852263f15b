//! `POST /login`.

use std::time::Duration;

use selfsame_application::operator::users::SetDisabled;
use selfsame_domain::id::Id as _;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::{EMAIL, LOGIN, ME};
use crate::testing::{Answer, Client, TestServer, text};

const SIGNED_IN: &str = "Login successful";
const WRONG: &str = "not the password";

impl Client {
    pub(super) async fn login(&self, email: &str, password: &str) -> Answer {
        self.post(LOGIN, json!({"email": email, "password": password})).await
    }
}

#[actix_web::test]
async fn who_signs_in_gets_a_token_set() {
    let server = TestServer::new().await;
    let jane = server.account(EMAIL);
    let body = json!({"email": "JANE@example.com", "password": PASSWORD, "remember_me": true});
    let answer = server.anonymous().post(LOGIN, body).await;
    let data = answer.succeeded(200, SIGNED_IN);
    assert_eq!(data["user_id"], jane.id.number());
    insta::assert_json_snapshot!(
        data,
        {".access_token" => "[token]", ".refresh_token" => "[token]", ".user_id" => "[id]"},
        @r#"
        {
          "access_token": "[token]",
          "display_name": null,
          "email": "jane@example.com",
          "expires_in": 3600,
          "is_verified": true,
          "refresh_token": "[token]",
          "token_type": "bearer",
          "user_id": "[id]"
        }
        "#
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("set-cookie"), "");
    let jane = server.with_token(text(&data["access_token"]));
    server.clock.advance(Duration::from_secs(3599));
    assert_eq!(jane.get(ME).await.status, 200);
    server.clock.advance(Duration::from_secs(1));
    jane.get(ME).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r1_a_wrong_password_and_an_unknown_account_are_one_answer() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let nobody = server.anonymous();
    let wrong = nobody.login(EMAIL, WRONG).await;
    let unknown = nobody.login("nobody@example.com", WRONG).await;
    let malformed = nobody.login("nobody", WRONG).await;
    for answer in [&wrong, &unknown, &malformed] {
        answer.failed(401, "INVALID_CREDENTIALS");
        assert_eq!(answer.json(), wrong.json());
    }
}

#[actix_web::test]
async fn an_unproven_address_is_403_with_the_token_that_leads_on() {
    let server = TestServer::new().await;
    server.unverified_user(EMAIL);
    let nobody = server.anonymous();
    nobody.login(EMAIL, WRONG).await.failed(401, "INVALID_CREDENTIALS");
    let answer = nobody.login(EMAIL, PASSWORD).await;
    let details = answer.failed(403, "EMAIL_NOT_VERIFIED");
    let token = text(&details["temporary_token"]);
    assert_eq!(details, &json!({"temporary_token": token, "email_verification_required": true}));

    server.a_second_later();
    let resent = nobody.resend(EMAIL, token).await;
    let token = text(&resent.json()["data"]["temporary_token"]);
    let verified = nobody.verify_otp(token, &server.proof().0).await;
    let jane = server.with_token(text(&verified.json()["data"]["access_token"]));
    assert_eq!(jane.get(ME).await.status, 200);
    nobody.login(EMAIL, PASSWORD).await.succeeded(200, SIGNED_IN);
}

#[actix_web::test]
async fn r43_a_disabled_account_is_told_to_who_knows_the_password_and_its_tokens_are_dead() {
    let server = TestServer::new().await;
    let (jane, nobody) = (server.bearer(EMAIL), server.anonymous());
    SetDisabled { user: server.account(EMAIL).id, is_disabled: true }.execute(&server.core).unwrap();
    nobody.login(EMAIL, PASSWORD).await.failed(403, "ACCOUNT_DISABLED");
    nobody.login(EMAIL, WRONG).await.failed(401, "INVALID_CREDENTIALS");
    jane.get(ME).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r20_passwords_cannot_be_tried_at_will() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let nobody = server.anonymous();
    for _ in 0..5 {
        nobody.login(EMAIL, WRONG).await.failed(401, "INVALID_CREDENTIALS");
    }
    let answer = nobody.login("Jane@Example.com", PASSWORD).await;
    answer.failed(429, "RATE_LIMITED");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}
