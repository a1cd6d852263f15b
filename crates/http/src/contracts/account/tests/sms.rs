//! Sign-in by a phone number; `/api/v1/account/sms` and `/step-up/code`: the phone as second factor.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL, SIGN_IN_ATTEMPTS};
use crate::testing::{Answer, Client, TestServer, text};

const PHONE: &str = "+31612345678";
const SMS: &str = "/api/v1/account/sms";
const CONFIRM: &str = "/api/v1/account/sms/confirm";
const SECOND_FACTORS: &str = "/api/v1/account/second-factors";
const STEP_UP: &str = "/api/v1/account/step-up";
const STEP_UP_CODE: &str = "/api/v1/account/step-up/code";

async fn server() -> TestServer {
    let core = TestCore::with(|policy, _| (policy.sms_sign_in, policy.sms_second_factor) = (true, true));
    let server = TestServer::over(core).await;
    server.account(EMAIL);
    server.add_phone(EMAIL, PHONE);
    server
}

impl Client {
    async fn step(&self, path: &str, token: &Value, body: Value) -> Answer {
        let request = TestRequest::post().uri(path).insert_header(("attempt-token", text(token)));
        self.send(if body.is_null() { request } else { request.set_json(body) }).await
    }

    async fn text_step_up_code(&self) -> Answer {
        self.send(TestRequest::post().uri(STEP_UP_CODE)).await
    }
}

async fn phone_id(client: &Client) -> String {
    let listed = client.get("/api/v1/account/phones").await;
    text(&listed.json()["phones"][0]["id"]).to_owned()
}

#[actix_web::test]
async fn a_client_with_tokens_signs_in_by_phone() {
    let server = server().await;
    let nobody = server.anonymous();
    let body = json!({"phone_number": "06 12345678", "country": "NL", "client": "tokens"});
    let started = nobody.post(SIGN_IN_ATTEMPTS, body).await;
    assert_eq!((started.status, &started.json()["next"]), (201, &json!("phone")));
    let path = started.header("location").to_owned();
    let sent = nobody.step(&format!("{path}/code"), &started.json()["token"], Value::Null).await;
    insta::assert_json_snapshot!(sent.json()["code"], @r#"
    {
      "masked_phone_number": "+31*******78",
      "next_at": "2026-03-14T15:10:26.535Z",
      "sent": true
    }
    "#);
    let token = &sent.json()["token"];
    let verification = format!("{path}/verification");
    let proof = |factor: &str, code: &str| json!({"factor": factor, "code": code});
    let code = server.text_code(PHONE).unwrap();
    let other = nobody.step(&verification, token, proof("sms", &code)).await;
    assert_eq!(other.problem(), (409, "unsupported-factor"));
    assert_eq!(nobody.step(&verification, token, proof("phone", "000000")).await.problem(), (422, "invalid-code"));
    let done = nobody.step(&verification, token, proof("phone", &code)).await;
    assert_eq!((&done.json()["completed"], &done.json()["satisfied"]), (&json!(true), &json!(["phone"])));
    let ada = server.with_token(text(&done.json()["sign_in"]["tokens"]["access_token"]));
    assert_eq!(ada.get(ACCOUNT).await.json()["email"], EMAIL);
}

#[actix_web::test]
async fn a_phone_number_comes_without_a_password_and_only_where_the_operator_allows_it() {
    let nobody = server().await.anonymous();
    let post = |body: Value| nobody.post(SIGN_IN_ATTEMPTS, body);
    let both = post(json!({"phone_number": PHONE, "password": PASSWORD})).await;
    assert_eq!(both.broken_rules(), [("/password", "unknown_member")]);
    assert_eq!(post(json!({"phone_number": "12"})).await.broken_rules(), [("/phone_number", "malformed")]);
    let off = TestServer::new().await;
    let refused = off.anonymous().post(SIGN_IN_ATTEMPTS, json!({"phone_number": PHONE})).await;
    assert_eq!(refused.problem(), (409, "sms-sign-in-off"));
    let ada = off.bearer(EMAIL);
    assert_eq!(ada.post(SMS, json!({"phone_id": "1"})).await.problem(), (409, "sms-factor-off"));
}

#[actix_web::test]
async fn r33_a_phone_is_enrolled_by_a_code_and_removed_after_a_proof_by_it() {
    let server = server().await;
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.post(SMS, json!({})).await.broken_rules(), [("/phone_id", "required")]);
    assert_eq!(ada.post(SMS, json!({"phone_id": "7"})).await.problem(), (404, "unknown-identifier"));
    assert_eq!(ada.post(CONFIRM, json!({"code": "123456"})).await.problem(), (409, "sms-not-begun"));
    assert_eq!(ada.delete(SMS).await.problem(), (404, "no-sms-factor"));
    assert_eq!(ada.text_step_up_code().await.problem(), (404, "no-sms-factor"));

    let id = phone_id(&ada).await;
    let begun = ada.post(SMS, json!({"phone_id": id})).await;
    assert_eq!((begun.status, &begun.json()["sent"], begun.header("retry-after")), (202, &json!(true), "60"));
    assert_eq!(ada.post(CONFIRM, json!({"code": "000000"})).await.problem(), (422, "wrong-proof"));
    let confirmed = ada.post(CONFIRM, json!({"code": server.text_code(PHONE).unwrap()})).await;
    let factors = json!({
        "enrolled": ["sms"], "phone_id": id, "backup_codes_left": 0, "policy": "none", "policy_in_effect": false,
    });
    assert_eq!((confirmed.status, confirmed.json()), (200, &factors));
    assert_eq!(ada.get(SECOND_FACTORS).await.json(), &factors);
    let number = format!("/api/v1/account/phones/{id}");
    assert_eq!(ada.delete(&number).await.problem(), (409, "second-factor-phone"));

    let stale = server.bearer_by(EMAIL, Factors::of([Factor::Password]));
    let refused = stale.delete(SMS).await;
    assert_eq!(refused.problem(), (401, "step-up-required"));
    assert_eq!(refused.json()["accepted_factors"], json!(["sms"]));
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(stale.text_step_up_code().await.status, 202);
    let proven = stale.post(STEP_UP, json!({"code": server.text_code(PHONE).unwrap()})).await;
    assert_eq!(proven.json()["methods"], json!(["pwd", "sms"]));
    assert_eq!(stale.delete(SMS).await.status, 204);
    assert_eq!(stale.get(SECOND_FACTORS).await.json()["enrolled"], json!([]));
}

#[actix_web::test]
async fn r32_the_phone_is_never_both_factors() {
    let server = server().await;
    server.enrol_phone(EMAIL, PHONE);
    let nobody = server.anonymous();
    let started = nobody.post(SIGN_IN_ATTEMPTS, json!({"phone_number": PHONE, "client": "tokens"})).await;
    let path = started.header("location").to_owned();
    let sent = nobody.step(&format!("{path}/code"), &started.json()["token"], Value::Null).await;
    let proof = json!({"factor": "phone", "code": server.text_code(PHONE).unwrap()});
    let refused = nobody.step(&format!("{path}/verification"), &sent.json()["token"], proof).await;
    assert_eq!(refused.problem(), (409, "same-channel"));
    let by_phone = server.bearer_by(EMAIL, Factors::of([Factor::Phone]));
    assert_eq!(by_phone.text_step_up_code().await.problem(), (409, "same-channel"));
}
