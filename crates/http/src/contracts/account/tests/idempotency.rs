//! `Idempotency-Key` on every POST (R69).

use std::time::Duration;

use actix_web::test::TestRequest;
use futures_util::future::join_all;
use selfsame_application::idempotency::{
    claim::{ClaimIdempotencyKey, Claimed},
    complete::{CompleteIdempotencyKey, Completed},
};
use selfsame_domain::RequestContext;
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{EMAIL, SIGN_IN_ATTEMPTS, SIGN_UPS};
use crate::testing::{Answer, TestServer, text};

const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

fn sign_up(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "client": "tokens"})
}

fn request(key: &str, path: &str, body: &Value) -> TestRequest {
    TestRequest::post().uri(path).insert_header(("idempotency-key", key)).set_json(body)
}

impl TestServer {
    async fn keyed(&self, key: &str, path: &str, body: &Value) -> Answer {
        self.send(request(key, path, body)).await
    }
}

#[actix_web::test]
async fn r69_a_request_that_is_sent_again_has_its_effect_once_and_gets_the_same_response() {
    let server = TestServer::new().await;
    let first = server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (201, ""));
    let again = server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await;
    assert_eq!((again.status, again.text()), (201, first.text()));
    for name in ["content-type", "location"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"), "this is of the request");
    assert_eq!(server.mails_to(EMAIL).len(), 1);
    let other = server.keyed("another-key-0123456789", SIGN_UPS, &sign_up(EMAIL)).await;
    assert_ne!(other.json()["id"], first.json()["id"]);
}

#[actix_web::test]
async fn r69_every_kind_of_post_is_replayed() {
    let server = TestServer::new().await;
    let (ada, secret) = server.bearer_with_totp(EMAIL);
    let account = |path: &str| format!("/api/v1/account/{path}");
    for (path, body, status) in [
        ("emails", json!({"email": "countess@example.com"}), 201),
        ("phones", json!({"phone_number": "+31612345678"}), 201),
        ("backup-codes", json!({}), 200),
        ("totp", json!({}), 200),
        ("devices", json!({"name": "Laptop"}), 201),
        ("step-up", json!({"code": server.totp_code(&secret)}), 200),
        ("password/strength", json!({"password": PASSWORD}), 200),
    ] {
        let key = format!("{KEY}-{path}");
        let first = ada.send(request(&key, &account(path), &body)).await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (status, ""), "{path}: {}", first.text());
        let again = ada.send(request(&key, &account(path), &body)).await;
        assert_eq!((again.status, again.text()), (status, first.text()), "{path}");
        assert_eq!(again.header("idempotent-replayed"), "true", "{path}");
    }
    let emails = ada.get(&account("emails")).await;
    assert_eq!(emails.json()["emails"].as_array().unwrap().len(), 2);
    let id = text(&emails.json()["emails"][1]["id"]).to_owned();
    let path = account(&format!("emails/{id}/verification"));
    let sent = ada.send(request(KEY, &path, &json!({}))).await;
    let code = server.mailed_code("countess@example.com").unwrap();
    let again = ada.send(request(KEY, &path, &json!({}))).await;
    assert_eq!((sent.status, again.text()), (202, sent.text()));
    assert_eq!(server.mailed_code("countess@example.com"), Some(code.clone()), "one mail");
    for _ in 0..2 {
        let confirm = request("another-key-0123456789", &format!("{path}/confirm"), &json!({"code": code}));
        assert_eq!(ada.send(confirm).await.json()["verified"], true);
    }
    let mut scheduled = Vec::new();
    for _ in 0..2 {
        scheduled.push(ada.send(request("deletion-key-0123456789", &account("deletion"), &json!({}))).await);
    }
    assert_eq!(scheduled[0].status, 202, "{}", scheduled[0].text());
    assert_eq!(scheduled[1].problem(), (401, "unauthenticated"), "r43: the sign-in has ended");
}

#[actix_web::test]
async fn r69_a_key_with_another_target_or_body_is_refused() {
    let server = TestServer::new().await;
    assert_eq!(server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await.status, 201);
    for (path, body) in [
        (SIGN_UPS, sign_up("eve@example.com")),
        (SIGN_IN_ATTEMPTS, sign_up(EMAIL)),
        ("/api/v1/account/sign-ups?validate_only=true", sign_up(EMAIL)),
    ] {
        assert_eq!(server.keyed(KEY, path, &body).await.problem(), (422, "idempotency-key-reused"), "{path}");
    }
    assert_eq!(server.mails_to("eve@example.com").len(), 0);
}

