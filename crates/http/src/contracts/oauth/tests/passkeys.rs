//! The sign-in with a passkey on the pages.

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors, SecondFactorPolicy};
use selfsame_testing::authenticator::SoftwareKey;

use super::*;

/// The fields of the form for a passkey, which comes last on its page.
fn fields(page: &Answer) -> Vec<(&'static str, String)> {
    let (_, form) = page.text().split_once("<form id=\"passkey\"").unwrap();
    ["form_token", "attempt"].map(|name| (name, plain(value_of(form, &format!("name=\"{name}\" value=\""))))).into()
}

/// What the script does.
async fn sign_in_by_passkey(browser: &mut Browser, page: &Answer, key: &SoftwareKey) -> Answer {
    let mut form = fields(page);
    let options = browser.send(TestRequest::post().uri("/oauth/passkey-options").set_form(form.clone())).await;
    assert_eq!(options.status, 200, "{}", options.text());
    let credential = key.sign(&options.json()["options"]);
    form.push(("credential", credential.to_string()));
    let action = plain(value_of(page.text(), "<form id=\"passkey\" method=\"post\" action=\""));
    browser.send(TestRequest::post().uri(&action).set_form(form)).await
}

#[actix_web::test]
async fn r36_a_passkey_signs_in_on_the_page_and_the_same_answer_does_not_do_it_again() {
    let server = server().await;
    server.account(EMAIL);
    let key = server.passkey(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[("client_id", "own")])).await;
    let answer = sign_in_by_passkey(&mut browser, &page, &key).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let answer = browser.get(answer.header("location")).await;
    let tokens = exchange(&server, &parameter(&answer, "code"), &[("client_id", "own")]).await;
    let claims = super::tokens::claims(tokens.json()["id_token"].as_str().unwrap());
    assert_eq!((&claims["acr"], claims["amr"].to_string().as_str()), (&"aal2".into(), "[\"pop\",\"mfa\"]"));
    let again = browser.get(&request(&[("client_id", "own"), ("prompt", "login")])).await;
    let answer = sign_in_by_passkey(&mut browser, &again, &key).await;
    assert_eq!(answer.status, 303, "another sign-in");
}

#[actix_web::test]
async fn a_demanded_passkey_is_used_on_the_page_of_the_second_step_by_its_account_alone() {
    let server = server().await;
    server.account(EMAIL);
    server.account("eve@example.com");
    let (key, of_eve) = (server.passkey(EMAIL), server.passkey("eve@example.com"));
    server.change_user(EMAIL, |user| {
        user.enrolled = Factors::of([Factor::Passkey]);
        user.second_factor_policy = SecondFactorPolicy::Enforced;
    });
    let mut browser = server.browser();
    let page = browser.get(&request(&[("client_id", "own")])).await;
    let page = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    let refused = sign_in_by_passkey(&mut browser, &page, &of_eve).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("This passkey was not accepted."), "{}", refused.text());
    let answer = sign_in_by_passkey(&mut browser, &refused, &key).await;
    assert_ne!(parameter(&browser.get(answer.header("location")).await, "code"), "");
}

#[actix_web::test]
async fn r52_a_passkey_needs_the_form_of_its_page_and_browser() {
    let server = server().await;
    server.account(EMAIL);
    let key = server.passkey(EMAIL);
    let (mut browser, mut other) = (server.browser(), server.browser());
    let page = browser.get(&request(&[])).await;
    let own = other.get(&request(&[])).await;
    let options = TestRequest::post().uri("/oauth/passkey-options");
    assert_eq!(other.send(options.set_form(fields(&page))).await.status, 400);
    let options = TestRequest::post().uri("/oauth/passkey-options").set_form(fields(&own));
    let credential = key.sign(&other.send(options).await.json()["options"]).to_string();
    let action = plain(value_of(page.text(), "<form id=\"passkey\" method=\"post\" action=\""));
    let send = |form: Vec<(&'static str, String)>, credential: &str| {
        let form: Vec<_> = form.into_iter().chain([("credential", credential.to_owned())]).collect();
        TestRequest::post().uri(&action).set_form(form)
    };
    let stale = other.send(send(fields(&page), &credential)).await;
    assert!(stale.status == 400 && stale.text().contains("This page was open for too long."));
    let foreign = browser.send(send(fields(&page), &credential)).await;
    assert_eq!(foreign.status, 400, "the challenge is of another browser");
    for bad in ["", "{", "[]", "{}"] {
        let answer = browser.send(send(fields(&page), bad)).await;
        assert!(answer.status == 400 && answer.text().contains("This passkey was not accepted."), "{bad:?}");
    }
}
