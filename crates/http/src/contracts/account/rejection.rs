//! Every way to say no, as problem details (RFC 9457): one exhaustive `match` per use case, and one for broken rules.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{ETag, EntityTag, HeaderName, HeaderValue, WWW_AUTHENTICATE},
    },
};
use selfsame_application::{Fault, profile::update::UpdateProfileError, sessions::authenticate::AuthenticateError};
use selfsame_domain::{Claim, Rule, User, Violation, Violations};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoResponses, ToSchema};

use super::entity_tag::entity_tag;
use crate::{
    ErrorStyle, Failure, RequestId,
    body::BodyError,
    errors::document::{self, ErrorSchema, Responses},
};

/// RFC 5789 section 3.1.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const PATCH_TYPES: &str = "application/merge-patch+json, application/json";

/// Why a request is not granted.
#[derive(Debug)]
pub(super) enum Rejection {
    /// Members of the body are not what they should be, or break rules. 422.
    Invalid(Vec<MemberError>),
    /// Nobody is signed in. 401.
    Unauthenticated,
    /// The account is not as `If-Match` has it, but so. 412.
    Changed(EntityTag),
    /// Something that can happen on any route.
    Failed(Failure),
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Problem)]
pub(super) struct Problem<'p> {
    /// Which kind of problem, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:selfsame:problem:invalid")]
    kind: &'static str,
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    #[schema(example = 422)]
    status: u16,
    /// What happened, for people.
    #[schema(example = "Some members are not valid.")]
    detail: &'static str,
    /// As in the header `X-Request-Id` and in the server's log.
    #[schema(example = "5f1c9a3be07d42c8b6a4e1f09d3c7b52")]
    request_id: String,
    /// Everything that is wrong with the body.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'p [MemberError],
}

/// One thing that is wrong with a member of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = account::MemberError)]
pub(super) struct MemberError {
    /// JSON pointer (RFC 6901) into the body.
    #[schema(example = "/locale")]
    pointer: String,
    /// The member; empty for the whole body.
    #[schema(example = "locale")]
    claim: String,
    /// Which rule is broken, for programs.
    #[schema(example = "malformed")]
    rule: &'static str,
    /// Which rule is broken, for people.
    #[schema(example = "must be a BCP 47 language tag")]
    detail: String,
}

impl ErrorSchema for Problem<'_> {
    const STYLE: ErrorStyle = ErrorStyle::Problem;
}

/// What an operation may answer to who is not signed in, for the OpenAPI document.
pub(super) struct Unauthorized;

impl IntoResponses for Unauthorized {
    fn responses() -> Responses {
        document::unauthorized::<Problem<'_>>("Nobody is signed in.", Rejection::Unauthenticated.example())
    }
}

impl MemberError {
    /// About a member of the body.
    pub(super) fn new(claim: &str, rule: &'static str, detail: impl Into<String>) -> Self {
        let pointer = format!("/{}", claim.replace('~', "~0").replace('/', "~1"));
        Self { pointer, claim: claim.to_owned(), rule, detail: detail.into() }
    }

    /// About a member that breaks a rule of the domain.
    pub(super) fn of_rule(claim: &str, rule: &Rule) -> Self {
        let mut error = Self::new(claim, code(rule), said(claim, rule));
        if let Rule::Schema { pointer, .. } = rule {
            error.pointer.push_str(pointer);
        }
        error
    }
}

impl Rejection {
    /// The body as a whole is no JSON object.
    pub(super) fn not_an_object() -> Self {
        let detail = "must be a JSON object".to_owned();
        Self::Invalid(vec![MemberError { pointer: String::new(), claim: String::new(), rule: "type", detail }])
    }

    /// The 422 and the 412 of the OpenAPI document.
    pub(super) fn examples() -> [Value; 2] {
        let invalid = Self::Invalid(vec![MemberError::of_rule("locale", &Rule::Malformed)]);
        let changed = Self::Changed(EntityTag::new_strong(String::new()));
        [invalid.example(), changed.example()]
    }

    fn example(&self) -> Value {
        json!(self.problem("5f1c9a3be07d42c8b6a4e1f09d3c7b52".to_owned()))
    }

