//! `/api/v1/account/sign-ins`.

use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Client, TestServer, text};
use actix_web::test::TestRequest;

const SIGN_INS: &str = "/api/v1/account/sign-ins";

impl Client {
    async fn sign_ins(&self) -> Vec<Value> {
        self.get(SIGN_INS).await.json()["sign_ins"].as_array().unwrap().clone()
    }

    async fn end_sign_in(&self, id: &Value) -> (u16, String) {
        let path = format!("{SIGN_INS}/{}", id.as_str().unwrap());
        let answer = self.send(TestRequest::delete().uri(&path)).await;
        (answer.status, if answer.status == 204 { String::new() } else { answer.problem().1.to_owned() })
    }
}

#[actix_web::test]
async fn r49_the_owner_sees_every_sign_in_with_its_device_and_no_token() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let application = server.bearer(EMAIL);
    let listed = application.sign_ins().await;
    assert_eq!(listed.iter().filter(|sign_in| sign_in["current"] == true).count(), 1);
    insta::assert_json_snapshot!(listed[0], {".id" => "[id]"}, @r#"
    {
      "authenticated_at": "2026-03-14T15:09:26.535Z",
      "browser": null,
      "created_at": "2026-03-14T15:09:26.535Z",
      "current": true,
      "expires_at": "2026-04-13T15:09:26.535Z",
      "id": "[id]",
      "ip": null,
      "last_active_at": "2026-03-14T15:09:26.535Z",
      "methods": [
        "pwd"
      ],
      "name": null,
      "place": null,
      "system": null,
      "user_agent": null
    }
    "#);
    let in_browser = browser.get(SIGN_INS).await;
    let ids = |sign_ins: &[Value]| sign_ins.iter().map(|sign_in| sign_in["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(in_browser.json()["sign_ins"].as_array().unwrap()), ids(&listed));
    assert_ne!(in_browser.json()["sign_ins"], json!(listed), "another one is current");
}

#[actix_web::test]
async fn r49_a_sign_in_can_be_ended_from_another_and_is_dead_at_once() {
    let server = TestServer::new().await;
    let (lost, kept) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let id = kept.sign_ins().await.into_iter().find(|sign_in| sign_in["current"] == false).unwrap()["id"].take();
    assert_eq!(kept.end_sign_in(&id).await, (204, String::new()));
    assert_eq!(lost.get(ACCOUNT).await.status, 401);
    assert_eq!(kept.sign_ins().await.len(), 1);
    assert_eq!(kept.end_sign_in(&id).await, (404, "unknown-sign-in".to_owned()), "it ends once");
}

#[actix_web::test]
async fn the_callers_own_sign_in_may_be_ended_too() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let own = ada.sign_ins().await[0]["id"].clone();
    assert_eq!(ada.end_sign_in(&own).await.0, 204);
    assert_eq!(ada.get(ACCOUNT).await.status, 401);
}

#[actix_web::test]
async fn r62_a_sign_in_of_somebody_else_is_as_unknown_as_one_that_never_was() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    let of_ada = ada.sign_ins().await[0]["id"].clone();
    for id in [of_ada, json!("1"), json!("-1"), json!("99999999999999999999"), json!("abc")] {
        assert_eq!(eve.end_sign_in(&id).await, (404, "unknown-sign-in".to_owned()), "{id}");
    }
    assert_eq!(ada.get(ACCOUNT).await.status, 200);
}

#[actix_web::test]
async fn r49_all_others_end_together() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let (lost, kept) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let eve = server.bearer("eve@example.com");
    for _ in 0..2 {
        assert_eq!(kept.send(TestRequest::delete().uri(SIGN_INS)).await.status, 204);
    }
    assert_eq!((lost.get(ACCOUNT).await.status, browser.get(ACCOUNT).await.status), (401, 401));
    assert_eq!((kept.sign_ins().await.len(), eve.sign_ins().await.len()), (1, 1));
}

#[actix_web::test]
async fn r42_a_sign_in_that_was_idle_for_too_long_is_not_listed() {
    let server = TestServer::new().await;
    server.browser_of(EMAIL);
    server.clock.advance(std::time::Duration::from_hours(13));
    assert_eq!(server.bearer(EMAIL).sign_ins().await.len(), 1, "the browser's is over");
}

#[actix_web::test]
async fn r49_a_sign_in_is_read_named_and_shows_its_browser() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let own = ada.sign_ins().await[0].clone();
    let path = format!("{SIGN_INS}/{}", text(&own["id"]));
    assert_eq!(ada.get(&path).await.json(), &own);
    let named = ada.patch(&path, json!({"name": " Work laptop "})).await;
    assert_eq!((named.status, &named.json()["name"]), (200, &json!("Work laptop")));
    assert_eq!(ada.patch(&path, json!({})).await.json()["name"], "Work laptop", "an absent member stays");
    assert_eq!(ada.sign_ins().await[0]["name"], "Work laptop");
    assert_eq!(ada.patch(&path, json!({"name": "x".repeat(65)})).await.broken_rules(), [("/name", "too_long")]);
    assert_eq!(ada.patch(&path, json!({"ip": "x"})).await.broken_rules(), [("/ip", "unknown_member")]);
    assert_eq!(ada.patch(&path, json!({"name": null})).await.json()["name"], Value::Null);
}

#[actix_web::test]
async fn r62_a_foreign_sign_in_is_neither_read_nor_named() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    let of_ada = text(&ada.sign_ins().await[0]["id"]).to_owned();
    for id in [of_ada.as_str(), "1", "abc"] {
        let path = format!("{SIGN_INS}/{id}");
        assert_eq!(eve.get(&path).await.problem(), (404, "unknown-sign-in"));
        assert_eq!(eve.patch(&path, json!({"name": "mine"})).await.problem(), (404, "unknown-sign-in"));
    }
    assert_eq!(ada.sign_ins().await[0]["name"], Value::Null);
}
