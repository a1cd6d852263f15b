//! `GET /me`.

use std::time::Duration;

use actix_web::http::Method;
use selfsame_domain::id::Id as _;
use serde_json::json;

use super::{EMAIL, World, request};

#[actix_web::test]
async fn the_current_user_has_exactly_the_documented_members() {
    let (world, jane, token) = World::with_jane();
    let answer = world.get_me(&token).await;
    let at = "2026-03-14T15:09:26.535Z";
    let shown = answer.data(200, "User information retrieved successfully");
    let updated_at = &shown["user"]["updated_at"];
    assert!(updated_at.as_str().is_some_and(|at| at.ends_with('Z') && at.len() == 24), "{updated_at}");
    assert_eq!(
        shown,
        &json!({
            "user": {
                "id": jane.id.number(),
                "display_name": null,
                "primary_email": EMAIL,
                "profile_image_url": null,
                "created_at": at,
                "updated_at": updated_at,
                "is_system_admin": false,
                "disabled_at": null,
                "profile": {},
                "user_metadata": {}
            },
            "emails": [{"email": EMAIL, "verified": true, "is_primary": true, "created_at": at}],
            "organizations": [],
            "workspaces": [],
            "security": {
                "mfa_enabled": false,
                "mfa_methods": [],
                "social_accounts_count": 0,
                "connected_providers": [],
                "total_login_attempts": 1,
                "active_sessions": 1
            }
        })
    );
}

#[actix_web::test]
async fn security_figures_count_sign_ins_ever_and_live() {
    let (world, _, token) = World::with_jane();
    let ended = world.token(EMAIL);
    assert_eq!(world.post_as(&ended, "/logout", json!({})).await.status, 204);
    let answer = world.get_me(&token).await;
    let security = &answer.body["data"]["security"];
    assert_eq!((&security["total_login_attempts"], &security["active_sessions"]), (&json!(2), &json!(1)));
}

#[actix_web::test]
async fn without_a_good_token_there_is_a_401_with_a_challenge() {
    let (world, _, token) = World::with_jane();
    let refresh_token = world.test.tokens(EMAIL).refresh_token;
    for bad in [None, Some("made.up"), Some(refresh_token.expose())] {
        let answer = world.ask(request(Method::GET, "/me", bad)).await;
        answer.failed(401, "UNAUTHORIZED");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let basic = request(Method::GET, "/me", None).insert_header(("Authorization", "Basic amFuZTpwdw=="));
    world.ask(basic).await.failed(401, "UNAUTHORIZED");

    world.test.clock.advance(Duration::from_secs(301));
    let answer = world.get_me(&token).await;
    answer.failed(401, "UNAUTHORIZED");
    assert_eq!(answer.body["message"], "The access token has expired");
}

#[actix_web::test]
async fn r44_a_cookie_says_nothing_here() {
    let (world, _, token) = World::with_jane();
    let cookie = format!("session_id={}", world.test.cookie(EMAIL).expose());
    let alone = request(Method::GET, "/me", None).insert_header(("Cookie", cookie.clone()));
    world.ask(alone).await.failed(401, "UNAUTHORIZED");
    let beside = request(Method::GET, "/me", Some(&token)).insert_header(("Cookie", cookie));
    assert_eq!(world.ask(beside).await.status, 200);
}

#[actix_web::test]
async fn r57_the_answer_is_not_to_be_stored() {
    let (world, _, token) = World::with_jane();
    assert_eq!(world.get_me(&token).await.header("cache-control"), "no-store");
}
