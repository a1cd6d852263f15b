//! Sign-up and the proof of the address.

use std::time::Duration;

use selfsame_application::identifiers::request_verification::RequestEmailVerification;
use selfsame_domain::RequestContext;
use selfsame_ports::Mail;
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{Answer, EMAIL, World, keys, other_than, text};

const CREATED: &str = "Account created. Check your email for the verification code.";
const VERIFIED: &str = "Email verified successfully";
const RESENT: &str = "Verification code sent";

fn form() -> Value {
    json!({"email": EMAIL, "password": PASSWORD, "display_name": "Jane Smith", "agree_to_terms": true, "terms_version": "1.0"})
}

impl World {
    /// Signs up and gives the temporary token.
    async fn signed_up(&self) -> String {
        let answer = self.post("/signup", form()).await;
        text(&answer.data(201, CREATED)["temporary_token"]).to_owned()
    }

    async fn verify_otp(&self, temporary_token: &str, code: &str) -> Answer {
        self.post("/verify-otp", json!({"temporary_token": temporary_token, "otp_code": code})).await
    }

    async fn resend(&self, email: &str, temporary_token: &str) -> Answer {
        self.a_second_later();
        self.post("/resend-signup-otp", json!({"email": email, "temporary_token": temporary_token})).await
    }

    async fn verify_link(&self, token: &str) -> Answer {
        self.post("/verify-email", json!({"token": token})).await
    }
}

