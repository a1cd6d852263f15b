//! `GET` and `PATCH /api/v1/me`.

use std::time::Duration;

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::{EMAIL, ME, PASSWORD};
use crate::testing::{TestServer, text};

#[actix_web::test]
async fn r70_the_profile_has_these_members_and_null_where_nothing_is_set() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let answer = ada.get(ME).await;
    assert!(text(&answer.json()["id"]).parse::<i64>().unwrap() > 0);
    insta::assert_json_snapshot!(answer.json(), {".id" => "[id]"}, @r#"
    {
      "created_at": "2026-03-14T15:09:26.535Z",
      "display_name": null,
      "email": "ada@example.com",
      "email_verified": true,
      "first_name": null,
      "id": "[id]",
      "last_name": null,
      "locale": null,
      "mfa_enabled": false,
      "phone": null,
      "phone_verified": false,
      "picture": null,
      "status": "ACTIVE",
      "timezone": null,
      "updated_at": "2026-03-14T15:09:26.535Z",
      "username": null
    }
    "#);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
}

#[actix_web::test]
async fn a_change_is_normalised_answered_and_read_back() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let body = json!({
        "first_name": " Ada ", "last_name": "Lovelace", "display_name": "Countess", "phone": "+31 6 1234 5678",
        "locale": "en_gb", "timezone": "Europe/London", "username": "ignored", "id": 7,
    });
    let changed = ada.patch(ME, body).await;
    insta::assert_json_snapshot!(changed.json(), {".id" => "[id]", ".updated_at" => "[time]"}, @r#"
    {
      "created_at": "2026-03-14T15:09:26.535Z",
      "display_name": "Countess",
      "email": "ada@example.com",
      "email_verified": true,
      "first_name": "Ada",
      "id": "[id]",
      "last_name": "Lovelace",
      "locale": "en-GB",
      "mfa_enabled": false,
      "phone": "+31612345678",
      "phone_verified": false,
      "picture": null,
      "status": "ACTIVE",
      "timezone": "Europe/London",
      "updated_at": "[time]",
      "username": null
    }
    "#);
    assert_ne!(changed.json()["updated_at"], changed.json()["created_at"]);
    assert_eq!(ada.get(ME).await.json(), changed.json());
}

#[actix_web::test]
async fn absent_keeps_while_null_and_the_empty_string_clear() {
    let ada = TestServer::new().await.bearer(EMAIL);
    ada.patch(ME, json!({"first_name": "Ada", "last_name": "Lovelace", "phone": "+31612345678"})).await;
    let answer = ada.patch(ME, json!({"last_name": null, "phone": ""})).await;
    let profile = answer.json();
    assert_eq!(profile["first_name"], "Ada");
    assert_eq!(profile["last_name"], Value::Null);
    assert_eq!(profile["phone"], Value::Null);
}

#[actix_web::test]
async fn broken_rules_are_told_all_at_once_in_the_models_order_and_nothing_is_changed() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let long = "é".repeat(101);
    let body = json!({
        "timezone": "Mars/Olympus", "locale": "not a tag", "phone": "12", "display_name": "a\u{0}b", "first_name": long,
        "last_name": "Lovelace",
    });
    let answer = ada.patch(ME, body).await;
    let expected = [
        ("string_too_long", &json!(["body", "first_name"]), &json!(long)),
        ("value_error", &json!(["body", "display_name"]), &json!("a\u{0}b")),
        ("value_error", &json!(["body", "phone"]), &json!("12")),
        ("value_error", &json!(["body", "locale"]), &json!("not a tag")),
        ("value_error", &json!(["body", "timezone"]), &json!("Mars/Olympus")),
    ];
    assert_eq!(answer.validation_errors(), expected);
    let errors = &answer.json()["detail"];
    assert_eq!(errors[0]["msg"], "String should have at most 100 characters");
    assert_eq!(errors[0]["ctx"], json!({"max_length": 100}));
    assert!(text(&errors[2]["msg"]).starts_with("Value error, Phone must be"));
    assert_eq!(errors[2]["ctx"], json!({"error": {}}));
    assert_eq!(ada.get(ME).await.json()["last_name"], Value::Null);
}

#[actix_web::test]
async fn without_a_good_token_there_is_nothing_but_401() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let token = server.tokens(EMAIL).access_token.token;
    let cookie = format!("session_id={}", server.cookie(EMAIL).expose());
    let get = |name: &'static str, value: String| TestRequest::get().uri(ME).insert_header((name, value));
    for request in [
        TestRequest::get().uri(ME),
        get("authorization", "Bearer not-a-token".to_owned()),
        get("authorization", format!("Bearer {token}x")),
        get("authorization", format!("Token {token}")),
        get("cookie", cookie),
        TestRequest::patch().uri(ME).set_json(json!({"first_name": 1})),
        TestRequest::post().uri(PASSWORD).set_json(json!({})),
        TestRequest::post().uri("/api/v1/me/verify-email"),
    ] {
        let answer = server.send(request).await;
        assert_eq!(answer.detail(), (401, "Not authenticated"));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    server.clock.advance(Duration::from_secs(301));
    assert_eq!(ada.get(ME).await.status, 401, "an expired token");
}

#[actix_web::test]
async fn the_address_shown_is_the_primary_one() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    server.add_email(EMAIL, 77, "ada@example.org", false);
    let answer = ada.get(ME).await;
    assert_eq!(answer.json()["email"], EMAIL);
    assert_eq!(answer.json()["email_verified"], true);
}

#[actix_web::test]
async fn types_and_rules_are_told_together_in_the_models_order() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let body =
        json!({"timezone": "Mars/Olympus", "phone": 7, "first_name": "a\u{0}b", "locale": [], "last_name": "Ada"});
    let answer = ada.patch(ME, body).await;
    let expected = [
        ("value_error", &json!(["body", "first_name"]), &json!("a\u{0}b")),
        ("string_type", &json!(["body", "phone"]), &json!(7)),
        ("string_type", &json!(["body", "locale"]), &json!([])),
        ("value_error", &json!(["body", "timezone"]), &json!("Mars/Olympus")),
    ];
    assert_eq!(answer.validation_errors(), expected);
}
