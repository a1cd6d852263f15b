//! From what a use case refuses to what this contract answers: status, code, words.
//!
//! Every non-2xx carries the whole envelope with `data: null`; the SDK shows `errors[0].message` to the user. Faults are
//! said by the foundation in the same shape.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header::WWW_AUTHENTICATE},
};
use selfsame_application::{
    Fault, attempts::send_proof::SendProofError, attempts::verify::VerifyAttemptError,
    password::exchange_reset_code::ExchangeResetCodeError, password::request_reset::RequestPasswordResetError,
    password::reset::ResetPasswordError, profile::update::UpdateProfileError,
    sessions::authenticate::AuthenticateError, sessions::sign_out::SignOutError, sessions::switch::SwitchSignInError,
    sign_in::with_password::SignInError, sign_up::start::SignUpError,
};
use selfsame_domain::Violations;

use super::{
    wire::{ErrorObject, Failed},
    words,
};

/// Why there is no answer of the kind that was asked for.
#[derive(Debug)]
pub(super) enum Rejection {
    /// The caller's doing.
    Refused(Refused),
    /// Not the caller's doing.
    Fault(Fault),
}

/// What the caller did wrong.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    errors: Vec<ErrorObject>,
}

impl Rejection {
    /// One thing is wrong.
    pub(super) fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self::of_errors(status, vec![ErrorObject::new(code, message)])
    }

    /// Several things are wrong; the first is the one that is shown.
    pub(super) fn of_errors(status: StatusCode, errors: Vec<ErrorObject>) -> Self {
        Self::Refused(Refused { status, errors })
    }

    /// Nobody is signed in. One answer for missing, forged and ended credentials.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "You are not signed in.")
    }

    /// Not an attempt that this browser can go on with. One answer for unknown, foreign and finished ones (R62).
    pub(super) fn unknown_attempt() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_SIGN_IN_ATTEMPT", "This attempt is over. Please start again.")
    }

    /// Not possible as things are.
    pub(super) fn invalid_state(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_STATE", message)
    }

    /// A query parameter is missing.
    pub(super) fn missing(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "REQUIRED_FIELD", message)
    }

    /// For `GET /session/token`, where the contract has no 401.
    pub(super) fn without_sign_in(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Unauthenticated | AuthenticateError::Expired => {
                Self::invalid_state("You are not signed in.")
            }
            AuthenticateError::Fault(fault) => fault.into(),
        }
    }

    fn invalid_code() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_CODE", "This code is not valid.")
    }

    fn expired_code() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "verification_code_expired",
            "This code has expired. Please ask for another.",
        )
    }
}

impl From<Violations> for Rejection {
    /// All of them. If they do not agree on a status it is the general one.
    fn from(Violations(violations): Violations) -> Self {
        let mut statuses = violations.iter().map(words::status);
        let first = statuses.next().unwrap_or(StatusCode::BAD_REQUEST);
        let status = if statuses.all(|other| other == first) { first } else { StatusCode::BAD_REQUEST };
        Self::of_errors(status, violations.iter().map(words::error).collect())
    }
}

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<AuthenticateError> for Rejection {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Unauthenticated | AuthenticateError::Expired => Self::unauthorized(),
            AuthenticateError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignUpError> for Rejection {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Invalid(violations) => violations.into(),
            SignUpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Rejection {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS", "These credentials are not valid.")
            }
            SignInError::Disabled => Self::new(StatusCode::FORBIDDEN, "USER_DISABLED", "This account is disabled."),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SendProofError> for Rejection {
    fn from(error: SendProofError) -> Self {
        match error {
            SendProofError::UnknownAttempt => Self::unknown_attempt(),
            SendProofError::NothingToProve => Self::invalid_state("There is nothing to verify."),
            SendProofError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyAttemptError> for Rejection {
    fn from(error: VerifyAttemptError) -> Self {
        match error {
            VerifyAttemptError::UnknownAttempt => Self::unknown_attempt(),
            VerifyAttemptError::InvalidCode => Self::invalid_code(),
            VerifyAttemptError::ExpiredCode => Self::expired_code(),
            VerifyAttemptError::TooManyTries => Self::new(
                StatusCode::BAD_REQUEST,
                "INVALID_CODE",
                "This code was tried too often. Please ask for another later.",
            ),
            VerifyAttemptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RequestPasswordResetError> for Rejection {
    fn from(error: RequestPasswordResetError) -> Self {
        match error {
            RequestPasswordResetError::MalformedEmail => {
                Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST_BODY", "The email address is not valid.")
            }
            RequestPasswordResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ExchangeResetCodeError> for Rejection {
    fn from(error: ExchangeResetCodeError) -> Self {
        match error {
            ExchangeResetCodeError::InvalidCode => Self::invalid_code(),
            ExchangeResetCodeError::ExpiredCode => Self::expired_code(),
            ExchangeResetCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ResetPasswordError> for Rejection {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::InvalidToken => Self::invalid_code(),
            ResetPasswordError::ExpiredToken => Self::expired_code(),
            ResetPasswordError::Invalid(violations) => violations.into(),
            ResetPasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignOutError> for Rejection {
    fn from(error: SignOutError) -> Self {
        match error {
            SignOutError::UnknownSignIn => Self::invalid_state("There is no such sign-in in this browser."),
            SignOutError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SwitchSignInError> for Rejection {
    fn from(error: SwitchSignInError) -> Self {
        match error {
            SwitchSignInError::UnknownSignIn => {
                Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such sign-in in this browser.")
            }
            SwitchSignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<UpdateProfileError> for Rejection {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Invalid(violations) => violations.into(),
            UpdateProfileError::VersionMismatch { .. } => {
                Self::invalid_state("The profile was changed in the meantime. Please load it again.")
            }
            UpdateProfileError::Unauthenticated => Self::unauthorized(),
            UpdateProfileError::Fault(fault) => fault.into(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.status, self.errors.iter().map(|error| error.code).collect::<Vec<_>>())
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        response.json(Failed::new(self.status, self.errors.clone()))
    }
}
