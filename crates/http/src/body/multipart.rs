//! `multipart/form-data` (RFC 7578).

use actix_multipart::{Field, Multipart};
use actix_web::{HttpRequest, error::PayloadError, web::Bytes};
use futures_util::{TryStreamExt as _, stream};

use super::{
    BodyError,
    fields::{FieldValue, Fields, Upload},
};
use crate::SizeLimits;

/// Takes a body apart that was read within its limits. A part with a file name is a file, any other is text.
pub(super) async fn parse(request: &HttpRequest, body: Bytes, limits: &SizeLimits) -> Result<Fields, BodyError> {
    let whole = stream::iter([Ok::<_, PayloadError>(body)]);
    let mut parts = Multipart::new(request.headers(), whole);
    let mut fields = Fields::default();
    let (mut count, mut text_left) = (0, limits.body);
    while let Some(mut part) = parts.try_next().await.map_err(|_error| malformed("broken multipart"))? {
        count += 1;
        if count > limits.parts {
            return Err(BodyError::TooLarge);
        }
        let name = part.name().unwrap_or_default().to_owned();
        if is_file(&part) {
            let content_type = part.content_type().map(ToString::to_string);
            let bytes = bytes(&mut part, limits.multipart).await?;
            fields.push_upload(Upload { field: name, content_type, bytes });
        } else {
            let bytes = bytes(&mut part, text_left).await?;
            text_left -= bytes.len();
            let text = String::from_utf8(bytes.into()).map_err(|_error| malformed("not UTF-8"))?;
            fields.push(name, FieldValue::Text(text))?;
        }
    }
    Ok(fields)
}

fn is_file(part: &Field) -> bool {
    part.content_disposition()
        .is_some_and(|disposition| disposition.get_filename().is_some() || disposition.get_filename_ext().is_some())
}

async fn bytes(part: &mut Field, limit: usize) -> Result<Bytes, BodyError> {
    let read = part.bytes(limit).await.map_err(|_exceeded| BodyError::TooLarge)?;
    read.map_err(|_error| malformed("broken multipart"))
}

fn malformed(why: &str) -> BodyError {
    BodyError::Malformed(why.to_owned())
}
