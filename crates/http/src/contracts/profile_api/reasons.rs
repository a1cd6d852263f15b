//! All errors of the contract: the reasons, and exhaustive matches over the errors of use cases and over the rules of
//! the domain. The contract has no error codes: those here are for the log.

use std::borrow::Cow;

use selfsame_application::{
    identifiers::{request_verification::RequestEmailVerificationError, verify::VerifyEmailError},
    password::change::ChangePasswordError,
    profile::update::UpdateProfileError,
    second_factors::backup_codes::MakeBackupCodesError,
    sessions::end::EndSignInError,
};
use selfsame_domain::{ByteCount, Claim, Rule, Scope, Violation, Violations};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{
    ProfileApi,
    body::Body,
    json::JsonError,
    validation::{HttpValidationError, ValidationError},
};
use crate::{
    failure::Failure,
    reason::{Message, Reason, in_words, reasons},
    rejection::Rejection,
};

reasons! {
    /// The access token is missing or invalid.
    NOT_AUTHENTICATED = 401 "NOT_AUTHENTICATED" "Not authenticated";
    /// The caller must authenticate again (RFC 9470).
    STEP_UP_REQUIRED = 401 "STALE" "Sign in again to do this";
    /// The current password is wrong.
    WRONG_PASSWORD = 400 "WRONG_PASSWORD" "Current password is incorrect";
    /// The account has no active session with this id.
    SESSION_NOT_FOUND = 404 "SESSION_NOT_FOUND" "Session not found";
    /// The account has no address to verify.
    NO_EMAIL = 400 "NO_EMAIL" "The account has no email address";
    /// The token or code is wrong or was used.
    INVALID_PROOF = 400 "INVALID_PROOF" "Invalid token or code";
    /// Too many wrong codes were tried. `Retry-After` says when the next one may be tried.
    TOO_MANY_TRIES = 400 "TOO_MANY_TRIES" "Too many wrong codes. Try again later, or use the link in the mail";
    /// The code of the second factor is wrong, or was used.
    WRONG_CODE = 400 "WRONG_CODE" "Invalid code";
    /// Too many wrong codes of the second factor were tried. `Retry-After` says when the next one may be tried.
    TOO_MANY_CODES = 400 "TOO_MANY_CODES" "Too many wrong codes. Try again later";
    /// Backup codes take the place of a second factor, and none is enrolled.
    MFA_NOT_ENABLED = 400 "MFA_NOT_ENABLED" "MFA is not enabled";
    /// The token or code has expired.
    EXPIRED_PROOF = 410 "EXPIRED_PROOF" "The token or code has expired";
}

/// The message of `INVALID_PROOF` for a link that was used. The page of mailed links looks for it.
pub(crate) const ALREADY_VERIFIED: &str = "This email address is already verified";

/// The body does not match the model, or its values break rules. Only this error has a list.
pub(super) const UNPROCESSABLE: Reason = Reason::new(422, "UNPROCESSABLE", "Unprocessable Entity");
/// The body is not UTF-8, or exceeds a limit of the parser.
pub(super) const BAD_REQUEST: Reason = Failure::BadRequest.reason().with_message("There was an error parsing the body");

/// An error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Detail)]
pub(crate) struct Detail {
    #[schema(value_type = String, example = "Not authenticated")]
    detail: Message,
}

/// The body of an error: a sentence, or for 422 a list of errors.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ErrorBody {
    Sentence(Detail),
    Errors(HttpValidationError),
}

impl ErrorBody {
    pub(super) fn new(reason: Reason, message: Message, errors: Vec<ValidationError>) -> Self {
        if reason == UNPROCESSABLE {
            Self::Errors(HttpValidationError { detail: errors })
        } else {
            Self::Sentence(Detail { detail: message })
        }
    }
}

// The routes document the list themselves. All other errors are a sentence.
impl PartialSchema for ErrorBody {
    fn schema() -> RefOr<Schema> {
        Detail::schema()
    }
}

impl ToSchema for ErrorBody {
    fn name() -> Cow<'static, str> {
        Detail::name()
    }
}

