//! `/api/v1/account/emails`, `/phones` and `/email-change`.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_testing::core::TestCore;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Client, TestServer, other_than, text};

const EMAILS: &str = "/api/v1/account/emails";
const PHONES: &str = "/api/v1/account/phones";
const CHANGE: &str = "/api/v1/account/email-change";
const WORK: &str = "ada@work.example";
const NUMBER: &str = "+31612345678";

impl Client {
    async fn add(&self, list: &str, body: Value) -> Answer {
        self.post(list, body).await
    }

    /// Adds an address or a number; returns where it is.
    async fn added(&self, list: &str, body: Value) -> String {
        let answer = self.add(list, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.header("location"), format!("{list}/{}", text(&answer.json()["id"])));
        answer.header("location").to_owned()
    }

    async fn send_code(&self, at: &str) -> Answer {
        self.send(TestRequest::post().uri(&format!("{at}/verification"))).await
    }

    async fn confirm(&self, at: &str, code: &str) -> Answer {
        self.post(&format!("{at}/verification/confirm"), json!({ "code": code })).await
    }

    async fn make_primary(&self, at: &str) -> Answer {
        self.send(TestRequest::put().uri(&format!("{at}/primary"))).await
    }
}

#[actix_web::test]
async fn an_address_goes_from_added_to_primary() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let at = ada.added(EMAILS, json!({"email": WORK})).await;
    insta::assert_json_snapshot!(ada.get(&at).await.json(), {".id" => "[id]"}, @r#"
    {
      "created_at": "2026-03-14T15:09:26.535Z",
      "email": "ada@work.example",
      "id": "[id]",
      "primary": false,
      "verified": false,
      "verified_at": null
    }
    "#);
    assert_eq!(ada.make_primary(&at).await.problem(), (409, "not-verified"));
    let sent = ada.send_code(&at).await;
    assert_eq!(sent.status, 202);
    insta::assert_json_snapshot!(sent.json(), @r#"
    {
      "next_at": "2026-03-14T15:09:56.535Z",
      "sent": true
    }
    "#);
    let resent = ada.send_code(&at).await;
    assert_eq!((&resent.json()["sent"], resent.header("retry-after")), (&json!(false), "30"));
    let code = server.mailed_code(WORK).unwrap();
    assert_eq!(ada.confirm(&at, other_than(&code)).await.problem(), (422, "invalid-code"));
    assert_eq!(ada.confirm(&at, &code).await.json()["verified"], true);
    assert_eq!(ada.confirm(&at, &code).await.problem(), (409, "already-verified"));
    assert_eq!(ada.send_code(&at).await.problem(), (409, "already-verified"));
    assert_eq!(ada.make_primary(&at).await.json()["primary"], true);
    let listed = ada.get(EMAILS).await;
    let primary: Vec<_> =
        listed.json()["emails"].as_array().unwrap().iter().filter(|email| email["primary"] == true).collect();
    assert_eq!((primary.len(), &primary[0]["email"]), (1, &json!(WORK)));
    let account = ada.get("/api/v1/account").await;
    assert_eq!((&account.json()["email"], &account.json()["email_verified"]), (&json!(WORK), &json!(true)));
    assert_eq!(ada.delete(&at).await.problem(), (409, "primary-email"));
}

#[actix_web::test]
async fn a_number_goes_from_added_to_removed() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let at = ada.added(PHONES, json!({"phone_number": "06 12345678", "country": "NL"})).await;
    insta::assert_json_snapshot!(ada.get(&at).await.json(), {".id" => "[id]"}, @r#"
    {
      "created_at": "2026-03-14T15:09:26.535Z",
      "id": "[id]",
      "phone_number": "+31612345678",
      "primary": false,
      "verified": false,
      "verified_at": null
    }
    "#);
    assert_eq!(ada.send_code(&at).await.status, 202);
    let confirmed = ada.confirm(&at, &server.text_code(NUMBER).unwrap()).await;
    assert_eq!((&confirmed.json()["verified"], &confirmed.json()["primary"]), (&json!(true), &json!(true)));
    let account = ada.get("/api/v1/account").await;
    let shown = (&account.json()["phone_number"], &account.json()["phone_number_verified"]);
    assert_eq!(shown, (&json!(NUMBER), &json!(true)));
    assert_eq!(ada.get("/api/v1/me").await.json()["phone_verified"], true);
    assert_eq!(ada.delete(&at).await.status, 204);
    assert_eq!(ada.get(PHONES).await.json(), &json!({"phones": []}));
}

#[actix_web::test]
async fn what_cannot_be_added_is_refused_with_the_reason() {
    let server = TestServer::over(TestCore::with(|policy, _| {
        policy.max_emails = 2;
        policy.sms_countries = vec!["NL".to_owned()];
    }))
    .await;
    let ada = server.bearer(EMAIL);
    let answer = ada.add(EMAILS, json!({"email": "nobody", "verified": true})).await;
    assert_eq!(answer.broken_rules(), [("/verified", "unknown_member"), ("/email", "malformed")]);
    assert_eq!(ada.add(PHONES, json!({"phone_number": "12"})).await.broken_rules(), [("/phone_number", "malformed")]);
    assert_eq!(ada.add(PHONES, json!({"phone_number": "+447400123456"})).await.problem(), (422, "country-not-allowed"));
    assert_eq!(ada.add(EMAILS, json!({"email": "ADA@example.com"})).await.problem(), (409, "identifier-exists"));
    ada.added(EMAILS, json!({"email": WORK})).await;
    let answer = ada.add(EMAILS, json!({"email": "ada@third.example"})).await;
    assert_eq!(answer.problem(), (409, "too-many-identifiers"));
}

#[actix_web::test]
async fn without_a_gateway_a_number_cannot_be_verified() {
    let server = TestServer::over(TestCore::with(|policy, _| policy.sends_sms = false)).await;
    let ada = server.bearer(EMAIL);
    let at = ada.added(PHONES, json!({"phone_number": NUMBER})).await;
    assert_eq!(ada.send_code(&at).await.problem(), (403, "sms-disabled"));
}

#[actix_web::test]
async fn r1_an_address_of_somebody_else_is_answered_like_a_free_one() {
    let server = TestServer::new().await;
    server.account("eve@example.com");
    let ada = server.bearer(EMAIL);
    let mut answers = Vec::new();
    for address in ["free@example.com", "eve@example.com"] {
        let at = ada.added(EMAILS, json!({"email": address})).await;
        let (sent, refused) = (ada.send_code(&at).await, ada.confirm(&at, "000000").await);
        answers.push((sent.status, sent.json().clone(), refused.status, refused.json()["type"].clone()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(server.mailed_code("eve@example.com"), None);
}

#[actix_web::test]
async fn r10_a_stale_sign_in_is_asked_to_prove_itself() {
    let server = TestServer::over(TestCore::with(|policy, _| policy.step_up = chrono::Duration::minutes(2))).await;
    let stale = server.bearer(EMAIL);
    let at = stale.added(EMAILS, json!({"email": WORK})).await;
    let phone = stale.added(PHONES, json!({"phone_number": NUMBER})).await;
    server.clock.advance(Duration::from_mins(2));
    for answer in [
        stale.add(EMAILS, json!({"email": "new@example.com"})).await,
        stale.add(PHONES, json!({"phone_number": "+31687654321"})).await,
        stale.delete(&at).await,
        stale.delete(&phone).await,
        stale.patch("/api/v1/account", json!({"phone_number": NUMBER})).await,
    ] {
        assert_eq!(answer.problem(), (401, "step-up-required"));
        assert!(answer.header("www-authenticate").contains("insufficient_user_authentication"));
    }
}

#[actix_web::test]
async fn r62_what_belongs_to_somebody_else_is_as_unknown_as_what_never_was() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    let (email, phone) =
        (ada.added(EMAILS, json!({"email": WORK})).await, ada.added(PHONES, json!({"phone_number": NUMBER})).await);
    let crossed = phone.replace("phones", "emails");
    for at in [email, phone, crossed, format!("{EMAILS}/1"), format!("{PHONES}/abc")] {
        for answer in [
            eve.get(&at).await,
            eve.delete(&at).await,
            eve.send_code(&at).await,
            eve.confirm(&at, "123456").await,
            eve.make_primary(&at).await,
        ] {
            assert_eq!(answer.problem(), (404, "unknown-identifier"), "{at}");
        }
    }
}

#[actix_web::test]
async fn r9_a_pending_change_is_seen_and_cancelled() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.get(CHANGE).await.problem(), (404, "no-pending-change"));
    ada.post("/api/v1/auth/me/email/request", json!({"new_email": WORK})).await;
    insta::assert_json_snapshot!(ada.get(CHANGE).await.json(), @r#"
    {
      "expires_at": "2026-03-14T15:19:26.535Z",
      "new_email": "ada@work.example",
      "requested_at": "2026-03-14T15:09:26.535Z"
    }
    "#);
    assert_eq!(ada.delete(CHANGE).await.status, 204);
    assert_eq!(ada.delete(CHANGE).await.problem(), (404, "no-pending-change"));
    let body = json!({"new_email": WORK, "otp_code": server.mailed_code(WORK).unwrap()});
    assert_eq!(ada.post("/api/v1/auth/me/email/verify", body).await.status, 400);
}

#[actix_web::test]
async fn r15_after_five_wrong_codes_the_right_one_waits() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let at = ada.added(PHONES, json!({"phone_number": NUMBER})).await;
    ada.send_code(&at).await;
    let code = server.text_code(NUMBER).unwrap();
    for _ in 0..5 {
        assert_eq!(ada.confirm(&at, other_than(&code)).await.problem(), (422, "invalid-code"));
    }
    let answer = ada.confirm(&at, &code).await;
    assert_eq!(answer.problem(), (429, "too-many-tries"));
    assert_eq!(answer.header("retry-after"), "3600");
}

#[actix_web::test]
async fn r9_the_mailed_link_cancels_the_pending_change_without_a_sign_in_and_once() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    ada.post("/api/v1/auth/me/email/request", json!({"new_email": WORK})).await;
    let token = server.mailed_token(EMAIL).unwrap();
    let cancel = |body: Value| {
        let anonymous = server.anonymous();
        async move { anonymous.post("/api/v1/account/email-change/cancellation", body).await }
    };
    assert_eq!(cancel(json!({})).await.status, 422);
    assert_eq!(cancel(json!({"token": &token[1..]})).await.problem(), (400, "invalid-token"));
    assert_eq!(ada.get(CHANGE).await.status, 200);
    assert_eq!(cancel(json!({"token": token})).await.status, 204);
    assert_eq!(cancel(json!({"token": token})).await.problem(), (400, "invalid-token"));
    assert_eq!(ada.get(CHANGE).await.problem(), (404, "no-pending-change"));
}