    /// What this contract says itself.
    fn problem(&self, request_id: String) -> Option<Problem<'_>> {
        let (kind, status, detail) = match self {
            Self::Invalid(_) => {
                ("urn:selfsame:problem:invalid", StatusCode::UNPROCESSABLE_ENTITY, "Some members are not valid.")
            }
            Self::Unauthenticated => {
                ("urn:selfsame:problem:unauthenticated", StatusCode::UNAUTHORIZED, "Sign in first.")
            }
            Self::Changed(_) => (
                "urn:selfsame:problem:changed",
                StatusCode::PRECONDITION_FAILED,
                "The account has changed since it was read.",
            ),
            Self::Failed(_) => return None,
        };
        let title = status.canonical_reason().unwrap_or_default();
        let errors = if let Self::Invalid(errors) = self { errors.as_slice() } else { &[] };
        Some(Problem { kind, title, status: status.as_u16(), detail, request_id, errors })
    }

    /// The answer.
    pub(super) fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let own = |mut response: HttpResponseBuilder| {
            let problem = self.problem(RequestId::of(request).to_string());
            response.content_type("application/problem+json").json(problem)
        };
        match self {
            Self::Invalid(_) => own(HttpResponse::UnprocessableEntity()),
            Self::Unauthenticated => {
                let mut response = own(HttpResponse::Unauthorized());
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
            Self::Changed(current) => {
                let mut response = HttpResponse::PreconditionFailed();
                response.insert_header(ETag(current.clone()));
                own(response)
            }
            Self::Failed(failure) => {
                let mut response = failure.respond(request);
                if *failure == Failure::UnsupportedMediaType {
                    response.headers_mut().insert(ACCEPT_PATCH, HeaderValue::from_static(PATCH_TYPES));
                }
                response
            }
        }
    }

    /// Why the account is what it was.
    pub(super) fn of_update(error: UpdateProfileError, user: &User) -> Self {
        match error {
            UpdateProfileError::Invalid(Violations(violations)) => {
                let said = |Violation { claim, rule }: &Violation| MemberError::of_rule(member(*claim), rule);
                Self::Invalid(violations.iter().map(said).collect())
            }
            UpdateProfileError::VersionMismatch { current } => Self::Changed(entity_tag(user.id, current)),
            UpdateProfileError::Unauthenticated => Self::Unauthenticated,
            UpdateProfileError::Fault(fault) => fault.into(),
        }
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

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<BodyError> for Rejection {
    fn from(error: BodyError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<EntityTag> for Rejection {
    fn from(current: EntityTag) -> Self {
        Self::Changed(current)
    }
}

/// The member that a claim comes in: this contract speaks the domain's language.
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

/// A rule's name, for programs.
fn code(rule: &Rule) -> &'static str {
    match rule {
        Rule::Required => "required",
        Rule::TooShort { .. } => "too_short",
        Rule::TooLong { .. } => "too_long",
        Rule::Malformed => "malformed",
        Rule::ForbiddenCharacter => "forbidden_character",
        Rule::MixedScripts => "mixed_scripts",
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
        Rule::Schema { .. } => "schema",
        Rule::UnsupportedMedia => "unsupported_media",
        Rule::TooManyPixels { .. } => "too_many_pixels",
    }
}

/// A rule, for people.
fn said(claim: &str, rule: &Rule) -> String {
    let sentence = match rule {
        Rule::Required => "must not be empty",
        Rule::TooShort { min } => return format!("must have at least {min} characters"),
        Rule::TooLong { max } => return format!("must have at most {max} characters"),
        Rule::Malformed => return format!("must be {}", form(claim)),
        Rule::ForbiddenCharacter if claim == "preferred_username" => {
            "must be letters, digits, dots, dashes and underscores, a letter first"
        }
        Rule::ForbiddenCharacter => "must not hold control characters",
        Rule::MixedScripts => "must not mix letters of different scripts",
        Rule::Taken => "belongs to another account",
        Rule::NotOwned => "must be one of your own",
        Rule::NotVerified => "must be verified first",
        Rule::TooWeak { reason } => reason,
        Rule::Unchanged => "must differ from the present one",
        Rule::Mismatch => "does not match",
        Rule::TooLarge { max } => return format!("must have at most {max} bytes"),
        Rule::TooDeep { max } => return format!("must not be nested deeper than {max} levels"),
        Rule::TooManyMembers { max } => return format!("must have at most {max} members"),
        Rule::DuplicateMember => "must not name a member twice",
        Rule::Schema { message, .. } => message,
        Rule::UnsupportedMedia => "must be a PNG, JPEG, WebP or GIF picture",
        Rule::TooManyPixels { side } => return format!("must be at most {side} pixels wide and high"),
    };
    sentence.to_owned()
}

/// The form that a member should have.
fn form(claim: &str) -> &'static str {
    match claim {
        "phone_number" => "a valid international phone number",
        "locale" => "a BCP 47 language tag",
        "zoneinfo" => "an IANA time zone",
        "picture" => "an https URL, or a data URI in base64",
        _ => "of the right form",
    }
}
