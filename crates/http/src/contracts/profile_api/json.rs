//! JSON as the framework of this contract reads and writes it: CPython's `json`, with its error texts and positions.
//!
//! Clients see three things that `serde_json` does not support: the text and the position in code points of a syntax
//! error; numbers of any size, repeated digit by digit; the last value of a repeated member. Unlike CPython it refuses
//! what is not JSON: `NaN`, `Infinity` and lone surrogates. Must not know the contract.

use std::collections::HashMap;

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::value::RawValue;

/// Maximum nesting. CPython has a limit too, which depends on its version.
const MAX_DEPTH: usize = 128;
/// Maximum number of digits of an integer (CPython's `sys.int_info.default_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// A JSON value. It is serialized as compact JSON, with the members in the order of their first occurrence.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Box<RawValue>),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonError {
    /// It is not JSON.
    Syntax {
        /// CPython's text.
        problem: &'static str,
        /// Number of code points before the error.
        position: usize,
    },
    /// The nesting or an integer exceeds its limit.
    LimitExceeded,
}

impl Json {
    /// Parses a text. A byte order mark is skipped.
    pub(super) fn parse(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { text: text.strip_prefix('\u{feff}').unwrap_or(text), at: 0 };
        reader.skip_blanks();
        let value = reader.value(MAX_DEPTH)?;
        reader.skip_blanks();
        if reader.at < reader.text.len() { reader.fail("Extra data", reader.at) } else { Ok(value) }
    }

    /// A member of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(other, _)| other == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The same value with all values in it masked. The names of members stay.
    pub(super) fn masked(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Object(members) => {
                Self::Object(members.iter().map(|(name, value)| (name.clone(), value.masked())).collect())
            }
            Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => Self::String("***".to_owned()),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(digits) => digits.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => {
                let mut array = serializer.serialize_seq(Some(elements.len()))?;
                elements.iter().try_for_each(|element| array.serialize_element(element))?;
                array.end()
            }
            Self::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| object.serialize_entry(name, value))?;
                object.end()
            }
        }
    }
}

