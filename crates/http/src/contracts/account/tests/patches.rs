//! JSON Patch, preferences, and conditions of a change.

use actix_web::{
    http::{Method, header::HeaderMap},
    test::TestRequest,
};
use serde_json::{Value, json};

use super::{ACCEPT_PATCH, ACCOUNT, EMAIL};
use crate::{
    contracts::account::AccountOptions,
    testing::{Answer, Client, TestServer, keys},
};
use selfsame_testing::core::TestCore;

impl Client {
    async fn json_patch(&self, operations: Value) -> Answer {
        self.send_as((Method::PATCH, ACCOUNT), "application/json-patch+json", operations.to_string()).await
    }

    async fn patch_with(&self, headers: &[(&'static str, &str)], body: Value) -> Answer {
        let mut request = TestRequest::patch().uri(ACCOUNT);
        for header in headers {
            request = request.append_header(*header);
        }
        self.send(request.set_json(body)).await
    }
}

#[actix_web::test]
async fn a_json_patch_changes_the_account_that_get_shows() {
    let ada = TestServer::new().await.bearer(EMAIL);
    ada.patch(ACCOUNT, json!({"name": "Ada", "attributes": {"theme": "dark", "tags": ["a", "b"]}})).await;
    let patched = ada
        .json_patch(json!([
            {"op": "test", "path": "/email", "value": EMAIL},
            {"op": "replace", "path": "/name", "value": "Countess"},
            {"op": "copy", "from": "/name", "path": "/given_name"},
            {"op": "add", "path": "/attributes/tags/-", "value": "c"},
            {"op": "move", "from": "/attributes/theme", "path": "/attributes/colours"},
        ]))
        .await;
    assert_eq!(patched.status, 200, "{}", patched.text());
    let account = patched.json();
    assert_eq!((&account["name"], &account["given_name"]), (&json!("Countess"), &json!("Countess")));
    assert_eq!(account["attributes"], json!({"colours": "dark", "tags": ["a", "b", "c"]}));
    assert_eq!(ada.get(ACCOUNT).await.json(), account);
    let cleared = ada
        .json_patch(json!([{"op": "remove", "path": "/name"}, {"op": "replace", "path": "/attributes", "value": {}}]))
        .await;
    assert_eq!((&cleared.json()["name"], &cleared.json()["attributes"]), (&Value::Null, &json!({})));
}

#[actix_web::test]
async fn a_json_patch_that_does_not_fit_changes_nothing() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let refused = ada
        .json_patch(json!([
            {"op": "replace", "path": "/name", "value": "Eve"},
            {"op": "test", "path": "/email", "value": "eve@example.com"},
        ]))
        .await;
    assert_eq!(refused.problem(), (409, "patch-conflict"));
    assert_eq!(
        (&refused.json()["errors"][0]["pointer"], &refused.json()["errors"][0]["rule"]),
        (&json!("/1"), &json!("test_failed"))
    );
    let read_only = ada.json_patch(json!([{"op": "replace", "path": "/email_verified", "value": false}])).await;
    assert_eq!(read_only.broken_rules(), [("/email_verified", "unknown_member")], "r63");
    let invalid = ada.json_patch(json!([{"op": "replace", "path": "/locale", "value": "not a tag"}])).await;
    assert_eq!(invalid.broken_rules(), [("/locale", "malformed")]);
    let broken = ada.send_as((Method::PATCH, ACCOUNT), "application/json-patch+json", "{").await;
    assert_eq!(broken.problem(), (400, "bad-request"));
    assert_eq!(ada.get(ACCOUNT).await.json()["name"], Value::Null);
}

#[actix_web::test]
async fn the_accepted_patches_are_told_by_get_and_options() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.get(ACCOUNT).await.header("accept-patch"), ACCEPT_PATCH);
    let options = ada.send(TestRequest::with_uri(ACCOUNT).method(Method::OPTIONS)).await;
    assert_eq!((options.status, options.header("accept-patch")), (204, ACCEPT_PATCH));
    assert_eq!(options.header("allow"), "GET, HEAD, PATCH, OPTIONS");
}

#[actix_web::test]
async fn preferences_are_applied_and_told() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let minimal = ada.patch_with(&[("prefer", "return=minimal")], json!({"name": "Ada"})).await;
    assert_eq!((minimal.status, minimal.text()), (204, ""));
    assert_eq!(minimal.header("preference-applied"), "return=minimal");
    assert_eq!(minimal.header("etag"), ada.get(ACCOUNT).await.header("etag"));
    let body = json!({"name": "Countess", "is_admin": true});
    assert_eq!(ada.patch(ACCOUNT, &body).await.broken_rules(), [("/is_admin", "unknown_member")]);
    let strict = ada.patch_with(&[("prefer", "handling=strict")], body.clone()).await;
    assert_eq!(strict.broken_rules(), [("/is_admin", "unknown_member")]);
    let lenient = ada.patch_with(&[("prefer", "handling=lenient, return=representation")], body).await;
    assert_eq!((lenient.status, &lenient.json()["name"]), (200, &json!("Countess")));
    assert!(!keys(lenient.json()).contains(&"is_admin"), "r63: ignored");
    assert_eq!(lenient.header("preference-applied"), "handling=lenient, return=representation");
}

