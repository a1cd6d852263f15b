//! What the token of an application may do: every operation of the OpenAPI document that takes one.

use actix_web::http::Method;
use selfsame_application::oauth::all_scopes;
use selfsame_domain::{
    AuthorizedClient, Factor, Factors, Scope, Scopes,
    oauth::{Client, SigningAlgorithm},
};
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use super::{
    Operation,
    examples::{applications, issuers, staged},
    operations,
};
use crate::{
    scopes::{Needed, ROUTES, needed},
    testing::{Answer, TestServer},
};

const ADA: &str = "ada@example.com";

/// A server with an application that may have every scope.
async fn server() -> TestServer {
    let core = TestCore::with(|policy, limits| {
        limits.enabled = false;
        policy.require_verified_email = false;
        policy.sms_second_factor = true;
        policy.oauth = applications();
        policy.issuers = issuers();
        policy.oauth.clients.push(Client {
            id: "app".to_owned(),
            name: "App".to_owned(),
            redirect_uris: vec!["https://app.example/cb".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            scopes: all_scopes(),
            skips_consent: false,
            id_token_algorithm: SigningAlgorithm::Es256,
        });
    });
    TestServer::over(core).await
}

/// Whether an answer refuses the application for its scope, and the scopes that it would need.
fn missing_scope(answer: &Answer) -> Option<String> {
    let challenge = answer.header("www-authenticate");
    let (_, rest) = challenge.split_once("error=\"insufficient_scope\"")?;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let (_, scope) = rest.split_once("scope=\"").unwrap_or_default();
    Some(scope.trim_end_matches('"').to_owned())
}

async fn send(server: &TestServer, operation: &Operation, scopes: Scopes) -> Answer {
    server.account(ADA);
    let client = AuthorizedClient { id: "app".to_owned(), scopes };
    let token = server.access_token_of(ADA, &client);
    server.with_token(&token).send(operation.example()).await
}

fn takes_bearer(operation: &Operation) -> bool {
    operation.documented["security"].to_string().contains("bearer")
}

/// All scopes but those that allow one of these.
fn all_without(missing: &[Scope]) -> Scopes {
    let allows = |scope: &Scope| missing.iter().any(|missing| Scopes::of([*scope]).allow(*missing));
    Scopes::of(Scope::ALL.iter().copied().filter(|scope| !allows(scope)))
}

#[test]
fn r100_every_route_that_takes_an_access_token_says_what_an_application_needs_for_it() {
    let mut named: Vec<&str> = ROUTES.iter().flat_map(|(_, routes)| *routes).copied().collect();
    named.sort_unstable();
    let operations = operations();
    let mut documented: Vec<String> =
        operations.iter().filter(|operation| takes_bearer(operation)).map(Operation::name).collect();
    documented.sort_unstable();
    assert_eq!(named, documented, "crates/http/src/scopes.rs and the document");
    assert_eq!(needed(&Method::GET, "/not/known/yet"), Needed::OwnSignIn);
}

#[actix_web::test]
async fn r100_an_application_is_refused_every_operation_that_its_scopes_do_not_allow_and_no_other() {
    let (mut count, mut unexpected) = (0, Vec::new());
    // The secret of a mailed link is enough, and a token that is not counts as none.
    let needs_no_token = |operation: &Operation| operation.documented["operationId"] == "rivergen_verify_email";
    let operations = operations();
    for operation in operations.iter().filter(|operation| takes_bearer(operation) && !needs_no_token(operation)) {
        let needed = needed(&operation.method, &operation.path);
        let named: Vec<&str> = needed.scopes().iter().map(|scope| scope.as_str()).collect();
        let refusal = Some(named.join(" "));
        let (refused, allowed) = match needed {
            Needed::All(all) => {
                (all.iter().map(|one| all_without(&[*one])).collect(), vec![Scopes::of(all.iter().copied())])
            }
            Needed::Any(any) => (vec![all_without(any)], any.iter().map(|one| Scopes::of([*one])).collect()),
            Needed::OwnSignIn => (vec![all_scopes()], Vec::new()),
        };
        let server = server().await;
        for scopes in refused {
            let answer = send(&server, operation, scopes.clone()).await;
            if missing_scope(&answer) != refusal {
                unexpected.push(format!("{} for {}: {}", operation.name(), scopes.to_text(), answer.text()));
            }
        }
        for scopes in allowed {
            let answer = send(&server, operation, scopes.clone()).await;
            // The example of a patch changes addresses too, which needs more.
            if missing_scope(&answer) == refusal {
                unexpected.push(format!("{} for {}: {}", operation.name(), scopes.to_text(), answer.text()));
            }
        }
        count += 1;
    }
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(count > 80, "{count}");
}

#[actix_web::test]
async fn r100_an_application_that_may_not_read_the_profile_is_shown_no_value_of_it() {
    let (mut shown, mut successes) = (Vec::new(), 0);
    let document = serde_json::to_value(crate::document()).unwrap();
    for operation in operations().iter().filter(|operation| takes_bearer(operation)) {
        let Needed::All(needed) = needed(&operation.method, &operation.path) else { continue };
        let scopes = Scopes::of(needed.iter().copied());
        if scopes.allow(Scope::ProfileRead) {
            continue;
        }
        let server = server().await;
        let (request, email) = staged(operation, &server, &document).await;
        server.change_user(email, |user| {
            user.given_name = Some("Zenobia".to_owned());
            user.family_name = Some("Quartermain".to_owned());
            user.locale = Some("de-AT".to_owned());
            user.zoneinfo = Some("Europe/Vienna".to_owned());
        });
        let user = server.account(email);
        let names = [user.given_name, user.family_name, user.locale, user.zoneinfo].into_iter().flatten();
        let own = user.identifiers.into_iter().map(|own| own.value).chain(names);
        let values: Vec<String> = own.flat_map(|own| [own.replace('@', "%40"), own]).collect();
        let client = AuthorizedClient { id: "app".to_owned(), scopes };
        let factors = Factors::of([Factor::Password, Factor::Totp, Factor::Passkey]);
        let token = server.access_token_of_by(email, factors, &client);
        let answer = server.with_token(&token).send(request).await;
        successes += usize::from(answer.status < 300);
        let leaked: Vec<&String> = values.iter().filter(|value| answer.text().contains(value.as_str())).collect();
        if !leaked.is_empty() {
            shown.push(format!("{} shows {leaked:?}: {}", operation.name(), answer.text()));
        }
    }
    assert!(shown.is_empty(), "{shown:#?}");
    assert!(successes > 30, "{successes}");
}

#[test]
fn changes_of_the_profile_and_of_security_need_scopes_of_their_own() {
    use Needed::{All, Any, OwnSignIn};
    use Scope::{OpenId, ProfileRead, ProfileWrite, SecurityRead, SecurityWrite};
    for (method, path, expected) in [
        (Method::GET, "/userinfo", All(&[OpenId])),
        (Method::POST, "/userinfo", All(&[OpenId])),
        (Method::GET, "/api/v1/me", All(&[ProfileRead])),
        (Method::PATCH, "/api/v1/me", All(&[ProfileWrite])),
        (Method::PATCH, "/api/v1/account", All(&[ProfileWrite])),
        (Method::PUT, "/api/v1/auth/me/profile", All(&[ProfileWrite])),
        (Method::POST, "/me", All(&[ProfileWrite])),
        (Method::GET, "/api/v1/account/emails", All(&[ProfileRead])),
        (Method::HEAD, "/api/v1/account/emails", All(&[ProfileRead])),
        (Method::GET, "/api/v1/account/attributes/schema", All(&[ProfileRead])),
        (Method::POST, "/api/v1/account/emails", All(&[SecurityWrite])),
        (Method::POST, "/api/v1/account/totp", All(&[SecurityWrite, ProfileRead])),
        (Method::GET, "/api/v1/sessions", All(&[SecurityRead])),
        (Method::GET, "/session", All(&[SecurityRead, ProfileRead])),
        (Method::GET, "/me/signins", All(&[SecurityRead, ProfileRead])),
        (Method::GET, "/deployment", All(&[SecurityRead, ProfileRead])),
        (Method::GET, "/api/v1/account/activity", All(&[SecurityRead, ProfileRead])),
        (Method::GET, "/api/v1/account/capabilities", Any(&[ProfileRead, SecurityRead])),
        (Method::POST, "/api/v1/me/password", All(&[SecurityWrite])),
        (Method::POST, "/api/v1/account/deletion", All(&[SecurityWrite])),
        (Method::GET, "/api/v1/account/exports/{id}/archive", OwnSignIn),
        (Method::GET, "/session/token", OwnSignIn),
        (Method::POST, "/api/v1/account/devices", OwnSignIn),
    ] {
        assert_eq!(needed(&method, path), expected, "{method} {path}");
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
