//! `/api/v1/account/sms`: a phone number as second factor, and `/step-up/code`, the text message for a proof.

use actix_web::{
    HttpResponse,
    web::{self, Payload, ServiceConfig},
};
use selfsame_application::{
    second_factors::{begin_sms::BeginSms, confirm_sms::ConfirmSms, remove_sms::RemoveSms},
    sessions::text_code::TextCode,
};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    identifiers::{CodeBody, CodeRequest},
    reasons::{
        COUNTRY_NOT_ALLOWED, LAST_FACTOR, NO_SMS_FACTOR, NOT_VERIFIED, SAME_CHANNEL, SMS_FACTOR_OFF, SMS_NOT_BEGUN,
        STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_TRIES, UNKNOWN_IDENTIFIER, UNVERIFIED_EMAIL,
        WRONG_PROOF,
    },
    second_factors::SecondFactors,
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
};

/// The number that is to be enrolled.
#[derive(ToSchema)]
#[schema(as = account::SmsForm)]
struct SmsForm {
    /// The id of a verified number of the account.
    #[schema(example = "445301278613502")]
    phone_id: String,
}

impl SmsForm {
    fn read(members: &mut Members<'_>) -> Self {
        let read = Self { phone_id: members.required_text("phone_id") };
        members.reject_unknown(&["phone_id"]);
        read
    }
}

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/account/sms").post(begin).delete(remove))
        .service(web::resource("/api/v1/account/sms/confirm").post(confirm))
        .service(web::resource("/api/v1/account/step-up/code").post(send_code));
}

/// Begin to enrol a phone number
///
/// A code is sent to the number, which has no effect until it is confirmed in the same sign-in. An enrolled number stays in
/// force until the new one is confirmed in its place. Within a pause after a message, and while too many were sent, nothing is
/// sent: `next_at` has the time from which another can be.
#[utoipa::path(
    post, path = "/api/v1/account/sms", operation_id = "account_begin_sms", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = SmsForm,
    responses(
        (status = 202, description = "The code will be sent.", body = CodeRequest),
        Fails<(UNKNOWN_IDENTIFIER, (SMS_FACTOR_OFF, NOT_VERIFIED, UNVERIFIED_EMAIL), COUNTRY_NOT_ALLOWED, STEP_UP_REQUIRED,
            STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn begin(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let requested = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let SmsForm { phone_id } = body?.read(SmsForm::read)?;
            let phone = phone_id.parse().map_err(|_unreadable| UNKNOWN_IDENTIFIER)?;
            Ok(BeginSms { phone, context: sender.context }.execute(core, &caller)?)
        })
        .await?;
    Ok(CodeRequest::respond(requested))
}

/// Confirm the phone number
///
/// By the code in the text message. From then on a sign-in by password needs a code too. All verified addresses get a mail. The
/// sign-in of this request counts as proven by the number; others cannot do sensitive operations until they prove a second
/// factor.
#[utoipa::path(
    post, path = "/api/v1/account/sms/confirm", operation_id = "account_confirm_sms", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = CodeBody,
    responses(
        (status = 200, description = "The number is enrolled.", body = SecondFactors,
            headers(("Set-Cookie" = String, description = "The session cookies of a browser, which change."))),
        Fails<(SMS_NOT_BEGUN, WRONG_PROOF, TOO_MANY_TRIES, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn confirm(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let confirmed = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let CodeBody { code } = body?.read(CodeBody::read)?;
            Ok(ConfirmSms { code, context: sender.context }.execute(core, &caller)?)
        })
        .await?;
    call.respond_with_cookie(SecondFactors::of(&confirmed.user), confirmed.new_cookie.as_ref())
}

/// Remove the phone number from the second factors
///
/// The account keeps the number. With the last second factor the backup codes are removed too. The last one stays while the
/// policy is `enforced`.
#[utoipa::path(
    delete, path = "/api/v1/account/sms", operation_id = "account_remove_sms", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The number is no second factor any more."),
        Fails<(NO_SMS_FACTOR, LAST_FACTOR, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TooNew)>,
    ),
)]
pub(super) async fn remove(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(RemoveSms { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Send the code of a proof
///
/// To the phone number that is the second factor, for `POST /api/v1/account/step-up` in the same sign-in. A sign-in whose only
/// factor is the phone is refused: the phone is never both.
#[utoipa::path(
    post, path = "/api/v1/account/step-up/code", operation_id = "account_send_step_up_code", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 202, description = "The code will be sent.", body = CodeRequest),
        Fails<(NO_SMS_FACTOR, SAME_CHANNEL, RateLimited)>,
    ),
)]
pub(super) async fn send_code(call: Call) -> HandlerResult {
    let requested = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(TextCode { context: sender.context }.execute(core, &caller)?)
        })
        .await?;
    Ok(CodeRequest::respond(requested))
}
