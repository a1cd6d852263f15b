//! `/api/v1/account/devices`.

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors};
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Client, TestServer, text};

const DEVICES: &str = "/api/v1/account/devices";

fn second_factor() -> Factors {
    Factors::of([Factor::Password, Factor::Totp])
}

/// A client that has just given a second factor.
fn strong(server: &TestServer) -> Client {
    server.account(EMAIL);
    server.enrol(EMAIL, Factors::of([Factor::Totp]));
    server.bearer_by(EMAIL, second_factor())
}

impl Client {
    async fn devices(&self) -> Vec<Value> {
        self.get(DEVICES).await.json()["devices"].as_array().unwrap().clone()
    }
}

#[actix_web::test]
async fn a_device_is_remembered_listed_and_forgotten() {
    let server = TestServer::new().await;
    let ada = strong(&server);
    let answer = ada.post(DEVICES, json!({"name": "Work laptop"})).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = text(&answer.json()["id"]).to_owned();
    assert_eq!(answer.header("location"), format!("{DEVICES}/{id}"));
    assert_eq!(answer.cookie("device_id"), None, "a client with a token has no cookies");
    let token = text(&answer.json()["device_token"]).to_owned();
    let listed = ada.send(TestRequest::get().uri(DEVICES).insert_header(("x-device-token", token.as_str()))).await;
    assert!(!listed.text().contains(&token), "R49: no token is listed");
    insta::assert_json_snapshot!(listed.json(), {".devices[].id" => "[id]"}, @r#"
    {
      "devices": [
        {
          "browser": null,
          "created_at": "2026-03-14T15:09:26.535Z",
          "current": true,
          "expires_at": "2026-04-13T15:09:26.535Z",
          "id": "[id]",
          "ip": null,
          "last_used_at": "2026-03-14T15:09:26.535Z",
          "name": "Work laptop",
          "place": null,
          "system": null,
          "user_agent": null
        }
      ]
    }
    "#);
    assert_eq!(ada.devices().await[0]["current"], false, "without its token");
    assert_eq!(ada.delete(&format!("{DEVICES}/{id}")).await.status, 204);
    assert_eq!(ada.delete(&format!("{DEVICES}/{id}")).await.problem(), (404, "unknown-device"));
    assert!(ada.devices().await.is_empty());
}

#[actix_web::test]
async fn r39_a_browser_keeps_its_device_in_a_cookie_that_no_script_reads() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    server.enrol(EMAIL, Factors::of([Factor::Totp]));
    let mut ada = server.browser_by(EMAIL, second_factor());
    let answer = ada.send(TestRequest::post().uri(DEVICES).set_json(json!({}))).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.json()["device_token"], Value::Null);
    let set = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(set.starts_with("device_id=") && set.contains("HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000"));
    assert!(!answer.text().contains(answer.cookie("device_id").unwrap()));
}

#[actix_web::test]
async fn a_device_is_remembered_only_after_a_second_factor() {
    let server = TestServer::new().await;
    assert_eq!(server.bearer(EMAIL).post(DEVICES, json!({})).await.problem(), (409, "no-second-factor"));
    strong(&server);
    let by_password = server.bearer_by(EMAIL, Factors::of([Factor::Password]));
    assert_eq!(by_password.post(DEVICES, json!({})).await.problem(), (401, "step-up-required"));
}

#[actix_web::test]
async fn r62_a_device_of_somebody_else_is_as_unknown_as_one_that_never_was() {
    let server = TestServer::new().await;
    let ada = strong(&server);
    let answer = ada.post(DEVICES, json!({})).await;
    let id = text(&answer.json()["id"]);
    for id in [id, "1", "-1", "abc"] {
        let answer = server.bearer("eve@example.com").delete(&format!("{DEVICES}/{id}")).await;
        assert_eq!(answer.problem(), (404, "unknown-device"), "{id}");
    }
    assert_eq!(ada.devices().await.len(), 1);
}

#[actix_web::test]
async fn all_devices_are_forgotten_at_once_and_with_all_other_sign_ins() {
    let server = TestServer::new().await;
    let ada = strong(&server);
    for path in [DEVICES, "/api/v1/account/sign-ins"] {
        for _ in 0..2 {
            assert_eq!(ada.post(DEVICES, json!({})).await.status, 201);
        }
        assert_eq!(ada.delete(path).await.status, 204);
        assert!(ada.devices().await.is_empty(), "{path}");
    }
}
