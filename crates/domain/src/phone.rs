//! Phone numbers in E.164, by the metadata of libphonenumber.

use std::{fmt, str::FromStr};

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber as Parsed, PhoneNumberFormat, Region};

use crate::{
    Rule,
    typed::{decimal_digit, is_blank_or_dash},
};

/// A valid international number, `+` and its digits. That string is also its canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Parses an international number. Blanks, dashes, dots, slashes and brackets are ignored, decimal digits of any script
    /// are digits. Letters are refused, except three or more at the end, which are read as on a telephone's keys. An
    /// extension is refused, because E.164 has no place for it.
    pub fn parse(typed: &str) -> Result<Self, Rule> {
        Self::parse_in(typed, None)
    }

    /// Reads a number that may be a national one of `country`: a dialling code (`+1`, `44`) or a region (`US`).
    pub fn parse_in(typed: &str, country: Option<&str>) -> Result<Self, Rule> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Rule::Required);
        }
        if typed.chars().count() > 40 {
            return Err(Rule::TooLong { max: 40 });
        }
        let dialled = Dialled::read(typed)?;
        if dialled.is_international {
            return international(&dialled.digits).ok_or(Rule::Malformed);
        }
        let country = country.map(str::trim).filter(|country| !country.is_empty()).ok_or(Rule::Malformed)?;
        national(&dialled.digits, country).ok_or(Rule::Malformed)
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The dialling code of a number in E.164, `+31` for `+31612345678`; empty if it is none.
    pub fn dialling_code(e164: &str) -> String {
        let digits = e164.strip_prefix('+').unwrap_or_default();
        split(digits).map_or_else(String::new, |(code, _)| format!("+{code}"))
    }

    /// Whether the number is of one of these regions, `NL` for `+31612345678`. A number of no country, such as an
    /// international freephone number, is of none.
    pub fn is_of(&self, regions: &[String]) -> bool {
        let parsed = PHONE_NUMBER_UTIL.parse(&self.0, None).ok();
        let own = parsed.and_then(|parsed| PHONE_NUMBER_UTIL.get_region_for_number(&parsed));
        let mut regions = regions.iter().filter_map(|code| Region::from_str(code).ok());
        own.is_some_and(|own| regions.any(|region| region == own))
    }

    /// The number with all but its dialling code and its last two digits masked: `+31*******78`.
    pub fn mask(e164: &str) -> String {
        let code = Self::dialling_code(e164);
        let rest = e164.strip_prefix(&code).unwrap_or(e164);
        let shown = rest.len().saturating_sub(2);
        format!("{code}{}{}", "*".repeat(shown), rest.get(shown..).unwrap_or_default())
    }

    /// Whether a text is the code of a region that has phone numbers, such as `NL`.
    pub fn is_region(code: &str) -> bool {
        Region::from_str(code).is_ok_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
    }

    /// The number that a parsed one is, if it is valid.
    fn valid(parsed: &Parsed) -> Option<Self> {
        parsed.is_valid().then(|| Self(parsed.format_as(PhoneNumberFormat::E164).into_owned()))
    }
}

/// A number with a country code. If it is valid unchanged, it is kept; otherwise a trunk prefix may be removed, as in
/// `+44 (0)20`.
fn international(digits: &str) -> Option<PhoneNumber> {
    let (code, national) = split(digits)?;
    let stands = || as_it_stands(code, national).and_then(|parsed| PhoneNumber::valid(&parsed));
    let parsed = || PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok();
    stands().or_else(|| parsed().and_then(|parsed| PhoneNumber::valid(&parsed)))
}

/// A number of a country, with or without trunk prefix, or with the country's dialling code before it.
fn national(digits: &str, country: &str) -> Option<PhoneNumber> {
    let code = country.strip_prefix('+').unwrap_or(country);
    let code: Option<String> = code.chars().map(decimal_digit).collect();
    let region = match &code {
        Some(code) => PHONE_NUMBER_UTIL.get_region_for_country_code(code.parse().ok()?)?,
        None => Region::from_str(&country.to_ascii_uppercase()).ok()?,
    };
    let code =
        code.and_then(|code| code.parse().ok()).or_else(|| PHONE_NUMBER_UTIL.get_country_code_for_region(region))?;
    let stands = || as_it_stands(code, digits).and_then(|parsed| PhoneNumber::valid(&parsed));
    let parsed = || PHONE_NUMBER_UTIL.parse(digits, Some(region)).ok().filter(|parsed| parsed.country_code == code);
    stands()
        .or_else(|| parsed().and_then(|parsed| PhoneNumber::valid(&parsed)))
        .or_else(|| digits.strip_prefix(&code.to_string()).and_then(|_| international(digits)))
}

