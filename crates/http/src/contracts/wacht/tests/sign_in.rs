//! `/auth/identify` and `/auth/signin`.

use std::time::Duration;

use selfsame_application::operator::users::SetDisabled;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::EMAIL;
use crate::testing::TestServer;

#[actix_web::test]
async fn a_sign_in_completes_at_once_under_a_new_cookie() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    browser.get("/deployment").await;
    let before = browser.cookie.clone();
    let answer = browser.sign_in(EMAIL, PASSWORD).await;
    let attempt = answer.attempt("signin_attempts");
    assert_eq!(attempt["completed"], true);
    assert_eq!(attempt["current_step"], "");
    assert_eq!(
        (&attempt["method"], &attempt["user_id"]),
        (&json!("plain_email"), &answer.data()["active_signin"]["user_id"])
    );
    assert!(browser.cookie != before, "r40");
    let set: Vec<_> = answer.headers.get_all("set-cookie").map(|value| value.to_str().unwrap()).collect();
    for cookie in set {
        assert!(
            ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"].iter().all(|part| cookie.contains(part)),
            "r39: {cookie}"
        );
        assert!(!cookie.contains("Domain"), "r39: {cookie}");
    }
}

#[actix_web::test]
async fn a_username_does_as_well() {
    let server = TestServer::new().await;
    server.browser_of(EMAIL).post("/me", &[("username", "Ada.L")]).await;
    let form = [("strategy", "plain_username"), ("username", "ada.l"), ("password", PASSWORD)];
    let answer = server.browser().post("/auth/signin", &form).await;
    assert_eq!(answer.attempt("signin_attempts")["method"], "plain_username");
}

#[actix_web::test]
async fn an_unknown_user_and_a_wrong_password_have_one_answer() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let wrong = server.browser().sign_in(EMAIL, "another battery staple horse").await;
    let unknown = server.browser().sign_in("nobody@example.com", PASSWORD).await;
    assert_eq!(wrong.error(), (401, "INVALID_CREDENTIALS"));
    assert_eq!((wrong.status, wrong.json()), (unknown.status, unknown.json()));
    assert_eq!(server.passwords.verifications(), 4, "r83: the same work for both");
}

#[actix_web::test]
async fn a_disabled_account_is_told_so_by_who_knows_its_password() {
    let server = TestServer::new().await;
    let user = server.account(EMAIL).id;
    SetDisabled { user, is_disabled: true }.execute(&server.core).unwrap();
    assert_eq!(server.browser().sign_in(EMAIL, PASSWORD).await.error(), (403, "USER_DISABLED"));
    assert_eq!(
        server.browser().sign_in(EMAIL, "wrong battery staple horse").await.error(),
        (401, "INVALID_CREDENTIALS")
    );
}

#[actix_web::test]
async fn an_unproven_address_is_proven_on_the_way() {
    let server = TestServer::new().await;
    server.unverified_user(EMAIL);
    let mut browser = server.browser();
    let answer = browser.sign_in(EMAIL, PASSWORD).await;
    let attempt = answer.attempt("signin_attempts").clone();
    assert_eq!(attempt["current_step"], "verify_email");
    assert_eq!(attempt["completed"], false);
    assert_eq!(answer.data()["signins"], json!([]));

    let id = attempt["id"].as_str().unwrap();
    // There is also the mail of the sign-up. Only the second distinguishes them.
    server.clock.advance(Duration::from_secs(1));
    browser.prepare(id).await;
    let answer = browser.verify(id, &server.mailed_code(EMAIL).unwrap()).await;
    assert_eq!(answer.attempt("signin_attempts")["completed"], true);
    assert_eq!(browser.get("/me").await.data()["email_verified"], true);
}

#[actix_web::test]
async fn identify_tells_nobody_who_has_an_account() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    for identifier in [EMAIL, "nobody@example.com", "", "nonsense"] {
        let answer = server.browser().post("/auth/identify", &[("identifier", identifier)]).await;
        assert_eq!(answer.data(), &json!({"strategy": "password"}));
    }
}

#[actix_web::test]
async fn a_strategy_that_is_not_offered_is_refused_clearly() {
    let server = TestServer::new().await;
    for strategy in ["email_otp", "magic_link", "nonsense"] {
        let answer = server.browser().post("/auth/signin", &[("strategy", strategy), ("email", EMAIL)]).await;
        assert_eq!(answer.error(), (400, "INVALID_STATE"), "{strategy}");
    }
    let answer = server.browser().post("/auth/signin", &[("email", EMAIL)]).await;
    assert_eq!(answer.error(), (400, "REQUIRED_FIELD"));
}

#[actix_web::test]
async fn a_second_account_joins_the_first_in_one_browser() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.verified_user("bob@example.com");
    let answer = browser.sign_in("bob@example.com", PASSWORD).await;
    let emails: Vec<_> =
        answer.data()["signins"].as_array().unwrap().iter().map(|sign_in| &sign_in["user"]["email"]).collect();
    assert_eq!(emails, [EMAIL, "bob@example.com"]);
    assert_eq!(answer.data()["active_signin"]["user"]["email"], "bob@example.com");
}
