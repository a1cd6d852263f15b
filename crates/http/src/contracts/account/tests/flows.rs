//! Sign-up, sign-in, recovery and sign-out.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL, SIGN_IN_ATTEMPTS, SIGN_UPS};
use crate::testing::{Answer, Browser, TestServer, other_than, text};

const RECOVERIES: &str = "/api/v1/account/recoveries";
const OTHER_PASSWORD: &str = "seven purple elephants juggle";

impl Browser {
    async fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }
}

fn with_token(request: TestRequest, token: &Value) -> TestRequest {
    request.insert_header(("attempt-token", text(token)))
}

#[actix_web::test]
async fn a_browser_signs_up_and_is_signed_in_when_the_address_is_proven() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let started =
        browser.post_json(SIGN_UPS, &json!({"email": EMAIL, "password": PASSWORD, "given_name": "Ada"})).await;
    insta::assert_json_snapshot!(started.json(), {".id" => "[id]", ".expires_at" => "[time]"}, @r#"
    {
      "client": "browser",
      "completed": false,
      "expires_at": "[time]",
      "id": "[id]",
      "next": "email",
      "required": [
        "email"
      ],
      "satisfied": []
    }
    "#);
    let path = started.header("location").to_owned();
    assert_eq!(path, format!("{SIGN_UPS}/{}", text(&started.json()["id"])));
    let read = browser.get(&path).await;
    assert_eq!((read.status, read.json()), (200, started.json()));
    let tag = read.header("etag").to_owned();
    let unchanged = browser.send(TestRequest::get().uri(&path).insert_header(("if-none-match", tag))).await;
    assert_eq!(unchanged.status, 304);

    let code = server.mailed_code(EMAIL).unwrap();
    let verification = format!("{path}/verification");
    let wrong = browser.post_json(&verification, &json!({"factor": "email", "code": other_than(&code)})).await;
    assert_eq!(wrong.problem(), (422, "invalid-code"));
    assert_eq!(wrong.json()["errors"][0]["pointer"], "/code");
    for (proof, expected) in [
        (json!({"factor": "otp", "code": "123456"}), (409, "unsupported-factor")),
        (json!({"factor": "dance", "code": "123456"}), (422, "invalid")),
        (json!({"code": "123456"}), (422, "invalid")),
        (json!({"factor": "email", "code": code, "admin": true}), (422, "invalid")),
    ] {
        assert_eq!(browser.post_json(&verification, &proof).await.problem(), expected, "{proof}");
    }
    let before = browser.cookie.clone();
    let done = browser.post_json(&verification, &json!({"factor": "email", "code": code})).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!((&done.json()["completed"], &done.json()["next"]), (&json!(true), &Value::Null));
    assert_eq!(done.json()["satisfied"], json!(["email"]));
    assert_eq!(done.json()["sign_in"]["tokens"], Value::Null, "a browser gets a cookie");
    assert_ne!(browser.cookie, before, "r40");
    assert_eq!(browser.get(ACCOUNT).await.json()["given_name"], "Ada");
    assert_eq!(browser.get(&path).await.problem(), (404, "unknown-attempt"));
}

#[actix_web::test]
async fn a_client_with_tokens_continues_by_the_token_of_the_attempt() {
    let server = TestServer::new().await;
    let client = server.anonymous();
    let started = client.post(SIGN_UPS, json!({"email": EMAIL, "password": PASSWORD, "client": "tokens"})).await;
    assert_eq!((started.status, started.cookie("session_id")), (201, None));
    let path = started.header("location").to_owned();
    assert_eq!(client.get(&path).await.problem(), (404, "unknown-attempt"), "r62: the id alone is of no use");
    server.clock.advance(Duration::from_secs(31));
    let request = with_token(TestRequest::post().uri(&format!("{path}/code")), &started.json()["token"]);
    let sent = client.send(request).await;
    assert_eq!(sent.json()["code"]["sent"], true, "{}", sent.text());
    let proof = json!({"factor": "email", "code": server.mailed_code(EMAIL).unwrap()});
    let verify = |token: &Value| with_token(TestRequest::post().uri(&format!("{path}/verification")), token);
    let stale = client.send(verify(&started.json()["token"]).set_json(&proof)).await;
    assert_eq!(stale.problem(), (404, "unknown-attempt"), "the token was replaced");
    let done = client.send(verify(&sent.json()["token"]).set_json(&proof)).await;
    let tokens = &done.json()["sign_in"]["tokens"];
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(300)));
    let account = server.with_token(text(&tokens["access_token"])).get(ACCOUNT).await;
    assert_eq!(account.json()["sub"], done.json()["sign_in"]["sub"]);

    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let refreshed = client.post("/api/v1/account/tokens", &refresh).await;
    assert_eq!(refreshed.status, 200);
    assert_ne!(refreshed.json()["refresh_token"], tokens["refresh_token"]);
    server.clock.advance(Duration::from_secs(11));
    let reused = client.post("/api/v1/account/tokens", &refresh).await;
    assert_eq!(reused.problem(), (401, "invalid-refresh-token"), "r47");
}

