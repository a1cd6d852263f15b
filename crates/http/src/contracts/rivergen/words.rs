//! What this contract calls the claims of the domain, and how it says that a rule was broken.
//!
//! Both `match`es are exhaustive: a new claim or rule does not compile before it has its words here.

use selfsame_domain::{Claim, Rule, Violation, Violations};

use super::rejection::FieldError;

/// What one route calls the two claims that have no one name.
#[derive(Clone, Copy)]
pub(super) struct Names {
    email: &'static str,
    password: &'static str,
}

/// At sign-up.
pub(super) const FIRST: Names = Names { email: "email", password: "password" };
/// Where another value takes the place of the one in force.
pub(super) const NEW: Names = Names { email: "new_email", password: "new_password" };

/// All violations, as the client's form has them.
pub(super) fn field_errors(violations: &Violations, names: Names) -> Vec<FieldError> {
    violations.0.iter().map(|violation| field_error(violation, names)).collect()
}

fn field_error(Violation { claim, rule }: &Violation, names: Names) -> FieldError {
    let name = field(*claim, names);
    let reason = reason(*claim, rule);
    match rule {
        Rule::Schema { pointer, .. } => FieldError::new(format!("{name}{pointer}"), reason),
        _ => FieldError::new(name, reason),
    }
}

fn field(claim: Claim, names: Names) -> &'static str {
    match claim {
        Claim::Name => "display_name",
        Claim::Picture => "profile_image_url",
        Claim::Attributes => "profile",
        Claim::Email => names.email,
        Claim::Password => names.password,
        Claim::CurrentPassword => "current_password",
        // No route of this contract takes these; their names are those of the domain.
        Claim::GivenName => "given_name",
        Claim::FamilyName => "family_name",
        Claim::PreferredUsername => "preferred_username",
        Claim::PhoneNumber => "phone_number",
        Claim::Locale => "locale",
        Claim::Zoneinfo => "zoneinfo",
        Claim::PrimaryEmail => "primary_email",
        Claim::PrimaryPhone => "primary_phone",
    }
}

/// The broken rule, as the end of a sentence that begins with the field.
pub(super) fn reason(claim: Claim, rule: &Rule) -> String {
    match rule {
        Rule::Required => "is required".to_owned(),
        Rule::TooShort { min: 1 } => "must not be empty".to_owned(),
        Rule::TooShort { min } => format!("must have at least {min} characters"),
        Rule::TooLong { max } if claim == Claim::Attributes => {
            format!("has a key or a text of more than {max} characters")
        }
        Rule::TooLong { max } => format!("must have at most {max} characters"),
        Rule::Malformed => malformed(claim).to_owned(),
        Rule::ForbiddenCharacter => "holds a character that is not allowed".to_owned(),
        Rule::MixedScripts => "mixes scripts whose letters look alike".to_owned(),
        Rule::Taken => "is taken".to_owned(),
        Rule::NotOwned => "is not one of your own".to_owned(),
        Rule::NotVerified => "is not verified".to_owned(),
        Rule::TooWeak { reason } => format!("is too weak: {reason}"),
        Rule::Unchanged => "must differ from the one in force".to_owned(),
        Rule::Mismatch => "does not match".to_owned(),
        Rule::TooLarge { max } => format!("must have at most {max} bytes"),
        Rule::TooDeep { max } => format!("must be nested at most {max} deep"),
        Rule::TooManyMembers { max } => format!("must have at most {max} members, in each array and in all"),
        Rule::DuplicateMember => "names a member twice".to_owned(),
        Rule::Schema { message, .. } => format!("does not fit the schema: {message}"),
        Rule::UnsupportedMedia => "must be a PNG, JPEG, WebP or GIF picture".to_owned(),
        Rule::TooManyPixels { side } => format!("must be at most {side} pixels wide and high"),
    }
}

fn malformed(claim: Claim) -> &'static str {
    match claim {
        Claim::Email => "must be an e-mail address",
        Claim::Picture => "must be an https URL or a base64 data URI",
        Claim::Attributes => "must be a JSON object",
        _ => "is malformed",
    }
}
