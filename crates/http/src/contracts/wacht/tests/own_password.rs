//! `/me/update-password` and `/me/remove-password`.

use std::sync::Arc;

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors, Place};
use selfsame_ports::{Mail, Places};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::Value;

use super::EMAIL;
use crate::testing::{TestServer, text};

const UPDATE: &str = "/me/update-password";
const REMOVE: &str = "/me/remove-password";
const NEW: &str = "seven gentle otters juggle pebbles";

#[actix_web::test]
async fn r20_r21_the_password_is_changed_and_the_calling_sign_in_survives() {
    let server = TestServer::new().await;
    let (mut ada, mut other) = (server.browser_of(EMAIL), server.browser_of(EMAIL));
    let earlier = ada.cookie.clone();
    let wrong = ada.post(UPDATE, &[("current_password", "wrong"), ("new_password", NEW)]).await;
    assert_eq!(wrong.error(), (401, "INVALID_CREDENTIALS"));
    let weak = ada.post(UPDATE, &[("current_password", PASSWORD), ("new_password", "short")]).await;
    assert_eq!(weak.error(), (400, "BAD_REQUEST_BODY"));
    let done = ada.post(UPDATE, &[("current_password", PASSWORD), ("new_password", NEW)]).await;
    assert_eq!(done.data()["message"], "The password was changed.");
    assert_eq!(done.json()["session"]["signins"].as_array().unwrap().len(), 1);
    assert_ne!(ada.cookie, earlier, "R21: it has a new secret");
    assert_eq!(ada.get("/me").await.status, 200);
    assert_eq!(other.get("/me").await.status, 401);
    assert!(server.mails_to(EMAIL) == [Mail::PasswordChanged]);
    let used = ada.post(UPDATE, &[("current_password", NEW), ("new_password", PASSWORD)]).await;
    assert_eq!(used.json()["errors"][0]["message"], "This password was used before. Please choose another.");
    let same = ada.post(UPDATE, &[("current_password", NEW), ("new_password", NEW)]).await;
    assert_eq!(same.json()["errors"][0]["message"], "The password must differ from the current one.");
}

#[actix_web::test]
async fn a_client_with_tokens_gets_new_ones() {
    let server = TestServer::new().await;
    let client = server.bearer(EMAIL);
    let answer = client.post(UPDATE, serde_json::json!({"current_password": PASSWORD, "new_password": NEW})).await;
    let renewed = server.with_token(text(&answer.data()["access_token"]));
    assert!(!text(&answer.data()["refresh_token"]).is_empty());
    assert_eq!((renewed.get("/me").await.status, answer.cookie("session_id")), (200, None));
}

#[actix_web::test]
async fn r10_the_first_password_is_set_without_a_current_one_after_a_recent_sign_in() {
    let server = TestServer::new().await;
    let mut ada = server.browser_of(EMAIL);
    let mut unit = selfsame_ports::Storage::begin(&*server.storage).unwrap();
    unit.accounts().remove_password(server.account(EMAIL).id).unwrap();
    unit.commit().unwrap();
    server.change_user(EMAIL, |user| user.password_changed_at = None);
    assert_eq!(ada.get("/me").await.data()["has_password"], false);
    server.clock.advance(std::time::Duration::from_mins(10));
    let stale = ada.post(UPDATE, &[("current_password", ""), ("new_password", NEW)]).await;
    assert_eq!(stale.error(), (403, "STEP_UP_REQUIRED"));
    let mut fresh = server.browser_by(EMAIL, Factors::of([Factor::Email]));
    let done = fresh.post(UPDATE, &[("current_password", ""), ("new_password", NEW)]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(fresh.get("/me").await.data()["has_password"], true);
}

#[actix_web::test]
async fn the_only_way_in_cannot_be_removed() {
    let server = TestServer::new().await;
    let mut ada = server.browser_of(EMAIL);
    let form = [("current_password", PASSWORD)];
    assert_eq!(ada.post(REMOVE, &form).await.error(), (400, "NO_ALTERNATIVE_AUTH_METHOD"));
    server.enrol(EMAIL, Factors::of([Factor::Passkey]));
    assert_eq!(ada.post(REMOVE, &form).await.error(), (403, "STEP_UP_REQUIRED"), "the passkey was not used");
    let mut ada = server.browser_by(EMAIL, Factors::of([Factor::Passkey]));
    assert_eq!(ada.post(REMOVE, &[("current_password", "wrong")]).await.error(), (401, "INVALID_CREDENTIALS"));
    assert_eq!(ada.post(REMOVE, &[]).await.error(), (400, "REQUIRED_FIELD"));
    assert_eq!(ada.post(REMOVE, &form).await.status, 200);
    assert_eq!(ada.get("/me").await.data()["has_password"], false);
    assert_eq!(ada.sign_in(EMAIL, PASSWORD).await.error(), (401, "INVALID_CREDENTIALS"));
}

#[actix_web::test]
async fn a_stranger_is_refused_before_the_body() {
    let server = TestServer::new().await;
    for path in [UPDATE, REMOVE] {
        assert_eq!(server.browser().post(path, &[]).await.error(), (401, "UNAUTHORIZED"));
    }
}

/// Knows where everybody is.
struct Amsterdam;

impl Places for Amsterdam {
    fn place(&self, _: std::net::IpAddr, _: Option<&str>) -> Option<Place> {
        Some(Place {
            city: Some("Amsterdam".to_owned()),
            region: Some("North Holland".to_owned()),
            region_code: Some("NH".to_owned()),
            country: Some("Netherlands".to_owned()),
            country_code: Some("NL".to_owned()),
        })
    }
}

#[actix_web::test]
async fn r49_sign_ins_are_listed_with_their_place_where_places_are_known() {
    let server = TestServer::over(TestCore::new().over(|ports| ports.places = Some(Arc::new(Amsterdam)))).await;
    server.account(EMAIL);
    let mut ada = server.browser();
    let form = [("strategy", "plain_email"), ("email", EMAIL), ("password", PASSWORD)];
    let sign_in = TestRequest::post().uri("/auth/signin").set_form(form);
    ada.send(sign_in.peer_addr("192.0.2.7:4711".parse().unwrap())).await;
    let listed = ada.get("/me/signins").await;
    let shown = |name: &str| listed.data()[0][name].as_str().unwrap().to_owned();
    assert_eq!(
        ["city", "region", "region_code", "country", "country_code"].map(shown).join("/"),
        "Amsterdam/North Holland/NH/Netherlands/NL"
    );
    assert_ne!(listed.data()[0]["last_active_at"], Value::Null);
}
