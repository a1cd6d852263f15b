//! `/api/v1/account/deletion`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Client, TestServer};

const DELETION: &str = "/api/v1/account/deletion";

impl Client {
    async fn deletion_at(&self) -> Value {
        self.get(DELETION).await.json()["deletion_at"].clone()
    }
}

#[actix_web::test]
async fn r77_the_owner_deletes_the_account_and_keeps_it_after_all() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.deletion_at().await, Value::Null);
    let scheduled = ada.send(TestRequest::post().uri(DELETION)).await;
    assert_eq!((scheduled.status, &scheduled.json()["deletion_at"]), (202, &json!("2026-03-28T15:09:26.535Z")));
    assert_eq!(ada.get(ACCOUNT).await.problem(), (401, "unauthenticated"));

    let again = server.bearer(EMAIL);
    assert_eq!(again.deletion_at().await, scheduled.json()["deletion_at"]);
    assert_eq!(again.send(TestRequest::delete().uri(DELETION)).await.status, 204);
    assert_eq!(again.deletion_at().await, Value::Null);
}

#[actix_web::test]
async fn r77_a_deletion_needs_a_recent_proof_and_says_so_in_the_words_of_rfc_9470() {
    let minute = chrono::Duration::minutes(1);
    let server = TestServer::over(TestCore::with(|policy, _| policy.step_up_critical = minute)).await;
    let ada = server.bearer(EMAIL);
    server.clock.advance(Duration::from_mins(1));
    let ada = ada.send(TestRequest::post().uri(DELETION)).await;
    assert_eq!(ada.problem(), (401, "step-up-required"));
    let challenge = ada.header("www-authenticate");
    assert!(challenge.contains("insufficient_user_authentication") && challenge.contains("max_age=\"60\""));
}

#[actix_web::test]
async fn the_mailed_link_keeps_the_account_without_a_sign_in() {
    let server = TestServer::new().await;
    server.bearer(EMAIL).send(TestRequest::post().uri(DELETION)).await;
    let token = server.mailed_token(EMAIL).unwrap();
    let keep = |token: String| {
        server.send(TestRequest::post().uri("/api/v1/account/deletion/cancellation").set_json(json!({"token": token})))
    };
    assert_eq!(keep(token.clone()).await.status, 204);
    assert_eq!(keep(token).await.problem(), (400, "invalid-token"));
    assert_eq!(server.bearer(EMAIL).deletion_at().await, Value::Null);
}
