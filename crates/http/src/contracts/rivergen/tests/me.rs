//! `GET /me`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_domain::id::Id as _;
use serde_json::json;

use super::{EMAIL, ME};
use crate::testing::{TestServer, text};

#[actix_web::test]
async fn the_current_user_has_exactly_the_documented_members() {
    let server = TestServer::new().await;
    let answer = server.bearer(EMAIL).get(ME).await;
    let shown = answer.succeeded(200, "User information retrieved successfully");
    let user = &shown["user"];
    assert_eq!(user["id"], server.account(EMAIL).id.number());
    let updated_at = text(&user["updated_at"]);
    assert!(updated_at.ends_with('Z') && updated_at.len() == 24, "{updated_at}");
    insta::assert_json_snapshot!(shown, {".user.id" => "[id]", ".user.updated_at" => "[time]"}, @r#"
    {
      "emails": [
        {
          "created_at": "2026-03-14T15:09:26.535Z",
          "email": "jane@example.com",
          "is_primary": true,
          "verified": true
        }
      ],
      "organizations": [],
      "security": {
        "active_sessions": 1,
        "connected_providers": [],
        "mfa_enabled": false,
        "mfa_methods": [],
        "social_accounts_count": 0,
        "total_login_attempts": 1
      },
      "user": {
        "created_at": "2026-03-14T15:09:26.535Z",
        "disabled_at": null,
        "display_name": null,
        "id": "[id]",
        "is_system_admin": false,
        "primary_email": "jane@example.com",
        "profile": {},
        "profile_image_url": null,
        "updated_at": "[time]",
        "user_metadata": {}
      },
      "workspaces": []
    }
    "#);
}

#[actix_web::test]
async fn security_figures_count_sign_ins_ever_and_live() {
    let server = TestServer::new().await;
    let (jane, ended) = (server.bearer(EMAIL), server.bearer(EMAIL));
    assert_eq!(ended.post("/api/v1/auth/logout", json!({})).await.status, 204);
    let answer = jane.get(ME).await;
    let security = &answer.json()["data"]["security"];
    assert_eq!(security["total_login_attempts"], 2);
    assert_eq!(security["active_sessions"], 1);
}

#[actix_web::test]
async fn without_a_good_token_there_is_a_401_with_a_challenge() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    let refresh_token = server.tokens(EMAIL).refresh_token;
    for bad in [server.anonymous(), server.with_token("made.up"), server.with_token(refresh_token.expose())] {
        let answer = bad.get(ME).await;
        answer.failed(401, "UNAUTHORIZED");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let basic = TestRequest::get().uri(ME).insert_header(("authorization", "Basic amFuZTpwdw=="));
    server.send(basic).await.failed(401, "UNAUTHORIZED");

    server.clock.advance(Duration::from_secs(301));
    let answer = jane.get(ME).await;
    answer.failed(401, "UNAUTHORIZED");
    assert_eq!(answer.json()["message"], "The access token has expired");
}

#[actix_web::test]
async fn r44_a_cookie_says_nothing_here() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    server.browser_of(EMAIL).get(ME).await.failed(401, "UNAUTHORIZED");
    let cookie = format!("session_id={}", server.cookie(EMAIL).expose());
    let beside = TestRequest::get().uri(ME).insert_header(("cookie", cookie));
    assert_eq!(jane.send(beside).await.status, 200);
}

#[actix_web::test]
async fn r57_the_answer_is_not_to_be_stored() {
    let jane = TestServer::new().await.bearer(EMAIL);
    assert_eq!(jane.get(ME).await.header("cache-control"), "no-store");
}
