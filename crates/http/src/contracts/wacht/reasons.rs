//! All errors of the contract: the reasons, and exhaustive matches over the errors of use cases and over the rules of
//! the domain.
//!
//! Every error has the whole envelope with `data: null`. The SDK shows `errors[0].message` to the user.

use std::time::Duration;

use selfsame_application::{
    attempts::{read::ReadAttemptError, send_proof::SendProofError, verify::VerifyAttemptError},
    deletion::schedule::ScheduleDeletionError,
    human_check::spend::SpendChallengeTokenError,
    identifiers::{
        add::AddIdentifierError, availability::CheckAvailabilityError, confirm::ConfirmIdentifierError,
        make_primary::MakePrimaryError, remove::RemoveIdentifierError, send_code::SendCodeError,
    },
    passkeys::PasskeyError,
    password::{
        change::ChangePasswordError, exchange_reset_code::ExchangeResetCodeError, remove::RemovePasswordError,
        request_reset::RequestPasswordResetError, reset::ResetPasswordError,
    },
    profile::update::UpdateProfileError,
    second_factors::{
        backup_codes::MakeBackupCodesError, begin_totp::BeginTotpError, confirm_totp::ConfirmTotpError,
        remove_totp::RemoveTotpError,
    },
    sessions::{end::EndSignInError, sign_out::SignOutError, switch::SwitchSignInError},
    sign_in::{with_passkey::PasskeySignInError, with_password::SignInError, with_phone::BeginPhoneSignInError},
    sign_up::start::SignUpError,
};
use selfsame_domain::{ByteCount, Claim, IdentifierKind, Rule, Scope, Violation, Violations};
use serde::Serialize;
use utoipa::ToSchema;

use super::Wacht;
use crate::{
    body::{InvalidBody, InvalidMember, MemberProblem},
    failure::Failure,
    reason::{Message, Reason, in_words, reasons},
    rejection::Rejection,
};

/// The body cannot be read, or its values break rules.
pub(super) const BAD_REQUEST_BODY: Reason = Failure::BadRequest.reason().with_code("BAD_REQUEST_BODY");
/// The query has no `strategy`.
pub(super) const MISSING_STRATEGY: Reason = MISSING_ATTEMPT.with_message("The parameter strategy is required.");
const MALFORMED_EMAIL: Reason = BAD_REQUEST_BODY.with_message("The email address is not valid.");

