//! Errors outside of use cases, as problem details.

use std::time::Duration;

use actix_web::{http::Method, test::TestRequest};

use super::{ACCEPT_PATCH, ACCOUNT, EMAIL};
use crate::testing::TestServer;

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
