//! All errors of the contract, as problem details (RFC 9457): the reasons, and exhaustive matches over the errors of
//! use cases and over the rules of the domain.

use std::time::Duration;

use actix_web::http::header::{ETAG, EntityTag};
use selfsame_application::{
    activity::verify::VerifyReceiptError,
    attempts::{read::ReadAttemptError, send_proof::SendProofError, verify::VerifyAttemptError},
    deletion::{cancel::CancelDeletionError, schedule::ScheduleDeletionError},
    devices::{forget::ForgetDeviceError, remember::RememberDeviceError},
    exports::{download::DownloadExportError, remove::RemoveExportError, request::RequestExportError},
    identifiers::{
        add::AddIdentifierError, cancel_change::CancelEmailChangeError, confirm::ConfirmIdentifierError,
        make_primary::MakePrimaryError, pending_change::ReadEmailChangeError, remove::RemoveIdentifierError,
        send_code::SendCodeError,
    },
    passkeys::PasskeyError,
    password::{
        change::ChangePasswordError, exchange_reset_code::ExchangeResetCodeError, remove::RemovePasswordError,
        request_reset::RequestPasswordResetError, reset::ResetPasswordError,
    },
    profile::update::UpdateProfileError,
    second_factors::{
        backup_codes::MakeBackupCodesError, begin_sms::BeginSmsError, begin_totp::BeginTotpError,
        confirm_sms::ConfirmSmsError, confirm_totp::ConfirmTotpError, remove_sms::RemoveSmsError,
        remove_totp::RemoveTotpError,
    },
    sessions::{
        end::EndSignInError, name::NameSignInError, principal::StepUpRequired, prove_again::ProveAgainError,
        refresh::RefreshAccessError, sign_out::SignOutError, text_code::TextCodeError,
    },
    sign_in::with_passkey::PasskeySignInError,
    sign_in::with_password::SignInError,
    sign_in::with_phone::BeginPhoneSignInError,
    sign_up::start::SignUpError,
    undo::UndoChangeError,
};
use selfsame_domain::{ByteCount, Claim, Factor, Rule, Scope, User, Violation, Violations};
use selfsame_texts::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, entity_tag::entity_tag, titles::title};
use crate::{
    body::{InvalidBody, InvalidMember, Malformed, MemberProblem, MemberType},
    failure::Failure,
    idempotency::KeyRefusal,
    reason::{Message, Reason, in_words, reasons},
    rejection::Rejection,
    request_id::RequestId,
};

/// Maximum number of errors in one response. A body may have many unknown members.
const MAX_ERRORS: usize = 100;

/// The detail of a member that a change must not have.
pub(super) const NOT_CHANGEABLE: &str = "is not a member that can be changed";

/// When a request in progress has probably ended.
const SOON: Duration = Duration::from_secs(2);
/// The body has invalid members, or its values break rules.
pub(super) const INVALID: Reason = Reason::new(422, "INVALID", "Some members are not valid.");
/// The body is not JSON.
pub(super) const BAD_REQUEST: Reason = Failure::BadRequest.reason();
/// The header `Idempotency-Key` is not one key of 16 to 128 visible ASCII characters.
pub(super) const MALFORMED_KEY: Reason = Reason::new(
    400,
    "INVALID_IDEMPOTENCY_KEY",
    "The idempotency key must have 16 to 128 visible characters. Use a UUID.",
);
/// The first request with the key is in progress.
pub(super) const KEY_IN_PROGRESS: Reason =
    Reason::new(409, "REQUEST_IN_PROGRESS", "A request with this idempotency key is in progress.");
/// The first request with the key took effect, and the server stopped before its response was kept.
pub(super) const RESPONSE_LOST: Reason =
    Reason::new(409, "RESPONSE_LOST", "The request with this idempotency key took effect, but its response was lost.");
/// The key was used for a request with another target or body.
pub(super) const KEY_REUSED: Reason =
    Reason::new(422, "IDEMPOTENCY_KEY_REUSED", "This idempotency key was used for another request.");