reasons! {
    /// A required field is missing.
    REQUIRED_FIELD = 400 "REQUIRED_FIELD" "A field is required.";
    /// The credential is missing, invalid or expired, or its sign-in has ended.
    NOT_AUTHENTICATED = 401 "UNAUTHORIZED" "You are not signed in.";
    /// The same for `GET /session/token`, which has no 401 in the contract.
    NOT_SIGNED_IN = 400 "INVALID_STATE" "You are not signed in.";
    /// The account is unknown or the password is wrong. The response is the same.
    INVALID_CREDENTIALS = 401 "INVALID_CREDENTIALS" "These credentials are not valid.";
    /// The account is disabled. Only after the correct password.
    USER_DISABLED = 403 "USER_DISABLED" "This account is disabled.";
    /// The strategy of the sign-in is not supported.
    UNKNOWN_STRATEGY = 400 "INVALID_STATE" "Sign in with an email address or a username, and a password.";
    /// The operator allows no sign-in with a phone number.
    PHONE_OTP_OFF = 400 "INVALID_STATE" "Sign-in with a phone number is not enabled here.";
    /// The last digits are not those of the phone number that is the second factor.
    WRONG_DIGITS = 400 "INVALID_CODE" "These are not the last digits of your phone number.";
    /// The second factor of the account is the phone that began the sign-in (R32).
    SAME_CHANNEL = 400 "INVALID_STATE" "Your phone cannot be both factors of a sign-in. Please sign in with your password.";
    /// The phone number is the second factor.
    SECOND_FACTOR_PHONE = 400 "INVALID_STATE" "This phone number is a second factor of your account.";
    /// The strategy of the verification is not supported.
    ONLY_CODES = 400 "INVALID_STATE" "Use the strategy email_otp or phone_otp.";
    /// The query has no `attempt_identifier`.
    MISSING_ATTEMPT = 400 "REQUIRED_FIELD" "The parameter attempt_identifier is required.";
    /// The attempt is unknown, finished or of another browser. The response is the same (R62).
    UNKNOWN_ATTEMPT = 400 "BAD_SIGN_IN_ATTEMPT" "This attempt is over. Please start again.";
    /// The request has no session cookie, and an attempt belongs to a browser session.
    NO_COOKIE = 400 "BAD_SIGN_IN_ATTEMPT" "Your browser sent no session cookie. Please allow the cookies of this service, and start again.";
    /// The attempt needs no code.
    NOTHING_TO_PROVE = 400 "INVALID_STATE" "There is nothing to verify.";
    /// The code or token is wrong or was used.
    INVALID_CODE = 400 "INVALID_CODE" "This code is not valid.";
    /// The code or token has expired.
    EXPIRED_CODE = 400 "verification_code_expired" "This code has expired. Please ask for another.";
    /// The query has no `sign_in_id`.
    MISSING_SIGN_IN = 400 "REQUIRED_FIELD" "The parameter sign_in_id is required.";
    /// The sign-in to end is not in this browser.
    NOT_IN_BROWSER = 400 "INVALID_STATE" "There is no such sign-in in this browser.";
    /// The sign-in to switch to is not in this browser.
    UNKNOWN_IN_BROWSER = 404 "NOT_FOUND" "There is no such sign-in in this browser.";
    /// Nobody could sign in to the account without its password.
    NO_ALTERNATIVE = 400 "NO_ALTERNATIVE_AUTH_METHOD" "Add a passkey before you remove the password. Otherwise you could not sign in any more.";
    /// The user has no active sign-in with this id.
    UNKNOWN_SIGN_IN = 404 "NOT_FOUND" "There is no such sign-in in this account.";
    /// The new primary address or number does not belong to the user.
    NOT_OWNED = 404 "NOT_FOUND" "There is no such email address in this account.";
    /// The new primary address or number is not verified.
    NOT_VERIFIED = 400 "INVALID_STATE" "The email address has to be verified before it can be primary.";
    /// The account is no longer at the version that the write has. Not 400 like the other conflicts: no SDK sends a version.
    STALE_VERSION = 409 "STALE_VERSION" "The profile was changed in the meantime. Please load it again.";
    /// The operation needs a recent sign-in, by a second factor if one is enrolled.
    STEP_UP_REQUIRED = 403 "STEP_UP_REQUIRED" "Please sign out, sign in again, and repeat this within a few minutes.";
    /// The user has no authenticator with this id.
    UNKNOWN_AUTHENTICATOR = 404 "NOT_FOUND" "There is no such authenticator in this account.";
    /// The primary address is not verified, and a second factor needs one that is.
    UNVERIFIED_EMAIL = 400 "INVALID_STATE" "The email address has to be verified first.";
    /// Backup codes take the place of an authenticator, and none is enrolled.
    NO_SECOND_FACTOR = 400 "INVALID_STATE" "Please add an authenticator first.";
    /// Social connections are not enabled.
    PROVIDER_NOT_CONFIGURED = 400 "PROVIDER_NOT_CONFIGURED" "Social connections are not enabled.";
    /// The user is in no organization.
    NO_ORGANIZATION = 404 "NOT_FOUND" "There is no such organization in this account.";
    /// The user is in no workspace.
    NO_WORKSPACE = 404 "NOT_FOUND" "There is no such workspace in this account.";
    /// The query has no `identifier`.
    MISSING_IDENTIFIER = 400 "REQUIRED_FIELD" "The parameter identifier is required.";
    /// The type is neither `email` nor `username`.
    UNKNOWN_IDENTIFIER_TYPE = 400 "BAD_REQUEST_BODY" "The parameter type must be username or email.";
    /// The operator does not let strangers ask about addresses.
    NOT_TOLD = 400 "INVALID_STATE" "Whether an email address has an account is not told here.";
    /// The query has no `attempt_id`.
    MISSING_ATTEMPT_ID = 400 "REQUIRED_FIELD" "The parameter attempt_id is required.";
    /// No sign-in asks for more of the profile.
    NOTHING_TO_COMPLETE = 400 "INVALID_STATE" "The profile is complete.";
    /// The operator demands no challenge.
    CHALLENGE_OFF = 404 "NOT_FOUND" "There is no challenge here.";
    /// The form has no token of a solved challenge, or one that expired or was used too often.
    CHALLENGE_REQUIRED = 400 "CHALLENGE_REQUIRED" "Please solve the challenge again.";
    /// Another account has this username or a similar-looking one.
    USERNAME_EXISTS = 400 "USERNAME_EXISTS" "This username is taken.";
    /// The user has no email address or phone number with this id.
    UNKNOWN_IDENTIFIER = 404 "NOT_FOUND" "There is no such email address or phone number in this account.";
    /// The user has this email address already. Those of other users are not told apart from free ones (R1).
    EMAIL_EXISTS = 400 "EMAIL_EXISTS" "This account has this email address already.";
    /// The user has this phone number already.
    PHONE_NUMBER_EXISTS = 400 "PHONE_NUMBER_EXISTS" "This account has this phone number already.";
    /// The user has as many as they may have.
    TOO_MANY_IDENTIFIERS = 400 "INVALID_STATE" "This account can have no more of them. Please delete one first.";
    /// No text messages are sent to the country of the number.
    COUNTRY_RESTRICTED = 400 "COUNTRY_RESTRICTED" "This service sends no text messages to this country.";
    /// The operator has no gateway for text messages.
    SMS_DISABLED = 400 "INVALID_STATE" "This service sends no text messages, so phone numbers cannot be verified.";
    /// The operator lets no user change email addresses, or phone numbers.
    READ_ONLY = 400 "INVALID_STATE" "This cannot be changed here.";
    /// The email address or phone number is verified already.
    ALREADY_VERIFIED = 400 "INVALID_STATE" "It is verified already.";
    /// The request has no `code`.
    MISSING_CODE = 400 "CODE_REQUIRED" "Please enter the code.";
    /// The primary email address cannot be deleted.
    PRIMARY_EMAIL = 400 "INVALID_STATE" "The primary email address cannot be deleted.";
    /// The only verified email address cannot be deleted.
    LAST_VERIFIED_EMAIL = 400 "INVALID_STATE" "The only verified email address cannot be deleted.";
    /// Passkeys are off on this server.
    PASSKEYS_OFF = 400 "INVALID_STATE" "Passkeys are not enabled here.";
    /// The user has as many passkeys as one may have.
    TOO_MANY_PASSKEYS = 400 "INVALID_STATE" "You cannot have more passkeys.";
    /// The challenge is unknown, was used, has expired, or is for something else. The response is the same.
    CHALLENGE_OVER = 400 "INVALID_STATE" "This took too long or was done already. Please try again.";
    /// The answer of the browser does not prove what it should.
    PASSKEY_REFUSED = 400 "BAD_REQUEST_BODY" "This passkey was not accepted.";
    /// The same at a sign-in, or the passkey is unknown. The response is the same.
    PASSKEY_UNKNOWN = 401 "INVALID_CREDENTIALS" "This passkey was not accepted.";
    /// The passkey is registered already, for this user or another.
    PASSKEY_EXISTS = 400 "INVALID_STATE" "This passkey is registered already.";
    /// The user has no passkey with this id.
    UNKNOWN_PASSKEY = 404 "NOT_FOUND" "There is no such passkey in this account.";
    /// The user has no password, and this is the last passkey.
    LAST_WAY_IN = 400 "NO_ALTERNATIVE_AUTH_METHOD" "This is your only way to sign in. Please set a password first.";
    /// The second-factor policy is `enforced`, and this is the last factor.
    LAST_FACTOR = 400 "INVALID_STATE" "Your account requires a second factor, and this is the last one.";
}