/// The rejection of a change of the profile by `body`.
pub(super) fn of_update(error: UpdateProfileError, body: &Body) -> Rejection<ProfileApi> {
    match error {
        UpdateProfileError::Invalid(violations) => of_fields(Vec::new(), violations, body),
        // Only if the request names a version, and no request of this contract does.
        UpdateProfileError::VersionMismatch { .. } => Failure::Internal.into(),
        UpdateProfileError::InsufficientScope => Rejection::insufficient_scope(&[Scope::SecurityWrite]),
        UpdateProfileError::StepUp(required) => Rejection::step_up(STEP_UP_REQUIRED, required),
        UpdateProfileError::Unauthenticated => NOT_AUTHENTICATED.into(),
        UpdateProfileError::Fault(fault) => fault.into(),
    }
}

impl From<MakeBackupCodesError> for Rejection<ProfileApi> {
    fn from(error: MakeBackupCodesError) -> Self {
        match error {
            MakeBackupCodesError::NotEnrolled => MFA_NOT_ENABLED.into(),
            MakeBackupCodesError::InvalidCode => WRONG_CODE.into(),
            MakeBackupCodesError::TooManyTries(wait) => {
                let message = format!("Too many wrong codes. Try again in {}", in_words(wait));
                Self::from(TOO_MANY_CODES).with_message(message).with_retry_after(wait)
            }
            MakeBackupCodesError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            MakeBackupCodesError::Unauthenticated => NOT_AUTHENTICATED.into(),
            MakeBackupCodesError::Fault(fault) => fault.into(),
        }
    }
}

/// The rejection of a change of the password by `body`.
pub(super) fn of_password_change(error: ChangePasswordError, body: &Body) -> Rejection<ProfileApi> {
    match error {
        ChangePasswordError::WrongPassword => WRONG_PASSWORD.into(),
        ChangePasswordError::Invalid(violations) => of_fields(Vec::new(), violations, body),
        ChangePasswordError::StepUp(required) => Rejection::step_up(STEP_UP_REQUIRED, required),
        ChangePasswordError::Unauthenticated => NOT_AUTHENTICATED.into(),
        ChangePasswordError::Fault(fault) => fault.into(),
    }
}

/// The rejection of all errors of the fields, in the order of the model. Violations of a field that has an error
/// already are left out.
pub(super) fn of_fields(
    mut errors: Vec<ValidationError>,
    Violations(violations): Violations,
    body: &Body,
) -> Rejection<ProfileApi> {
    let reported: Vec<_> = errors.iter().map(ValidationError::field).collect();
    let others = violations.iter().filter(|violation| !reported.contains(&field(violation.claim)));
    errors.extend(others.map(|Violation { claim, rule }| of_rule(*claim, rule, body)));
    errors.sort_by_key(|error| FIELDS.iter().position(|name| Some(*name) == error.field()));
    Rejection::from(UNPROCESSABLE).with_details(errors)
}

impl From<ValidationError> for Rejection<ProfileApi> {
    fn from(error: ValidationError) -> Self {
        Self::from(UNPROCESSABLE).with_details(vec![error])
    }
}

impl From<JsonError> for Rejection<ProfileApi> {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Syntax { problem, position } => ValidationError::invalid_json(problem, position).into(),
            JsonError::LimitExceeded => Failure::BadRequest.into(),
        }
    }
}

impl From<RequestEmailVerificationError> for Rejection<ProfileApi> {
    fn from(error: RequestEmailVerificationError) -> Self {
        match error {
            RequestEmailVerificationError::NoEmail => NO_EMAIL.into(),
            RequestEmailVerificationError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RequestEmailVerificationError::Fault(fault) => fault.into(),
        }
    }
}

