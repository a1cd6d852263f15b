//! `application/x-www-form-urlencoded`, read as the WHATWG URL standard says: broken escapes are never an error.

use url::form_urlencoded;

use super::{
    BodyError,
    fields::{FieldValue, MAX_FIELDS},
};

/// The pairs of a form, in order. They are counted before any is decoded.
pub(super) fn parse(body: &[u8]) -> Result<impl Iterator<Item = (String, FieldValue)> + '_, BodyError> {
    if body.split(|byte| *byte == b'&').count() > MAX_FIELDS {
        return Err(BodyError::TooLarge);
    }
    Ok(form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), FieldValue::Text(value.into_owned()))))
}
