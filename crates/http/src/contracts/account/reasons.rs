//! All errors of the contract, as problem details (RFC 9457): the reasons, and exhaustive matches over the errors of
//! use cases and over the rules of the domain.

use actix_web::http::header::ETAG;
use selfsame_application::{
    deletion::{cancel::CancelDeletionError, schedule::ScheduleDeletionError},
    profile::update::UpdateProfileError,
    sessions::end::EndSignInError,
};
use selfsame_domain::{ByteCount, Claim, Rule, User, Violation};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, entity_tag::entity_tag};
use crate::{
    body::{InvalidBody, InvalidMember, Malformed, MemberProblem, MemberType},
    failure::Failure,
    reason::{Message, Reason, reasons},
    rejection::Rejection,
    request_id::RequestId,
};

/// Maximum number of errors in one response. A body may have many unknown members.
const MAX_ERRORS: usize = 100;

/// The body has invalid members, or its values break rules.
pub(super) const INVALID: Reason = Reason::new(422, "INVALID", "Some members are not valid.");
/// The credential is missing or invalid.
pub(super) const UNAUTHENTICATED: Reason = Reason::new(401, "UNAUTHENTICATED", "Sign in first.");
/// The body is not JSON.
pub(super) const BAD_REQUEST: Reason = Failure::BadRequest.reason();

reasons! {
    /// `If-Match` does not match. `ETag` has the current tag.
    ACCOUNT_CHANGED = 412 "CHANGED" "The account has changed since it was read.";
    /// The caller must prove who they are again (RFC 9470).
    STEP_UP_REQUIRED = 403 "STEP_UP_REQUIRED" "Prove again who you are, or sign in again.";
    /// The token of a mailed link is unknown, used or expired.
    INVALID_TOKEN = 400 "INVALID_TOKEN" "This link is not valid any more.";
    /// The account has no active sign-in with this id.
    UNKNOWN_SIGN_IN = 404 "UNKNOWN_SIGN_IN" "This account has no such sign-in.";
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Problem)]
pub(crate) struct Problem {
    /// The kind of problem, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:selfsame:problem:invalid")]
    kind: String,
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    #[schema(example = 422, minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence for people.
    #[schema(value_type = String, example = "Some members are not valid.")]
    detail: Message,
    /// The value of the header `X-Request-Id`. The log has it too.
    #[schema(example = "5f1c9a3be07d42c8b6a4e1f09d3c7b52", max_length = 64)]
    request_id: String,
    /// All errors of the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 100)]
    errors: Vec<MemberError>,
}

/// One error of a member of the body.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::MemberError)]
pub(crate) struct MemberError {
    /// JSON pointer (RFC 6901) into the body.
    #[schema(example = "/locale")]
    pointer: String,
    /// The name of the member; empty for the whole body.
    #[schema(example = "locale")]
    claim: String,
    /// The broken rule, for programs.
    #[schema(example = "malformed")]
    rule: &'static str,
    /// The broken rule, for people.
    #[schema(example = "must be a BCP 47 language tag")]
    detail: String,
}

impl Problem {
    pub(super) fn new(reason: Reason, message: Message, errors: Vec<MemberError>, request_id: &RequestId) -> Self {
        Self {
            kind: format!("urn:selfsame:problem:{}", reason.code.to_ascii_lowercase().replace('_', "-")),
            title: reason.status().canonical_reason().unwrap_or_default(),
            status: reason.status,
            detail: message,
            request_id: request_id.to_string(),
            errors,
        }
    }
}

impl MemberError {
    fn new(member: &str, rule: &'static str, detail: impl Into<String>) -> Self {
        let pointer = format!("/{}", member.replace('~', "~0").replace('/', "~1"));
        Self { pointer, claim: member.to_owned(), rule, detail: detail.into() }
    }

    /// The error of a member that breaks a rule of the domain.
    fn of_rule(member: &str, rule: &Rule) -> Self {
        let mut error = Self::new(member, rule_code(rule), rule_detail(member, rule));
        if let Rule::Schema { pointer, .. } | Rule::NumberOutOfRange { pointer } = rule {
            error.pointer.push_str(pointer);
        }
        error
    }

