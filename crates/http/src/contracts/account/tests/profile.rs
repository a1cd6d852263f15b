//! `GET` and `PATCH /api/v1/account`.

use actix_web::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_testing::{core::TestCore, fakes::FakePictures};
use serde_json::{Map, Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{TestServer, text};

#[actix_web::test]
async fn r70_the_account_has_these_members_by_cookie_and_by_token() {
    let server = TestServer::new().await;
    let answer = server.bearer(EMAIL).get(ACCOUNT).await;
    assert!(text(&answer.json()["sub"]).parse::<i64>().unwrap() > 0);
    insta::assert_json_snapshot!(answer.json(), {".sub" => "[id]"}, @r#"
    {
      "attributes": {},
      "created_at": "2026-03-14T15:09:26.535Z",
      "email": "ada@example.com",
      "email_verified": true,
      "family_name": null,
      "given_name": null,
      "locale": null,
      "name": null,
      "phone_number": null,
      "phone_number_verified": false,
      "picture": null,
      "preferred_username": null,
      "second_factor_enrolled": false,
      "second_factor_policy": "none",
      "sub": "[id]",
      "updated_at": "2026-03-14T15:09:26.535Z",
      "zoneinfo": null
    }
    "#);
    let by_cookie = server.browser_of(EMAIL).get(ACCOUNT).await;
    assert_eq!((by_cookie.status, by_cookie.json()), (200, answer.json()));
}

#[actix_web::test]
async fn a_merge_patch_changes_every_member_and_null_clears() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let patch = json!({
        "given_name": "Ada", "family_name": "Lovelace", "name": "Countess", "preferred_username": "ada", "locale": "en_gb",
        "zoneinfo": "Europe/London", "phone_number": "+31 6 12345678", "picture": "https://example.com/ada.jpg",
        "attributes": {"theme": "dark", "deep": {"a": 1, "b": 2}}, "second_factor_policy": "enforced",
    });
    let changed = ada.patch(ACCOUNT, patch).await;
    insta::assert_json_snapshot!(changed.json(), {".sub" => "[id]", ".updated_at" => "[time]"}, @r#"
    {
      "attributes": {
        "deep": {
          "a": 1,
          "b": 2
        },
        "theme": "dark"
      },
      "created_at": "2026-03-14T15:09:26.535Z",
      "email": "ada@example.com",
      "email_verified": true,
      "family_name": "Lovelace",
      "given_name": "Ada",
      "locale": "en-GB",
      "name": "Countess",
      "phone_number": "+31612345678",
      "phone_number_verified": false,
      "picture": "https://example.com/ada.jpg",
      "preferred_username": "ada",
      "second_factor_enrolled": false,
      "second_factor_policy": "enforced",
      "sub": "[id]",
      "updated_at": "[time]",
      "zoneinfo": "Europe/London"
    }
    "#);

    let merge_patch = r#"{"name": null, "picture": null, "attributes": {"theme": null, "deep": {"b": null}}}"#;
    let request = (Method::PATCH, ACCOUNT);
    let merged = ada.send_as(request, "application/merge-patch+json", merge_patch).await;
    let account = merged.json();
    assert_eq!(account["name"], Value::Null);
    assert_eq!(account["picture"], Value::Null);
    assert_eq!(account["attributes"], json!({"deep": {"a": 1}}));
    assert_eq!(account["given_name"], "Ada");
    assert_eq!(ada.get(ACCOUNT).await.json(), account);
}

#[actix_web::test]
async fn r72_a_data_uri_is_stored_and_shown_as_an_address_of_this_server() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(FakePictures::a_picture(1)));
    let answer = ada.patch(ACCOUNT, json!({"picture": uri})).await;
    let picture = text(&answer.json()["picture"]);
    assert!(picture.starts_with("http://localhost:8080/avatars/"), "{picture}");
}

#[actix_web::test]
async fn r63_unknown_and_read_only_members_are_refused_with_everything_else_that_is_wrong() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let body = json!({
        "attributes": [], "email": "eve@example.com", "given_name": 1, "is/ad~min": true, "name": "Countess",
        "second_factor_policy": null,
    });
    let expected = [
        ("/attributes", "type"),
        ("/email", "unknown_member"),
        ("/given_name", "type"),
        ("/is~1ad~0min", "unknown_member"),
        ("/second_factor_policy", "type"),
    ];
    assert_eq!(ada.patch(ACCOUNT, body).await.broken_rules(), expected);
    assert_eq!(ada.get(ACCOUNT).await.json()["name"], Value::Null, "nothing was changed");
    for wrong in [json!(null), json!(1), json!(""), json!("required")] {
        let answer = ada.patch(ACCOUNT, json!({"second_factor_policy": wrong})).await;
        assert_eq!(answer.json()["errors"][0]["detail"], "must be none or enforced", "{wrong}");
    }
    assert_eq!(ada.patch(ACCOUNT, json!(["name"])).await.broken_rules(), [("", "type")]);
}

#[actix_web::test]
async fn broken_rules_are_told_all_at_once_with_their_claim_and_a_sentence() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let mut body = json!({
        "given_name": "x".repeat(101), "preferred_username": "1abc", "locale": "not a tag", "phone_number": "12",
        "picture": "http://example.com/", "attributes": {"a": "\u{0}"},
    });
    let attributes_first = ada.patch(ACCOUNT, &body).await;
    assert_eq!(attributes_first.broken_rules(), [("/attributes", "forbidden_character")]);

    body.as_object_mut().unwrap().remove("attributes");
    let answer = ada.patch(ACCOUNT, body).await;
    let mut told = answer.broken_rules();
    told.sort_unstable();
    let expected = [
        ("/given_name", "too_long"),
        ("/locale", "malformed"),
        ("/phone_number", "malformed"),
        ("/picture", "malformed"),
        ("/preferred_username", "forbidden_character"),
    ];
    assert_eq!(told, expected);
    let errors = answer.json()["errors"].as_array().unwrap();
    let locale = errors.iter().find(|error| error["claim"] == "locale").unwrap();
    assert_eq!(locale["detail"], "must be a BCP 47 language tag");
}

#[actix_web::test]
async fn what_the_operators_schema_refuses_is_pointed_at() {
    let schema = json!({"properties": {"age": {"type": "integer"}}});
    let ada = TestServer::over(TestCore::with_schema(&schema)).await.bearer(EMAIL);
    let answer = ada.patch(ACCOUNT, json!({"attributes": {"age": "old"}})).await;
    assert_eq!(answer.broken_rules(), [("/attributes/age", "schema")]);
}

#[actix_web::test]
async fn r84_no_answer_lists_more_than_a_hundred_errors() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let unknown: Map<_, _> = (0..500).map(|number| (format!("x{number}"), Value::Null)).collect();
    assert_eq!(ada.patch(ACCOUNT, unknown).await.broken_rules().len(), 100);
}