#[actix_web::test]
async fn r62_an_attempt_is_unknown_to_every_other_client_and_as_another_kind() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let started = browser.post_json(SIGN_UPS, &json!({"email": EMAIL, "password": PASSWORD})).await;
    let id = text(&started.json()["id"]).to_owned();
    let mut other = server.browser();
    other.post_json(SIGN_UPS, &json!({"email": "eve@example.com", "password": PASSWORD})).await;
    for path in [format!("{SIGN_UPS}/{id}"), format!("{SIGN_UPS}/1"), format!("{SIGN_UPS}/nothing")] {
        assert_eq!(other.get(&path).await.problem(), (404, "unknown-attempt"), "{path}");
    }
    assert_eq!(browser.get(&format!("{SIGN_IN_ATTEMPTS}/{id}")).await.problem(), (404, "unknown-attempt"));
}

#[actix_web::test]
async fn r1_a_sign_up_with_a_known_address_gets_the_same_response() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let shape = |answer: &Answer| {
        let mut body = answer.json().clone();
        body["id"] = Value::Null;
        body["expires_at"] = Value::Null;
        body["token"] = Value::Null;
        (answer.status, body)
    };
    let client = server.anonymous();
    let sign_up =
        async |email| client.post(SIGN_UPS, json!({"email": email, "password": PASSWORD, "client": "tokens"})).await;
    assert_eq!(shape(&sign_up(EMAIL).await), shape(&sign_up("new@example.com").await));
    assert_eq!(server.mailed_code(EMAIL), None);
}

#[actix_web::test]
async fn a_sign_up_can_be_checked_and_not_made() {
    let server = TestServer::new().await;
    let check = format!("{SIGN_UPS}?validate_only=true");
    let client = server.anonymous();
    let answer = client.post(&check, json!({"email": "ada", "password": "short"})).await;
    assert_eq!(answer.broken_rules(), [("/email", "malformed"), ("/password", "too_short")]);
    assert_eq!(client.post(&check, json!({"email": EMAIL, "password": PASSWORD})).await.status, 204);
    assert_eq!(server.mails_to(EMAIL).len(), 0);
    assert_eq!(
        client.post(SIGN_UPS, json!({"email": EMAIL, "password": PASSWORD, "is_admin": true})).await.broken_rules(),
        [("/is_admin", "unknown_member")],
        "r63"
    );
}

#[actix_web::test]
async fn a_sign_in_is_completed_at_once_or_says_what_it_needs() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    let done = browser.post_json(SIGN_IN_ATTEMPTS, &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!((done.status, &done.json()["completed"]), (200, &json!(true)), "{}", done.text());
    assert_eq!(browser.get(ACCOUNT).await.status, 200);
    server.unverified_user("new@example.com");
    let mut other = server.browser();
    let open = other.post_json(SIGN_IN_ATTEMPTS, &json!({"email": "new@example.com", "password": PASSWORD})).await;
    assert_eq!((open.status, &open.json()["next"]), (201, &json!("email")));
    assert_eq!((&open.json()["required"], &open.json()["satisfied"]), (&json!(["pwd", "email"]), &json!(["pwd"])));
    assert_eq!(other.get(ACCOUNT).await.status, 401, "not signed in before the last factor");
    let path = open.header("location").to_owned();
    other.send(TestRequest::post().uri(&format!("{path}/code"))).await;
    let proof = json!({"factor": "email", "code": server.mailed_code("new@example.com").unwrap()});
    let done = other.post_json(&format!("{path}/verification"), &proof).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(other.get(ACCOUNT).await.status, 200);
}

