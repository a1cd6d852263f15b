//! `/auth/signup`, up to the first sign-in.

use std::time::Duration;

use selfsame_application::AppUrls;
use selfsame_testing::{
    core::{PASSWORD, TestCore},
    fakes::link_of,
};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::EMAIL;
use crate::testing::{Answer, Browser, TestServer, keys, other_than, text};

impl Browser {
    /// Signs up and returns the id of the attempt.
    pub(super) async fn sign_up(&mut self, email: &str) -> String {
        let answer = self.post("/auth/signup", &[("email", email), ("password", PASSWORD)]).await;
        text(&answer.attempt("signup_attempts")["id"]).to_owned()
    }
}

#[actix_web::test]
async fn a_sign_up_ends_signed_in_with_the_attempt_as_the_last_of_its_list() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    browser.get("/deployment").await;
    // All fields of the SDK's form, hidden ones too.
    let form = [
        ("first_name", "Ada"),
        ("last_name", ""),
        ("username", ""),
        ("phone_number", ""),
        ("phone_country_code", ""),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("challenge_token", "anything"),
    ];
    let answer = browser.post("/auth/signup", &form).await;
    let attempt = answer.attempt("signup_attempts").clone();
    assert_eq!(attempt["current_step"], "verify_email");
    assert_eq!(attempt["completed"], false);
    assert_eq!(attempt["first_name"], "Ada");
    assert_eq!(attempt["username"], "");
    assert_eq!(attempt["password"], "");
    assert_eq!(attempt["session_id"], answer.data()["id"]);
    let before = browser.cookie.clone();

    let id = attempt["id"].as_str().unwrap();
    let answer = browser.prepare(id).await;
    let mut data = answer.data().clone();
    assert!(data["next_otp_at"].take().is_string());
    let expected = json!({
        "otp_sent": true,
        "next_otp_at": null,
        "masked_email": "a***@e***.com",
        "verification_method": "email_otp",
    });
    assert_eq!(data, expected);

    let answer = browser.verify(id, &server.mailed_code(EMAIL).unwrap()).await;
    let attempt = answer.attempt("signup_attempts");
    assert_eq!(attempt["id"], id);
    assert_eq!(attempt["completed"], true);
    assert_eq!(attempt["current_step"], "");
    assert_eq!(answer.data()["active_signin"]["user"]["first_name"], "Ada");
    assert!(browser.cookie != before, "r40: the session id changes at sign-in");

    let me = browser.get("/me").await;
    assert_eq!(me.data()["email"], EMAIL);
    assert_eq!(me.data()["email_verified"], true);
}

#[actix_web::test]
async fn r1_a_known_address_is_answered_like_an_unknown_one() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let masked = |answer: &Answer| {
        let mut attempt = answer.attempt("signup_attempts").clone();
        for varying in ["id", "session_id", "email"] {
            assert!(attempt[varying].is_string());
            attempt[varying] = Value::Null;
        }
        let headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        (answer.status, headers.len(), keys(answer.data()).join(" "), attempt)
    };
    let mut answers = Vec::new();
    for email in [EMAIL, "new@example.com"] {
        let mut browser = server.browser();
        let signed_up = browser.post("/auth/signup", &[("email", email), ("password", PASSWORD)]).await;
        let id = signed_up.attempt("signup_attempts")["id"].as_str().unwrap().to_owned();
        let prepared = browser.prepare(&id).await;
        let sent = prepared.data()["otp_sent"].clone();
        answers.push((masked(&signed_up), sent, browser.verify(&id, "000000").await.error().1.to_owned()));
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn missing_fields_are_named_all_at_once() {
    let answer = TestServer::new().await.browser().post("/auth/signup", &[("email", ""), ("first_name", "Ada")]).await;
    assert_eq!(answer.error(), (400, "REQUIRED_FIELD"));
    let messages: Vec<_> = answer.json()["errors"].as_array().unwrap().iter().map(|error| &error["message"]).collect();
    assert_eq!(messages, ["The field email is required.", "The field password is required."]);
    assert_eq!(answer.json()["message"], *messages[0]);
    assert_eq!(answer.json()["data"], Value::Null);
}

#[actix_web::test]
async fn broken_rules_are_told_all_at_once_and_a_taken_username_by_its_code() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    browser.post("/me", &[("username", "ada.l")]).await;
    let form = [("email", "new@example.com"), ("password", PASSWORD), ("username", "Ada.L")];
    let answer = server.browser().post("/auth/signup", &form).await;
    assert_eq!(answer.error(), (400, "USERNAME_EXISTS"));
    assert_eq!(answer.json()["errors"][0]["message"], "This username is taken.");

    let form = [("email", "nobody"), ("password", "short"), ("username", "1x")];
    let answer = server.browser().post("/auth/signup", &form).await;
    assert_eq!((answer.status, answer.json()["errors"].as_array().unwrap().len()), (400, 3));
}

