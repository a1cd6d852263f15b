//! Each error of each use case, as this contract says it: one exhaustive `match` for each.
//!
//! Where a status or code is not the obvious one, rivergen.md sections A6 and A7 have it so.

use std::time::Duration;

use actix_web::http::StatusCode;
use selfsame_application::{
    Fault, attempts::send_proof::SendProofError, attempts::verify::VerifyAttemptError,
    identifiers::confirm_change::ConfirmEmailChangeError, identifiers::request_change::RequestEmailChangeError,
    identifiers::verify::VerifyEmailError, password::change::ChangePasswordError,
    password::request_reset::RequestPasswordResetError, password::reset::ResetPasswordError,
    profile::update::UpdateProfileError, sessions::authenticate::AuthenticateError, sessions::principal::StaleProof,
    sessions::refresh::RefreshAccessError, sessions::sign_out::SignOutError, sign_in::with_password::SignInError,
    sign_up::start::SignUpError,
};
use selfsame_domain::{Claim, Rule, Violations};

use super::{FieldError, Rejection, unprocessable};
use crate::contracts::rivergen::words::{self, Names};

fn bad_request(code: &'static str, message: &str) -> Rejection {
    Rejection::new(StatusCode::BAD_REQUEST, code, message)
}

fn gone(code: &'static str, message: &str) -> Rejection {
    Rejection::new(StatusCode::GONE, code, message)
}

fn invalid_otp() -> Rejection {
    bad_request("INVALID_OTP", "Invalid OTP code")
}

fn too_many_attempts() -> Rejection {
    Rejection::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_ATTEMPTS", "Too many attempts. Request a new code.")
}

fn is_unchanged(violations: &Violations) -> bool {
    violations.0.iter().any(|violation| violation.rule == Rule::Unchanged)
}

impl Rejection {
    fn invalid(violations: &Violations, names: Names) -> Self {
        Self::validation(&words::field_errors(violations, names))
    }
}

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        let second = Duration::from_secs(1);
        match fault {
            Fault::Limited(wait) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "Too many requests. Try again later.")
                    .after(wait.max(second))
            }
            Fault::Unavailable(_) | Fault::Contended => {
                tracing::error!(%fault, "no answer just now");
                let message = "The service is busy. Try again in a moment.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message).after(second)
            }
            Fault::Internal(_) => {
                tracing::error!(%fault, "a fault of ours");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "Something went wrong on our side.")
            }
        }
    }
}

impl From<StaleProof> for Rejection {
    fn from(StaleProof { max_age }: StaleProof) -> Self {
        Self::stale(max_age)
    }
}