#[actix_web::test]
async fn r27_a_browser_signs_in_with_password_and_authenticator_app() {
    let server = TestServer::new().await;
    let (_, secret) = server.bearer_with_totp(EMAIL);
    let mut browser = server.browser();
    let open = browser.post_json(SIGN_IN_ATTEMPTS, &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!((open.status, &open.json()["next"]), (201, &json!("otp")), "{}", open.text());
    assert_eq!((&open.json()["required"], &open.json()["satisfied"]), (&json!(["pwd", "otp"]), &json!(["pwd"])));
    let path = open.header("location").to_owned();
    assert_eq!(browser.get(&path).await.json(), open.json());
    assert_eq!(browser.get(ACCOUNT).await.status, 401, "not signed in before the last factor");

    let code = server.totp_code(&secret);
    let (send, verification) = (format!("{path}/code"), format!("{path}/verification"));
    let sent = browser.send(TestRequest::post().uri(&send)).await;
    assert_eq!(sent.problem(), (409, "nothing-to-prove"), "an app needs no mail");
    for (proof, expected) in [
        (json!({"factor": "email", "code": code}), (409, "unsupported-factor")),
        (json!({"factor": "pwd", "code": PASSWORD}), (409, "unsupported-factor")),
        (json!({"factor": "otp", "code": other_than(&code)}), (422, "invalid-code")),
    ] {
        assert_eq!(browser.post_json(&verification, &proof).await.problem(), expected, "{proof}");
    }
    let before = browser.cookie.clone();
    let done = browser.post_json(&verification, &json!({"factor": "otp", "code": code})).await;
    assert_eq!((done.status, &done.json()["completed"]), (200, &json!(true)), "{}", done.text());
    assert_eq!((&done.json()["satisfied"], &done.json()["next"]), (&json!(["pwd", "otp"]), &Value::Null));
    assert_ne!(browser.cookie, before, "r40");
    assert_eq!(browser.get(ACCOUNT).await.json()["second_factor_enrolled"], true);
}

#[actix_web::test]
async fn r27_a_client_with_tokens_signs_in_with_password_and_second_factor() {
    let server = TestServer::new().await;
    let (ada, secret) = server.bearer_with_totp(EMAIL);
    let made = ada.send(TestRequest::post().uri("/api/v1/account/backup-codes")).await;
    let backup_code = text(&made.json()["backup_codes"][0]).to_owned();
    let client = server.anonymous();
    let form = json!({"email": EMAIL, "password": PASSWORD, "client": "tokens"});
    for (factor, code) in [("otp", server.totp_code(&secret)), ("backup_code", backup_code)] {
        let open = client.post(SIGN_IN_ATTEMPTS, &form).await;
        assert_eq!((open.status, &open.json()["next"]), (201, &json!("otp")), "{}", open.text());
        let path = format!("{}/verification", open.header("location"));
        let verify = TestRequest::post().uri(&path).set_json(json!({"factor": factor, "code": code}));
        let done = client.send(with_token(verify, &open.json()["token"])).await;
        assert_eq!((done.status, &done.json()["completed"]), (200, &json!(true)), "{factor}: {}", done.text());
        assert_eq!(done.json()["satisfied"], json!(["pwd", factor]));
        let token = text(&done.json()["sign_in"]["tokens"]["access_token"]);
        assert_eq!(server.with_token(token).get(ACCOUNT).await.status, 200);
    }
}

#[actix_web::test]
async fn r27_after_the_mailed_code_the_attempt_goes_on_with_the_second_factor() {
    let server = TestServer::new().await;
    let (_, secret) = server.bearer_with_totp(EMAIL);
    server.change_user(EMAIL, |user| user.identifiers[0].verified_at = None);
    let mut browser = server.browser();
    let open = browser.post_json(SIGN_IN_ATTEMPTS, &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!((&open.json()["required"], &open.json()["next"]), (&json!(["pwd", "email", "otp"]), &json!("email")));
    let path = open.header("location").to_owned();
    let verification = format!("{path}/verification");
    browser.send(TestRequest::post().uri(&format!("{path}/code"))).await;
    let by_app = json!({"factor": "otp", "code": server.totp_code(&secret)});
    let early = browser.post_json(&verification, &by_app).await;
    assert_eq!(early.problem(), (409, "unsupported-factor"), "the address comes first");
    let by_mail = json!({"factor": "email", "code": server.mailed_code(EMAIL).unwrap()});
    let half = browser.post_json(&verification, &by_mail).await;
    assert_eq!((half.status, &half.json()["completed"], &half.json()["next"]), (200, &json!(false), &json!("otp")));
    assert_eq!(half.json()["satisfied"], json!(["pwd", "email"]));
    assert_eq!(half.json()["sign_in"], Value::Null);
    assert_eq!(browser.get(ACCOUNT).await.status, 401, "not signed in before the last factor");
    let done = browser.post_json(&verification, &by_app).await;
    assert_eq!((done.status, &done.json()["completed"]), (200, &json!(true)), "{}", done.text());
    assert_eq!(browser.get(ACCOUNT).await.status, 200);
}

#[actix_web::test]
async fn wrong_credentials_are_one_error_and_a_form_names_one_identifier() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let client = server.anonymous();
    for body in [
        json!({"email": EMAIL, "password": OTHER_PASSWORD}),
        json!({"email": "nobody@example.com", "password": OTHER_PASSWORD}),
        json!({"preferred_username": "nobody", "password": OTHER_PASSWORD}),
    ] {
        assert_eq!(client.post(SIGN_IN_ATTEMPTS, &body).await.problem(), (401, "invalid-credentials"), "{body}");
    }
    let neither = client.post(SIGN_IN_ATTEMPTS, json!({"password": PASSWORD})).await;
    assert_eq!(neither.broken_rules(), [("/email", "required")]);
    let both = json!({"email": EMAIL, "preferred_username": "ada", "password": PASSWORD});
    assert_eq!(client.post(SIGN_IN_ATTEMPTS, both).await.broken_rules(), [("/preferred_username", "type")]);
}

#[actix_web::test]
async fn r23_a_recovery_is_answered_alike_for_any_address_and_sets_the_password_once() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    let client = server.anonymous();
    let asked = client.post(RECOVERIES, json!({"email": EMAIL})).await;
    let nobody = client.post(RECOVERIES, json!({"email": "nobody@example.com"})).await;
    assert_eq!((asked.status, asked.text()), (nobody.status, nobody.text()));
    assert_eq!(asked.json(), &json!({"required": ["email", "pwd"], "satisfied": [], "next": "email"}));
    let code = server.mailed_code(EMAIL).unwrap();
    let verification = format!("{RECOVERIES}/verification");
    let wrong = client.post(&verification, json!({"email": EMAIL, "code": other_than(&code)})).await;
    assert_eq!(wrong.problem(), (422, "invalid-code"));
    let proven = client.post(&verification, json!({"email": EMAIL, "code": code})).await;
    assert_eq!((&proven.json()["satisfied"], &proven.json()["next"]), (&json!(["email"]), &json!("pwd")));
    let token = &proven.json()["token"];
    let set =
        |password| client.post("/api/v1/account/recoveries/password", json!({"token": token, "password": password}));
    assert_eq!(set("short").await.broken_rules(), [("/password", "too_short")]);
    assert_eq!(set(OTHER_PASSWORD).await.status, 204);
    assert_eq!(set(OTHER_PASSWORD).await.problem(), (422, "invalid-code"), "r12");
    let signed_in = client.post(SIGN_IN_ATTEMPTS, json!({"email": EMAIL, "password": OTHER_PASSWORD})).await;
    assert_eq!(signed_in.status, 200);
}

