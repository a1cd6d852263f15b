//! `/auth`: a forgotten password.

use actix_web::web::Payload;
use selfsame_application::{
    password::exchange_reset_code::ExchangeResetCode, password::request_reset::RequestPasswordReset,
};

use crate::{
    blocking::Lane,
    contracts::wacht::{
        call::{Answer, Call},
        input, wire,
    },
};

/// First mails a code to `email`, if it has an account; the answer does not tell. Then, with `otp`, changes that code into a
/// token for `/auth/reset-password`.
#[utoipa::path(
    post, path = "/auth/forgot-password", operation_id = "wacht_forgot_password", tag = "wacht",
    request_body(content(
        (wire::ForgottenForm = "multipart/form-data"),
        (wire::ForgottenForm = "application/x-www-form-urlencoded"),
        (wire::ForgottenForm = "application/json"),
    )),
    responses(
        (status = 200, description = "`null`, or the token.", body = wire::Envelope<Option<wire::ResetToken>>),
        wire::Limited, wire::Forged, wire::WithBody, wire::Failures,
    ),
)]
pub(crate) async fn forgot(call: Call, payload: Payload) -> Answer {
    let (email, code) = call.decoded(input::forgotten(&call.fields(payload).await?))?;
    let (token, opened) = call
        .run(Lane::Database, move |core, visitor| {
            visitor.check_token(core)?;
            let context = visitor.context.clone();
            let token = match code {
                None => RequestPasswordReset { email, context }.execute(core).map(|()| None)?,
                Some(code) => ExchangeResetCode { email, code, context }.execute(core).map(Some)?,
            };
            Ok((token, visitor.session_of_stranger(core)?))
        })
        .await?;
    call.answer_data(token.map(|token| wire::ResetToken { token: token.expose().to_owned() }), opened)
}

/// Sets a new password. Ends every sign-in of the account and signs nobody in.
#[utoipa::path(
    post, path = "/auth/reset-password", operation_id = "wacht_reset_password", tag = "wacht",
    request_body(content(
        (wire::ResetForm = "multipart/form-data"),
        (wire::ResetForm = "application/x-www-form-urlencoded"),
        (wire::ResetForm = "application/json"),
    )),
    responses((status = 200, description = "The session.", body = wire::Envelope<wire::Session>), wire::Limited, wire::Forged, wire::WithBody, wire::Failures),
)]
pub(crate) async fn reset(call: Call, payload: Payload) -> Answer {
    let reset = call.decoded(input::reset(&call.fields(payload).await?, call.visitor()))?;
    let opened = call
        .run(Lane::Password, move |core, visitor| {
            visitor.check_token(core)?;
            reset.execute(core)?;
            visitor.session_of_stranger(core)
        })
        .await?;
    call.answer_session(opened)
}
