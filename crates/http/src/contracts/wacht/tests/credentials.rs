//! Requests with an access token and a session cookie.

use actix_web::test::TestRequest;
use selfsame_domain::IdentifierKind;
use selfsame_ports::Storage as _;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::EMAIL;
use crate::testing::{TestServer, text};

/// `Authorization` headers with a Bearer token that is not valid.
const BAD: [&str; 3] = ["Bearer nonsense", "bearer a b", "Bearer"];

fn post(path: &str, authorization: &str) -> TestRequest {
    TestRequest::post().uri(path).insert_header(("Authorization", authorization))
}

#[actix_web::test]
async fn r44_a_right_password_beside_a_bad_token_signs_nobody_in() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let form = [("strategy", "plain_email"), ("email", EMAIL), ("password", PASSWORD)];
    for authorization in BAD {
        let answer = server.send(post("/auth/signin", authorization).set_form(form)).await;
        assert_eq!(answer.error(), (401, "UNAUTHORIZED"), "{authorization:?}");
        assert_eq!(answer.cookie("session_id"), None);
    }
    assert_eq!(server.passwords.verifications(), 0, "nothing was done");
}

#[actix_web::test]
async fn r44_a_sign_up_beside_a_bad_token_makes_no_account() {
    let server = TestServer::new().await;
    let form = [("email", EMAIL), ("password", PASSWORD)];
    for authorization in BAD {
        let answer = server.send(post("/auth/signup", authorization).set_form(form)).await;
        assert_eq!(answer.error(), (401, "UNAUTHORIZED"), "{authorization:?}");
        assert_eq!(answer.cookie("session_id"), None);
    }
    let mut queries = server.storage.read().unwrap();
    assert!(queries.by_identifier(IdentifierKind::Email, EMAIL).unwrap().is_none());
}

#[actix_web::test]
async fn r44_an_attempt_goes_on_beside_no_bad_token() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let answer = browser.post("/auth/signup", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let id = text(&answer.attempt("signup_attempts")["id"]).to_owned();
    let query = format!("attempt_identifier={id}&strategy=email_otp");
    for authorization in BAD {
        let answer = browser.send(post(&format!("/auth/prepare-verification?{query}"), authorization)).await;
        assert_eq!(answer.error(), (401, "UNAUTHORIZED"), "{authorization:?}");
    }
    assert!(server.mails_to(EMAIL).is_empty());
    browser.prepare(&id).await;
    let code = server.mailed_code(EMAIL).unwrap();
    for authorization in BAD {
        let request = post(&format!("/auth/attempt-verification?{query}"), authorization);
        let answer = browser.send(request.set_form([("verification_code", &code)])).await;
        assert_eq!(answer.error(), (401, "UNAUTHORIZED"), "{authorization:?}");
        assert_eq!(answer.cookie("session_id"), None);
    }
    assert_eq!(browser.verify(&id, &code).await.status, 200, "the code is as good as before");
}

#[actix_web::test]
async fn the_password_of_a_proxy_does_not_hide_the_cookie() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let request = TestRequest::with_uri("/me").insert_header(("Authorization", "Basic YTpi"));
    assert_eq!(browser.send(request).await.data()["email"], EMAIL);
}

#[actix_web::test]
async fn a_sign_out_by_token_leaves_the_cookies_of_another_sign_in() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let bearer = format!("Bearer {}", server.tokens(EMAIL).access_token.token);
    let answer = browser.send(post("/session/sign-out", &bearer)).await;
    assert_eq!(answer.data()["signins"], json!([]));
    assert_eq!((answer.header("set-cookie"), answer.header("clear-site-data")), ("", ""));
    assert_eq!(browser.get("/me").await.data()["email"], EMAIL);
}

#[actix_web::test]
async fn a_broken_body_is_told_to_who_is_signed_in_alone() {
    let server = TestServer::new().await;
    let mut stranger = server.browser();
    stranger.get("/session").await;
    let broken = || TestRequest::post().uri("/me").insert_header(("content-type", "application/json")).set_payload("{");
    assert_eq!(stranger.send(broken()).await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(server.browser_of(EMAIL).send(broken()).await.error(), (400, "BAD_REQUEST_BODY"));
}
