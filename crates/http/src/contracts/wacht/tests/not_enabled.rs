//! Features that are not enabled, identifiers, and the key as PEM.

use serde_json::json;

use super::EMAIL;
use crate::testing::TestServer;

#[actix_web::test]
async fn there_are_no_organizations_workspaces_or_invitations() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    for path in ["/me/organization-memberships", "/me/workspace-memberships?org_id=1"] {
        assert_eq!(browser.get(path).await.data(), &json!([]), "{path}");
        assert_eq!(server.browser().get(path).await.status, 401, "{path}");
    }
    let invitation = server.browser().get("/deployment/invitations/validate?token=abc").await;
    assert_eq!(invitation.data()["valid"], false);
    for path in ["/session/switch-organization?id=1", "/session/switch-workspace?id=1"] {
        assert_eq!(browser.post(path, &[]).await.error(), (404, "NOT_FOUND"), "{path}");
    }
}

#[actix_web::test]
async fn social_connections_are_refused_in_the_words_of_the_contract() {
    let mut browser = TestServer::new().await.browser_of(EMAIL);
    for path in [
        "/me/init-sso-connection?provider=google_oauth",
        "/me/sso-connection-callback?code=a&state=b",
        "/me/social-connections/1/disconnect",
    ] {
        assert_eq!(browser.post(path, &[]).await.error(), (400, "PROVIDER_NOT_CONFIGURED"), "{path}");
    }
}

#[actix_web::test]
async fn usernames_can_be_asked_about_and_addresses_only_where_the_operator_allows_it() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    browser.post("/me", &[("username", "Ada")]).await;
    let path = "/auth/identifier-availability";
    for (query, exists) in [("ada", true), ("ADA", true), ("grace", false), ("!", false)] {
        let answer = browser.get(&format!("{path}?identifier={query}&type=username")).await;
        assert_eq!(answer.data(), &json!({"exists": exists}), "{query}");
    }
    for (query, code) in [
        ("identifier=ada@example.com&type=email", "INVALID_STATE"),
        ("identifier=ada&type=phone", "BAD_REQUEST_BODY"),
        ("identifier=ada", "BAD_REQUEST_BODY"),
        ("type=username", "REQUIRED_FIELD"),
    ] {
        assert_eq!(browser.get(&format!("{path}?{query}")).await.error(), (400, code), "{query}");
    }
    let core = selfsame_testing::core::TestCore::new();
    let server = TestServer::with(core, |services| services.wacht.email_availability = true).await;
    server.account(EMAIL);
    server.unverified_user("claimed@example.com");
    for (address, exists) in [(EMAIL, true), ("claimed@example.com", false), ("nobody@example.com", false)] {
        let answer = server.browser().get(&format!("{path}?identifier={address}&type=email")).await;
        assert_eq!(answer.data(), &json!({"exists": exists}), "{address}");
    }
}

#[actix_web::test]
async fn r86_asking_about_identifiers_has_a_budget() {
    let server = TestServer::new().await;
    let mut browser = server.browser();
    let path = "/auth/identifier-availability?identifier=ada&type=username";
    for _ in 0..20 {
        assert_eq!(browser.get(path).await.status, 200);
    }
    let limited = browser.get(path).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"));
}

#[actix_web::test]
async fn no_sign_in_asks_for_more_of_the_profile() {
    let server = TestServer::new().await;
    server.unverified_user(EMAIL);
    let mut browser = server.browser();
    let open = browser.sign_in(EMAIL, selfsame_testing::core::PASSWORD).await;
    let attempt = open.attempt("signin_attempts")["id"].as_str().unwrap().to_owned();
    let path = |id: &str| format!("/auth/complete-profile?attempt_id={id}");
    assert_eq!(browser.post(&path(&attempt), &[("first_name", "Ada")]).await.error(), (400, "INVALID_STATE"));
    assert_eq!(browser.post(&path("1"), &[]).await.error(), (400, "BAD_SIGN_IN_ATTEMPT"));
    assert_eq!(server.browser().post(&path(&attempt), &[]).await.error(), (400, "BAD_SIGN_IN_ATTEMPT"), "r62");
    assert_eq!(browser.post("/auth/complete-profile", &[]).await.error(), (400, "REQUIRED_FIELD"));
}

#[actix_web::test]
async fn names_and_pages_are_read_without_an_envelope() {
    let server = TestServer::new().await;
    let meta = server.browser().get("/.well-known/meta").await;
    assert_eq!(meta.json(), &server.browser().get("/deployment").await.data()["ui_settings"]);
    let key = server.browser().get("/.well-known/jwk").await;
    assert_eq!(key.json()["deployment_id"], "localhost:8080");
}
