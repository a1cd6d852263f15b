//! `PUT /me/profile`: seed 003.

use actix_web::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_domain::{Action, id::Id as _};
use selfsame_testing::{core::TestCore, fakes::FakePictures};
use serde_json::{Value, json};

use super::{Answer, EMAIL, World, keys, request};

const UPDATED: &str = "Profile updated successfully";

fn data_uri(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

fn sent_as(content_type: &str, token: Option<&str>, body: &'static str) -> actix_web::test::TestRequest {
    request(Method::PUT, "/me/profile", token).insert_header(("content-type", content_type)).set_payload(body)
}

/// The data of a success.
fn updated(answer: &Answer) -> &Value {
    answer.data(200, UPDATED)
}

#[actix_web::test]
async fn the_example_of_the_seed_is_answered_as_the_seed_says() {
    let (world, jane, token) = World::with_jane();
    let body = r#"{
"display_name": "Jane Smith",
"profile_image_url": "https://example.com/avatar.jpg",
"profile": {
"bio": "Software developer"
}
}"#;
    let answer = world.ask(sent_as("application/json", Some(&token), body)).await;
    let data = updated(&answer);
    let updated_at = data["updated_at"].as_str().unwrap();
    assert!(updated_at.ends_with('Z') && updated_at.len() == "2024-01-01T13:00:00.000Z".len(), "{updated_at}");
    assert_eq!(
        data,
        &json!({
            "user_id": jane.id.number(),
            "display_name": "Jane Smith",
            "profile_image_url": "https://example.com/avatar.jpg",
            "profile": {"bio": "Software developer"},
            "updated_at": updated_at
        })
    );
    let me = world.get_me(&token).await;
    assert_eq!(me.body["data"]["user"]["display_name"], "Jane Smith");
    assert_eq!(me.body["data"]["user"]["profile"], json!({"bio": "Software developer"}));
}

#[actix_web::test]
async fn r66_profile_is_merged_deeply_and_null_removes_a_member() {
    let (world, _, token) = World::with_jane();
    let first = json!({"profile": {"bio": "x", "address": {"city": "Delft", "zip": "2611"}, "tags": ["a", "b"]}});
    updated(&world.put_profile(&token, first).await);
    let second = json!({"profile": {"bio": null, "address": {"city": "Leiden"}, "tags": ["c"]}});
    let answer = world.put_profile(&token, second).await;
    let merged = json!({"address": {"city": "Leiden", "zip": "2611"}, "tags": ["c"]});
    assert_eq!(updated(&answer)["profile"], merged);
}

#[actix_web::test]
async fn r66_a_member_named_twice_and_a_nul_are_refused_inside_the_profile_too() {
    let (world, _, token) = World::with_jane();
    for body in
        [r#"{"profile": {"a": {"b": 1, "b": 2}}}"#, r#"{"profile": {"a": "\u0000"}}"#, r#"{"profile": {"a": 1e999}}"#]
    {
        let answer = world.ask(sent_as("application/json", Some(&token), body)).await;
        assert_eq!(answer.wrong_fields(), ["profile"], "{body}");
    }
    assert_eq!(world.get_me(&token).await.body["data"]["user"]["profile"], json!({}));
}

#[actix_web::test]
async fn a_picture_comes_in_as_a_data_uri_and_is_shown_as_an_address() {
    let (world, _, token) = World::with_jane();
    let picture = data_uri(&FakePictures::a_picture(1));
    let answer = world.put_profile(&token, json!({"profile_image_url": picture})).await;
    let url = updated(&answer)["profile_image_url"].as_str().unwrap();
    assert!(url.starts_with("http://localhost:8080/avatars/"), "{url}");

    let answer = world.put_profile(&token, json!({"profile_image_url": null})).await;
    assert_eq!(updated(&answer)["profile_image_url"], Value::Null);
}

#[actix_web::test]
async fn r74_a_picture_of_some_megabytes_is_taken_and_one_beyond_the_limit_is_not() {
    let (world, _, token) = World::with_jane();
    let picture = |size| data_uri(&[FakePictures::a_picture(2), vec![0; size]].concat());
    updated(&world.put_profile(&token, json!({"profile_image_url": picture(4 << 20)})).await);
    let answer = world.put_profile(&token, json!({"profile_image_url": picture(5 << 20)})).await;
    assert_eq!(answer.wrong_fields(), ["profile_image_url"]);
}

#[actix_web::test]
async fn r71_what_is_no_picture_or_no_https_url_is_a_validation_error() {
    let (world, _, token) = World::with_jane();
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
        let answer = world.put_profile(&token, json!({"profile_image_url": url})).await;
        assert_eq!(answer.wrong_fields(), ["profile_image_url"], "{url}");
    }
}

