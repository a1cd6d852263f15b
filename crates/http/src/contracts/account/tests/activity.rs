//! `/api/v1/account/activity` and its receipts.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_domain::ActivityKind;
use selfsame_ports::Storage as _;
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Answer, Client, TestServer, text};

const ACTIVITY: &str = "/api/v1/account/activity";
const VERIFY: &str = "/api/v1/account/activity/receipts/verify";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

impl Client {
    async fn activity(&self, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("{ACTIVITY}?{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["activity"].as_array().unwrap().clone()
    }

    async fn receipt(&self, sequence: i64) -> Value {
        self.get(&format!("{ACTIVITY}/{sequence}")).await.json()["receipt"].clone()
    }
}

/// The types of items, in their order.
fn types(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| text(&item["type"])).collect()
}

#[test]
fn the_readme_and_the_document_name_every_kind() {
    let (_, kinds) = include_str!("../README.md").split_once("Kinds are").unwrap();
    let (kinds, _) = kinds.split_once("for an action").unwrap();
    let named: Vec<&str> = kinds.split('`').skip(1).step_by(2).collect();
    let all: Vec<&str> = ActivityKind::ALL.iter().map(|kind| kind.as_str()).chain(["other"]).collect();
    assert_eq!(named, all);
    let document = serde_json::to_value(crate::document()).unwrap();
    assert_eq!(document["components"]["schemas"]["account.ActivityKind"]["enum"], json!(all));
}

/// The link to the next page.
fn next(answer: &Answer) -> Option<String> {
    let links = answer.header("link").to_owned();
    let next = links.split(", ").find(|link| link.ends_with("rel=\"next\""))?;
    Some(next.split(['<', '>']).nth(1).unwrap().to_owned())
}

#[actix_web::test]
async fn a_sentence_is_in_the_language_of_the_account_otherwise_of_the_request() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let titles = |answer: &Answer| {
        let languages = (answer.header("content-language").to_owned(), answer.varies_by("Accept-Language"));
        let listed = answer.json()["activity"].as_array().unwrap().clone();
        (languages, text(&listed.last().unwrap()["title"]).to_owned())
    };
    let french = || TestRequest::get().uri(ACTIVITY).insert_header(("accept-language", "fr"));
    let expected = |tag: &str, title: &str| ((tag.to_owned(), true), title.to_owned());
    assert_eq!(titles(&ada.get(ACTIVITY).await), expected("en", "The account was created."));
    let answer = ada.send(french()).await;
    assert_eq!(titles(&answer), expected("fr", "Le compte a été créé."));
    let again = ada.send(french().insert_header(("if-none-match", answer.header("etag")))).await;
    assert_eq!((again.status, again.header("content-language")), (304, "fr"));
    let other =
        ada.send(TestRequest::get().uri(ACTIVITY).insert_header(("if-none-match", answer.header("etag")))).await;
    assert_eq!(other.status, 200, "another language is another representation");
    assert_eq!(ada.send(TestRequest::patch().uri(ACCOUNT).set_json(json!({"locale": "de-CH"}))).await.status, 200);
    assert_eq!(titles(&ada.send(french()).await), expected("de", "Das Konto wurde angelegt."));
    let one = ada.get(&format!("{ACTIVITY}/1")).await;
    assert_eq!(
        (one.header("content-language"), one.json()["title"].as_str()),
        ("de", Some("Das Konto wurde angelegt."))
    );
}

