//! `/api/v1/sessions`.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::{EMAIL, ME};
use crate::testing::{Answer, Client, TestServer};

const SESSIONS: &str = "/api/v1/sessions";

impl Client {
    async fn sessions(&self) -> Value {
        self.get(SESSIONS).await.succeeded(200, "Sessions retrieved successfully").clone()
    }

    async fn revoke(&self, id: &Value) -> Answer {
        self.send(TestRequest::delete().uri(&format!("{SESSIONS}/{id}"))).await
    }
}

#[actix_web::test]
async fn r49_the_caller_sees_the_live_sessions_of_the_account() {
    let server = TestServer::new().await;
    server.browser_of(EMAIL);
    let mut shown = server.bearer(EMAIL).sessions().await;
    assert_eq!((&shown["total_count"], &shown["active_count"]), (&json!(2), &json!(2)));
    let sessions = shown["sessions"].as_array_mut().unwrap();
    sessions.retain(|session| session["is_current"] == true);
    assert_eq!(sessions.len(), 1);
    assert!(sessions[0]["id"].is_i64() && sessions[0]["user_id"].is_i64());
    insta::assert_json_snapshot!(sessions[0], {".id" => "[id]", ".user_id" => "[id]"}, @r#"
    {
      "created_at": "2026-03-14T15:09:26.535Z",
      "expires_at": "2026-04-13T15:09:26.535Z",
      "id": "[id]",
      "ip_address": null,
      "is_current": true,
      "last_activity_at": "2026-03-14T15:09:26.535Z",
      "revoked_at": null,
      "user_agent": null,
      "user_id": "[id]"
    }
    "#);
}

#[actix_web::test]
async fn r49_a_revoked_session_is_dead_at_once_and_a_foreign_one_is_not_found() {
    let server = TestServer::new().await;
    let (lost, kept, eve) = (server.bearer(EMAIL), server.bearer(EMAIL), server.bearer("eve@example.com"));
    let sessions = kept.sessions().await;
    let lost_id = sessions["sessions"].as_array().unwrap().iter().find(|session| session["is_current"] == false);
    let lost_id = &lost_id.unwrap()["id"];
    eve.revoke(lost_id).await.failed(404, "SESSION_NOT_FOUND");
    assert_eq!(lost.get(ME).await.status, 200);
    let message = "Session revoked successfully";
    assert_eq!(kept.revoke(lost_id).await.succeeded(200, message), &json!({"message": message}));
    lost.get(ME).await.failed(401, "UNAUTHORIZED");
    kept.revoke(lost_id).await.failed(404, "SESSION_NOT_FOUND");
    kept.revoke(&json!(0)).await.failed(404, "SESSION_NOT_FOUND");
}
