//! `/auth/forgot-password` and `/auth/reset-password`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_domain::IdentifierKind;
use selfsame_ports::Storage as _;
use selfsame_testing::{
    core::PASSWORD,
    fakes::{code_of, link_of},
};
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{TestServer, keys, other_than, text};

const FORGOT: &str = "/auth/forgot-password";
const RESET: &str = "/auth/reset-password";

const NEW_PASSWORD: &str = "a quite different long passphrase";

#[actix_web::test]
async fn r23_the_first_step_answers_the_same_for_any_address() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut known = server.browser();
    known.get("/session").await;
    let known = known.post(FORGOT, &[("email", EMAIL), ("otp", "")]).await;
    let unknown = server.browser().post(FORGOT, &[("email", "nobody@example.com")]).await;
    assert_eq!((known.status, &known.json()["data"]), (200, &Value::Null));
    assert_eq!((unknown.status, &unknown.json()["data"]), (200, &Value::Null));
    assert_eq!((server.mails_to(EMAIL).len(), server.mails_to("nobody@example.com").len()), (1, 0));
}

#[actix_web::test]
async fn the_code_becomes_a_token_and_the_token_a_password_once() {
    let server = TestServer::new().await;
    let mut signed_in = server.browser_of(EMAIL);
    let mut browser = server.browser();
    browser.post(FORGOT, &[("email", EMAIL)]).await;
    let code = server.mailed_code(EMAIL).unwrap();
    let answer = browser.post(FORGOT, &[("email", EMAIL), ("otp", &code)]).await;
    assert_eq!(keys(answer.data()), ["token"]);
    let token = text(&answer.data()["token"]);

    let weak = browser.post(RESET, &[("token", token), ("password", "short")]).await;
    assert_eq!(weak.error(), (400, "BAD_REQUEST_BODY"));
    let done = browser.post(RESET, &[("token", token), ("password", NEW_PASSWORD)]).await;
    assert_eq!(done.data()["signins"], json!([]), "r22: a reset signs nobody in");
    assert_eq!(signed_in.get("/me").await.error(), (401, "UNAUTHORIZED"), "r21: it ends other sign-ins");
    let again = browser.post(RESET, &[("token", token), ("password", PASSWORD)]).await;
    assert_eq!(again.error(), (400, "INVALID_CODE"));
    assert_eq!(browser.sign_in(EMAIL, NEW_PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_wrong_code_and_an_unknown_address_have_one_answer() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    for email in [EMAIL, "nobody@example.com"] {
        let answer = server.browser().post(FORGOT, &[("email", email), ("otp", "000000")]).await;
        assert_eq!(answer.error(), (400, "INVALID_CODE"));
    }
}

#[actix_web::test]
async fn r35_after_five_wrong_codes_the_message_says_what_to_do_and_another_mail_has_a_code_and_a_link() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    browser.post(FORGOT, &[("email", EMAIL)]).await;
    let code = server.mailed_code(EMAIL).unwrap();
    for _ in 0..5 {
        browser.post(FORGOT, &[("email", EMAIL), ("otp", other_than(&code))]).await;
    }
    let refused = browser.post(FORGOT, &[("email", EMAIL), ("otp", &code)]).await;
    assert_eq!(refused.error(), (400, "INVALID_CODE"));
    let message = text(&refused.json()["message"]);
    assert_eq!(message, "Too many wrong codes. Please use the link in the email, or try again in 60 minutes.");
    server.clock.advance(Duration::from_secs(1));
    browser.post(FORGOT, &[("email", EMAIL)]).await;
    let newest = server.mails_to(EMAIL).pop().unwrap();
    assert!(code_of(&newest).is_some() && link_of(&newest).is_some());
    server.clock.advance(Duration::from_hours(1));
    browser.post(FORGOT, &[("email", EMAIL)]).await;
    let code = server.mailed_code(EMAIL).unwrap();
    assert_eq!(browser.post(FORGOT, &[("email", EMAIL), ("otp", &code)]).await.status, 200);
}

#[actix_web::test]
async fn r2_r7_the_reset_of_an_address_that_was_only_claimed_proves_it_for_who_reads_the_mail() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    browser.sign_up(EMAIL).await;
    let mut rival = server.browser();
    server.clock.advance(Duration::from_secs(1));
    rival.sign_up(EMAIL).await;
    for (step, password) in ["code", "link"].iter().zip([PASSWORD, NEW_PASSWORD]) {
        browser.post(FORGOT, &[("email", EMAIL)]).await;
        let (code, link) = (server.mailed_code(EMAIL).unwrap(), server.mailed_token(EMAIL).unwrap());
        let token = if *step == "code" {
            let answer = browser.post(FORGOT, &[("email", EMAIL), ("otp", &code)]).await;
            text(&answer.data()["token"]).to_owned()
        } else {
            link
        };
        let done = browser.post(RESET, &[("token", &token), ("password", password)]).await;
        assert_eq!(done.status, 200, "{step}");
        assert!(server.account(EMAIL).is_verified());
        let signed_in = server.browser().sign_in(EMAIL, password).await;
        assert_eq!(signed_in.attempt("signin_attempts")["completed"], true, "{step}");
        server.clock.advance(Duration::from_hours(1));
    }
}

