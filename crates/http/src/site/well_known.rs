//! `/.well-known/passkey-endpoints` and `/.well-known/webauthn`: what password managers and browsers look up about passkeys.
//!
//! Each is 404 where passkeys are off, and the second one where there are no related origins, so that it is told from an empty
//! list.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails};
use crate::{call::HandlerResult, reason::reasons};

/// How long the answers may be kept.
const AN_HOUR: (actix_web::http::header::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=3600");

reasons! {
    /// Passkeys are off, or there is nothing to tell.
    NOTHING_OF_PASSKEYS = 404 "NOT_FOUND" "There is nothing at this address.";
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
        Fails<NOTHING_OF_PASSKEYS>,
    ),
)]
pub(super) async fn passkey_endpoints(call: Call) -> HandlerResult {
    if !call.services().core.has_passkeys() {
        return Err(call.refuse(NOTHING_OF_PASSKEYS));
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
        Fails<NOTHING_OF_PASSKEYS>,
    ),
)]
pub(super) async fn related_origins(call: Call) -> HandlerResult {
    let origins = call.options().passkeys.related_origins.clone();
    if origins.is_empty() || !call.services().core.has_passkeys() {
        return Err(call.refuse(NOTHING_OF_PASSKEYS));
    }
    Ok(HttpResponse::Ok().insert_header(AN_HOUR).json(RelatedOrigins { origins }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        HttpOptions, PasskeyPages,
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
}
