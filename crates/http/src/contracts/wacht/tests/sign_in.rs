//! Signing in by password.

use super::*;

#[actix_web::test]
async fn a_sign_in_completes_at_once_under_a_new_cookie() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    let mut browser = server.browser();
    browser.get("/deployment").await;
    let before = browser.cookie.clone();
    let answer = browser.sign_in(EMAIL, PASSWORD).await;
    let attempt = last(answer.data(), "signin_attempts");
    assert_eq!((&attempt["completed"], &attempt["current_step"]), (&json!(true), &json!("")));
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
    let server = Server::new();
    server.adas_browser().post("/me", &[("username", "Ada.L")]).await;
    let form = [("strategy", "plain_username"), ("username", "ada.l"), ("password", PASSWORD)];
    let answer = server.browser().post("/auth/signin", &form).await;
    assert_eq!(last(answer.data(), "signin_attempts")["method"], "plain_username");
}

#[actix_web::test]
async fn an_unknown_user_and_a_wrong_password_have_one_answer() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    let wrong = server.browser().sign_in(EMAIL, "another battery staple horse").await;
    let unknown = server.browser().sign_in("nobody@example.com", PASSWORD).await;
    assert_eq!(wrong.error(), (401, "INVALID_CREDENTIALS"));
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert_eq!(server.world.passwords.verifications(), 4, "r83: the same work for both");
}

#[actix_web::test]
async fn a_disabled_account_is_told_so_by_who_knows_its_password() {
    let server = Server::new();
    let user = server.world.verified_user(EMAIL);
    let mut unit = server.world.core.storage.begin().unwrap();
    let user = unit.accounts().lock(user.id).unwrap().unwrap();
    let mut disabled = user.clone();
    disabled.disabled_at = Some(disabled.created_at);
    disabled.touch(disabled.created_at);
    unit.accounts().save(&user, &disabled).unwrap();
    unit.commit().unwrap();
    assert_eq!(server.browser().sign_in(EMAIL, PASSWORD).await.error(), (403, "USER_DISABLED"));
    assert_eq!(
        server.browser().sign_in(EMAIL, "wrong battery staple horse").await.error(),
        (401, "INVALID_CREDENTIALS")
    );
}

#[actix_web::test]
async fn an_unproven_address_is_proven_on_the_way() {
    let server = Server::new();
    server.world.unverified_user(EMAIL);
    let mut browser = server.browser();
    let answer = browser.sign_in(EMAIL, PASSWORD).await;
    let attempt = last(answer.data(), "signin_attempts").clone();
    assert_eq!((&attempt["current_step"], &attempt["completed"]), (&json!("verify_email"), &json!(false)));
    assert_eq!(answer.data()["signins"], json!([]));

    let id = attempt["id"].as_str().unwrap();
    // The mail of the account's making waits too; mails are told apart by their second.
    server.world.clock.advance(std::time::Duration::from_secs(1));
    browser.prepare(id).await;
    let answer = browser.verify(id, &server.mailed_code(EMAIL)).await;
    assert_eq!(last(answer.data(), "signin_attempts")["completed"], true);
    assert_eq!(browser.get("/me").await.data()["email_verified"], true);
}

#[actix_web::test]
async fn identify_tells_nobody_who_has_an_account() {
    let server = Server::new();
    server.world.verified_user(EMAIL);
    for identifier in [EMAIL, "nobody@example.com", "", "nonsense"] {
        let answer = server.browser().post("/auth/identify", &[("identifier", identifier)]).await;
        assert_eq!(answer.data(), &json!({"strategy": "password"}));
    }
}

#[actix_web::test]
async fn a_strategy_that_is_not_offered_is_refused_clearly() {
    let server = Server::new();
    for strategy in ["email_otp", "magic_link", "phone_otp", "nonsense"] {
        let answer = server.browser().post("/auth/signin", &[("strategy", strategy), ("email", EMAIL)]).await;
        assert_eq!(answer.error(), (400, "INVALID_STATE"), "{strategy}");
    }
    let answer = server.browser().post("/auth/signin", &[("email", EMAIL)]).await;
    assert_eq!(answer.error(), (400, "REQUIRED_FIELD"));
}

#[actix_web::test]
async fn a_second_account_joins_the_first_in_one_browser() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    server.world.verified_user("bob@example.com");
    let answer = browser.sign_in("bob@example.com", PASSWORD).await;
    let emails: Vec<_> =
        answer.data()["signins"].as_array().unwrap().iter().map(|sign_in| &sign_in["user"]["email"]).collect();
    assert_eq!(emails, [EMAIL, "bob@example.com"]);
    assert_eq!(answer.data()["active_signin"]["user"]["email"], "bob@example.com");
}
