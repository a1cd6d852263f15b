//! Errors outside of use cases, as problem details.

use std::time::Duration;

use actix_web::{http::Method, test::TestRequest};
use serde_json::json;

use super::{ACCEPT_PATCH, ACCOUNT, EMAIL};
use crate::testing::{Answer, TestServer, text};

#[actix_web::test]
async fn r53_only_the_json_types_are_read() {
    let ada = TestServer::new().await.bearer(EMAIL);
    for content_type in ["", "text/plain", "application/json5", "application/x-www-form-urlencoded"] {
        let answer = ada.send_as((Method::PATCH, ACCOUNT), content_type, r#"{"name":"Eve"}"#).await;
        assert_eq!(answer.problem(), (415, "unsupported-media-type"), "{content_type:?}");
        assert_eq!(answer.header("accept-patch"), ACCEPT_PATCH);
    }
}

#[actix_web::test]
async fn r66_what_is_no_json_or_names_a_member_twice_is_400() {
    let ada = TestServer::new().await.bearer(EMAIL);
    for body in ["", "{", r#"{"name":"a","name":"b"}"#] {
        let answer = ada.send_as((Method::PATCH, ACCOUNT), "application/json", body).await;
        assert_eq!(answer.problem(), (400, "bad-request"), "{body}");
    }
}

#[actix_web::test]
async fn r44_without_a_good_credential_there_is_nothing_but_401() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let cookie = format!("session_id={}", server.cookie(EMAIL).expose());
    for request in [
        TestRequest::get(),
        TestRequest::get().insert_header(("cookie", "session_id=made-up")),
        TestRequest::get().insert_header(("cookie", cookie)).insert_header(("authorization", "Bearer forged")),
        TestRequest::patch().insert_header(("content-type", "text/plain")).set_payload("broken"),
    ] {
        let answer = server.send(request.uri(ACCOUNT)).await;
        assert_eq!(answer.problem(), (401, "unauthenticated"));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    server.clock.advance(Duration::from_secs(301));
    assert_eq!(ada.get(ACCOUNT).await.status, 401, "an expired token");
}

#[actix_web::test]
async fn r60_other_methods_are_405_and_paths_below_404() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let answer = ada.send(TestRequest::put().uri(ACCOUNT)).await;
    assert_eq!(answer.problem(), (405, "method-not-allowed"));
    let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "OPTIONS", "PATCH"]);
    assert_eq!(ada.send(TestRequest::with_uri(ACCOUNT).method(Method::HEAD)).await.status, 200);
    assert_eq!(ada.get("/api/v1/account/nothing").await.problem(), (404, "not-found"));
}

/// A request of somebody who accepts a language before English.
fn accepting(language: &str, path: &str) -> TestRequest {
    TestRequest::with_uri(path).insert_header(("accept-language", format!("tlh, {language}-CH;q=0.9, en;q=0.5")))
}

#[actix_web::test]
async fn r61_the_title_of_a_problem_is_in_the_language_that_its_reader_accepts_and_the_type_is_not() {
    let server = TestServer::new().await;
    for (path, language, problem, title) in [
        (ACCOUNT, "de", (401, "unauthenticated"), "Nicht angemeldet"),
        ("/api/v1/account/nothing", "zh", (404, "not-found"), "此地址没有内容"),
    ] {
        let answer = server.send(accepting(language, path)).await;
        assert_eq!(answer.problem(), problem);
        assert_eq!((answer.json()["title"].as_str(), answer.header("content-language")), (Some(title), language));
        assert!(answer.varies_by("Accept-Language"), "{path}");
        let english = server.send(TestRequest::with_uri(path)).await;
        assert_eq!(english.header("content-language"), "en");
        assert_eq!(english.json()["detail"], answer.json()["detail"]);
    }
}

#[actix_web::test]
async fn the_language_of_the_account_comes_before_that_of_the_request() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.patch(ACCOUNT, json!({"locale": "pl-PL"})).await.status, 200);
    let answer = ada.send(accepting("de", "/api/v1/account/sign-ins/1")).await;
    assert_eq!(answer.problem(), (404, "unknown-sign-in"));
    assert_eq!(answer.json()["title"], "Nieznane logowanie");
    assert_eq!(answer.header("content-language"), "pl");
}

#[actix_web::test]
async fn contracts_with_published_words_stay_in_english() {
    let server = TestServer::new().await;
    for path in ["/me", "/api/v1/me", "/api/v1/auth/me"] {
        let [german, english] =
            [server.send(accepting("de", path)).await, server.send(TestRequest::with_uri(path)).await];
        assert_eq!(german.text(), english.text(), "{path}");
        assert_eq!(german.header("content-language"), "", "{path}");
    }
}

#[actix_web::test]
async fn the_detail_of_a_wrong_member_says_what_that_request_takes() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let details = |answer: &Answer| -> Vec<String> {
        let errors = answer.json()["errors"].as_array().unwrap();
        errors.iter().map(|error| format!("{} {}", text(&error["pointer"]), text(&error["detail"]))).collect()
    };
    let at = |path: &str| format!("{ACCOUNT}/{path}");
    for value in [json!(null), json!(1), json!(["a"])] {
        let answer = ada.post(&at("emails"), json!({"email": value})).await;
        assert_eq!(details(&answer), ["/email must be a string"], "{value}");
        let receipt = json!({"account": null, "sequence": 1, "mac": value});
        let answer = ada.post(&at("activity/receipts/verify"), receipt).await;
        assert_eq!(details(&answer), ["/account must be a string", "/mac must be a string"], "{value}");
    }
    let answer = ada.post(&at("emails"), json!({"email": "ada@work.example", "verified": true})).await;
    assert_eq!(details(&answer), ["/verified is not a member of this request"]);
    let answer = ada.patch(ACCOUNT, json!({"given_name": 1, "email": "ada@work.example"})).await;
    assert_eq!(
        details(&answer),
        ["/email is not a member that can be changed", "/given_name must be a string or null"]
    );
    let current = ada.get(&at("sign-ins")).await.json()["sign_ins"][0]["id"].clone();
    let answer = ada.patch(&at(&format!("sign-ins/{}", text(&current))), json!({"ip": "192.0.2.1"})).await;
    assert_eq!(details(&answer), ["/ip is not a member that can be changed"]);
}
