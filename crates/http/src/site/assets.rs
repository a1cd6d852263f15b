//! Scripts and styles of the pages, compiled in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Path,
};

use crate::{contracts::refuse, failure::Failure};

const ASSETS: &[(&str, &str, &str)] = &[
    ("site.css", "text/css; charset=utf-8", include_str!("assets/site.css")),
    ("confirm.js", "text/javascript; charset=utf-8", include_str!("assets/confirm.js")),
    ("docs.js", "text/javascript; charset=utf-8", include_str!("assets/docs.js")),
];

/// Serves an asset by name.
pub(super) async fn asset(request: HttpRequest, name: Path<String>) -> HttpResponse {
    match ASSETS.iter().find(|(asset, ..)| *asset == name.as_str()) {
        Some((_, content_type, text)) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, *content_type))
            .insert_header((CACHE_CONTROL, "public, max-age=300"))
            .body(*text),
        None => refuse(&request, Failure::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use crate::site::testing::{Setup, get};

    #[actix_web::test]
    async fn assets_have_their_type_and_unknown_ones_are_404() {
        let style = get(&Setup::default(), "/assets/site.css").await;
        assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
        let script = get(&Setup::default(), "/assets/confirm.js").await;
        assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
        assert_eq!(get(&Setup::default(), "/assets/nothing.js").await.status, 404);
    }
}
