//! `phone_otp`: as the strategy of a sign-in, and as second factor.

use std::time::Duration;

use selfsame_domain::{Factor, Factors};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Browser, TestServer, text};

const PHONE: &str = "+31612345678";
const OTHER: &str = "+31687654321";

async fn server() -> TestServer {
    let core = TestCore::with(|policy, _| {
        (policy.sms_sign_in, policy.sms_second_factor) = (true, true);
        policy.sms_countries = vec!["NL".to_owned()];
    });
    let server = TestServer::over(core).await;
    server.account(EMAIL);
    server.add_phone(EMAIL, PHONE);
    server
}

impl Browser {
    async fn sign_in_by_phone(&mut self, phone: &str, country: &str) -> Answer {
        let form = [("strategy", "phone_otp"), ("phone", phone), ("phone_country_code", country)];
        self.post("/auth/signin", &form).await
    }

    async fn prepare_phone(&mut self, attempt: &str, last_digits: &str) -> Answer {
        let query = format!("attempt_identifier={attempt}&identifier_type=signin&strategy=phone_otp");
        self.post(&format!("/auth/prepare-verification?{query}&last_digits={last_digits}"), &[]).await
    }
}

/// The id of the last sign-in attempt.
fn attempt_id(answer: &Answer) -> String {
    text(&answer.attempt("signin_attempts")["id"]).to_owned()
}

