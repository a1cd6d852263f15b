//! Violations as data: a claim and the rule that it breaks. Each contract has its own messages.
//!
//! Both enums are exhaustive on purpose: a new rule breaks every contract's `match` until it has a message there.

use std::fmt;

/// The claim that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// Given (first) name.
    GivenName,
    /// Family (last) name.
    FamilyName,
    /// Display name.
    Name,
    /// The username.
    PreferredUsername,
    /// An e-mail address.
    Email,
    /// A phone number.
    PhoneNumber,
    /// Language tag.
    Locale,
    /// Time zone.
    Zoneinfo,
    /// The picture.
    Picture,
    /// The free-form attributes.
    Attributes,
    /// A new password.
    Password,
    /// The current password, which proves who the caller is.
    CurrentPassword,
    /// The e-mail address chosen as primary.
    PrimaryEmail,
    /// The phone number chosen as primary.
    PrimaryPhone,
    /// The name of a passkey.
    PasskeyName,
    /// The user's own name of a sign-in.
    SignInName,
}

impl fmt::Display for Claim {
    /// For logs and the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GivenName => "the given name",
            Self::FamilyName => "the family name",
            Self::Name => "the display name",
            Self::PreferredUsername => "the username",
            Self::Email => "the e-mail address",
            Self::PhoneNumber => "the phone number",
            Self::Locale => "the language tag",
            Self::Zoneinfo => "the time zone",
            Self::Picture => "the picture",
            Self::Attributes => "the profile",
            Self::Password => "the password",
            Self::CurrentPassword => "the current password",
            Self::PrimaryEmail => "the primary e-mail address",
            Self::PrimaryPhone => "the primary phone number",
            Self::PasskeyName => "the name of the passkey",
            Self::SignInName => "the name of the sign-in",
        })
    }
}

/// Which rule was broken. Lengths are in characters (Unicode scalar values).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Empty or absent, and required.
    Required,
    /// Shorter than `min` characters.
    TooShort {
        /// Least number of characters.
        min: usize,
    },
    /// Longer than `max` characters.
    TooLong {
        /// Greatest number of characters.
        max: usize,
    },
    /// Not of the form of the claim (RFC, BCP 47, E.164, IANA).
    Malformed,
    /// Contains a character that is not allowed, such as a control character in a name.
    ForbiddenCharacter,
    /// Letters of several scripts that look alike (UTS 39).
    MixedScripts,
    /// A phone number with an extension, which would be lost.
    PhoneExtension,
    /// A username that could be mistaken for the operator or the service.
    Reserved,
    /// The operator lets no user change the claim.
    ReadOnly,
    /// The operator has switched the claim off.
    NotOffered,
    /// A link to an IP address, or to a host of a private network.
    PrivateHost,
    /// Belongs to another account.
    Taken,
    /// Is not one of the caller's own.
    NotOwned,
    /// Is the caller's own but not proven.
    NotVerified,
    /// Easily guessed. The reason may be shown to the user.
    TooWeak {
        /// Why, in a sentence.
        reason: String,
    },
    /// The new value must differ from the current one.
    Unchanged,
    /// One of the earlier passwords of the account.
    UsedBefore,
    /// Does not match what is stored.
    Mismatch,
    /// More than `max` bytes.
    TooLarge {
        /// Greatest number of bytes.
        max: usize,
    },
    /// JSON nested deeper than `max`.
    TooDeep {
        /// Greatest depth.
        max: usize,
    },
    /// More than `max` members in all.
    TooManyMembers {
        /// Greatest number of members.
        max: usize,
    },
    /// JSON that names a member twice.
    DuplicateMember,
    /// JSON with a number that cannot be kept as it is: a whole one beyond 64 bits, or one beyond a double.
    NumberOutOfRange {
        /// JSON pointer to the number.
        pointer: String,
    },
    /// JSON that does not conform to the operator's schema.
    Schema {
        /// JSON pointer to the place.
        pointer: String,
        /// What the schema says.
        message: String,
    },
    /// Not a picture of an accepted kind.
    UnsupportedMedia,
    /// Wider or higher than `side` pixels, or of more than `megapixels` million pixels.
    TooManyPixels {
        /// Greatest width and height.
        side: u32,
        /// Greatest number of pixels, in millions.
        megapixels: u32,
    },
}

