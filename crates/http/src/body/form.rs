//! `application/x-www-form-urlencoded`, read as the WHATWG URL standard says: broken escapes are never an error. Unlike
//! there, what comes out must be UTF-8: guessing would store a text that nobody typed.

use percent_encoding::percent_decode;

use super::{
    BodyError,
    fields::{FieldValue, MAX_FIELDS},
};

/// The pairs of a form, in order. They are counted before any is decoded.
pub(super) fn parse(body: &[u8]) -> Result<Vec<(String, FieldValue)>, BodyError> {
    let is_separator = |byte: &u8| *byte == b'&';
    if body.split(is_separator).count() > MAX_FIELDS {
        return Err(BodyError::TooLarge);
    }
    body.split(is_separator).filter(|pair| !pair.is_empty()).map(decode_pair).collect()
}

/// A name and, behind the first `=`, its value.
fn decode_pair(pair: &[u8]) -> Result<(String, FieldValue), BodyError> {
    let mut halves = pair.splitn(2, |byte| *byte == b'=');
    let mut half = || decode(halves.next().unwrap_or_default());
    Ok((half()?, FieldValue::Text(half()?)))
}

fn decode(text: &[u8]) -> Result<String, BodyError> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded =
        percent_decode(&spaced).decode_utf8().map_err(|_error| BodyError::Malformed("not UTF-8".to_owned()))?;
    Ok(decoded.into_owned())
}
