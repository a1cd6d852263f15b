//! Reading and changing the profile and the password.

use selfsame_domain::{EmailAddress, Identifier};
use selfsame_ports::Mail;
use selfsame_testing::{builders::fresh_id, core::PASSWORD};

use super::*;

const OTHER_PASSWORD: &str = "seven gentle otters juggle pebbles";

#[actix_web::test]
async fn r70_the_profile_has_these_members_and_null_where_nothing_is_set() {
    let (world, token) = signed_in();
    let answer = get(&world, &token).await;
    let mut profile = answer.json();
    let id = profile["id"].take();
    assert!(id.as_str().unwrap().parse::<i64>().unwrap() > 0, "{id}");
    for instant in ["created_at", "updated_at"] {
        assert_eq!(profile[instant].take(), json!("2026-03-14T15:09:26.535Z"), "{instant}");
    }
    let expected = json!({
        "id": null, "email": EMAIL, "email_verified": true, "username": null, "first_name": null, "last_name": null,
        "display_name": null, "phone": null, "phone_verified": false, "locale": null, "timezone": null, "picture": null,
        "mfa_enabled": false, "status": "ACTIVE", "created_at": null, "updated_at": null,
    });
    assert_eq!((answer.status, profile), (200, expected));
    assert_eq!(answer.header("content-type"), "application/json");
}

#[actix_web::test]
async fn a_change_is_normalised_answered_and_read_back() {
    let (world, token) = signed_in();
    let body = json!({
        "first_name": " Ada ", "last_name": "Lovelace", "display_name": "Countess", "phone": "+31 6 1234 5678",
        "locale": "en_gb", "timezone": "Europe/London", "username": "ignored", "id": 7,
    });
    let changed = patch(&world, &token, body).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let profile = changed.json();
    for (member, value) in [
        ("first_name", json!("Ada")),
        ("last_name", json!("Lovelace")),
        ("display_name", json!("Countess")),
        ("phone", json!("+31612345678")),
        ("phone_verified", json!(false)),
        ("locale", json!("en-GB")),
        ("timezone", json!("Europe/London")),
        ("username", Value::Null),
    ] {
        assert_eq!(profile[member], value, "{member}");
    }
    assert_ne!(profile["updated_at"], profile["created_at"]);
    assert_eq!(get(&world, &token).await.json(), profile);
}

#[actix_web::test]
async fn absent_keeps_while_null_and_the_empty_string_clear() {
    let (world, token) = signed_in();
    patch(&world, &token, json!({"first_name": "Ada", "last_name": "Lovelace", "phone": "+31612345678"})).await;
    let profile = patch(&world, &token, json!({"last_name": null, "phone": ""})).await.json();
    assert_eq!(
        (&profile["first_name"], &profile["last_name"], &profile["phone"]),
        (&json!("Ada"), &Value::Null, &Value::Null)
    );
}

#[actix_web::test]
async fn broken_rules_are_told_all_at_once_in_the_models_order_and_nothing_is_changed() {
    let (world, token) = signed_in();
    let long = "é".repeat(101);
    let body = json!({
        "timezone": "Mars/Olympus", "locale": "not a tag", "phone": "12", "display_name": "a\u{0}b", "first_name": long,
        "last_name": "Lovelace",
    });
    let answer = patch(&world, &token, body).await;
    let value_error = |field: &str, input: &str| (json!("value_error"), json!(["body", field]), json!(input));
    let expected = [
        (json!("string_too_long"), json!(["body", "first_name"]), json!(long)),
        value_error("display_name", "a\u{0}b"),
        value_error("phone", "12"),
        value_error("locale", "not a tag"),
        value_error("timezone", "Mars/Olympus"),
    ];
    assert_eq!(answer.errors(), expected);
    let errors = answer.json();
    assert_eq!(errors["detail"][0]["msg"], "String should have at most 100 characters");
    assert_eq!(errors["detail"][0]["ctx"], json!({"max_length": 100}));
    assert!(errors["detail"][2]["msg"].as_str().unwrap().starts_with("Value error, Phone must be"));
    assert_eq!(errors["detail"][2]["ctx"], json!({"error": {}}));
    assert_eq!(get(&world, &token).await.json()["last_name"], Value::Null);
}

