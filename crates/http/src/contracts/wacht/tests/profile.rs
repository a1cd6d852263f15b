//! `/me`: the two writes of the seeds, which are one.

use selfsame_domain::{EmailAddress, Identifier, IdentifierId, User, id::Id as _};
use selfsame_testing::{builders::t0, fakes::FakePictures};

use super::*;

/// The keys of seed 000's flat user.
const FLAT_USER: [&str; 15] = [
    "id",
    "first_name",
    "last_name",
    "username",
    "email",
    "profile_picture_url",
    "created_at",
    "updated_at",
    "primary_email_address_id",
    "primary_phone_number_id",
    "second_factor_policy",
    "backup_codes_generated",
    "has_password",
    "has_passkeys",
    "disabled",
];

/// Gives Ada another address under a given id.
fn add_email(server: &Server, id: i64, address: &str, is_verified: bool) {
    let mut unit = server.world.core.storage.begin().unwrap();
    let user = ada(server);
    let mut email =
        Identifier::email(IdentifierId::from_number(id), &EmailAddress::parse(address).unwrap(), false, t0());
    email.verified_at = is_verified.then(t0);
    let mut with_second = user.clone();
    with_second.identifiers.push(email);
    with_second.touch(t0());
    unit.accounts().save(&user, &with_second).unwrap();
    unit.commit().unwrap();
}

fn ada(server: &Server) -> User {
    let mut queries = server.world.core.storage.read().unwrap();
    queries.by_identifier(selfsame_domain::IdentifierKind::Email, EMAIL).unwrap().unwrap().user
}

#[actix_web::test]
async fn a_write_answers_the_flat_user_and_the_envelope_in_one_body() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    let answer = browser.post("/me", &[("first_name", "John"), ("last_name", "Doe"), ("username", "johndoe")]).await;
    for key in FLAT_USER {
        assert!(answer.body.get(key).is_some(), "{key}");
        assert_eq!(answer.body[key], answer.data()[key], "{key}");
    }
    assert_eq!((&answer.body["first_name"], &answer.body["username"]), (&json!("John"), &json!("johndoe")));
    assert_eq!(
        (&answer.body["status"], &answer.body["message"], &answer.body["errors"]),
        (&json!(200), &json!(""), &json!([]))
    );
    assert_eq!(answer.body["session"]["active_signin"]["user"]["first_name"], "John", "the session shows the change");
    assert!(answer.body["id"].as_str().unwrap().parse::<u64>().is_ok());
    let created: &str = answer.body["created_at"].as_str().unwrap();
    assert!(created.ends_with('Z') && created.len() == "2026-03-14T15:09:26.535Z".len(), "{created}");
}

#[actix_web::test]
async fn patch_with_json_is_the_same_handler() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    let answer = browser.patch("/me", json!({"first_name": "Jane", "last_name": "Smith"})).await;
    let user = answer.data();
    assert_eq!((&user["first_name"], &user["last_name"]), (&json!("Jane"), &json!("Smith")));
    for key in ["phone_number", "image_url", "two_factor_enabled", "email_verified", "phone_verified"] {
        assert!(user.get(key).is_some(), "{key}");
    }
    assert_eq!(user["email_verified"], true);
    let session = &answer.body["session"];
    assert_eq!((&session["signin_attempts"], &session["signup_attempts"]), (&json!([]), &json!([])));
    assert_eq!(session["signins"][0]["user_id"], user["id"]);
    assert_eq!(browser.get("/me").await.data(), user, "what the next request reads");
}

#[actix_web::test]
async fn multipart_says_the_same_as_a_form() {
    let server = Server::new();
    let body = "--B\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\nJohn\r\n--B--\r\n";
    let request = TestRequest::post().uri("/me").insert_header(("content-type", "multipart/form-data; boundary=B"));
    let answer = server.adas_browser().send(request.set_payload(body)).await;
    assert_eq!(answer.data()["first_name"], "John");
}

