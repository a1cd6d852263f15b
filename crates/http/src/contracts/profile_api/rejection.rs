//! Every way to say no: one exhaustive `match` per use case, and one for the words of broken rules.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::WWW_AUTHENTICATE},
};
use selfsame_application::{
    Fault,
    identifiers::request_verification::RequestEmailVerificationError,
    identifiers::verify::VerifyEmailError,
    password::change::ChangePasswordError,
    profile::update::UpdateProfileError,
    sessions::{authenticate::AuthenticateError, principal::StaleProof},
};
use selfsame_domain::{Claim, Rule, Violation, Violations};
use serde::Serialize;
use serde_json::json;
use utoipa::{IntoResponses, ToSchema};

use super::{
    body::Body,
    validation::{HttpValidationError, ValidationError},
};
use crate::{
    credentials::step_up_challenge,
    errors::{
        ErrorStyle, Failure,
        document::{self, ErrorSchema, Responses},
    },
};

/// Why a request is not granted.
#[derive(Debug)]
pub(super) enum Rejection {
    /// The body is not what the model asks for, or breaks rules. 422.
    Invalid(Vec<ValidationError>),
    /// No access token, or none that is good any more. 401.
    Unauthenticated,
    /// The caller has to prove who they are once more (RFC 9470). 401.
    Stale(chrono::Duration),
    /// This status, with this sentence.
    Refused(StatusCode, &'static str),
    /// Something that can happen on any route.
    Failed(Failure),
}

/// Why not, in a sentence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Detail)]
pub(super) struct Detail {
    #[schema(example = "Not authenticated")]
    detail: &'static str,
}

impl Detail {
    pub(super) fn new(detail: &'static str) -> Self {
        Self { detail }
    }
}

impl ErrorSchema for Detail {
    const STYLE: ErrorStyle = ErrorStyle::FastApi;
}

/// What an operation that wants a token may answer, for the OpenAPI document.
pub(super) struct Unauthorized;

impl IntoResponses for Unauthorized {
    fn responses() -> Responses {
        let example = json!(Detail::new("Not authenticated"));
        document::unauthorized::<Detail>("No access token, or none that is good any more.", example)
    }
}

impl Rejection {
    /// The answer.
    pub(super) fn respond(&self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::Invalid(errors) => HttpResponse::UnprocessableEntity().json(HttpValidationError { detail: errors }),
            Self::Unauthenticated => HttpResponse::Unauthorized()
                .insert_header((WWW_AUTHENTICATE, "Bearer"))
                .json(Detail::new("Not authenticated")),
            Self::Stale(max_age) => HttpResponse::Unauthorized()
                .insert_header((WWW_AUTHENTICATE, step_up_challenge(*max_age)))
                .json(Detail::new("Sign in again to do this")),
            Self::Refused(status, detail) => HttpResponse::build(*status).json(Detail { detail }),
            Self::Failed(failure) => failure.respond(request),
        }
    }

    /// Why a profile is what it was; `body` is what was sent.
    pub(super) fn of_update(error: UpdateProfileError, body: &Body) -> Self {
        match error {
            UpdateProfileError::Invalid(violations) => Self::of_fields(Vec::new(), violations, body),
            UpdateProfileError::VersionMismatch { .. } => {
                Self::Refused(StatusCode::CONFLICT, "The profile was changed in the meantime")
            }
            UpdateProfileError::Unauthenticated => Self::Unauthenticated,
            UpdateProfileError::Fault(fault) => fault.into(),
        }
    }

