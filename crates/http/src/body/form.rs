//! `application/x-www-form-urlencoded`, parsed as in the WHATWG URL standard: an invalid escape is not an error. Unlike
//! in the standard, text that is not UTF-8 is refused: replacement characters would change what the user typed.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::{BodyError, MAX_MEMBERS, MAX_NAME, Malformed, members::Value};

/// The pairs of a form, in order. Their number is checked before any is decoded.
pub(super) fn parse(body: &[u8]) -> Result<Vec<(Cow<'_, str>, Value<'_>)>, BodyError> {
    let is_separator = |byte: &u8| *byte == b'&';
    if body.split(is_separator).count() > MAX_MEMBERS {
        return Err(BodyError::TooLarge);
    }
    body.split(is_separator).filter(|pair| !pair.is_empty()).map(decode_pair).collect()
}

/// A name and, after the first `=`, its value.
fn decode_pair<'b>(pair: &[u8]) -> Result<(Cow<'b, str>, Value<'b>), BodyError> {
    let mut halves = pair.splitn(2, |byte| *byte == b'=');
    let mut half = || decode(halves.next().unwrap_or_default());
    let (name, value) = (half()?, half()?);
    if name.chars().nth(MAX_NAME).is_some() {
        return Err(BodyError::TooLarge);
    }
    Ok((name.into(), Value::Text(value.into())))
}

fn decode(text: &[u8]) -> Result<String, BodyError> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded = percent_decode(&spaced).decode_utf8().map_err(|_error| Malformed::NotUtf8)?;
    Ok(decoded.into_owned())
}