/// A position in a text, in bytes. It is always at the start of a character, because all tokens are ASCII.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn fail<T>(&self, problem: &'static str, at: usize) -> Result<T, JsonError> {
        let before = self.text.get(..at).unwrap_or(self.text);
        Err(JsonError::Syntax { problem, position: before.chars().count() })
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let blanks = self.rest().bytes().take_while(|byte| b" \t\n\r".contains(byte)).count();
        self.at += blanks;
    }

    /// Skips a token if it is next.
    fn eat(&mut self, token: &str) -> bool {
        let is_here = self.rest().starts_with(token);
        if is_here {
            self.at += token.len();
        }
        is_here
    }

    fn value(&mut self, depth_left: usize) -> Result<Json, JsonError> {
        if depth_left == 0 {
            return Err(JsonError::LimitExceeded);
        }
        match self.rest().bytes().next() {
            Some(b'"') => self.string().map(Json::String),
            Some(b'{') => self.object(depth_left - 1),
            Some(b'[') => self.array(depth_left - 1),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.eat("null") => Ok(Json::Null),
            _ if self.eat("true") => Ok(Json::Bool(true)),
            _ if self.eat("false") => Ok(Json::Bool(false)),
            _ => self.fail("Expecting value", self.at),
        }
    }

    fn array(&mut self, depth_left: usize) -> Result<Json, JsonError> {
        let mut elements = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.eat("]") {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value(depth_left)?);
            self.skip_blanks();
            if self.eat("]") {
                return Ok(Json::Array(elements));
            }
            if !self.eat(",") {
                return self.fail("Expecting ',' delimiter", self.at);
            }
            self.skip_blanks();
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<Json, JsonError> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut places = HashMap::new();
        self.at += 1;
        self.skip_blanks();
        if self.eat("}") {
            return Ok(Json::Object(members));
        }
        loop {
            if !self.rest().starts_with('"') {
                return self.fail("Expecting property name enclosed in double quotes", self.at);
            }
            let name = self.string()?;
            self.skip_blanks();
            if !self.eat(":") {
                return self.fail("Expecting ':' delimiter", self.at);
            }
            self.skip_blanks();
            let value = self.value(depth_left)?;
            // The last value of a repeated member wins, at the position of the first.
            let place = *places.entry(name.clone()).or_insert(members.len());
            match members.get_mut(place) {
                Some(earlier) => earlier.1 = value,
                None => members.push((name, value)),
            }
            self.skip_blanks();
            if self.eat("}") {
                return Ok(Json::Object(members));
            }
            if !self.eat(",") {
                return self.fail("Expecting ',' delimiter", self.at);
            }
            self.skip_blanks();
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let quote = self.at;
        let mut read = String::new();
        self.at += 1;
        loop {
            let Some(length) = self.rest().find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}')) else {
                return self.fail("Unterminated string starting at", quote);
            };
            read.push_str(&self.rest()[..length]);
            self.at += length;
            if self.eat("\"") {
                return Ok(read);
            }
            if !self.eat("\\") {
                return self.fail("Invalid control character at", self.at);
            }
            read.push(self.escape(quote)?);
        }
    }

    /// Reads the escape after a backslash, in the string that starts at `quote`.
    fn escape(&mut self, quote: usize) -> Result<char, JsonError> {
        let escaped = match self.rest().chars().next() {
            None => return self.fail("Unterminated string starting at", quote),
            Some('u') => return self.unicode_escape(),
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(_) => return self.fail("Invalid \\escape", self.at - 1),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let letter = self.at;
        let first = self.code_unit();
        let is_high = first.is_some_and(|unit| (0xD800..0xDC00).contains(&unit));
        let second = if is_high && self.eat("\\") { self.code_unit() } else { None };
        let units = first.into_iter().chain(second);
        let mut chars = char::decode_utf16(units);
        match (chars.next(), chars.next()) {
            (Some(Ok(char)), None) => Ok(char),
            _ => self.fail("Invalid \\uXXXX escape", letter),
        }
    }

    /// `u` and four hexadecimal digits.
    fn code_unit(&mut self) -> Option<u16> {
        let digits = self.rest().strip_prefix('u')?.get(..4)?;
        let unit =
            digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())??;
        self.at += 5;
        Some(unit)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        self.eat("-");
        if !self.eat("0") && self.digits() == 0 {
            return self.fail("Expecting value", start);
        }
        let is_integer = !(self.fraction() | self.exponent());
        let sent = &self.text[start..self.at];
        if is_integer && sent.len() > MAX_DIGITS {
            return Err(JsonError::LimitExceeded);
        }
        let written = if is_integer { sent.to_owned() } else { float(sent) };
        RawValue::from_string(written).map(Json::Number).map_err(|_| JsonError::LimitExceeded)
    }

    /// Skips digits and returns their number.
    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn fraction(&mut self) -> bool {
        let dot = self.at;
        self.or_rewind(dot, |reader| reader.eat(".") && reader.digits() > 0)
    }

    fn exponent(&mut self) -> bool {
        let letter = self.at;
        self.or_rewind(letter, |reader| {
            (reader.eat("e") || reader.eat("E")) && {
                let _signed = reader.eat("+") || reader.eat("-");
                reader.digits() > 0
            }
        })
    }

    fn or_rewind(&mut self, place: usize, step: impl FnOnce(&mut Self) -> bool) -> bool {
        let is_taken = step(self);
        if !is_taken {
            self.at = place;
        }
        is_taken
    }
}

/// A float as Python writes it: `100.0`, `1e+16`, `1e-07`. One out of range stays as sent.
fn float(sent: &str) -> String {
    let Some(value) = sent.parse::<f64>().ok().filter(|value| value.is_finite()) else { return sent.to_owned() };
    let written = format!("{value:?}");
    match written.split_once('e') {
        None => written,
        Some((mantissa, exponent)) => {
            let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
            format!("{mantissa}e{sign}{digits:0>2}")
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
