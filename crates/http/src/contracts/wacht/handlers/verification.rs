//! `/auth`: the mailed code of a sign-up or sign-in under way.

use actix_web::web::{Payload, Query};
use selfsame_application::{attempts::send_proof::SendProof, attempts::verify::VerifyAttempt};

use crate::{
    blocking::Lane,
    contracts::wacht::{
        call::{Answer, Call},
        input,
        visitor::cookie_after,
        wire,
    },
};

/// Mails the code, or another one. Earlier ones are void.
#[utoipa::path(
    post, path = "/auth/prepare-verification", operation_id = "wacht_prepare_verification", tag = "wacht",
    params(wire::ProofQuery, ("identifier_type" = Option<String>, Query,
        description = "`signup` or `signin`. Not needed: the id says it.", example = "signup")),
    responses(
        (status = 200, description = "The mail is on its way.", body = wire::Envelope<wire::ProofSent>),
        wire::Limited, wire::Forged, wire::Failures,
    ),
    security(("session_id" = [])),
)]
pub(crate) async fn prepare(call: Call, query: Query<wire::ProofQuery>) -> Answer {
    let attempt = call.decoded(input::proof(&query, call.visitor()))?;
    let (masked_email, opened) = call
        .run(Lane::Database, move |core, visitor| {
            let sent = SendProof { attempt, context: visitor.context.clone() }.execute(core)?;
            Ok((sent.masked_email, visitor.session_after(core, visitor.cookie().cloned(), sent.attempt)?))
        })
        .await?;
    let sent = wire::ProofSent { otp_sent: true, masked_email, verification_method: wire::EMAIL_OTP };
    call.answer_data(sent, opened)
}

/// Brings the code: the address is proven, and the browser signed in, under a new cookie.
#[utoipa::path(
    post, path = "/auth/attempt-verification", operation_id = "wacht_attempt_verification", tag = "wacht",
    params(wire::AttemptQuery, ("identifier_type" = Option<String>, Query,
        description = "`signup` or `signin`. Not needed: the id says it.", example = "signup")),
    request_body(content(
        (wire::CodeForm = "multipart/form-data"),
        (wire::CodeForm = "application/x-www-form-urlencoded"),
        (wire::CodeForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session; the attempt is the last of its list, and completed.", body = wire::Envelope<wire::Session>),
        wire::Limited, wire::Forged, wire::WithBody, wire::Failures,
    ),
    security(("session_id" = [])),
)]
pub(crate) async fn attempt(call: Call, query: Query<wire::AttemptQuery>, payload: Payload) -> Answer {
    let code = call.decoded(input::verification_code(&call.fields(payload).await?))?;
    let attempt = call.decoded(input::attempt(&query, call.visitor()))?;
    let opened = call
        .run(Lane::Database, move |core, visitor| {
            let verify = VerifyAttempt { attempt, code, holder: visitor.holder(), context: visitor.context.clone() };
            let signed_in = verify.execute(core)?;
            visitor.session_after(core, cookie_after(signed_in.access), signed_in.attempt)
        })
        .await?;
    call.answer_session(opened)
}
