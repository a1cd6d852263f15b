//! The pages: sign-in, second step, consent.

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors};

use super::*;
use crate::testing::other_than;

#[actix_web::test]
async fn a_wrong_password_shows_the_page_again_with_what_was_typed() {
    let server = server().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[("login_hint", "a\"<b>@example.com")])).await;
    assert!(page.text().contains("value=\"a&quot;&lt;b&gt;@example.com\""), "{}", page.text());
    let answer = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", "wrong")]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("Wrong e-mail address, username or password."));
    assert!(answer.text().contains("value=\"ada@example.com\"") && !answer.text().contains("wrong\""));
    let unknown = submit(&mut browser, &page, &[("identifier", "nobody@example.com"), ("password", "wrong")]).await;
    assert_eq!(unknown.status, 400);
    assert!(unknown.text().contains("Wrong e-mail address, username or password."), "R1: the same answer");
    assert_ne!(parameter(&allow_after_sign_in(&mut browser, &answer).await, "code"), "");
}

async fn allow_after_sign_in(browser: &mut Browser, page: &Answer) -> Answer {
    let page = sign_in(browser, page).await;
    allow(browser, &page).await
}

#[actix_web::test]
async fn r86_too_many_wrong_passwords_are_refused_for_a_while() {
    let server = server().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[])).await;
    let mut answer = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", "wrong")]).await;
    for _ in 0..5 {
        answer = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", "wrong")]).await;
    }
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("Too many tries.") && !answer.header("retry-after").is_empty());
}

#[actix_web::test]
async fn r27_an_enrolled_authenticator_app_is_asked_for_before_anything_is_allowed() {
    let server = server().await;
    server.account(EMAIL);
    let secret = server.enrol_totp(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[("client_id", "own")])).await;
    let page = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("authenticator app"), "{}", page.text());
    let silent = request(&[("client_id", "own"), ("prompt", "none")]);
    assert_eq!(parameter(&browser.get(&silent).await, "error"), "login_required", "one factor is not enough");
    let right = server.totp_code(&secret);
    let page = submit(&mut browser, &page, &[("code", other_than(&right))]).await;
    assert_eq!(page.status, 400);
    assert!(page.text().contains("This code is not right"));
    let answer = submit(&mut browser, &page, &[("code", &right)]).await;
    let answer = browser.get(answer.header("location")).await;
    let tokens = exchange(&server, &parameter(&answer, "code"), &[("client_id", "own")]).await;
    let claims = super::tokens::claims(tokens.json()["id_token"].as_str().unwrap());
    assert_eq!((&claims["acr"], claims["amr"].to_string().as_str()), (&"aal2".into(), "[\"pwd\",\"otp\",\"mfa\"]"));
}

#[actix_web::test]
async fn an_unproven_address_is_proven_on_the_way() {
    let server = server().await;
    server.unverified_user(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[("client_id", "own")])).await;
    let page = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.text().contains("A mail with a code is on its way to"), "{}", page.text());
    let code = server.mailed_code(EMAIL).unwrap();
    server.clock.advance(std::time::Duration::from_mins(2));
    let page = submit(&mut browser, &page, &[("code", other_than(&code))]).await;
    assert!(page.text().contains("This code is not right") && page.text().contains("a***@e***.com"), "{}", page.text());
    assert_eq!(server.mailed_code(EMAIL).as_ref(), Some(&code), "a wrong code sends no other one");
    let answer = submit(&mut browser, &page, &[("code", &code)]).await;
    assert_ne!(parameter(&browser.get(answer.header("location")).await, "code"), "");
}

#[actix_web::test]
async fn r52_r54_a_form_needs_the_token_of_its_page_and_browser() {
    let server = server().await;
    server.account(EMAIL);
    let page = server.browser().get(&request(&[])).await;
    // Another browser, with a cookie of its own.
    let mut other = server.browser();
    let own = other.get(&request(&[])).await;
    let answer = submit(&mut other, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("This page was open for too long."));
    let without_cookie = submit(&mut server.browser(), &own, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!((without_cookie.status, without_cookie.cookie("session_id")), (303, None));

    let mut browser = server.browser_of(EMAIL);
    let mut eve = server.browser_of("eve@example.com");
    let of_ada = browser.get(&request(&[])).await;
    let answer = allow(&mut eve, &of_ada).await;
    assert_eq!(answer.status, 200, "the page is shown again, for the other user");
    assert!(answer.text().contains("signed in as eve@example.com"));
    assert_eq!(parameter(&eve.get(&request(&[("prompt", "none")])).await, "error"), "consent_required");
}

#[actix_web::test]
async fn r52_r54_no_page_of_another_site_sends_a_form() {
    let server = server().await;
    for path in ["/oauth/sign-in", "/oauth/second-step", "/oauth/passkey", "/oauth/passkey-options", "/oauth/consent"] {
        let forged =
            TestRequest::post().uri(path).insert_header(("sec-fetch-site", "cross-site")).set_form([("a", "b")]);
        assert_eq!(server.send(forged).await.status, 403, "{path}");
    }
}

#[actix_web::test]
async fn a_consent_is_that_of_the_account_that_the_page_names() {
    let server = server().await;
    let mut browser = server.browser_of(EMAIL);
    let page = browser.get(&request(&[])).await;
    // In another tab somebody else signs in, which replaces the cookie.
    server.account("eve@example.com");
    let form = [("strategy", "plain_email"), ("email", "eve@example.com"), ("password", PASSWORD)];
    assert_eq!(browser.post("/auth/signin", &form).await.status, 200);
    let answer = allow(&mut browser, &page).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("signed in as eve@example.com"), "{}", answer.text());
}

