//! `/docs`: Swagger UI for `/openapi.json`, compiled in.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ContentType},
    web::{Bytes, Path},
};
use serde::Serialize;
use utoipa_swagger_ui::Config;

use super::{
    Call,
    page::{Page, respond},
    policy::ContentPolicy,
};
use crate::{
    call::HandlerResult,
    contracts::{document, refuse},
    failure::Failure,
};

#[derive(Serialize)]
struct Reference {}

impl Page for Reference {
    const TEMPLATE: &'static str = "docs.html";
    /// Swagger UI draws its icons from data URIs.
    const POLICY: ContentPolicy = ContentPolicy { fonts: "'self' data:", ..ContentPolicy::SCRIPTED };
}

/// The files of Swagger UI that the page uses. No other is served.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// The document, written at the first request.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    let json = document().to_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the OpenAPI document cannot be written");
        "{}".to_owned()
    });
    json.into()
});

pub(super) async fn page(call: Call) -> HandlerResult {
    respond(&call, &Reference {})
}

/// Read the OpenAPI document
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "server_get_document", tag = "server",
    security(()),
    responses((status = 200, description = "This document.", body = Object, example = json!({"openapi": "3.1.0"}))),
)]
pub(super) async fn openapi() -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::json()).body(DOCUMENT.clone())
}

pub(super) async fn asset(request: HttpRequest, name: Path<String>) -> HttpResponse {
    if !FILES.contains(&name.as_str()) {
        return refuse(&request, Failure::NotFound);
    }
    match utoipa_swagger_ui::serve(&name, Arc::new(Config::from("/openapi.json"))) {
        Ok(Some(file)) => {
            let bytes = match file.bytes {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            let mut response = HttpResponse::Ok();
            response
                .insert_header((CONTENT_TYPE, file.content_type))
                .insert_header((CACHE_CONTROL, "public, max-age=3600"));
            if file.gzpipped {
                response.insert_header((CONTENT_ENCODING, "gzip"));
            }
            response.body(bytes)
        }
        Ok(None) | Err(_) => refuse(&request, Failure::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use crate::site::testing::{Setup, get};

    #[actix_web::test]
    async fn the_reference_comes_from_this_server_alone() {
        let page = get(&Setup::default(), "/docs").await;
        assert_eq!(page.status, 200);
        let tags =
            page.body.split('<').filter(|tag| tag.starts_with("script ") || tag.starts_with("link rel=\"stylesheet"));
        let loaded: Vec<_> = tags.filter_map(|tag| tag.split('"').find(|part| part.starts_with('/'))).collect();
        assert_eq!(loaded, ["/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/assets/docs.js"]);
        for path in loaded {
            let asset = get(&Setup::default(), path).await;
            assert_eq!(asset.status, 200, "{path}");
            assert!(asset.body.len() > 100, "{path}");
        }
        assert!(!page.header("content-security-policy").contains("http"));
    }

    #[actix_web::test]
    async fn the_document_is_json_and_other_files_of_the_reference_are_not_served() {
        let document = get(&Setup::default(), "/openapi.json").await;
        assert_eq!((document.status, document.header("content-type")), (200, "application/json"));
        assert!(document.body.contains("\"openapi\":\"3.1.0\""));
        assert_eq!(get(&Setup::default(), "/docs/index.html").await.status, 404);
    }

    #[actix_web::test]
    async fn without_docs_there_are_none() {
        let setup = Setup { docs_enabled: false, ..Setup::default() };
        for path in ["/docs", "/docs/swagger-ui.css", "/openapi.json"] {
            assert_eq!(get(&setup, path).await.status, 404, "{path}");
        }
    }
}