#[actix_web::test]
async fn without_a_good_token_there_is_nothing_but_401() {
    let (world, token) = signed_in();
    let cookie = world.cookie(EMAIL);
    let path = "/api/v1/me";
    for request in [
        TestRequest::get().uri(path),
        with_token(TestRequest::get().uri(path), "not-a-token"),
        with_token(TestRequest::get().uri(path), &format!("{token}x")),
        TestRequest::get().uri(path).insert_header(("authorization", format!("Token {token}"))),
        TestRequest::get().uri(path).insert_header(("cookie", format!("session_id={}", cookie.expose()))),
        TestRequest::patch().uri(path).set_json(json!({"first_name": 1})),
        TestRequest::post().uri("/api/v1/me/password").set_json(json!({})),
        TestRequest::post().uri("/api/v1/me/verify-email"),
    ] {
        let answer = send(&world, request).await;
        assert_eq!((answer.status, answer.json()), (401, detail("Not authenticated")));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    world.clock.advance(std::time::Duration::from_secs(301));
    assert_eq!(get(&world, &token).await.status, 401, "an expired token");
}

async fn change_password(world: &TestCore, token: &str, current: &str, new: &str) -> Answer {
    post(world, "/api/v1/me/password", token, json!({"current_password": current, "new_password": new})).await
}

#[actix_web::test]
async fn r21_r25_a_new_password_ends_every_other_sign_in_and_is_told_by_mail() {
    let (world, token) = signed_in();
    let elsewhere = world.tokens(EMAIL).access_token.token;
    let answer = change_password(&world, &token, PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.json()["message"].is_string());
    assert_eq!(get(&world, &token).await.status, 200);
    assert_eq!(get(&world, &elsewhere).await.status, 401);
    assert!(world.mails_to(EMAIL) == [Mail::PasswordChanged]);
    assert_eq!(change_password(&world, &token, OTHER_PASSWORD, PASSWORD).await.status, 200, "the new one is in force");
}

#[actix_web::test]
async fn a_wrong_current_password_is_400_and_changes_nothing() {
    let (world, token) = signed_in();
    let answer = change_password(&world, &token, "wrong", OTHER_PASSWORD).await;
    assert_eq!((answer.status, answer.json()), (400, detail("Current password is incorrect")));
    assert_eq!(change_password(&world, &token, PASSWORD, OTHER_PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn r17_r18_a_weak_new_password_is_a_value_error_and_is_not_echoed() {
    let (world, token) = signed_in();
    for new in ["short", "passwordpassword", EMAIL, PASSWORD] {
        let answer = change_password(&world, &token, PASSWORD, new).await;
        assert_eq!(answer.errors(), [(json!("value_error"), json!(["body", "new_password"]), json!("***"))], "{new}");
    }
    let too_short = change_password(&world, &token, PASSWORD, "short").await.json();
    assert_eq!(too_short["detail"][0]["msg"], "Value error, Password must be at least 15 characters");
}

#[actix_web::test]
async fn r51_no_password_comes_back_whatever_is_wrong_with_the_body() {
    let (world, token) = signed_in();
    let path = "/api/v1/me/password";
    for (content_type, body) in [
        ("application/json", r#"{"current_password":"hunter2"}"#),
        ("application/json", r#"{"currentPassword":"hunter2","new_password":["hunter2"]}"#),
        ("application/json", r#"{"current_password":{"a":"hunter2"},"new_password":null}"#),
        ("application/json", r#"["hunter2"]"#),
        ("application/json", r#""hunter2""#),
        ("application/json", r#"{"current_password":"hunter2"#),
        ("text/plain", "hunter2"),
    ] {
        let request = with_token(TestRequest::post().uri(path), &token).insert_header(("content-type", content_type));
        let answer = send(&world, request.set_payload(body)).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(!answer.body.contains("hunter2"), "{}", answer.body);
    }
}

#[actix_web::test]
async fn r86_a_spent_budget_is_429_and_says_when_to_come_back() {
    let (world, token) = signed_in();
    let mut answer = change_password(&world, &token, "wrong", OTHER_PASSWORD).await;
    for _ in 0..10 {
        answer = change_password(&world, &token, "wrong", OTHER_PASSWORD).await;
    }
    assert_eq!((answer.status, answer.json()), (429, detail("Too Many Requests")));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn r82_a_full_hashing_queue_is_503_and_says_when_to_come_back() {
    let (world, token) = signed_in();
    world.passwords.set_busy(true);
    let answer = change_password(&world, &token, PASSWORD, OTHER_PASSWORD).await;
    assert_eq!((answer.status, answer.json()), (503, detail("Service Unavailable")));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn the_address_shown_is_the_primary_one() {
    let (world, token) = signed_in();
    let user = world.caller(&world.tokens(EMAIL)).user;
    let second = EmailAddress::parse("ada@example.org").unwrap();
    let second = Identifier::email(fresh_id(), &second, false, user.created_at);
    let mut unit = world.core.storage.begin().unwrap();
    let mut with_second = user.clone();
    with_second.identifiers.push(second);
    unit.accounts().save(&user, &with_second).unwrap();
    unit.commit().unwrap();
    let profile = get(&world, &token).await.json();
    assert_eq!((&profile["email"], &profile["email_verified"]), (&json!(EMAIL), &json!(true)));
}

#[actix_web::test]
async fn types_and_rules_are_told_together_in_the_models_order() {
    let (world, token) = signed_in();
    let body =
        json!({"timezone": "Mars/Olympus", "phone": 7, "first_name": "a\u{0}b", "locale": [], "last_name": "Ada"});
    let answer = patch(&world, &token, body).await;
    let wrong = |kind: &str, field: &str, input: Value| (json!(kind), json!(["body", field]), input);
    assert_eq!(
        answer.errors(),
        [
            wrong("value_error", "first_name", json!("a\u{0}b")),
            wrong("string_type", "phone", json!(7)),
            wrong("string_type", "locale", json!([])),
            wrong("value_error", "timezone", json!("Mars/Olympus")),
        ]
    );
    let body = json!({"new_password": "short"});
    let answer = post(&world, "/api/v1/me/password", &token, body).await;
    assert_eq!(
        answer.errors(),
        [
            wrong("missing", "current_password", json!({"new_password": "***"})),
            wrong("value_error", "new_password", json!("***")),
        ]
    );
    let answer = post(&world, "/api/v1/me/password", &token, json!({"current_password": 1, "new_password": 2})).await;
    assert_eq!(answer.errors().len(), 2, "a field of the wrong type breaks no rule: {}", answer.body);
}
