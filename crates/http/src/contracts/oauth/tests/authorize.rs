//! Authorization requests: what the client and the user get.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_ports::{Mail, Storage as _};
use serde_json::json;

use super::*;

#[actix_web::test]
async fn a_user_signs_in_consents_and_returns_with_a_code_the_state_and_the_issuer() {
    let server = server().await;
    server.account(EMAIL);
    let mut browser = server.browser();
    let page = browser.get(&request(&[])).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let page = sign_in(&mut browser, &page).await;
    assert!(page.text().contains("<h1>Allow The application app?</h1>"), "{}", page.text());
    let answer = allow(&mut browser, &page).await;
    assert!(answer.header("location").starts_with("https://app.example/cb?code="));
    assert_eq!(parameter(&answer, "state"), "the state");
    assert_eq!(parameter(&answer, "iss"), "http://localhost:8080");
}

#[actix_web::test]
async fn r58_a_request_of_an_unknown_client_or_for_a_foreign_address_leads_nowhere() {
    let mut browser = server().await.browser();
    for change in [
        ("client_id", "other"),
        ("client_id", ""),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/cb"),
        ("redirect_uri", "https://app.example/cb/../evil"),
        ("redirect_uri", "https://app.example/cb?x"),
    ] {
        let answer = browser.get(&request(&[change])).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{change:?}");
        assert!(answer.text().contains("<h1>This did not work</h1>"));
        assert!(!answer.text().contains("evil.example"));
    }
}

#[actix_web::test]
async fn every_other_error_is_told_to_the_client() {
    let mut browser = server().await.browser();
    for (change, expected) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("scope", "address"), "invalid_scope"),
        (("request", "a.b.c"), "request_not_supported"),
        (("prompt", "none"), "login_required"),
    ] {
        let answer = browser.get(&request(&[change])).await;
        assert!(answer.header("location").starts_with(CALLBACK), "{change:?}");
        assert_eq!(parameter(&answer, "error"), expected, "{change:?}");
        assert_eq!(parameter(&answer, "state"), "the state");
        assert_eq!(parameter(&answer, "iss"), "http://localhost:8080");
    }
}

#[actix_web::test]
async fn a_consent_is_remembered_for_its_scopes_and_no_more() {
    let server = server().await;
    let mut browser = server.browser_of(EMAIL);
    let silent = [("prompt", "none")];
    assert_eq!(parameter(&browser.get(&request(&silent)).await, "error"), "consent_required");
    let page = browser.get(&request(&[])).await;
    assert_eq!(page.status, 200);
    assert_ne!(parameter(&allow(&mut browser, &page).await, "code"), "");
    assert_ne!(parameter(&browser.get(&request(&silent)).await, "code"), "");
    assert_ne!(parameter(&browser.get(&request(&[("prompt", "none"), ("scope", "openid")])).await, "code"), "");
    let more = [("prompt", "none"), ("scope", "openid email profile")];
    assert_eq!(parameter(&browser.get(&request(&more)).await, "error"), "consent_required");
    assert_eq!(browser.get(&request(&[("prompt", "consent")])).await.status, 200, "it may ask again");
}

#[actix_web::test]
async fn the_consent_for_a_native_application_is_asked_for_each_time() {
    let server = server().await;
    let mut browser = server.browser_of(EMAIL);
    for id in ["app", "app", "own"] {
        let native = [("client_id", id), ("redirect_uri", "http://127.0.0.1:49152/cb")];
        let silent = [native[0], native[1], ("prompt", "none")];
        assert_eq!(parameter(&browser.get(&request(&silent)).await, "error"), "consent_required");
        let page = browser.get(&request(&native)).await;
        assert_eq!(page.status, 200, "another program of the machine may have sent it");
        let answer = allow(&mut browser, &page).await;
        assert!(answer.header("location").starts_with("http://127.0.0.1:49152/cb?code="));
    }
}

#[actix_web::test]
async fn an_application_of_the_operator_needs_no_consent() {
    let server = server().await;
    let mut browser = server.browser_of(EMAIL);
    assert_ne!(parameter(&browser.get(&request(&[("client_id", "own")])).await, "code"), "");
    let mails = server.mails_to(EMAIL);
    assert!(!mails.iter().any(|mail| matches!(mail, Mail::ApplicationAllowed { .. })), "the user was not asked");
}

#[actix_web::test]
async fn r25_a_new_consent_is_mailed_once_with_a_link_that_withdraws_it() {
    let server = server().await;
    let user = server.account(EMAIL).id;
    let mut browser = server.browser();
    let page = browser.get(&request(&[])).await;
    sign_in(&mut browser, &page).await;
    for _ in 0..2 {
        let page = browser.get(&request(&[("prompt", "consent")])).await;
        allow(&mut browser, &page).await;
    }
    let consents = || server.storage.read().unwrap().consents(user).unwrap().len();
    let told = Mail::ApplicationAllowed { application: "The application app".to_owned() };
    assert_eq!((server.mails_to(EMAIL).into_iter().filter(|mail| *mail == told).count(), consents()), (1, 1));
    let undo = json!({"token": server.undo_token(EMAIL).unwrap()});
    let undo = TestRequest::post().uri("/api/v1/account/undo").set_json(undo);
    assert_eq!((server.browser().send(undo).await.status, consents()), (200, 0));
}