impl fmt::Display for Rule {
    /// For logs and the command line: what follows the claim in a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("is required"),
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Malformed => f.write_str("has the wrong form"),
            Self::ForbiddenCharacter => f.write_str("contains a character that is not allowed"),
            Self::MixedScripts => f.write_str("mixes letters of several scripts that look alike"),
            Self::PhoneExtension => f.write_str("has an extension"),
            Self::Reserved => f.write_str("is reserved"),
            Self::ReadOnly => f.write_str("cannot be changed by users"),
            Self::NotOffered => f.write_str("is not offered"),
            Self::PrivateHost => f.write_str("must link to a public host by its name"),
            Self::Taken => f.write_str("belongs to another account"),
            Self::NotOwned => f.write_str("is not one of the account's own"),
            Self::NotVerified => f.write_str("is not verified"),
            Self::TooWeak { reason } => write!(f, "is too easy to guess: {reason}"),
            Self::Unchanged => f.write_str("must differ from the current one"),
            Self::UsedBefore => f.write_str("was used before"),
            Self::Mismatch => f.write_str("does not match"),
            Self::TooLarge { max } => write!(f, "must have at most {}", ByteCount(*max)),
            Self::TooDeep { max } => write!(f, "must not be nested deeper than {max} levels"),
            Self::TooManyMembers { max } => write!(f, "must have at most {max} members"),
            Self::DuplicateMember => f.write_str("names a member twice"),
            Self::NumberOutOfRange { pointer } => write!(f, "holds a number that is out of range at {pointer}"),
            Self::Schema { pointer, message } if pointer.is_empty() => {
                write!(f, "does not match its schema: {message}")
            }
            Self::Schema { pointer, message } => write!(f, "does not match its schema at {pointer}: {message}"),
            Self::UnsupportedMedia => f.write_str("is not a picture of an accepted kind"),
            Self::TooManyPixels { side, megapixels } => {
                write!(f, "must be at most {side} pixels wide and high, and have at most {megapixels} megapixels")
            }
        }
    }
}

/// A number of bytes in a message: whole megabytes from one on, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteCount(pub usize);

impl fmt::Display for ByteCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ 1_000_000.. => write!(f, "{} MB", bytes / 1_000_000),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The claim.
    pub claim: Claim,
    /// The rule.
    pub rule: Rule,
}

impl Violation {
    /// A violation of a rule by a claim.
    pub fn new(claim: Claim, rule: Rule) -> Self {
        Self { claim, rule }
    }
}

/// All violations of one input, in the order of its fields. Not empty where it is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(pub Vec<Violation>);

impl Violations {
    /// Adds one.
    pub fn push(&mut self, claim: Claim, rule: Rule) {
        self.0.push(Violation::new(claim, rule));
    }

    /// Returns the value of a check, or adds its violation.
    pub fn take<T>(&mut self, claim: Claim, checked: Result<T, Rule>) -> Option<T> {
        checked.map_err(|rule| self.push(claim, rule)).ok()
    }

    /// `Ok` when nothing was broken.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Violation> for Violations {
    fn from(violation: Violation) -> Self {
        Self(vec![violation])
    }
}

impl fmt::Display for Violations {
    /// For logs and the command line. Contracts have their own messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Violation { claim, rule }) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{claim} {rule}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_are_written_as_sentences() {
        let mut violations = Violations::from(Violation::new(Claim::Password, Rule::TooShort { min: 15 }));
        violations.push(Claim::Email, Rule::Taken);
        let text = "the password must have at least 15 characters; the e-mail address belongs to another account";
        assert_eq!(violations.to_string(), text);
    }

    #[test]
    fn limits_of_pictures_are_written_in_megabytes_and_megapixels() {
        assert_eq!(Rule::TooLarge { max: 12 << 20 }.to_string(), "must have at most 12 MB");
        assert_eq!(Rule::TooLarge { max: 65_536 }.to_string(), "must have at most 65536 bytes");
        let text = "must be at most 16384 pixels wide and high, and have at most 65 megapixels";
        assert_eq!(Rule::TooManyPixels { side: 16_384, megapixels: 65 }.to_string(), text);
    }
}
