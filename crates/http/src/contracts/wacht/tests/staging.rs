//! The session in the address: only where the operator chose it.

use super::*;

fn staging() -> Server {
    Server::with(TestCore::new(), WachtOptions { mode: WachtMode::Staging, ..WachtOptions::default() })
}

#[actix_web::test]
async fn in_staging_the_session_travels_in_the_address_and_comes_in_a_header() {
    let server = staging();
    server.world.verified_user(EMAIL);
    let first = server.send(TestRequest::with_uri("/deployment?__dev_session__=")).await;
    assert_eq!(first.data()["mode"], "staging");
    let token = first.header("x-development-session").to_owned();
    assert!(is_token(&token));

    let form = [("strategy", "plain_email"), ("email", EMAIL), ("password", PASSWORD)];
    let path = format!("/auth/signin?__dev_session__={token}");
    let signed_in = server.send(TestRequest::post().uri(&path).set_form(form)).await;
    let rotated = signed_in.header("x-development-session").to_owned();
    assert!(is_token(&rotated) && rotated != token, "r40");
    let me = server.send(TestRequest::with_uri(&format!("/me?__dev_session__={rotated}"))).await;
    assert_eq!(me.data()["email"], EMAIL);
}

#[actix_web::test]
async fn r41_in_production_a_session_in_the_address_means_nothing() {
    let server = Server::new();
    let cookie = server.adas_browser().cookie.unwrap();
    let answer = server.send(TestRequest::with_uri(&format!("/me?__dev_session__={cookie}"))).await;
    assert_eq!(answer.error(), (401, "UNAUTHORIZED"));
    let answer = server.send(TestRequest::with_uri("/deployment?__dev_session__=")).await;
    assert_eq!(answer.header("x-development-session"), "");
}
