//! Errors of paths, methods and bodies.

use actix_web::{http::Method, test::TestRequest, web::Bytes};
use serde_json::json;

use super::{EMAIL, ME};
use crate::testing::{Answer, TestServer};

#[actix_web::test]
async fn a_trailing_slash_is_redirected_with_any_method_and_its_query() {
    let server = TestServer::new().await;
    for (request, location) in [
        (TestRequest::get().uri("/api/v1/me/?a=b"), "/api/v1/me?a=b"),
        (TestRequest::put().uri("/api/v1/me/"), "/api/v1/me"),
        (TestRequest::post().uri("/api/v1/me/password/"), "/api/v1/me/password"),
        (TestRequest::post().uri("/api/v1/me/verify-email/confirm/"), "/api/v1/me/verify-email/confirm"),
    ] {
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.header("location")), (307, location));
    }
}

#[actix_web::test]
async fn r60_other_methods_are_405_and_allow_names_the_first_one_only() {
    let ada = TestServer::new().await.bearer(EMAIL);
    for (method, path, allow) in [
        (Method::PUT, "/api/v1/me", "GET"),
        (Method::HEAD, "/api/v1/me", "GET"),
        (Method::OPTIONS, "/api/v1/me", "GET"),
        (Method::DELETE, "/api/v1/me", "GET"),
        (Method::GET, "/api/v1/me/password", "POST"),
        (Method::PATCH, "/api/v1/me/verify-email", "POST"),
        (Method::GET, "/api/v1/me/verify-email/confirm", "POST"),
    ] {
        let answer = ada.send(TestRequest::with_uri(path).method(method.clone())).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
        if method != Method::HEAD {
            assert_eq!(answer.detail(), (405, "Method Not Allowed"));
        }
    }
}

#[actix_web::test]
async fn r60_unknown_paths_are_404_in_this_shape() {
    let stranger = TestServer::new().await.anonymous();
    for path in ["/api/v1/nope", "/api/v1", "/api/v1/me/nope", "/api/v1/nope/", "/api/v1/me//"] {
        assert_eq!(stranger.get(path).await.detail(), (404, "Not Found"), "{path}");
    }
}

async fn patched(body: impl Into<Bytes>, content_type: &str) -> Answer {
    TestServer::new().await.bearer(EMAIL).send_as((Method::PATCH, ME), content_type, body).await
}

#[actix_web::test]
async fn json_comes_under_three_kinds_of_content_type_and_nothing_else() {
    for content_type in ["", "Application/JSON; charset=UTF-8", "application/vnd.x+json"] {
        assert_eq!(patched(r#"{"first_name":"a"}"#, content_type).await.status, 200, "{content_type:?}");
    }
    for content_type in ["text/json", "application/x-www-form-urlencoded", "application/jsonp", "nonsense"] {
        let answer = patched(r#"{"first_name":"a"}"#, content_type).await;
        let input = json!(r#"{"first_name":"a"}"#);
        let expected = [("model_attributes_type", &json!(["body"]), &input)];
        assert_eq!(answer.validation_errors(), expected, "{content_type}");
    }
}

#[actix_web::test]
async fn what_is_no_text_or_beyond_measure_is_400() {
    let deep = "[".repeat(5000);
    for body in [b"{\"first_name\":\"\xff\"}".to_vec(), deep.into_bytes(), "7".repeat(5000).into_bytes()] {
        let answer = patched(body, "application/json").await;
        assert_eq!(answer.detail(), (400, "There was an error parsing the body"));
    }
    let answer = patched("\u{feff}{\"first_name\":\"a\"}", "application/json").await;
    assert_eq!(answer.status, 200, "a byte order mark is skipped");
}

#[actix_web::test]
async fn r84_a_body_beyond_the_limit_is_413() {
    let answer = patched(vec![b' '; 300 * 1024], "application/json").await;
    assert_eq!(answer.detail(), (413, "Request Entity Too Large"));
}

#[actix_web::test]
async fn of_two_members_of_one_name_the_last_counts() {
    let answer = patched(r#"{"first_name":1,"first_name":"Ada"}"#, "").await;
    assert_eq!((answer.status, &answer.json()["first_name"]), (200, &json!("Ada")));
}
