//! E-mail addresses: what is accepted, and the one canonical form under which they are compared (R3, R5).

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::{Rule, text};

/// Greatest length of an address, in bytes (RFC 5321 section 4.5.3.1.3, less the angle brackets).
pub const EMAIL_MAX: usize = 254;

/// An address that mail can be sent to, with its canonical form.
///
/// The canonical form is the whole address in NFKC and lower case, its domain in ASCII (IDNA). Sign-up, sign-in, reset,
/// limits and the unique index all use it; mail goes to the address as stored, in NFC (R4, RFC 6532 section 3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress {
    address: String,
    canonical: String,
}

impl EmailAddress {
    /// Reads `local@domain`. No display name, no brackets, no comma, no quoted local part, no control character, at
    /// most [`EMAIL_MAX`] bytes, a domain of at least two labels (R5).
    pub fn parse(typed: &str) -> Result<Self, Rule> {
        let address: String = typed.trim_matches(' ').nfc().collect();
        if address.is_empty() {
            return Err(Rule::Required);
        }
        if address.len() > EMAIL_MAX {
            return Err(Rule::TooLong { max: EMAIL_MAX });
        }
        let (local, domain) = address.rsplit_once('@').ok_or(Rule::Malformed)?;
        if !is_dot_atom(local) {
            return Err(Rule::Malformed);
        }
        let domain = ascii_domain(domain)?;
        let folded = local.nfkc().collect::<String>().to_lowercase();
        let canonical = format!("{}@{domain}", folded.nfkc());
        // Compatibility forms may hide a separator, such as a full-width comma: the canonical local part is checked
        // too.
        if !canonical.rsplit_once('@').is_some_and(|(local, _)| is_dot_atom(local)) || canonical.len() > EMAIL_MAX {
            return Err(Rule::Malformed);
        }
        Ok(Self { address: format!("{local}@{domain}"), canonical })
    }

    /// The address that mail goes to.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The canonical form: two addresses are the same if their canonical forms are equal.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// Whether another spelling differs in the case of its letters and in nothing else.
    pub fn differs_in_case(&self, other: &str) -> bool {
        self.address != other && self.address.to_lowercase() == other.to_lowercase()
    }

    /// Whether another spelling has the same canonical form.
    pub fn is_same(&self, other: &str) -> bool {
        Self::parse(other).is_ok_and(|other| other.canonical == self.canonical)
    }