#[actix_web::test]
async fn a_patch_can_be_checked_and_not_made() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let check = format!("{ACCOUNT}?validate_only=true");
    assert_eq!(ada.patch(&check, json!({"name": "Eve"})).await.status, 204);
    assert_eq!(ada.patch(&check, json!({"locale": "?"})).await.broken_rules(), [("/locale", "malformed")]);
    let json_patch = json!([{"op": "add", "path": "/name", "value": "Eve"}]).to_string();
    let answer = ada.send_as((Method::PATCH, &check), "application/json-patch+json", json_patch).await;
    assert_eq!(answer.status, 204);
    assert_eq!(ada.get(ACCOUNT).await.json()["name"], Value::Null);
}

#[actix_web::test]
async fn r68_a_change_without_a_condition_is_refused_where_the_operator_demands_one() {
    let demanding = |services: &mut crate::Services| services.account = AccountOptions { require_if_match: true };
    let ada = TestServer::with(TestCore::new(), demanding).await.bearer(EMAIL);
    let change = json!({"name": "Ada"});
    assert_eq!(ada.patch(ACCOUNT, &change).await.problem(), (428, "precondition-required"));
    assert_eq!(ada.patch_with(&[("if-match", "\"other\"")], change.clone()).await.problem(), (412, "changed"));
    let tag = ada.get(ACCOUNT).await.header("etag").to_owned();
    assert_eq!(ada.patch_with(&[("if-match", &tag)], change.clone()).await.status, 200);
    assert_eq!(ada.patch_with(&[("if-match", "*")], change).await.status, 200);
}

#[actix_web::test]
async fn r68_conditions_hold_on_every_resource_that_can_be_changed() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let tag = ada.get(ACCOUNT).await.header("etag").to_owned();
    let change = json!({"name": "Ada"});
    assert_eq!(ada.patch_with(&[("if-none-match", "*")], change.clone()).await.problem(), (412, "changed"));
    assert_eq!(ada.patch_with(&[("if-none-match", &tag)], change).await.problem(), (412, "changed"));

    let other = server.bearer(EMAIL);
    let list = ada.get("/api/v1/account/sign-ins").await;
    let of = |answer: &Answer| answer.header("etag").to_owned();
    let id =
        list.json()["sign_ins"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap()["id"].clone();
    let path = format!("/api/v1/account/sign-ins/{}", id.as_str().unwrap());
    let one = ada.get(&path).await;
    assert_eq!(one.json()["id"], id);
    let cached = TestRequest::get().uri(&path).insert_header(("if-none-match", of(&one)));
    assert_eq!(ada.send(cached).await.status, 304);
    let delete = |path: &str, tag: &str| TestRequest::delete().uri(path).insert_header(("if-match", tag.to_owned()));
    for path in [&path, "/api/v1/account/sign-ins"] {
        assert_eq!(ada.send(delete(path, "\"other\"")).await.problem(), (412, "changed"), "{path}");
    }
    assert_eq!(other.get(ACCOUNT).await.status, 200, "nothing has ended");
    assert_eq!(ada.send(delete(&path, &of(&one))).await.status, 204);
    assert_eq!(other.get(ACCOUNT).await.status, 401);
    let stale = ada.send(delete("/api/v1/account/sign-ins", &of(&list))).await;
    assert_eq!(stale.problem(), (412, "changed"), "the list has changed");
    let fresh = of(&ada.get("/api/v1/account/sign-ins").await);
    assert_eq!(ada.send(delete("/api/v1/account/sign-ins", &fresh)).await.status, 204);
}

#[actix_web::test]
async fn sign_ins_come_in_pages_with_links() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    for _ in 0..4 {
        server.bearer(EMAIL);
    }
    let next = |headers: &HeaderMap| {
        let links = headers.get("link").unwrap().to_str().unwrap().to_owned();
        assert!(links.contains("rel=\"first\""), "{links}");
        let next = links.split(", ").find(|link| link.contains("rel=\"next\""))?;
        Some(next.split(['<', '>']).nth(1).unwrap().to_owned())
    };
    let (mut seen, mut path) = (Vec::new(), Some("/api/v1/account/sign-ins?limit=2".to_owned()));
    while let Some(page) = path {
        let answer = ada.get(&page).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        seen.extend(answer.json()["sign_ins"].as_array().unwrap().iter().map(|one| one["id"].to_string()));
        path = next(&answer.headers);
    }
    assert_eq!(seen.len(), 5);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "each once");
    for (query, expected) in
        [("limit=0", "invalid-limit"), ("limit=101", "invalid-limit"), ("cursor=x", "invalid-cursor")]
    {
        let answer = ada.get(&format!("/api/v1/account/sign-ins?{query}")).await;
        assert_eq!(answer.problem(), (400, expected), "{query}");
    }
}
