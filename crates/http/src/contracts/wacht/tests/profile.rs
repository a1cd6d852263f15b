//! `/me`.

use actix_web::test::TestRequest;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::EMAIL;
use crate::testing::{TestServer, text};

#[actix_web::test]
async fn a_write_answers_the_flat_user_and_the_envelope_in_one_body() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let answer = browser.post("/me", &[("first_name", "John"), ("last_name", "Doe"), ("username", "johndoe")]).await;
    let mut flat = answer.json().clone();
    let members = flat.as_object_mut().unwrap();
    let [status, message, errors, session, data] =
        ["status", "message", "errors", "session", "data"].map(|name| members.remove(name).unwrap());
    assert_eq!((status, message, errors), (json!(200), json!(""), json!([])));
    assert_eq!(session["active_signin"]["user"]["first_name"], "John", "the session shows the change");
    assert_eq!(flat, data);
    assert_eq!(browser.get("/me").await.data(), &data);
    assert_eq!(flat["first_name"], "John");
    assert_eq!(flat["username"], "johndoe");
    assert!(text(&flat["id"]).parse::<u64>().is_ok());
    let created = text(&flat["created_at"]);
    assert!(created.ends_with('Z') && created.len() == "2026-03-14T15:09:26.535Z".len(), "{created}");
}

#[actix_web::test]
async fn patch_with_json_is_the_same_handler() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let answer = browser.patch("/me", json!({"first_name": "Jane", "last_name": "Smith"})).await;
    let user = answer.data();
    assert_eq!(user["first_name"], "Jane");
    assert_eq!(user["last_name"], "Smith");
    for key in ["phone_number", "image_url", "two_factor_enabled", "email_verified", "phone_verified"] {
        assert!(user.get(key).is_some(), "{key}");
    }
    assert_eq!(user["email_verified"], true);
    let session = &answer.json()["session"];
    assert_eq!(session["signin_attempts"], json!([]));
    assert_eq!(session["signup_attempts"], json!([]));
    assert_eq!(session["signins"][0]["user_id"], user["id"]);
    assert_eq!(browser.get("/me").await.data(), user, "what the next request reads");
}

#[actix_web::test]
async fn multipart_says_the_same_as_a_form() {
    let server = TestServer::new().await;
    let body = "--B\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\nJohn\r\n--B--\r\n";
    let request = TestRequest::post().uri("/me").insert_header(("content-type", "multipart/form-data; boundary=B"));
    let answer = server.browser_of(EMAIL).send(request.set_payload(body)).await;
    assert_eq!(answer.data()["first_name"], "John");
}

#[actix_web::test]
async fn absent_keeps_and_empty_or_null_clears() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    browser.post("/me", &[("first_name", "Ada"), ("last_name", "Lovelace"), ("username", "ada.l")]).await;
    let answer = browser.post("/me", &[("last_name", "")]).await;
    assert_eq!(answer.data()["first_name"], "Ada");
    assert_eq!(answer.data()["last_name"], "");
    let answer = browser.patch("/me", json!({"username": null, "primary_phone_number_id": null})).await;
    assert_eq!(answer.data()["username"], "");
    assert_eq!(answer.data()["first_name"], "Ada");
    let before = answer.data()["updated_at"].clone();
    let answer = browser.send(TestRequest::post().uri("/me")).await;
    assert_eq!(answer.data()["updated_at"], before, "no body changes nothing");
}

#[actix_web::test]
async fn r63_fields_that_are_not_writable_are_ignored() {
    let server = TestServer::new().await;
    let form = [
        ("first_name", "Ada"),
        ("email_verified", "true"),
        ("disabled", "true"),
        ("id", "1"),
        ("email", "eve@example.com"),
    ];
    let answer = server.browser_of(EMAIL).post("/me", &form).await;
    assert_eq!(answer.data()["email"], EMAIL);
    assert_eq!(answer.data()["disabled"], false);
}

#[actix_web::test]
async fn an_own_verified_address_becomes_primary() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.add_email(EMAIL, 123_456_789_012_345_678, "ada@work.example", true);
    let answer = browser.post("/me", &[("primary_email_address_id", "123456789012345678")]).await;
    assert_eq!(answer.data()["email"], "ada@work.example");
    assert_eq!(answer.data()["primary_email_address_id"], "123456789012345678");
    let addresses = answer.data()["user_email_addresses"].as_array().unwrap();
    let primaries: Vec<_> = addresses.iter().filter(|address| address["is_primary"] == json!(true)).collect();
    assert!(primaries.len() == 1 && primaries[0]["email"] == "ada@work.example");
}

#[actix_web::test]
async fn r62_r11_a_primary_must_be_the_callers_own_and_verified() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.add_email(EMAIL, 77, "new@example.com", false);
    let bob = server.verified_user("bob@example.com").primary_email().unwrap().id.to_string();
    for unknown in ["123456789012345678", "18446744073709551615", &bob] {
        let answer = browser.post("/me", &[("primary_email_address_id", unknown)]).await;
        assert_eq!(answer.error(), (404, "NOT_FOUND"), "{unknown}");
    }
    assert_eq!(browser.post("/me", &[("primary_email_address_id", "77")]).await.error(), (400, "INVALID_STATE"));
    assert_eq!(
        browser.post("/me", &[("primary_phone_number_id", "77")]).await.error(),
        (404, "NOT_FOUND"),
        "not a number"
    );
    for malformed in ["-1", "abc", "1.5", "18446744073709551616"] {
        let answer = browser.post("/me", &[("primary_email_address_id", malformed)]).await;
        assert_eq!(answer.error(), (400, "BAD_REQUEST_BODY"), "{malformed}");
    }
}

