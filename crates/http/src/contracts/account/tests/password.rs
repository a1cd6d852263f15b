//! `/api/v1/account/password`.

use actix_web::test::TestRequest;
use selfsame_domain::{Factor, Factors};
use selfsame_ports::Mail;
use selfsame_testing::core::PASSWORD;
use serde_json::json;

use super::{ACCOUNT, EMAIL, SIGN_UPS};
use crate::testing::{TestServer, text};

const PATH: &str = "/api/v1/account/password";
const STRENGTH: &str = "/api/v1/account/password/strength";
const NEW: &str = "seven gentle otters juggle pebbles";

#[actix_web::test]
async fn r20_r21_a_password_is_changed_by_the_current_one_and_the_client_goes_on_with_new_tokens() {
    let server = TestServer::new().await;
    let (ada, other) = (server.bearer(EMAIL), server.bearer(EMAIL));
    let refused = ada.put(PATH, json!({"password": NEW, "current_password": "wrong"})).await;
    assert_eq!(refused.broken_rules(), [("/current_password", "mismatch")]);
    let answer = ada.put(PATH, json!({"password": NEW, "current_password": PASSWORD})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        (answer.json()["token_type"].as_str(), answer.json()["expires_in"].as_u64()),
        (Some("Bearer"), Some(300))
    );
    assert!(!text(&answer.json()["refresh_token"]).is_empty());
    assert_eq!(other.get(ACCOUNT).await.status, 401);
    let renewed = server.with_token(text(&answer.json()["access_token"]));
    assert_eq!(renewed.get(ACCOUNT).await.status, 200);
    assert!(server.mails_to(EMAIL) == [Mail::PasswordChanged]);
    let used = renewed.put(PATH, json!({"password": PASSWORD, "current_password": NEW})).await;
    assert_eq!(used.broken_rules(), [("/password", "used_before")]);
}

#[actix_web::test]
async fn r21_a_browser_that_changes_the_password_gets_a_new_cookie() {
    let server = TestServer::new().await;
    let mut ada = server.browser_of(EMAIL);
    let earlier = ada.cookie.clone();
    let body = json!({"password": NEW, "current_password": PASSWORD});
    let answer = ada.send(TestRequest::put().uri(PATH).set_json(body)).await;
    assert_eq!((answer.status, answer.text()), (204, ""));
    assert_ne!(ada.cookie, earlier);
    assert_eq!(ada.get(ACCOUNT).await.status, 200);
    ada.cookie = earlier;
    assert_eq!(ada.get(ACCOUNT).await.status, 401);
}

#[actix_web::test]
async fn r10_the_first_password_needs_a_recent_sign_in_and_no_current_one() {
    let server = TestServer::new().await;
    let stale = server.bearer(EMAIL);
    let mut unit = selfsame_ports::Storage::begin(&*server.storage).unwrap();
    unit.accounts().remove_password(server.account(EMAIL).id).unwrap();
    unit.commit().unwrap();
    server.change_user(EMAIL, |user| user.password_changed_at = None);
    server.clock.advance(std::time::Duration::from_mins(4));
    let fresh = server.bearer_by(EMAIL, Factors::of([Factor::Email]));
    server.clock.advance(std::time::Duration::from_secs(300 + 60 - 1));
    let refused = stale.put(PATH, json!({"password": NEW})).await;
    assert_eq!(refused.status, 401, "its access token has expired");
    let refused = fresh.put(PATH, json!({"password": "short"})).await;
    assert_eq!(refused.status, 401, "so has this one");
    let fresh = server.bearer_by(EMAIL, Factors::of([Factor::Email]));
    assert_eq!(fresh.put(PATH, json!({"password": NEW})).await.status, 200);
}

#[actix_web::test]
async fn r63_other_members_are_refused() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let refused = ada.put(PATH, json!({"password": NEW, "current_password": PASSWORD, "force": true})).await;
    assert_eq!(refused.broken_rules(), [("/force", "unknown_member")]);
    assert_eq!(ada.put(PATH, json!({})).await.broken_rules(), [("/password", "required")]);
}

#[actix_web::test]
async fn a_password_is_removed_only_while_a_passkey_remains_and_after_a_proof_by_it() {
    let server = TestServer::new().await;
    let body = || json!({"current_password": PASSWORD});
    assert_eq!(server.bearer(EMAIL).delete_with(PATH, body()).await.problem(), (409, "no-alternative"));
    server.enrol(EMAIL, Factors::of([Factor::Passkey]));
    let refused = server.bearer(EMAIL).delete_with(PATH, body()).await;
    assert_eq!(refused.problem(), (401, "step-up-required"));
    assert!(
        refused
            .headers
            .get_all("www-authenticate")
            .any(|value| { value.to_str().unwrap().contains("insufficient_user_authentication") })
    );
    let ada = server.bearer_by(EMAIL, Factors::of([Factor::Passkey]));
    let wrong = ada.delete_with(PATH, json!({"current_password": "wrong"})).await;
    assert_eq!(wrong.broken_rules(), [("/current_password", "mismatch")]);
    assert_eq!(ada.delete_with(PATH, body()).await.status, 200);
    assert!(server.mails_to(EMAIL).contains(&Mail::PasswordRemoved));
    assert!(!server.account(EMAIL).has_password());
}

#[actix_web::test]
async fn the_strength_of_a_password_is_told_to_anybody() {
    let server = TestServer::new().await;
    let answer = server.anonymous().post(STRENGTH, json!({"password": NEW})).await;
    insta::assert_json_snapshot!(answer.json(), @r#"
    {
      "acceptable": true,
      "detail": null,
      "rule": null,
      "score": 4,
      "suggestions": []
    }
    "#);
    let weak = server.anonymous().post(STRENGTH, json!({"password": "passwordpassword"})).await;
    assert_eq!((weak.json()["acceptable"].as_bool(), weak.json()["rule"].as_str()), (Some(false), Some("too_weak")));
    let own = json!({"password": "ada@example.com ada@example.com"});
    let of_caller = server.bearer(EMAIL).post(STRENGTH, &own).await;
    assert_eq!(of_caller.json()["acceptable"], false);
    let mut browser = server.browser();
    let sign_up = json!({"email": "new@example.com", "password": PASSWORD});
    browser.send(TestRequest::post().uri(SIGN_UPS).set_json(sign_up)).await;
    assert!(browser.cookie.is_some());
    let of_browser = browser.send(TestRequest::post().uri(STRENGTH).set_json(&own)).await;
    assert_eq!(of_browser.status, 200, "a session without a sign-in");
    assert_eq!(server.with_token("forged").post(STRENGTH, own).await.status, 401);
}

#[actix_web::test]
async fn r83_r86_estimates_are_limited_by_address() {
    let server = TestServer::new().await;
    let client = server.anonymous();
    for _ in 0..20 {
        assert_eq!(client.post(STRENGTH, json!({"password": NEW})).await.status, 200);
    }
    assert_eq!(client.post(STRENGTH, json!({"password": NEW})).await.problem(), (429, "rate-limited"));
}
