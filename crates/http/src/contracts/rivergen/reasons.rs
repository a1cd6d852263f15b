//! All errors of the contract: the reasons, and exhaustive matches over the errors of use cases and over the rules of
//! the domain. Statuses and codes are those of the published pages.

use std::time::Duration;

use selfsame_application::{
    attempts::{renew::RenewAttemptError, send_proof::SendProofError, verify::VerifyAttemptError},
    devices::{activate::ActivateDeviceError, forget::ForgetDeviceError},
    identifiers::{
        confirm_change::ConfirmEmailChangeError, request_change::RequestEmailChangeError, verify::VerifyEmailError,
    },
    passkeys::PasskeyError,
    password::{change::ChangePasswordError, request_reset::RequestPasswordResetError, reset::ResetPasswordError},
    profile::update::UpdateProfileError,
    second_factors::{begin_totp::BeginTotpError, confirm_totp::ConfirmTotpError},
    sessions::{end::EndSignInError, refresh::RefreshAccessError, sign_out::SignOutError},
    sign_in::{with_passkey::PasskeySignInError, with_password::SignInError},
    sign_up::start::SignUpError,
};
use selfsame_domain::{ByteCount, Claim, Rule, Scope, Violation, Violations};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::RiverGen;
use crate::{
    body::{InvalidBody, InvalidMember, Malformed, MemberProblem, MemberType},
    failure::Failure,
    reason::{Message, Reason, in_words, reasons},
    rejection::Rejection,
};