    /// Why a password is what it was; `body` is what was sent.
    pub(super) fn of_password_change(error: ChangePasswordError, body: &Body) -> Self {
        match error {
            ChangePasswordError::WrongPassword => {
                Self::Refused(StatusCode::BAD_REQUEST, "Current password is incorrect")
            }
            ChangePasswordError::Invalid(violations) => Self::of_fields(Vec::new(), violations, body),
            ChangePasswordError::Stale(StaleProof { max_age }) => Self::Stale(max_age),
            ChangePasswordError::Unauthenticated => Self::Unauthenticated,
            ChangePasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl Rejection {
    /// All that is wrong with the fields of a body, in the model's order. Of one that could not be read (`wrong`) no rule is
    /// said to be broken.
    pub(super) fn of_fields(mut wrong: Vec<ValidationError>, Violations(violations): Violations, body: &Body) -> Self {
        let unread: Vec<_> = wrong.iter().map(ValidationError::field).collect();
        let broken = violations.iter().filter(|violation| !unread.contains(&field(violation.claim)));
        wrong.extend(broken.map(|Violation { claim, rule }| said(*claim, rule, body)));
        wrong.sort_by_key(|error| FIELDS.iter().position(|name| Some(*name) == error.field()));
        Self::Invalid(wrong)
    }
}

impl From<ValidationError> for Rejection {
    fn from(error: ValidationError) -> Self {
        Self::Invalid(vec![error])
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<AuthenticateError> for Rejection {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Unauthenticated | AuthenticateError::Expired => Self::Unauthenticated,
            AuthenticateError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestEmailVerificationError> for Rejection {
    fn from(error: RequestEmailVerificationError) -> Self {
        match error {
            RequestEmailVerificationError::NoEmail => {
                Self::Refused(StatusCode::BAD_REQUEST, "The account has no email address")
            }
            RequestEmailVerificationError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyEmailError> for Rejection {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Invalid => Self::Refused(StatusCode::BAD_REQUEST, "Invalid token or code"),
            VerifyEmailError::TooManyTries => {
                Self::Refused(StatusCode::BAD_REQUEST, "Too many wrong codes. Request a new one")
            }
            VerifyEmailError::Expired => Self::Refused(StatusCode::GONE, "The token or code has expired"),
            VerifyEmailError::Fault(fault) => fault.into(),
        }
    }
}

/// The models' fields, in their order.
const FIELDS: [&str; 10] = [
    "first_name",
    "last_name",
    "display_name",
    "phone",
    "locale",
    "timezone",
    "current_password",
    "new_password",
    "token",
    "code",
];

/// The field that a claim came in; `None` for claims that this contract does not write.
fn field(claim: Claim) -> Option<&'static str> {
    match claim {
        Claim::GivenName => Some("first_name"),
        Claim::FamilyName => Some("last_name"),
        Claim::Name => Some("display_name"),
        Claim::PhoneNumber => Some("phone"),
        Claim::Locale => Some("locale"),
        Claim::Zoneinfo => Some("timezone"),
        Claim::CurrentPassword => Some("current_password"),
        Claim::Password => Some("new_password"),
        Claim::PreferredUsername
        | Claim::Email
        | Claim::Picture
        | Claim::Attributes
        | Claim::PrimaryEmail
        | Claim::PrimaryPhone => None,
    }
}

/// A broken rule in this contract's words.
fn said(claim: Claim, rule: &Rule, body: &Body) -> ValidationError {
    let field = field(claim);
    let input = body.input(field);
    let value_error = |input, why: &str| ValidationError::value_error(field, input, why);
    match rule {
        Rule::TooShort { min } if claim == Claim::Password => {
            value_error(input, &format!("Password must be at least {min} characters"))
        }
        Rule::TooShort { min } => ValidationError::too_short(field, input, *min),
        Rule::TooLong { max } => ValidationError::too_long(field, input, *max),
        Rule::Required => value_error(input, "A value is required"),
        Rule::Malformed => value_error(input, form(claim)),
        Rule::ForbiddenCharacter => value_error(input, "Control characters are not allowed"),
        Rule::MixedScripts => value_error(input, "Letters of different scripts must not be mixed"),
        Rule::Taken => value_error(input, "This belongs to another account"),
        Rule::NotOwned => value_error(input, "This is not one of your own"),
        Rule::NotVerified => value_error(input, "This has not been verified"),
        Rule::TooWeak { reason } => value_error(input, reason),
        Rule::Unchanged => value_error(input, "The new value must differ from the current one"),
        Rule::Mismatch => value_error(input, "This does not match"),
        Rule::TooLarge { max } => value_error(input, &format!("At most {max} bytes are allowed")),
        Rule::TooDeep { max } => value_error(input, &format!("At most {max} levels of nesting are allowed")),
        Rule::TooManyMembers { max } => value_error(input, &format!("At most {max} members are allowed")),
        Rule::DuplicateMember => value_error(input, "A member is named twice"),
        Rule::Schema { pointer, message } => value_error(input, &format!("{pointer}: {message}")),
        Rule::UnsupportedMedia => value_error(input, "This kind of file is not accepted"),
        Rule::TooManyPixels { side } => value_error(input, &format!("At most {side} by {side} pixels are allowed")),
    }
}

/// The form that a claim should have had.
fn form(claim: Claim) -> &'static str {
    match claim {
        Claim::PhoneNumber => "Phone must be a valid international number such as +31612345678",
        Claim::Locale => "Locale must be a BCP 47 language tag such as en-GB",
        Claim::Zoneinfo => "Timezone must be an IANA time zone such as Europe/Amsterdam",
        _ => "This is not of the right form",
    }
}