#[actix_web::test]
async fn a_change_is_made_whole_or_not_at_all_and_every_error_is_told() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let form = [
        ("first_name", "Fine"),
        ("username", "1x"),
        ("primary_email_address_id", "5"),
        ("primary_phone_number_id", "6"),
    ];
    let answer = browser.post("/me", &form).await;
    assert_eq!(answer.status, 400);
    let codes: Vec<_> = answer.json()["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["BAD_REQUEST_BODY", "NOT_FOUND", "NOT_FOUND"]);
    assert_eq!(browser.get("/me").await.data()["first_name"], "");
}

#[actix_web::test]
async fn the_policy_takes_three_words_and_says_two() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    for (sent, said) in [("enforced", "enforced"), ("optional", "none"), ("enforced", "enforced"), ("none", "none")] {
        let answer = browser.post("/me", &[("second_factor_policy", sent)]).await;
        assert_eq!(answer.data()["second_factor_policy"], said);
        assert_eq!(answer.data()["two_factor_enabled"], false, "nothing is enrolled");
    }
    assert_eq!(browser.post("/me", &[("second_factor_policy", "maybe")]).await.error(), (400, "BAD_REQUEST_BODY"));
}

#[actix_web::test]
async fn enforced_without_a_factor_locks_nobody_out() {
    let server = TestServer::new().await;
    server.browser_of(EMAIL).post("/me", &[("second_factor_policy", "enforced")]).await;
    let answer = server.browser().sign_in(EMAIL, PASSWORD).await;
    assert_eq!(answer.attempt("signin_attempts")["completed"], true);
}

#[actix_web::test]
async fn r67_a_field_given_twice_is_refused() {
    let server = TestServer::new().await;
    let answer = server.browser_of(EMAIL).post("/me", &[("username", "ada"), ("username", "eve")]).await;
    assert_eq!(answer.error(), (400, "BAD_REQUEST_BODY"));
    assert_eq!(answer.json()["errors"][0]["message"], "The field username was given more than once.");
}

#[actix_web::test]
async fn r68_a_write_with_the_version_that_it_is_based_on_is_refused_once_the_account_was_changed() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let version = text(&browser.get("/me").await.data()["selfsame_version"]).to_owned();
    let next = browser.post("/me", &[("first_name", "Ada"), ("selfsame_version", &version)]).await;
    let next = text(&next.data()["selfsame_version"]).to_owned();
    assert_ne!(next, version);

    let stale = browser.post("/me", &[("first_name", "Eve"), ("selfsame_version", &version)]).await;
    assert_eq!(stale.error(), (409, "STALE_VERSION"));
    let stale = browser.patch("/me", json!({"first_name": "Eve", "selfsame_version": version})).await;
    assert_eq!(stale.error(), (409, "STALE_VERSION"));
    for unreadable in ["1x", "-1", "99999999999999999999"] {
        let refused = browser.post("/me", &[("first_name", "Eve"), ("selfsame_version", unreadable)]).await;
        assert_eq!(refused.error(), (400, "BAD_REQUEST_BODY"), "{unreadable}");
    }
    assert_eq!(browser.get("/me").await.data()["first_name"], "Ada");

    let number: i64 = next.parse().unwrap();
    let changed = browser.patch("/me", json!({"first_name": "Grace", "selfsame_version": number})).await;
    assert_eq!(changed.data()["first_name"], "Grace");
    let unconditional = browser.post("/me", &[("first_name", "Ada"), ("selfsame_version", "")]).await;
    assert_eq!(unconditional.data()["first_name"], "Ada");
}

#[actix_web::test]
async fn a_taken_username_is_400() {
    let server = TestServer::new().await;
    server.verified_user("bob@example.com");
    server.browser_of("bob@example.com").post("/me", &[("username", "johndoe")]).await;
    let answer = server.browser_of(EMAIL).post("/me", &[("username", "JohnDoe")]).await;
    assert_eq!(answer.error(), (400, "USERNAME_EXISTS"));
}

#[actix_web::test]
async fn r70_a_user_has_the_listed_keys_and_no_secret() {
    let answer = TestServer::new().await.browser_of(EMAIL).get("/me").await;
    insta::assert_json_snapshot!(answer.data(), {".**.id" => "[id]", ".primary_email_address_id" => "[id]"}, @r#"
    {
      "availability": "available",
      "backup_codes_generated": false,
      "created_at": "2026-03-14T15:09:26.535Z",
      "disabled": false,
      "email": "ada@example.com",
      "email_verified": true,
      "first_name": "",
      "has_passkeys": false,
      "has_password": true,
      "has_profile_picture": false,
      "id": "[id]",
      "image_url": "",
      "last_name": "",
      "phone_number": null,
      "phone_verified": false,
      "primary_email_address": {
        "email": "ada@example.com",
        "id": "[id]",
        "is_primary": true,
        "verification_strategy": "otp",
        "verified": true,
        "verified_at": "2026-03-14T15:09:26.535Z"
      },
      "primary_email_address_id": "[id]",
      "primary_phone_number": null,
      "primary_phone_number_id": null,
      "profile_picture_url": "",
      "public_metadata": {},
      "second_factor_policy": "none",
      "segments": [],
      "selfsame_version": "1",
      "social_connections": [],
      "two_factor_enabled": false,
      "updated_at": "2026-03-14T15:09:26.535Z",
      "user_authenticator": null,
      "user_email_addresses": [
        {
          "email": "ada@example.com",
          "id": "[id]",
          "is_primary": true,
          "verification_strategy": "otp",
          "verified": true,
          "verified_at": "2026-03-14T15:09:26.535Z"
        }
      ],
      "user_phone_numbers": [],
      "username": ""
    }
    "#);
    assert!(!answer.text().contains("$plain$"));
}
