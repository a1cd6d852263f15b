//! `POST /login`, `/refresh` and `/logout`.

use std::time::Duration;

use selfsame_application::operator::users::SetDisabled;
use selfsame_domain::id::Id as _;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::{Answer, EMAIL, World, keys, text};

const SIGNED_IN: &str = "Login successful";

impl World {
    async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/login", json!({"email": email, "password": password})).await
    }

    async fn refresh(&self, token: &str) -> Answer {
        self.post("/refresh", json!({"refresh_token": token})).await
    }
}

#[actix_web::test]
async fn who_signs_in_gets_a_token_set() {
    let (world, jane, _) = World::with_jane();
    let answer =
        world.post("/login", json!({"email": "JANE@example.com", "password": PASSWORD, "remember_me": true})).await;
    let data = answer.data(200, SIGNED_IN);
    let (access, refresh) = (text(&data["access_token"]), text(&data["refresh_token"]));
    assert_eq!(
        data,
        &json!({
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "bearer",
            "expires_in": 3600,
            "user_id": jane.id.number(),
            "email": EMAIL,
            "display_name": null,
            "is_verified": true
        })
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("set-cookie"), "");
    world.test.clock.advance(Duration::from_secs(3599));
    assert_eq!(world.get_me(access).await.status, 200);
    world.test.clock.advance(Duration::from_secs(1));
    world.get_me(access).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r1_a_wrong_password_and_an_unknown_account_are_one_answer() {
    let (world, _, _) = World::with_jane();
    let wrong = world.login(EMAIL, "not the password").await;
    let unknown = world.login("nobody@example.com", "not the password").await;
    let malformed = world.login("nobody", "not the password").await;
    for answer in [&wrong, &unknown, &malformed] {
        answer.failed(401, "INVALID_CREDENTIALS");
        assert_eq!(answer.body, wrong.body);
    }
}

#[actix_web::test]
async fn an_unproven_address_is_403_with_the_token_that_leads_on() {
    let world = World::new();
    world.test.unverified_user(EMAIL);
    world.login(EMAIL, "not the password").await.failed(401, "INVALID_CREDENTIALS");
    let answer = world.login(EMAIL, PASSWORD).await;
    let details = answer.failed(403, "EMAIL_NOT_VERIFIED");
    let token = text(&details["temporary_token"]);
    assert_eq!(details, &json!({"temporary_token": token, "email_verification_required": true}));

    world.a_second_later();
    let resent = world.post("/resend-signup-otp", json!({"email": EMAIL, "temporary_token": token})).await;
    let token = text(&resent.body["data"]["temporary_token"]);
    let (code, _) = world.proof(EMAIL);
    let verified = world.post("/verify-otp", json!({"temporary_token": token, "otp_code": code})).await;
    assert_eq!(world.get_me(text(&verified.body["data"]["access_token"])).await.status, 200);
    world.login(EMAIL, PASSWORD).await.data(200, SIGNED_IN);
}

#[actix_web::test]
async fn r43_a_disabled_account_is_told_to_who_knows_the_password_and_its_tokens_are_dead() {
    let (world, jane, token) = World::with_jane();
    SetDisabled { user: jane.id, is_disabled: true }.execute(&world.test.core).unwrap();
    world.login(EMAIL, PASSWORD).await.failed(403, "ACCOUNT_DISABLED");
    world.login(EMAIL, "not the password").await.failed(401, "INVALID_CREDENTIALS");
    world.get_me(&token).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r20_passwords_cannot_be_tried_at_will() {
    let (world, _, _) = World::with_jane();
    for _ in 0..5 {
        world.login(EMAIL, "not the password").await.failed(401, "INVALID_CREDENTIALS");
    }
    let answer = world.login("Jane@Example.com", PASSWORD).await;
    answer.failed(429, "RATE_LIMITED");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn r47_a_refresh_token_gives_its_successor_without_an_envelope() {
    let (world, _, _) = World::with_jane();
    let signed_in = world.login(EMAIL, PASSWORD).await;
    let first = text(&signed_in.body["data"]["refresh_token"]);
    let answer = world.refresh(first).await;
    assert_eq!(answer.status, 200);
    assert_eq!(keys(&answer.body), ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert_eq!((&answer.body["token_type"], &answer.body["expires_in"]), (&json!("bearer"), &json!(3600)));
    let (access, second) = (text(&answer.body["access_token"]), text(&answer.body["refresh_token"]));
    assert_ne!(second, first);
    assert_eq!(world.get_me(access).await.status, 200);

    world.test.clock.advance(Duration::from_secs(11));
    world.refresh(first).await.failed(401, "INVALID_TOKEN");
    world.refresh(second).await.failed(401, "INVALID_TOKEN");
    world.get_me(access).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r46_an_access_token_does_not_refresh() {
    let (world, _, token) = World::with_jane();
    for bad in [token.as_str(), "", "made-up"] {
        world.refresh(bad).await.failed(401, "INVALID_TOKEN");
    }
    assert_eq!(world.post("/refresh", json!({})).await.wrong_fields(), ["refresh_token"]);
}

#[actix_web::test]
async fn r50_logout_ends_the_sign_in_with_all_its_tokens_and_no_other() {
    let (world, _, other) = World::with_jane();
    let tokens = world.test.tokens(EMAIL);
    let answer = world.post_as(&tokens.access_token.token, "/logout", Value::Null).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    world.get_me(&tokens.access_token.token).await.failed(401, "UNAUTHORIZED");
    world.refresh(tokens.refresh_token.expose()).await.failed(401, "INVALID_TOKEN");
    assert_eq!(world.get_me(&other).await.status, 200);
    world.post("/logout", Value::Null).await.failed(401, "UNAUTHORIZED");
}
