//! `POST /oauth/token/revoke` and `POST /oauth/revoke`.

use actix_web::test::TestRequest;
use serde_json::json;

use crate::testing::{Answer, TestServer};

const EMAIL: &str = "jane@example.com";
const ME: &str = "/api/v1/auth/me";

async fn revoke(server: &TestServer, form: &[(&str, &str)]) -> Answer {
    server.send(TestRequest::post().uri("/oauth/token/revoke").set_form(form)).await
}

#[actix_web::test]
async fn r50_a_revoked_token_is_of_no_use_and_neither_are_the_others_of_its_sign_in() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    for by_refresh_token in [true, false] {
        let tokens = server.tokens(EMAIL);
        let access = tokens.access_token.token.as_str();
        let token = if by_refresh_token { tokens.refresh_token.expose() } else { access };
        let answer = revoke(&server, &[("token", token), ("token_type_hint", "refresh_token")]).await;
        assert_eq!((answer.status, answer.json()), (200, &json!({})));
        assert_eq!(server.with_token(access).get(ME).await.status, 401);
        let refresh = json!({"refresh_token": tokens.refresh_token.expose()});
        assert_eq!(server.anonymous().post("/api/v1/auth/refresh", refresh).await.status, 401);
    }
}

#[actix_web::test]
async fn an_unknown_token_is_answered_like_any_other() {
    let server = TestServer::new().await;
    let kept = server.bearer(EMAIL);
    for token in ["abc", "a.b.c", &"A".repeat(75)] {
        let answer = revoke(&server, &[("token", token)]).await;
        assert_eq!((answer.status, answer.json()), (200, &json!({})), "{token}");
    }
    assert_eq!(kept.get(ME).await.status, 200);
}

#[actix_web::test]
async fn a_form_without_a_token_is_an_invalid_request() {
    let server = TestServer::new().await;
    for form in [vec![], vec![("token", "")], vec![("token", "a"), ("token", "b")]] {
        let answer = revoke(&server, &form).await;
        let description = "The parameter token must be given, and once.";
        let expected = json!({"error": "invalid_request", "error_description": description});
        assert_eq!((answer.status, answer.json()), (400, &expected));
    }
    let answer = server.send(TestRequest::get().uri("/oauth/nothing")).await;
    assert_eq!((answer.status, &answer.json()["error"]), (404, &json!("invalid_request")));
}