#[actix_web::test]
async fn r79_the_user_reads_what_happened_newest_first_with_the_values_before_and_after() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let changed = TestRequest::patch().uri(ACCOUNT).set_json(json!({"given_name": "Ada", "attributes": {"a/b": 1}}));
    assert_eq!(ada.send(changed.insert_header(("user-agent", FIREFOX))).await.status, 200);
    let listed = ada.activity("").await;
    assert_eq!(types(&listed), ["profile.updated", "sign_in.started", "user.created"]);
    insta::assert_json_snapshot!(listed[0], {".sign_in_id" => "[id]", ".request_id" => "[id]"}, @r#"
    {
      "actor": "user",
      "browser": "Firefox",
      "changes": [
        {
          "after": "Ada",
          "before": null,
          "pointer": "/given_name"
        },
        {
          "after": 1,
          "before": null,
          "pointer": "/attributes/a~1b"
        }
      ],
      "details_erased": false,
      "ip": null,
      "kind": "profile",
      "occurred_at": "2026-03-14T15:09:26.535Z",
      "place": null,
      "request_id": "[id]",
      "sequence": 3,
      "sign_in_id": "[id]",
      "system": "Linux",
      "title": "The profile was changed.",
      "type": "profile.updated",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    }
    "#);
    assert_eq!(listed[2]["actor"], "operator");
    let one = ada.get(&format!("{ACTIVITY}/3")).await;
    let mut with_receipt = listed[0].clone();
    with_receipt["receipt"] = one.json()["receipt"].clone();
    assert_eq!(one.json(), &with_receipt);
}

#[actix_web::test]
async fn the_activity_is_filtered_by_kind_and_time() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    server.clock.advance(Duration::from_mins(1));
    ada.patch(ACCOUNT, json!({"name": "Ada"})).await;
    ada.post("/api/v1/account/emails", json!({"email": "ada@work.example"})).await;
    assert_eq!(types(&ada.activity("kind=email").await), ["email.added"]);
    assert_eq!(types(&ada.activity("kind=sign_in").await), ["sign_in.started"]);
    assert_eq!(types(&ada.activity("kind=passkey").await), [""; 0]);
    // The minute begins at 15:10:26.535.
    assert_eq!(types(&ada.activity("since=2026-03-14T15:10:00Z").await), ["email.added", "profile.updated"]);
    assert_eq!(types(&ada.activity("until=2026-03-14T15:10:26.535Z").await), ["sign_in.started", "user.created"]);
    assert_eq!(types(&ada.activity("since=2026-03-14T16:10:00%2B01:00&kind=profile").await), ["profile.updated"]);
    assert_eq!(types(&ada.activity("since=2026-03-14T16:10:00+01:00&kind=profile").await), ["profile.updated"]);
    assert_eq!(types(&ada.activity("since=0001-01-01T00:00:00Z&until=%2B010000-01-01T00:00:00Z").await).len(), 4);
    for query in ["kind=mail", "kind=", "since=yesterday", "until=2026-03-14", "since="] {
        let refused = ada.get(&format!("{ACTIVITY}?{query}")).await;
        assert_eq!(refused.problem(), (400, "invalid-filter"), "{query}");
        assert!(text(&refused.json()["detail"]).contains(query.split('=').next().unwrap()));
    }
    assert_eq!(ada.get(&format!("{ACTIVITY}?limit=0")).await.problem(), (400, "invalid-limit"));
    assert_eq!(ada.get(&format!("{ACTIVITY}?cursor=x")).await.problem(), (400, "invalid-cursor"));
}

#[actix_web::test]
async fn pages_of_activity_follow_each_other_while_more_happens() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    for number in 0..5 {
        ada.patch(ACCOUNT, json!({"name": format!("Ada {number}")})).await;
    }
    let mut path = format!("{ACTIVITY}?kind=profile&until=2027-01-01T00:00:00Z&limit=2");
    let mut seen = Vec::new();
    loop {
        let page = ada.get(&path).await;
        seen.extend(page.json()["activity"].as_array().unwrap().iter().map(|item| item["sequence"].clone()));
        ada.patch(ACCOUNT, json!({"name": format!("Ada {}", seen.len())})).await;
        let Some(next) = next(&page) else { break };
        assert!(next.contains("kind=profile&until=2027-01-01T00%3A00%3A00Z&limit=2&cursor="), "{next}");
        path = next;
    }
    assert_eq!(seen, [7, 6, 5, 4, 3]);
    let page = ada.get(&format!("{ACTIVITY}?limit=1")).await;
    assert!(page.header("link").starts_with(&format!("<{ACTIVITY}?limit=1>; rel=\"first\"")));
    let same =
        TestRequest::get().uri(&format!("{ACTIVITY}?limit=1")).insert_header(("if-none-match", page.header("etag")));
    assert_eq!(ada.send(same).await.status, 304);
}

