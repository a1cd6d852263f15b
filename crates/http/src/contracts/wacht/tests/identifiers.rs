//! `/me/email-addresses` and `/me/phone-numbers`.

use std::time::Duration;

use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Browser, TestServer, other_than, text};

const EMAILS: &str = "/me/email-addresses";
const PHONES: &str = "/me/phone-numbers";
const WORK: &str = "ada@work.example";
const NUMBER: &str = "+31612345678";

impl Browser {
    /// Adds an address or a number; returns where it is.
    async fn added(&mut self, list: &str, form: &[(&str, &str)]) -> String {
        let answer = self.post(list, form).await;
        format!("{list}/{}", text(&answer.data()["id"]))
    }

    /// A step without a body, as the SDK sends it.
    async fn step(&mut self, at: &str, step: &str) -> Answer {
        self.post(&format!("{at}/{step}"), &[]).await
    }

    async fn primary(&mut self, id: &str) -> Value {
        self.get("/me").await.data()[id].clone()
    }
}

#[actix_web::test]
async fn an_address_goes_through_the_screens_of_the_sdk() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let at = browser.added(EMAILS, &[("email", WORK)]).await;
    insta::assert_json_snapshot!(browser.get(&at).await.data(), {".id" => "[id]"}, @r#"
    {
      "email": "ada@work.example",
      "id": "[id]",
      "is_primary": false,
      "verification_strategy": "otp",
      "verified": false,
      "verified_at": null
    }
    "#);
    assert!(browser.step(&at, "prepare-verification").await.data().is_string());
    let code = server.mailed_code(WORK).unwrap();
    assert!(
        browser.step(&at, "prepare-verification").await.data().is_string(),
        "within the pause it is answered alike"
    );
    assert_eq!(browser.step(&at, "make-primary").await.error(), (400, "INVALID_STATE"));
    assert_eq!(browser.step(&at, "attempt-verification").await.error(), (400, "CODE_REQUIRED"));
    let wrong = format!("attempt-verification?code={}", other_than(&code));
    assert_eq!(browser.step(&at, &wrong).await.error(), (400, "INVALID_CODE"));
    let answer = browser.step(&at, &format!("attempt-verification?code={code}")).await;
    assert!(answer.data().is_string());
    let emails = &answer.json()["session"]["active_signin"]["user"]["user_email_addresses"];
    assert_eq!(emails[1]["verified"], true, "the session shows it at once");
    assert_eq!(browser.step(&at, "delete").await.status, 200);
    assert_eq!(browser.get(EMAILS).await.data().as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_number_goes_through_the_screens_of_the_sdk() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let at = browser.added(PHONES, &[("phone_number", "612345678"), ("country_code", "+31")]).await;
    insta::assert_json_snapshot!(browser.get(&at).await.data(), {".id" => "[id]"}, @r#"
    {
      "country_code": "+31",
      "id": "[id]",
      "phone_number": "+31612345678",
      "verified": false,
      "verified_at": null
    }
    "#);
    browser.step(&at, "prepare-verification").await.data();
    let code = server.text_code(NUMBER).unwrap();
    let answer = browser.post(&format!("{at}/attempt-verification"), &[("code", &code)]).await;
    assert!(answer.data().is_string());
    assert_eq!(format!("{PHONES}/{}", text(&browser.primary("primary_phone_number_id").await)), at);
    assert_eq!(browser.primary("phone_verified").await, true);
    assert_eq!(browser.step(&at, "make-primary").await.status, 200);
    assert_eq!(browser.step(&at, "delete").await.status, 200);
    assert_eq!(browser.get(PHONES).await.data(), &json!([]));
}

#[actix_web::test]
async fn the_primary_address_is_chosen_by_its_route_and_by_the_write_of_me() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let old = text(&browser.primary("primary_email_address_id").await).to_owned();
    server.add_email(EMAIL, 77, WORK, true);
    assert_eq!(browser.step(&format!("{EMAILS}/77"), "make-primary").await.status, 200);
    assert_eq!(browser.primary("email").await, WORK);
    assert_eq!(browser.step(&format!("{EMAILS}/77"), "delete").await.error(), (400, "INVALID_STATE"));
    browser.post("/me", &[("primary_email_address_id", &old)]).await.data();
    assert_eq!(browser.primary("email").await, EMAIL);
}

#[actix_web::test]
async fn r1_only_ones_own_address_exists_and_one_of_somebody_else_is_answered_like_a_free_one() {
    let server = TestServer::new().await;
    server.account("eve@example.com");
    let mut browser = server.browser_of(EMAIL);
    for address in ["eve@example.com", "free@example.com"] {
        let at = browser.added(EMAILS, &[("email", address)]).await;
        assert!(browser.step(&at, "prepare-verification").await.data().is_string());
        assert_eq!(browser.step(&at, "attempt-verification?code=000000").await.error(), (400, "INVALID_CODE"));
    }
    assert_eq!(server.mailed_code("eve@example.com"), None);
    assert_eq!(browser.post(EMAILS, &[("email", EMAIL)]).await.error(), (400, "EMAIL_EXISTS"));
    assert_eq!(browser.post(EMAILS, &[("email", "nobody")]).await.error(), (400, "BAD_REQUEST_BODY"));
    assert_eq!(browser.post(EMAILS, &[]).await.error(), (400, "REQUIRED_FIELD"));
    browser.added(PHONES, &[("phone_number", NUMBER)]).await;
    assert_eq!(browser.post(PHONES, &[("phone_number", NUMBER)]).await.error(), (400, "PHONE_NUMBER_EXISTS"));
}

#[actix_web::test]
async fn r10_a_stale_sign_in_is_told_to_sign_in_again() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.add_email(EMAIL, 77, WORK, true);
    server.clock.advance(Duration::from_mins(10));
    let at = format!("{EMAILS}/77");
    let stale = (403, "STEP_UP_REQUIRED");
    assert_eq!(browser.post(EMAILS, &[("email", "new@example.com")]).await.error(), stale);
    assert_eq!(browser.post(PHONES, &[("phone_number", NUMBER)]).await.error(), stale);
    assert_eq!(browser.step(&at, "make-primary").await.error(), stale);
    assert_eq!(browser.step(&at, "delete").await.error(), stale);
    assert_eq!(browser.post("/me", &[("primary_email_address_id", "77")]).await.error(), stale);
    assert_eq!(browser.post("/me", &[("first_name", "Ada")]).await.status, 200, "a name needs no recent proof");
}