#[actix_web::test]
async fn r2_r7_the_link_of_a_reset_proves_a_claimed_address_and_drops_rival_claims() {
    let server = TestServer::new().await;
    let (mut first, mut second) = (server.browser(), server.browser());
    first.sign_up(EMAIL).await;
    server.clock.advance(Duration::from_secs(1));
    second.sign_up(EMAIL).await;
    first.post(FORGOT, &[("email", EMAIL)]).await;
    let token = server.mailed_token(EMAIL).unwrap();
    assert_eq!(first.post(RESET, &[("token", &token), ("password", NEW_PASSWORD)]).await.status, 200);
    assert!(server.account(EMAIL).is_verified());
    let unproven = server.storage.read().unwrap().unproven_claim(IdentifierKind::Email, EMAIL).unwrap();
    assert!(unproven.is_none());
    assert_eq!(server.browser().sign_in(EMAIL, PASSWORD).await.error(), (401, "INVALID_CREDENTIALS"));
}

#[actix_web::test]
async fn a_reset_shows_no_open_sign_in_of_another_account() {
    let server = TestServer::new().await;
    server.account("a@example.com");
    let mut browser = server.browser();
    browser.sign_up("u@example.com").await;
    browser.sign_in("u@example.com", PASSWORD).await.attempt("signin_attempts");
    browser.post(FORGOT, &[("email", "a@example.com")]).await;
    let token = server.mailed_token("a@example.com").unwrap();
    let done = browser.post(RESET, &[("token", &token), ("password", NEW_PASSWORD)]).await;
    for attempts in ["signin_attempts", "signup_attempts"] {
        assert_eq!((&done.data()[attempts], &done.json()["session"][attempts]), (&json!([]), &json!([])));
    }
}

#[actix_web::test]
async fn a_code_that_is_too_old_says_so() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    browser.post(FORGOT, &[("email", EMAIL)]).await;
    let code = server.mailed_code(EMAIL).unwrap();
    server.clock.advance(Duration::from_mins(31));
    let answer = browser.post(FORGOT, &[("email", EMAIL), ("otp", &code)]).await;
    assert_eq!(answer.error(), (400, "verification_code_expired"));
}

#[actix_web::test]
async fn r44_a_bad_token_is_refused_before_anything_is_done() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    let form = [("email", EMAIL)];
    let sent = TestRequest::post().uri(FORGOT).insert_header(("Authorization", "Bearer bad"));
    assert_eq!(server.send(sent.set_form(form)).await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(server.mails().len(), 0);

    browser.post(FORGOT, &form).await;
    let code = server.mailed_code(EMAIL).unwrap();
    let answer = browser.post(FORGOT, &[("email", EMAIL), ("otp", &code)]).await;
    let token = text(&answer.data()["token"]);
    let reset = |bearer: &str| {
        let sent = TestRequest::post().uri(RESET).insert_header(("Authorization", bearer));
        sent.set_form([("token", token), ("password", NEW_PASSWORD)])
    };
    assert_eq!(server.send(reset("Bearer bad")).await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, 200, "the password is what it was");

    let own = server.tokens(EMAIL).access_token.token;
    let answer = server.send(reset(&format!("Bearer {own}"))).await;
    assert_eq!((&answer.data()["signins"], answer.cookie("session_id")), (&json!([]), None));
    assert_eq!(browser.sign_in(EMAIL, NEW_PASSWORD).await.status, 200);
}