#[actix_web::test]
async fn r62_an_account_has_no_activity_but_its_own() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    for number in 0..3 {
        ada.patch(ACCOUNT, json!({"name": format!("Ada {number}")})).await;
    }
    assert_eq!(eve.activity("").await.len(), 2);
    assert_eq!(eve.get(&format!("{ACTIVITY}/5")).await.problem(), (404, "unknown-activity"));
    for place in ["0", "6", "-1", "01", "+1", "x", "9223372036854775807", "99999999999999999999"] {
        assert_eq!(ada.get(&format!("{ACTIVITY}/{place}")).await.problem(), (404, "unknown-activity"), "{place}");
    }
}

#[actix_web::test]
async fn r80_a_receipt_that_a_client_keeps_shows_whether_its_record_is_still_there() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let (first, second) = (ada.receipt(1).await, ada.receipt(2).await);
    assert_eq!(first.get("previous"), None);
    assert_eq!(second["previous"], first["mac"]);
    for receipt in [&first, &second] {
        let verified = ada.post(VERIFY, receipt).await;
        let included = json!({
            "included": true, "flaw": null, "detail": "The record is in the trail as it was written."
        });
        assert_eq!((verified.status, verified.json()), (200, &included));
    }
    let flaw = async |member: &str, value: Value| {
        let mut receipt = second.clone();
        receipt[member] = value;
        let verified = ada.post(VERIFY, &receipt).await;
        assert_eq!(verified.json()["included"], false);
        text(&verified.json()["flaw"]).to_owned()
    };
    assert_eq!(flaw("sequence", json!(3)).await, "missing");
    assert_eq!(flaw("sequence", json!("1")).await, "replaced");
    assert_eq!(flaw("mac", json!("0".repeat(64))).await, "replaced");
    assert_eq!(flaw("previous", second["mac"].clone()).await, "other_previous");
}

#[actix_web::test]
async fn r62_a_receipt_of_another_account_and_one_that_is_none_are_refused() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.bearer(EMAIL), server.bearer("eve@example.com"));
    let of_ada = ada.receipt(1).await;
    assert_eq!(eve.post(VERIFY, &of_ada).await.broken_rules(), [("/account", "not_owned")]);
    assert_eq!(
        ada.post(VERIFY, json!({"sequence": 0, "mac": "ab", "extra": 1})).await.broken_rules(),
        [("/account", "required"), ("/extra", "unknown_member"), ("/mac", "type"), ("/sequence", "type")]
    );
    let wrong = json!({"account": true, "sequence": 1.5, "mac": null, "previous": "x"});
    let rules = ada.post(VERIFY, wrong).await;
    assert_eq!(
        rules.broken_rules(),
        [("/account", "type"), ("/mac", "type"), ("/previous", "type"), ("/sequence", "type")]
    );
}

#[actix_web::test]
async fn r77_erased_details_are_shown_as_erased_and_receipts_still_hold() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    ada.patch(ACCOUNT, json!({"name": "Ada"})).await;
    let receipt = ada.receipt(3).await;
    let mut unit = server.storage.begin().unwrap();
    unit.audit().erase_details(server.account(EMAIL).id).unwrap();
    unit.commit().unwrap();
    let newest = ada.activity("limit=1").await.remove(0);
    assert_eq!((&newest["details_erased"], &newest["changes"]), (&json!(true), &json!([])));
    assert_eq!(ada.post(VERIFY, &receipt).await.json()["included"], true);
}
