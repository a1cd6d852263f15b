//! `/docs`: Swagger UI for `/openapi.json`, compiled in.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Path, block},
};
use serde::Serialize;
use utoipa_swagger_ui::Config;

use super::{
    Call,
    constant::Constant,
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

/// The document. Clients keep it and ask whether it has changed, because the next build may have another one. It is made at
/// the first request: that takes a tenth of a second and some 20 MiB, which most servers never need.
static DOCUMENT: LazyLock<Option<Constant>> = LazyLock::new(|| {
    let json = document().to_json().map_err(|error| error.to_string());
    let constant = json.and_then(|json| {
        Constant::new("application/json", "public, no-cache", json.into()).map_err(|error| error.to_string())
    });
    constant.inspect_err(|error| tracing::error!(%error, "the OpenAPI document cannot be written")).ok()
});

/// The files, which are compiled in compressed.
static ASSETS: LazyLock<Vec<(&str, Constant)>> =
    LazyLock::new(|| FILES.iter().filter_map(|name| Some((*name, constant_of(name)?))).collect());

fn constant_of(name: &str) -> Option<Constant> {
    const CACHE: &str = "public, max-age=3600";
    let file = utoipa_swagger_ui::serve(name, Arc::new(Config::from("/openapi.json"))).ok()??;
    let constant = match (file.gzpipped, file.bytes) {
        (true, Cow::Borrowed(bytes)) => Constant::compressed(&file.content_type, CACHE, Bytes::from_static(bytes)),
        (true, Cow::Owned(bytes)) => Constant::compressed(&file.content_type, CACHE, bytes.into()),
        (false, bytes) => Constant::new(&file.content_type, CACHE, bytes.into_owned()).ok()?,
    };
    Some(constant)
}

pub(super) async fn page(call: Call) -> HandlerResult {
    respond(&call, &Reference {})
}

/// Read the OpenAPI document
///
/// In gzip for clients that accept it. The entity tag changes with the build.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "server_get_document", tag = "server",
    security(()),
    responses(
        (status = 200, description = "This document.", body = Object, headers(
            ("ETag" = String, description = "Strong; for `If-None-Match`."),
        ), example = json!({"openapi": "3.1.0"})),
        (status = 304, description = "The document matches `If-None-Match`."),
    ),
)]
pub(super) async fn openapi(request: HttpRequest) -> HttpResponse {
    // Not on the thread that serves the connections.
    match block(|| DOCUMENT.as_ref()).await {
        Ok(Some(document)) => document.respond(&request),
        Ok(None) | Err(_) => refuse(&request, Failure::Internal),
    }
}

pub(super) async fn asset(request: HttpRequest, name: Path<String>) -> HttpResponse {
    match ASSETS.iter().find(|(file, _)| *file == name.as_str()) {
        Some((_, file)) => file.respond(&request),
        None => refuse(&request, Failure::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use crate::site::testing::{Setup, ask, get, local};

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
    async fn what_is_the_same_for_everybody_comes_in_gzip_and_is_not_sent_twice() {
        for path in ["/openapi.json", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"] {
            let send = async |name: &'static str, value: String| {
                ask(&Setup::default(), local(path).insert_header((name, value))).await
            };
            let (plain, gzip) =
                (get(&Setup::default(), path).await, send("accept-encoding", "br, gzip".to_owned()).await);
            assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}");
            assert_eq!((gzip.status, gzip.header("content-encoding")), (200, "gzip"), "{path}");
            assert!(gzip.bytes.starts_with(&[0x1f, 0x8b]) && gzip.bytes.len() * 2 < plain.bytes.len(), "{path}");
            let mut decoded = Vec::new();
            flate2::read::GzDecoder::new(&*gzip.bytes).read_to_end(&mut decoded).unwrap();
            assert!(decoded == plain.bytes, "{path}");
            for answer in [&plain, &gzip] {
                assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
                assert!(answer.header("cache-control").starts_with("public, "), "{path}");
                assert!(answer.header("etag").starts_with('"'), "{path}");
            }
            assert_ne!(plain.header("etag"), gzip.header("etag"), "{path}");

            let again = send("if-none-match", plain.header("etag").to_owned()).await;
            assert_eq!((again.status, again.body.as_str(), again.header("vary")), (304, "", "Accept-Encoding"));
            let other_form = send("if-none-match", gzip.header("etag").to_owned()).await;
            assert_eq!(other_form.status, 200, "{path}");
        }
    }

    #[actix_web::test]
    async fn r57_what_belongs_to_a_user_is_never_compressed() {
        for path in ["/", "/dev/mailbox", "/api/v1/account", "/session"] {
            let answer = ask(&Setup::default(), local(path).insert_header(("accept-encoding", "gzip"))).await;
            assert_eq!(answer.header("content-encoding"), "", "{path}");
        }
    }

    #[actix_web::test]
    async fn without_docs_there_are_none() {
        let setup = Setup { docs_enabled: false, ..Setup::default() };
        for path in ["/docs", "/docs/swagger-ui.css", "/openapi.json"] {
            assert_eq!(get(&setup, path).await.status, 404, "{path}");
        }
    }
}
