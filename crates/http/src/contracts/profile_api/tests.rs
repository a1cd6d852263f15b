//! The contract over a core of fakes: the recorded behaviour of its model, and what this project adds.

mod account;
mod email;
mod recorded;

use actix_web::{
    http::header::HeaderMap,
    test::{TestRequest, call_service, init_service, read_body},
};
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use crate::{HttpOptions, LaneOptions, Lanes, Services, Shared, app};

const EMAIL: &str = "ada@example.com";

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// Of each validation error: its kind, its place and its `input`.
    fn errors(&self) -> Vec<(Value, Value, Value)> {
        assert_eq!(self.status, 422, "{}", self.body);
        let parts = |error: &Value| (error["type"].clone(), error["loc"].clone(), error["input"].clone());
        self.json()["detail"].as_array().unwrap().iter().map(parts).collect()
    }
}

async fn send(world: &TestCore, request: TestRequest) -> Answer {
    let options = HttpOptions::new("http://localhost:8080".parse().unwrap());
    let lanes = Lanes::new(LaneOptions::default()).unwrap();
    let shared = Shared::new(options, lanes, Services::new(world.core.clone()), None);
    let server = init_service(app(&shared)).await;
    let response = call_service(&server, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
    Answer { status, headers, body }
}

/// A core with Ada's account, and her access token.
fn signed_in() -> (TestCore, String) {
    let world = TestCore::new();
    world.verified_user(EMAIL);
    let token = world.tokens(EMAIL).access_token.token;
    (world, token)
}

fn with_token(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {token}")))
}

async fn get(world: &TestCore, token: &str) -> Answer {
    send(world, with_token(TestRequest::get().uri("/api/v1/me"), token)).await
}

async fn patch(world: &TestCore, token: &str, body: Value) -> Answer {
    send(world, with_token(TestRequest::patch().uri("/api/v1/me"), token).set_json(body)).await
}

async fn post(world: &TestCore, path: &str, token: &str, body: Value) -> Answer {
    send(world, with_token(TestRequest::post().uri(path), token).set_json(body)).await
}

/// The shape of a [`super::rejection::Detail`].
fn detail(text: &str) -> Value {
    json!({ "detail": text })
}