reasons! {
    /// The code is wrong.
    INVALID_OTP = 400 "INVALID_OTP" "Invalid OTP code";
    /// The code has expired.
    OTP_EXPIRED = 410 "OTP_EXPIRED" "The OTP code has expired";
    /// The code of an e-mail change has expired. The published status differs from that of `OTP_EXPIRED`.
    CHANGE_OTP_EXPIRED = 400 "OTP_EXPIRED" "The OTP code has expired";
    /// Too many wrong codes were tried. `Retry-After` says when the next one may be tried.
    TOO_MANY_ATTEMPTS = 429 "TOO_MANY_ATTEMPTS" "Too many wrong codes. Try again later, or use the link in the mail.";
    /// The password breaks a rule, and there is no other error.
    INVALID_PASSWORD = 422 "INVALID_PASSWORD" "This password cannot be used";
    /// The password is correct, but the address is not verified. `details` has a temporary token to verify it.
    EMAIL_NOT_VERIFIED = 403 "EMAIL_NOT_VERIFIED" "Please verify your email address first";
    /// The address is verified already.
    EMAIL_ALREADY_VERIFIED = 409 "EMAIL_ALREADY_VERIFIED" "This email address is already verified";
    /// The temporary token belongs to no open sign-up or sign-in.
    INVALID_TEMPORARY_TOKEN = 401 "INVALID_TOKEN" "Invalid or expired temporary token";
    /// The token of a mailed link is unknown or was used.
    INVALID_VERIFICATION_TOKEN = 400 "INVALID_TOKEN" "Invalid or used verification token";
    /// The token of a mailed link has expired.
    TOKEN_EXPIRED = 410 "TOKEN_EXPIRED" "The verification token has expired";
    /// The account is unknown or the password is wrong. The response is the same (R1).
    INVALID_CREDENTIALS = 401 "INVALID_CREDENTIALS" "Invalid email or password";
    /// The operator has disabled the account.
    ACCOUNT_DISABLED = 403 "ACCOUNT_DISABLED" "This account is disabled";
    /// The refresh token is unknown, was used or has expired, or its sign-in has ended.
    INVALID_REFRESH_TOKEN = 401 "INVALID_TOKEN" "Invalid or expired refresh token";
    /// The reset token is unknown or was used.
    INVALID_RESET_TOKEN = 400 "INVALID_TOKEN" "Invalid or used reset token";
    /// The current password is wrong.
    INVALID_CURRENT_PASSWORD = 400 "INVALID_CURRENT_PASSWORD" "The current password is incorrect";
    /// The new password equals the current one.
    CHANGE_PASSWORD_FAILED = 400 "CHANGE_PASSWORD_FAILED" "The new password must differ from the current one";
    /// The new address equals the current one.
    EMAIL_UPDATE_REQUEST_FAILED = 400 "EMAIL_UPDATE_REQUEST_FAILED" "The new email address must differ from the current one";
    /// No change to this address is pending.
    EMAIL_UPDATE_VERIFY_FAILED = 400 "EMAIL_UPDATE_VERIFY_FAILED" "No change to this email address is pending";
    /// The caller has no active session with this id.
    SESSION_NOT_FOUND = 404 "SESSION_NOT_FOUND" "Session not found";
    /// The temporary token belongs to no sign-in that needs a second factor.
    INVALID_MFA_TOKEN = 401 "INVALID_TEMPORARY_TOKEN" "Invalid or expired temporary token";
    /// The method is not one that can be used as a second factor. A mailed code cannot (R31).
    INVALID_REQUEST = 400 "INVALID_REQUEST" "Use the method totp, or sms_otp with a phone as second factor. A mailed code is none.";
    /// The one-time password or the backup code is wrong, or was used.
    INVALID_MFA_CODE = 400 "INVALID_MFA_CODE" "Invalid MFA code";
    /// An authenticator app is enrolled.
    TOTP_ALREADY_ENABLED = 409 "TOTP_ALREADY_ENABLED" "An authenticator app is already enabled";
    /// A second factor needs a verified primary address (R38).
    MFA_EMAIL_NOT_VERIFIED = 403 "EMAIL_NOT_VERIFIED" "Please verify your email address first";
    /// The code of the authenticator app is wrong.
    INVALID_CODE = 400 "INVALID_CODE" "Invalid verification code";
    /// No enrolment was begun in this sign-in, or too long ago.
    NO_PENDING_SETUP = 400 "NO_PENDING_SETUP" "No TOTP setup is pending";
    /// The caller has no remembered device with this id.
    DEVICE_NOT_FOUND = 404 "DEVICE_NOT_FOUND" "Device not found";
    /// The activation token is unknown, was used or has expired.
    INVALID_ACTIVATION_TOKEN = 400 "INVALID_TOKEN" "Invalid or expired activation token";
    /// The caller must authenticate again (RFC 9470).
    STEP_UP_REQUIRED = 401 "UNAUTHORIZED" "Sign in again to do this";
    /// Passkeys are off, the primary address is not verified, or the account cannot have more credentials.
    REGISTRATION_START_FAILED = 400 "REGISTRATION_START_FAILED" "WebAuthn is not enabled here";
    /// The credential is unreadable, or registered already.
    REGISTRATION_COMPLETION_FAILED = 400 "REGISTRATION_COMPLETION_FAILED" "The credential cannot be registered";
    /// The credential does not prove what it should.
    INVALID_ATTESTATION = 400 "INVALID_ATTESTATION" "The credential was not accepted";
    /// The challenge is unknown, was used, has expired, or is for something else. The response is the same.
    CHALLENGE_NOT_FOUND = 404 "CHALLENGE_NOT_FOUND" "Challenge not found or expired";
    /// Passkeys are off.
    AUTHENTICATION_START_FAILED = 400 "AUTHENTICATION_START_FAILED" "WebAuthn is not enabled here";
    /// The credential is unreadable.
    AUTHENTICATION_COMPLETION_FAILED = 400 "AUTHENTICATION_COMPLETION_FAILED" "The credential cannot be read";
    /// The credential is unknown or does not prove what it should. The response is the same (R1).
    INVALID_ASSERTION = 401 "INVALID_ASSERTION" "The credential was not accepted";
    /// The caller has no credential with this id.
    CREDENTIAL_NOT_FOUND = 404 "CREDENTIAL_NOT_FOUND" "Credential not found";
    /// The credential is the only way to sign in, or the last factor that the policy of the account demands.
    CREDENTIAL_DELETION_FAILED = 409 "CREDENTIAL_DELETION_FAILED" "This is the only way to sign in. Set a password first.";
}

