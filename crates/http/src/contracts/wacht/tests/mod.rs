//! The contract over a core of fakes, as a browser sees it.

mod document;
mod failures;
mod profile;
mod recovery;
mod session;
mod sign_in;
mod sign_up;
mod staging;
mod strangers;

use actix_web::{
    http::header::HeaderMap,
    test::{TestRequest, call_service, init_service, read_body},
};
use selfsame_domain::OpaqueToken;
use selfsame_testing::{
    core::{PASSWORD, TestCore},
    fakes::code_of,
};
use serde_json::{Value, json};

use super::{WachtMode, WachtOptions};
use crate::{HttpOptions, LaneOptions, Lanes, Services, Shared, app};

const EMAIL: &str = "ada@example.com";

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of the first error.
    fn error(&self) -> (u16, &str) {
        (self.status, self.body["errors"][0]["code"].as_str().unwrap_or_default())
    }

    /// What a cookie was set to; empty if it was taken away.
    fn cookie(&self, name: &str) -> Option<&str> {
        let mut set = self.headers.get_all("set-cookie").map(|value| value.to_str().unwrap());
        set.find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')?.split(';').next())
    }

    fn data(&self) -> &Value {
        assert_eq!(self.status, 200, "{}", self.body);
        &self.body["data"]
    }
}

/// The server in a state that lasts from request to request.
struct Server {
    world: TestCore,
    shared: Shared,
}

impl Server {
    fn new() -> Self {
        Self::with(TestCore::new(), WachtOptions::default())
    }

    fn with(world: TestCore, wacht: WachtOptions) -> Self {
        let options = HttpOptions::new("http://localhost:8080".parse().unwrap());
        let services = Services { wacht, ..Services::new(world.core.clone()) };
        let shared = Shared::new(options, Lanes::new(LaneOptions::default()).unwrap(), services, None);
        Self { world, shared }
    }

    async fn send(&self, request: TestRequest) -> Answer {
        let server = init_service(app(&self.shared)).await;
        let response = call_service(&server, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read_body(response).await;
        Answer { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() }
    }

    /// A browser without a cookie.
    fn browser(&self) -> Browser<'_> {
        Browser { server: self, cookie: None }
    }

    /// A browser that Ada, made if need be, is signed in to.
    fn adas_browser(&self) -> Browser<'_> {
        self.world.verified_user(EMAIL);
        self.browser_of(EMAIL)
    }

    /// A browser that somebody is signed in to.
    fn browser_of(&self, email: &str) -> Browser<'_> {
        Browser { server: self, cookie: Some(self.world.cookie(email).expose().to_owned()) }
    }

    /// The code in the last mail to an address.
    fn mailed_code(&self, address: &str) -> String {
        let mails = self.world.mails_to(address);
        code_of(mails.last().unwrap()).unwrap().to_owned()
    }
}

/// A browser with its one cookie.
struct Browser<'s> {
    server: &'s Server,
    cookie: Option<String>,
}

impl Browser<'_> {
    async fn send(&mut self, mut request: TestRequest) -> Answer {
        if let Some(cookie) = &self.cookie {
            request = request.insert_header(("Cookie", format!("session_id={cookie}")));
        }
        let answer = self.server.send(request).await;
        if let Some(cookie) = answer.cookie("session_id") {
            assert_eq!(answer.cookie("__session"), Some(cookie), "both names, one value");
            self.cookie = Some(cookie.to_owned()).filter(|cookie| !cookie.is_empty());
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(TestRequest::post().uri(path).set_form(form)).await
    }

    async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(TestRequest::patch().uri(path).set_json(body)).await
    }

    /// Signs up and answers the id of the attempt.
    async fn sign_up(&mut self, email: &str) -> String {
        let answer = self.post("/auth/signup", &[("email", email), ("password", PASSWORD)]).await;
        last(answer.data(), "signup_attempts")["id"].as_str().unwrap().to_owned()
    }

    async fn prepare(&mut self, attempt: &str) -> Answer {
        let query = format!("attempt_identifier={attempt}&identifier_type=signup&strategy=email_otp");
        self.post(&format!("/auth/prepare-verification?{query}"), &[]).await
    }

    async fn verify(&mut self, attempt: &str, code: &str) -> Answer {
        let path = format!("/auth/attempt-verification?attempt_identifier={attempt}&identifier_type=signup");
        self.post(&path, &[("verification_code", code)]).await
    }

    async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/auth/signin", &[("strategy", "plain_email"), ("email", email), ("password", password)]).await
    }
}

/// The last attempt of a session's list.
fn last<'s>(session: &'s Value, list: &str) -> &'s Value {
    session[list].as_array().unwrap().last().unwrap()
}

/// The names of an object's members, sorted.
fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn is_token(text: &str) -> bool {
    OpaqueToken::parse(text).is_some()
}
