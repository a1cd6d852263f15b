//! `/avatars/{name}`: pictures of accounts (R76).
//!
//! A name is made of the content, so a response never changes. Pages of other origins show these pictures
//! (contracts/wacht/README.md, Cross-origin). The sandbox policy applies when a picture is opened directly.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETag, EntityTag},
    web::Path,
};
use selfsame_application::profile::read_picture::{PictureFile, ReadPicture, ReadPictureError};

use super::{Call, Fails};
use crate::{
    Lane, call::HandlerResult, conditions, contracts::account::Account, edge::CROSS_ORIGIN_RESOURCE_POLICY,
    reason::reasons, rejection::Rejection,
};

reasons! {
    /// There is no picture with this name.
    NO_PICTURE = 404 "NOT_FOUND" "There is nothing at this address.";
}

/// Read a picture
///
/// The name is made of the content, so a cache may keep the picture without a limit of time.
#[utoipa::path(
    get, path = "/avatars/{name}", operation_id = "server_get_picture", tag = "server",
    security(()),
    params(("name" = String, Path, description = "The last segment of the URL of an account's picture.", example = "0123456789abcdef.png")),
    responses(
        (status = 200, description = "The picture.", content(
            (String = "image/png", example = "…"),
            (String = "image/webp", example = "…"),
        ), headers(("ETag" = String, description = "Strong; for `If-None-Match`."))),
        (status = 304, description = "The picture matches `If-None-Match`."),
        Fails<NO_PICTURE>,
    ),
)]
pub(super) async fn avatar(call: Call, name: Path<String>) -> HandlerResult {
    let read = ReadPicture { name: name.clone() };
    let picture = call.run(Lane::Database, move |core, _sender| Ok(read.execute(core)?)).await?;
    // A name that has a picture is text that an entity tag may hold.
    Ok(respond(call.request(), picture, EntityTag::new_strong(name.into_inner())))
}

fn respond(request: &HttpRequest, picture: PictureFile, tag: EntityTag) -> HttpResponse {
    let is_not_modified = conditions::is_not_modified(request, &tag);
    let mut response = if is_not_modified { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(ETag(tag)).insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"));
    if is_not_modified {
        return response.finish();
    }
    response
        .insert_header((CONTENT_TYPE, picture.media_type))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"))
        .body(picture.bytes)
}

impl From<ReadPictureError> for Rejection<Account> {
    fn from(error: ReadPictureError) -> Self {
        match error {
            ReadPictureError::NotFound => NO_PICTURE.into(),
            ReadPictureError::Fault(fault) => fault.into(),
        }
    }
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
        for name in [
            "missing.png",
            "page.html",
            "drawing.svg",
            "noextension",
            "..%2fsecret.png",
            ".png",
            "%20",
            "%22",
            "%0a",
            "%09",
            "%7F",
            "a%20b.png",
            "a%22.png",
            "%C3%A9.png",
            "a%0d%0ab.png",
        ] {
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