/// The envelope of an error: only `errors` has content.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Failed)]
pub(crate) struct ErrorEnvelope {
    #[schema(example = 400, minimum = 400, maximum = 599)]
    status: u16,
    /// The message of the first error.
    #[schema(example = "This username is taken.")]
    message: String,
    #[schema(required, value_type = Option<Object>)]
    data: Option<()>,
    session: Empty,
    #[schema(min_items = 1)]
    errors: Vec<ErrorObject>,
}

/// An object without members.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Empty)]
struct Empty {}

/// One error. The SDK shows the first `message` to the user, unchanged.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::Error)]
pub(crate) struct ErrorObject {
    /// For programs.
    #[schema(example = "USERNAME_EXISTS")]
    code: &'static str,
    /// For people.
    #[schema(example = "This username is taken.")]
    message: String,
}

impl ErrorEnvelope {
    /// The envelope of these errors; if there are none, of the reason with this message.
    pub(super) fn new(reason: Reason, message: Message, mut errors: Vec<ErrorObject>) -> Self {
        if errors.is_empty() {
            errors.push(ErrorObject { code: reason.code, message: message.into_owned() });
        }
        Self { status: reason.status, message: errors[0].message.clone(), data: None, session: Empty {}, errors }
    }
}

/// The rejection of a body with invalid fields or violations. Its status is that of all errors, or 400 if they differ.
pub(super) fn invalid_body(InvalidBody { members, violations }: InvalidBody) -> Rejection<Wacht> {
    let of_rules = violations.0.iter().map(|violation| (of_rule(violation), sentence(violation)));
    let errors: Vec<(Reason, String)> = members.iter().map(of_member).chain(of_rules).collect();
    let first = errors.first().map_or(BAD_REQUEST_BODY, |(reason, _)| *reason);
    let is_same = errors.iter().all(|(reason, _)| reason.status == first.status);
    let status = if is_same { first.status } else { BAD_REQUEST_BODY.status };
    let errors = errors.into_iter().map(|(reason, message)| ErrorObject { code: reason.code, message });
    Rejection::from(Reason { status, ..first }).with_details(errors.collect())
}

