//! The published examples, as they stand: the curl commands of the contracts' reference pages against the real binary, on
//! both databases. Each page is called a seed: 000 is Wacht's `POST /me`, 001 its `PATCH /me`, 002 the Profile API, 003
//! RiverGen's `PUT /me/profile`. `README.md` beside each contract's `mod.rs` has the facts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use common::*;
use reqwest::{Method, blocking::Response};
use selfsame_testing::server::backends;
use serde_json::{Value, json};

/// Wacht's `POST /me`: form in, flat user out.
const WACHT_POST_ME: &str = r"curl --request POST \
  --url https://api.wacht.dev/me \
  --header 'Content-Type: application/x-www-form-urlencoded' \
  --cookie session_id= \
  --data first_name=John \
  --data last_name=Doe \
  --data username=johndoe \
  --data primary_email_address_id=123456789012345678 \
  --data primary_phone_number_id=987654321098765432 \
  --data second_factor_policy=enforced \
  --data remove_profile_picture=false";

/// Wacht's `PATCH /me`: JSON in, envelope out.
const WACHT_PATCH_ME: &str = r#"curl --request PATCH \
--url https://{deploymentHost}/me \
--header 'Content-Type: application/json' \
--data '{
"first_name": "Jane",
"last_name": "Smith"
}'"#;

/// RiverGen's `PUT /api/v1/auth/me/profile`.
const RIVERGEN_PUT_PROFILE: &str = r#"curl -X PUT https://api.rivergen.com/api/v1/auth/me/profile \
-H "Authorization: Bearer <access_token>" \
-H "Content-Type: application/json" \
-d '{
"display_name": "Jane Smith",
"profile_image_url": "https://example.com/avatar.jpg",
"profile": {
"bio": "Software developer"
}
}'"#;

/// Sends a command as curl does, to the server under test. An option that is not known here fails the test.
fn curl(app: &App, command: &str) -> Response {
    let words = shlex::split(command).unwrap();
    // A line break behind a backslash is read as a word without a letter.
    let mut words = words.iter().map(String::as_str).skip(1).filter(|word| !word.is_empty());
    let (mut method, mut url, mut headers, mut data) = ("", "", vec![("user-agent", "curl/8.5.0")], Vec::new());
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap();
        match word {
            "-X" | "--request" => method = value(),
            "--url" => url = value(),
            "-H" | "--header" => headers.push(value().split_once(": ").unwrap()),
            "--cookie" => headers.push(("cookie", value())),
            "-d" | "--data" => data.push(value()),
            _ if word.starts_with('-') => panic!("curl's option {word} is not known here"),
            _ => url = word,
        }
    }
    let (_, path) = url.split_once("://").unwrap().1.split_once('/').unwrap();
    let request = app.request(Method::from_bytes(method.as_bytes()).unwrap(), &format!("/{path}"));
    let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    request.body(data.join("&")).send().unwrap()
}

fn on_every_backend(test: impl Fn(App)) {
    for backend in backends() {
        test(app(backend));
    }
}