#[actix_web::test]
async fn r62_what_belongs_to_somebody_else_is_as_unknown_as_what_never_was() {
    let server = TestServer::new().await;
    let (mut ada, mut eve) = (server.browser_of(EMAIL), server.browser_of("eve@example.com"));
    let foreign = ada.added(EMAILS, &[("email", WORK)]).await;
    for at in [foreign, format!("{EMAILS}/1"), format!("{PHONES}/nonsense")] {
        let mut bodies = vec![eve.get(&at).await];
        for step in ["prepare-verification", "attempt-verification?code=123456", "make-primary", "delete"] {
            bodies.push(eve.step(&at, step).await);
        }
        for answer in &bodies {
            assert_eq!((answer.error(), answer.json()), ((404, "NOT_FOUND"), bodies[0].json()), "{at}");
        }
    }
    assert_eq!(server.browser().get(EMAILS).await.error(), (401, "UNAUTHORIZED"));
}

#[actix_web::test]
async fn r16_what_cannot_be_sent_is_said_in_the_words_of_the_contract() {
    let restricted = TestCore::with(|policy, _| policy.sms_countries = vec!["NL".to_owned()]);
    let mut browser = TestServer::over(restricted).await.browser_of(EMAIL);
    assert_eq!(browser.post(PHONES, &[("phone_number", "+447400123456")]).await.error(), (400, "COUNTRY_RESTRICTED"));
    let off = TestServer::over(TestCore::with(|policy, _| policy.sends_sms = false)).await;
    let mut browser = off.browser_of(EMAIL);
    let at = browser.added(PHONES, &[("phone_number", NUMBER)]).await;
    let answer = browser.step(&at, "prepare-verification").await;
    assert_eq!(answer.error(), (400, "INVALID_STATE"));
    assert!(answer.json()["message"].as_str().unwrap().contains("no text messages"));
}
