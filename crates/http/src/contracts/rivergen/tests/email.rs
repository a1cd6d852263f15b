//! `POST /me/email/request` and `/me/email/verify`.

use std::time::Duration;

use selfsame_ports::Mail;
use serde_json::json;

use super::{EMAIL, World, other_than};

const NEW: &str = "jane.smith@example.com";
const SENT: &str = "OTP sent to new email address";
const UPDATED: &str = "Email updated successfully";

impl World {
    async fn request_email(&self, token: &str, new_email: &str) -> super::Answer {
        self.post_as(token, "/me/email/request", json!({"new_email": new_email})).await
    }

    async fn verify_email_change(&self, token: &str, new_email: &str, code: &str) -> super::Answer {
        self.post_as(token, "/me/email/verify", json!({"new_email": new_email, "otp_code": code})).await
    }

    fn change_code(&self, email: &str) -> Option<String> {
        self.test.mails_to(email).into_iter().rev().find_map(|mail| match mail {
            Mail::ConfirmEmailChange { code, .. } => Some(code),
            _ => None,
        })
    }
}

#[actix_web::test]
async fn r9_the_new_address_is_primary_once_its_code_came_back_and_not_before() {
    let (world, _, token) = World::with_jane();
    let answer = world.request_email(&token, NEW).await;
    assert_eq!(answer.data(200, SENT), &json!({"message": SENT, "new_email": NEW}));
    assert_eq!(world.get_me(&token).await.body["data"]["user"]["primary_email"], EMAIL);

    let code = world.change_code(NEW).unwrap();
    let answer = world.verify_email_change(&token, NEW, &code).await;
    assert_eq!(answer.data(200, UPDATED), &json!({"message": UPDATED, "old_email": EMAIL, "new_email": NEW}));
    let me = world.get_me(&token).await;
    assert_eq!(me.body["data"]["user"]["primary_email"], NEW);
    let emails = me.body["data"]["emails"].as_array().unwrap();
    let shown = |email: &str| emails.iter().find(|shown| shown["email"] == email).unwrap();
    assert_eq!((&shown(EMAIL)["is_primary"], &shown(NEW)["is_primary"]), (&json!(false), &json!(true)));
    assert_eq!(shown(NEW)["verified"], true);
    world.verify_email_change(&token, NEW, &code).await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
}

#[actix_web::test]
async fn the_address_in_force_cannot_be_asked_for_and_a_malformed_one_is_a_validation_error() {
    let (world, _, token) = World::with_jane();
    world.request_email(&token, "Jane@Example.com").await.failed(400, "EMAIL_UPDATE_REQUEST_FAILED");
    assert_eq!(world.request_email(&token, "not an address").await.wrong_fields(), ["new_email"]);
    assert_eq!(world.post_as(&token, "/me/email/request", json!({})).await.wrong_fields(), ["new_email"]);
    world.post("/me/email/request", json!({"new_email": NEW})).await.failed(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn r1_an_address_of_somebody_else_is_answered_like_any_other_and_gets_no_code() {
    let (world, _, token) = World::with_jane();
    world.test.verified_user("eve@example.com");
    let answer = world.request_email(&token, "eve@example.com").await;
    assert_eq!(answer.data(200, SENT), &json!({"message": SENT, "new_email": "eve@example.com"}));
    assert_eq!(world.change_code("eve@example.com"), None);
}

#[actix_web::test]
async fn a_wrong_a_late_and_an_unasked_code_are_told_apart() {
    let (world, _, _) = World::with_jane();
    let token = world.token(EMAIL);
    world.verify_email_change(&token, NEW, "123456").await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
    world.request_email(&token, NEW).await.data(200, SENT);
    let code = world.change_code(NEW).unwrap();
    world.verify_email_change(&token, "other@example.com", &code).await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
    world.verify_email_change(&token, NEW, &other_than(&code)).await.failed(400, "INVALID_OTP");
    world.test.clock.advance(Duration::from_mins(11));
    let token = world.token(EMAIL);
    world.verify_email_change(&token, NEW, &code).await.failed(400, "OTP_EXPIRED");
}

#[actix_web::test]
async fn r15_a_code_takes_five_tries() {
    let (world, _, token) = World::with_jane();
    world.request_email(&token, NEW).await.data(200, SENT);
    let code = world.change_code(NEW).unwrap();
    for _ in 0..5 {
        world.verify_email_change(&token, NEW, &other_than(&code)).await.failed(400, "INVALID_OTP");
    }
    world.verify_email_change(&token, NEW, &code).await.failed(429, "TOO_MANY_ATTEMPTS");
}

#[actix_web::test]
async fn an_address_that_somebody_else_proved_in_the_meantime_is_lost() {
    let (world, _, token) = World::with_jane();
    world.request_email(&token, NEW).await.data(200, SENT);
    let code = world.change_code(NEW).unwrap();
    world.test.verified_user(NEW);
    world.verify_email_change(&token, NEW, &code).await.failed(400, "EMAIL_UPDATE_VERIFY_FAILED");
    assert_eq!(world.get_me(&token).await.body["data"]["user"]["primary_email"], EMAIL);
}