/// Too many wrong codes were tried. The mail has a link too.
fn too_many_tries(wait: Duration) -> Rejection<Wacht> {
    let message =
        format!("Too many wrong codes. Please use the link in the email, or try again in {}.", in_words(wait));
    Rejection::from(INVALID_CODE).with_message(message).with_retry_after(wait)
}

/// The same for codes of an authenticator app, which come in no mail.
fn too_many_second_factor_tries(wait: Duration) -> Rejection<Wacht> {
    let message = format!("Too many wrong codes. Please try again in {}.", in_words(wait));
    Rejection::from(INVALID_CODE).with_message(message).with_retry_after(wait)
}

fn of_violations(violations: Violations) -> Rejection<Wacht> {
    invalid_body(InvalidBody { members: Vec::new(), violations })
}

fn of_member(InvalidMember { member, problem }: &InvalidMember) -> (Reason, String) {
    let problem = match problem {
        MemberProblem::Missing => return (REQUIRED_FIELD, format!("The field {member} is required.")),
        MemberProblem::Repeated => "was given more than once",
        MemberProblem::Unknown | MemberProblem::NotChangeable => "is not known",
        MemberProblem::Type(_) => "is of the wrong type",
        MemberProblem::Value(expected) => return (BAD_REQUEST_BODY, format!("The field {member} must be {expected}.")),
        MemberProblem::Rule(_) => "is not valid",
    };
    (BAD_REQUEST_BODY, format!("The field {member} {problem}."))
}