#[actix_web::test]
async fn r69_a_key_is_that_of_its_caller() {
    let server = TestServer::new().await;
    let body = sign_up("new@example.com");
    let first = server.keyed(KEY, SIGN_UPS, &body).await;
    let other_address = request(KEY, SIGN_UPS, &body).peer_addr("198.51.100.7:4711".parse().unwrap());
    let other_address = server.send(other_address).await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    let of_ada = ada.send(request(KEY, SIGN_UPS, &body)).await;
    let of_eve = eve.send(request(KEY, SIGN_UPS, &body)).await;
    let mut ids: Vec<&str> =
        [&first, &other_address, &of_ada, &of_eve].iter().map(|answer| answer.json()["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    let again = server.bearer(EMAIL).send(request(KEY, SIGN_UPS, &body)).await;
    assert_eq!(again.text(), of_ada.text(), "another token of the same user");
}

#[actix_web::test]
async fn r69_r43_no_response_is_replayed_to_a_token_that_is_not_valid_any_more() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let body = sign_up("new@example.com");
    assert_eq!(ada.send(request(KEY, SIGN_UPS, &body)).await.status, 201);
    assert_eq!(ada.send(TestRequest::delete().uri("/api/v1/account/sign-ins/current")).await.status, 204);
    assert_eq!(ada.send(request(KEY, SIGN_UPS, &body)).await.problem(), (401, "unauthenticated"));
    let forged = server.with_token("forged").send(request(KEY, SIGN_UPS, &body)).await;
    assert_eq!(forged.problem(), (401, "unauthenticated"));
}

#[actix_web::test]
async fn r69_of_twenty_parallel_requests_with_one_key_one_has_an_effect() {
    let server = TestServer::new().await;
    let body = sign_up(EMAIL);
    let answers = join_all((0..20).map(|_| server.keyed(KEY, SIGN_UPS, &body))).await;
    let created: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!created.is_empty());
    for answer in &answers {
        match answer.status {
            201 => assert_eq!(answer.text(), created[0].text()),
            _ => {
                assert_eq!(answer.problem(), (409, "request-in-progress"));
                assert!(!answer.header("retry-after").is_empty());
            }
        }
    }
    assert_eq!(created.iter().filter(|answer| answer.header("idempotent-replayed").is_empty()).count(), 1);
    assert_eq!(server.mails_to(EMAIL).len(), 1);
}

#[actix_web::test]
async fn r69_a_request_that_changed_nothing_gives_its_key_back() {
    let server = TestServer::new().await;
    let wrong = json!({"email": "no address", "password": PASSWORD, "client": "tokens"});
    assert_eq!(server.keyed(KEY, SIGN_UPS, &wrong).await.status, 422);
    assert_eq!(server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await.status, 201);
}

#[actix_web::test]
async fn r69_a_key_is_known_for_24_hours() {
    let server = TestServer::new().await;
    let first = server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await;
    server.clock.advance(Duration::from_hours(24) - Duration::from_secs(1));
    assert_eq!(server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await.text(), first.text());
    server.clock.advance(Duration::from_secs(1));
    assert_ne!(server.keyed(KEY, SIGN_UPS, &sign_up(EMAIL)).await.text(), first.text());
}

#[actix_web::test]
async fn r69_a_key_that_could_be_guessed_is_refused() {
    let server = TestServer::new().await;
    for key in ["1", "a b c d e f g h i j k"] {
        let refused = server.keyed(key, SIGN_UPS, &sign_up(EMAIL)).await;
        assert_eq!(refused.problem(), (400, "invalid-idempotency-key"), "{key}");
    }
}