reasons! {
    /// The credential is missing or invalid.
    NOT_AUTHENTICATED = 401 "UNAUTHENTICATED" "Sign in first.";
    /// The condition of the request is not met. `ETag` has the current tag.
    RESOURCE_CHANGED = 412 "CHANGED" "The resource has changed since it was read.";
    /// The operator demands `If-Match`, and the request has none.
    PRECONDITION_REQUIRED = 428 "PRECONDITION_REQUIRED" "Send If-Match with the entity tag that was read.";
    /// An operation of the JSON Patch does not fit the account.
    PATCH_CONFLICT = 409 "PATCH_CONFLICT" "The patch does not fit the account as it is.";
    /// The identifier is unknown or the password is wrong. The response is the same.
    INVALID_CREDENTIALS = 401 "INVALID_CREDENTIALS" "These credentials are not valid.";
    /// The account is disabled. Only after the correct password.
    ACCOUNT_DISABLED = 403 "ACCOUNT_DISABLED" "This account is disabled.";
    /// The attempt is unknown, completed, expired or of another client. The response is the same (R62).
    UNKNOWN_ATTEMPT = 404 "UNKNOWN_ATTEMPT" "There is no such attempt. Start again.";
    /// The attempt needs no code that could be sent.
    NOTHING_TO_PROVE = 409 "NOTHING_TO_PROVE" "No code is needed.";
    /// This factor is not the next one of the attempt.
    UNSUPPORTED_FACTOR = 409 "UNSUPPORTED_FACTOR" "This factor is not the one that is required next.";
    /// The second factor of the account is the phone that began the sign-in (R32).
    SAME_CHANNEL = 409 "SAME_CHANNEL" "The phone cannot be both factors of a sign-in. Sign in with the password.";
    /// The operator allows no sign-in with a phone number.
    SMS_SIGN_IN_OFF = 409 "SMS_SIGN_IN_OFF" "This service has no sign-in by text message.";
    /// The operator allows no text message as second factor.
    SMS_FACTOR_OFF = 409 "SMS_FACTOR_OFF" "This service has no text messages as second factor.";
    /// No phone number is enrolled as second factor.
    NO_SMS_FACTOR = 404 "NO_SMS_FACTOR" "No phone number of this account is a second factor.";
    /// No enrolment of a phone number was begun in this sign-in, or its code has expired.
    SMS_NOT_BEGUN = 409 "SMS_NOT_BEGUN" "Begin the enrolment of the phone number first.";
    /// The number is the second factor.
    SECOND_FACTOR_PHONE = 409 "SECOND_FACTOR_PHONE" "This number is a second factor. Remove it from the second factors first.";
    /// The code or token is wrong, or was used.
    INVALID_CODE = 422 "INVALID_CODE" "This code is not valid.";
    /// The code or token has expired.
    EXPIRED_CODE = 410 "EXPIRED_CODE" "This code has expired. Ask for another.";
    /// The link was used already.
    USED_CODE = 410 "USED_CODE" "This link was used already.";
    /// Too many wrong codes were tried. `Retry-After` says when the next one may be tried.
    TOO_MANY_TRIES = 429 "TOO_MANY_TRIES" "Too many wrong codes. Try again later.";
    /// The refresh token is unknown, expired, or was used; or its sign-in has ended.
    INVALID_REFRESH_TOKEN = 401 "INVALID_REFRESH_TOKEN" "The refresh token is not valid. Sign in again.";
    /// The parameter `limit` is not 1 to 100.
    INVALID_LIMIT = 400 "INVALID_LIMIT" "The parameter limit must be 1 to 100.";
    /// The parameter `cursor` was not handed out by this list.
    INVALID_CURSOR = 400 "INVALID_CURSOR" "The parameter cursor is none that this list has handed out.";
    /// A filter of a list cannot be read.
    INVALID_FILTER = 400 "INVALID_FILTER" "A parameter of the list is not valid.";
    /// The trail of the account has no record at this place.
    UNKNOWN_ACTIVITY = 404 "UNKNOWN_ACTIVITY" "This account has no such activity.";
    /// The operator lets no user change addresses, or numbers.
    READ_ONLY = 403 "READ_ONLY" "Users cannot change this on this server.";
    /// The token of a mailed link is unknown, used or expired.
    INVALID_TOKEN = 400 "INVALID_TOKEN" "This link is not valid any more.";
    /// Nobody could sign in to the account without its password.
    NO_ALTERNATIVE = 409 "NO_ALTERNATIVE" "Add a passkey first. Without the password nobody could sign in to this account.";
    /// The account has no remembered device with this id.
    UNKNOWN_DEVICE = 404 "UNKNOWN_DEVICE" "This account has no such device.";
    /// The account has no export with this id.
    UNKNOWN_EXPORT = 404 "UNKNOWN_EXPORT" "This account has no such export.";
    /// One export of an account is made at a time.
    EXPORT_IN_PROGRESS = 409 "EXPORT_IN_PROGRESS" "An export of this account is being made already.";
    /// The archive is still being made, or could not be made.
    EXPORT_NOT_READY = 409 "EXPORT_NOT_READY" "This export has no archive.";
    /// The archive has expired.
    EXPORT_EXPIRED = 410 "EXPORT_EXPIRED" "This export has expired. Request another one.";
    /// The account has no active sign-in with this id.
    UNKNOWN_SIGN_IN = 404 "UNKNOWN_SIGN_IN" "This account has no such sign-in.";
    /// The user has not allowed this application anything.
    UNKNOWN_APPLICATION = 404 "UNKNOWN_APPLICATION" "This account has allowed no such application anything.";
    /// No identity of another issuer with this id is linked to the account.
    UNKNOWN_IDENTITY = 404 "UNKNOWN_IDENTITY" "This account has no such identity.";
    /// The caller must prove who they are again (RFC 9470). `accepted_factors` has the factors of which one is needed.
    STEP_UP_REQUIRED = 401 "STEP_UP_REQUIRED" "Prove again who you are, by POST /api/v1/account/step-up.";
    /// The same for a request with the session cookie.
    STEP_UP_REQUIRED_IN_BROWSER = 403 "STEP_UP_REQUIRED" "Prove again who you are, by POST /api/v1/account/step-up.";
    /// An operation of an authenticator app, and none is enrolled.
    NO_TOTP = 404 "NO_TOTP" "This account has no authenticator app.";
    /// No enrolment of an authenticator app was begun in this sign-in, or too long ago.
    TOTP_NOT_BEGUN = 409 "TOTP_NOT_BEGUN" "Begin the enrolment of the authenticator app first.";
    /// A second factor needs a verified primary address (R38).
    UNVERIFIED_EMAIL = 409 "UNVERIFIED_EMAIL" "Verify the primary e-mail address first.";
    /// The policy demands a second factor, and this is the last one (R34).
    LAST_FACTOR = 409 "LAST_FACTOR" "The second-factor policy is enforced, and this is the last factor.";
    /// Backup codes and remembered devices take the place of a second factor, and none is enrolled.
    NO_SECOND_FACTOR = 409 "NO_SECOND_FACTOR" "Enrol a second factor first.";
    /// The password or the code is wrong, or was used.
    WRONG_PROOF = 422 "WRONG_PROOF" "This password or code is not valid.";
    /// The account has no e-mail address or phone number with this id.
    UNKNOWN_IDENTIFIER = 404 "UNKNOWN_IDENTIFIER" "This account has no such address or number.";
    /// The account has this address or number already.
    IDENTIFIER_EXISTS = 409 "IDENTIFIER_EXISTS" "This account has this address or number already.";
    /// The account has as many addresses or numbers as it may have.
    TOO_MANY_IDENTIFIERS = 409 "TOO_MANY_IDENTIFIERS" "This account can have no more of them. Remove one first.";
    /// No text messages are sent to the country of this number.
    COUNTRY_NOT_ALLOWED = 422 "COUNTRY_NOT_ALLOWED" "This service sends no text messages to this country.";
    /// The operator has no gateway for text messages.
    SMS_DISABLED = 403 "SMS_DISABLED" "This service sends no text messages, so phone numbers cannot be verified.";
    /// The address or number is verified already.
    ALREADY_VERIFIED = 409 "ALREADY_VERIFIED" "This address or number is verified already.";
    /// Only a verified address or number can be primary.
    NOT_VERIFIED = 409 "NOT_VERIFIED" "This address or number must be verified first.";
    /// The primary e-mail address cannot be removed.
    PRIMARY_EMAIL = 409 "PRIMARY_EMAIL" "The primary address cannot be removed. Make another one primary first.";
    /// The only verified e-mail address cannot be removed.
    LAST_VERIFIED_EMAIL = 409 "LAST_VERIFIED_EMAIL" "The only verified address cannot be removed.";
    /// No change of the primary address is pending.
    NO_PENDING_CHANGE = 404 "NO_PENDING_CHANGE" "No change of the address is pending.";
    /// Passkeys are off on this server.
    PASSKEYS_OFF = 409 "PASSKEYS_OFF" "Passkeys are off on this server.";
    /// The account has as many passkeys as it may have.
    TOO_MANY_PASSKEYS = 409 "TOO_MANY_PASSKEYS" "This account cannot have more passkeys.";
    /// The challenge is unknown, was used, has expired, or is for something else. The response is the same.
    CHALLENGE_UNKNOWN = 410 "CHALLENGE_UNKNOWN" "This took too long or was done already. Begin again.";
    /// The answer of the browser does not prove what it should, or names an unknown passkey. The response is the same.
    PASSKEY_REFUSED = 400 "PASSKEY_REFUSED" "This passkey was not accepted.";
    /// The passkey is registered already, for this account or another.
    PASSKEY_REGISTERED = 409 "PASSKEY_REGISTERED" "This passkey is registered already.";
    /// The account has no passkey with this id, or none at all.
    UNKNOWN_PASSKEY = 404 "UNKNOWN_PASSKEY" "This account has no such passkey.";
    /// The account has no password, and this is the last passkey.
    LAST_WAY_IN = 409 "LAST_WAY_IN" "This is the only way to sign in. Set a password first.";
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Problem)]
pub(crate) struct Problem {
    /// The kind of problem, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:selfsame:problem:invalid")]
    kind: String,
    /// Always the same for a type, in the language of `Content-Language`.
    #[schema(example = "Invalid members")]
    title: String,
    #[schema(example = 422, minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence for people, in English.
    #[schema(value_type = String, example = "Some members are not valid.")]
    detail: Message,
    /// The value of the header `X-Request-Id`. The log has it too.
    #[schema(example = "5f1c9a3be07d42c8b6a4e1f09d3c7b52", max_length = 64)]
    request_id: String,
    /// All errors of the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 100)]
    errors: Vec<MemberError>,
    /// The factors of which one must be proven, as in `methods` of a sign-in. A backup code takes the place of a second factor.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false, max_items = 2, example = json!(["otp"]))]
    accepted_factors: Box<[&'static str]>,
}

/// The member of a problem that the reason does not have.
#[derive(Debug)]
pub(crate) enum Details {
    /// All errors of the body.
    Errors(Vec<MemberError>),
    /// The factors of which one must be proven.
    AcceptedFactors(Box<[&'static str]>),
}

impl Default for Details {
    fn default() -> Self {
        Self::Errors(Vec::new())
    }
}

impl Details {
    /// The example in the OpenAPI document.
    pub(super) fn example(reason: Reason) -> Self {
        match reason {
            INVALID => Self::Errors(vec![MemberError::example()]),
            STEP_UP_REQUIRED | STEP_UP_REQUIRED_IN_BROWSER => Self::AcceptedFactors(Box::new(["otp"])),
            _ => Self::default(),
        }
    }
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
    pub(super) fn new(
        reason: Reason,
        message: Message,
        details: Details,
        request_id: &RequestId,
        language: Language,
    ) -> Self {
        let (errors, accepted_factors) = match details {
            Details::Errors(errors) => (errors, Box::default()),
            Details::AcceptedFactors(factors) => (Vec::new(), factors),
        };
        Self {
            kind: format!("urn:selfsame:problem:{}", type_name(reason)),
            title: title(reason.code, language)
                .or_else(|| reason.status().canonical_reason().map(str::to_owned))
                .unwrap_or_default(),
            status: reason.status,
            detail: message,
            request_id: request_id.to_string(),
            errors,
            accepted_factors,
        }
    }
}

/// The last part of the type of a problem.
fn type_name(reason: Reason) -> String {
    reason.code.to_ascii_lowercase().replace('_', "-")
}

/// The last part of the type of the problem that a rejection is answered with.
pub(super) fn problem_type(rejection: &Rejection<Account>) -> String {
    type_name(rejection.reason())
}

impl MemberError {
    /// An error at a pointer that is not a member.
    pub(super) fn at(pointer: String, rule: &'static str, detail: impl Into<String>) -> Self {
        let claim = pointer.split('/').nth(1).unwrap_or_default().to_owned();
        Self { pointer, claim, rule, detail: detail.into() }
    }

    pub(super) fn new(member: &str, rule: &'static str, detail: impl Into<String>) -> Self {
        let pointer = format!("/{}", member.replace('~', "~0").replace('/', "~1"));
        Self { pointer, claim: member.to_owned(), rule, detail: detail.into() }
    }

    /// The error of a member that breaks a rule of the domain.
    pub(super) fn of_rule(member: &str, rule: &Rule) -> Self {
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
            MemberProblem::Unknown => Self::new(member, "unknown_member", "is not a member of this request"),
            MemberProblem::NotChangeable => Self::new(member, "unknown_member", NOT_CHANGEABLE),
            MemberProblem::Type(MemberType::Text) => Self::new(member, "type", "must be a string or null"),
            MemberProblem::Type(MemberType::RequiredText) => Self::new(member, "type", "must be a string"),
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

impl Rejection<Account> {
    /// The rejection with errors of the body.
    pub(super) fn with_errors(self, errors: Vec<MemberError>) -> Self {
        self.with_details(Details::Errors(errors))
    }
}

/// The rejection of a body with invalid members or violations. A member that could not be read breaks no rule too.
pub(super) fn invalid_body(InvalidBody { members, violations }: InvalidBody) -> Rejection<Account> {
    let is_read = |name: &str| members.iter().all(|invalid| invalid.member != name);
    let broken = violations.0.iter().filter(|violation| is_read(member(violation.claim)));
    let of_rules = broken.map(|Violation { claim, rule }| MemberError::of_rule(member(*claim), rule));
    let errors = members.iter().map(MemberError::of_member).chain(of_rules).take(MAX_ERRORS);
    Rejection::from(INVALID).with_errors(errors.collect())
}

/// The rejection of a malformed body: 422 for JSON that is not an object, otherwise 400.
pub(super) fn malformed_body(malformed: Malformed) -> Rejection<Account> {
    if malformed != Malformed::NotAnObject {
        return BAD_REQUEST.into();
    }
    let detail = "must be a JSON object".to_owned();
    let error = MemberError { pointer: String::new(), claim: String::new(), rule: "type", detail };
    Rejection::from(INVALID).with_errors(vec![error])
}

/// The rejection of a condition that is not met. The resource has this tag now.
pub(super) fn changed(current: &EntityTag) -> Rejection<Account> {
    Rejection::from(RESOURCE_CHANGED).with_header(ETAG, current.to_string())
}

/// The rejection of values that break rules.
pub(super) fn of_violations(violations: Violations) -> Rejection<Account> {
    invalid_body(InvalidBody { members: Vec::new(), violations })
}

/// A wrong code in a member.
fn wrong(member: &str) -> Rejection<Account> {
    Rejection::from(INVALID_CODE).with_errors(vec![MemberError::of_rule(member, &Rule::Mismatch)])
}

/// The rejection of a change of the account.
pub(super) fn of_update(error: UpdateProfileError, user: &User) -> Rejection<Account> {
    match error {
        UpdateProfileError::Invalid(violations) => of_violations(violations),
        UpdateProfileError::VersionMismatch { current } => changed(&entity_tag(user.id, current)),
        UpdateProfileError::InsufficientScope => Rejection::insufficient_scope(&[Scope::SecurityWrite]),
        UpdateProfileError::StepUp(required) => step_up(required),
        UpdateProfileError::Unauthenticated => NOT_AUTHENTICATED.into(),
        UpdateProfileError::Fault(fault) => fault.into(),
    }
}

impl From<ScheduleDeletionError> for Rejection<Account> {
    fn from(error: ScheduleDeletionError) -> Self {
        match error {
            ScheduleDeletionError::StepUp(required) => step_up(required),
            ScheduleDeletionError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ScheduleDeletionError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyReceiptError> for Rejection<Account> {
    fn from(error: VerifyReceiptError) -> Self {
        match error {
            VerifyReceiptError::NotOwned => {
                Self::from(INVALID).with_errors(vec![MemberError::of_rule("account", &Rule::NotOwned)])
            }
            VerifyReceiptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CancelDeletionError> for Rejection<Account> {
    fn from(error: CancelDeletionError) -> Self {
        match error {
            CancelDeletionError::InvalidToken => INVALID_TOKEN.into(),
            CancelDeletionError::Unauthenticated => NOT_AUTHENTICATED.into(),
            CancelDeletionError::Fault(fault) => fault.into(),
        }
    }
}

impl From<UndoChangeError> for Rejection<Account> {
    fn from(error: UndoChangeError) -> Self {
        match error {
            UndoChangeError::InvalidToken => INVALID_TOKEN.into(),
            UndoChangeError::Fault(fault) => fault.into(),
        }
    }
}

/// The caller must prove who they are again: 401 with the challenge of RFC 9470 for an access token, 403 for the cookie, which
/// has no scheme of authentication.
pub(super) fn step_up(required: StepUpRequired) -> Rejection<Account> {
    let accepted_factors = required.accepted.iter().map(Factor::as_str).collect();
    let rejection = if required.in_browser {
        Rejection::from(STEP_UP_REQUIRED_IN_BROWSER)
    } else {
        Rejection::step_up(STEP_UP_REQUIRED, required)
    };
    rejection.with_details(Details::AcceptedFactors(accepted_factors))
}

fn too_many_tries(wait: Duration) -> Rejection<Account> {
    let message = format!("Too many wrong codes. Try again in {}.", in_words(wait));
    Rejection::from(TOO_MANY_TRIES).with_message(message).with_retry_after(wait)
}

impl From<BeginTotpError> for Rejection<Account> {
    fn from(error: BeginTotpError) -> Self {
        match error {
            // Only if the request does not replace an enrolled app, and those of this contract do.
            BeginTotpError::AlreadyEnrolled => Failure::Internal.into(),
            BeginTotpError::UnverifiedEmail => UNVERIFIED_EMAIL.into(),
            BeginTotpError::StepUp(required) => step_up(required),
            BeginTotpError::Unauthenticated => NOT_AUTHENTICATED.into(),
            BeginTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmTotpError> for Rejection<Account> {
    fn from(error: ConfirmTotpError) -> Self {
        match error {
            ConfirmTotpError::NotBegun => TOTP_NOT_BEGUN.into(),
            ConfirmTotpError::InvalidCode => WRONG_PROOF.into(),
            ConfirmTotpError::TooManyTries(wait) => too_many_tries(wait),
            ConfirmTotpError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ConfirmTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemoveTotpError> for Rejection<Account> {
    fn from(error: RemoveTotpError) -> Self {
        match error {
            RemoveTotpError::NotEnrolled => NO_TOTP.into(),
            RemoveTotpError::LastFactor => LAST_FACTOR.into(),
            RemoveTotpError::StepUp(required) => step_up(required),
            RemoveTotpError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemoveTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<BeginSmsError> for Rejection<Account> {
    fn from(error: BeginSmsError) -> Self {
        match error {
            BeginSmsError::Off => SMS_FACTOR_OFF.into(),
            BeginSmsError::Unknown => UNKNOWN_IDENTIFIER.into(),
            BeginSmsError::NotVerified => NOT_VERIFIED.into(),
            BeginSmsError::CountryNotAllowed => COUNTRY_NOT_ALLOWED.into(),
            BeginSmsError::UnverifiedEmail => UNVERIFIED_EMAIL.into(),
            BeginSmsError::StepUp(required) => step_up(required),
            BeginSmsError::Unauthenticated => NOT_AUTHENTICATED.into(),
            BeginSmsError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmSmsError> for Rejection<Account> {
    fn from(error: ConfirmSmsError) -> Self {
        match error {
            ConfirmSmsError::NotBegun => SMS_NOT_BEGUN.into(),
            ConfirmSmsError::InvalidCode => WRONG_PROOF.into(),
            ConfirmSmsError::TooManyTries(wait) => too_many_tries(wait),
            ConfirmSmsError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ConfirmSmsError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemoveSmsError> for Rejection<Account> {
    fn from(error: RemoveSmsError) -> Self {
        match error {
            RemoveSmsError::NotEnrolled => NO_SMS_FACTOR.into(),
            RemoveSmsError::LastFactor => LAST_FACTOR.into(),
            RemoveSmsError::StepUp(required) => step_up(required),
            RemoveSmsError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemoveSmsError::Fault(fault) => fault.into(),
        }
    }
}

impl From<TextCodeError> for Rejection<Account> {
    fn from(error: TextCodeError) -> Self {
        match error {
            TextCodeError::NotEnrolled => NO_SMS_FACTOR.into(),
            TextCodeError::SameChannel => SAME_CHANNEL.into(),
            TextCodeError::Unauthenticated => NOT_AUTHENTICATED.into(),
            TextCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<BeginPhoneSignInError> for Rejection<Account> {
    fn from(error: BeginPhoneSignInError) -> Self {
        match error {
            BeginPhoneSignInError::Off => SMS_SIGN_IN_OFF.into(),
            BeginPhoneSignInError::Invalid(violations) => of_violations(violations),
            BeginPhoneSignInError::CountryNotAllowed => COUNTRY_NOT_ALLOWED.into(),
            BeginPhoneSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<MakeBackupCodesError> for Rejection<Account> {
    fn from(error: MakeBackupCodesError) -> Self {
        match error {
            MakeBackupCodesError::NotEnrolled => NO_SECOND_FACTOR.into(),
            MakeBackupCodesError::InvalidCode => WRONG_PROOF.into(),
            MakeBackupCodesError::TooManyTries(wait) => too_many_tries(wait),
            MakeBackupCodesError::StepUp(required) => step_up(required),
            MakeBackupCodesError::Unauthenticated => NOT_AUTHENTICATED.into(),
            MakeBackupCodesError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ProveAgainError> for Rejection<Account> {
    fn from(error: ProveAgainError) -> Self {
        match error {
            ProveAgainError::Invalid => WRONG_PROOF.into(),
            ProveAgainError::TooWeak(required) => step_up(required),
            ProveAgainError::TooManyTries(wait) => too_many_tries(wait),
            ProveAgainError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ProveAgainError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ChangePasswordError> for Rejection<Account> {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::WrongPassword => wrong_password(),
            ChangePasswordError::Invalid(violations) => of_violations(violations),
            ChangePasswordError::StepUp(required) => step_up(required),
            ChangePasswordError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ChangePasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemovePasswordError> for Rejection<Account> {
    fn from(error: RemovePasswordError) -> Self {
        match error {
            RemovePasswordError::NoAlternative => NO_ALTERNATIVE.into(),
            RemovePasswordError::WrongPassword => wrong_password(),
            RemovePasswordError::StepUp(required) => step_up(required),
            RemovePasswordError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemovePasswordError::Fault(fault) => fault.into(),
        }
    }
}

/// The current password is wrong: an error of its member.
fn wrong_password() -> Rejection<Account> {
    let violations = Violation::new(Claim::CurrentPassword, Rule::Mismatch).into();
    of_violations(violations)
}

impl From<NameSignInError> for Rejection<Account> {
    fn from(error: NameSignInError) -> Self {
        match error {
            NameSignInError::UnknownSignIn => UNKNOWN_SIGN_IN.into(),
            NameSignInError::Invalid(violations) => of_violations(violations),
            NameSignInError::Unauthenticated => NOT_AUTHENTICATED.into(),
            NameSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RememberDeviceError> for Rejection<Account> {
    fn from(error: RememberDeviceError) -> Self {
        match error {
            RememberDeviceError::NoSecondFactor => NO_SECOND_FACTOR.into(),
            RememberDeviceError::StepUp(required) => step_up(required),
            RememberDeviceError::Invalid(violations) => of_violations(violations),
            RememberDeviceError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RememberDeviceError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestExportError> for Rejection<Account> {
    fn from(error: RequestExportError) -> Self {
        match error {
            RequestExportError::StepUp(required) => step_up(required),
            RequestExportError::InProgress => EXPORT_IN_PROGRESS.into(),
            RequestExportError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RequestExportError::Fault(fault) => fault.into(),
        }
    }
}

impl From<DownloadExportError> for Rejection<Account> {
    fn from(error: DownloadExportError) -> Self {
        match error {
            DownloadExportError::StepUp(required) => step_up(required),
            DownloadExportError::UnknownExport => UNKNOWN_EXPORT.into(),
            DownloadExportError::NotReady => EXPORT_NOT_READY.into(),
            DownloadExportError::Expired => EXPORT_EXPIRED.into(),
            DownloadExportError::Unauthenticated => NOT_AUTHENTICATED.into(),
            DownloadExportError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemoveExportError> for Rejection<Account> {
    fn from(error: RemoveExportError) -> Self {
        match error {
            RemoveExportError::UnknownExport => UNKNOWN_EXPORT.into(),
            RemoveExportError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemoveExportError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ForgetDeviceError> for Rejection<Account> {
    fn from(error: ForgetDeviceError) -> Self {
        match error {
            ForgetDeviceError::UnknownDevice => UNKNOWN_DEVICE.into(),
            ForgetDeviceError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ForgetDeviceError::Fault(fault) => fault.into(),
        }
    }
}

impl From<EndSignInError> for Rejection<Account> {
    fn from(error: EndSignInError) -> Self {
        match error {
            EndSignInError::UnknownSignIn => UNKNOWN_SIGN_IN.into(),
            EndSignInError::Unauthenticated => NOT_AUTHENTICATED.into(),
            EndSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AddIdentifierError> for Rejection<Account> {
    fn from(error: AddIdentifierError) -> Self {
        match error {
            AddIdentifierError::Invalid(violations) => of_violations(violations),
            AddIdentifierError::Duplicate(_) => IDENTIFIER_EXISTS.into(),
            AddIdentifierError::TooMany { .. } => TOO_MANY_IDENTIFIERS.into(),
            AddIdentifierError::ReadOnly => READ_ONLY.into(),
            AddIdentifierError::CountryNotAllowed => COUNTRY_NOT_ALLOWED.into(),
            AddIdentifierError::StepUp(required) => step_up(required),
            AddIdentifierError::Unauthenticated => NOT_AUTHENTICATED.into(),
            AddIdentifierError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendCodeError> for Rejection<Account> {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::Unknown => UNKNOWN_IDENTIFIER.into(),
            SendCodeError::AlreadyVerified => ALREADY_VERIFIED.into(),
            SendCodeError::NoSms => SMS_DISABLED.into(),
            SendCodeError::CountryNotAllowed => COUNTRY_NOT_ALLOWED.into(),
            SendCodeError::Unauthenticated => NOT_AUTHENTICATED.into(),
            SendCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmIdentifierError> for Rejection<Account> {
    fn from(error: ConfirmIdentifierError) -> Self {
        match error {
            ConfirmIdentifierError::Unknown => UNKNOWN_IDENTIFIER.into(),
            ConfirmIdentifierError::AlreadyVerified => ALREADY_VERIFIED.into(),
            ConfirmIdentifierError::InvalidCode => wrong("code"),
            ConfirmIdentifierError::ExpiredCode => EXPIRED_CODE.into(),
            ConfirmIdentifierError::TooManyTries(wait) => too_many_tries(wait),
            ConfirmIdentifierError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ConfirmIdentifierError::Fault(fault) => fault.into(),
        }
    }
}

impl From<MakePrimaryError> for Rejection<Account> {
    fn from(error: MakePrimaryError) -> Self {
        match error {
            MakePrimaryError::Unknown => UNKNOWN_IDENTIFIER.into(),
            MakePrimaryError::NotVerified => NOT_VERIFIED.into(),
            MakePrimaryError::ReadOnly => READ_ONLY.into(),
            MakePrimaryError::StepUp(required) => step_up(required),
            MakePrimaryError::Unauthenticated => NOT_AUTHENTICATED.into(),
            MakePrimaryError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemoveIdentifierError> for Rejection<Account> {
    fn from(error: RemoveIdentifierError) -> Self {
        match error {
            RemoveIdentifierError::Unknown => UNKNOWN_IDENTIFIER.into(),
            RemoveIdentifierError::ReadOnly => READ_ONLY.into(),
            RemoveIdentifierError::Primary => PRIMARY_EMAIL.into(),
            RemoveIdentifierError::LastVerified => LAST_VERIFIED_EMAIL.into(),
            RemoveIdentifierError::SecondFactor => SECOND_FACTOR_PHONE.into(),
            RemoveIdentifierError::StepUp(required) => step_up(required),
            RemoveIdentifierError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemoveIdentifierError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ReadEmailChangeError> for Rejection<Account> {
    fn from(error: ReadEmailChangeError) -> Self {
        match error {
            ReadEmailChangeError::NotPending => NO_PENDING_CHANGE.into(),
            ReadEmailChangeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CancelEmailChangeError> for Rejection<Account> {
    fn from(error: CancelEmailChangeError) -> Self {
        match error {
            CancelEmailChangeError::NotPending => NO_PENDING_CHANGE.into(),
            CancelEmailChangeError::InvalidToken => INVALID_TOKEN.into(),
            CancelEmailChangeError::Unauthenticated => NOT_AUTHENTICATED.into(),
            CancelEmailChangeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PasskeyError> for Rejection<Account> {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Off => PASSKEYS_OFF.into(),
            PasskeyError::StepUp(required) => step_up(required),
            PasskeyError::UnverifiedEmail => UNVERIFIED_EMAIL.into(),
            PasskeyError::TooMany { max } => Self::from(TOO_MANY_PASSKEYS)
                .with_message(format!("This account has {max} passkeys and cannot have more.")),
            PasskeyError::Invalid(violations) => invalid_body(InvalidBody { members: Vec::new(), violations }),
            PasskeyError::Malformed => malformed_credential(),
            PasskeyError::UnknownChallenge => CHALLENGE_UNKNOWN.into(),
            PasskeyError::Refused => PASSKEY_REFUSED.into(),
            PasskeyError::AlreadyRegistered => PASSKEY_REGISTERED.into(),
            PasskeyError::UnknownPasskey => UNKNOWN_PASSKEY.into(),
            PasskeyError::LastWayIn => LAST_WAY_IN.into(),
            PasskeyError::FactorDemanded => LAST_FACTOR.into(),
            PasskeyError::Unauthenticated => NOT_AUTHENTICATED.into(),
            PasskeyError::Fault(fault) => fault.into(),
        }
    }
}

/// The rejection of a `credential` that is not the JSON of an authenticator's response.
fn malformed_credential() -> Rejection<Account> {
    let error = MemberError::new("credential", "malformed", "must be a credential as the browser made it");
    Rejection::from(INVALID).with_details(Details::Errors(vec![error]))
}

impl From<PasskeySignInError> for Rejection<Account> {
    fn from(error: PasskeySignInError) -> Self {
        match error {
            PasskeySignInError::Off => PASSKEYS_OFF.into(),
            PasskeySignInError::Malformed => malformed_credential(),
            PasskeySignInError::UnknownChallenge => CHALLENGE_UNKNOWN.into(),
            PasskeySignInError::Refused => PASSKEY_REFUSED.into(),
            PasskeySignInError::Disabled => ACCOUNT_DISABLED.into(),
            PasskeySignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ReadAttemptError> for Rejection<Account> {
    fn from(error: ReadAttemptError) -> Self {
        match error {
            ReadAttemptError::UnknownAttempt => UNKNOWN_ATTEMPT.into(),
            ReadAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendProofError> for Rejection<Account> {
    fn from(error: SendProofError) -> Self {
        match error {
            SendProofError::UnknownAttempt => UNKNOWN_ATTEMPT.into(),
            SendProofError::NothingToProve => NOTHING_TO_PROVE.into(),
            SendProofError::TooManyTries(wait) => too_many_tries(wait),
            // Only if the request has digits, and none of this contract has.
            SendProofError::WrongDigits => Failure::Internal.into(),
            SendProofError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyAttemptError> for Rejection<Account> {
    fn from(error: VerifyAttemptError) -> Self {
        match error {
            VerifyAttemptError::UnknownAttempt => UNKNOWN_ATTEMPT.into(),
            VerifyAttemptError::InvalidCode => wrong("code"),
            VerifyAttemptError::ExpiredCode => EXPIRED_CODE.into(),
            VerifyAttemptError::TooManyTries(wait) | VerifyAttemptError::TooManySecondFactorTries(wait) => {
                too_many_tries(wait)
            }
            VerifyAttemptError::SameChannel(_) => SAME_CHANNEL.into(),
            VerifyAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignUpError> for Rejection<Account> {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Invalid(violations) => of_violations(violations),
            SignUpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Rejection<Account> {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => INVALID_CREDENTIALS.into(),
            SignInError::Disabled => ACCOUNT_DISABLED.into(),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestPasswordResetError> for Rejection<Account> {
    fn from(error: RequestPasswordResetError) -> Self {
        match error {
            RequestPasswordResetError::MalformedEmail => {
                of_violations(Violation::new(Claim::Email, Rule::Malformed).into())
            }
            RequestPasswordResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ExchangeResetCodeError> for Rejection<Account> {
    fn from(error: ExchangeResetCodeError) -> Self {
        match error {
            ExchangeResetCodeError::InvalidCode => wrong("code"),
            ExchangeResetCodeError::ExpiredCode => EXPIRED_CODE.into(),
            ExchangeResetCodeError::TooManyTries(wait) => too_many_tries(wait),
            ExchangeResetCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ResetPasswordError> for Rejection<Account> {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::InvalidToken => wrong("token"),
            ResetPasswordError::UsedToken => USED_CODE.into(),
            ResetPasswordError::ExpiredToken => EXPIRED_CODE.into(),
            ResetPasswordError::Invalid(violations) => of_violations(violations),
            ResetPasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RefreshAccessError> for Rejection<Account> {
    fn from(error: RefreshAccessError) -> Self {
        match error {
            RefreshAccessError::Invalid => INVALID_REFRESH_TOKEN.into(),
            RefreshAccessError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignOutError> for Rejection<Account> {
    fn from(error: SignOutError) -> Self {
        match error {
            SignOutError::UnknownSignIn => UNKNOWN_SIGN_IN.into(),
            SignOutError::Fault(fault) => fault.into(),
        }
    }
}

/// The rejection of a request with an idempotency key.
pub(super) fn refused_key(refusal: KeyRefusal) -> Rejection<Account> {
    match refusal {
        KeyRefusal::Malformed => MALFORMED_KEY.into(),
        KeyRefusal::OtherRequest => KEY_REUSED.into(),
        KeyRefusal::InProgress(wait) => Rejection::from(KEY_IN_PROGRESS).with_retry_after(wait.min(SOON)),
        KeyRefusal::ResponseLost => RESPONSE_LOST.into(),
        KeyRefusal::Failed(failure) => failure.into(),
    }
}

/// The member of a claim. The names are those of the domain.
fn member(claim: Claim) -> &'static str {
    match claim {
        Claim::GivenName => "given_name",
        Claim::FamilyName => "family_name",
        Claim::Name | Claim::SignInName | Claim::PasskeyName => "name",
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
pub(super) fn rule_code(rule: &Rule) -> &'static str {
    match rule {
        Rule::Required => "required",
        Rule::TooShort { .. } => "too_short",
        Rule::TooLong { .. } => "too_long",
        Rule::Malformed => "malformed",
        Rule::ForbiddenCharacter => "forbidden_character",
        Rule::MixedScripts => "mixed_scripts",
        Rule::PhoneExtension => "phone_extension",
        Rule::Reserved => "reserved",
        Rule::ReadOnly => "read_only",
        Rule::NotOffered => "not_offered",
        Rule::PrivateHost => "private_host",
        Rule::Taken => "taken",
        Rule::NotOwned => "not_owned",
        Rule::NotVerified => "not_verified",
        Rule::TooWeak { .. } => "too_weak",
        Rule::Unchanged => "unchanged",
        Rule::UsedBefore => "used_before",
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
pub(super) fn rule_detail(member: &str, rule: &Rule) -> String {
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
        Rule::ReadOnly => "cannot be changed by users",
        Rule::NotOffered => "is not offered by this server",
        Rule::PrivateHost => "must link to a public host by its name",
        Rule::Taken => "belongs to another account",
        Rule::NotOwned => "must be one of your own",
        Rule::NotVerified => "must be verified first",
        Rule::TooWeak { reason } => reason,
        Rule::Unchanged => "must differ from the present one",
        Rule::UsedBefore => "must not be one that was used before",
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
        "email" => "an e-mail address",
        "locale" => "a BCP 47 language tag",
        "zoneinfo" => "an IANA time zone",
        "picture" => "an https URL, or a data URI in base64",
        _ => "of the right form",
    }
}
