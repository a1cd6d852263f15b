//! `PUT /me/profile`: seed 003.

use std::time::Duration;

use actix_web::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_domain::{Action, id::Id as _};
use selfsame_ports::Storage as _;
use selfsame_testing::{core::TestCore, fakes::FakePictures};
use serde_json::{Value, json};

use super::{EMAIL, ME, PROFILE};
use crate::testing::{Answer, Client, TestServer, keys, text};

fn data_uri(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

/// The data of a success.
fn updated(answer: &Answer) -> &Value {
    answer.succeeded(200, "Profile updated successfully")
}

impl Client {
    async fn put_as(&self, content_type: &str, body: &'static str) -> Answer {
        self.send_as((Method::PUT, PROFILE), content_type, body).await
    }
}

#[actix_web::test]
async fn the_example_of_the_seed_is_answered_as_the_seed_says() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    let body = r#"{
"display_name": "Jane Smith",
"profile_image_url": "https://example.com/avatar.jpg",
"profile": {
"bio": "Software developer"
}
}"#;
    let answer = jane.put_as("application/json", body).await;
    let data = updated(&answer);
    assert_eq!(data["user_id"], server.account(EMAIL).id.number());
    let updated_at = text(&data["updated_at"]);
    assert!(updated_at.ends_with('Z') && updated_at.len() == "2024-01-01T13:00:00.000Z".len(), "{updated_at}");
    insta::assert_json_snapshot!(data, {".user_id" => "[id]", ".updated_at" => "[time]"}, @r#"
    {
      "display_name": "Jane Smith",
      "profile": {
        "bio": "Software developer"
      },
      "profile_image_url": "https://example.com/avatar.jpg",
      "updated_at": "[time]",
      "user_id": "[id]"
    }
    "#);
    let me = jane.get(ME).await;
    assert_eq!(me.json()["data"]["user"]["display_name"], "Jane Smith");
    assert_eq!(me.json()["data"]["user"]["profile"], json!({"bio": "Software developer"}));
}

#[actix_web::test]
async fn r66_profile_is_merged_deeply_and_null_removes_a_member() {
    let jane = TestServer::new().await.bearer(EMAIL);
    let first = json!({"profile": {"bio": "x", "address": {"city": "Delft", "zip": "2611"}, "tags": ["a", "b"]}});
    updated(&jane.put(PROFILE, first).await);
    let second = json!({"profile": {"bio": null, "address": {"city": "Leiden"}, "tags": ["c"]}});
    let answer = jane.put(PROFILE, second).await;
    let merged = json!({"address": {"city": "Leiden", "zip": "2611"}, "tags": ["c"]});
    assert_eq!(updated(&answer)["profile"], merged);
}

#[actix_web::test]
async fn r66_a_member_named_twice_and_a_nul_are_refused_inside_the_profile_too() {
    let jane = TestServer::new().await.bearer(EMAIL);
    for body in
        [r#"{"profile": {"a": {"b": 1, "b": 2}}}"#, r#"{"profile": {"a": "\u0000"}}"#, r#"{"profile": {"a": 1e999}}"#]
    {
        let answer = jane.put_as("application/json", body).await;
        assert_eq!(answer.wrong_fields(), ["profile"], "{body}");
    }
    assert_eq!(jane.get(ME).await.json()["data"]["user"]["profile"], json!({}));
}

#[actix_web::test]
async fn a_picture_comes_in_as_a_data_uri_and_is_shown_as_an_address() {
    let jane = TestServer::new().await.bearer(EMAIL);
    let picture = data_uri(&FakePictures::a_picture(1));
    let answer = jane.put(PROFILE, json!({"profile_image_url": picture})).await;
    let url = updated(&answer)["profile_image_url"].as_str().unwrap();
    assert!(url.starts_with("http://localhost:8080/avatars/"), "{url}");

    let answer = jane.put(PROFILE, json!({"profile_image_url": null})).await;
    assert_eq!(updated(&answer)["profile_image_url"], Value::Null);
}

#[actix_web::test]
async fn r74_a_picture_of_some_megabytes_is_taken_and_one_beyond_the_limit_is_not() {
    let jane = TestServer::new().await.bearer(EMAIL);
    let picture = |size| data_uri(&[FakePictures::a_picture(2), vec![0; size]].concat());
    updated(&jane.put(PROFILE, json!({"profile_image_url": picture(4 << 20)})).await);
    let answer = jane.put(PROFILE, json!({"profile_image_url": picture(12 << 20)})).await;
    assert_eq!(answer.wrong_fields(), ["profile_image_url"]);
}

#[actix_web::test]
async fn r71_what_is_no_picture_or_no_https_url_is_a_validation_error() {
    let jane = TestServer::new().await.bearer(EMAIL);
    let not_a_picture = data_uri(b"<svg/>");
    let wrong = [
        "",
        "avatar.jpg",
        "http://example.com/a.jpg",
        "javascript:alert(1)",
        "data:image/png;base64,!!",
        &not_a_picture,
    ];
    for url in wrong {
        let answer = jane.put(PROFILE, json!({"profile_image_url": url})).await;
        assert_eq!(answer.wrong_fields(), ["profile_image_url"], "{url}");
    }
}

#[actix_web::test]
async fn absent_keeps_and_null_clears() {
    let jane = TestServer::new().await.bearer(EMAIL);
    updated(&jane.put(PROFILE, json!({"display_name": "Jane", "profile": {"bio": "x"}})).await);
    let answer = jane.put(PROFILE, json!({"profile_image_url": "https://example.com/a.jpg"})).await;
    assert_eq!(updated(&answer)["display_name"], "Jane");
    let answer = jane.put(PROFILE, json!({"display_name": null})).await;
    assert_eq!(updated(&answer)["display_name"], Value::Null);
    assert_eq!(updated(&answer)["profile"], json!({"bio": "x"}));
}

#[actix_web::test]
async fn r63_an_empty_update_and_other_members_succeed_and_change_nothing() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    let before = jane.get(ME).await.json()["data"].clone();
    server.clock.advance(Duration::from_mins(1));
    for body in
        [json!({}), json!({"email": "eve@example.com", "verified": true, "user_id": 7, "is_system_admin": true})]
    {
        let answer = jane.put(PROFILE, body).await;
        let data = updated(&answer);
        assert_eq!(data["updated_at"], before["user"]["updated_at"]);
        assert_eq!(data["user_id"], server.account(EMAIL).id.number());
        assert_eq!(keys(data), ["display_name", "profile", "profile_image_url", "updated_at", "user_id"]);
    }
    assert_eq!(jane.get(ME).await.json()["data"], before);
}