/// Dialling code and national number. No code is the beginning of another.
fn split(digits: &str) -> Option<(i32, &str)> {
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code = code.parse().ok().filter(|_| !code.starts_with('0'))?;
        PHONE_NUMBER_UTIL.get_region_for_country_code(code).map(|_| (code, national))
    })
}

/// A number without a digit added or taken away.
fn as_it_stands(code: i32, national: &str) -> Option<Parsed> {
    let zeros = national.len() - national.trim_start_matches('0').len();
    Some(Parsed {
        country_code: code,
        national_number: national.parse().ok()?,
        italian_leading_zero: (zeros > 0).then_some(true),
        number_of_leading_zeros: (zeros > 1).then_some(i32::try_from(zeros).ok()?),
        ..Parsed::default()
    })
}

/// The input, reduced to digits.
struct Dialled {
    /// Whether a plus sign came first.
    is_international: bool,
    /// ASCII digits.
    digits: String,
}

/// Words and signs between a number and its extension; words in lower case.
const EXTENSIONS: [&str; 12] = [";ext=", "extension", "extn", "ext", "xtn", "int", "anexo", "доб", "x", "#", ",", ";"];

impl Dialled {
    fn read(typed: &str) -> Result<Self, Rule> {
        let typed = match typed.split_at_checked(4) {
            Some((scheme, number)) if scheme.eq_ignore_ascii_case("tel:") => number,
            _ => typed,
        };
        let mut dialled = Self { is_international: false, digits: String::new() };
        for (place, c) in typed.char_indices() {
            match (c, decimal_digit(c)) {
                (_, Some(digit)) => dialled.digits.push(digit),
                ('+' | '\u{FE62}' | '\u{FF0B}', _) if dialled.digits.is_empty() && !dialled.is_international => {
                    dialled.is_international = true;
                }
                _ if is_separator(c) => {}
                _ => {
                    dialled.digits.push_str(&keys(typed.get(place..).unwrap_or_default())?);
                    break;
                }
            }
        }
        Ok(dialled)
    }
}

/// Separators, which are ignored. Control characters are not separators.
fn is_separator(c: char) -> bool {
    is_blank_or_dash(c)
        || matches!(c, '.' | '/' | '(' | ')' | '[' | ']' | '\u{B7}' | '\u{2024}' | '\u{3002}' | '\u{30FB}')
        || matches!(c, '\u{FF08}' | '\u{FF09}' | '\u{FF0E}' | '\u{FF0F}' | '\u{FF3B}' | '\u{FF3D}' | '\u{FF61}')
}

/// The digits of a number's end in letters, on the keys of ITU-T E.161.
fn keys(rest: &str) -> Result<String, Rule> {
    let lower = rest.to_lowercase();
    if EXTENSIONS.iter().any(|word| lower.strip_prefix(word).is_some_and(is_extension)) {
        return Err(Rule::PhoneExtension);
    }
    let mut digits = String::new();
    for c in lower.chars().filter(|c| !is_separator(*c)) {
        digits.push(match c {
            'a'..='c' => '2',
            'd'..='f' => '3',
            'g'..='i' => '4',
            'j'..='l' => '5',
            'm'..='o' => '6',
            'p'..='s' => '7',
            't'..='v' => '8',
            'w'..='z' => '9',
            _ => return Err(Rule::Malformed),
        });
    }
    if digits.len() < 3 || EXTENSIONS.contains(&lower.trim_end_matches(is_separator)) {
        return Err(Rule::Malformed);
    }
    Ok(digits)
}

/// Whether digits and nothing else follow, as in `. 5`.
fn is_extension(rest: &str) -> bool {
    let mut rest = rest.chars().filter(|c| !is_separator(*c) && !matches!(c, ':' | '=')).peekable();
    rest.peek().is_some() && rest.all(|c| decimal_digit(c).is_some() || c == '#')
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
