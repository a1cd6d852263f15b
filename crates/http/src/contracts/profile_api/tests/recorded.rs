//! The behaviour that was recorded from FastAPI 0.127 and pydantic 2, byte for byte.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::*;
use crate::contracts::profile_api::{
    json::Json,
    validation::{HttpValidationError, ValidationError},
};

/// One request and what the model answered. `response` is compact, as sent.
#[derive(Deserialize)]
struct Case<'j> {
    name: String,
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    status: u16,
    #[serde(borrow)]
    response: &'j RawValue,
    compare: String,
}

const CASES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/profile_api_422_cases.json"));

impl Case<'_> {
    fn request(&self, token: &str) -> TestRequest {
        let method = Method::from_bytes(self.method.as_bytes()).unwrap();
        let mut request = TestRequest::with_uri(&self.path).method(method);
        for (name, value) in &self.headers {
            let value = if name == "authorization" { format!("Bearer {token}") } else { value.clone() };
            request = request.insert_header((name.as_str(), value));
        }
        match &self.body {
            Some(body) => request.set_payload(body.clone()),
            None => request,
        }
    }

    /// What this server answers: the same, but that passwords are masked (R51).
    fn expected(&self) -> String {
        match self.name.as_str() {
            "password_missing_new" => {
                self.response.get().replace(r#"{"current_password":"a"}"#, r#"{"current_password":"***"}"#)
            }
            "password_int_new" => self.response.get().replace("12345678", r#""***""#),
            "trailing_slash" => String::new(),
            _ => self.response.get().to_owned(),
        }
    }
}

#[actix_web::test]
async fn every_recorded_request_is_answered_as_recorded() {
    let cases: Vec<Case<'_>> = serde_json::from_str(CASES).unwrap();
    for case in cases.iter().filter(|case| case.path.starts_with("/api/")) {
        let (world, token) = signed_in();
        let answer = send(&world, case.request(&token)).await;
        assert_eq!(answer.status, case.status, "{}: {}", case.name, answer.body);
        if case.compare == "status-and-body" {
            assert_eq!(answer.body, case.expected(), "{}", case.name);
        }
        if answer.status == 422 {
            assert_eq!(answer.header("content-type"), "application/json", "{}", case.name);
        }
    }
}

#[test]
fn errors_with_a_context_are_written_as_recorded() {
    let text = |text: &str| Json::String(text.to_owned());
    let why = "Password must be at least 8 characters";
    for (name, error) in [
        ("probe_too_short", ValidationError::too_short(Some("s"), text("ab"), 3)),
        ("probe_too_long", ValidationError::too_long(Some("s"), text("abcdef"), 5)),
        ("probe_value_error", ValidationError::value_error(Some("new_password"), text("short"), why)),
    ] {
        let cases: Vec<Case<'_>> = serde_json::from_str(CASES).unwrap();
        let recorded = cases.iter().find(|case| case.name == name).unwrap();
        let written = serde_json::to_string(&HttpValidationError { detail: &[error] }).unwrap();
        assert_eq!(written, recorded.response.get(), "{name}");
    }
}

#[actix_web::test]
async fn a_trailing_slash_is_redirected_with_any_method_and_its_query() {
    let (world, _) = signed_in();
    for (request, location) in [
        (TestRequest::get().uri("/api/v1/me/?a=b"), "/api/v1/me?a=b"),
        (TestRequest::put().uri("/api/v1/me/"), "/api/v1/me"),
        (TestRequest::post().uri("/api/v1/me/password/"), "/api/v1/me/password"),
        (TestRequest::post().uri("/api/v1/me/verify-email/confirm/"), "/api/v1/me/verify-email/confirm"),
    ] {
        let answer = send(&world, request).await;
        assert_eq!((answer.status, answer.header("location")), (307, location));
    }
}

#[actix_web::test]
async fn r60_other_methods_are_405_and_allow_names_the_first_one_only() {
    let (world, token) = signed_in();
    for (method, path, allow) in [
        (Method::PUT, "/api/v1/me", "GET"),
        (Method::HEAD, "/api/v1/me", "GET"),
        (Method::OPTIONS, "/api/v1/me", "GET"),
        (Method::DELETE, "/api/v1/me", "GET"),
        (Method::GET, "/api/v1/me/password", "POST"),
        (Method::PATCH, "/api/v1/me/verify-email", "POST"),
        (Method::GET, "/api/v1/me/verify-email/confirm", "POST"),
    ] {
        let answer = send(&world, with_token(TestRequest::with_uri(path).method(method.clone()), &token)).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
        if method != Method::HEAD {
            assert_eq!(answer.json(), detail("Method Not Allowed"));
        }
    }
}

#[actix_web::test]
async fn r60_unknown_paths_are_404_in_this_shape() {
    let (world, _) = signed_in();
    for path in ["/api/v1/nope", "/api/v1", "/api/v1/me/nope", "/api/v1/nope/", "/api/v1/me//"] {
        let answer = send(&world, TestRequest::get().uri(path)).await;
        assert_eq!((answer.status, answer.json()), (404, detail("Not Found")), "{path}");
    }
}

async fn patched(body: impl Into<actix_web::web::Bytes>, content_type: Option<&str>) -> Answer {
    let (world, token) = signed_in();
    let mut request = with_token(TestRequest::patch().uri("/api/v1/me"), &token).set_payload(body);
    if let Some(content_type) = content_type {
        request = request.insert_header(("content-type", content_type));
    }
    send(&world, request).await
}

#[actix_web::test]
async fn json_comes_under_three_kinds_of_content_type_and_nothing_else() {
    for content_type in [None, Some("Application/JSON; charset=UTF-8"), Some("application/vnd.x+json")] {
        assert_eq!(patched(r#"{"first_name":"a"}"#, content_type).await.status, 200, "{content_type:?}");
    }
    for content_type in ["text/json", "application/x-www-form-urlencoded", "application/jsonp", "nonsense"] {
        let answer = patched(r#"{"first_name":"a"}"#, Some(content_type)).await;
        let input = json!(r#"{"first_name":"a"}"#);
        assert_eq!(answer.errors(), [(json!("model_attributes_type"), json!(["body"]), input)], "{content_type}");
    }
}

#[actix_web::test]
async fn what_is_no_text_or_beyond_measure_is_400() {
    let deep = "[".repeat(5000);
    for body in [b"{\"first_name\":\"\xff\"}".to_vec(), deep.into_bytes(), "7".repeat(5000).into_bytes()] {
        let answer = patched(body, Some("application/json")).await;
        assert_eq!((answer.status, answer.json()), (400, detail("There was an error parsing the body")));
    }
    let answer = patched("\u{feff}{\"first_name\":\"a\"}", Some("application/json")).await;
    assert_eq!(answer.status, 200, "a byte order mark is skipped");
}

#[actix_web::test]
async fn r84_a_body_beyond_the_limit_is_413() {
    let answer = patched(vec![b' '; 300 * 1024], Some("application/json")).await;
    assert_eq!((answer.status, answer.json()), (413, detail("Request Entity Too Large")));
}

#[actix_web::test]
async fn of_two_members_of_one_name_the_last_counts() {
    let answer = patched(r#"{"first_name":1,"first_name":"Ada"}"#, None).await;
    assert_eq!((answer.status, &answer.json()["first_name"]), (200, &json!("Ada")));
}
