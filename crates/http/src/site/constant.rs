//! Documents that are the same for everybody, in gzip and as they are (RFC 9110 section 8.4).
//!
//! Only these are compressed. A response that has something of the user in it never is, because its compressed length
//! would tell of its content (BREACH).

use std::{
    io::{Read as _, Write as _},
    sync::OnceLock,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETag, Encoding, EntityTag, Header as _, VARY,
    },
    web::Bytes,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// Bytes of the digest in an entity tag.
const TAG_BYTES: usize = 12;

/// A document. It is compressed once; the other form is kept when a client has asked for it.
pub(super) struct Constant {
    content_type: String,
    cache_control: &'static str,
    gzip: Bytes,
    identity: OnceLock<Bytes>,
    tag: String,
}

impl Constant {
    /// Compresses a document.
    pub(super) fn new(content_type: &str, cache_control: &'static str, bytes: Vec<u8>) -> std::io::Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let constant = Self::compressed(content_type, cache_control, encoder.finish()?.into());
        // Nobody else has the document yet, so the cell is empty.
        let _ = constant.identity.set(bytes.into());
        Ok(constant)
    }

    /// Takes a document that is compressed.
    pub(super) fn compressed(content_type: &str, cache_control: &'static str, gzip: Bytes) -> Self {
        let tag = URL_SAFE_NO_PAD.encode(&Sha256::digest(&gzip)[..TAG_BYTES]);
        Self { content_type: content_type.to_owned(), cache_control, gzip, identity: OnceLock::new(), tag }
    }

    /// The response in the form that the client prefers. Each form has a strong entity tag of its own, because their
    /// bytes differ.
    pub(super) fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let is_gzip = prefers_gzip(request);
        let tag = EntityTag::new_strong(if is_gzip { format!("{}-gzip", self.tag) } else { self.tag.clone() });
        let is_not_modified = crate::conditions::is_not_modified(request, &tag);
        let mut response = if is_not_modified { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header(ETag(tag))
            .insert_header((CACHE_CONTROL, self.cache_control))
            .insert_header((VARY, "Accept-Encoding"));
        if is_not_modified {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, self.content_type.as_str()));
        if is_gzip {
            response.insert_header((CONTENT_ENCODING, "gzip")).body(self.gzip.clone())
        } else {
            response.body(self.identity())
        }
    }

    fn identity(&self) -> Bytes {
        let decode = || {
            let mut bytes = Vec::new();
            if let Err(error) = GzDecoder::new(&*self.gzip).read_to_end(&mut bytes) {
                tracing::error!(%error, "a document of the site cannot be decompressed");
            }
            bytes.into()
        };
        self.identity.get_or_init(decode).clone()
    }
}

/// Whether the client accepts gzip and does not prefer the document as it is. Without `Accept-Encoding` it is sent as it
/// is.
fn prefers_gzip(request: &HttpRequest) -> bool {
    let accepted = AcceptEncoding::parse(request).ok();
    accepted.and_then(|accepted| accepted.negotiate([Encoding::gzip(), Encoding::identity()].iter()))
        == Some(Encoding::gzip())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_accept_it_alone() {
        for (accepted, is_gzip) in [
            ("gzip", true),
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
            ("gzip, *;q=0", true),
            ("", false),
            ("br", false),
            ("identity", false),
            ("gzip;q=0", false),
            ("gzip;q=0.2, identity;q=0.9", false),
            ("\u{e9}", false),
        ] {
            let request = TestRequest::default().insert_header(("accept-encoding", accepted.as_bytes()));
            assert_eq!(prefers_gzip(&request.to_http_request()), is_gzip, "{accepted:?}");
        }
        assert!(!prefers_gzip(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn both_forms_are_the_same_document() {
        let made = Constant::new("text/plain", "no-cache", b"the same".to_vec()).unwrap();
        let taken = Constant::compressed("text/plain", "no-cache", made.gzip.clone());
        assert_eq!((taken.identity(), &taken.tag), (Bytes::from_static(b"the same"), &made.tag));
    }
}