#[test]
fn seed_000_the_form_of_wacht_sets_all_seven_fields_and_answers_the_flat_user() {
    on_every_backend(|mut app| {
        let user = app.user();
        let cookie = app.browser(&user.email, PASSWORD);
        let phone = app.request(Method::PATCH, "/api/v1/me").bearer_auth(&user.access);
        expect_success(phone.json(&json!({"phone": "+31612345678"})).send().unwrap());
        verify_phone(&mut app, &user.id);
        let me = app.get("/me").header("cookie", format!("session_id={cookie}")).send().unwrap();
        let me = &expect_success(me)["data"];
        let email_id = text(&me["user_email_addresses"][0]["id"]);
        let phone_id = text(&me["user_phone_numbers"][0]["id"]);

        let command = WACHT_POST_ME
            .replace("session_id=", &format!("session_id={cookie}"))
            .replace("123456789012345678", &email_id)
            .replace("987654321098765432", &phone_id);
        let flat = expect_success(curl(&app, &command));
        assert_eq!(flat["id"], user.id);
        assert_eq!(
            (&flat["first_name"], &flat["last_name"], &flat["username"], &flat["email"]),
            (&json!("John"), &json!("Doe"), &json!("johndoe"), &json!(user.email))
        );
        assert_eq!(
            (&flat["primary_email_address_id"], &flat["primary_phone_number_id"]),
            (&json!(email_id), &json!(phone_id))
        );
        assert_eq!((&flat["second_factor_policy"], &flat["profile_picture_url"]), (&json!("enforced"), &json!("")));
        for key in ["backup_codes_generated", "has_password", "has_passkeys", "disabled"] {
            assert!(flat[key].is_boolean(), "{key}");
        }
        for key in ["created_at", "updated_at"] {
            assert!(chrono::DateTime::parse_from_rfc3339(&text(&flat[key])).is_ok(), "{key}");
        }
        assert_eq!((&flat["status"], &flat["errors"]), (&json!(200), &json!([])));
        assert_eq!(flat["data"]["id"], flat["id"]);
        // The policy is stored and locks nobody out who has no factor.
        app.browser(&user.email, PASSWORD);
    });
}

#[test]
fn seed_000_ids_that_are_not_the_callers_change_nothing() {
    on_every_backend(|app| {
        let user = app.user();
        let cookie = app.browser(&user.email, PASSWORD);
        let command = WACHT_POST_ME.replace("session_id=", &format!("session_id={cookie}"));
        let (status, body) = answer(curl(&app, &command));
        assert_eq!((status, &body["errors"][0]["code"]), (404, &json!("NOT_FOUND")), "{body}");
        let me = app.get("/me").header("cookie", format!("session_id={cookie}")).send().unwrap();
        assert_eq!(expect_success(me)["data"]["username"], "");
    });
}

#[test]
fn seed_001_the_json_of_wacht_answers_the_enveloped_user_and_the_session() {
    on_every_backend(|app| {
        let user = app.user();
        let cookie = app.browser(&user.email, PASSWORD);
        let body = expect_success(curl(&app, &format!("{WACHT_PATCH_ME} --cookie session_id={cookie}")));
        assert_eq!((&body["status"], &body["message"], &body["errors"]), (&json!(200), &json!(""), &json!([])));
        let data = &body["data"];
        assert_eq!(
            (&data["first_name"], &data["last_name"], &data["email"]),
            (&json!("Jane"), &json!("Smith"), &json!(user.email))
        );
        for key in ["phone_number", "image_url", "username"] {
            assert!(data.get(key).is_some(), "{key}");
        }
        assert_eq!(
            (&data["two_factor_enabled"], &data["email_verified"], &data["phone_verified"]),
            (&json!(false), &json!(true), &json!(false))
        );
        let session = &body["session"];
        assert_eq!((&session["signin_attempts"], &session["signup_attempts"]), (&json!([]), &json!([])));
        assert_eq!(session["signins"][0]["user_id"], user.id);
        assert_eq!(session["active_signin"]["id"], session["signins"][0]["id"]);
        assert_eq!(session["active_signin"]["user"]["first_name"], "Jane", "the session shows the change too");
    });
}