#[actix_web::test]
async fn r50_a_sign_out_ends_the_sign_in_and_removes_the_last_cookie() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let cookie = browser.cookie.clone();
    let out = browser.send(TestRequest::delete().uri("/api/v1/account/sign-ins/current")).await;
    assert_eq!((out.status, out.cookie("session_id")), (204, Some("")));
    assert_eq!(out.header("clear-site-data"), r#""cache","storage""#);
    browser.cookie = cookie;
    assert_eq!(browser.get(ACCOUNT).await.status, 401);
    let client = server.bearer(EMAIL);
    assert_eq!(client.send(TestRequest::delete().uri("/api/v1/account/sign-ins/current")).await.status, 204);
    assert_eq!(client.get(ACCOUNT).await.status, 401);
}

#[actix_web::test]
async fn r52_r54_no_page_of_another_site_signs_up_signs_in_recovers_or_signs_out() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    for request in [
        TestRequest::post().uri(SIGN_UPS).set_json(json!({"email": "eve@example.com", "password": PASSWORD})),
        TestRequest::post().uri(SIGN_IN_ATTEMPTS).set_json(json!({"email": EMAIL, "password": PASSWORD})),
        TestRequest::post().uri(RECOVERIES).set_json(json!({"email": EMAIL})),
        TestRequest::post().uri("/api/v1/account/tokens").set_json(json!({"refresh_token": "x"})),
        TestRequest::delete().uri("/api/v1/account/sign-ins/current"),
    ] {
        let request = request.insert_header(("sec-fetch-site", "cross-site"));
        assert_eq!(browser.send(request).await.problem(), (403, "cross-origin-refused"));
    }
    assert_eq!(browser.get(ACCOUNT).await.status, 200);
}

#[actix_web::test]
async fn r86_a_route_with_a_budget_shows_its_policy_what_is_left_and_when_there_is_more() {
    let server = TestServer::over(TestCore::with(|_, limits| limits.sign_up_per_ip.burst = 1)).await;
    let client = server.anonymous();
    let form = json!({"email": EMAIL, "password": PASSWORD, "client": "tokens"});
    let first = client.post(SIGN_UPS, &form).await;
    assert_eq!(first.header("ratelimit-policy"), "\"sign_up_per_ip\";q=1;w=1200");
    assert_eq!(first.header("ratelimit"), "\"sign_up_per_ip\";r=0;t=1200");
    let second = client.post(SIGN_UPS, &form).await;
    assert_eq!(second.problem(), (429, "rate-limited"));
    assert_eq!(second.header("ratelimit"), "\"sign_up_per_ip\";r=0;t=1200");
    assert_eq!(second.header("retry-after"), "1200");
    assert_eq!(client.get(ACCOUNT).await.header("ratelimit-policy"), "", "a route without a budget");
}
