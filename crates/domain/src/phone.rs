//! Phone numbers in E.164, by the metadata of libphonenumber.

use std::{fmt, str::FromStr};

use crate::Rule;

/// A valid international number, `+` and up to 15 digits. That string is also its canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Parses an international number; spaces, dashes and brackets are ignored.
    pub fn parse(typed: &str) -> Result<Self, Rule> {
        Self::parse_in(typed, None)
    }

    /// Reads a number that may be a national one of `country`: a dialling code (`+1`, `44`) or a region (`US`).
    pub fn parse_in(typed: &str, country: Option<&str>) -> Result<Self, Rule> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Rule::Required);
        }
        if typed.chars().any(char::is_control) {
            return Err(Rule::Malformed);
        }
        if typed.chars().count() > 40 {
            return Err(Rule::TooLong { max: 40 });
        }
        let country = country.map(str::trim).filter(|country| !country.is_empty() && !typed.starts_with('+'));
        let (region, text) = match country {
            None => (None, typed.to_owned()),
            Some(code) => match phonenumber::country::Id::from_str(&code.to_uppercase()) {
                Ok(region) => (Some(region), typed.to_owned()),
                Err(_) => (None, format!("+{}{typed}", code.trim_start_matches('+'))),
            },
        };
        let number = phonenumber::parse(region, &text).map_err(|_| Rule::Malformed)?;
        if !number.is_valid() {
            return Err(Rule::Malformed);
        }
        Ok(Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The dialling code of a number in E.164, `+31` for `+31612345678`; empty if it is none.
    pub fn dialling_code(e164: &str) -> String {
        phonenumber::parse(None, e164).map_or_else(|_| String::new(), |number| format!("+{}", number.country().code()))
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_stored_in_e164() {
        assert_eq!(PhoneNumber::parse("+31 6 1234-5678").unwrap().as_str(), "+31612345678");
    }

    #[test]
    fn a_national_number_needs_a_country_as_dialling_code_or_region() {
        assert_eq!(PhoneNumber::parse("06 12345678"), Err(Rule::Malformed));
        assert_eq!(PhoneNumber::parse_in("612345678", Some("+31")).unwrap().as_str(), "+31612345678");
        assert_eq!(PhoneNumber::parse_in("06 12345678", Some("nl")).unwrap().as_str(), "+31612345678");
    }

    #[test]
    fn what_no_network_would_take_is_refused() {
        for typed in ["+1", "+999123456789", "hello", "+31612345678901234567", "+31612345678\0"] {
            assert_eq!(PhoneNumber::parse(typed), Err(Rule::Malformed), "{typed}");
        }
    }

    #[test]
    fn the_dialling_code_is_that_of_the_number() {
        assert_eq!(PhoneNumber::dialling_code("+31612345678"), "+31");
        assert_eq!(PhoneNumber::dialling_code("nonsense"), "");
    }
}