#[actix_web::test]
async fn a_number_and_the_code_of_a_text_message_sign_in() {
    let server = server().await;
    let mut browser = server.browser();
    let started = browser.sign_in_by_phone("06 12345678", "+31").await;
    let attempt = started.attempt("signin_attempts");
    insta::assert_json_snapshot!(attempt, {".id" => "[id]", ".session_id" => "[id]", ".expires_at" => "[time]"}, @r#"
    {
      "available_2fa_methods": [],
      "completed": false,
      "current_step": "verify_phone_otp",
      "email": "",
      "expires_at": "[time]",
      "first_method_authenticated": false,
      "id": "[id]",
      "method": "phone_otp",
      "missing_fields": [],
      "remaining_steps": [
        "verify_phone_otp"
      ],
      "required_fields": [],
      "requires_completion": false,
      "second_method_authenticated": false,
      "second_method_authentication_required": false,
      "session_id": "[id]",
      "sso_provider": "",
      "user_id": ""
    }
    "#);
    let id = attempt_id(&started);
    let sent = browser.prepare_phone(&id, "").await;
    insta::assert_json_snapshot!(sent.data(), @r#"
    {
      "masked_phone": "+31*******78",
      "next_otp_at": "2026-03-14T15:10:26.535Z",
      "otp_sent": true,
      "verification_method": "phone_otp"
    }
    "#);
    assert_eq!(browser.verify(&id, "000000").await.error(), (400, "INVALID_CODE"));
    let before = browser.cookie.clone();
    let done = browser.verify(&id, &server.text_code(PHONE).unwrap()).await;
    let attempt = done.attempt("signin_attempts");
    assert_eq!((&attempt["completed"], &attempt["current_step"]), (&json!(true), &json!("")));
    assert_eq!(attempt["user_id"], done.data()["active_signin"]["user_id"]);
    assert!(browser.cookie != before, "r40");
    assert_eq!(browser.get("/me").await.data()["email"], EMAIL);
}

#[actix_web::test]
async fn r1_a_number_without_an_account_has_the_same_answers() {
    let server = server().await;
    let mut told = Vec::new();
    for phone in [PHONE, OTHER] {
        let mut browser = server.browser();
        let started = browser.sign_in_by_phone(phone, "").await;
        let mut attempt = started.attempt("signin_attempts").clone();
        let id = attempt_id(&started);
        for member in ["id", "session_id"] {
            attempt[member] = Value::Null;
        }
        let mut sent = browser.prepare_phone(&id, "").await.data().clone();
        assert_eq!(sent["otp_sent"], true);
        sent["masked_phone"] = Value::Null;
        let wrong = browser.verify(&id, "000000").await;
        told.push((attempt, sent, wrong.status, wrong.json().clone()));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!((server.texts_to(PHONE).len(), server.texts_to(OTHER).len()), (1, 0));
}

#[actix_web::test]
async fn a_number_that_cannot_be_used_is_refused_clearly() {
    let server = server().await;
    let mut browser = server.browser();
    assert_eq!(browser.sign_in_by_phone("12", "").await.error(), (400, "BAD_REQUEST_BODY"));
    assert_eq!(browser.sign_in_by_phone("+14155552671", "").await.error(), (400, "COUNTRY_RESTRICTED"), "r16");
    assert_eq!(browser.post("/auth/signin", &[("strategy", "phone_otp")]).await.error(), (400, "REQUIRED_FIELD"));
    let off = TestServer::new().await;
    assert_eq!(off.browser().sign_in_by_phone(PHONE, "").await.error(), (400, "INVALID_STATE"));
}

#[actix_web::test]
async fn the_deployment_tells_whether_a_phone_signs_in() {
    let offers = async |server: TestServer| {
        let deployment = server.browser().get("/deployment").await;
        deployment.data()["auth_settings"]["auth_factors_enabled"]["phone_otp"].clone()
    };
    assert_eq!(offers(server().await).await, true);
    let without_gateway = TestCore::with(|policy, _| (policy.sms_sign_in, policy.sends_sms) = (true, false));
    assert_eq!(offers(TestServer::over(without_gateway).await).await, false);
}

#[actix_web::test]
async fn r27_a_phone_is_a_second_factor_after_its_last_digits() {
    let server = server().await;
    server.enrol_phone(EMAIL, PHONE);
    let mut browser = server.browser();
    let started = browser.sign_in(EMAIL, PASSWORD).await;
    let attempt = started.attempt("signin_attempts");
    assert_eq!(attempt["current_step"], "verify_second_factor");
    assert_eq!(attempt["available_2fa_methods"], json!(["phone_otp"]));
    let id = attempt_id(&started);
    assert_eq!(browser.prepare_phone(&id, "0000").await.error(), (400, "INVALID_CODE"));
    let sent = browser.prepare_phone(&id, "5678").await;
    assert_eq!((&sent.data()["otp_sent"], &sent.data()["masked_phone"]), (&json!(true), &json!("+31*******78")));
    let done = browser.verify(&id, &server.text_code(PHONE).unwrap()).await;
    assert_eq!(done.attempt("signin_attempts")["second_method_authenticated"], true);
    let own = browser.get("/me/phone-numbers").await;
    let delete = format!("/me/phone-numbers/{}/delete", text(&own.data()[0]["id"]));
    assert_eq!(browser.post(&delete, &[]).await.error(), (400, "INVALID_STATE"), "it is the second factor");
}

#[actix_web::test]
async fn r32_after_a_sign_in_by_phone_a_text_message_is_not_offered() {
    let server = server().await;
    server.enrol_phone(EMAIL, PHONE);
    let mut browser = server.browser();
    let id = attempt_id(&browser.sign_in_by_phone(PHONE, "").await);
    browser.prepare_phone(&id, "").await;
    let refused = browser.verify(&id, &server.text_code(PHONE).unwrap()).await;
    assert_eq!(refused.error(), (400, "INVALID_STATE"));
    assert_eq!(browser.get("/session").await.data()["signins"], json!([]));

    let ada = server.bearer_by(EMAIL, Factors::of([Factor::Password, Factor::Sms]));
    let made = ada.post("/api/v1/account/backup-codes", json!({})).await;
    server.clock.advance(Duration::from_mins(1));
    let id = attempt_id(&browser.sign_in_by_phone(PHONE, "").await);
    browser.prepare_phone(&id, "").await;
    let verified = browser.verify(&id, &server.text_code(PHONE).unwrap()).await;
    let attempt = verified.attempt("signin_attempts");
    assert_eq!(attempt["available_2fa_methods"], json!(["backup_code"]));
    assert_eq!(browser.prepare_phone(&id, "5678").await.error(), (400, "INVALID_STATE"));
    let done = browser.verify(&id, text(&made.json()["backup_codes"][0])).await;
    assert_eq!(done.attempt("signin_attempts")["completed"], true);
}
