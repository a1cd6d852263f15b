//! The operator's rights of claims, through every contract.

use std::time::Duration;

use actix_web::test::TestRequest;
use selfsame_domain::{Claim, FieldRight, FieldRights, Identifier, PhoneNumber, Username};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::TestServer;

async fn with_rights(rights: &[(Claim, FieldRight)]) -> TestServer {
    let fields = FieldRights::new(rights.iter().copied());
    TestServer::over(TestCore::with(|policy, _| policy.fields = fields)).await
}

#[actix_web::test]
async fn r63_a_claim_that_is_read_only_is_shown_and_refused_by_every_contract() {
    let rights = [Claim::GivenName, Claim::Name, Claim::Locale, Claim::Picture].map(|claim| (claim, FieldRight::Read));
    let server = with_rights(&rights).await;
    let ada = server.bearer(EMAIL);
    let mut browser = server.browser_of(EMAIL);
    server.change_user(EMAIL, |user| {
        user.name = Some("Ada".to_owned());
        user.given_name = Some("Ada".to_owned());
    });
    let body = json!({"given_name": "Eve", "locale": "de", "picture": "data:image/png;base64,iVBORw0KGgo="});
    assert_eq!(
        ada.patch(ACCOUNT, body).await.broken_rules(),
        [("/picture", "read_only"), ("/given_name", "read_only"), ("/locale", "read_only")]
    );
    assert_eq!(ada.patch(ACCOUNT, json!({"given_name": "Ada", "family_name": "L"})).await.status, 200, "no change");
    assert_eq!(browser.post("/me", &[("first_name", "Eve")]).await.error(), (400, "BAD_REQUEST_BODY"));
    let refused = ada.patch("/api/v1/me", json!({"first_name": "Eve", "locale": "de"})).await;
    let refused: Vec<_> = refused.validation_errors().iter().map(|(_, place, _)| (*place).clone()).collect();
    assert_eq!(refused, [json!(["body", "first_name"]), json!(["body", "locale"])]);
    let refused = ada.put("/api/v1/auth/me/profile", json!({"display_name": "Eve"})).await;
    assert_eq!(refused.wrong_fields(), ["display_name"]);
    let account = ada.get(ACCOUNT).await;
    assert_eq!((&account.json()["name"], &account.json()["given_name"]), (&json!("Ada"), &json!("Ada")));
}