#[actix_web::test]
async fn r56_a_page_runs_no_script_but_this_servers_and_its_form_leads_to_this_server_and_the_client_only() {
    let server = server().await;
    let page = server.browser_of(EMAIL).get(&request(&[])).await;
    assert!(page.header("content-security-policy").contains("script-src 'none'"), "the consent");
    let page = server.browser().get(&request(&[])).await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("script-src 'self'; ")
            && policy.contains("connect-src 'self'; ")
            && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("same-origin", "no-store"));
}

#[actix_web::test]
async fn a_page_that_is_reloaded_begins_again() {
    let server = server().await;
    let query = request(&[]).replace("/oauth/authorize", "");
    for path in ["/oauth/sign-in", "/oauth/second-step", "/oauth/passkey", "/oauth/consent"] {
        let answer = server.browser().get(&format!("{path}{query}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, request(&[]).as_str()));
    }
}

#[actix_web::test]
async fn an_account_whose_policy_demands_a_passkey_is_asked_for_a_backup_code() {
    let server = server().await;
    server.account(EMAIL);
    server.change_user(EMAIL, |user| {
        user.enrolled = Factors::of([Factor::Passkey]);
        user.second_factor_policy = selfsame_domain::SecondFactorPolicy::Enforced;
    });
    let mut browser = server.browser();
    let page = browser.get(&request(&[])).await;
    let page = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.text().contains("You can also enter one of your backup codes."), "{}", page.text());
    assert!(page.text().contains("/assets/passkey.js"), "{}", page.text());
}

#[actix_web::test]
async fn the_pages_are_in_the_language_that_the_browser_accepts() {
    let server = server().await;
    let in_language =
        |tag: &'static str, path: &str| TestRequest::get().uri(path).insert_header(("accept-language", tag));
    let page = server.browser().send(in_language("de", &request(&[]))).await;
    assert_eq!((page.status, page.header("content-language")), (200, "de"));
    assert!(page.text().contains("<h1>Anmelden</h1>") && page.varies_by("Accept-Language"), "{}", page.text());
    let mut browser = server.browser_of(EMAIL);
    let page = browser.send(in_language("fr", &request(&[]))).await;
    assert!(page.text().contains("<li>savoir qui vous êtes</li>"), "{}", page.text());
    assert!(
        page.text().contains("Vous reviendrez ensuite à <code>https:&#x2f;&#x2f;app.example</code>."),
        "{}",
        page.text()
    );
    let page = browser.send(in_language("es", &request(&[("client_id", "unknown")]))).await;
    assert_eq!(page.status, 400);
    assert!(page.text().contains("Esta aplicación no está registrada aquí."), "{}", page.text());
}

#[test]
fn what_every_scope_allows_is_a_text() {
    for scope in selfsame_domain::Scope::ALL {
        let key = format!("oauth-scope-{}", scope.as_str().replace([':', '_'], "-"));
        let found = selfsame_texts::text(selfsame_texts::Language::English, &key, selfsame_texts::Form::Plain, &[]);
        assert!(found.is_ok(), "{found:?}");
    }
}

#[actix_web::test]
async fn an_outage_is_a_page_and_no_new_beginning() {
    let server = server().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[])).await;
    server.storage.fail_with(selfsame_ports::StorageError::Unavailable("down".to_owned()));
    let answer = submit(&mut browser, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.header("content-type")), (503, "text/html; charset=utf-8"));
    assert!(answer.text().contains("The service is busy at the moment."), "{}", answer.text());
    assert!(!answer.header("retry-after").is_empty());
    server.storage.recover();
    assert_eq!(submit(&mut browser, &page, &[("identifier", EMAIL), ("password", PASSWORD)]).await.status, 303);
}
