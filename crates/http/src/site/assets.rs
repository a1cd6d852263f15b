//! Scripts and styles of the pages, compiled in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{Data, Path},
};
use selfsame_application::BrandColor;

use crate::{Services, contracts::refuse, failure::Failure};

/// The style sheet.
const STYLE: &str = "site.css";

const ASSETS: &[(&str, &str, &str)] = &[
    (STYLE, "text/css; charset=utf-8", include_str!("assets/site.css")),
    ("confirm.js", "text/javascript; charset=utf-8", include_str!("assets/confirm.js")),
    ("passkey.js", "text/javascript; charset=utf-8", include_str!("assets/passkey.js")),
    ("docs.js", "text/javascript; charset=utf-8", include_str!("assets/docs.js")),
];

/// Serves an asset by name.
pub(super) async fn asset(request: HttpRequest, services: Data<Services>, name: Path<String>) -> HttpResponse {
    match ASSETS.iter().find(|(asset, ..)| *asset == name.as_str()) {
        Some((_, content_type, text)) => {
            let color = services.core.policy.look.color.filter(|_| name.as_str() == STYLE);
            HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, *content_type))
                .insert_header((CACHE_CONTROL, "public, max-age=300"))
                .body(format!("{text}{}", color.map(colored).unwrap_or_default()))
        }
        None => refuse(&request, Failure::NotFound),
    }
}

/// Rules for the operator's colour.
fn colored(color: BrandColor) -> String {
    format!(
        "\n:root {{ --accent: {}; }}\n@media (prefers-color-scheme: dark) {{ :root {{ --accent: {}; }} }}\n",
        color.css(),
        color.on_dark()
    )
}

#[cfg(test)]
mod tests {
    use selfsame_application::Look;

    use super::*;
    use crate::site::testing::{Setup, get};

    #[actix_web::test]
    async fn assets_have_their_type_and_unknown_ones_are_404() {
        let style = get(&Setup::default(), "/assets/site.css").await;
        assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
        assert!(!style.body.contains("#7a1fa2"));
        let logo = "https://cdn.example/logo.svg".parse().ok();
        let branded = Setup { look: Look { logo, color: BrandColor::parse("#7a1fa2").ok() }, ..Setup::default() };
        let style = get(&branded, "/assets/site.css").await.body;
        assert!(style.contains("--accent: #7a1fa2;") && style.contains("--accent: #c39ad5;"), "{style}");
        let page = get(&branded, "/reset-password").await;
        assert!(page.body.contains(r#"<img src="https:&#x2f;&#x2f;cdn.example&#x2f;logo.svg" alt="">"#));
        assert!(page.header("content-security-policy").contains("img-src 'self' data: https://cdn.example;"));
        let script = get(&Setup::default(), "/assets/confirm.js").await;
        assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
        assert_eq!(get(&Setup::default(), "/assets/nothing.js").await.status, 404);
    }
}
