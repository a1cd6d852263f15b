//! The staging mode: the session token in the URL.

use actix_web::test::TestRequest;
use selfsame_testing::core::{PASSWORD, TestCore};

use super::{EMAIL, is_token};
use crate::{WachtMode, testing::TestServer};

#[actix_web::test]
async fn in_staging_the_session_travels_in_the_address_and_comes_in_a_header() {
    let server = TestServer::with(TestCore::new(), |services| services.wacht.mode = WachtMode::Staging).await;
    server.account(EMAIL);
    let first = server.anonymous().get("/deployment?__dev_session__=").await;
    assert_eq!(first.data()["mode"], "staging");
    let token = first.header("x-development-session").to_owned();
    assert!(is_token(&token));

    let form = [("strategy", "plain_email"), ("email", EMAIL), ("password", PASSWORD)];
    let path = format!("/auth/signin?__dev_session__={token}");
    let signed_in = server.send(TestRequest::post().uri(&path).set_form(form)).await;
    let rotated = signed_in.header("x-development-session").to_owned();
    assert!(is_token(&rotated) && rotated != token, "r40");
    let me = server.anonymous().get(&format!("/me?__dev_session__={rotated}")).await;
    assert_eq!(me.data()["email"], EMAIL);
}

#[actix_web::test]
async fn r41_in_production_a_session_in_the_address_means_nothing() {
    let server = TestServer::new().await;
    let cookie = server.browser_of(EMAIL).cookie.unwrap();
    let answer = server.anonymous().get(&format!("/me?__dev_session__={cookie}")).await;
    assert_eq!(answer.error(), (401, "UNAUTHORIZED"));
    let answer = server.anonymous().get("/deployment?__dev_session__=").await;
    assert_eq!(answer.header("x-development-session"), "");
}