#[actix_web::test]
async fn a_sign_up_is_verified_by_its_code_and_signed_in() {
    let world = World::new();
    let answer = world.post("/signup", form()).await;
    let data = answer.data(201, CREATED);
    let user_id = data["user_id"].as_i64().unwrap();
    let temporary_token = text(&data["temporary_token"]);
    assert_eq!(
        data,
        &json!({
            "user_id": user_id,
            "email": EMAIL,
            "display_name": "Jane Smith",
            "temporary_token": temporary_token,
            "email_verification_required": true,
            "message": CREATED
        })
    );

    let (code, _) = world.proof(EMAIL);
    let answer = world.verify_otp(temporary_token, &code).await;
    let data = answer.data(200, VERIFIED);
    let (access, refresh) = (text(&data["access_token"]), text(&data["refresh_token"]));
    assert_eq!(
        data,
        &json!({
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "bearer",
            "expires_in": 3600,
            "user_id": user_id,
            "email": EMAIL,
            "is_verified": true,
            "message": VERIFIED
        })
    );
    assert_eq!(world.get_me(access).await.body["data"]["user"]["display_name"], "Jane Smith");
    world.verify_otp(temporary_token, &code).await.failed(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn r1_a_sign_up_with_a_known_address_looks_like_any_other_and_its_owner_is_told() {
    let (world, jane, _) = World::with_jane();
    let known = world.post("/signup", form()).await;
    let unknown = world
        .post("/signup", json!({"email": "new@example.com", "password": PASSWORD, "display_name": "Jane Smith"}))
        .await;
    assert_eq!(keys(known.data(201, CREATED)), keys(unknown.data(201, CREATED)));
    for same in ["display_name", "email_verification_required", "message"] {
        assert_eq!(known.body["data"][same], unknown.body["data"][same]);
    }
    assert_ne!(known.body["data"]["user_id"], selfsame_domain::id::Id::number(jane.id));
    let mails = world.test.mails_to(EMAIL);
    assert!(mails.iter().any(|mail| matches!(mail, Mail::AlreadyRegistered)));
    assert!(
        !mails.iter().any(|mail| matches!(mail, Mail::VerifyEmail { .. })),
        "no proof is mailed for a taken address"
    );

    let token = text(&known.body["data"]["temporary_token"]);
    world.verify_otp(token, "123456").await.failed(400, "INVALID_OTP");
    world.resend(EMAIL, token).await.data(200, RESENT);
    assert!(!world.test.mails_to(EMAIL).iter().any(|mail| matches!(mail, Mail::VerifyEmail { .. })));
}

#[actix_web::test]
async fn r18_a_password_that_cannot_be_used_has_a_code_of_its_own_and_a_reason() {
    let world = World::new();
    for password in ["short", "passwordpassword", "jane@example.com"] {
        let answer = world.post("/signup", json!({"email": EMAIL, "password": password})).await;
        let errors = &answer.failed(422, "INVALID_PASSWORD")["errors"];
        assert_eq!(errors[0]["field"], "password");
        text(&errors[0]["reason"]);
        assert!(!answer.body.to_string().contains(password), "a password is never echoed");
    }
    let both = json!({"email": "nobody", "password": "short", "display_name": "x".repeat(101)});
    assert_eq!(world.post("/signup", both).await.wrong_fields(), ["email", "display_name", "password"]);
}

#[actix_web::test]
async fn the_terms_have_to_be_agreed_to() {
    let world = World::new();
    let mut refused = form();
    refused["agree_to_terms"] = json!(false);
    assert_eq!(world.post("/signup", refused).await.wrong_fields(), ["agree_to_terms"]);
    assert!(world.test.mails().is_empty());
    world.post("/signup", json!({"email": EMAIL, "password": PASSWORD})).await.data(201, CREATED);
}

#[actix_web::test]
async fn r86_sign_ups_from_one_address_are_limited() {
    let world = World::new();
    for _ in 0..3 {
        world.signed_up().await;
    }
    let answer = world.post("/signup", form()).await;
    answer.failed(429, "RATE_LIMITED");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn r15_a_wrong_code_counts_and_the_sixth_try_is_refused_whatever_it_says() {
    let world = World::new();
    let token = world.signed_up().await;
    let (code, _) = world.proof(EMAIL);
    for _ in 0..5 {
        world.verify_otp(&token, &other_than(&code)).await.failed(400, "INVALID_OTP");
    }
    world.verify_otp(&token, &code).await.failed(429, "TOO_MANY_ATTEMPTS");
}

#[actix_web::test]
async fn a_late_code_is_410_and_a_made_up_token_401() {
    let world = World::new();
    let token = world.signed_up().await;
    let (code, _) = world.proof(EMAIL);
    world.verify_otp("made-up", &code).await.failed(401, "INVALID_TOKEN");
    world.verify_otp(&"A".repeat(43), &code).await.failed(401, "INVALID_TOKEN");
    world.test.clock.advance(Duration::from_mins(11));
    world.verify_otp(&token, &code).await.failed(410, "OTP_EXPIRED");
}

#[actix_web::test]
async fn another_code_comes_with_another_token_and_the_earlier_ones_are_void() {
    let world = World::new();
    let first_token = world.signed_up().await;
    let (first_code, first_link) = world.proof(EMAIL);
    let answer = world.resend("JANE@example.com", &first_token).await;
    let data = answer.data(200, RESENT);
    let token = text(&data["temporary_token"]);
    assert_eq!(data, &json!({"temporary_token": token, "message": RESENT}));
    assert_ne!(token, first_token);

    let (code, _) = world.proof(EMAIL);
    world.verify_otp(&first_token, &code).await.failed(401, "INVALID_TOKEN");
    world.verify_link(&first_link).await.failed(400, "INVALID_TOKEN");
    if code != first_code {
        world.verify_otp(token, &first_code).await.failed(400, "INVALID_OTP");
    }
    world.verify_otp(token, &code).await.data(200, VERIFIED);
}

#[actix_web::test]
async fn another_code_is_not_mailed_for_another_address() {
    let world = World::new();
    let token = world.signed_up().await;
    let mailed = world.test.mails().len();
    for email in ["eve@example.com", "", "not an address"] {
        world.resend(email, &token).await.failed(401, "INVALID_TOKEN");
    }
    assert_eq!(world.test.mails().len(), mailed);
    assert_eq!(world.post("/resend-signup-otp", json!({})).await.wrong_fields(), ["email", "temporary_token"]);
}

#[actix_web::test]
async fn r12_the_link_signs_in_and_works_once() {
    let world = World::new();
    let temporary_token = world.signed_up().await;
    let (code, link) = world.proof(EMAIL);
    let answer = world.verify_link(&link).await;
    let data = answer.data(200, VERIFIED);
    let expected = [
        "access_token",
        "email",
        "expires_in",
        "is_verified",
        "message",
        "refresh_token",
        "set_password_token",
        "token_type",
        "user_id",
    ];
    assert_eq!(keys(data), expected);
    assert_eq!(world.get_me(text(&data["access_token"])).await.status, 200);
    world.verify_link(&link).await.failed(400, "INVALID_TOKEN");
    world.verify_otp(&temporary_token, &code).await.failed(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn a_late_link_is_410_and_a_made_up_one_400() {
    let world = World::new();
    world.signed_up().await;
    let (_, link) = world.proof(EMAIL);
    world.verify_link("made-up").await.failed(400, "INVALID_TOKEN");
    world.test.clock.advance(Duration::from_hours(25));
    world.verify_link(&link).await.failed(410, "TOKEN_EXPIRED");
}

#[actix_web::test]
async fn a_link_of_no_sign_up_verifies_and_signs_nobody_in() {
    let world = World::over(TestCore::with(|policy, _| policy.require_verified_email = false));
    world.test.unverified_user(EMAIL);
    let caller = world.test.caller(&world.test.tokens(EMAIL));
    world.a_second_later();
    RequestEmailVerification { context: RequestContext::default() }.execute(&world.test.core, &caller).unwrap();
    let (_, link) = world.proof(EMAIL);
    let answer = world.verify_link(&link).await;
    let expected = ["email", "is_verified", "message", "set_password_token", "user_id"];
    assert_eq!(keys(answer.data(200, VERIFIED)), expected);
    assert_eq!(answer.body["data"]["is_verified"], true);
}