    /// The part before the `@`. A password must not be made of it.
    pub fn local_part(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// RFC 5321 `Dot-string`, with the letters, digits and marks of RFC 6531 beyond ASCII.
fn is_dot_atom(local: &str) -> bool {
    const SPECIALS: &str = "!#$%&'*+-/=?^_`{|}~";
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| !atom.is_empty() && text::is_identifier(atom, |c| SPECIALS.contains(c)))
}

/// A host name of two labels or more, in lower-case ASCII. The parser of URLs would decode percent escapes; a mail server
/// does not.
fn ascii_domain(domain: &str) -> Result<String, Rule> {
    if domain.contains('%') {
        return Err(Rule::Malformed);
    }
    let Ok(url::Host::Domain(ascii)) = url::Host::parse(domain) else {
        return Err(Rule::Malformed);
    };
    let labels: Vec<&str> = ascii.split('.').collect();
    let well_formed = labels.iter().all(|label| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    });
    if labels.len() >= 2 && well_formed { Ok(ascii) } else { Err(Rule::Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(typed: &str) -> String {
        EmailAddress::parse(typed).unwrap().canonical().to_owned()
    }

    #[test]
    fn r3_spellings_of_one_address_have_one_canonical_form() {
        assert_eq!(canonical("John.Doe@Example.COM"), "john.doe@example.com");
        assert_eq!(canonical("ｊohn@example.com"), "john@example.com");
        assert_eq!(canonical("x@bücher.example"), "x@xn--bcher-kva.example");
    }

    #[test]
    fn r4_the_local_part_is_kept_as_it_was_typed() {
        assert_eq!(EmailAddress::parse("John.Doe@Example.com").unwrap().address(), "John.Doe@example.com");
    }

    #[test]
    fn r3_marks_belong_to_letters_and_composed_and_decomposed_are_one() {
        for typed in [
            "தமிழ்@example.test",
            "हिन्दी@example.test",
            "ไทย.ที่นี่@example.test",
            "ক্‍ষ@example.test",
            "x\u{331}y@example.test",
            "বাংলা@example.test",
            "ગુજરાતી@example.test",
            "മലയാളം@example.test",
            "မြန်မာ@example.test",
            "ខ្មែរ@example.test",
            "ཡིག@example.test",
            "שָׁלוֹם@example.test",
            "مُحَمَّد@example.test",
            "Nguyễn.Tiếng@example.test",
            "ガ.が@example.test",
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().address(), typed.nfc().collect::<String>());
        }
        for (one, other) in [
            ("zoe\u{308}@example.com", "Zoë@example.com"),
            ("e\u{323}\u{302}@example.com", "ệ@example.com"),
            ("\u{1112}\u{1161}\u{11ab}@example.com", "한@example.com"),
            ("I\u{307}@example.com", "İ@example.com"),
            ("i\u{307}@example.com", "İ@example.com"),
        ] {
            assert_eq!(canonical(one), canonical(other));
            assert_eq!(canonical(&canonical(one)), canonical(one));
        }
        let [composed, decomposed] =
            ["ö@example.com", "o\u{308}@example.com"].map(|typed| EmailAddress::parse(typed).unwrap());
        assert_eq!(composed, decomposed);
    }

    #[test]
    fn another_case_of_an_address_is_told_from_another_address() {
        let differs = |one: &str, other| EmailAddress::parse(one).unwrap().differs_in_case(other);
        assert!(differs("Case@example.com", "case@example.com"));
        assert!(differs("ÖLAF@example.com", "ölaf@example.com"));
        for (one, other) in [
            ("case@example.com", "case@example.com"),
            ("case@Example.com", "case@example.com"),
            ("ｃase@example.com", "case@example.com"),
            ("a@example.com", "b@example.com"),
        ] {
            assert!(!differs(one, other), "{one} {other}");
        }
    }

    #[test]
    fn r5_what_could_smuggle_a_header_or_a_second_recipient_is_refused() {
        for typed in [
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example\0",
            "a@b.example,c@d.example",
            "<a@b.example>",
            "Eve <a@b.example>",
            "\"a b\"@c.example",
            "a，b@c.example",
            "a@b@c.example",
            "a b@c.example",
            "a@localhost",
            "a@127.0.0.1",
            "a@[127.0.0.1]",
            ".a@b.example",
            "a..b@c.example",
            "@b.example",
            "a@",
            "a@-b.example",
            "a@ex%61mple.test",
            "a@%65xample.test",
            "a@example%2Etest",
            "a@example.test%00",
            "a@ex％61mple.test",
            "a@%65%78ample.test",
            "a@example.%74est",
            "a@example%40evil.test",
            "a@example.test%0d%0a",
            "a@example.test%2fx",
            "a@example.test%",
            "a@example.test/x",
            "a@example.test?x",
            "a@example.test#x",
            "a@example.test:25",
            "a@example\\.test",
            "\u{301}a@b.example",
            "a.\u{bcd}@b.example",
            "a\u{200b}b@c.example",
            "a\u{200d}b@c.example",
            "a\u{34f}b@c.example",
            "a\u{fe0f}@c.example",
            "a\u{202e}b@c.example",
            "☃@c.example",
        ] {
            assert_eq!(EmailAddress::parse(typed), Err(Rule::Malformed), "{typed:?}");
        }
    }

    #[test]
    fn r5_an_address_has_at_most_254_bytes() {
        let long = format!("{}@{}.example", "a".repeat(60), ["b".repeat(60), "c".repeat(60), "d".repeat(62)].join("."));
        assert_eq!(long.len(), 253);
        assert!(EmailAddress::parse(&long).is_ok());
        assert_eq!(EmailAddress::parse(&format!("aa{long}")), Err(Rule::TooLong { max: EMAIL_MAX }));
    }
}