impl From<EndSignInError> for Rejection<ProfileApi> {
    fn from(error: EndSignInError) -> Self {
        match error {
            EndSignInError::UnknownSignIn => SESSION_NOT_FOUND.into(),
            EndSignInError::Unauthenticated => NOT_AUTHENTICATED.into(),
            EndSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyEmailError> for Rejection<ProfileApi> {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Invalid => INVALID_PROOF.into(),
            VerifyEmailError::AlreadyVerified => INVALID_PROOF.with_message(ALREADY_VERIFIED).into(),
            VerifyEmailError::TooManyTries(wait) => {
                let message =
                    format!("Too many wrong codes. Try again in {}, or use the link in the mail", in_words(wait));
                Self::from(TOO_MANY_TRIES).with_message(message).with_retry_after(wait)
            }
            VerifyEmailError::Expired => EXPIRED_PROOF.into(),
            VerifyEmailError::Unauthenticated => NOT_AUTHENTICATED.into(),
            VerifyEmailError::Fault(fault) => fault.into(),
        }
    }
}

/// The fields of all models, in their order.
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

/// The field of a claim; `None` if no route of this contract has it.
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
        | Claim::PrimaryPhone
        | Claim::PasskeyName
        | Claim::SignInName => None,
    }
}

/// The error of a broken rule.
fn of_rule(claim: Claim, rule: &Rule, body: &Body) -> ValidationError {
    let field = field(claim);
    let input = body.input(field);
    let value_error = |input, message: &str| ValidationError::value_error(field, input, message);
    match rule {
        Rule::TooShort { min } if claim == Claim::Password => {
            value_error(input, &format!("Password must be at least {min} characters"))
        }
        Rule::TooShort { min } => ValidationError::too_short(field, input, *min),
        Rule::TooLong { max } => ValidationError::too_long(field, input, *max),
        Rule::Required => value_error(input, "A value is required"),
        Rule::Malformed => value_error(input, expected_form(claim)),
        Rule::ForbiddenCharacter => value_error(input, "Control characters are not allowed"),
        Rule::MixedScripts => value_error(input, "Letters of different scripts must not be mixed"),
        Rule::PhoneExtension => value_error(input, "Phone must not have an extension"),
        Rule::Reserved => value_error(input, "This name is reserved"),
        Rule::ReadOnly => value_error(input, "Users cannot change this"),
        Rule::NotOffered => value_error(input, "This is not offered"),
        Rule::PrivateHost => value_error(input, "The link must name a public host"),
        Rule::Taken => value_error(input, "This belongs to another account"),
        Rule::NotOwned => value_error(input, "This is not one of your own"),
        Rule::NotVerified => value_error(input, "This has not been verified"),
        Rule::TooWeak { reason } => value_error(input, reason),
        Rule::Unchanged => value_error(input, "The new value must differ from the current one"),
        Rule::UsedBefore => value_error(input, "Password was used before"),
        Rule::Mismatch => value_error(input, "This does not match"),
        Rule::TooLarge { max } => value_error(input, &format!("At most {} are allowed", ByteCount(*max))),
        Rule::TooDeep { max } => value_error(input, &format!("At most {max} levels of nesting are allowed")),
        Rule::TooManyMembers { max } => value_error(input, &format!("At most {max} members are allowed")),
        Rule::DuplicateMember => value_error(input, "A member is named twice"),
        Rule::NumberOutOfRange { pointer } => value_error(input, &format!("{pointer}: The number is out of range")),
        Rule::Schema { pointer, message } => value_error(input, &format!("{pointer}: {message}")),
        Rule::UnsupportedMedia => value_error(input, "This kind of file is not accepted"),
        Rule::TooManyPixels { side, megapixels } => {
            let message = format!("At most {side} by {side} pixels, and at most {megapixels} megapixels are allowed");
            value_error(input, &message)
        }
    }
}

/// The expected form of a claim.
fn expected_form(claim: Claim) -> &'static str {
    match claim {
        Claim::PhoneNumber => "Phone must be a valid international number such as +31612345678",
        Claim::Locale => "Locale must be a BCP 47 language tag such as en-GB",
        Claim::Zoneinfo => "Timezone must be an IANA time zone such as Europe/Amsterdam",
        _ => "This is not of the right form",
    }
}
