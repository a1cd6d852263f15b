//! `POST /api/v1/me/verify-email` and `/confirm`.

use std::time::Duration;

use actix_web::{http::Method, test::TestRequest};
use selfsame_application::password::reset::ResetPassword;
use selfsame_domain::{Password, RequestContext};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::json;

use super::{EMAIL, ME};
use crate::testing::{Answer, Client, TestServer, other_than};

const REQUEST: &str = "/api/v1/me/verify-email";
const CONFIRM: &str = "/api/v1/me/verify-email/confirm";

/// A server that allows sign-ins with an unverified address, and Ada with one. One mail was sent; the next is a second
/// newer.
async fn unproven() -> (TestServer, Client) {
    let server = TestServer::over(TestCore::with(|policy, _| policy.require_verified_email = false)).await;
    server.unverified_user(EMAIL);
    server.clock.advance(Duration::from_secs(1));
    let ada = server.bearer(EMAIL);
    (server, ada)
}

impl Client {
    async fn request_mail(&self) -> Answer {
        self.send(TestRequest::post().uri(REQUEST)).await
    }
}

#[actix_web::test]
async fn the_mail_is_sent_whatever_the_body_says() {
    let (server, ada) = unproven().await;
    let answer = ada.send_as((Method::POST, REQUEST), "application/json", "{broken").await;
    assert_eq!((answer.status, answer.json()), (200, &json!({"message": "Verification email sent."})));
    assert_eq!(server.mails_to(EMAIL).len(), 2);
}

#[actix_web::test]
async fn a_proven_address_is_sent_nothing() {
    let server = TestServer::new().await;
    let answer = server.bearer(EMAIL).request_mail().await;
    assert_eq!((answer.status, answer.json()), (200, &json!({"message": "Email address is already verified."})));
    assert!(server.mails().is_empty());
}

#[actix_web::test]
async fn r12_the_code_from_its_owner_proves_the_address_once() {
    let (server, ada) = unproven().await;
    ada.request_mail().await;
    let code = server.mailed_code(EMAIL).unwrap();
    let stranger = server.anonymous().post(CONFIRM, json!({"code": code})).await;
    assert_eq!(stranger.detail(), (401, "Not authenticated"));
    assert_eq!(ada.post(CONFIRM, json!({"code": other_than(&code)})).await.status, 400);

    let answer = ada.post(CONFIRM, json!({"code": code})).await;
    assert_eq!((answer.status, answer.json()), (200, &json!({"message": "Email address verified."})));
    assert_eq!(ada.get(ME).await.json()["email_verified"], true);
    assert_eq!(ada.post(CONFIRM, json!({"code": code})).await.detail(), (400, "Invalid token or code"));
}

#[actix_web::test]
async fn r12_the_link_proves_the_address_once_whoever_follows_it() {
    let (server, ada) = unproven().await;
    ada.request_mail().await;
    let (stranger, link) = (server.anonymous(), json!({"token": server.mailed_token(EMAIL).unwrap()}));
    let confirmed = stranger.post(CONFIRM, &link).await;
    assert_eq!(confirmed.status, 200);
    assert_eq!(stranger.post(CONFIRM, &link).await.status, 400);
    // Another person may have used the account before the verification (R2), so the owner sets a new password.
    assert_eq!(ada.get(ME).await.status, 401);
    let reset = ResetPassword {
        token: confirmed.json()["set_password_token"].as_str().unwrap().to_owned(),
        new_password: Password::new(PASSWORD),
        context: RequestContext::default(),
    };
    reset.execute(&server.core).unwrap();
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.get(ME).await.json()["email_verified"], true);
    // A link may be used before its reader opens it; the second use succeeds.
    let again = ada.post(CONFIRM, &link).await;
    assert_eq!((again.status, again.json()), (200, &json!({"message": "Email address is already verified."})));
    server.account("eve@example.com");
    assert_eq!(server.bearer("eve@example.com").post(CONFIRM, &link).await.status, 400);
}

#[actix_web::test]
async fn an_expired_code_or_link_is_410() {
    let (server, ada) = unproven().await;
    ada.request_mail().await;
    let (code, link) = (server.mailed_code(EMAIL), server.mailed_token(EMAIL));
    server.clock.advance(Duration::from_hours(24));
    let ada = server.bearer(EMAIL);
    for body in [json!({"code": code}), json!({"token": link})] {
        assert_eq!(ada.post(CONFIRM, body).await.detail(), (410, "The token or code has expired"));
    }
}

#[actix_web::test]
async fn exactly_one_of_token_and_code_is_taken_and_neither_comes_back() {
    let (server, ada) = unproven().await;
    for (body, input) in [
        (json!({}), json!({})),
        (json!({"token": null, "code": null}), json!({"token": null, "code": null})),
        (json!({"token": "secret", "code": "123456"}), json!({"token": "***", "code": "***"})),
    ] {
        let expected = [("value_error", &json!(["body"]), &input)];
        assert_eq!(ada.post(CONFIRM, &body).await.validation_errors(), expected);
        assert_eq!(server.anonymous().post(CONFIRM, &body).await.validation_errors(), expected, "whoever asks");
    }
    let answer = ada.post(CONFIRM, json!({"token": 1, "code": 2})).await;
    let masked = json!("***");
    let expected =
        [("string_type", &json!(["body", "token"]), &masked), ("string_type", &json!(["body", "code"]), &masked)];
    assert_eq!(answer.validation_errors(), expected);
}

#[actix_web::test]
async fn the_examples_of_a_confirmation_are_well_formed_requests() {
    let server = TestServer::new().await;
    let document: serde_json::Value = serde_json::from_str(&crate::document().to_json().unwrap()).unwrap();
    let path = "/api/v1/me/verify-email/confirm";
    let examples = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"];
    for (step, status) in [("link", 400), ("code", 401)] {
        assert_eq!(server.anonymous().post(path, examples[step]["value"].clone()).await.status, status, "{step}");
    }
}
