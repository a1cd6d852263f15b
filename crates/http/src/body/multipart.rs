//! `multipart/form-data` (RFC 7578).

use actix_multipart::{Field, Multipart};
use actix_web::{
    error::PayloadError,
    http::header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    web::Bytes,
};
use futures_util::{FutureExt as _, TryStreamExt as _, stream};

use super::{BodyError, MAX_NAME, Malformed};
use crate::SizeLimits;

/// A file in a multipart body. The content type that the client declares is ignored: decoding decides the type (R71).
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

/// Splits a received body into its parts. A part with a file name is a file, any other is text.
pub(super) fn parse(content_type: &HeaderValue, body: Bytes, limits: &SizeLimits) -> Result<Parts, BodyError> {
    // The whole body is here, so the parser never waits.
    split(content_type, body, limits).now_or_never().unwrap_or(Err(Malformed::NotMultipart.into()))
}

async fn split(content_type: &HeaderValue, body: Bytes, limits: &SizeLimits) -> Result<Parts, BodyError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, content_type.clone());
    let mut multipart = Multipart::new(&headers, stream::iter([Ok::<_, PayloadError>(body)]));
    let mut parts = Parts::default();
    let (mut count, mut text_left) = (0, limits.body);
    while let Some(mut part) = multipart.try_next().await.map_err(|_error| Malformed::NotMultipart)? {
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

fn is_file(part: &Field) -> bool {
    part.content_disposition()
        .is_some_and(|disposition| disposition.get_filename().is_some() || disposition.get_filename_ext().is_some())
}

async fn bytes(part: &mut Field, limit: usize) -> Result<Bytes, BodyError> {
    let read = part.bytes(limit).await.map_err(|_exceeded| BodyError::TooLarge)?;
    Ok(read.map_err(|_error| Malformed::NotMultipart)?)
}
