//! `POST /refresh` and `/logout`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::{EMAIL, ME};
use crate::testing::{Answer, Client, TestServer, keys, text};

const REFRESH: &str = "/api/v1/auth/refresh";

impl Client {
    async fn refresh(&self, token: &str) -> Answer {
        self.post(REFRESH, json!({"refresh_token": token})).await
    }

    async fn logout(&self) -> Answer {
        self.send(TestRequest::post().uri("/api/v1/auth/logout")).await
    }
}

#[actix_web::test]
async fn r47_a_refresh_token_gives_its_successor_without_an_envelope() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let nobody = server.anonymous();
    let signed_in = nobody.login(EMAIL, PASSWORD).await;
    let first = text(&signed_in.json()["data"]["refresh_token"]);
    let answer = nobody.refresh(first).await;
    let tokens = answer.json();
    assert_eq!((answer.status, keys(tokens)), (200, vec!["access_token", "expires_in", "refresh_token", "token_type"]));
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 3600);
    let (jane, second) = (server.with_token(text(&tokens["access_token"])), text(&tokens["refresh_token"]));
    assert_ne!(second, first);
    assert_eq!(jane.get(ME).await.status, 200);

    server.clock.advance(Duration::from_secs(11));
    nobody.refresh(first).await.failed(401, "INVALID_TOKEN");
    nobody.refresh(second).await.failed(401, "INVALID_TOKEN");
    jane.get(ME).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r46_an_access_token_does_not_refresh() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let nobody = server.anonymous();
    for bad in [server.tokens(EMAIL).access_token.token.as_str(), "", "made-up"] {
        nobody.refresh(bad).await.failed(401, "INVALID_TOKEN");
    }
    assert_eq!(nobody.post(REFRESH, json!({})).await.wrong_fields(), ["refresh_token"]);
}

#[actix_web::test]
async fn r50_logout_ends_the_sign_in_with_all_its_tokens_and_no_other() {
    let server = TestServer::new().await;
    let (other, nobody) = (server.bearer(EMAIL), server.anonymous());
    let tokens = server.tokens(EMAIL);
    let jane = server.with_token(&tokens.access_token.token);
    let answer = jane.logout().await;
    assert_eq!((answer.status, answer.text()), (204, ""));
    jane.get(ME).await.failed(401, "UNAUTHORIZED");
    nobody.refresh(tokens.refresh_token.expose()).await.failed(401, "INVALID_TOKEN");
    assert_eq!(other.get(ME).await.status, 200);
    nobody.logout().await.failed(401, "UNAUTHORIZED");
}