/// The access token is missing or invalid.
pub(super) const UNAUTHORIZED: Reason = Reason::new(401, "UNAUTHORIZED", "Invalid or missing token");
/// The body is invalid. `details` has the errors.
pub(super) const VALIDATION_ERROR: Reason = Reason::new(422, "VALIDATION_ERROR", "Request validation failed");

/// The body of every error.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Error)]
pub(crate) struct ErrorBody {
    /// Always `false`.
    #[schema(example = false)]
    success: bool,
    /// The error.
    error: ErrorObject,
    /// The `message` of `error`.
    #[schema(value_type = String, example = "Request validation failed")]
    message: Message,
}

/// An error.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ErrorObject)]
struct ErrorObject {
    /// For programs.
    #[schema(example = "VALIDATION_ERROR")]
    code: &'static str,
    /// For people.
    #[schema(value_type = String, example = "Request validation failed")]
    message: Message,
    /// Further information. For an invalid request, `{"errors": [{"field", "reason"}]}`.
    details: Map<String, Value>,
}

impl ErrorBody {
    pub(super) fn new(Reason { code, .. }: Reason, message: Message, details: Map<String, Value>) -> Self {
        Self { success: false, error: ErrorObject { code, message: message.clone(), details }, message }
    }
}

/// One invalid member of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = rivergen::FieldError)]
pub(super) struct FieldError {
    /// The member. Inside of `profile` a JSON pointer follows.
    #[schema(example = "display_name")]
    field: String,
    /// Why it is invalid.
    #[schema(example = "must have at most 100 characters")]
    reason: String,
}