impl From<SignUpError> for Rejection<Wacht> {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Invalid(violations) => of_violations(violations),
            SignUpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Rejection<Wacht> {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => INVALID_CREDENTIALS.into(),
            SignInError::Disabled => USER_DISABLED.into(),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<BeginPhoneSignInError> for Rejection<Wacht> {
    fn from(error: BeginPhoneSignInError) -> Self {
        match error {
            BeginPhoneSignInError::Off => PHONE_OTP_OFF.into(),
            BeginPhoneSignInError::Invalid(violations) => of_violations(violations),
            BeginPhoneSignInError::CountryNotAllowed => COUNTRY_RESTRICTED.into(),
            BeginPhoneSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendProofError> for Rejection<Wacht> {
    fn from(error: SendProofError) -> Self {
        match error {
            SendProofError::UnknownAttempt => UNKNOWN_ATTEMPT.into(),
            SendProofError::NothingToProve => NOTHING_TO_PROVE.into(),
            SendProofError::WrongDigits => WRONG_DIGITS.into(),
            SendProofError::TooManyTries(wait) => too_many_second_factor_tries(wait),
            SendProofError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ReadAttemptError> for Rejection<Wacht> {
    fn from(error: ReadAttemptError) -> Self {
        match error {
            ReadAttemptError::UnknownAttempt => UNKNOWN_ATTEMPT.into(),
            ReadAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CheckAvailabilityError> for Rejection<Wacht> {
    fn from(error: CheckAvailabilityError) -> Self {
        match error {
            CheckAvailabilityError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SpendChallengeTokenError> for Rejection<Wacht> {
    fn from(error: SpendChallengeTokenError) -> Self {
        match error {
            SpendChallengeTokenError::Unsolved => CHALLENGE_REQUIRED.into(),
            SpendChallengeTokenError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyAttemptError> for Rejection<Wacht> {
    fn from(error: VerifyAttemptError) -> Self {
        match error {
            VerifyAttemptError::UnknownAttempt => UNKNOWN_ATTEMPT.into(),
            VerifyAttemptError::InvalidCode => INVALID_CODE.into(),
            VerifyAttemptError::ExpiredCode => EXPIRED_CODE.into(),
            VerifyAttemptError::TooManyTries(wait) => too_many_tries(wait),
            VerifyAttemptError::TooManySecondFactorTries(wait) => too_many_second_factor_tries(wait),
            VerifyAttemptError::SameChannel(_) => SAME_CHANNEL.into(),
            VerifyAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestPasswordResetError> for Rejection<Wacht> {
    fn from(error: RequestPasswordResetError) -> Self {
        match error {
            RequestPasswordResetError::MalformedEmail => MALFORMED_EMAIL.into(),
            RequestPasswordResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ExchangeResetCodeError> for Rejection<Wacht> {
    fn from(error: ExchangeResetCodeError) -> Self {
        match error {
            ExchangeResetCodeError::InvalidCode => INVALID_CODE.into(),
            ExchangeResetCodeError::ExpiredCode => EXPIRED_CODE.into(),
            ExchangeResetCodeError::TooManyTries(wait) => too_many_tries(wait),
            ExchangeResetCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ResetPasswordError> for Rejection<Wacht> {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::InvalidToken | ResetPasswordError::UsedToken => INVALID_CODE.into(),
            ResetPasswordError::ExpiredToken => EXPIRED_CODE.into(),
            ResetPasswordError::Invalid(violations) => of_violations(violations),
            ResetPasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignOutError> for Rejection<Wacht> {
    fn from(error: SignOutError) -> Self {
        match error {
            SignOutError::UnknownSignIn => NOT_IN_BROWSER.into(),
            SignOutError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SwitchSignInError> for Rejection<Wacht> {
    fn from(error: SwitchSignInError) -> Self {
        match error {
            SwitchSignInError::UnknownSignIn => UNKNOWN_IN_BROWSER.into(),
            SwitchSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ScheduleDeletionError> for Rejection<Wacht> {
    fn from(error: ScheduleDeletionError) -> Self {
        match error {
            ScheduleDeletionError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            ScheduleDeletionError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ScheduleDeletionError::Fault(fault) => fault.into(),
        }
    }
}

impl From<BeginTotpError> for Rejection<Wacht> {
    fn from(error: BeginTotpError) -> Self {
        match error {
            // Only if the request does not replace an enrolled app, and those of this contract do.
            BeginTotpError::AlreadyEnrolled => Failure::Internal.into(),
            BeginTotpError::UnverifiedEmail => UNVERIFIED_EMAIL.into(),
            BeginTotpError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            BeginTotpError::Unauthenticated => NOT_AUTHENTICATED.into(),
            BeginTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmTotpError> for Rejection<Wacht> {
    fn from(error: ConfirmTotpError) -> Self {
        match error {
            ConfirmTotpError::NotBegun => UNKNOWN_AUTHENTICATOR.into(),
            ConfirmTotpError::InvalidCode => INVALID_CODE.into(),
            ConfirmTotpError::TooManyTries(wait) => too_many_second_factor_tries(wait),
            ConfirmTotpError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ConfirmTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemoveTotpError> for Rejection<Wacht> {
    fn from(error: RemoveTotpError) -> Self {
        match error {
            RemoveTotpError::NotEnrolled => UNKNOWN_AUTHENTICATOR.into(),
            // Only if the policy is kept, and this contract resets it.
            RemoveTotpError::LastFactor => Failure::Internal.into(),
            RemoveTotpError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            RemoveTotpError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemoveTotpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<MakeBackupCodesError> for Rejection<Wacht> {
    fn from(error: MakeBackupCodesError) -> Self {
        match error {
            MakeBackupCodesError::NotEnrolled => NO_SECOND_FACTOR.into(),
            MakeBackupCodesError::InvalidCode => INVALID_CODE.into(),
            MakeBackupCodesError::TooManyTries(wait) => too_many_second_factor_tries(wait),
            MakeBackupCodesError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            MakeBackupCodesError::Unauthenticated => NOT_AUTHENTICATED.into(),
            MakeBackupCodesError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ChangePasswordError> for Rejection<Wacht> {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::WrongPassword => INVALID_CREDENTIALS.into(),
            ChangePasswordError::Invalid(violations) => of_violations(violations),
            ChangePasswordError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            ChangePasswordError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ChangePasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemovePasswordError> for Rejection<Wacht> {
    fn from(error: RemovePasswordError) -> Self {
        match error {
            RemovePasswordError::NoAlternative => NO_ALTERNATIVE.into(),
            RemovePasswordError::WrongPassword => INVALID_CREDENTIALS.into(),
            RemovePasswordError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            RemovePasswordError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemovePasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<EndSignInError> for Rejection<Wacht> {
    fn from(error: EndSignInError) -> Self {
        match error {
            EndSignInError::UnknownSignIn => UNKNOWN_SIGN_IN.into(),
            EndSignInError::Unauthenticated => NOT_AUTHENTICATED.into(),
            EndSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<UpdateProfileError> for Rejection<Wacht> {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Invalid(violations) => of_violations(violations),
            UpdateProfileError::VersionMismatch { .. } => STALE_VERSION.into(),
            UpdateProfileError::InsufficientScope => Self::insufficient_scope(&[Scope::SecurityWrite]),
            UpdateProfileError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            UpdateProfileError::Unauthenticated => NOT_AUTHENTICATED.into(),
            UpdateProfileError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AddIdentifierError> for Rejection<Wacht> {
    fn from(error: AddIdentifierError) -> Self {
        match error {
            AddIdentifierError::Invalid(violations) => of_violations(violations),
            AddIdentifierError::Duplicate(IdentifierKind::Email) => EMAIL_EXISTS.into(),
            AddIdentifierError::Duplicate(IdentifierKind::Phone) => PHONE_NUMBER_EXISTS.into(),
            AddIdentifierError::TooMany { .. } => TOO_MANY_IDENTIFIERS.into(),
            AddIdentifierError::ReadOnly => READ_ONLY.into(),
            AddIdentifierError::CountryNotAllowed => COUNTRY_RESTRICTED.into(),
            AddIdentifierError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            AddIdentifierError::Unauthenticated => NOT_AUTHENTICATED.into(),
            AddIdentifierError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendCodeError> for Rejection<Wacht> {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::Unknown => UNKNOWN_IDENTIFIER.into(),
            SendCodeError::AlreadyVerified => ALREADY_VERIFIED.into(),
            SendCodeError::NoSms => SMS_DISABLED.into(),
            SendCodeError::CountryNotAllowed => COUNTRY_RESTRICTED.into(),
            SendCodeError::Unauthenticated => NOT_AUTHENTICATED.into(),
            SendCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmIdentifierError> for Rejection<Wacht> {
    fn from(error: ConfirmIdentifierError) -> Self {
        match error {
            ConfirmIdentifierError::Unknown => UNKNOWN_IDENTIFIER.into(),
            ConfirmIdentifierError::AlreadyVerified => ALREADY_VERIFIED.into(),
            ConfirmIdentifierError::InvalidCode => INVALID_CODE.into(),
            ConfirmIdentifierError::ExpiredCode => EXPIRED_CODE.into(),
            ConfirmIdentifierError::TooManyTries(wait) => {
                let message = format!("Too many wrong codes. Please try again in {}.", in_words(wait));
                Self::from(INVALID_CODE).with_message(message).with_retry_after(wait)
            }
            ConfirmIdentifierError::Unauthenticated => NOT_AUTHENTICATED.into(),
            ConfirmIdentifierError::Fault(fault) => fault.into(),
        }
    }
}

impl From<MakePrimaryError> for Rejection<Wacht> {
    fn from(error: MakePrimaryError) -> Self {
        match error {
            MakePrimaryError::Unknown => UNKNOWN_IDENTIFIER.into(),
            MakePrimaryError::ReadOnly => READ_ONLY.into(),
            MakePrimaryError::NotVerified => {
                NOT_VERIFIED.with_message("It has to be verified before it can be primary.").into()
            }
            MakePrimaryError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            MakePrimaryError::Unauthenticated => NOT_AUTHENTICATED.into(),
            MakePrimaryError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RemoveIdentifierError> for Rejection<Wacht> {
    fn from(error: RemoveIdentifierError) -> Self {
        match error {
            RemoveIdentifierError::Unknown => UNKNOWN_IDENTIFIER.into(),
            RemoveIdentifierError::ReadOnly => READ_ONLY.into(),
            RemoveIdentifierError::Primary => PRIMARY_EMAIL.into(),
            RemoveIdentifierError::LastVerified => LAST_VERIFIED_EMAIL.into(),
            RemoveIdentifierError::SecondFactor => SECOND_FACTOR_PHONE.into(),
            RemoveIdentifierError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            RemoveIdentifierError::Unauthenticated => NOT_AUTHENTICATED.into(),
            RemoveIdentifierError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PasskeyError> for Rejection<Wacht> {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Off => PASSKEYS_OFF.into(),
            PasskeyError::StepUp(required) => Self::step_up(STEP_UP_REQUIRED, required),
            PasskeyError::UnverifiedEmail => UNVERIFIED_EMAIL.into(),
            PasskeyError::TooMany { max } => {
                Self::from(TOO_MANY_PASSKEYS).with_message(format!("You have {max} passkeys and cannot have more."))
            }
            PasskeyError::Invalid(violations) => of_violations(violations),
            PasskeyError::Malformed | PasskeyError::Refused => PASSKEY_REFUSED.into(),
            PasskeyError::UnknownChallenge => CHALLENGE_OVER.into(),
            PasskeyError::AlreadyRegistered => PASSKEY_EXISTS.into(),
            PasskeyError::UnknownPasskey => UNKNOWN_PASSKEY.into(),
            PasskeyError::LastWayIn => LAST_WAY_IN.into(),
            PasskeyError::FactorDemanded => LAST_FACTOR.into(),
            PasskeyError::Unauthenticated => NOT_AUTHENTICATED.into(),
            PasskeyError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PasskeySignInError> for Rejection<Wacht> {
    fn from(error: PasskeySignInError) -> Self {
        match error {
            PasskeySignInError::Off => PASSKEYS_OFF.into(),
            PasskeySignInError::Malformed => PASSKEY_REFUSED.into(),
            PasskeySignInError::UnknownChallenge => CHALLENGE_OVER.into(),
            PasskeySignInError::Refused => PASSKEY_UNKNOWN.into(),
            PasskeySignInError::Disabled => USER_DISABLED.into(),
            PasskeySignInError::Fault(fault) => fault.into(),
        }
    }
}

/// The status and code of a broken rule.
fn of_rule(Violation { claim, rule }: &Violation) -> Reason {
    match (rule, claim) {
        (Rule::Required, _) => REQUIRED_FIELD,
        (Rule::Taken, Claim::Email | Claim::PrimaryEmail) => USERNAME_EXISTS.with_code("EMAIL_EXISTS"),
        (Rule::Taken, Claim::PhoneNumber | Claim::PrimaryPhone) => USERNAME_EXISTS.with_code("PHONE_NUMBER_EXISTS"),
        (Rule::Taken, _) => USERNAME_EXISTS,
        (Rule::NotOwned, _) => NOT_OWNED,
        (Rule::NotVerified, _) => NOT_VERIFIED,
        (Rule::Mismatch, _) => BAD_REQUEST_BODY.with_code(INVALID_CREDENTIALS.code),
        (Rule::UnsupportedMedia, _) => Failure::UnsupportedMediaType.reason(),
        (Rule::TooLarge { .. }, Claim::Picture) => Failure::BodyTooLarge.reason(),
        (
            Rule::TooShort { .. }
            | Rule::TooLong { .. }
            | Rule::Malformed
            | Rule::ForbiddenCharacter
            | Rule::MixedScripts
            | Rule::PhoneExtension
            | Rule::Reserved
            | Rule::ReadOnly
            | Rule::NotOffered
            | Rule::PrivateHost
            | Rule::TooWeak { .. }
            | Rule::Unchanged
            | Rule::UsedBefore
            | Rule::TooLarge { .. }
            | Rule::TooDeep { .. }
            | Rule::TooManyMembers { .. }
            | Rule::DuplicateMember
            | Rule::NumberOutOfRange { .. }
            | Rule::Schema { .. }
            | Rule::TooManyPixels { .. },
            _,
        ) => BAD_REQUEST_BODY,
    }
}

/// The sentence for a broken rule.
fn sentence(Violation { claim, rule }: &Violation) -> String {
    let what = field_name(*claim);
    match rule {
        Rule::Required | Rule::TooShort { min: 1 } => format!("The {what} must not be empty."),
        Rule::TooShort { min } => format!("The {what} must have at least {min} characters."),
        Rule::TooLong { max } => format!("The {what} must have at most {max} characters."),
        Rule::Malformed => format!("The {what} is not valid."),
        Rule::ForbiddenCharacter if *claim == Claim::PreferredUsername => {
            format!("The {what} must start with a letter and have only letters, digits, dots, dashes and underscores.")
        }
        Rule::ForbiddenCharacter => format!("The {what} has a character that is not allowed."),
        Rule::MixedScripts => format!("The {what} must not mix letters of several alphabets."),
        Rule::PhoneExtension => format!("The {what} must not have an extension."),
        Rule::Reserved => format!("This {what} is reserved."),
        Rule::ReadOnly => format!("The {what} cannot be changed here."),
        Rule::NotOffered => format!("This service has no {what}."),
        Rule::PrivateHost => format!("The {what} must be on a public host."),
        Rule::Taken => format!("This {what} is taken."),
        Rule::NotOwned => format!("There is no such {what} in this account."),
        Rule::NotVerified => format!("The {what} has to be verified before it can be primary."),
        Rule::TooWeak { reason } => reason.clone(),
        Rule::Unchanged => format!("The {what} must differ from the current one."),
        Rule::UsedBefore => format!("This {what} was used before. Please choose another."),
        Rule::Mismatch => format!("The {what} is wrong."),
        Rule::TooLarge { max } => format!("The {what} must have at most {}.", ByteCount(*max)),
        Rule::TooDeep { max } => format!("The {what} must be nested at most {max} levels deep."),
        Rule::TooManyMembers { max } => format!("The {what} must have at most {max} members."),
        Rule::DuplicateMember => format!("The {what} must not name a member twice."),
        Rule::NumberOutOfRange { pointer } => format!("The {what} has a number that is out of range at {pointer:?}."),
        Rule::Schema { pointer, message } => format!("The {what} is not valid at {pointer:?}: {message}."),
        Rule::UnsupportedMedia => format!("The {what} must be a PNG, JPEG, WebP or GIF file."),
        Rule::TooManyPixels { side, megapixels } => {
            format!("The {what} must be at most {side} pixels wide and high, and have at most {megapixels} megapixels.")
        }
    }
}

/// The name of a claim in the forms of the SDK.
fn field_name(claim: Claim) -> &'static str {
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
        Claim::SignInName => "name of the sign-in",
        Claim::Password => "password",
        Claim::CurrentPassword => "current password",
        Claim::PasskeyName => "name of the passkey",
    }
}