impl From<AuthenticateError> for Rejection {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Unauthenticated => Self::unauthorized(),
            AuthenticateError::Expired => {
                Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "The access token has expired")
            }
            AuthenticateError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignUpError> for Rejection {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Invalid(violations)
                if violations.0.iter().all(|violation| violation.claim == Claim::Password) =>
            {
                let wrong = words::field_errors(&violations, words::FIRST);
                unprocessable("INVALID_PASSWORD", "This password cannot be used", &wrong)
            }
            SignUpError::Invalid(violations) => Self::invalid(&violations, words::FIRST),
            SignUpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendProofError> for Rejection {
    fn from(error: SendProofError) -> Self {
        match error {
            SendProofError::UnknownAttempt => Self::invalid_temporary_token(),
            SendProofError::NothingToProve => {
                Self::new(StatusCode::CONFLICT, "EMAIL_ALREADY_VERIFIED", "This email address is already verified")
            }
            SendProofError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyAttemptError> for Rejection {
    fn from(error: VerifyAttemptError) -> Self {
        match error {
            VerifyAttemptError::UnknownAttempt => Self::invalid_temporary_token(),
            VerifyAttemptError::InvalidCode => invalid_otp(),
            VerifyAttemptError::ExpiredCode => gone("OTP_EXPIRED", "The OTP code has expired"),
            VerifyAttemptError::TooManyTries => too_many_attempts(),
            VerifyAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyEmailError> for Rejection {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Invalid => bad_request("INVALID_TOKEN", "Invalid or used verification token"),
            VerifyEmailError::Expired => gone("TOKEN_EXPIRED", "The verification token has expired"),
            VerifyEmailError::TooManyTries => too_many_attempts(),
            VerifyEmailError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Rejection {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS", "Invalid email or password")
            }
            SignInError::Disabled => Self::new(StatusCode::FORBIDDEN, "ACCOUNT_DISABLED", "This account is disabled"),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RefreshAccessError> for Rejection {
    fn from(error: RefreshAccessError) -> Self {
        match error {
            RefreshAccessError::Invalid => {
                Self::new(StatusCode::UNAUTHORIZED, "INVALID_TOKEN", "Invalid or expired refresh token")
            }
            RefreshAccessError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignOutError> for Rejection {
    fn from(error: SignOutError) -> Self {
        match error {
            SignOutError::UnknownSignIn => bad_request("LOGOUT_FAILED", "Logout failed"),
            SignOutError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestPasswordResetError> for Rejection {
    fn from(error: RequestPasswordResetError) -> Self {
        match error {
            RequestPasswordResetError::MalformedEmail => {
                Self::validation(&[FieldError::new("email", words::reason(Claim::Email, &Rule::Malformed))])
            }
            RequestPasswordResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ResetPasswordError> for Rejection {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::InvalidToken => bad_request("INVALID_TOKEN", "Invalid or used reset token"),
            ResetPasswordError::ExpiredToken => bad_request("INVALID_TOKEN", "The reset token has expired"),
            ResetPasswordError::Invalid(violations) => Self::invalid(&violations, words::NEW),
            ResetPasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ChangePasswordError> for Rejection {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::WrongPassword => {
                bad_request("INVALID_CURRENT_PASSWORD", "The current password is incorrect")
            }
            ChangePasswordError::Invalid(violations) if is_unchanged(&violations) => {
                bad_request("CHANGE_PASSWORD_FAILED", "The new password must differ from the current one")
            }
            ChangePasswordError::Invalid(violations) => Self::invalid(&violations, words::NEW),
            ChangePasswordError::Stale(stale) => stale.into(),
            ChangePasswordError::Unauthenticated => Self::unauthorized(),
            ChangePasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<UpdateProfileError> for Rejection {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Invalid(violations) => Self::invalid(&violations, words::FIRST),
            UpdateProfileError::VersionMismatch { .. } => {
                bad_request("PROFILE_UPDATE_FAILED", "The profile was changed by somebody else in the meantime")
            }
            UpdateProfileError::Unauthenticated => Self::unauthorized(),
            UpdateProfileError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestEmailChangeError> for Rejection {
    fn from(error: RequestEmailChangeError) -> Self {
        match error {
            RequestEmailChangeError::Invalid(violations) if is_unchanged(&violations) => {
                bad_request("EMAIL_UPDATE_REQUEST_FAILED", "The new email address must differ from the current one")
            }
            RequestEmailChangeError::Invalid(violations) => Self::invalid(&violations, words::NEW),
            RequestEmailChangeError::Stale(stale) => stale.into(),
            RequestEmailChangeError::Unauthenticated => Self::unauthorized(),
            RequestEmailChangeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ConfirmEmailChangeError> for Rejection {
    fn from(error: ConfirmEmailChangeError) -> Self {
        match error {
            ConfirmEmailChangeError::UnknownRequest => {
                bad_request("EMAIL_UPDATE_VERIFY_FAILED", "No change to this email address is pending")
            }
            ConfirmEmailChangeError::Taken => {
                bad_request("EMAIL_UPDATE_VERIFY_FAILED", "This email address can no longer be used")
            }
            ConfirmEmailChangeError::InvalidCode => invalid_otp(),
            ConfirmEmailChangeError::ExpiredCode => bad_request("OTP_EXPIRED", "The OTP code has expired"),
            ConfirmEmailChangeError::TooManyTries => too_many_attempts(),
            ConfirmEmailChangeError::Unauthenticated => Self::unauthorized(),
            ConfirmEmailChangeError::Fault(fault) => fault.into(),
        }
    }
}
