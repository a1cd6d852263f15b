//! Errors outside of use cases, in the form of the contract.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_ports::StorageError;
use selfsame_testing::core::PASSWORD;

use super::EMAIL;
use crate::testing::{TestServer, keys};

#[actix_web::test]
async fn unknown_paths_and_methods_answer_in_the_contracts_shape() {
    let server = TestServer::new().await;
    for path in ["/me/notifications", "/auth/nothing", "/session/nothing", "/deployment/nothing"] {
        let answer = server.anonymous().get(path).await;
        assert_eq!(answer.error(), (404, "NOT_FOUND"), "{path}");
        assert_eq!(keys(answer.json()), ["data", "errors", "message", "session", "status"]);
    }
    let answer = server.send(TestRequest::delete().uri("/me")).await;
    assert_eq!(answer.error(), (405, "METHOD_NOT_ALLOWED"));
    let mut allowed: Vec<_> = answer.header("allow").split(", ").collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "PATCH", "POST"]);
}

#[actix_web::test]
async fn without_a_sign_in_me_is_401_before_the_body_is_judged() {
    let server = TestServer::new().await;
    let mut stranger = server.browser();
    stranger.get("/session").await;
    let broken = || TestRequest::post().uri("/me").insert_header(("content-type", "application/json")).set_payload("{");
    let ill = || TestRequest::post().uri("/me").set_form([("second_factor_policy", "nonsense")]);
    assert_eq!(server.send(broken()).await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(stranger.send(ill()).await.error(), (401, "UNAUTHORIZED"));
    let answer = stranger.get("/me").await;
    assert_eq!(answer.error(), (401, "UNAUTHORIZED"));
    assert_eq!(answer.header("www-authenticate"), "Bearer");

    let mut ada = server.browser_of(EMAIL);
    assert_eq!(ada.send(broken()).await.error(), (400, "BAD_REQUEST_BODY"));
    assert_eq!(ada.send(ill()).await.error(), (400, "BAD_REQUEST_BODY"));
    let text = TestRequest::post().uri("/me").insert_header(("content-type", "text/plain")).set_payload("a=b");
    assert_eq!(ada.send(text).await.error(), (415, "UNSUPPORTED_MEDIA_TYPE"), "r53");
}

#[actix_web::test]
async fn r91_without_a_database_every_route_that_needs_it_is_503_and_recovers() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.storage.fail_with(StorageError::Unavailable("gone".to_owned()));
    for path in ["/me", "/session", "/session/token", "/deployment"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.error(), (503, "SERVICE_UNAVAILABLE"), "{path}");
        assert!(!answer.header("retry-after").is_empty());
        assert!(!answer.text().contains("gone"));
    }
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.error(), (503, "SERVICE_UNAVAILABLE"));
    server.storage.recover();
    assert_eq!(browser.get("/me").await.status, 200);
}

#[actix_web::test]
async fn r20_too_many_passwords_are_429_with_a_time_to_wait() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut statuses = Vec::new();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let answer = server.browser().sign_in(EMAIL, "wrong battery staple horse").await;
        statuses.push(answer.error().0);
        waits.extend(answer.header("retry-after").parse::<u64>());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    assert!(waits.len() == 3 && waits.iter().all(|wait| (1..=60).contains(wait)), "{waits:?}");
    assert_eq!(server.browser().sign_in(EMAIL, PASSWORD).await.error(), (429, "RATE_LIMITED"));
    server.clock.advance(Duration::from_secs(61));
    assert_eq!(server.browser().sign_in(EMAIL, PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn r82_a_full_hashing_queue_is_503() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    server.passwords.set_busy(true);
    let answer = server.browser().sign_in(EMAIL, PASSWORD).await;
    assert_eq!(answer.error(), (503, "SERVICE_UNAVAILABLE"));
    assert!(!answer.header("retry-after").is_empty());
}

#[actix_web::test]
async fn r54_a_page_of_another_origin_cannot_sign_anybody_in_or_out() {
    let server = TestServer::new().await;
    for path in ["/auth/signin", "/auth/signup", "/session/sign-out", "/me"] {
        let request = TestRequest::post().uri(path).insert_header(("Origin", "https://evil.example"));
        assert_eq!(server.send(request).await.error(), (403, "CROSS_ORIGIN_REFUSED"), "{path}");
    }
}

#[actix_web::test]
async fn r57_what_a_session_is_told_is_not_kept() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    for path in ["/deployment", "/session", "/me"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
}