#[actix_web::test]
async fn a_national_phone_number_takes_its_country() {
    let server = TestServer::new().await;
    let form = [("email", EMAIL), ("password", PASSWORD), ("phone_number", "612345678"), ("phone_country_code", "+31")];
    let answer = server.browser().post("/auth/signup", &form).await;
    assert_eq!(answer.attempt("signup_attempts")["phone_number"], "+31612345678");
}

#[actix_web::test]
async fn a_step_without_a_cookie_is_told_so_and_not_that_the_attempt_is_over() {
    let server = TestServer::new().await;
    let id = server.browser().sign_up(EMAIL).await;
    // Its browser keeps no cookie, as in a page of another site.
    for answer in [server.browser().prepare(&id).await, server.browser().verify(&id, "123456").await] {
        assert_eq!(answer.error(), (400, "BAD_SIGN_IN_ATTEMPT"));
        assert!(text(&answer.json()["message"]).starts_with("Your browser sent no session cookie."));
    }
}

#[actix_web::test]
async fn r58_the_mailed_link_leads_to_the_application_only_below_an_address_on_the_list() {
    let core = TestCore::with(|policy, limits| {
        policy.app_urls = AppUrls::parse(&["https://app.example/account"]).unwrap();
        limits.sign_up_per_ip.burst = 10;
    });
    let server = TestServer::over(core).await;
    for (number, (redirect_uri, start)) in [
        ("https://app.example/account/verify?lang=en", "https://app.example/account/verify?lang=en#token="),
        ("https://app.example/other", "https://id.example/verify-email#token="),
        ("https://app.example.evil.example/account", "https://id.example/verify-email#token="),
        ("https://evil.example/account", "https://id.example/verify-email#token="),
        ("", "https://id.example/verify-email#token="),
    ]
    .iter()
    .enumerate()
    {
        let email = format!("ada{number}@example.com");
        let mut browser = server.browser();
        let id = browser.sign_up(&email).await;
        let redirect_uri: String = form_urlencoded::byte_serialize(redirect_uri.as_bytes()).collect();
        let query = format!("attempt_identifier={id}&strategy=email_otp&redirect_uri={redirect_uri}");
        assert_eq!(browser.post(&format!("/auth/prepare-verification?{query}"), &[]).await.status, 200);
        let mail = server.mails_to(&email).pop().unwrap();
        let link = link_of(&mail).unwrap();
        let start = start.replace("https://id.example", server.core.policy.public_url.as_str().trim_end_matches('/'));
        assert!(link.starts_with(&start), "{redirect_uri}: {link}");
    }
}

#[actix_web::test]
async fn r62_an_attempt_is_the_browsers_that_made_it() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let id = browser.sign_up(EMAIL).await;
    let mut other = server.browser();
    other.sign_up("other@example.com").await;
    for (attempt, browser) in
        [(id.as_str(), &mut other), ("123456789012345678", &mut browser), ("nonsense", &mut server.browser())]
    {
        assert_eq!(browser.prepare(attempt).await.error(), (400, "BAD_SIGN_IN_ATTEMPT"));
        assert_eq!(browser.verify(attempt, "123456").await.error(), (400, "BAD_SIGN_IN_ATTEMPT"));
    }
}

#[actix_web::test]
async fn a_wrong_an_old_and_a_used_code_are_told_apart() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let id = browser.sign_up(EMAIL).await;
    browser.prepare(&id).await;
    let code = server.mailed_code(EMAIL).unwrap();
    assert_eq!(browser.verify(&id, other_than(&code)).await.error(), (400, "INVALID_CODE"));
    assert_eq!(browser.verify(&id, "").await.error(), (400, "REQUIRED_FIELD"));
    server.clock.advance(Duration::from_mins(11));
    assert_eq!(browser.verify(&id, &code).await.error(), (400, "verification_code_expired"));

    browser.prepare(&id).await;
    let code = server.mailed_code(EMAIL).unwrap();
    assert_eq!(browser.verify(&id, &code).await.status, 200);
    assert_eq!(browser.verify(&id, &code).await.error(), (400, "BAD_SIGN_IN_ATTEMPT"));
}

#[actix_web::test]
async fn r86_a_repeated_request_for_a_code_succeeds_and_mails_only_after_a_pause_that_doubles() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let id = browser.sign_up(EMAIL).await;
    let first = browser.prepare(&id).await;
    let next_at = text(&first.data()["next_otp_at"]).to_owned();
    for _ in 0..20 {
        let repeated = browser.prepare(&id).await;
        assert_eq!((repeated.status, &repeated.data()["otp_sent"]), (200, &json!(true)));
        assert_eq!(repeated.data()["next_otp_at"], next_at, "it says when the next mail can go");
    }
    assert_eq!(server.mails_to(EMAIL).len(), 1);
    for (pause, mails) in [(29, 1), (1, 2), (59, 2), (1, 3), (119, 3), (1, 4)] {
        server.clock.advance(Duration::from_secs(pause));
        assert_eq!(browser.prepare(&id).await.status, 200);
        assert_eq!(server.mails_to(EMAIL).len(), mails);
    }
}

