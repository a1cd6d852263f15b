//! `/api/v1/me/sessions`.

use serde_json::json;

use super::{EMAIL, ME};
use crate::testing::{TestServer, keys, text};

const SESSIONS: &str = "/api/v1/me/sessions";

#[actix_web::test]
async fn r49_sessions_are_listed_and_revoked() {
    let server = TestServer::new().await;
    let (lost, kept) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let listed = kept.get(SESSIONS).await;
    let members = ["created_at", "expires_at", "id", "ip_address", "is_current", "last_activity_at", "user_agent"];
    assert_eq!(
        (keys(listed.json()), keys(&listed.json()["sessions"][0])),
        (vec!["sessions", "total"], members.to_vec())
    );
    assert_eq!(listed.json()["total"], 2);
    let sessions = listed.json()["sessions"].as_array().unwrap();
    let other = sessions.iter().find(|session| session["is_current"] == false).unwrap();
    let path = format!("{SESSIONS}/{}", text(&other["id"]));
    assert_eq!(kept.delete(&path).await.status, 204);
    assert_eq!((lost.get(ME).await.status, kept.get(ME).await.status), (401, 200));
    assert_eq!(kept.delete(&path).await.detail(), (404, "Session not found"));
}

#[actix_web::test]
async fn r62_a_session_of_somebody_else_is_as_unknown_as_one_that_never_was() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    let own = text(&ada.get(SESSIONS).await.json()["sessions"][0]["id"]).to_owned();
    for id in [own.as_str(), "1", "abc"] {
        let answer = eve.delete(&format!("{SESSIONS}/{id}")).await;
        assert_eq!((answer.status, answer.json()), (404, &json!({"detail": "Session not found"})), "{id}");
    }
    assert_eq!(ada.get(ME).await.status, 200);
}
