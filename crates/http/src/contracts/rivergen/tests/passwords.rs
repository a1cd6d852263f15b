//! `POST /forgot-password`, `/reset-password` and `/change-password`.

use std::time::Duration;

use selfsame_ports::Mail;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::{Answer, EMAIL, World, token_of};

const ANOTHER: &str = "eleven purple elephants waltz";
const ASKED: &str = "If the email exists, a password reset link has been sent";
const CHANGED: &str = "Password changed successfully";

impl World {
    /// Asks for a reset and gives the token that was mailed.
    async fn reset_token(&self) -> String {
        self.post("/forgot-password", json!({"email": EMAIL})).await.data(200, ASKED);
        let mut links = self.test.mails_to(EMAIL).into_iter().filter_map(|mail| match mail {
            Mail::ResetPassword { link, .. } => Some(link),
            _ => None,
        });
        token_of(&links.next_back().unwrap())
    }

    async fn reset(&self, token: &str, new_password: &str) -> Answer {
        self.post("/reset-password", json!({"token": token, "new_password": new_password})).await
    }

    async fn change(&self, token: &str, current: &str, new: &str) -> Answer {
        self.post_as(token, "/change-password", json!({"current_password": current, "new_password": new})).await
    }

    async fn can_sign_in_with(&self, password: &str) -> bool {
        self.post("/login", json!({"email": EMAIL, "password": password})).await.status == 200
    }
}

#[actix_web::test]
async fn r23_a_forgotten_password_is_one_answer_for_every_address() {
    let (world, _, _) = World::with_jane();
    let known = world.post("/forgot-password", json!({"email": EMAIL})).await;
    let unknown = world.post("/forgot-password", json!({"email": "nobody@example.com"})).await;
    assert_eq!(known.data(200, ASKED), &json!({"message": ASKED}));
    assert_eq!(known.body, unknown.body);
    assert!(world.test.mails_to("nobody@example.com").is_empty());
    assert_eq!(world.post("/forgot-password", json!({"email": "nobody"})).await.wrong_fields(), ["email"]);
}

#[actix_web::test]
async fn r22_a_reset_sets_the_password_ends_every_sign_in_and_starts_none() {
    let (world, _, token) = World::with_jane();
    let reset = world.reset_token().await;
    let answer = world.reset(&reset, ANOTHER).await;
    assert_eq!((answer.status, &answer.body), (204, &Value::Null));
    world.get_me(&token).await.failed(401, "UNAUTHORIZED");
    assert!(world.can_sign_in_with(ANOTHER).await);
    assert!(!world.can_sign_in_with(PASSWORD).await);
    world.reset(&reset, PASSWORD).await.failed(400, "INVALID_TOKEN");
}

#[actix_web::test]
async fn a_weak_password_is_a_validation_error_and_leaves_the_token_good() {
    let (world, _, _) = World::with_jane();
    let reset = world.reset_token().await;
    assert_eq!(world.reset(&reset, "short").await.wrong_fields(), ["new_password"]);
    assert_eq!(world.reset(&reset, ANOTHER).await.status, 204);
}

#[actix_web::test]
async fn made_up_and_late_reset_tokens_are_400() {
    let (world, _, _) = World::with_jane();
    world.reset("made-up", ANOTHER).await.failed(400, "INVALID_TOKEN");
    let reset = world.reset_token().await;
    world.test.clock.advance(Duration::from_mins(31));
    world.reset(&reset, ANOTHER).await.failed(400, "INVALID_TOKEN");
    assert!(world.can_sign_in_with(PASSWORD).await);
}

#[actix_web::test]
async fn r21_a_change_ends_every_sign_in_the_callers_own_included() {
    let (world, _, token) = World::with_jane();
    let other = world.token(EMAIL);
    let answer = world.change(&token, PASSWORD, ANOTHER).await;
    assert_eq!(answer.data(200, CHANGED), &json!({"message": CHANGED}));
    for ended in [token, other] {
        world.get_me(&ended).await.failed(401, "UNAUTHORIZED");
    }
    assert!(world.test.mails_to(EMAIL).contains(&Mail::PasswordChanged));
    assert!(world.can_sign_in_with(ANOTHER).await);
}

#[actix_web::test]
async fn r20_a_change_needs_the_current_password_and_another_new_one() {
    let (world, _, token) = World::with_jane();
    world.change(&token, "not the password", ANOTHER).await.failed(400, "INVALID_CURRENT_PASSWORD");
    world.change(&token, PASSWORD, PASSWORD).await.failed(400, "CHANGE_PASSWORD_FAILED");
    assert_eq!(world.change(&token, PASSWORD, "short").await.wrong_fields(), ["new_password"]);
    let missing = world.post_as(&token, "/change-password", json!({})).await;
    assert_eq!(missing.wrong_fields(), ["current_password", "new_password"]);
    world
        .post("/change-password", json!({"current_password": PASSWORD, "new_password": ANOTHER}))
        .await
        .failed(401, "UNAUTHORIZED");
    assert_eq!(world.get_me(&token).await.status, 200);
}
