//! The contract over a core of fakes.

use std::time::Duration;

use actix_web::{
    http::{Method, header::HeaderMap},
    test::{TestRequest, call_service, init_service, read_body},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_testing::{core::TestCore, fakes::FakePictures};
use serde_json::{Value, json};

use crate::{HttpOptions, LaneOptions, Lanes, Services, Shared, app};

const EMAIL: &str = "ada@example.com";
const PATH: &str = "/api/v1/account";

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem's last word of its type, after checking what all problems have.
    fn problem(&self) -> String {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        problem["type"].as_str().unwrap().rsplit_once(':').unwrap().1.to_owned()
    }

    /// Of each error: its pointer and its rule.
    fn errors(&self) -> Vec<(String, String)> {
        assert_eq!((self.status, self.problem().as_str()), (422, "invalid"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |error: &Value| (text(&error["pointer"]), text(&error["rule"]));
        self.json()["errors"].as_array().unwrap().iter().map(pair).collect()
    }
}

async fn send(world: &TestCore, request: TestRequest) -> Answer {
    let options = HttpOptions::new("http://localhost:8080".parse().unwrap());
    let lanes = Lanes::new(LaneOptions::default()).unwrap();
    let shared = Shared::new(options, lanes, Services::new(world.core.clone()), None);
    let server = init_service(app(&shared)).await;
    let response = call_service(&server, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, body: read_body(response).await.to_vec() }
}

/// Ada's account, and her access token.
struct Ada {
    world: TestCore,
    token: String,
}

impl Ada {
    fn new() -> Self {
        let world = TestCore::new();
        world.verified_user(EMAIL);
        let token = world.tokens(EMAIL).access_token.token;
        Self { world, token }
    }

    async fn send(&self, request: TestRequest) -> Answer {
        let request = request.uri(PATH).insert_header(("authorization", format!("Bearer {}", self.token)));
        send(&self.world, request).await
    }

    async fn get(&self) -> Answer {
        self.send(TestRequest::get()).await
    }

    async fn patch(&self, patch: Value) -> Answer {
        self.send(TestRequest::patch().set_json(patch)).await
    }

    async fn patch_if(&self, tag: &str, patch: Value) -> Answer {
        self.send(TestRequest::patch().insert_header(("if-match", tag)).set_json(patch)).await
    }
}

#[actix_web::test]
async fn r70_the_account_has_these_members_by_cookie_and_by_token() {
    let ada = Ada::new();
    let answer = ada.get().await;
    let mut account = answer.json();
    assert!(account["sub"].take().as_str().unwrap().parse::<i64>().unwrap() > 0);
    let expected = json!({
        "sub": null, "email": EMAIL, "email_verified": true, "preferred_username": null, "given_name": null,
        "family_name": null, "name": null, "phone_number": null, "phone_number_verified": false, "locale": null,
        "zoneinfo": null, "picture": null, "attributes": {}, "second_factor_policy": "none",
        "second_factor_enrolled": false, "created_at": "2026-03-14T15:09:26.535Z", "updated_at": "2026-03-14T15:09:26.535Z",
    });
    assert_eq!((answer.status, account), (200, expected));

    let cookie = format!("session_id={}", ada.world.cookie(EMAIL).expose());
    let by_cookie = send(&ada.world, TestRequest::get().uri(PATH).insert_header(("cookie", cookie))).await;
    assert_eq!((by_cookie.status, by_cookie.json()), (200, answer.json()));
}

#[actix_web::test]
async fn a_merge_patch_changes_every_member_and_null_clears() {
    let ada = Ada::new();
    let patch = json!({
        "given_name": "Ada", "family_name": "Lovelace", "name": "Countess", "preferred_username": "ada", "locale": "en_gb",
        "zoneinfo": "Europe/London", "phone_number": "+31 6 12345678", "picture": "https://example.com/ada.jpg",
        "attributes": {"theme": "dark", "deep": {"a": 1, "b": 2}}, "second_factor_policy": "enforced",
    });
    let changed = ada.patch(patch).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    let account = changed.json();
    for (member, value) in [
        ("given_name", json!("Ada")),
        ("family_name", json!("Lovelace")),
        ("name", json!("Countess")),
        ("preferred_username", json!("ada")),
        ("locale", json!("en-GB")),
        ("zoneinfo", json!("Europe/London")),
        ("phone_number", json!("+31612345678")),
        ("picture", json!("https://example.com/ada.jpg")),
        ("second_factor_policy", json!("enforced")),
    ] {
        assert_eq!(account[member], value, "{member}");
    }

    let merge_patch = r#"{"name": null, "picture": null, "attributes": {"theme": null, "deep": {"b": null}}}"#;
    let request = TestRequest::patch().insert_header(("content-type", "application/merge-patch+json"));
    let account = ada.send(request.set_payload(merge_patch)).await.json();
    assert_eq!((&account["name"], &account["picture"]), (&Value::Null, &Value::Null));
    assert_eq!(account["attributes"], json!({"deep": {"a": 1}}));
    assert_eq!(account["given_name"], "Ada");
    assert_eq!(ada.get().await.json(), account);
}

#[actix_web::test]
async fn r72_a_data_uri_is_stored_and_shown_as_an_address_of_this_server() {
    let ada = Ada::new();
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(FakePictures::a_picture(1)));
    let picture = ada.patch(json!({"picture": uri})).await.json()["picture"].clone();
    assert!(picture.as_str().unwrap().starts_with("http://localhost:8080/avatars/"), "{picture}");
}

#[actix_web::test]
async fn r63_unknown_and_read_only_members_are_refused_with_everything_else_that_is_wrong() {
    let ada = Ada::new();
    let body = json!({
        "attributes": [], "email": "eve@example.com", "given_name": 1, "is/ad~min": true, "name": "Countess",
        "second_factor_policy": null,
    });
    let pair = |pointer: &str, rule: &str| (pointer.to_owned(), rule.to_owned());
    let expected = [
        pair("/attributes", "type"),
        pair("/email", "unknown_member"),
        pair("/given_name", "type"),
        pair("/is~1ad~0min", "unknown_member"),
        pair("/second_factor_policy", "type"),
    ];
    assert_eq!(ada.patch(body).await.errors(), expected);
    assert_eq!(ada.get().await.json()["name"], Value::Null, "nothing was changed");
    assert_eq!(ada.patch(json!(["name"])).await.errors(), [pair("", "type")]);
}

#[actix_web::test]
async fn broken_rules_are_told_all_at_once_with_their_claim_and_a_sentence() {
    let ada = Ada::new();
    let body = json!({
        "given_name": "x".repeat(101), "preferred_username": "1abc", "locale": "not a tag", "phone_number": "12",
        "picture": "http://example.com/", "attributes": {"a": "\u{0}"},
    });
    let attributes_first = ada.patch(body.clone()).await;
    assert_eq!(attributes_first.errors(), [("/attributes".to_owned(), "forbidden_character".to_owned())]);

    let mut body = body;
    body.as_object_mut().unwrap().remove("attributes");
    let answer = ada.patch(body).await;
    let mut told = answer.errors();
    told.sort();
    let expected = [
        ("/given_name", "too_long"),
        ("/locale", "malformed"),
        ("/phone_number", "malformed"),
        ("/picture", "malformed"),
        ("/preferred_username", "forbidden_character"),
    ];
    assert_eq!(told, expected.map(|(pointer, rule)| (pointer.to_owned(), rule.to_owned())));
    let errors = answer.json()["errors"].clone();
    let locale = errors.as_array().unwrap().iter().find(|error| error["claim"] == "locale").unwrap().clone();
    assert_eq!(locale["detail"], "must be a BCP 47 language tag");
}

#[actix_web::test]
async fn what_the_operators_schema_refuses_is_pointed_at() {
    let world = TestCore::with_schema(&json!({"properties": {"age": {"type": "integer"}}}));
    world.verified_user(EMAIL);
    let token = world.tokens(EMAIL).access_token.token;
    let answer = Ada { world, token }.patch(json!({"attributes": {"age": "old"}})).await;
    assert_eq!(answer.errors(), [("/attributes/age".to_owned(), "schema".to_owned())]);
}

#[actix_web::test]
async fn r84_no_answer_lists_more_than_a_hundred_errors() {
    let unknown: serde_json::Map<_, _> = (0..500).map(|number| (format!("x{number}"), Value::Null)).collect();
    assert_eq!(Ada::new().patch(unknown.into()).await.errors().len(), 100);
}

#[actix_web::test]
async fn r68_a_strong_tag_is_read_kept_and_matched() {
    let ada = Ada::new();
    let first = ada.get().await.header("etag").to_owned();
    assert!(first.starts_with('"'), "{first}");
    let known = TestRequest::get().insert_header(("if-none-match", format!("\"x\", W/{first}")));
    let not_modified = ada.send(known).await;
    assert_eq!((not_modified.status, not_modified.header("etag"), not_modified.body.len()), (304, first.as_str(), 0));

    let changed = ada.patch_if(&format!("\"x\", {first}"), json!({"name": "Countess"})).await;
    let second = changed.header("etag").to_owned();
    assert_eq!(changed.status, 200);
    assert_ne!(second, first);
    assert_eq!(ada.send(TestRequest::get().insert_header(("if-none-match", first.clone()))).await.status, 200);

    for tag in [first.as_str(), &format!("W/{second}"), "\"1\"", "nonsense"] {
        let refused = ada.patch_if(tag, json!({"name": "Eve"})).await;
        assert_eq!((refused.status, refused.problem().as_str()), (412, "changed"), "{tag}");
        assert_eq!(refused.header("etag"), second);
    }
    assert_eq!(ada.get().await.json()["name"], "Countess");
    assert_eq!(ada.patch_if("*", json!({"name": "Ada"})).await.status, 200);
}

#[actix_web::test]
async fn tags_of_two_accounts_never_match() {
    let ada = Ada::new();
    ada.world.verified_user("bob@example.com");
    let bob = ada.world.tokens("bob@example.com").access_token.token;
    let tag = ada.get().await.header("etag").to_owned();
    let request = TestRequest::get().uri(PATH).insert_header(("authorization", format!("Bearer {bob}")));
    assert_eq!(send(&ada.world, request.insert_header(("if-none-match", tag))).await.status, 200);
}

#[actix_web::test]
async fn r53_only_the_two_json_types_are_read() {
    let ada = Ada::new();
    for content_type in
        [None, Some("text/plain"), Some("application/json-patch+json"), Some("application/x-www-form-urlencoded")]
    {
        let mut request = TestRequest::patch().set_payload(r#"{"name":"Eve"}"#);
        if let Some(content_type) = content_type {
            request = request.insert_header(("content-type", content_type));
        }
        let answer = ada.send(request).await;
        assert_eq!((answer.status, answer.problem().as_str()), (415, "unsupported-media-type"), "{content_type:?}");
        assert_eq!(answer.header("accept-patch"), "application/merge-patch+json, application/json");
    }
}

#[actix_web::test]
async fn r66_what_is_no_json_or_names_a_member_twice_is_400() {
    let ada = Ada::new();
    for body in ["", "{", r#"{"name":"a","name":"b"}"#] {
        let request = TestRequest::patch().insert_header(("content-type", "application/json")).set_payload(body);
        let answer = ada.send(request).await;
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"), "{body}");
    }
}

#[actix_web::test]
async fn r44_without_a_good_credential_there_is_nothing_but_401() {
    let ada = Ada::new();
    let cookie = format!("session_id={}", ada.world.cookie(EMAIL).expose());
    for request in [
        TestRequest::get(),
        TestRequest::get().insert_header(("cookie", "session_id=made-up")),
        TestRequest::get().insert_header(("cookie", cookie)).insert_header(("authorization", "Bearer forged")),
        TestRequest::patch().insert_header(("content-type", "text/plain")).set_payload("broken"),
    ] {
        let answer = send(&ada.world, request.uri(PATH)).await;
        assert_eq!((answer.status, answer.problem().as_str()), (401, "unauthenticated"));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    ada.world.clock.advance(Duration::from_secs(301));
    assert_eq!(ada.get().await.status, 401, "an expired token");
}

#[actix_web::test]
async fn r60_other_methods_are_405_and_paths_below_404() {
    let ada = Ada::new();
    let answer = ada.send(TestRequest::put()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (405, "method-not-allowed"));
    let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "PATCH"]);
    assert_eq!(ada.send(TestRequest::with_uri(PATH).method(Method::HEAD)).await.status, 200);

    let below = send(&ada.world, TestRequest::get().uri("/api/v1/account/")).await;
    assert_eq!((below.status, below.problem().as_str()), (404, "not-found"));
}