#[actix_web::test]
async fn absent_keeps_and_null_clears() {
    let (world, _, token) = World::with_jane();
    updated(&world.put_profile(&token, json!({"display_name": "Jane", "profile": {"bio": "x"}})).await);
    let answer = world.put_profile(&token, json!({"profile_image_url": "https://example.com/a.jpg"})).await;
    assert_eq!(updated(&answer)["display_name"], "Jane");
    let answer = world.put_profile(&token, json!({"display_name": null})).await;
    assert_eq!(updated(&answer)["display_name"], Value::Null);
    assert_eq!(updated(&answer)["profile"], json!({"bio": "x"}));
}

#[actix_web::test]
async fn r63_an_empty_update_and_other_members_succeed_and_change_nothing() {
    let (world, jane, token) = World::with_jane();
    let before = world.get_me(&token).await.body["data"].clone();
    world.test.clock.advance(std::time::Duration::from_mins(1));
    for body in
        [json!({}), json!({"email": "eve@example.com", "verified": true, "user_id": 7, "is_system_admin": true})]
    {
        let answer = world.put_profile(&token, body).await;
        let data = updated(&answer);
        assert_eq!(data["updated_at"], before["user"]["updated_at"]);
        assert_eq!(data["user_id"], jane.id.number());
        assert_eq!(keys(data), ["display_name", "profile", "profile_image_url", "updated_at", "user_id"]);
    }
    assert_eq!(world.get_me(&token).await.body["data"], before);
}

#[actix_web::test]
async fn every_broken_rule_is_told_at_once_and_nothing_is_changed() {
    let (world, _, token) = World::with_jane();
    let body = json!({
        "display_name": "",
        "profile_image_url": "http://example.com/a.jpg",
        "profile": {"k".repeat(200): 1, "list": vec![0; 1001]}
    });
    let answer = world.put_profile(&token, body).await;
    let mut wrong = answer.wrong_fields();
    wrong.sort_unstable();
    assert_eq!(wrong, ["display_name", "profile", "profile", "profile_image_url"]);

    let answer = world.put_profile(&token, json!({"display_name": 5, "profile": ["x"]})).await;
    assert_eq!(answer.wrong_fields(), ["display_name", "profile"]);
    let answer = world.put_profile(&token, json!({"display_name": "Jane", "profile": null})).await;
    assert_eq!(answer.wrong_fields(), ["profile"]);
    assert_eq!(world.get_me(&token).await.body["data"]["user"]["display_name"], Value::Null);
}

#[actix_web::test]
async fn lengths_are_counted_in_characters() {
    let (world, _, token) = World::with_jane();
    updated(&world.put_profile(&token, json!({"display_name": "é".repeat(100)})).await);
    let answer = world.put_profile(&token, json!({"display_name": "é".repeat(101)})).await;
    let errors = answer.failed(422, "VALIDATION_ERROR");
    assert_eq!(errors, &json!({"errors": [{"field": "display_name", "reason": "must have at most 100 characters"}]}));
}

#[actix_web::test]
async fn the_operators_schema_is_told_by_the_place_that_breaks_it() {
    let schema = json!({"properties": {"age": {"type": "integer"}}});
    let world = World::over(TestCore::with_schema(&schema));
    world.test.verified_user(EMAIL);
    let token = world.token(EMAIL);
    let answer = world.put_profile(&token, json!({"profile": {"age": "old"}})).await;
    assert_eq!(answer.wrong_fields(), ["profile/age"]);
    updated(&world.put_profile(&token, json!({"profile": {"age": 42}})).await);
}

#[actix_web::test]
async fn who_is_calling_is_settled_before_anything_is_said_about_the_body() {
    let (world, _, token) = World::with_jane();
    for bad in [None, Some("made.up")] {
        for (content_type, body) in
            [("application/json", "{"), ("text/plain", "x"), ("application/json", r#"{"display_name": 5}"#)]
        {
            world.ask(sent_as(content_type, bad, body)).await.failed(401, "UNAUTHORIZED");
        }
    }
    world.ask(sent_as("text/plain", Some(&token), "x")).await.failed(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(world.ask(sent_as("application/json", Some(&token), "{")).await.wrong_fields(), ["body"]);
}

#[actix_web::test]
async fn the_change_is_audited_with_old_and_new_values() {
    let (world, jane, token) = World::with_jane();
    updated(&world.put_profile(&token, json!({"display_name": "Jane", "profile": {"bio": "x"}})).await);
    let trail = world.test.core.storage.read().unwrap().audit_trail(jane.id, 0, 100).unwrap();
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
    let (world, _, token) = World::with_jane();
    let (one, other) = futures_util::future::join(
        world.put_profile(&token, json!({"profile": {"left": 1}})),
        world.put_profile(&token, json!({"profile": {"right": 2}})),
    )
    .await;
    assert_eq!((one.status, other.status), (200, 200));
    assert_eq!(world.get_me(&token).await.body["data"]["user"]["profile"], json!({"left": 1, "right": 2}));
}
