//! What this contract says about a broken rule: a code for programs, a sentence for the user, who is shown it as it is.
//!
//! Both matches are exhaustive: a new rule breaks the build until it has its words here.

use actix_web::http::StatusCode;
use selfsame_domain::{Claim, Rule, Violation};

use super::wire::ErrorObject;

/// A broken rule in this contract's words.
pub(super) fn error(violation: &Violation) -> ErrorObject {
    ErrorObject::new(code(violation), sentence(violation))
}

/// The status of an answer that says nothing but this.
pub(super) fn status(violation: &Violation) -> StatusCode {
    match (&violation.rule, violation.claim) {
        (Rule::NotOwned, _) => StatusCode::NOT_FOUND,
        (Rule::UnsupportedMedia, _) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        (Rule::TooLarge { .. }, Claim::Picture) => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn code(violation: &Violation) -> &'static str {
    match (&violation.rule, violation.claim) {
        (Rule::Required, _) => "REQUIRED_FIELD",
        (Rule::Taken, Claim::Email | Claim::PrimaryEmail) => "EMAIL_EXISTS",
        (Rule::Taken, Claim::PhoneNumber | Claim::PrimaryPhone) => "PHONE_NUMBER_EXISTS",
        (Rule::Taken, _) => "USERNAME_EXISTS",
        (Rule::NotOwned, _) => "NOT_FOUND",
        (Rule::NotVerified, _) => "INVALID_STATE",
        (Rule::Mismatch, _) => "INVALID_CREDENTIALS",
        (Rule::UnsupportedMedia, _) => "UNSUPPORTED_MEDIA_TYPE",
        (Rule::TooLarge { .. }, Claim::Picture) => "PAYLOAD_TOO_LARGE",
        (
            Rule::TooShort { .. }
            | Rule::TooLong { .. }
            | Rule::Malformed
            | Rule::ForbiddenCharacter
            | Rule::MixedScripts
            | Rule::TooWeak { .. }
            | Rule::Unchanged
            | Rule::TooLarge { .. }
            | Rule::TooDeep { .. }
            | Rule::TooManyMembers { .. }
            | Rule::DuplicateMember
            | Rule::Schema { .. }
            | Rule::TooManyPixels { .. },
            _,
        ) => "BAD_REQUEST_BODY",
    }
}

fn sentence(violation: &Violation) -> String {
    let what = noun(violation.claim);
    match &violation.rule {
        Rule::Required | Rule::TooShort { min: 1 } => format!("The {what} must not be empty."),
        Rule::TooShort { min } => format!("The {what} must have at least {min} characters."),
        Rule::TooLong { max } => format!("The {what} must have at most {max} characters."),
        Rule::Malformed => format!("The {what} is not valid."),
        Rule::ForbiddenCharacter if violation.claim == Claim::PreferredUsername => {
            format!("The {what} must start with a letter and have only letters, digits, dots, dashes and underscores.")
        }
        Rule::ForbiddenCharacter => format!("The {what} has a character that is not allowed."),
        Rule::MixedScripts => format!("The {what} must not mix letters of several alphabets."),
        Rule::Taken => format!("This {what} is taken."),
        Rule::NotOwned => format!("There is no such {what} in this account."),
        Rule::NotVerified => format!("The {what} has to be verified before it can be primary."),
        Rule::TooWeak { reason } => reason.clone(),
        Rule::Unchanged => format!("The {what} must differ from the current one."),
        Rule::Mismatch => format!("The {what} is wrong."),
        Rule::TooLarge { max } => format!("The {what} must have at most {max} bytes."),
        Rule::TooDeep { max } => format!("The {what} must be nested at most {max} levels deep."),
        Rule::TooManyMembers { max } => format!("The {what} must have at most {max} members."),
        Rule::DuplicateMember => format!("The {what} must not name a member twice."),
        Rule::Schema { pointer, message } => format!("The {what} is not valid at {pointer:?}: {message}."),
        Rule::UnsupportedMedia => format!("The {what} must be a PNG, JPEG, WebP or GIF file."),
        Rule::TooManyPixels { side } => format!("The {what} must be at most {side} pixels wide and high."),
    }
}

/// What the SDK's forms call it.
fn noun(claim: Claim) -> &'static str {
    match claim {
        Claim::GivenName => "first name",
        Claim::FamilyName => "last name",
        Claim::Name => "name",
        Claim::PreferredUsername => "username",
        Claim::Email | Claim::PrimaryEmail => "email address",
        Claim::PhoneNumber | Claim::PrimaryPhone => "phone number",
        Claim::Locale => "language",
        Claim::Zoneinfo => "time zone",
        Claim::Picture => "picture",
        Claim::Attributes => "profile",
        Claim::Password => "password",
        Claim::CurrentPassword => "current password",
    }
}
