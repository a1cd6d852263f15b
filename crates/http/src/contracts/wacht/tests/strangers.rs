//! Browsers without a session, or with an invalid cookie.

use std::time::Duration;

use serde_json::{Value, json};

use super::{EMAIL, is_token};
use crate::testing::{TestServer, keys};

const FORGED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[actix_web::test]
async fn a_stranger_gets_an_anonymous_session_and_a_cookie_under_both_names() {
    let server = TestServer::new().await;
    for path in ["/deployment", "/session"] {
        let answer = server.anonymous().get(path).await;
        assert_eq!(answer.status, 200);
        let cookie = answer.cookie("session_id").unwrap();
        assert!(is_token(cookie));
        assert_eq!(answer.cookie("__session"), Some(cookie));
        let session = &answer.json()["session"];
        assert_eq!(session["active_signin"], Value::Null);
        assert_eq!(session["signins"], json!([]));
    }
}

#[actix_web::test]
async fn a_known_stranger_keeps_session_and_cookie() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let first = browser.get("/deployment").await;
    let second = browser.get("/session").await;
    assert_eq!(second.data()["id"], first.json()["session"]["id"]);
    assert_eq!(second.cookie("session_id"), None);
}

#[actix_web::test]
async fn r41_a_forged_or_made_up_cookie_is_replaced_and_never_an_error() {
    let server = TestServer::new().await;
    for sent in [FORGED, "made-up", ""] {
        for path in ["/deployment", "/session"] {
            let mut browser = server.browser();
            browser.cookie = Some(sent.to_owned());
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 200, "{path} with {sent:?}");
            assert!(answer.cookie("session_id").is_some_and(|cookie| cookie != sent && is_token(cookie)));
        }
    }
}

#[actix_web::test]
async fn r42_a_session_that_has_ended_is_replaced() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let before = browser.cookie.clone();
    server.clock.advance(Duration::from_hours(13));
    let answer = browser.get("/session").await;
    assert_eq!(answer.data()["signins"], json!([]));
    assert!(browser.cookie.is_some() && browser.cookie != before);
}

#[actix_web::test]
async fn a_session_is_the_union_of_what_its_sources_show() {
    let server = TestServer::new().await;
    let answer = server.browser_of(EMAIL).get("/session").await;
    let session = answer.data();
    assert_eq!(
        keys(session),
        ["active_signin", "created_at", "id", "signin_attempts", "signins", "signup_attempts", "updated_at"]
    );
    let sign_in = &session["active_signin"];
    assert_eq!(&session["signins"], &json!([sign_in]));
    assert_eq!(sign_in["session_id"], session["id"]);
    assert_eq!(sign_in["user_id"], sign_in["user"]["id"]);
    assert_eq!(sign_in["user"]["email"], EMAIL);
    assert_eq!(answer.json()["session"], *session);
}
