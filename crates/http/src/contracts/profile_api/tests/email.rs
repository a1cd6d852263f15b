//! Mailing the proof of the address, and bringing it.

use std::time::Duration;

use selfsame_application::password::reset::ResetPassword;
use selfsame_domain::{Password, RequestContext};
use selfsame_ports::Mail;

use super::*;

const REQUEST: &str = "/api/v1/me/verify-email";
const CONFIRM: &str = "/api/v1/me/verify-email/confirm";

/// A core that lets unproven addresses in, Ada's account with one, and her access token. One mail was sent; the next is
/// a second younger.
fn unproven() -> (TestCore, String) {
    let world = TestCore::with(|policy, _| policy.require_verified_email = false);
    world.unverified_user(EMAIL);
    world.clock.advance(Duration::from_secs(1));
    let token = world.tokens(EMAIL).access_token.token;
    (world, token)
}

async fn request_mail(world: &TestCore, token: &str) -> Answer {
    send(world, with_token(TestRequest::post().uri(REQUEST), token)).await
}

/// The code and the link's token of the last mail.
fn proof(world: &TestCore) -> (String, String) {
    match world.mails_to(EMAIL).pop().unwrap() {
        Mail::VerifyEmail { code, link, .. } => (code, link.unwrap().split_once("#token=").unwrap().1.to_owned()),
        _ => panic!("not the mail that was asked for"),
    }
}

/// A code that is not this one.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[actix_web::test]
async fn the_mail_is_sent_whatever_the_body_says() {
    let (world, token) = unproven();
    let request =
        with_token(TestRequest::post().uri(REQUEST), &token).insert_header(("content-type", "application/json"));
    let answer = send(&world, request.set_payload("{broken")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"message": "Verification email sent."})));
    assert_eq!(world.mails_to(EMAIL).len(), 2);
}

#[actix_web::test]
async fn a_proven_address_is_sent_nothing() {
    let (world, token) = signed_in();
    let answer = request_mail(&world, &token).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"message": "Email address is already verified."})));
    assert!(world.mails().is_empty());
}

#[actix_web::test]
async fn r12_the_code_from_its_owner_proves_the_address_once() {
    let (world, token) = unproven();
    request_mail(&world, &token).await;
    let (code, _) = proof(&world);
    let stranger = send(&world, TestRequest::post().uri(CONFIRM).set_json(json!({"code": code}))).await;
    assert_eq!((stranger.status, stranger.json()), (401, detail("Not authenticated")));
    assert_eq!(post(&world, CONFIRM, &token, json!({"code": other_than(&code)})).await.status, 400);

    let answer = post(&world, CONFIRM, &token, json!({"code": code})).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"message": "Email address verified."})));
    assert_eq!(get(&world, &token).await.json()["email_verified"], json!(true));
    let again = post(&world, CONFIRM, &token, json!({"code": code})).await;
    assert_eq!((again.status, again.json()), (400, detail("Invalid token or code")));
}

#[actix_web::test]
async fn r12_the_link_proves_the_address_once_whoever_follows_it() {
    let (world, token) = unproven();
    request_mail(&world, &token).await;
    let (_, link) = proof(&world);
    let follow = || send(&world, TestRequest::post().uri(CONFIRM).set_json(json!({"token": link})));
    let confirmed = follow().await;
    assert_eq!(confirmed.status, 200);
    assert_eq!(follow().await.status, 400);
    // Who used the account before it was proven may have been somebody else (R2): the password is the owner's to set.
    assert_eq!(get(&world, &token).await.status, 401);
    let reset = ResetPassword {
        token: confirmed.json()["set_password_token"].as_str().unwrap().to_owned(),
        new_password: Password::new(selfsame_testing::core::PASSWORD),
        context: RequestContext::default(),
    };
    reset.execute(&world.core).unwrap();
    let token = world.tokens(EMAIL).access_token.token;
    assert_eq!(get(&world, &token).await.json()["email_verified"], json!(true));
}

#[actix_web::test]
async fn an_expired_code_or_link_is_410() {
    let (world, token) = unproven();
    request_mail(&world, &token).await;
    let (code, link) = proof(&world);
    world.clock.advance(Duration::from_hours(24));
    let token = world.tokens(EMAIL).access_token.token;
    for body in [json!({"code": code}), json!({"token": link})] {
        let answer = post(&world, CONFIRM, &token, body).await;
        assert_eq!((answer.status, answer.json()), (410, detail("The token or code has expired")));
    }
}

#[actix_web::test]
async fn exactly_one_of_token_and_code_is_taken_and_neither_comes_back() {
    let (world, token) = unproven();
    for (body, input) in [
        (json!({}), json!({})),
        (json!({"token": null, "code": null}), json!({"token": null, "code": null})),
        (json!({"token": "secret", "code": "123456"}), json!({"token": "***", "code": "***"})),
    ] {
        let expected = [(json!("value_error"), json!(["body"]), input)];
        assert_eq!(post(&world, CONFIRM, &token, body.clone()).await.errors(), expected);
        let stranger = send(&world, TestRequest::post().uri(CONFIRM).set_json(body)).await;
        assert_eq!(stranger.errors(), expected, "whoever asks");
    }
    let answer = post(&world, CONFIRM, &token, json!({"token": 1, "code": 2})).await;
    let wrong = |field: &str| (json!("string_type"), json!(["body", field]), json!("***"));
    assert_eq!(answer.errors(), [wrong("token"), wrong("code")]);
}