#[test]
fn seed_002_the_profile_api_reads_and_changes_the_profile() {
    on_every_backend(|app| {
        let user = app.user();
        let me = || expect_success(app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap());
        let before = me();
        for key in [
            "id",
            "email",
            "email_verified",
            "username",
            "first_name",
            "last_name",
            "display_name",
            "phone",
            "phone_verified",
            "locale",
            "timezone",
            "picture",
            "mfa_enabled",
            "status",
            "created_at",
            "updated_at",
        ] {
            assert!(before.get(key).is_some(), "{key}");
        }
        let change = json!({"first_name": "Ada", "last_name": "Lovelace", "display_name": null,
            "phone": "+31 6 12345678", "locale": "en_gb", "timezone": "Europe/London"});
        let patch = app.request(Method::PATCH, "/api/v1/me").bearer_auth(&user.access).json(&change);
        let after = expect_success(patch.send().unwrap());
        assert_eq!(after, me(), "PATCH answers what GET does");
        assert_eq!((&after["phone"], &after["phone_verified"]), (&json!("+31612345678"), &json!(false)));
        assert_eq!((&after["locale"], &after["timezone"]), (&json!("en-GB"), &json!("Europe/London")));
        assert_eq!(after["display_name"], Value::Null);
        assert!(text(&after["updated_at"]) > text(&before["updated_at"]));
        let asked = app.post("/api/v1/me/verify-email").bearer_auth(&user.access).send().unwrap();
        assert!(expect_success(asked)["message"].is_string());
        let codes =
            app.server.mailbox().messages_to(&user.email).iter().filter(|mail| mail.find_code().is_some()).count();
        assert_eq!(codes, 1, "it was verified already, and the one code is the sign-up's");
        let body = json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD});
        let changed = app.post("/api/v1/me/password").bearer_auth(&user.access).json(&body).send().unwrap();
        assert!(expect_success(changed)["message"].is_string());
        app.login(&user.email, OTHER_PASSWORD);
    });
}

#[test]
fn seed_003_rivergen_merges_the_profile() {
    on_every_backend(|app| {
        let user = app.user();
        let put = |body: &Value| {
            let request = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
            expect_success(request.json(body).send().unwrap())
        };
        put(&json!({"profile": {"location": "San Francisco", "links": {"a": 1, "b": 2}}}));
        let body = expect_success(curl(&app, &RIVERGEN_PUT_PROFILE.replace("<access_token>", &user.access)));
        assert_eq!((&body["success"], &body["message"]), (&json!(true), &json!("Profile updated successfully")));
        let data = &body["data"];
        assert_eq!(data["user_id"].to_string(), user.id, "a JSON number");
        assert_eq!(data["display_name"], "Jane Smith");
        assert_eq!(data["profile_image_url"], "https://example.com/avatar.jpg");
        let merged = json!({"bio": "Software developer", "location": "San Francisco", "links": {"a": 1, "b": 2}});
        assert_eq!(data["profile"], merged);
        let deep = put(&json!({"profile": {"links": {"a": null, "c": 3}, "location": null}}));
        assert_eq!(deep["data"]["profile"], json!({"bio": "Software developer", "links": {"b": 2, "c": 3}}));
    });
}

#[test]
fn what_one_contract_changes_the_next_request_through_another_reads() {
    on_every_backend(|app| {
        let user = app.user();
        let cookie = format!("session_id={}", app.browser(&user.email, PASSWORD));
        let patch = |path: &str, body: Value| {
            let request = app.request(Method::PATCH, path).bearer_auth(&user.access).json(&body);
            expect_success(request.send().unwrap())
        };
        let read = |path: &str| expect_success(app.get(path).bearer_auth(&user.access).send().unwrap());
        let wacht = || expect_success(app.get("/me").header("cookie", &cookie).send().unwrap());

        patch("/api/v1/me", json!({"first_name": "Grace"}));
        assert_eq!(wacht()["data"]["first_name"], "Grace");
        let form = app.post("/me").header("cookie", &cookie).form(&[("last_name", "Hopper")]).send().unwrap();
        expect_success(form);
        assert_eq!(read("/api/v1/me")["last_name"], "Hopper");
        let put = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
        expect_success(put.json(&json!({"display_name": "Amazing Grace"})).send().unwrap());
        assert_eq!(read("/api/v1/me")["display_name"], "Amazing Grace");
        assert_eq!(read("/api/v1/account")["name"], "Amazing Grace");
        patch("/api/v1/account", json!({"name": "Rear Admiral"}));
        assert_eq!(read("/api/v1/auth/me")["data"]["user"]["display_name"], "Rear Admiral");
    });
}
