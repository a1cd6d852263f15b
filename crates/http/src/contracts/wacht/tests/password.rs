//! `/auth/forgot-password` and `/auth/reset-password`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::PASSWORD;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{TestServer, keys, text};

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