impl FieldError {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// The `details` of an invalid request.
pub(super) fn error_details(errors: &[FieldError]) -> Map<String, Value> {
    Map::from_iter([("errors".to_owned(), json!(errors))])
}

/// The `details` of `EMAIL_NOT_VERIFIED`.
pub(super) fn unverified_details(temporary_token: Value) -> Map<String, Value> {
    let required = ("email_verification_required".to_owned(), Value::Bool(true));
    Map::from_iter([("temporary_token".to_owned(), temporary_token), required])
}

fn validation_error(errors: &[FieldError]) -> Rejection<RiverGen> {
    Rejection::from(VALIDATION_ERROR).with_details(error_details(errors))
}

fn of_violations(violations: &Violations, names: FieldNames) -> Rejection<RiverGen> {
    validation_error(&field_errors(violations, names))
}

/// The rejection of a body with invalid members. Violations of a member that is invalid already are left out.
pub(super) fn invalid_body(InvalidBody { members, violations }: InvalidBody) -> Rejection<RiverGen> {
    let mut errors: Vec<_> = members.iter().map(field_error_of_member).collect();
    let is_reported = |field: &str| errors.iter().any(|error| error.field == field);
    let violations = field_errors(&violations, SIGN_UP_NAMES);
    let others: Vec<_> = violations.into_iter().filter(|error| !is_reported(&error.field)).collect();
    errors.extend(others);
    validation_error(&errors)
}

/// The rejection of a malformed body, as an error of the field `body`.
pub(super) fn malformed_body(malformed: Malformed) -> Rejection<RiverGen> {
    let reason = match malformed {
        Malformed::NotAnObject | Malformed::RepeatedMember => "must be a JSON object that names no member twice",
        Malformed::NotJson | Malformed::NotUtf8 | Malformed::NotMultipart => "is not valid JSON",
    };
    validation_error(&[FieldError::new("body", reason)])
}

fn field_error_of_member(InvalidMember { member, problem }: &InvalidMember) -> FieldError {
    let reason = match problem {
        MemberProblem::Missing => "is required".to_owned(),
        MemberProblem::Repeated => "names a member twice".to_owned(),
        MemberProblem::Unknown | MemberProblem::NotChangeable => "is unknown".to_owned(),
        MemberProblem::Type(MemberType::Text | MemberType::RequiredText) => "must be a string".to_owned(),
        MemberProblem::Type(MemberType::Boolean) => "must be a boolean".to_owned(),
        MemberProblem::Type(MemberType::Object) => "must be a JSON object".to_owned(),
        MemberProblem::Value(expected) => format!("must be {expected}"),
        MemberProblem::Rule(rule) => rule_reason(Claim::Attributes, rule),
    };
    FieldError::new(member, reason)
}

/// Too many wrong codes of a mail, which may have a link too.
fn too_many_attempts(wait: Duration, has_link: bool) -> Rejection<RiverGen> {
    let link = if has_link { ", or use the link in the mail" } else { "" };
    let message = format!("Too many wrong codes. Try again in {}{link}.", in_words(wait));
    Rejection::from(TOO_MANY_ATTEMPTS).with_message(message).with_retry_after(wait)
}

/// A mail was requested a short time ago, or too many were.
pub(super) fn resend_too_early(wait: Duration) -> Rejection<RiverGen> {
    let message = format!("Another code can be sent in {}. The last one is still valid.", in_words(wait));
    Rejection::from(Failure::TooManyRequests(wait)).with_message(message)
}

fn is_unchanged(violations: &Violations) -> bool {
    violations.0.iter().any(|violation| violation.rule == Rule::Unchanged)
}

impl From<SignUpError> for Rejection<RiverGen> {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Invalid(violations)
                if violations.0.iter().all(|violation| violation.claim == Claim::Password) =>
            {
                Self::from(INVALID_PASSWORD).with_details(error_details(&field_errors(&violations, SIGN_UP_NAMES)))
            }
            SignUpError::Invalid(violations) => of_violations(&violations, SIGN_UP_NAMES),
            SignUpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendProofError> for Rejection<RiverGen> {
    fn from(error: SendProofError) -> Self {
        match error {
            SendProofError::UnknownAttempt => INVALID_TEMPORARY_TOKEN.into(),
            SendProofError::NothingToProve => EMAIL_ALREADY_VERIFIED.into(),
            SendProofError::TooManyTries(wait) => too_many_attempts(wait, false),
            // Only if the request has digits, and none of this contract has.
            SendProofError::WrongDigits => Failure::Internal.into(),
            SendProofError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyAttemptError> for Rejection<RiverGen> {
    fn from(error: VerifyAttemptError) -> Self {
        match error {
            VerifyAttemptError::UnknownAttempt => INVALID_TEMPORARY_TOKEN.into(),
            VerifyAttemptError::InvalidCode => INVALID_OTP.into(),
            VerifyAttemptError::ExpiredCode => OTP_EXPIRED.into(),
            VerifyAttemptError::TooManyTries(wait) => too_many_attempts(wait, true),
            VerifyAttemptError::TooManySecondFactorTries(wait) => too_many_attempts(wait, false),
            // Only if a phone number began the sign-in, and none does in this contract.
            VerifyAttemptError::SameChannel(_) => Failure::Internal.into(),
            VerifyAttemptError::Fault(fault) => fault.into(),
        }
    }
}

/// The rejection of a second factor at a sign-in.
pub(super) fn of_mfa(error: VerifyAttemptError) -> Rejection<RiverGen> {
    match error {
        VerifyAttemptError::InvalidCode => INVALID_MFA_CODE.into(),
        other => other.into(),
    }
}

/// The error of a code of the second factor that was to be sent.
pub(super) fn of_mfa_code(error: SendProofError) -> Rejection<RiverGen> {
    match error {
        SendProofError::UnknownAttempt => INVALID_MFA_TOKEN.into(),
        SendProofError::NothingToProve => INVALID_REQUEST.into(),
        other => other.into(),
    }
}

impl From<RenewAttemptError> for Rejection<RiverGen> {
    fn from(error: RenewAttemptError) -> Self {
        match error {
            RenewAttemptError::UnknownAttempt => INVALID_MFA_TOKEN.into(),
            RenewAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<BeginTotpError> for Rejection<RiverGen> {
    fn from(error: BeginTotpError) -> Self {
        match error {
            BeginTotpError::AlreadyEnrolled => TOTP_ALREADY_ENABLED.into(),
            BeginTotpError::UnverifiedEmail => MFA_EMAIL_NOT_VERIFIED.into(),
            BeginTotpError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            BeginTotpError::Unauthenticated => UNAUTHORIZED.into(),
            BeginTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmTotpError> for Rejection<RiverGen> {
    fn from(error: ConfirmTotpError) -> Self {
        match error {
            ConfirmTotpError::NotBegun => NO_PENDING_SETUP.into(),
            ConfirmTotpError::InvalidCode => INVALID_CODE.into(),
            ConfirmTotpError::TooManyTries(wait) => too_many_attempts(wait, false),
            ConfirmTotpError::Unauthenticated => UNAUTHORIZED.into(),
            ConfirmTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyEmailError> for Rejection<RiverGen> {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Invalid => INVALID_VERIFICATION_TOKEN.into(),
            VerifyEmailError::AlreadyVerified => {
                INVALID_VERIFICATION_TOKEN.with_message("This email address is already verified").into()
            }
            VerifyEmailError::Expired => TOKEN_EXPIRED.into(),
            VerifyEmailError::TooManyTries(wait) => too_many_attempts(wait, true),
            VerifyEmailError::Unauthenticated => UNAUTHORIZED.into(),
            VerifyEmailError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Rejection<RiverGen> {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => INVALID_CREDENTIALS.into(),
            SignInError::Disabled => ACCOUNT_DISABLED.into(),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RefreshAccessError> for Rejection<RiverGen> {
    fn from(error: RefreshAccessError) -> Self {
        match error {
            RefreshAccessError::Invalid => INVALID_REFRESH_TOKEN.into(),
            RefreshAccessError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignOutError> for Rejection<RiverGen> {
    fn from(error: SignOutError) -> Self {
        match error {
            // Only if the request names a sign-in, and `/logout` does not.
            SignOutError::UnknownSignIn => Failure::Internal.into(),
            SignOutError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestPasswordResetError> for Rejection<RiverGen> {
    fn from(error: RequestPasswordResetError) -> Self {
        match error {
            RequestPasswordResetError::MalformedEmail => {
                validation_error(&[FieldError::new("email", rule_reason(Claim::Email, &Rule::Malformed))])
            }
            RequestPasswordResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ResetPasswordError> for Rejection<RiverGen> {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::InvalidToken => INVALID_RESET_TOKEN.into(),
            ResetPasswordError::UsedToken => INVALID_RESET_TOKEN.with_message("This link was used already").into(),
            ResetPasswordError::ExpiredToken => INVALID_RESET_TOKEN.with_message("The reset token has expired").into(),
            ResetPasswordError::Invalid(violations) => of_violations(&violations, CHANGE_NAMES),
            ResetPasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ChangePasswordError> for Rejection<RiverGen> {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::WrongPassword => INVALID_CURRENT_PASSWORD.into(),
            ChangePasswordError::Invalid(violations) if is_unchanged(&violations) => CHANGE_PASSWORD_FAILED.into(),
            ChangePasswordError::Invalid(violations) => of_violations(&violations, CHANGE_NAMES),
            ChangePasswordError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            ChangePasswordError::Unauthenticated => UNAUTHORIZED.into(),
            ChangePasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<UpdateProfileError> for Rejection<RiverGen> {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Invalid(violations) => of_violations(&violations, SIGN_UP_NAMES),
            // Only if the request names a version, and no request of this contract does.
            UpdateProfileError::VersionMismatch { .. } => Failure::Internal.into(),
            // Only if addresses or numbers change, and none do in this contract.
            UpdateProfileError::InsufficientScope => Self::insufficient_scope(&[Scope::SecurityWrite]),
            UpdateProfileError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            UpdateProfileError::Unauthenticated => UNAUTHORIZED.into(),
            UpdateProfileError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestEmailChangeError> for Rejection<RiverGen> {
    fn from(error: RequestEmailChangeError) -> Self {
        match error {
            RequestEmailChangeError::Invalid(violations) if is_unchanged(&violations) => {
                EMAIL_UPDATE_REQUEST_FAILED.into()
            }
            RequestEmailChangeError::Invalid(violations) => of_violations(&violations, CHANGE_NAMES),
            RequestEmailChangeError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            RequestEmailChangeError::Unauthenticated => UNAUTHORIZED.into(),
            RequestEmailChangeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmEmailChangeError> for Rejection<RiverGen> {
    fn from(error: ConfirmEmailChangeError) -> Self {
        match error {
            ConfirmEmailChangeError::UnknownRequest => EMAIL_UPDATE_VERIFY_FAILED.into(),
            ConfirmEmailChangeError::Taken => {
                EMAIL_UPDATE_VERIFY_FAILED.with_message("This email address can no longer be used").into()
            }
            ConfirmEmailChangeError::InvalidCode => INVALID_OTP.into(),
            ConfirmEmailChangeError::ExpiredCode => CHANGE_OTP_EXPIRED.into(),
            ConfirmEmailChangeError::TooManyTries(wait) => too_many_attempts(wait, false),
            ConfirmEmailChangeError::Unauthenticated => UNAUTHORIZED.into(),
            ConfirmEmailChangeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ActivateDeviceError> for Rejection<RiverGen> {
    fn from(error: ActivateDeviceError) -> Self {
        match error {
            ActivateDeviceError::InvalidToken => INVALID_ACTIVATION_TOKEN.into(),
            ActivateDeviceError::Unauthenticated => UNAUTHORIZED.into(),
            ActivateDeviceError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ForgetDeviceError> for Rejection<RiverGen> {
    fn from(error: ForgetDeviceError) -> Self {
        match error {
            ForgetDeviceError::UnknownDevice => DEVICE_NOT_FOUND.into(),
            ForgetDeviceError::Unauthenticated => UNAUTHORIZED.into(),
            ForgetDeviceError::Fault(fault) => fault.into(),
        }
    }
}

impl From<EndSignInError> for Rejection<RiverGen> {
    fn from(error: EndSignInError) -> Self {
        match error {
            EndSignInError::UnknownSignIn => SESSION_NOT_FOUND.into(),
            EndSignInError::Unauthenticated => UNAUTHORIZED.into(),
            EndSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PasskeyError> for Rejection<RiverGen> {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Off => REGISTRATION_START_FAILED.into(),
            PasskeyError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            PasskeyError::UnverifiedEmail => {
                REGISTRATION_START_FAILED.with_message("Please verify your email address first").into()
            }
            PasskeyError::TooMany { max } => Self::from(REGISTRATION_START_FAILED)
                .with_message(format!("The account has {max} credentials and cannot have more")),
            PasskeyError::Invalid(violations) => of_violations(&violations, CHANGE_NAMES),
            PasskeyError::Malformed => REGISTRATION_COMPLETION_FAILED.into(),
            PasskeyError::AlreadyRegistered => {
                REGISTRATION_COMPLETION_FAILED.with_message("The credential is registered already").into()
            }
            PasskeyError::UnknownChallenge => CHALLENGE_NOT_FOUND.into(),
            PasskeyError::Refused => INVALID_ATTESTATION.into(),
            PasskeyError::UnknownPasskey => CREDENTIAL_NOT_FOUND.into(),
            PasskeyError::LastWayIn => CREDENTIAL_DELETION_FAILED.into(),
            PasskeyError::FactorDemanded => CREDENTIAL_DELETION_FAILED
                .with_message("The account requires a second factor, and this is the last one")
                .into(),
            PasskeyError::Unauthenticated => UNAUTHORIZED.into(),
            PasskeyError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PasskeySignInError> for Rejection<RiverGen> {
    fn from(error: PasskeySignInError) -> Self {
        match error {
            PasskeySignInError::Off => AUTHENTICATION_START_FAILED.into(),
            PasskeySignInError::Malformed => AUTHENTICATION_COMPLETION_FAILED.into(),
            PasskeySignInError::UnknownChallenge => CHALLENGE_NOT_FOUND.into(),
            PasskeySignInError::Refused => INVALID_ASSERTION.into(),
            PasskeySignInError::Disabled => ACCOUNT_DISABLED.into(),
            PasskeySignInError::Fault(fault) => fault.into(),
        }
    }
}

/// The members of two claims, which differ between routes.
#[derive(Clone, Copy)]
struct FieldNames {
    email: &'static str,
    password: &'static str,
}

/// The members at sign-up.
const SIGN_UP_NAMES: FieldNames = FieldNames { email: "email", password: "password" };
/// The members of a change.
const CHANGE_NAMES: FieldNames = FieldNames { email: "new_email", password: "new_password" };

/// The errors of all violations.
fn field_errors(violations: &Violations, names: FieldNames) -> Vec<FieldError> {
    violations.0.iter().map(|violation| field_error(violation, names)).collect()
}

fn field_error(Violation { claim, rule }: &Violation, names: FieldNames) -> FieldError {
    let name = field(*claim, names);
    let reason = rule_reason(*claim, rule);
    match rule {
        Rule::Schema { pointer, .. } | Rule::NumberOutOfRange { pointer } => {
            FieldError::new(format!("{name}{pointer}"), reason)
        }
        _ => FieldError::new(name, reason),
    }
}

fn field(claim: Claim, names: FieldNames) -> &'static str {
    match claim {
        Claim::Name => "display_name",
        Claim::Picture => "profile_image_url",
        Claim::Attributes => "profile",
        Claim::Email => names.email,
        Claim::Password => names.password,
        Claim::CurrentPassword => "current_password",
        Claim::PasskeyName => "device_name",
        // No route of this contract has these members. Their names are those of the domain.
        Claim::GivenName => "given_name",
        Claim::FamilyName => "family_name",
        Claim::PreferredUsername => "preferred_username",
        Claim::PhoneNumber => "phone_number",
        Claim::Locale => "locale",
        Claim::Zoneinfo => "zoneinfo",
        Claim::PrimaryEmail => "primary_email",
        Claim::PrimaryPhone => "primary_phone",
        Claim::SignInName => "name",
    }
}

/// The broken rule: the rest of a sentence that starts with the field.
fn rule_reason(claim: Claim, rule: &Rule) -> String {
    match rule {
        Rule::Required => "is required".to_owned(),
        Rule::TooShort { min: 1 } => "must not be empty".to_owned(),
        Rule::TooShort { min } => format!("must have at least {min} characters"),
        Rule::TooLong { max } if claim == Claim::Attributes => {
            format!("has a key or a text of more than {max} characters")
        }
        Rule::TooLong { max } => format!("must have at most {max} characters"),
        Rule::Malformed => malformed_reason(claim).to_owned(),
        Rule::ForbiddenCharacter => "holds a character that is not allowed".to_owned(),
        Rule::MixedScripts => "mixes scripts whose letters look alike".to_owned(),
        Rule::PhoneExtension => "must not have an extension".to_owned(),
        Rule::Reserved => "is reserved".to_owned(),
        Rule::ReadOnly => "cannot be changed by users".to_owned(),
        Rule::NotOffered => "is not offered by this server".to_owned(),
        Rule::PrivateHost => "must link to a public host by its name".to_owned(),
        Rule::Taken => "is taken".to_owned(),
        Rule::NotOwned => "is not one of your own".to_owned(),
        Rule::NotVerified => "is not verified".to_owned(),
        Rule::TooWeak { reason } => format!("is too weak: {reason}"),
        Rule::Unchanged => "must differ from the one in force".to_owned(),
        Rule::UsedBefore => "was used before".to_owned(),
        Rule::Mismatch => "does not match".to_owned(),
        Rule::TooLarge { max } => format!("must have at most {}", ByteCount(*max)),
        Rule::TooDeep { max } => format!("must be nested at most {max} deep"),
        Rule::TooManyMembers { max } => format!("must have at most {max} members, in each array and in all"),
        Rule::DuplicateMember => "names a member twice".to_owned(),
        Rule::NumberOutOfRange { .. } => "holds a number that is out of range".to_owned(),
        Rule::Schema { message, .. } => format!("does not fit the schema: {message}"),
        Rule::UnsupportedMedia => "must be a PNG, JPEG, WebP or GIF picture".to_owned(),
        Rule::TooManyPixels { side, megapixels } => {
            format!("must be at most {side} pixels wide and high, and have at most {megapixels} megapixels")
        }
    }
}

fn malformed_reason(claim: Claim) -> &'static str {
    match claim {
        Claim::Email => "must be an e-mail address",
        Claim::Picture => "must be an https URL or a base64 data URI",
        Claim::Attributes => "must be a JSON object",
        _ => "is malformed",
    }
}
