//! `POST /signup`.

use std::time::Duration;

use selfsame_domain::id::Id as _;
use selfsame_ports::Mail;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::{
    EMAIL, ME, SIGN_UP,
    verification::{RESENT, VERIFIED},
};
use crate::testing::{Client, TestServer, keys, text};

const CREATED: &str = "Account created. Check your email for the verification code.";

fn form() -> Value {
    json!({"email": EMAIL, "password": PASSWORD, "display_name": "Jane Smith", "agree_to_terms": true, "terms_version": "1.0"})
}

impl Client {
    /// Signs up and returns the temporary token.
    pub(super) async fn signed_up(&self) -> String {
        let answer = self.post(SIGN_UP, form()).await;
        text(&answer.succeeded(201, CREATED)["temporary_token"]).to_owned()
    }
}

#[actix_web::test]
async fn a_sign_up_is_verified_by_its_code_and_signed_in() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let started = nobody.post(SIGN_UP, form()).await;
    let data = started.succeeded(201, CREATED);
    insta::assert_json_snapshot!(data, {".user_id" => "[id]", ".temporary_token" => "[token]"}, @r#"
    {
      "display_name": "Jane Smith",
      "email": "jane@example.com",
      "email_verification_required": true,
      "message": "Account created. Check your email for the verification code.",
      "temporary_token": "[token]",
      "user_id": "[id]"
    }
    "#);

    let temporary_token = text(&data["temporary_token"]);
    let (code, _) = server.proof();
    let answer = nobody.verify_otp(temporary_token, &code).await;
    let verified = answer.succeeded(200, VERIFIED);
    assert_eq!(verified["user_id"], data["user_id"].as_i64().unwrap());
    insta::assert_json_snapshot!(
        verified,
        {".access_token" => "[token]", ".refresh_token" => "[token]", ".user_id" => "[id]"},
        @r#"
        {
          "access_token": "[token]",
          "email": "jane@example.com",
          "expires_in": 3600,
          "is_verified": true,
          "message": "Email verified successfully",
          "refresh_token": "[token]",
          "token_type": "bearer",
          "user_id": "[id]"
        }
        "#
    );
    let me = server.with_token(text(&verified["access_token"])).get(ME).await;
    assert_eq!(me.json()["data"]["user"]["display_name"], "Jane Smith");
    nobody.verify_otp(temporary_token, &code).await.failed(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn r1_a_sign_up_with_a_known_address_looks_like_any_other_and_its_owner_is_told() {
    let server = TestServer::new().await;
    let (jane, nobody) = (server.account(EMAIL), server.anonymous());
    let known = nobody.post(SIGN_UP, form()).await;
    let body = json!({"email": "new@example.com", "password": PASSWORD, "display_name": "Jane Smith"});
    let unknown = nobody.post(SIGN_UP, body).await;
    assert_eq!(keys(known.succeeded(201, CREATED)), keys(unknown.succeeded(201, CREATED)));
    for same in ["display_name", "email_verification_required", "message"] {
        assert_eq!(known.json()["data"][same], unknown.json()["data"][same]);
    }
    assert_ne!(known.json()["data"]["user_id"], jane.id.number());
    let mails = server.mails_to(EMAIL);
    assert!(mails.iter().any(|mail| matches!(mail, Mail::AlreadyRegistered)));
    assert!(
        !mails.iter().any(|mail| matches!(mail, Mail::VerifyEmail { .. })),
        "no proof is mailed for a taken address"
    );

    let token = text(&known.json()["data"]["temporary_token"]);
    nobody.verify_otp(token, "123456").await.failed(400, "INVALID_OTP");
    server.clock.advance(Duration::from_secs(30));
    nobody.resend(EMAIL, token).await.succeeded(200, RESENT);
    assert!(!server.mails_to(EMAIL).iter().any(|mail| matches!(mail, Mail::VerifyEmail { .. })));
}

#[actix_web::test]
async fn r18_a_password_that_cannot_be_used_has_a_code_of_its_own_and_a_reason() {
    let nobody = TestServer::new().await.anonymous();
    for password in ["short", "passwordpassword", "jane@example.com"] {
        let answer = nobody.post(SIGN_UP, json!({"email": EMAIL, "password": password})).await;
        let errors = &answer.failed(422, "INVALID_PASSWORD")["errors"];
        assert_eq!(errors[0]["field"], "password");
        text(&errors[0]["reason"]);
        assert!(!answer.json().to_string().contains(password), "a password is never echoed");
    }
    let both = json!({"email": "nobody", "password": "short", "display_name": "x".repeat(101)});
    assert_eq!(nobody.post(SIGN_UP, both).await.wrong_fields(), ["email", "display_name", "password"]);
}

#[actix_web::test]
async fn the_terms_have_to_be_agreed_to() {
    let server = TestServer::new().await;
    let nobody = server.anonymous();
    let mut refused = form();
    refused["agree_to_terms"] = json!(false);
    assert_eq!(nobody.post(SIGN_UP, refused).await.wrong_fields(), ["agree_to_terms"]);
    assert!(server.mails().is_empty());
    nobody.post(SIGN_UP, json!({"email": EMAIL, "password": PASSWORD})).await.succeeded(201, CREATED);
}

#[actix_web::test]
async fn r86_sign_ups_from_one_address_are_limited() {
    let nobody = TestServer::new().await.anonymous();
    for _ in 0..3 {
        nobody.signed_up().await;
    }
    let answer = nobody.post(SIGN_UP, form()).await;
    answer.failed(429, "RATE_LIMITED");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}
