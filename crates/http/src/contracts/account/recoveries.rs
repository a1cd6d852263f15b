//! `/api/v1/account/recoveries`: a new password for an account whose password was forgotten, in three steps: a mailed
//! code, its token, the password. A recovery has no state but the mailed proof, so its steps have no id, and nobody learns
//! which addresses have accounts (R23).

use actix_web::{HttpResponse, http::StatusCode, web::Payload};
use selfsame_application::password::{
    exchange_reset_code::ExchangeResetCode, request_reset::RequestPasswordReset, reset::ResetPassword,
};
use selfsame_domain::{Factor, Password};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{EXPIRED_CODE, INVALID_CODE, NOT_AUTHENTICATED, TOO_MANY_TRIES, USED_CODE},
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// A recovery: what it needs, and what was proven.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Recovery)]
struct Recovery {
    #[schema(example = json!(["email", "pwd"]))]
    required: [&'static str; 2],
    #[schema(example = json!([]))]
    satisfied: Vec<&'static str>,
    /// The next step: `email` for the mailed code, `pwd` for the new password.
    #[schema(example = "email")]
    next: &'static str,
    /// For the new password. Short-lived, and valid once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: Option<String>,
}

impl Recovery {
    const REQUIRED: [Factor; 2] = [Factor::Email, Factor::Password];

    fn asked() -> Self {
        let required = Self::REQUIRED.map(Factor::as_str);
        Self { required, satisfied: Vec::new(), next: Factor::Email.as_str(), token: None }
    }

    fn proven(token: String) -> Self {
        let satisfied = vec![Factor::Email.as_str()];
        Self { satisfied, next: Factor::Password.as_str(), token: Some(token), ..Self::asked() }
    }
}

/// The address of an account.
#[derive(ToSchema)]
#[schema(as = account::RecoveryRequest)]
struct Address {
    #[schema(format = Email, max_length = 254, example = "ada@example.com")]
    email: String,
}

impl Address {
    fn read(members: &mut Members<'_>) -> Self {
        let email = members.required_text("email");
        members.reject_unknown(&["email"]);
        Self { email }
    }
}

/// The mailed code.
#[derive(ToSchema)]
#[schema(as = account::RecoveryCode)]
struct MailedCode {
    #[schema(format = Email, max_length = 254, example = "ada@example.com")]
    email: String,
    #[schema(min_length = 6, max_length = 10, example = "123456")]
    code: String,
}

impl MailedCode {
    fn read(members: &mut Members<'_>) -> Self {
        let read = Self { email: members.required_text("email"), code: members.required_text("code") };
        members.reject_unknown(&["email", "code"]);
        read
    }
}

/// The new password, with the token of the mailed link or of the code.
#[derive(ToSchema)]
#[schema(as = account::RecoveryPassword)]
struct NewPassword {
    #[schema(min_length = 43, max_length = 54, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 256)]
    #[schema(example = "seven gentle otters juggle pebbles")]
    password: Password,
}

impl NewPassword {
    fn read(members: &mut Members<'_>) -> Self {
        let read = Self { token: members.required_text("token"), password: members.required_password("password") };
        members.reject_unknown(&["token", "password"]);
        read
    }
}

/// Start a recovery
///
/// A code and a link are mailed to the address if it has an account. The response is the same if not.
#[utoipa::path(
    post, path = "/api/v1/account/recoveries", operation_id = "account_start_recovery", tag = "account",
    security((), ("session_id" = [])),
    request_body = Address,
    responses(
        (status = 202, description = "The mail is on its way, if the address has an account.", body = Recovery),
        Fails<(NOT_AUTHENTICATED, RateLimited)>,
    ),
)]
pub(super) async fn start(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(Lane::Database, move |core, sender| {
        let Address { email } = body.read(Address::read)?;
        sender.check_token(core)?;
        Ok(RequestPasswordReset { email, context: sender.context }.execute(core)?)
    })
    .await?;
    Ok(HttpResponse::build(StatusCode::ACCEPTED).json(Recovery::asked()))
}

/// Exchange the code of a recovery
///
/// For a token, with which the password can be set once.
#[utoipa::path(
    post, path = "/api/v1/account/recoveries/verification", operation_id = "account_verify_recovery", tag = "account",
    security((), ("session_id" = [])),
    request_body = MailedCode,
    responses(
        (status = 200, description = "The recovery, with the token.", body = Recovery),
        Fails<(NOT_AUTHENTICATED, EXPIRED_CODE, INVALID_CODE, TOO_MANY_TRIES)>,
    ),
)]
pub(super) async fn verify(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let token = call
        .run(Lane::Database, move |core, sender| {
            let MailedCode { email, code } = body.read(MailedCode::read)?;
            sender.check_token(core)?;
            Ok(ExchangeResetCode { email, code, context: sender.context }.execute(core)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Recovery::proven(token.expose().to_owned())))
}

/// Set the password of a recovery
///
/// Ends all sign-ins of the account, and starts none.
#[utoipa::path(
    post, path = "/api/v1/account/recoveries/password", operation_id = "account_complete_recovery", tag = "account",
    security((), ("session_id" = [])),
    request_body = NewPassword,
    responses(
        (status = 204, description = "The password is set. Sign in with it."),
        Fails<(NOT_AUTHENTICATED, USED_CODE, EXPIRED_CODE, INVALID_CODE, RateLimited)>,
    ),
)]
pub(super) async fn complete(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(Lane::Password, move |core, sender| {
        let NewPassword { token, password: new_password } = body.read(NewPassword::read)?;
        sender.check_token(core)?;
        Ok(ResetPassword { token, new_password, context: sender.context }.execute(core)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