#[actix_web::test]
async fn every_broken_rule_is_told_at_once_and_nothing_is_changed() {
    let jane = TestServer::new().await.bearer(EMAIL);
    let body = json!({
        "display_name": "",
        "profile_image_url": "http://example.com/a.jpg",
        "profile": {"k".repeat(200): 1, "list": vec![0; 1001]}
    });
    let answer = jane.put(PROFILE, body).await;
    let mut wrong = answer.wrong_fields();
    wrong.sort_unstable();
    assert_eq!(wrong, ["display_name", "profile", "profile", "profile_image_url"]);

    let answer = jane.put(PROFILE, json!({"display_name": 5, "profile": ["x"]})).await;
    assert_eq!(answer.wrong_fields(), ["display_name", "profile"]);
    let answer = jane.put(PROFILE, json!({"display_name": "Jane", "profile": null})).await;
    assert_eq!(answer.wrong_fields(), ["profile"]);
    assert_eq!(jane.get(ME).await.json()["data"]["user"]["display_name"], Value::Null);
}

#[actix_web::test]
async fn lengths_are_counted_in_characters() {
    let jane = TestServer::new().await.bearer(EMAIL);
    updated(&jane.put(PROFILE, json!({"display_name": "é".repeat(100)})).await);
    let answer = jane.put(PROFILE, json!({"display_name": "é".repeat(101)})).await;
    let errors = answer.failed(422, "VALIDATION_ERROR");
    assert_eq!(errors, &json!({"errors": [{"field": "display_name", "reason": "must have at most 100 characters"}]}));
}

#[actix_web::test]
async fn the_operators_schema_is_told_by_the_place_that_breaks_it() {
    let schema = json!({"properties": {"age": {"type": "integer"}}});
    let jane = TestServer::over(TestCore::with_schema(&schema)).await.bearer(EMAIL);
    let answer = jane.put(PROFILE, json!({"profile": {"age": "old"}})).await;
    assert_eq!(answer.wrong_fields(), ["profile/age"]);
    updated(&jane.put(PROFILE, json!({"profile": {"age": 42}})).await);
}

#[actix_web::test]
async fn who_is_calling_is_settled_before_anything_is_said_about_the_body() {
    let server = TestServer::new().await;
    for bad in [server.anonymous(), server.with_token("made.up")] {
        for (content_type, body) in
            [("application/json", "{"), ("text/plain", "x"), ("application/json", r#"{"display_name": 5}"#)]
        {
            bad.put_as(content_type, body).await.failed(401, "UNAUTHORIZED");
        }
    }
    let jane = server.bearer(EMAIL);
    jane.put_as("text/plain", "x").await.failed(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(jane.put_as("application/json", "{").await.wrong_fields(), ["body"]);
}

#[actix_web::test]
async fn the_change_is_audited_with_old_and_new_values() {
    let server = TestServer::new().await;
    let jane = server.bearer(EMAIL);
    updated(&jane.put(PROFILE, json!({"display_name": "Jane", "profile": {"bio": "x"}})).await);
    let trail = server.storage.read().unwrap().audit_trail(server.account(EMAIL).id, 0, 100).unwrap();
    let updates: Vec<_> = trail.iter().filter(|record| record.action == Action::ProfileUpdated.as_str()).collect();
    assert_eq!(updates.len(), 1);
    let differences = json!([
        {"pointer": "/name", "old": null, "new": "Jane"},
        {"pointer": "/attributes/bio", "old": null, "new": "x"}
    ]);
    assert_eq!(json!(updates[0].read_details().unwrap().changes), differences);
}

#[actix_web::test]
async fn two_merges_of_different_keys_both_survive() {
    let jane = TestServer::new().await.bearer(EMAIL);
    let (one, other) = futures_util::future::join(
        jane.put(PROFILE, json!({"profile": {"left": 1}})),
        jane.put(PROFILE, json!({"profile": {"right": 2}})),
    )
    .await;
    assert_eq!((one.status, other.status), (200, 200));
    assert_eq!(jane.get(ME).await.json()["data"]["user"]["profile"], json!({"left": 1, "right": 2}));
}