    fn of_member(InvalidMember { member, problem }: &InvalidMember) -> Self {
        match problem {
            MemberProblem::Rule(rule) => Self::of_rule(member, rule),
            MemberProblem::Missing => Self::new(member, "required", "must not be missing"),
            MemberProblem::Repeated => Self::new(member, "duplicate_member", "must come once"),
            MemberProblem::Unknown => Self::new(member, "unknown_member", "is not a member that can be changed"),
            MemberProblem::Type(MemberType::Text) => Self::new(member, "type", "must be a string or null"),
            MemberProblem::Type(MemberType::Boolean) => Self::new(member, "type", "must be a boolean"),
            MemberProblem::Type(MemberType::Object) => Self::new(member, "type", "must be an object"),
            MemberProblem::Value(expected) => Self::new(member, "type", format!("must be {expected}")),
        }
    }

    /// The example in the OpenAPI document.
    pub(super) fn example() -> Self {
        Self::of_rule("locale", &Rule::Malformed)
    }
}

/// The rejection of a body with invalid members or violations.
pub(super) fn invalid_body(InvalidBody { members, violations }: InvalidBody) -> Rejection<Account> {
    let of_rules = violations.0.iter().map(|Violation { claim, rule }| MemberError::of_rule(member(*claim), rule));
    let errors = members.iter().map(MemberError::of_member).chain(of_rules).take(MAX_ERRORS);
    Rejection::from(INVALID).with_details(errors.collect())
}

/// The rejection of a malformed body: 422 for JSON that is not an object, otherwise 400.
pub(super) fn malformed_body(malformed: Malformed) -> Rejection<Account> {
    if malformed != Malformed::NotAnObject {
        return BAD_REQUEST.into();
    }
    let detail = "must be a JSON object".to_owned();
    let error = MemberError { pointer: String::new(), claim: String::new(), rule: "type", detail };
    Rejection::from(INVALID).with_details(vec![error])
}

/// The rejection of an `If-Match` that does not match. The account of `user` is at `version`.
pub(super) fn version_mismatch(user: &User, version: i64) -> Rejection<Account> {
    Rejection::from(ACCOUNT_CHANGED).with_header(ETAG, entity_tag(user.id, version).to_string())
}

/// The rejection of a change of the account.
pub(super) fn of_update(error: UpdateProfileError, user: &User) -> Rejection<Account> {
    match error {
        UpdateProfileError::Invalid(violations) => invalid_body(InvalidBody { members: Vec::new(), violations }),
        UpdateProfileError::VersionMismatch { current } => version_mismatch(user, current),
        UpdateProfileError::Unauthenticated => UNAUTHENTICATED.into(),
        UpdateProfileError::Fault(fault) => fault.into(),
    }
}

