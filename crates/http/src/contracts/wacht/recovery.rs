//! `/auth/forgot-password` and `/auth/reset-password`: the reset of a password.

use actix_web::web::Payload;
use selfsame_application::password::{
    exchange_reset_code::ExchangeResetCode, request_reset::RequestPasswordReset, reset::ResetPassword,
};
use selfsame_domain::Password;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    reasons::{EXPIRED_CODE, INVALID_CODE, NOT_AUTHENTICATED, REQUIRED_FIELD},
    session_object::Session,
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// Input of `POST /auth/forgot-password`.
#[derive(ToSchema)]
#[schema(as = wacht::ForgottenForm)]
struct ForgottenForm {
    #[schema(format = Email, max_length = 254, example = "john@example.com")]
    email: String,
    /// The mailed code, in the second step.
    #[schema(pattern = "^([0-9]{6})?$", example = "")]
    otp: Option<String>,
}

impl ForgottenForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self { email: members.required_text("email"), otp: members.optional_text("otp") }
    }
}

/// The token for a mailed reset code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::ResetToken)]
struct ResetToken {
    /// Short-lived. Valid for one reset.
    #[schema(min_length = 43, max_length = 54, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
}

/// Input of `POST /auth/reset-password`.
#[derive(ToSchema)]
#[schema(as = wacht::ResetForm)]
struct ResetForm {
    #[schema(min_length = 43, max_length = 54, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 256)]
    #[schema(example = "eleven purple elephants waltz")]
    password: Password,
}

impl ResetForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self { token: members.required_text("token"), password: members.required_password("password") }
    }
}

/// Request a password reset
///
/// Without `otp` it mails a code to `email`, if that has an account. The response is the same if not. With `otp` it
/// exchanges that code for a token for `/auth/reset-password`.
#[utoipa::path(
    post, path = "/auth/forgot-password", operation_id = "wacht_forgot_password", tag = "wacht",
    security((), ("session_id" = [])),
    request_body(content(
        (ForgottenForm = "multipart/form-data", examples(
            ("request" = (summary = "Mail a code", value = json!({"email": "john@example.com"}))),
            ("exchange" = (summary = "Send the code", value = json!({"email": "john@example.com", "otp": "123456"}))),
        )),
        (ForgottenForm = "application/x-www-form-urlencoded", examples(
            ("request" = (summary = "Mail a code", value = json!({"email": "john@example.com"}))),
            ("exchange" = (summary = "Send the code", value = json!({"email": "john@example.com", "otp": "123456"}))),
        )),
        (ForgottenForm = "application/json", examples(
            ("request" = (summary = "Mail a code", value = json!({"email": "john@example.com"}))),
            ("exchange" = (summary = "Send the code", value = json!({"email": "john@example.com", "otp": "123456"}))),
        )),
    )),
    responses(
        (status = 200, description = "`null`, or the token.", body = Envelope<Option<ResetToken>>,
            headers(("Set-Cookie" = String, description = "The session cookies, if the request had none."))),
        Fails<(REQUIRED_FIELD, NOT_AUTHENTICATED, INVALID_CODE, EXPIRED_CODE, RateLimited)>,
    ),
)]
pub(super) async fn forgot(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let (token, session) = call
        .run(Lane::Database, move |core, sender| {
            let ForgottenForm { email, otp } = body.read(ForgottenForm::read)?;
            sender.check_token(core)?;
            let context = sender.context.clone();
            let token = match otp {
                None => RequestPasswordReset { email, context }.execute(core).map(|()| None)?,
                Some(code) => ExchangeResetCode { email, code, context }.execute(core).map(Some)?,
            };
            Ok((token, sender.cookie_session(core)?))
        })
        .await?;
    call.respond_with_data(token.map(|token| ResetToken { token: token.expose().to_owned() }), session)
}

/// Set a new password
///
/// Ends all sign-ins of the account and starts none. The session in the response has no attempts: open ones may belong to
/// another account.
#[utoipa::path(
    post, path = "/auth/reset-password", operation_id = "wacht_reset_password", tag = "wacht",
    security((), ("session_id" = [])),
    request_body(content(
        (ResetForm = "multipart/form-data"),
        (ResetForm = "application/x-www-form-urlencoded"),
        (ResetForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session.", body = Envelope<Session>,
            headers(("Set-Cookie" = String, description = "The session cookies, if the request had none."))),
        Fails<(REQUIRED_FIELD, NOT_AUTHENTICATED, INVALID_CODE, EXPIRED_CODE, RateLimited)>,
    ),
)]
pub(super) async fn reset(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let session = call
        .run(Lane::Password, move |core, sender| {
            let ResetForm { token, password: new_password } = body.read(ResetForm::read)?;
            sender.check_token(core)?;
            ResetPassword { token, new_password, context: sender.context.clone() }.execute(core)?;
            let mut session = sender.cookie_session(core)?;
            // The SDK continues an open sign-in that it finds here, and one in this browser may be of another account.
            session.view.attempts.clear();
            Ok(session)
        })
        .await?;
    call.respond_with_session(session)
}
