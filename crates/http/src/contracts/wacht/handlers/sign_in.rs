//! `/auth`: how a sign-up and a sign-in begin.

use actix_web::web::Payload;
use selfsame_application::sign_in::with_password::SignInOutcome;

use crate::{
    blocking::Lane,
    contracts::wacht::{
        call::{Answer, Call},
        input,
        visitor::{cookie_after, cookie_while},
        wire,
    },
};

/// Begins a sign-up. The answer is the same whether or not the address has an account.
#[utoipa::path(
    post, path = "/auth/signup", operation_id = "wacht_sign_up", tag = "wacht",
    request_body(content(
        (wire::SignUpForm = "multipart/form-data"),
        (wire::SignUpForm = "application/x-www-form-urlencoded"),
        (wire::SignUpForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session; its last `signup_attempts` is this one.", body = wire::Envelope<wire::Session>),
        wire::Limited, wire::Forged, wire::WithBody, wire::Failures,
    ),
)]
pub(crate) async fn sign_up(call: Call, payload: Payload) -> Answer {
    let sign_up = call.decoded(input::sign_up(&call.fields(payload).await?, call.visitor()))?;
    let opened = call
        .run(Lane::Password, move |core, visitor| {
            let started = sign_up.execute(core)?;
            visitor.session_after(core, cookie_while(started.handle), started.attempt)
        })
        .await?;
    call.answer_session(opened)
}

/// How an address or a username signs in: by password, whoever it is.
#[utoipa::path(
    post, path = "/auth/identify", operation_id = "wacht_identify", tag = "wacht",
    request_body(content(
        (wire::IdentifyForm = "multipart/form-data"),
        (wire::IdentifyForm = "application/x-www-form-urlencoded"),
        (wire::IdentifyForm = "application/json"),
    )),
    responses((status = 200, description = "The strategy.", body = wire::Envelope<wire::Strategy>), wire::Forged, wire::Failures),
)]
pub(crate) async fn identify(call: Call) -> Answer {
    let opened = call.run(Lane::Database, |core, visitor| visitor.session(core)).await?;
    call.answer_data(wire::Strategy { strategy: "password" }, opened)
}

/// Signs in by password. An account whose address is not proven yet goes on with a mailed code.
#[utoipa::path(
    post, path = "/auth/signin", operation_id = "wacht_sign_in", tag = "wacht",
    request_body(content(
        (wire::SignInForm = "multipart/form-data"),
        (wire::SignInForm = "application/x-www-form-urlencoded"),
        (wire::SignInForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session; its last `signin_attempts` is this one.", body = wire::Envelope<wire::Session>),
        wire::Limited, wire::WithBody, wire::Failures,
        (status = 401, description = "Unknown account or wrong password: one answer for both.", body = wire::Failed,
            example = json!(wire::failed(401, "INVALID_CREDENTIALS", "These credentials are not valid."))),
        (status = 403, description = "The account is disabled, or the request came from a page of a foreign origin.",
            body = wire::Failed, example = json!(wire::failed(403, "USER_DISABLED", "This account is disabled."))),
    ),
)]
pub(crate) async fn sign_in(call: Call, payload: Payload) -> Answer {
    let sign_in = call.decoded(input::sign_in(&call.fields(payload).await?, call.visitor()))?;
    let opened = call
        .run(Lane::Password, move |core, visitor| {
            let (cookie, attempt) = match sign_in.execute(core)? {
                SignInOutcome::Completed(signed_in) => (cookie_after(signed_in.access), signed_in.attempt),
                SignInOutcome::Unverified { attempt, handle, .. } => (cookie_while(handle), attempt),
            };
            visitor.session_after(core, cookie, attempt)
        })
        .await?;
    call.answer_session(opened)
}
