//! The behaviour that was recorded from FastAPI 0.127 and pydantic 2, byte for byte.

use std::collections::BTreeMap;

use actix_web::{http::Method, test::TestRequest};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::EMAIL;
use crate::{
    contracts::profile_api::{
        json::Json,
        validation::{HttpValidationError, ValidationError},
    },
    testing::TestServer,
};

/// A request, and the recorded response of the framework.
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

    /// The expected response: the recorded one, with masked passwords (R51).
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
        let server = TestServer::new().await;
        server.account(EMAIL);
        let answer = server.send(case.request(&server.tokens(EMAIL).access_token.token)).await;
        assert_eq!(answer.status, case.status, "{}: {}", case.name, answer.text());
        if case.compare == "status-and-body" {
            assert_eq!(answer.text(), case.expected(), "{}", case.name);
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
        let written = serde_json::to_string(&HttpValidationError { detail: vec![error] }).unwrap();
        assert_eq!(written, recorded.response.get(), "{name}");
    }
}
