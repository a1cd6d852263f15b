//! A forgotten password.

use super::*;

const NEW_PASSWORD: &str = "a quite different long passphrase";

#[actix_web::test]
async fn r23_the_first_step_answers_the_same_for_any_address() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    let mut known = server.browser();
    known.get("/session").await;
    let known = known.post("/auth/forgot-password", &[("email", EMAIL), ("otp", "")]).await;
    let unknown = server.browser().post("/auth/forgot-password", &[("email", "nobody@example.com")]).await;
    assert_eq!((known.status, &known.body["data"]), (200, &Value::Null));
    assert_eq!((unknown.status, &unknown.body["data"]), (200, &Value::Null));
    assert_eq!((server.world.mails_to(EMAIL).len(), server.world.mails_to("nobody@example.com").len()), (1, 0));
}

#[actix_web::test]
async fn the_code_becomes_a_token_and_the_token_a_password_once() {
    let server = Server::new();
    let mut signed_in = server.adas_browser();
    let mut browser = server.browser();
    browser.post("/auth/forgot-password", &[("email", EMAIL)]).await;
    let code = server.mailed_code(EMAIL);
    let answer = browser.post("/auth/forgot-password", &[("email", EMAIL), ("otp", &code)]).await;
    assert_eq!(keys(answer.data()), ["token"]);
    let token = answer.data()["token"].as_str().unwrap().to_owned();

    let weak = browser.post("/auth/reset-password", &[("token", &token), ("password", "short")]).await;
    assert_eq!(weak.error(), (400, "BAD_REQUEST_BODY"));
    let answer = browser.post("/auth/reset-password", &[("token", &token), ("password", NEW_PASSWORD)]).await;
    assert_eq!(answer.data()["signins"], json!([]), "r22: a reset signs nobody in");
    assert_eq!(signed_in.get("/me").await.error(), (401, "UNAUTHORIZED"), "r21: it ends other sign-ins");
    let again = browser.post("/auth/reset-password", &[("token", &token), ("password", PASSWORD)]).await;
    assert_eq!(again.error(), (400, "INVALID_CODE"));
    assert_eq!(browser.sign_in(EMAIL, NEW_PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_wrong_code_and_an_unknown_address_have_one_answer() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    for email in [EMAIL, "nobody@example.com"] {
        let answer = server.browser().post("/auth/forgot-password", &[("email", email), ("otp", "000000")]).await;
        assert_eq!(answer.error(), (400, "INVALID_CODE"));
    }
}

#[actix_web::test]
async fn a_code_that_is_too_old_says_so() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    let mut browser = server.browser();
    browser.post("/auth/forgot-password", &[("email", EMAIL)]).await;
    let code = server.mailed_code(EMAIL);
    server.world.clock.advance(std::time::Duration::from_mins(31));
    let answer = browser.post("/auth/forgot-password", &[("email", EMAIL), ("otp", &code)]).await;
    assert_eq!(answer.error(), (400, "verification_code_expired"));
}

#[actix_web::test]
async fn r44_a_bad_token_is_refused_before_anything_is_done() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    let mut browser = server.browser();
    let form = [("email", EMAIL)];
    let sent = TestRequest::post().uri("/auth/forgot-password").insert_header(("Authorization", "Bearer bad"));
    assert_eq!(server.send(sent.set_form(form)).await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(server.world.mails().len(), 0);

    browser.post("/auth/forgot-password", &form).await;
    let code = server.mailed_code(EMAIL);
    let answer = browser.post("/auth/forgot-password", &[("email", EMAIL), ("otp", &code)]).await;
    let token = answer.data()["token"].as_str().unwrap().to_owned();
    let reset = |bearer: &str| {
        let sent = TestRequest::post().uri("/auth/reset-password").insert_header(("Authorization", bearer));
        sent.set_form([("token", token.as_str()), ("password", NEW_PASSWORD)])
    };
    assert_eq!(server.send(reset("Bearer bad")).await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, 200, "the password is what it was");

    let own = server.world.tokens(EMAIL).access_token.token;
    let answer = server.send(reset(&format!("Bearer {own}"))).await;
    assert_eq!((&answer.data()["signins"], answer.cookie("session_id")), (&json!([]), None));
    assert_eq!(browser.sign_in(EMAIL, NEW_PASSWORD).await.status, 200);
}
