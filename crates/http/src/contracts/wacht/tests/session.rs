//! `/session`: sign-out, switch of accounts, tokens.

use actix_web::test::TestRequest;
use selfsame_ports::Clock as _;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Browser, TestServer, keys, text};

/// Ada and Bob in one browser, Bob active; and the ids of their sign-ins.
async fn two_in_one(server: &TestServer) -> (Browser, String, String) {
    let mut browser = server.browser_of(EMAIL);
    server.verified_user("bob@example.com");
    let answer = browser.sign_in("bob@example.com", PASSWORD).await;
    let id = |index: usize| answer.data()["signins"][index]["id"].as_str().unwrap().to_owned();
    (browser, id(0), id(1))
}

#[actix_web::test]
async fn signing_out_of_one_account_leaves_the_other_active() {
    let server = TestServer::new().await;
    let (mut browser, ada, bob) = two_in_one(&server).await;
    let answer = browser.post(&format!("/session/sign-out?sign_in_id={bob}"), &[]).await;
    assert_eq!(answer.data()["active_signin"]["id"], ada);
    assert_eq!(answer.header("clear-site-data"), "");
    assert_eq!(browser.get("/me").await.data()["email"], EMAIL);
}

#[actix_web::test]
async fn r50_signing_out_of_the_last_account_makes_the_browser_forget() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let cookie = browser.cookie.clone();
    let answer = browser.post("/session/sign-out", &[]).await;
    assert_eq!(answer.data()["active_signin"], Value::Null);
    assert_eq!(answer.data()["signins"], json!([]));
    assert_eq!(answer.header("clear-site-data"), r#""cache","storage""#);
    assert_eq!((answer.cookie("session_id"), answer.cookie("__session")), (Some(""), Some("")));
    browser.cookie = cookie;
    assert_eq!(browser.get("/me").await.error(), (401, "UNAUTHORIZED"));
}

#[actix_web::test]
async fn a_sign_in_of_another_browser_cannot_be_ended_or_switched_to() {
    let server = TestServer::new().await;
    let (_, ada, _) = two_in_one(&server).await;
    server.verified_user("eve@example.com");
    let mut eve = server.browser_of("eve@example.com");
    for id in [ada.as_str(), "1", "nonsense"] {
        assert_eq!(eve.post(&format!("/session/sign-out?sign_in_id={id}"), &[]).await.error(), (400, "INVALID_STATE"));
        let switched = eve.post(&format!("/session/switch-sign-in?sign_in_id={id}"), &[]).await;
        assert_eq!(switched.error(), (404, "NOT_FOUND"), "r62");
    }
    assert_eq!(eve.post("/session/switch-sign-in", &[]).await.error(), (400, "REQUIRED_FIELD"));
}

#[actix_web::test]
async fn switching_makes_another_account_the_one_that_me_means() {
    let server = TestServer::new().await;
    let (mut browser, ada, _) = two_in_one(&server).await;
    let answer = browser.post(&format!("/session/switch-sign-in?sign_in_id={ada}"), &[]).await;
    assert_eq!(answer.data()["active_signin"]["id"], ada);
    assert_eq!(browser.get("/me").await.data()["email"], EMAIL);
}

#[actix_web::test]
async fn a_session_token_comes_with_its_end_in_milliseconds() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let answer = browser.get("/session/token?template=default").await;
    assert_eq!(keys(answer.data()), ["expires", "token"]);
    let now = server.clock.now();
    let left = answer.data()["expires"].as_i64().unwrap() - now.timestamp_millis();
    assert!((59_000..=60_000).contains(&left), "{left}");
}

#[actix_web::test]
async fn r46_no_contract_takes_a_session_token_for_an_access_token() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let answer = browser.get("/session/token").await;
    let session_token = server.with_token(text(&answer.data()["token"]));
    let access_token = server.bearer(EMAIL);
    for path in ["/me", "/session", "/session/token", "/api/v1/me", "/api/v1/auth/me", "/api/v1/account"] {
        assert_eq!(access_token.get(path).await.status, 200, "{path}");
        // The contract has a 400 instead of a 401 here.
        let refused = if path == "/session/token" { 400 } else { 401 };
        assert_eq!(session_token.get(path).await.status, refused, "{path}");
    }
}

#[actix_web::test]
async fn without_a_sign_in_there_is_no_session_token() {
    assert_eq!(TestServer::new().await.browser().get("/session/token").await.error(), (400, "INVALID_STATE"));
}

#[actix_web::test]
async fn a_client_that_holds_tokens_sees_its_one_sign_in_and_can_end_it() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let me = ada.get("/me").await;
    assert_eq!(me.json()["session"]["signins"].as_array().unwrap().len(), 1);
    assert_eq!(me.json()["session"]["active_signin"]["user"]["email"], EMAIL);

    let out = ada.send(TestRequest::post().uri("/session/sign-out")).await;
    assert_eq!(out.data()["signins"], json!([]));
    assert_eq!(ada.get("/me").await.error(), (401, "UNAUTHORIZED"));
}

#[actix_web::test]
async fn r44_a_bad_bearer_token_never_falls_back_to_the_cookie() {
    let server = TestServer::new().await;
    let cookie = format!("session_id={}", server.browser_of(EMAIL).cookie.unwrap());
    for authorization in ["Bearer nonsense", "Bearer"] {
        let request = TestRequest::with_uri("/me").insert_header(("Cookie", cookie.clone()));
        let answer = server.send(request.insert_header(("Authorization", authorization))).await;
        assert_eq!(answer.error(), (401, "UNAUTHORIZED"), "{authorization}");
        assert_eq!(answer.cookie("session_id"), None);
    }
}

#[actix_web::test]
async fn the_other_cookie_name_does_as_well() {
    let server = TestServer::new().await;
    let cookie = format!("__session={}", server.browser_of(EMAIL).cookie.unwrap());
    let answer = server.send(TestRequest::with_uri("/me").insert_header(("Cookie", cookie))).await;
    assert_eq!(answer.data()["email"], EMAIL);
}

#[actix_web::test]
async fn r52_a_visit_from_another_site_gets_no_new_cookie_and_a_page_on_the_list_does() {
    let server = TestServer::new().await;
    let visit = |path: &str, headers: &[(&str, &str)]| {
        let mut request = TestRequest::get().uri(path);
        for header in headers {
            request = request.insert_header(*header);
        }
        server.send(request)
    };
    for path in ["/session", "/deployment"] {
        let foreign = visit(path, &[("Sec-Fetch-Site", "cross-site")]).await;
        assert_eq!((foreign.status, foreign.cookie("session_id"), foreign.cookie("__session")), (200, None, None));
        for site in ["none", "same-origin", "same-site"] {
            assert!(visit(path, &[("Sec-Fetch-Site", site)]).await.cookie("session_id").is_some(), "{site}");
        }
        assert!(visit(path, &[]).await.cookie("session_id").is_some());
        let stranger = visit(path, &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")]).await;
        assert_eq!(stranger.cookie("session_id"), None);
    }
}