#[actix_web::test]
async fn absent_keeps_and_empty_or_null_clears() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    browser.post("/me", &[("first_name", "Ada"), ("last_name", "Lovelace"), ("username", "ada.l")]).await;
    let answer = browser.post("/me", &[("last_name", "")]).await;
    assert_eq!((&answer.data()["first_name"], &answer.data()["last_name"]), (&json!("Ada"), &json!("")));
    let answer = browser.patch("/me", json!({"username": null, "primary_phone_number_id": null})).await;
    assert_eq!((&answer.data()["username"], &answer.data()["first_name"]), (&json!(""), &json!("Ada")));
    let before = answer.data()["updated_at"].clone();
    let answer = browser.send(TestRequest::post().uri("/me")).await;
    assert_eq!(answer.data()["updated_at"], before, "no body changes nothing");
}

#[actix_web::test]
async fn r63_fields_that_are_not_writable_are_ignored() {
    let server = Server::new();
    let form = [
        ("first_name", "Ada"),
        ("email_verified", "true"),
        ("disabled", "true"),
        ("id", "1"),
        ("email", "eve@example.com"),
    ];
    let answer = server.adas_browser().post("/me", &form).await;
    assert_eq!((&answer.data()["email"], &answer.data()["disabled"]), (&json!(EMAIL), &json!(false)));
}

#[actix_web::test]
async fn an_own_verified_address_becomes_primary() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    add_email(&server, 123_456_789_012_345_678, "ada@work.example", true);
    let answer = browser.post("/me", &[("primary_email_address_id", "123456789012345678")]).await;
    assert_eq!(answer.data()["email"], "ada@work.example");
    assert_eq!(answer.data()["primary_email_address_id"], "123456789012345678");
    let addresses = answer.data()["user_email_addresses"].as_array().unwrap();
    let primaries: Vec<_> = addresses.iter().filter(|address| address["is_primary"] == json!(true)).collect();
    assert!(primaries.len() == 1 && primaries[0]["email"] == "ada@work.example");
}

#[actix_web::test]
async fn r62_r11_a_primary_must_be_the_callers_own_and_verified() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    add_email(&server, 77, "new@example.com", false);
    let bob = server.world.verified_user("bob@example.com").primary_email().unwrap().id.to_string();
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
    let server = Server::new();
    let mut browser = server.adas_browser();
    let form = [
        ("first_name", "Fine"),
        ("username", "1x"),
        ("primary_email_address_id", "5"),
        ("primary_phone_number_id", "6"),
    ];
    let answer = browser.post("/me", &form).await;
    assert_eq!(answer.status, 400);
    let codes: Vec<_> = answer.body["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["BAD_REQUEST_BODY", "NOT_FOUND", "NOT_FOUND"]);
    assert_eq!(browser.get("/me").await.data()["first_name"], "");
}

#[actix_web::test]
async fn the_policy_takes_three_words_and_says_two() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    for (sent, said) in [("enforced", "enforced"), ("optional", "none"), ("enforced", "enforced"), ("none", "none")] {
        let answer = browser.post("/me", &[("second_factor_policy", sent)]).await;
        assert_eq!(answer.data()["second_factor_policy"], said);
        assert_eq!(answer.data()["two_factor_enabled"], false, "nothing is enrolled");
    }
    assert_eq!(browser.post("/me", &[("second_factor_policy", "maybe")]).await.error(), (400, "BAD_REQUEST_BODY"));
}

#[actix_web::test]
async fn enforced_without_a_factor_locks_nobody_out() {
    let server = Server::new();
    server.adas_browser().post("/me", &[("second_factor_policy", "enforced")]).await;
    let answer = server.browser().sign_in(EMAIL, PASSWORD).await;
    assert_eq!(last(answer.data(), "signin_attempts")["completed"], true);
}