#[actix_web::test]
async fn r86_while_a_budget_of_mails_is_spent_a_request_for_a_code_succeeds_and_mails_none() {
    let server = TestServer::over(TestCore::with(|_, limits| limits.sign_up_per_ip.burst = 10)).await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        let mut browser = server.browser();
        let id = browser.sign_up(EMAIL).await;
        let answer = browser.prepare(&id).await;
        assert_eq!(answer.status, 200);
        text(&answer.data()["next_otp_at"]);
        sent.push(answer.data()["otp_sent"].clone());
    }
    assert_eq!(sent, [true, true, true, false, false]);
    assert_eq!(server.mails_to(EMAIL).len(), 3);
}

#[actix_web::test]
async fn r35_five_wrong_codes_keep_no_code_from_being_mailed_and_the_message_says_what_to_do() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let id = browser.sign_up(EMAIL).await;
    browser.prepare(&id).await;
    let code = server.mailed_code(EMAIL).unwrap();
    for _ in 0..5 {
        browser.verify(&id, other_than(&code)).await;
    }
    let refused = browser.verify(&id, &code).await;
    assert_eq!(refused.error(), (400, "INVALID_CODE"));
    assert_eq!(
        refused.json()["message"],
        "Too many wrong codes. Please use the link in the email, or try again in 60 minutes."
    );
    assert_eq!(refused.header("retry-after"), "3600");
    server.clock.advance(Duration::from_secs(30));
    assert_eq!(browser.prepare(&id).await.status, 200);
    assert_eq!(server.mails_to(EMAIL).len(), 2);
}

#[actix_web::test]
async fn r35_the_tries_at_a_mailbox_are_counted_over_all_its_sign_ups() {
    let server = TestServer::over(TestCore::with(|_, limits| limits.sign_up_per_ip.burst = 10)).await;
    let mut wrong = Vec::new();
    for _ in 0..4 {
        let mut browser = server.browser();
        let id = browser.sign_up(EMAIL).await;
        browser.prepare(&id).await;
        for _ in 0..2 {
            wrong
                .push(text(&browser.verify(&id, "000000").await.json()["message"]).starts_with("Too many wrong codes"));
        }
    }
    assert_eq!(wrong, [false, false, false, false, false, true, true, true]);
}

#[actix_web::test]
async fn a_visitor_who_starts_again_is_not_refused_their_own_username_and_another_is() {
    let server = TestServer::new().await;
    let form = |email| [("email", email), ("password", PASSWORD), ("username", "ada.l")];
    let mut browser = server.browser();
    browser.post("/auth/signup", &form(EMAIL)).await.attempt("signup_attempts");
    let other = server.browser().post("/auth/signup", &form("b@example.com")).await;
    assert_eq!(other.error(), (400, "USERNAME_EXISTS"));
    let again = browser.post("/auth/signup", &form("new@example.com")).await;
    assert_eq!(again.attempt("signup_attempts")["username"], "ada.l");
    let id = text(&again.attempt("signup_attempts")["id"]).to_owned();
    browser.prepare(&id).await;
    browser.verify(&id, &server.mailed_code("new@example.com").unwrap()).await;
    assert_eq!(browser.get("/me").await.data()["username"], "ada.l");
}

#[actix_web::test]
async fn an_unproven_account_holds_a_username_for_the_life_of_its_sign_up_and_a_proven_one_for_good() {
    let server = TestServer::over(TestCore::with(|_, limits| limits.sign_up_per_ip.burst = 10)).await;
    let form = |email, username| [("email", email), ("password", PASSWORD), ("username", username)];
    server.browser().post("/auth/signup", &form(EMAIL, "ada.l")).await.attempt("signup_attempts");
    let mut proven = server.browser_of("grace@example.com");
    proven.post("/me", &[("username", "grace")]).await;
    server.clock.advance(Duration::from_mins(59));
    let early = server.browser().post("/auth/signup", &form("b@example.com", "ada.l")).await;
    assert_eq!(early.error(), (400, "USERNAME_EXISTS"));
    server.clock.advance(Duration::from_mins(1));
    let late = server.browser().post("/auth/signup", &form("b@example.com", "ada.l")).await;
    assert_eq!(late.attempt("signup_attempts")["username"], "ada.l");
    let refused = server.browser().post("/auth/signup", &form("c@example.com", "grace")).await;
    assert_eq!(refused.error(), (400, "USERNAME_EXISTS"));
}

#[actix_web::test]
async fn the_step_of_the_attempt_decides_how_a_code_is_sent_and_no_strategy_sends_a_link() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let id = browser.sign_up(EMAIL).await;
    let path = |strategy: &str| format!("/auth/prepare-verification?attempt_identifier={id}&strategy={strategy}");
    assert_eq!(browser.post(&path("magic_link"), &[]).await.error(), (400, "INVALID_STATE"));
    assert_eq!(browser.post(&path(""), &[]).await.error(), (400, "REQUIRED_FIELD"));
    assert!(server.mails_to(EMAIL).is_empty());
    // The SDK sends this on "Resend".
    let resent = browser.post(&path("phone_otp"), &[]).await;
    assert_eq!(resent.data()["verification_method"], "email_otp");
    assert_eq!(server.mails_to(EMAIL).len(), 1);
}