#[actix_web::test]
async fn r63_a_claim_that_is_off_is_neither_shown_nor_set_by_any_contract() {
    let all = FieldRights::CLAIMS.into_iter().filter(|(_, claim)| *claim != Claim::Email);
    let rights: Vec<_> = all.map(|(_, claim)| (claim, FieldRight::Off)).collect();
    let server = with_rights(&rights).await;
    let ada = server.bearer(EMAIL);
    let mut browser = server.browser_of(EMAIL);
    let secret = "Shown to nobody";
    server.change_user(EMAIL, |user| {
        for claim in [&mut user.name, &mut user.given_name, &mut user.family_name] {
            *claim = Some(secret.to_owned());
        }
        user.locale = Some("de-AT".to_owned());
        user.preferred_username = Username::parse("shown.to.nobody").ok();
        let number = PhoneNumber::parse("+31612345678").unwrap();
        user.identifiers.push(Identifier::phone("8".parse().unwrap(), &number, true, user.created_at));
    });
    for answer in [
        ada.get(ACCOUNT).await,
        ada.get("/api/v1/me").await,
        ada.get("/api/v1/auth/me").await,
        browser.get("/me").await,
        browser.get("/session").await,
        ada.post("/api/v1/auth/login", json!({"email": EMAIL, "password": PASSWORD})).await,
        ada.get("/userinfo").await,
        ada.send(TestRequest::post().uri("/userinfo")).await,
        ada.get("/api/v1/account/passkeys").await,
        ada.send(TestRequest::post().uri("/api/v1/account/passkeys/registration")).await,
    ] {
        assert_eq!(answer.status, 200, "{}", answer.text());
        for value in [secret, "shown.to.nobody", "de-AT", "31612345678"] {
            assert!(!answer.text().contains(value), "{value}: {}", answer.text());
        }
    }
    ada.post("/api/v1/account/emails", json!({"email": "ada@work.example"})).await;
    let greeted: Vec<_> = server.mails().into_iter().filter(|mail| mail.to == EMAIL).map(|mail| mail.name).collect();
    assert!(!greeted.is_empty() && greeted.iter().all(Option::is_none), "{greeted:?}");
    assert_eq!(ada.patch(ACCOUNT, json!({"name": "Eve"})).await.broken_rules(), [("/name", "not_offered")]);
    assert_eq!(
        ada.patch(ACCOUNT, json!({"attributes": {"a": 1}})).await.broken_rules(),
        [("/attributes", "not_offered")]
    );
    assert_eq!(ada.patch(ACCOUNT, json!({"name": null, "attributes": {}})).await.status, 200, "what is shown, again");
    assert_eq!(browser.post("/me", &[("last_name", "Eve")]).await.error(), (400, "BAD_REQUEST_BODY"));
    let phone = ada.post("/api/v1/account/phones", json!({"phone_number": "+31612345678"})).await;
    assert_eq!(phone.problem(), (403, "read-only"));
    let sign_up = json!({"email": "eve@example.com", "password": PASSWORD, "name": "Eve"});
    assert_eq!(ada.post(super::SIGN_UPS, sign_up).await.broken_rules(), [("/name", "not_offered")]);
    let fields = browser.get("/deployment").await.data()["auth_settings"].clone();
    assert_eq!([&fields["first_name"]["enabled"], &fields["username"]["enabled"]], [&json!(false); 2]);
    let stored = server.account(EMAIL);
    assert_eq!(stored.name.as_deref(), Some(secret), "what is stored is kept");
}

#[actix_web::test]
async fn r10_a_claim_can_need_a_recent_proof() {
    let server = with_rights(&[(Claim::Name, FieldRight::StepUp), (Claim::Picture, FieldRight::StepUp)]).await;
    let mut browser = server.browser_of(EMAIL);
    let patch = |body: Value| TestRequest::patch().uri(ACCOUNT).set_json(body);
    assert_eq!(browser.send(patch(json!({"name": "Ada"}))).await.status, 200);
    server.clock.advance(Duration::from_mins(10));
    assert_eq!(browser.send(patch(json!({"name": "Eve"}))).await.problem(), (403, "step-up-required"));
    let picture = json!({"picture": "https://example.com/ada.png"});
    assert_eq!(browser.send(patch(picture)).await.problem(), (403, "step-up-required"));
    assert_eq!(browser.send(patch(json!({"name": "Ada", "given_name": "Ada"}))).await.status, 200, "it stays as it is");
}

#[actix_web::test]
async fn addresses_that_only_the_operator_changes_are_read_and_refused() {
    let server = with_rights(&[(Claim::Email, FieldRight::Read)]).await;
    let ada = server.bearer(EMAIL);
    server.add_email(EMAIL, 7, "ada@work.example", true);
    let added = ada.post("/api/v1/account/emails", json!({"email": "new@example.com"})).await;
    assert_eq!(added.problem(), (403, "read-only"));
    assert_eq!(ada.delete("/api/v1/account/emails/7").await.problem(), (403, "read-only"));
    let primary = ada.send(TestRequest::put().uri("/api/v1/account/emails/7/primary")).await;
    assert_eq!(primary.problem(), (403, "read-only"));
    let change = ada.post("/api/v1/auth/me/email/request", json!({"new_email": "new@example.com"})).await;
    assert_eq!(change.wrong_fields(), ["new_email"]);
    assert_eq!(ada.get("/api/v1/account/emails").await.json()["emails"].as_array().unwrap().len(), 2);
    assert_eq!(server.mailed_code("new@example.com"), None);
}
