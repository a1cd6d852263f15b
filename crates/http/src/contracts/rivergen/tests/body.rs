//! Bodies and framework failures, whichever the route.

use actix_web::http::Method;
use serde_json::json;

use super::{EMAIL, World, request};

#[actix_web::test]
async fn all_that_is_missing_or_of_the_wrong_type_is_told_at_once() {
    let world = World::new();
    assert_eq!(world.post("/signup", json!({})).await.wrong_fields(), ["email", "password"]);
    let wrong = json!({"email": 7, "password": null, "display_name": [], "agree_to_terms": "yes"});
    let answer = world.post("/signup", wrong).await;
    assert_eq!(answer.wrong_fields(), ["email", "password", "display_name", "agree_to_terms"]);
    let errors = &answer.body["error"]["details"]["errors"];
    assert_eq!(errors[0], json!({"field": "email", "reason": "must be a string"}));
    assert_eq!(errors[3], json!({"field": "agree_to_terms", "reason": "must be a boolean"}));
}

#[actix_web::test]
async fn broken_rules_are_told_together_with_what_cannot_be_read() {
    let (world, _, token) = World::with_jane();
    let wrong = json!({"email": "nowhere", "password": "short", "display_name": "", "agree_to_terms": false});
    let answer = world.post("/signup", wrong).await;
    assert_eq!(answer.wrong_fields(), ["agree_to_terms", "email", "display_name", "password"]);
    let answer = world.post("/signup", json!({"email": 1, "password": "short"})).await;
    assert_eq!(answer.wrong_fields(), ["email", "password"], "a member of the wrong type breaks no rule");

    let wrong = json!({"display_name": "", "profile_image_url": "ftp://example.com", "profile": null});
    assert_eq!(world.put_profile(&token, wrong).await.wrong_fields(), ["profile", "profile_image_url", "display_name"]);
}

#[actix_web::test]
async fn what_is_no_json_object_is_told_of_the_body() {
    let world = World::new();
    let cases = [
        ("", "is not valid JSON"),
        ("{", "is not valid JSON"),
        (r#"{"email": "\ud800"#, "is not valid JSON"),
        ("[]", "must be a JSON object that names no member twice"),
        (r#"{"email": "a@b.example", "email": "c@d.example"}"#, "must be a JSON object that names no member twice"),
    ];
    for (body, reason) in cases {
        let sent = request(Method::POST, "/login", None).insert_header(("content-type", "application/json"));
        let answer = world.ask(sent.set_payload(body)).await;
        let details = answer.failed(422, "VALIDATION_ERROR");
        assert_eq!(details, &json!({"errors": [{"field": "body", "reason": reason}]}), "{body}");
    }
}

#[actix_web::test]
async fn r53_only_json_is_read() {
    let world = World::new();
    world.test.verified_user(EMAIL);
    let body = json!({"email": EMAIL, "password": selfsame_testing::core::PASSWORD}).to_string();
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut sent = request(Method::POST, "/login", None).set_payload(body.clone());
        if let Some(content_type) = content_type {
            sent = sent.insert_header(("content-type", content_type));
        }
        world.ask(sent).await.failed(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    let charset = ("content-type", "application/json; charset=utf-8");
    let answer = world.ask(request(Method::POST, "/login", None).insert_header(charset).set_payload(body)).await;
    answer.data(200, "Login successful");
}

#[actix_web::test]
async fn r84_a_body_beyond_the_limit_is_413_and_only_the_profile_takes_more() {
    let (world, _, token) = World::with_jane();
    let large = json!({"email": "x".repeat(300 << 10), "password": "x"});
    world.post("/login", large.clone()).await.failed(413, "PAYLOAD_TOO_LARGE");
    world.put_profile(&token, large).await.data(200, "Profile updated successfully");
    let too_large = json!({"display_name": "x".repeat(8 << 20)});
    world.put_profile(&token, too_large).await.failed(413, "PAYLOAD_TOO_LARGE");
}

#[actix_web::test]
async fn r60_unknown_paths_and_methods_are_told_in_the_same_shape() {
    let world = World::new();
    world.ask(request(Method::GET, "/nothing", None)).await.failed(404, "RESOURCE_NOT_FOUND");
    let answer = world.ask(request(Method::GET, "/login", None)).await;
    answer.failed(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "POST");
    world.ask(request(Method::POST, "/me", None)).await.failed(405, "METHOD_NOT_ALLOWED");
}

#[actix_web::test]
async fn r91_without_a_database_every_route_is_503_with_retry_after() {
    let (world, _, token) = World::with_jane();
    world.test.storage.fail_with(selfsame_ports::StorageError::Unavailable("on purpose".to_owned()));
    let login = json!({"email": EMAIL, "password": "whatever it may be"});
    for answer in
        [world.get_me(&token).await, world.post("/login", login).await, world.put_profile(&token, json!({})).await]
    {
        answer.failed(503, "SERVICE_UNAVAILABLE");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(!answer.body.to_string().contains("on purpose"));
    }
    world.test.storage.recover();
    assert_eq!(world.get_me(&token).await.status, 200);
}
