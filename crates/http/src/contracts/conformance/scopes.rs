//! What the token of an application may do: every operation of the OpenAPI document that takes one.

use actix_web::http::Method;
use selfsame_domain::{
    AuthorizedClient, Scope, Scopes,
    oauth::{Client, SigningAlgorithm},
};
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use super::{Operation, operations};
use crate::{
    scopes::needed,
    testing::{Answer, TestServer},
};

const ADA: &str = "ada@example.com";

/// A server with an application that may have every scope.
async fn server() -> TestServer {
    let core = TestCore::with(|policy, limits| {
        limits.enabled = false;
        policy.oauth.clients = vec![Client {
            id: "app".to_owned(),
            name: "App".to_owned(),
            redirect_uris: vec!["https://app.example/cb".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            scopes: Scopes::of(Scope::ALL.iter().copied()),
            skips_consent: false,
            id_token_algorithm: SigningAlgorithm::Es256,
        }];
    });
    TestServer::over(core).await
}

/// Whether an answer refuses the application for its scope, and the scope that it would need.
fn missing_scope(answer: &Answer) -> Option<String> {
    let challenge = answer.header("www-authenticate");
    let (_, rest) = challenge.split_once("error=\"insufficient_scope\"")?;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let (_, scope) = rest.split_once("scope=\"")?;
    Some(scope.trim_end_matches('"').to_owned())
}

async fn send(server: &TestServer, operation: &Operation, scopes: Scopes) -> Answer {
    server.account(ADA);
    let client = AuthorizedClient { id: "app".to_owned(), scopes };
    let token = server.access_token_of(ADA, &client);
    server.with_token(&token).send(operation.example()).await
}

fn takes_bearer(operation: &Operation) -> bool {
    operation.documented["security"].to_string().contains("bearer") && operation.needs_credential()
}

#[actix_web::test]
async fn an_application_is_refused_every_operation_that_its_scopes_do_not_allow_and_no_other() {
    let mut count = 0;
    for operation in operations().iter().filter(|operation| takes_bearer(operation)) {
        let needed = needed(&operation.method, &operation.path);
        let server = server().await;
        let others = Scope::ALL.iter().copied().filter(|scope| !Scopes::of([*scope]).allow(needed));
        let refused = send(&server, operation, Scopes::of(others)).await;
        let expected = Some(needed.as_str().to_owned());
        assert_eq!(missing_scope(&refused), expected, "{}: {}", operation.name(), refused.text());
        let allowed = send(&server, operation, Scopes::of([needed])).await;
        // The example of a patch changes addresses too, which needs more.
        assert_ne!(missing_scope(&allowed), expected, "{}: {}", operation.name(), allowed.text());
        count += 1;
    }
    assert!(count > 80, "{count}");
}

#[test]
fn changes_of_the_profile_and_of_security_need_scopes_of_their_own() {
    for (method, path, scope) in [
        (Method::GET, "/userinfo", Scope::OpenId),
        (Method::POST, "/userinfo", Scope::OpenId),
        (Method::GET, "/api/v1/me", Scope::ProfileRead),
        (Method::PATCH, "/api/v1/me", Scope::ProfileWrite),
        (Method::PATCH, "/api/v1/account", Scope::ProfileWrite),
        (Method::PUT, "/api/v1/auth/me/profile", Scope::ProfileWrite),
        (Method::POST, "/me", Scope::ProfileWrite),
        (Method::GET, "/api/v1/account/emails", Scope::ProfileRead),
        (Method::POST, "/api/v1/account/emails", Scope::SecurityWrite),
        (Method::GET, "/api/v1/sessions", Scope::SecurityRead),
        (Method::POST, "/api/v1/me/password", Scope::SecurityWrite),
        (Method::POST, "/api/v1/account/deletion", Scope::SecurityWrite),
        (Method::POST, "/not/known/yet", Scope::SecurityWrite),
    ] {
        assert_eq!(needed(&method, path), scope, "{method} {path}");
    }
}

#[actix_web::test]
async fn an_application_that_may_change_the_profile_changes_no_credential_through_it() {
    let server = server().await;
    server.account(ADA);
    let send = async |scopes: &str, body: Value| {
        let client = AuthorizedClient { id: "app".to_owned(), scopes: Scopes::known_in(scopes) };
        let token = server.access_token_of(ADA, &client);
        server.with_token(&token).patch("/api/v1/me", body).await
    };
    let phone = || json!({"phone": "+31612345678"});
    assert_eq!(send("profile:write", json!({"first_name": "Ada"})).await.status, 200);
    assert_eq!(missing_scope(&send("profile:write", phone()).await).as_deref(), Some("security:write"));
    assert_eq!(send("profile:write security:write", phone()).await.status, 200);
}

#[actix_web::test]
async fn the_tokens_of_the_users_own_sign_ins_have_every_scope() {
    let server = server().await;
    let own = server.bearer(ADA);
    for path in ["/api/v1/me", "/api/v1/account/sign-ins", "/userinfo"] {
        assert_eq!(own.get(path).await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn a_token_of_an_application_that_is_not_registered_any_more_is_not_valid() {
    let server = TestServer::new().await;
    server.account(ADA);
    let client = AuthorizedClient { id: "app".to_owned(), scopes: Scopes::known_in("openid") };
    let token = server.access_token_of(ADA, &client);
    assert_eq!(server.with_token(&token).get("/userinfo").await.status, 401);
}
