//! `multipart/form-data` (RFC 7578).

use std::convert::Infallible;

use actix_web::web::{Bytes, BytesMut};
use futures_util::{FutureExt as _, stream};
use multer::{Field, Multipart};

use super::{BodyError, MAX_NAME, Malformed};
use crate::SizeLimits;

/// A file in a multipart body. The content type that the client declares is ignored: decoding decides the type (R71).
/// So is the file name, which may have any charset.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The name of the member.
    pub(crate) name: String,
    /// The content.
    pub(crate) bytes: Bytes,
}

/// The parts of a body.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) texts: Vec<(String, String)>,
    pub(super) uploads: Vec<Upload>,
}

/// Splits a received body into its parts.
pub(super) fn parse(boundary: &str, body: Bytes, limits: &SizeLimits) -> Result<Parts, BodyError> {
    // The whole body is here, so the parser never waits.
    split(boundary, body, limits).now_or_never().unwrap_or(Err(Malformed::NotMultipart.into()))
}

async fn split(boundary: &str, body: Bytes, limits: &SizeLimits) -> Result<Parts, BodyError> {
    let mut multipart = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
    let mut parts = Parts::default();
    let (mut count, mut text_left) = (0, limits.body);
    while let Some(mut part) = multipart.next_field().await.map_err(|_error| Malformed::NotMultipart)? {
        count += 1;
        let name = part.name().unwrap_or_default().to_owned();
        if count > limits.parts || name.chars().nth(MAX_NAME).is_some() {
            return Err(BodyError::TooLarge);
        }
        if is_file(&part) {
            let bytes = bytes(&mut part, limits.multipart).await?;
            parts.uploads.push(Upload { name, bytes });
        } else {
            let bytes = bytes(&mut part, text_left).await?;
            text_left -= bytes.len();
            let text = String::from_utf8(bytes.into()).map_err(|_error| Malformed::NotUtf8)?;
            parts.texts.push((name, text));
        }
    }
    Ok(parts)
}

/// Whether a part has a file name, or the content type of a picture or of bytes. Any other part is text.
fn is_file(part: &Field<'_>) -> bool {
    let disposition = part.headers().get("content-disposition").map_or(&b""[..], |value| value.as_bytes());
    let is_file_name = |parameter: &[u8]| {
        parameter.trim_ascii_start().get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"filename"))
    };
    let is_bytes = |mime: &mime::Mime| mime.type_() == mime::IMAGE || *mime == mime::APPLICATION_OCTET_STREAM;
    disposition.split(|byte| *byte == b';').any(is_file_name) || part.content_type().is_some_and(is_bytes)
}

async fn bytes(part: &mut Field<'_>, limit: usize) -> Result<Bytes, BodyError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.chunk().await.map_err(|_error| Malformed::NotMultipart)? {
        if bytes.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
