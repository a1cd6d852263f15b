//! What browsers, password managers and researchers look up: `/.well-known/passkey-endpoints`, `/.well-known/webauthn`,
//! `/.well-known/change-password` and `/.well-known/security.txt`.
//!
//! The first two are 404 where passkeys are off, and the second one where there are no related origins, so that it is told
//! from an empty list. The last two are 404 where the operator has configured nothing.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, ContentType, LOCATION},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails};
use crate::{call::HandlerResult, reason::reasons};

/// How long the answers may be kept.
const AN_HOUR: (actix_web::http::header::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=3600");

reasons! {
    /// Passkeys are off, or there is nothing to publish.
    NOT_PUBLISHED = 404 "NOT_FOUND" "There is nothing at this address.";
}

/// Pages about passkeys (W3C, A Well-Known URL for Relying Party Passkey Endpoints).
#[derive(Serialize, ToSchema)]
#[schema(as = server::PasskeyEndpoints)]
struct PasskeyEndpoints {
    /// Where a user adds a passkey.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://app.example.com/account/passkeys/new")]
    enroll: Option<String>,
    /// Where a user manages passkeys.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://app.example.com/account/passkeys")]
    manage: Option<String>,
}

/// Origins under other domains that may use the passkeys (WebAuthn Level 3, section 5.11).
#[derive(Serialize, ToSchema)]
#[schema(as = server::RelatedOrigins)]
struct RelatedOrigins {
    #[schema(example = json!(["https://example.net"]))]
    origins: Vec<String>,
}

/// Find the pages of passkeys
///
/// For password managers. Without pages the object is empty: it says that there are passkeys.
#[utoipa::path(
    get, path = "/.well-known/passkey-endpoints", operation_id = "server_get_passkey_endpoints", tag = "server",
    security(()),
    responses(
        (status = 200, description = "The pages.", body = PasskeyEndpoints),
        Fails<NOT_PUBLISHED>,
    ),
)]
pub(super) async fn passkey_endpoints(call: Call) -> HandlerResult {
    if !call.services().core.has_passkeys() {
        return Err(call.refuse(NOT_PUBLISHED));
    }
    let pages = call.options().passkeys.clone();
    let endpoints = PasskeyEndpoints { enroll: pages.enroll_url, manage: pages.manage_url };
    Ok(HttpResponse::Ok().insert_header(AN_HOUR).json(endpoints))
}

/// Find the related origins of passkeys
///
/// For browsers, which ask before a page under another domain uses a passkey.
#[utoipa::path(
    get, path = "/.well-known/webauthn", operation_id = "server_get_related_origins", tag = "server",
    security(()),
    responses(
        (status = 200, description = "The origins.", body = RelatedOrigins),
        Fails<NOT_PUBLISHED>,
    ),
)]
pub(super) async fn related_origins(call: Call) -> HandlerResult {
    let origins = call.options().passkeys.related_origins.clone();
    if origins.is_empty() || !call.services().core.has_passkeys() {
        return Err(call.refuse(NOT_PUBLISHED));
    }
    Ok(HttpResponse::Ok().insert_header(AN_HOUR).json(RelatedOrigins { origins }))
}

/// Go to the page where the password is changed
///
/// For password managers (W3C, A Well-Known URL for Changing Passwords).
#[utoipa::path(
    get, path = "/.well-known/change-password", operation_id = "server_go_to_password_change", tag = "server",
    security(()),
    responses(
        (status = 302, description = "The page is at `Location`.", headers(("Location" = String, description = "The page."))),
        Fails<NOT_PUBLISHED>,
    ),
)]
pub(super) async fn change_password(call: Call) -> HandlerResult {
    let Some(page) = call.options().well_known.change_password_url.clone() else {
        return Err(call.refuse(NOT_PUBLISHED));
    };
    Ok(HttpResponse::Found().insert_header((LOCATION, page)).insert_header(AN_HOUR).finish())
}

/// Find out where vulnerabilities are reported
///
/// For researchers (RFC 9116).
#[utoipa::path(
    get, path = "/.well-known/security.txt", operation_id = "server_get_security_txt", tag = "server",
    security(()),
    responses(
        (status = 200, description = "The file.", body = String, content_type = "text/plain",
            example = "Contact: mailto:security@example.com\nExpires: 2027-06-30T00:00:00Z\n"),
        Fails<NOT_PUBLISHED>,
    ),
)]
pub(super) async fn security_txt(call: Call) -> HandlerResult {
    let Some(file) = call.options().well_known.security_txt.clone() else {
        return Err(call.refuse(NOT_PUBLISHED));
    };
    Ok(HttpResponse::Ok().insert_header(ContentType::plaintext()).insert_header(AN_HOUR).body(file))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        HttpOptions, PasskeyPages, WellKnown,
        testing::{TestServer, keys},
    };
    use selfsame_testing::core::TestCore;

    async fn server(pages: PasskeyPages) -> TestServer {
        TestServer::with_options(TestCore::new(), |options: &mut HttpOptions| options.passkeys = pages).await
    }

    #[actix_web::test]
    async fn the_pages_and_the_related_origins_are_published() {
        let pages = PasskeyPages {
            enroll_url: None,
            manage_url: Some("https://app.example/passkeys".to_owned()),
            related_origins: vec!["https://example.net".to_owned()],
        };
        let client = server(pages).await.anonymous();
        let answer = client.get("/.well-known/passkey-endpoints").await;
        assert_eq!(answer.json(), &json!({"manage": "https://app.example/passkeys"}));
        assert_eq!(answer.header("content-type"), "application/json");
        let answer = client.get("/.well-known/webauthn").await;
        assert_eq!(answer.json(), &json!({"origins": ["https://example.net"]}));
        assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    }

    #[actix_web::test]
    async fn without_pages_there_are_still_passkeys_and_without_origins_there_is_no_list() {
        let client = server(PasskeyPages::default()).await.anonymous();
        assert!(keys(client.get("/.well-known/passkey-endpoints").await.json()).is_empty());
        assert_eq!(client.get("/.well-known/webauthn").await.status, 404);
        let off = TestServer::over(TestCore::new().over(|ports| ports.webauthn = None)).await.anonymous();
        assert_eq!(off.get("/.well-known/passkey-endpoints").await.status, 404);
    }

    #[actix_web::test]
    async fn the_page_to_change_the_password_and_the_contacts_of_security_are_published_where_there_are_any() {
        let well_known = WellKnown {
            change_password_url: Some("https://app.example/password".to_owned()),
            security_txt: Some("Contact: mailto:security@example.com\n".to_owned()),
        };
        let published = TestServer::with_options(TestCore::new(), |options| options.well_known = well_known).await;
        let client = published.anonymous();
        let answer = client.get("/.well-known/change-password").await;
        assert_eq!((answer.status, answer.header("location")), (302, "https://app.example/password"));
        let answer = client.get("/.well-known/security.txt").await;
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.text(), "Contact: mailto:security@example.com\n");
        let bare = TestServer::new().await.anonymous();
        for path in ["/.well-known/change-password", "/.well-known/security.txt"] {
            assert_eq!(bare.get(path).await.status, 404, "{path}");
        }
    }
}
