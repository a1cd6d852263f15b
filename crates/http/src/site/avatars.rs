//! `/avatars/{name}`: pictures of accounts, inert (R76).
//!
//! A name says what is in the file, so an answer is good for ever. Pages of other origins show these pictures (wacht.md
//! section 3.2); opened by itself a picture can do nothing.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    web::{Data, Path},
};
use selfsame_ports::BlobError;

use super::Site;
use crate::{
    blocking::{Lane, Lanes},
    edge::CROSS_ORIGIN_RESOURCE_POLICY,
    errors::Failure,
};

/// Serves one picture.
pub(super) async fn avatar(
    request: HttpRequest,
    name: Path<String>,
    site: Data<Site>,
    lanes: Data<Lanes>,
) -> HttpResponse {
    let name = name.into_inner();
    let Some(content_type) = content_type(&name) else { return Failure::NotFound.respond(&request) };
    let etag = format!("\"{name}\"");
    let blobs = Arc::clone(&site.blobs);
    let failure = match lanes.run(Lane::Database, move || blobs.get(&name)).await {
        Ok(Ok(Some(bytes))) if is_known(&request, &etag) => {
            drop(bytes);
            return HttpResponse::NotModified()
                .insert_header((ETAG, etag))
                .insert_header((CACHE_CONTROL, FOR_EVER))
                .finish();
        }
        Ok(Ok(Some(bytes))) => {
            return HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, content_type))
                .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
                .insert_header((CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"))
                .insert_header((CACHE_CONTROL, FOR_EVER))
                .insert_header((ETAG, etag))
                .body(bytes);
        }
        Ok(Ok(None) | Err(BlobError::Name | BlobError::TooLarge)) => Failure::NotFound,
        Ok(Err(BlobError::Unavailable(reason))) => {
            tracing::error!(reason, "a picture could not be read");
            Failure::Unavailable
        }
        Err(error) => Failure::from(error),
    };
    failure.respond(&request)
}

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The type goes by the name that the server itself gave the file, never by its bytes.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    [("png", "image/png"), ("webp", "image/webp"), ("jpg", "image/jpeg"), ("gif", "image/gif")]
        .into_iter()
        .find_map(|(known, content_type)| (known == extension).then_some(content_type))
}

fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let tags = request.headers().get_all(IF_NONE_MATCH).filter_map(|tags| tags.to_str().ok());
    tags.flat_map(|tags| tags.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use actix_web::{http::Method, test::TestRequest};

    use crate::site::testing::{PICTURE, Setup, ask, get};

    #[actix_web::test]
    async fn r76_a_picture_is_served_inert_and_for_ever() {
        let picture = get(&Setup::default(), &format!("/avatars/{PICTURE}")).await;
        assert_eq!(picture.status, 200);
        for (name, value) in [
            ("content-type", "image/png"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("cache-control", "public, max-age=31536000, immutable"),
        ] {
            assert_eq!(picture.header(name), value);
        }
    }

    #[actix_web::test]
    async fn a_picture_that_the_client_has_is_not_sent_again() {
        let path = format!("/avatars/{PICTURE}");
        let etag = get(&Setup::default(), &path).await.header("etag").to_owned();
        for sent in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let again =
                ask(&Setup::default(), TestRequest::with_uri(&path).insert_header(("if-none-match", sent))).await;
            assert_eq!((again.status, again.body.as_str()), (304, ""));
        }
        let other =
            ask(&Setup::default(), TestRequest::with_uri(&path).insert_header(("if-none-match", "\"x\""))).await;
        assert_eq!(other.status, 200);
    }

    #[actix_web::test]
    async fn head_is_get_and_anything_else_is_refused() {
        let path = format!("/avatars/{PICTURE}");
        let head = ask(&Setup::default(), TestRequest::with_uri(&path).method(Method::HEAD)).await;
        assert_eq!((head.status, head.header("content-type")), (200, "image/png"));
        let post = ask(&Setup::default(), TestRequest::with_uri(&path).method(Method::POST)).await;
        assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    }

    #[actix_web::test]
    async fn r76_only_names_with_a_picture_type_are_looked_up() {
        for name in ["missing.png", "page.html", "drawing.svg", "noextension", "..%2fsecret.png", ".png"] {
            assert_eq!(get(&Setup::default(), &format!("/avatars/{name}")).await.status, 404, "{name}");
        }
    }

    #[actix_web::test]
    async fn a_store_that_is_away_is_503() {
        let setup = Setup { is_broken: true, ..Setup::default() };
        let answer = get(&setup, &format!("/avatars/{PICTURE}")).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    }
}
