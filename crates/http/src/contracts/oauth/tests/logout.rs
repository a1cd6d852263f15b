//! `/oauth/logout`.

use super::*;

const AFTER: &str = "https://app.example/bye";

async fn server_with_address() -> TestServer {
    let core = TestCore::with(|policy, _| {
        let app = Client { post_logout_redirect_uris: vec![AFTER.to_owned()], ..client("app", true) };
        policy.oauth.clients = vec![app, client("own", true)];
    });
    TestServer::over(core).await
}

fn logout(parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/oauth/logout?{query}")
}

#[actix_web::test]
async fn r50_a_user_agrees_and_the_browser_and_the_application_are_signed_out() {
    let server = server_with_address().await;
    let mut browser = server.browser_of(EMAIL);
    let code = code_in(&mut browser, &[("scope", "openid offline_access")]).await;
    let granted = exchange(&server, &code, &[]).await;
    let hint = granted.json()["id_token"].as_str().unwrap();
    let target = logout(&[("id_token_hint", hint), ("post_logout_redirect_uri", AFTER), ("state", "s t")]);
    let page = browser.get(&target).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let userinfo = || server.with_token(granted.json()["access_token"].as_str().unwrap());
    assert_eq!(userinfo().get("/userinfo").await.status, 200, "the page alone ends nothing");
    let answer = submit(&mut browser, &page, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "https://app.example/bye?state=s+t"));
    assert_eq!((answer.cookie("session_id"), answer.header("clear-site-data")), (Some(""), r#""cache","storage""#));
    assert_eq!(userinfo().get("/userinfo").await.status, 401);
    let again = browser.get(&target).await;
    assert_eq!((again.status, again.header("location")), (303, "https://app.example/bye?state=s+t"));
}

#[actix_web::test]
async fn r58_a_sign_out_leads_to_no_foreign_address() {
    let server = server_with_address().await;
    let code = code(&server, &[("scope", "openid")]).await;
    let granted = exchange(&server, &code, &[]).await;
    let hint = granted.json()["id_token"].as_str().unwrap();
    for parameters in [
        vec![("post_logout_redirect_uri", AFTER)],
        vec![("post_logout_redirect_uri", AFTER), ("client_id", "own")],
        vec![("post_logout_redirect_uri", AFTER), ("client_id", "own"), ("id_token_hint", hint)],
        vec![("post_logout_redirect_uri", AFTER), ("id_token_hint", "a.b.c"), ("client_id", "app")],
        vec![("post_logout_redirect_uri", "https://evil.example"), ("client_id", "app")],
    ] {
        let answer = server.browser_of(EMAIL).get(&logout(&parameters)).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{parameters:?}");
    }
    let page =
        server.browser_of(EMAIL).get(&logout(&[("client_id", "app"), ("post_logout_redirect_uri", AFTER)])).await;
    assert_eq!(page.status, 200);
}

#[actix_web::test]
async fn r52_a_sign_out_needs_the_token_of_its_page() {
    let server = server_with_address().await;
    let page = server.browser_of(EMAIL).get(&logout(&[])).await;
    let mut other = server.browser_of(EMAIL);
    let answer = submit(&mut other, &page, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/oauth/logout"));
    assert_eq!(other.get("/api/v1/account").await.status, 200);
    let page = other.get(&logout(&[])).await;
    let answer = submit(&mut other, &page, &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<h1>Signed out</h1>"));
}