#[actix_web::test]
async fn r69_a_sign_in_whose_response_was_lost_is_sent_again_with_the_cookie_from_before_it() {
    let server = TestServer::over(TestCore::new()).await;
    let mut browser = server.browser();
    let started = browser.send(TestRequest::post().uri(SIGN_UPS).set_json(sign_up_in_browser())).await;
    let path = format!("{SIGN_UPS}/{}/verification", started.json()["id"].as_str().unwrap());
    let proof = json!({"factor": "email", "code": server.mailed_code(EMAIL).unwrap()});
    let before = browser.cookie.clone();
    let first = browser.send(request(KEY, &path, &proof)).await;
    assert_eq!(first.status, 200, "{}", first.text());
    browser.cookie = before;
    let again = browser.send(request(KEY, &path, &proof)).await;
    assert_eq!((again.status, again.text()), (200, first.text()));
    assert_eq!(again.cookie("session_id"), first.cookie("session_id"));
    assert_eq!(browser.get("/api/v1/account").await.status, 200);
}

fn sign_up_in_browser() -> Value {
    json!({"email": EMAIL, "password": PASSWORD})
}

/// A request that has the key and was given up by its server: nobody ends its claim.
fn claim(server: &TestServer, body: &Value) -> selfsame_domain::IdempotencyClaim {
    let claim = ClaimIdempotencyKey {
        key: KEY.to_owned(),
        credential: None,
        request: format!("POST {SIGN_UPS}\n{body}").into_bytes(),
        context: RequestContext::default(),
    };
    match claim.execute(&server.core).unwrap() {
        Claimed::First(claim) => claim,
        _ => panic!("the key is free"),
    }
}

#[actix_web::test]
async fn r69_a_request_that_was_given_up_blocks_its_key_for_a_minute_and_has_no_effect_afterwards() {
    let server = TestServer::new().await;
    let body = sign_up(EMAIL);
    let given_up = claim(&server, &body);
    assert_eq!(server.keyed(KEY, SIGN_UPS, &body).await.problem(), (409, "request-in-progress"));
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(server.keyed(KEY, SIGN_UPS, &body).await.status, 201);

    let late = selfsame_application::sign_up::start::SignUp {
        email: EMAIL.to_owned(),
        password: selfsame_domain::Password::new(PASSWORD),
        form: selfsame_domain::SignUpForm::default(),
        holder: selfsame_application::attempts::Holder::Browser(None),
        send_proof: true,
        context: RequestContext { idempotency: Some(given_up), ..RequestContext::default() },
    };
    let commits = server.storage.commits();
    assert!(late.execute(&server.core).is_err(), "another request has the key");
    assert_eq!(server.storage.commits(), commits);
}

#[actix_web::test]
async fn r69_a_request_whose_response_was_lost_after_its_effect_is_not_repeated() {
    let server = TestServer::new().await;
    let body = sign_up(EMAIL);
    let applied = claim(&server, &body);
    let mut unit = selfsame_ports::Storage::begin(&*server.storage).unwrap();
    assert!(unit.idempotency_keys().mark_applied(&applied, selfsame_testing::builders::t0()).unwrap());
    unit.commit().unwrap();
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(server.keyed(KEY, SIGN_UPS, &body).await.problem(), (409, "response-lost"));
}

#[actix_web::test]
async fn r51_a_response_is_stored_sealed() {
    let server = TestServer::new().await;
    let claim = claim(&server, &sign_up(EMAIL));
    let completed = Completed::Succeeded(b"a refresh token".to_vec());
    CompleteIdempotencyKey { claim, completed }.execute(&server.core).unwrap();
    let mut unit = selfsame_ports::Storage::begin(&*server.storage).unwrap();
    let stored = unit.idempotency_keys().lock(&claim.key).unwrap().unwrap().response.unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("refresh"));
}

#[actix_web::test]
async fn r69_a_sign_in_that_is_sent_again_gets_the_same_tokens() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let body = json!({"email": EMAIL, "password": PASSWORD, "client": "tokens"});
    let first = server.keyed(KEY, SIGN_IN_ATTEMPTS, &body).await;
    let again = server.keyed(KEY, SIGN_IN_ATTEMPTS, &body).await;
    assert!(first.json()["sign_in"]["tokens"]["refresh_token"].is_string(), "{}", first.text());
    assert_eq!(again.text(), first.text());
}

#[actix_web::test]
async fn a_contract_without_keys_ignores_the_header() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let login = || server.keyed(KEY, "/api/v1/auth/login", &body);
    assert_ne!(login().await.text(), login().await.text());
}
