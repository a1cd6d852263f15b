//! `/docs`: Swagger UI over `/openapi.json`, everything from the binary itself.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ContentType},
    web::{Bytes, Path},
};
use utoipa_swagger_ui::Config;

use super::html;
use crate::{errors::Failure, openapi};

/// Swagger UI sets styles from its script and draws its icons from data URIs; its script runs from a file.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>API reference · Selfsame</title>\n\
    <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/docs/swagger-ui.css\">\n\
    <script src=\"/docs/swagger-ui-bundle.js\" defer></script>\n<script src=\"/assets/docs.js\" defer></script>\n\
    </head>\n<body>\n<div id=\"swagger-ui\"></div>\n\
    <noscript>The interactive reference needs JavaScript. The document itself is at \
    <a href=\"/openapi.json\">/openapi.json</a>.</noscript>\n</body>\n</html>\n";

/// The files of Swagger UI that the page names; no other is served.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// The document, written when somebody first asks for it: most processes are never asked.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    let json = openapi::document().to_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the OpenAPI document cannot be written");
        "{}".to_owned()
    });
    json.into()
});

pub(super) async fn page() -> HttpResponse {
    html::respond(PAGE.to_owned(), POLICY)
}

pub(super) async fn openapi() -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::json()).body(DOCUMENT.clone())
}

pub(super) async fn asset(request: HttpRequest, name: Path<String>) -> HttpResponse {
    if !FILES.contains(&name.as_str()) {
        return Failure::NotFound.respond(&request);
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
        Ok(None) | Err(_) => Failure::NotFound.respond(&request),
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