#[actix_web::test]
async fn a_user_who_does_not_allow_it_returns_without_a_code() {
    let mut browser = server().await.browser_of(EMAIL);
    let page = browser.get(&request(&[])).await;
    let answer = submit(&mut browser, &page, &[("decision", "deny")]).await;
    assert_eq!((parameter(&answer, "error").as_str(), parameter(&answer, "code").as_str()), ("access_denied", ""));
    assert_eq!(parameter(&browser.get(&request(&[("prompt", "none")])).await, "error"), "consent_required");
}

#[actix_web::test]
async fn a_client_may_ask_for_another_sign_in_and_for_a_recent_one() {
    let server = server().await;
    let mut browser = server.browser_of(EMAIL);
    let own = ("client_id", "own");
    for asked in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0")] {
        let page = browser.get(&request(&[own, asked])).await;
        assert!(page.text().contains("<h1>Sign in</h1>"), "{asked:?}");
        assert_ne!(parameter(&sign_in(&mut browser, &page).await, "code"), "", "{asked:?}");
    }
    let recent = [own, ("max_age", "60"), ("prompt", "none")];
    assert_ne!(parameter(&browser.get(&request(&recent)).await, "code"), "");
    server.clock.advance(Duration::from_secs(61));
    assert_eq!(parameter(&browser.get(&request(&recent)).await, "error"), "login_required");
}

#[actix_web::test]
async fn a_silent_request_for_another_user_needs_a_sign_in() {
    let server = server().await;
    let tokens = tokens(&server, "openid").await;
    let hint = tokens["id_token"].as_str().unwrap();
    let silent = [("prompt", "none"), ("scope", "openid"), ("id_token_hint", hint)];
    let answer = server.browser_of(EMAIL).get(&request(&silent)).await;
    assert_ne!(parameter(&answer, "code"), "", "the user of the hint");
    let answer =
        server.browser_of("eve@example.com").get(&request(&[silent[0], silent[2], ("client_id", "own")])).await;
    assert_eq!(parameter(&answer, "error"), "login_required");
    let forged = [("prompt", "none"), ("scope", "openid"), ("id_token_hint", "a.b.c")];
    assert_eq!(parameter(&server.browser_of(EMAIL).get(&request(&forged)).await, "error"), "login_required");
}

#[actix_web::test]
async fn a_request_by_post_is_sent_again_by_get() {
    let server = server().await;
    let target = request(&[]);
    let (_, form) = target.split_once('?').unwrap();
    let post = |form: &str| {
        TestRequest::post()
            .uri("/oauth/authorize")
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .insert_header(("origin", "https://app.example"))
            .insert_header(("sec-fetch-site", "cross-site"))
            .set_payload(form.to_owned())
    };
    let answer = server.send(post(form)).await;
    assert_eq!((answer.status, answer.header("location")), (303, target.as_str()));
    for bad in ["a b", "a#b", "a=\r\nx: y", "\u{e9}"] {
        assert_eq!(server.send(post(bad)).await.status, 400, "{bad:?}");
    }
    assert_eq!(server.send(post(&"a".repeat(10_000))).await.status, 413);
    let json = TestRequest::post().uri("/oauth/authorize").set_json("{}");
    assert_eq!(server.send(json).await.status, 415);
}

#[actix_web::test]
async fn r51_a_code_is_neither_in_the_log_of_a_page_nor_kept_by_a_browser() {
    let mut browser = server().await.browser_of(EMAIL);
    let answer = browser.get(&request(&[("client_id", "own")])).await;
    assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "no-referrer"));
}

#[actix_web::test]
async fn a_request_without_a_nonce_and_with_parameters_that_are_not_supported_is_served() {
    let server = server().await;
    let code = code(&server, &[("nonce", ""), ("scope", "email openid")]).await;
    let tokens = exchange(&server, &code, &[]).await;
    let claims = super::tokens::claims(tokens.json()["id_token"].as_str().unwrap());
    assert!(claims["nonce"].is_null(), "{claims}");
    let mut browser = server.browser_of(EMAIL);
    for ignored in [
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("claims", "{\"userinfo\": {\"name\": {\"essential\": true}}}"),
        ("extra", "foobar"),
    ] {
        assert_ne!(code_in(&mut browser, &[("client_id", "own"), ignored]).await, "", "{ignored:?}");
    }
}