impl From<ScheduleDeletionError> for Rejection<Account> {
    fn from(error: ScheduleDeletionError) -> Self {
        match error {
            ScheduleDeletionError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            ScheduleDeletionError::Unauthenticated => UNAUTHENTICATED.into(),
            ScheduleDeletionError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CancelDeletionError> for Rejection<Account> {
    fn from(error: CancelDeletionError) -> Self {
        match error {
            CancelDeletionError::InvalidToken => INVALID_TOKEN.into(),
            CancelDeletionError::Unauthenticated => UNAUTHENTICATED.into(),
            CancelDeletionError::Fault(fault) => fault.into(),
        }
    }
}

impl From<EndSignInError> for Rejection<Account> {
    fn from(error: EndSignInError) -> Self {
        match error {
            EndSignInError::UnknownSignIn => UNKNOWN_SIGN_IN.into(),
            EndSignInError::Unauthenticated => UNAUTHENTICATED.into(),
            EndSignInError::Fault(fault) => fault.into(),
        }
    }
}

/// The member of a claim. The names are those of the domain.
fn member(claim: Claim) -> &'static str {
    match claim {
        Claim::GivenName => "given_name",
        Claim::FamilyName => "family_name",
        Claim::Name => "name",
        Claim::PreferredUsername => "preferred_username",
        Claim::Email => "email",
        Claim::PhoneNumber => "phone_number",
        Claim::Locale => "locale",
        Claim::Zoneinfo => "zoneinfo",
        Claim::Picture => "picture",
        Claim::Attributes => "attributes",
        Claim::Password => "password",
        Claim::CurrentPassword => "current_password",
        Claim::PrimaryEmail => "primary_email",
        Claim::PrimaryPhone => "primary_phone",
    }
}

/// The code of a rule, for programs.
fn rule_code(rule: &Rule) -> &'static str {
    match rule {
        Rule::Required => "required",
        Rule::TooShort { .. } => "too_short",
        Rule::TooLong { .. } => "too_long",
        Rule::Malformed => "malformed",
        Rule::ForbiddenCharacter => "forbidden_character",
        Rule::MixedScripts => "mixed_scripts",
        Rule::PhoneExtension => "phone_extension",
        Rule::Reserved => "reserved",
        Rule::PrivateHost => "private_host",
        Rule::Taken => "taken",
        Rule::NotOwned => "not_owned",
        Rule::NotVerified => "not_verified",
        Rule::TooWeak { .. } => "too_weak",
        Rule::Unchanged => "unchanged",
        Rule::Mismatch => "mismatch",
        Rule::TooLarge { .. } => "too_large",
        Rule::TooDeep { .. } => "too_deep",
        Rule::TooManyMembers { .. } => "too_many_members",
        Rule::DuplicateMember => "duplicate_member",
        Rule::NumberOutOfRange { .. } => "number_out_of_range",
        Rule::Schema { .. } => "schema",
        Rule::UnsupportedMedia => "unsupported_media",
        Rule::TooManyPixels { .. } => "too_many_pixels",
    }
}

/// A rule, for people: the rest of a sentence that starts with the member.
fn rule_detail(member: &str, rule: &Rule) -> String {
    let sentence = match rule {
        Rule::Required => "must not be empty",
        Rule::TooShort { min } => return format!("must have at least {min} characters"),
        Rule::TooLong { max } => return format!("must have at most {max} characters"),
        Rule::Malformed => return format!("must be {}", expected_form(member)),
        Rule::ForbiddenCharacter if member == "preferred_username" => {
            "must be letters, digits, dots, dashes and underscores, a letter first"
        }
        Rule::ForbiddenCharacter => "must not hold control characters",
        Rule::MixedScripts => "must not mix letters of different scripts",
        Rule::PhoneExtension => "must not have an extension",
        Rule::Reserved => "is reserved",
        Rule::PrivateHost => "must link to a public host by its name",
        Rule::Taken => "belongs to another account",
        Rule::NotOwned => "must be one of your own",
        Rule::NotVerified => "must be verified first",
        Rule::TooWeak { reason } => reason,
        Rule::Unchanged => "must differ from the present one",
        Rule::Mismatch => "does not match",
        Rule::TooLarge { max } => return format!("must have at most {}", ByteCount(*max)),
        Rule::TooDeep { max } => return format!("must not be nested deeper than {max} levels"),
        Rule::TooManyMembers { max } => return format!("must have at most {max} members"),
        Rule::DuplicateMember => "must not name a member twice",
        Rule::NumberOutOfRange { .. } => {
            "must be a whole number of 64 bits, or a fraction within the range of a double"
        }
        Rule::Schema { message, .. } => message,
        Rule::UnsupportedMedia => "must be a PNG, JPEG, WebP or GIF picture",
        Rule::TooManyPixels { side, megapixels } => {
            return format!("must be at most {side} pixels wide and high, and have at most {megapixels} megapixels");
        }
    };
    sentence.to_owned()
}

/// The expected form of a member.
fn expected_form(member: &str) -> &'static str {
    match member {
        "phone_number" => "a valid international phone number",
        "locale" => "a BCP 47 language tag",
        "zoneinfo" => "an IANA time zone",
        "picture" => "an https URL, or a data URI in base64",
        _ => "of the right form",
    }
}
