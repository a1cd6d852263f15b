//! `POST /api/v1/me/password`.

use actix_web::http::Method;
use selfsame_ports::Mail;
use selfsame_testing::core::PASSWORD as OLD;
use serde_json::json;

use super::{EMAIL, ME, PASSWORD};
use crate::testing::{Answer, Client, TestServer};

const NEW: &str = "seven gentle otters juggle pebbles";

impl Client {
    async fn change_password(&self, current: &str, new: &str) -> Answer {
        self.post(PASSWORD, json!({"current_password": current, "new_password": new})).await
    }
}

#[actix_web::test]
async fn r21_r25_a_new_password_ends_every_other_sign_in_and_is_told_by_mail() {
    let server = TestServer::new().await;
    let (ada, elsewhere) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let answer = ada.change_password(OLD, NEW).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.json()["message"].is_string());
    assert_eq!(ada.get(ME).await.status, 200);
    assert_eq!(elsewhere.get(ME).await.status, 401);
    assert!(server.mails_to(EMAIL) == [Mail::PasswordChanged]);
    assert_eq!(ada.change_password(NEW, "eleven quiet lanterns drift").await.status, 200, "the new one is in force");
}

#[actix_web::test]
async fn a_wrong_current_password_is_400_and_changes_nothing() {
    let ada = TestServer::new().await.bearer(EMAIL);
    assert_eq!(ada.change_password("wrong", NEW).await.detail(), (400, "Current password is incorrect"));
    assert_eq!(ada.change_password(OLD, NEW).await.status, 200);
}

#[actix_web::test]
async fn r17_r18_a_weak_new_password_is_a_value_error_and_is_not_echoed() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let expected = [("value_error", &json!(["body", "new_password"]), &json!("***"))];
    for new in ["short", "passwordpassword", EMAIL, OLD] {
        assert_eq!(ada.change_password(OLD, new).await.validation_errors(), expected, "{new}");
    }
    let too_short = ada.change_password(OLD, "short").await;
    let message = "Value error, Password must be at least 15 characters";
    assert_eq!(too_short.json()["detail"][0]["msg"], message);
}

#[actix_web::test]
async fn r51_no_password_comes_back_whatever_is_wrong_with_the_body() {
    let ada = TestServer::new().await.bearer(EMAIL);
    for (content_type, body) in [
        ("application/json", r#"{"current_password":"hunter2"}"#),
        ("application/json", r#"{"currentPassword":"hunter2","new_password":["hunter2"]}"#),
        ("application/json", r#"{"current_password":{"a":"hunter2"},"new_password":null}"#),
        ("application/json", r#"["hunter2"]"#),
        ("application/json", r#""hunter2""#),
        ("application/json", r#"{"current_password":"hunter2"#),
        ("text/plain", "hunter2"),
    ] {
        let answer = ada.send_as((Method::POST, PASSWORD), content_type, body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    }
}

#[actix_web::test]
async fn r86_a_spent_budget_is_429_and_says_when_to_come_back() {
    let ada = TestServer::new().await.bearer(EMAIL);
    for _ in 0..10 {
        ada.change_password("wrong", NEW).await;
    }
    let answer = ada.change_password("wrong", NEW).await;
    assert_eq!(answer.detail(), (429, "Too Many Requests"));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn r82_a_full_hashing_queue_is_503_and_says_when_to_come_back() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    server.passwords.set_busy(true);
    let answer = ada.change_password(OLD, NEW).await;
    assert_eq!(answer.detail(), (503, "Service Unavailable"));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn types_and_rules_are_told_together_in_the_models_order() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let answer = ada.post(PASSWORD, json!({"new_password": "short"})).await;
    let expected = [
        ("missing", &json!(["body", "current_password"]), &json!({"new_password": "***"})),
        ("value_error", &json!(["body", "new_password"]), &json!("***")),
    ];
    assert_eq!(answer.validation_errors(), expected);
    let answer = ada.post(PASSWORD, json!({"current_password": 1, "new_password": 2})).await;
    assert_eq!(answer.validation_errors().len(), 2, "a field of the wrong type breaks no rule: {}", answer.text());
}
