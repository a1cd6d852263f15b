//! `/api/v1/account/undo`.

use actix_web::test::TestRequest;
use selfsame_application::operator::SetPassword;
use selfsame_domain::Password;
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Answer, TestServer};

const UNDO: &str = "/api/v1/account/undo";

async fn undo(server: &TestServer, body: &Value) -> Answer {
    server.send(TestRequest::post().uri(UNDO).set_json(body)).await
}

/// A server on which the operator has set another password, and the token of the notice of it.
async fn changed() -> (TestServer, String) {
    let server = TestServer::new().await;
    let user = server.account(EMAIL).id;
    SetPassword { user, password: Password::new("seven purple elephants juggle") }.execute(&server.core).unwrap();
    let token = server.undo_token(EMAIL).unwrap();
    (server, token)
}

#[actix_web::test]
async fn r25_the_link_of_a_notice_undoes_the_change_without_a_sign_in_and_once() {
    let (server, token) = changed().await;
    let undone = undo(&server, &json!({"token": token})).await;
    assert_eq!((undone.status, undone.json()), (200, &json!({"reset_mailed_to": "a***@e***.com"})));
    assert!(undone.header("set-cookie").is_empty(), "it signs nobody in");
    assert_eq!(undo(&server, &json!({"token": token})).await.problem(), (400, "invalid-token"));
    let form = json!({"email": EMAIL, "password": selfsame_testing::core::PASSWORD});
    let refused = server.send(TestRequest::post().uri("/api/v1/account/sign-in-attempts").set_json(form)).await;
    assert_eq!(refused.problem(), (403, "account-frozen"));
}

#[actix_web::test]
async fn what_is_no_token_of_a_notice_undoes_nothing() {
    let (server, token) = changed().await;
    for (body, expected) in [
        (json!({"token": ""}), (400, "invalid-token")),
        (json!({"token": "nonsense"}), (400, "invalid-token")),
        (json!({"token": &token[1..]}), (400, "invalid-token")),
        (json!({"token": null}), (422, "invalid")),
        (json!({"token": token, "more": 1}), (422, "invalid")),
        (json!({}), (422, "invalid")),
    ] {
        assert_eq!(undo(&server, &body).await.problem(), expected, "{body}");
    }
    assert!(!server.account(EMAIL).is_frozen());
    let get = server.send(TestRequest::get().uri(UNDO)).await;
    assert_eq!((get.status, get.header("allow")), (405, "POST"));
}

#[actix_web::test]
async fn r13_reading_the_page_of_the_link_changes_nothing() {
    let (server, token) = changed().await;
    let page = server.send(TestRequest::get().uri(&format!("/undo?token={token}"))).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("data-action=\"/api/v1/account/undo\"") && !page.text().contains(&token));
    assert!(!server.account(EMAIL).is_frozen());
}

#[actix_web::test]
async fn a_deletion_while_a_factor_is_new_is_refused_with_the_time_until_it_is_not() {
    let hold = |policy: &mut selfsame_application::Policy, _: &mut _| {
        policy.new_credential_hold = chrono::Duration::hours(24);
    };
    let server = TestServer::over(selfsame_testing::core::TestCore::with(hold)).await;
    let (client, _) = server.bearer_with_totp(EMAIL);
    let refused = client.send(TestRequest::post().uri("/api/v1/account/deletion")).await;
    assert_eq!(refused.problem(), (403, "credential-too-new"));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((86_300..=86_400).contains(&wait), "{wait}");
    assert_eq!(client.get(ACCOUNT).await.status, 200);
}

async fn preview(server: &TestServer, body: &Value, accepted: &str) -> Answer {
    let request = TestRequest::post().uri("/api/v1/account/undo/preview").insert_header(("accept-language", accepted));
    server.send(request.set_json(body)).await
}

#[actix_web::test]
async fn r25_a_preview_tells_what_the_link_would_undo_and_changes_nothing() {
    let (server, token) = changed().await;
    let body = json!({"token": token});
    let before = server.account(EMAIL);
    let told = preview(&server, &body, "en").await;
    assert_eq!((told.status, told.header("content-language")), (200, "en"));
    insta::assert_json_snapshot!(told.json(), @r#"
    {
      "changed_at": "2026-03-14T15:09:26.535Z",
      "effects": [
        {
          "kind": "password_restored",
          "title": "The password from before the change is back until you choose a new one.",
          "value": null
        },
        {
          "kind": "sign_ins_ended",
          "title": "Sign-ins that end: 0",
          "value": "0"
        },
        {
          "kind": "reset_mailed",
          "title": "The mail for a new password goes to ada@example.com.",
          "value": "ada@example.com"
        }
      ],
      "expires_at": "2026-03-17T15:09:26.535Z"
    }
    "#);
    let german = preview(&server, &body, "de").await;
    let title = german.json()["effects"][0]["title"].as_str().unwrap();
    assert!(title.starts_with("Das Passwort "), "{title}");
    assert_eq!(server.account(EMAIL), before);
    assert_eq!(undo(&server, &body).await.status, 200);
    for body in [body, json!({"token": "nonsense"})] {
        assert_eq!(preview(&server, &body, "en").await.problem(), (400, "invalid-token"));
    }
    assert_eq!(preview(&server, &json!({}), "en").await.problem(), (422, "invalid"));
}
