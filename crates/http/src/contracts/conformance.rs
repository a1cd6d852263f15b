//! Compares the OpenAPI document with the server. [`TestServer::send`] checks the status of every response in all
//! tests.

mod examples;
mod matrix;
mod scopes;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{
    http::Method,
    test::{TestRequest, init_service},
};
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use super::document;
use crate::{
    app,
    testing::{Answer, Browser, Client, TestServer, shared},
};

const EMAIL: &str = "ada@example.com";

/// A documented operation.
struct Operation {
    method: Method,
    path: String,
    documented: Value,
}

impl Operation {
    /// A request to it, with the examples of its parameters.
    fn request(&self) -> TestRequest {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for parameter in self.documented["parameters"].as_array().into_iter().flatten() {
            let (name, example) = (parameter["name"].as_str().unwrap(), &parameter["example"]);
            let example = example.as_str().map_or_else(|| example.to_string(), ToOwned::to_owned);
            match parameter["in"].as_str().unwrap() {
                "path" => path = path.replace(&format!("{{{name}}}"), &example),
                "query" => query.push(format!("{name}={example}")),
                _ => {}
            }
        }
        TestRequest::with_uri(&format!("{path}?{}", query.join("&"))).method(self.method.clone())
    }

    fn needs_credential(&self) -> bool {
        let requirements = self.documented["security"].as_array().unwrap();
        !requirements
            .iter()
            .any(|requirement| *requirement == json!({}) || requirement.get("resource_server").is_some())
    }

    fn has_body(&self) -> bool {
        self.documented.get("requestBody").is_some()
    }

    fn is_of(&self, contract: &str) -> bool {
        self.documented["tags"] == json!([contract])
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| Operation {
            method: method.to_ascii_uppercase().parse().unwrap(),
            path: path.clone(),
            documented: operation.clone(),
        })
    });
    operations.collect()
}

/// The owner of an account, with both kinds of credentials.
struct Owner {
    bearer: Client,
    browser: Browser,
}

impl Owner {
    fn new(server: &TestServer) -> Self {
        Self { bearer: server.bearer(EMAIL), browser: server.browser_of(EMAIL) }
    }

    /// Sends a request with a credential that the operation accepts.
    async fn send(&mut self, operation: &Operation, request: TestRequest) -> Answer {
        let takes_bearer = operation.documented["security"].to_string().contains("bearer");
        if takes_bearer { self.bearer.send(request).await } else { self.browser.send(request).await }
    }
}

#[actix_web::test]
async fn every_route_is_in_the_document_with_its_methods_and_nothing_else_is() {
    let documented: BTreeMap<String, BTreeSet<String>> =
        operations().into_iter().fold(BTreeMap::new(), |mut paths, operation| {
            paths.entry(operation.path).or_default().insert(operation.method.to_string());
            paths
        });
    let service = init_service(app(&shared(&TestCore::new(), |_| {}))).await;
    let request = TestRequest::with_uri("/nowhere").to_request();
    let answered = actix_web::test::call_service(&service, request).await;
    let mounted = format!("{:?}", answered.request().resource_map());
    // The framework's map of routes can only be read by its `Debug`.
    let written = mounted.split("patterns: ").skip(1).filter_map(|rest| rest.split(')').next());
    let patterns: BTreeSet<String> = written
        .flat_map(|patterns| patterns.split('"'))
        .filter(|part| part.starts_with('/'))
        .map(ToOwned::to_owned)
        .collect();
    assert!(patterns.len() > 20, "{patterns:?}");
    let for_people = |path: &str| {
        ["/", "/cancel-email-change", "/docs", "/keep-account", "/reset-password", "/undo", "/verify-email"]
            .contains(&path)
            || [
                "/oauth/authorize",
                "/oauth/sign-in",
                "/oauth/second-step",
                "/oauth/passkey",
                "/oauth/passkey-options",
                "/oauth/consent",
                "/oauth/logout",
                "/oauth/sign-out",
            ]
            .contains(&path)
            || ["/assets/", "/docs/", "/dev/"].iter().any(|folder| path.starts_with(folder))
    };
    let slashed = |path: &str| path.len() > 1 && path.ends_with('/');
    for pattern in patterns.iter().filter(|path| !for_people(path) && !slashed(path)) {
        assert!(documented.contains_key(pattern), "{pattern} is not in the document");
    }
    for (path, methods) in &documented {
        assert!(patterns.contains(path), "{path} is not mounted");
        let server = TestServer::new().await;
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !methods.contains(*method))
        {
            let request = TestRequest::with_uri(path).method(method.parse().unwrap());
            assert_eq!(server.send(request).await.status, 405, "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn head_is_answered_like_get() {
    let server = TestServer::new().await;
    let mut owner = Owner::new(&server);
    // The Profile API answers HEAD with 405, as its model does.
    let read = operations().into_iter().filter(|operation| operation.method == Method::GET);
    for operation in read.filter(|operation| !operation.path.starts_with("/api/v1/me")) {
        let got = owner.send(&operation, operation.request()).await;
        let head = owner.send(&operation, operation.request().method(Method::HEAD)).await;
        assert_eq!(head.status, got.status, "{}", operation.name());
        assert_eq!(head.header("content-type"), got.header("content-type"), "{}", operation.name());
    }
}

#[actix_web::test]
async fn a_slash_at_the_end_of_a_path_is_redirected_to_the_path() {
    let server = TestServer::new().await;
    for operation in operations() {
        // The Profile API redirects with 307, as its model does.
        let expected = if operation.path.starts_with("/api/v1/me") { 307 } else { 308 };
        let path = operation.path.replace(['{', '}'], "");
        let request = TestRequest::with_uri(&format!("{path}/?a=b")).method(operation.method.clone());
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.header("location")), (expected, format!("{path}?a=b").as_str()), "{path}");
    }
    for path in ["/nothing/", "/me//", "//me/", "/", "/api/v1/account/sign-ins/1/x/"] {
        assert_ne!(server.send(TestRequest::with_uri(path)).await.status, 308, "{path}");
    }
}

#[actix_web::test]
async fn r44_no_operation_that_needs_a_credential_is_answered_without_one() {
    let server = TestServer::new().await;
    let guarded: Vec<_> = operations().into_iter().filter(Operation::needs_credential).collect();
    assert!(guarded.len() > 15, "{}", guarded.len());
    for operation in guarded {
        let answer = server.send(operation.request()).await;
        assert_eq!(answer.status, 401, "{}: {}", operation.name(), answer.text());
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{}", operation.name());
        let answer = server.with_token("forged").send(operation.request()).await;
        assert_eq!(answer.status, 401, "{} with a forged token: {}", operation.name(), answer.text());
    }
}

#[actix_web::test]
async fn r53_no_operation_reads_a_body_of_a_content_type_that_is_not_documented() {
    let mut owner = Owner::new(&TestServer::new().await);
    let with_body: Vec<_> = operations().into_iter().filter(Operation::has_body).collect();
    assert!(with_body.len() > 20, "{}", with_body.len());
    for operation in with_body {
        let request = operation.request().set_payload("x").insert_header(("content-type", "text/csv"));
        // The Profile API reads a body of another type as a string, which does not match the model.
        let expected = if operation.is_of("profile_api") { 422 } else { 415 };
        let answer = owner.send(&operation, request).await;
        assert_eq!(answer.status, expected, "{}: {}", operation.name(), answer.text());
        let request = operation.request().set_payload("x").insert_header(("content-encoding", "gzip"));
        let answer = owner.send(&operation, request).await;
        assert_eq!(answer.status, 415, "{} compressed: {}", operation.name(), answer.text());
    }
}
