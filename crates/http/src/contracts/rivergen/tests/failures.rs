//! Errors of bodies and of the framework.

use actix_web::http::Method;
use selfsame_ports::StorageError;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::{EMAIL, LOGIN, ME, PROFILE, SIGN_UP};
use crate::testing::TestServer;

#[actix_web::test]
async fn all_that_is_missing_or_of_the_wrong_type_is_told_at_once() {
    let nobody = TestServer::new().await.anonymous();
    assert_eq!(nobody.post(SIGN_UP, json!({})).await.wrong_fields(), ["email", "password"]);
    let wrong = json!({"email": 7, "password": null, "display_name": [], "agree_to_terms": "yes"});
    let answer = nobody.post(SIGN_UP, wrong).await;
    assert_eq!(answer.wrong_fields(), ["email", "password", "display_name", "agree_to_terms"]);
    let errors = &answer.json()["error"]["details"]["errors"];
    assert_eq!(errors[0], json!({"field": "email", "reason": "must be a string"}));
    assert_eq!(errors[3], json!({"field": "agree_to_terms", "reason": "must be a boolean"}));
}

#[actix_web::test]
async fn broken_rules_are_told_together_with_what_cannot_be_read() {
    let server = TestServer::new().await;
    let (jane, nobody) = (server.bearer(EMAIL), server.anonymous());
    let wrong = json!({"email": "nowhere", "password": "short", "display_name": "", "agree_to_terms": false});
    let answer = nobody.post(SIGN_UP, wrong).await;
    assert_eq!(answer.wrong_fields(), ["agree_to_terms", "email", "display_name", "password"]);
    let answer = nobody.post(SIGN_UP, json!({"email": 1, "password": "short"})).await;
    assert_eq!(answer.wrong_fields(), ["email", "password"], "a member of the wrong type breaks no rule");

    let wrong = json!({"display_name": "", "profile_image_url": "ftp://example.com", "profile": null});
    let answer = jane.put(PROFILE, wrong).await;
    assert_eq!(answer.wrong_fields(), ["profile", "profile_image_url", "display_name"]);
}

#[actix_web::test]
async fn what_is_no_json_object_is_told_of_the_body() {
    let nobody = TestServer::new().await.anonymous();
    let cases = [
        ("", "is not valid JSON"),
        ("{", "is not valid JSON"),
        (r#"{"email": "\ud800"#, "is not valid JSON"),
        ("[]", "must be a JSON object that names no member twice"),
        (r#"{"email": "a@b.example", "email": "c@d.example"}"#, "must be a JSON object that names no member twice"),
    ];
    for (body, reason) in cases {
        let answer = nobody.send_as((Method::POST, LOGIN), "application/json", body).await;
        let details = answer.failed(422, "VALIDATION_ERROR");
        assert_eq!(details, &json!({"errors": [{"field": "body", "reason": reason}]}), "{body}");
    }
}

#[actix_web::test]
async fn r53_only_json_is_read() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let body = json!({"email": EMAIL, "password": PASSWORD}).to_string();
    let login = (Method::POST, LOGIN);
    for content_type in ["", "text/plain", "application/x-www-form-urlencoded"] {
        let answer = server.anonymous().send_as(login.clone(), content_type, body.clone()).await;
        answer.failed(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    let answer = server.anonymous().send_as(login, "application/json; charset=utf-8", body).await;
    answer.succeeded(200, "Login successful");
}

#[actix_web::test]
async fn r84_a_body_beyond_the_limit_is_413_and_only_the_profile_takes_more() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    let large = json!({"email": "x".repeat(300 << 10), "password": "x"});
    server.anonymous().post(LOGIN, &large).await.failed(413, "PAYLOAD_TOO_LARGE");
    jane.put(PROFILE, large).await.failed(413, "PAYLOAD_TOO_LARGE");
    let picture = |bytes: usize| json!({"profile_image_url": format!("data:image/png;base64,{}", "A".repeat(bytes))});
    jane.put(PROFILE, picture(1 << 20)).await.failed(422, "VALIDATION_ERROR");
    jane.put(PROFILE, picture(18 << 20)).await.failed(413, "PAYLOAD_TOO_LARGE");
}

#[actix_web::test]
async fn r60_unknown_paths_and_methods_are_told_in_the_same_shape() {
    let nobody = TestServer::new().await.anonymous();
    nobody.get("/api/v1/auth/nothing").await.failed(404, "RESOURCE_NOT_FOUND");
    let answer = nobody.get(LOGIN).await;
    answer.failed(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "POST");
    nobody.send_as((Method::POST, ME), "", "").await.failed(405, "METHOD_NOT_ALLOWED");
}

#[actix_web::test]
async fn r91_without_a_database_every_route_is_503_with_retry_after() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    server.storage.fail_with(StorageError::Unavailable("on purpose".to_owned()));
    let login = json!({"email": EMAIL, "password": "whatever it may be"});
    for answer in [jane.get(ME).await, server.anonymous().post(LOGIN, login).await, jane.put(PROFILE, json!({})).await]
    {
        answer.failed(503, "SERVICE_UNAVAILABLE");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(!answer.text().contains("on purpose"));
    }
    server.storage.recover();
    assert_eq!(jane.get(ME).await.status, 200);
}