#[actix_web::test]
async fn r67_a_field_given_twice_is_refused() {
    let server = Server::new();
    let answer = server.adas_browser().post("/me", &[("username", "ada"), ("username", "eve")]).await;
    assert_eq!(answer.error(), (400, "BAD_REQUEST_BODY"));
    assert_eq!(answer.body["errors"][0]["message"], "The field username was given more than once.");
}

#[actix_web::test]
async fn a_taken_username_is_400() {
    let server = Server::new();
    server.world.verified_user("bob@example.com");
    server.browser_of("bob@example.com").post("/me", &[("username", "johndoe")]).await;
    let answer = server.adas_browser().post("/me", &[("username", "JohnDoe")]).await;
    assert_eq!(answer.error(), (400, "USERNAME_EXISTS"));
}

fn upload(bytes: &[u8]) -> TestRequest {
    let head =
        b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_slice(), bytes, b"\r\n--B--\r\n"].concat();
    let request = TestRequest::post().uri("/me/profile-picture");
    request.insert_header(("content-type", "multipart/form-data; boundary=B")).set_payload(body)
}

#[actix_web::test]
async fn a_picture_has_an_absolute_address_until_it_is_removed() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    let answer = browser.send(upload(&FakePictures::a_picture(1))).await;
    assert_eq!((answer.status, &answer.body["data"]), (200, &Value::Null));
    let user = browser.get("/me").await.data().clone();
    let name = server.world.blobs.names().pop().unwrap();
    assert_eq!(user["profile_picture_url"], format!("http://localhost:8080/avatars/{name}"));
    assert_eq!((&user["image_url"], &user["has_profile_picture"]), (&user["profile_picture_url"], &json!(true)));
    assert_eq!(answer.body["session"]["active_signin"]["user"]["image_url"], user["image_url"]);

    let kept = browser.post("/me", &[("remove_profile_picture", "false")]).await;
    assert_eq!(kept.data()["has_profile_picture"], true);
    let answer = browser.post("/me", &[("remove_profile_picture", "true")]).await;
    assert_eq!((&answer.data()["profile_picture_url"], &answer.data()["image_url"]), (&json!(""), &json!("")));
}

#[actix_web::test]
async fn r71_what_is_no_picture_is_refused_whatever_it_says_it_is() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    assert_eq!(browser.send(upload(b"<svg/>")).await.error(), (415, "UNSUPPORTED_MEDIA_TYPE"));
    assert_eq!(browser.send(upload(b"")).await.error(), (400, "REQUIRED_FIELD"));
    let large = [FakePictures::a_picture(1), vec![0; 5 << 20]].concat();
    assert_eq!(browser.send(upload(&large)).await.error(), (413, "PAYLOAD_TOO_LARGE"));
    assert!(server.world.blobs.names().is_empty());
}

#[actix_web::test]
async fn r70_a_user_has_the_listed_keys_and_no_secret() {
    let server = Server::new();
    let answer = server.adas_browser().get("/me").await;
    assert_eq!(
        keys(answer.data()),
        [
            "availability",
            "backup_codes_generated",
            "created_at",
            "disabled",
            "email",
            "email_verified",
            "first_name",
            "has_passkeys",
            "has_password",
            "has_profile_picture",
            "id",
            "image_url",
            "last_name",
            "phone_number",
            "phone_verified",
            "primary_email_address",
            "primary_email_address_id",
            "primary_phone_number",
            "primary_phone_number_id",
            "profile_picture_url",
            "public_metadata",
            "second_factor_policy",
            "segments",
            "social_connections",
            "two_factor_enabled",
            "updated_at",
            "user_authenticator",
            "user_email_addresses",
            "user_phone_numbers",
            "username",
        ]
    );
    assert_eq!((&answer.data()["user_authenticator"], &answer.data()["has_password"]), (&Value::Null, &json!(true)));
    assert!(!answer.body.to_string().contains("$plain$"));
}
