//! `/api/v1/devices`, `/api/v1/auth/logout-all` and the end of all other sessions.

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors};
use serde_json::{Value, json};

use super::{EMAIL, ME};
use crate::testing::{Client, TestServer, offered_device, text};

const DEVICES: &str = "/api/v1/devices";

fn strong(server: &TestServer) -> Client {
    server.account(EMAIL);
    server.enrol(EMAIL, Factors::of([Factor::Totp]));
    server.bearer_by(EMAIL, Factors::of([Factor::Password, Factor::Totp]))
}

#[actix_web::test]
async fn an_offered_device_is_activated_once_listed_and_revoked() {
    let server = TestServer::new().await;
    let jane = strong(&server);
    let token = offered_device(&server, EMAIL);
    assert_eq!(jane.get(DEVICES).await.json()["data"]["total_count"], 0, "it is only offered");
    let activate = || jane.post("/api/v1/devices/activate", json!({"activation_token": token}));
    let answer = activate().await;
    let data = answer.succeeded(200, "Device activated successfully");
    let device_token = text(&data["device_token"]).to_owned();
    assert_ne!(device_token, token);
    assert_eq!(activate().await.status, 400, "R12: it is used");
    let listed = jane.get(DEVICES).await;
    assert!(!listed.text().contains(&device_token), "R49");
    let devices = listed.succeeded(200, "Devices retrieved successfully");
    insta::assert_json_snapshot!(devices, {".devices[].id" => "[id]"}, @r#"
    {
      "devices": [
        {
          "created_at": "2026-03-14T15:09:26.535Z",
          "device_fingerprint": null,
          "device_name": "Laptop",
          "id": "[id]",
          "ip_address": null,
          "is_active": true,
          "last_used_at": "2026-03-14T15:09:26.535Z",
          "user_agent": null
        }
      ],
      "total_count": 1
    }
    "#);
    let path = format!("{DEVICES}/{}", devices["devices"][0]["id"]);
    assert_eq!(server.bearer("eve@example.com").delete(&path).await.status, 404, "R62");
    let revoked = jane.delete(&path).await;
    assert_eq!(revoked.succeeded(200, "Device revoked successfully"), &json!({"success": true}));
    let again = jane.delete(&path).await;
    assert_eq!((again.status, &again.json()["error"]["code"]), (404, &json!("DEVICE_NOT_FOUND")));
}

#[actix_web::test]
async fn the_published_path_of_the_list_has_a_slash_and_leads_to_the_list() {
    let answer = TestServer::new().await.anonymous().get("/api/v1/devices/").await;
    assert_eq!((answer.status, answer.header("location")), (308, DEVICES));
}

#[actix_web::test]
async fn r49_all_others_end_together() {
    let server = TestServer::new().await;
    let (lost, kept) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let answer = kept.send(TestRequest::delete().uri("/api/v1/sessions")).await;
    answer.succeeded(200, "All other sessions revoked successfully");
    assert_eq!((lost.get(ME).await.status, kept.get(ME).await.status), (401, 200));
}

#[actix_web::test]
async fn r50_logout_all_ends_the_callers_own_session_too_and_forgets_devices() {
    let server = TestServer::new().await;
    let jane = strong(&server);
    let token = offered_device(&server, EMAIL);
    let other = server.bearer_by(EMAIL, Factors::of([Factor::Password]));
    jane.post("/api/v1/devices/activate", json!({"activation_token": token})).await;
    assert_eq!(jane.send(TestRequest::post().uri("/api/v1/auth/logout-all")).await.status, 204);
    assert_eq!((jane.get(ME).await.status, other.get(ME).await.status), (401, 401));
    let again = server.bearer_by(EMAIL, Factors::of([Factor::Password])).get(DEVICES).await;
    assert_eq!(again.json()["data"]["devices"], Value::Array(Vec::new()));
}
