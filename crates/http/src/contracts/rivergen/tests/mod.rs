//! The contract over a core in memory: every route, through the edge, as a client sees it.

mod body;
mod document;
mod email;
mod me;
mod passwords;
mod profile;
mod sign_in;
mod sign_up;

use std::{sync::Arc, time::Duration};

use actix_web::{
    http::{Method, header::HeaderMap},
    test::{TestRequest, init_service, read_body},
};
use selfsame_domain::User;
use selfsame_ports::Mail;
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use crate::{HttpOptions, LaneOptions, Lanes, Services, Shared, app};

const EMAIL: &str = "jane@example.com";

/// A server, and what is below it.
struct World {
    test: TestCore,
    shared: Shared,
}

impl World {
    fn new() -> Self {
        Self::over(TestCore::new())
    }

    fn over(test: TestCore) -> Self {
        let options = HttpOptions::new("http://localhost:8080".parse().unwrap());
        let lanes = Lanes::new(LaneOptions::default()).unwrap();
        let services = Services::new(Arc::clone(&test.core));
        Self { test, shared: Shared::new(options, lanes, services, None) }
    }

    /// A server with one account, and an access token of it.
    fn with_jane() -> (Self, User, String) {
        let world = Self::new();
        let jane = world.test.verified_user(EMAIL);
        let token = world.token(EMAIL);
        (world, jane, token)
    }

    /// An access token of an account.
    fn token(&self, email: &str) -> String {
        self.test.tokens(email).access_token.token
    }

    /// A JSON body from nobody.
    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, None, body).await
    }

    /// A JSON body from whom the token names.
    async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(token), body).await
    }

    async fn put_profile(&self, token: &str, body: Value) -> Answer {
        self.send(Method::PUT, "/me/profile", Some(token), body).await
    }

    async fn get_me(&self, token: &str) -> Answer {
        self.ask(request(Method::GET, "/me", Some(token))).await
    }

    async fn send(&self, method: Method, path: &str, token: Option<&str>, body: Value) -> Answer {
        self.ask(request(method, path, token).set_json(body)).await
    }

    async fn ask(&self, request: TestRequest) -> Answer {
        let service = init_service(app(&self.shared)).await;
        let response = match actix_web::dev::Service::call(&service, request.to_request()).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(error) => panic!("{error}"),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = read_body(response).await;
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status, headers, body }
    }

    /// Mails after this are newer than those before.
    fn a_second_later(&self) {
        self.test.clock.advance(Duration::from_secs(1));
    }

    /// The newest code and link that prove an address.
    fn proof(&self, email: &str) -> (String, String) {
        let mut proofs = self.test.mails_to(email).into_iter().filter_map(|mail| match mail {
            Mail::VerifyEmail { code, link: Some(link), .. } => Some((code, link)),
            _ => None,
        });
        let (code, link) = proofs.next_back().unwrap();
        (code, token_of(&link))
    }
}

/// A request to a route of this contract.
fn request(method: Method, path: &str, token: Option<&str>) -> TestRequest {
    let request = TestRequest::with_uri(&format!("/api/v1/auth{path}")).method(method);
    match token {
        Some(token) => request.insert_header(("Authorization", format!("Bearer {token}"))),
        None => request,
    }
}

/// What a mailed link carries.
fn token_of(link: &str) -> String {
    link.split_once("#token=").unwrap().1.to_owned()
}

/// A code that is not this one.
fn other_than(code: &str) -> String {
    let next = |digit: char| char::from_digit((digit.to_digit(10).unwrap() + 1) % 10, 10).unwrap();
    code.chars().map(next).collect()
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `data` of a success, whose envelope holds nothing else.
    #[track_caller]
    fn data(&self, status: u16, message: &str) -> &Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body, json!({"success": true, "data": self.body["data"], "message": message}));
        &self.body["data"]
    }

    /// `details` of a failure, in the shape that all of them have.
    #[track_caller]
    fn failed(&self, status: u16, code: &str) -> &Value {
        assert_eq!(self.status, status, "{}", self.body);
        let (message, details) = (&self.body["message"], &self.body["error"]["details"]);
        assert!(message.as_str().is_some_and(|message| !message.is_empty()), "{}", self.body);
        assert!(details.is_object(), "{}", self.body);
        let error = json!({"code": code, "message": message, "details": details});
        assert_eq!(self.body, json!({"success": false, "error": error, "message": message}));
        details
    }

    /// The fields of a 422.
    #[track_caller]
    fn wrong_fields(&self) -> Vec<&str> {
        let errors = self.failed(422, "VALIDATION_ERROR")["errors"].as_array().unwrap();
        assert!(errors.iter().all(|error| error["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
    }
}

/// The keys of an object, sorted.
fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// A text that is there and not empty.
fn text(value: &Value) -> &str {
    value.as_str().filter(|text| !text.is_empty()).unwrap()
}
