//! `/auth/prepare-verification` and `/auth/attempt-verification`: the mailed code of an open sign-up or sign-in.

use actix_web::web::{Payload, Query};
use selfsame_application::attempts::{
    AttemptRef,
    send_proof::SendProof,
    verify::{AttemptVerified, Step, VerifyAttempt},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Fails, Sender, Wacht,
    envelope::Envelope,
    reasons::{
        EXPIRED_CODE, INVALID_CODE, MISSING_ATTEMPT, MISSING_STRATEGY, NO_COOKIE, NOT_AUTHENTICATED, NOTHING_TO_PROVE,
        ONLY_EMAIL_OTP, UNKNOWN_ATTEMPT,
    },
    session_object::Session,
    session_response::cookie_of_access,
};
use crate::{
    Lane, body::Members, call::HandlerResult, credentials::Credentials, document::RateLimited, rejection::Rejection,
    time::timestamp,
};

/// The id of an attempt, and the method of its verification.
#[derive(Deserialize)]
pub(super) struct AttemptQuery {
    attempt_identifier: Option<String>,
    strategy: Option<String>,
    redirect_uri: Option<String>,
}

impl AttemptQuery {
    /// The attempt, if the strategy is supported.
    fn attempt_to_verify(&self, sender: &Sender) -> Result<AttemptRef, Rejection<Wacht>> {
        match self.strategy.as_deref().unwrap_or_default() {
            "" => Err(MISSING_STRATEGY.into()),
            // The step of the attempt decides. The SDK sends `phone_otp` on "Resend" for a code by mail too.
            "email_otp" | "phone_otp" => self.attempt(sender),
            _ => Err(ONLY_EMAIL_OTP.into()),
        }
    }

    /// The attempt. An invalid id is an unknown one.
    fn attempt(&self, sender: &Sender) -> Result<AttemptRef, Rejection<Wacht>> {
        let id = self.attempt_identifier.as_deref().filter(|id| !id.is_empty()).ok_or(MISSING_ATTEMPT)?;
        if matches!(sender.credentials, Credentials::None) {
            return Err(NO_COOKIE.into());
        }
        let id = id.parse().map_err(|_unreadable| UNKNOWN_ATTEMPT)?;
        Ok(AttemptRef::Held { id, cookie: sender.cookie() })
    }
}

/// Input of `POST /auth/attempt-verification`.
#[derive(ToSchema)]
#[schema(as = wacht::CodeForm)]
struct CodeForm {
    /// Six digits, or a backup code.
    #[schema(min_length = 6, max_length = 100, example = "123456")]
    verification_code: String,
}

impl CodeForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self { verification_code: members.required_text("verification_code") }
    }
}

/// The method of verification: a mailed code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::VerificationMethod)]
#[serde(rename_all = "snake_case")]
enum VerificationMethod {
    EmailOtp,
}

/// How a client may name the mailed code.
#[derive(ToSchema)]
#[schema(as = wacht::VerificationStrategy)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only for the document")]
enum VerificationStrategy {
    EmailOtp,
    PhoneOtp,
}

/// The result of a request for a code. It is the same if the address has an account already.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::ProofSent)]
struct ProofSent {
    /// Whether a code was mailed, now or before. The one that was mailed last is valid.
    #[schema(example = true)]
    otp_sent: bool,
    /// When another code can be mailed. Earlier requests succeed and mail none.
    #[schema(format = "date-time", example = "2024-01-01T12:00:30.000Z")]
    next_otp_at: String,
    #[schema(example = "j***@e***.com")]
    masked_email: String,
    verification_method: VerificationMethod,
}

/// Mail the code
///
/// Earlier codes are void. The attempt must belong to the session of this browser. Within a pause after the last mail,
/// which doubles from 30 seconds, and while too many mails were requested, the request succeeds and mails nothing.
/// `next_otp_at` has the time from which another code can be mailed. The strategy may be any of
/// the two: the step of the attempt decides.
#[utoipa::path(
    post, path = "/auth/prepare-verification", operation_id = "wacht_prepare_verification", tag = "wacht",
    security((), ("session_id" = [])),
    params(
        ("attempt_identifier" = String, Query, description = "Id of the attempt.", example = "523456789012345678"),
        ("strategy" = inline(VerificationStrategy), Query, description = "Both mean the mailed code."),
        ("identifier_type" = Option<String>, Query,
            description = "`signup` or `signin`. Ignored: the id is sufficient.", example = "signup"),
        ("redirect_uri" = Option<String>, Query,
            description = "A page of the application, to which the mailed link leads with `#token=` if the operator \
                lists its address. Otherwise the link leads to the page of this server.",
            example = "https://app.example.com/verify"),
    ),
    responses(
        (status = 200, description = "The code was mailed, now or before.", body = Envelope<ProofSent>),
        Fails<(NOT_AUTHENTICATED, MISSING_ATTEMPT, NO_COOKIE, UNKNOWN_ATTEMPT, ONLY_EMAIL_OTP, NOTHING_TO_PROVE)>,
    ),
)]
pub(super) async fn prepare(call: Call, query: Query<AttemptQuery>) -> HandlerResult {
    let (proof, session) = call
        .run(Lane::Database, move |core, sender| {
            let attempt = query.attempt_to_verify(&sender)?;
            sender.check_token(core)?;
            let (redirect_to, context) = (query.into_inner().redirect_uri, sender.context.clone());
            let sent = SendProof { attempt, redirect_to, context }.execute(core)?;
            let proof = ProofSent {
                otp_sent: sent.was_sent,
                next_otp_at: timestamp(sent.next_at),
                masked_email: sent.masked_email,
                verification_method: VerificationMethod::EmailOtp,
            };
            Ok((proof, sender.session_after_step(core, sender.cookie(), sent.attempt)?))
        })
        .await?;
    call.respond_with_data(proof, session)
}

/// Verify the code
///
/// The code that the `current_step` of the attempt needs: the mailed one, which verifies the address, or for
/// `verify_second_factor` one of the authenticator (six digits) or a backup code (any other form). When nothing more is needed,
/// the browser is signed in with a new cookie.
#[utoipa::path(
    post, path = "/auth/attempt-verification", operation_id = "wacht_attempt_verification", tag = "wacht",
    security((), ("session_id" = [])),
    params(
        ("attempt_identifier" = String, Query, description = "Id of the attempt.", example = "523456789012345678"),
        ("identifier_type" = Option<String>, Query,
            description = "`signup` or `signin`. Ignored: the id is sufficient.", example = "signup"),
    ),
    request_body(content(
        (CodeForm = "multipart/form-data"),
        (CodeForm = "application/x-www-form-urlencoded"),
        (CodeForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session, with the attempt as the last of its list, completed or with its next step.",
            body = Envelope<Session>,
            headers(("Set-Cookie" = String, description = "The session cookies. Every sign-in sets new ones."))),
        Fails<(NOT_AUTHENTICATED, MISSING_ATTEMPT, (NO_COOKIE, UNKNOWN_ATTEMPT), INVALID_CODE, EXPIRED_CODE, RateLimited)>,
    ),
)]
pub(super) async fn attempt(call: Call, query: Query<AttemptQuery>, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let session = call
        .run(Lane::Database, move |core, sender| {
            let code = body.read(CodeForm::read)?.verification_code;
            let attempt = query.attempt(&sender)?;
            sender.check_token(core)?;
            let (holder, context) = (sender.holder(), sender.context.clone());
            let verified = VerifyAttempt { attempt, step: Step::Next, code, holder, context }.execute(core)?;
            let (cookie, attempt) = match verified {
                AttemptVerified::Completed(signed_in) => (cookie_of_access(signed_in.access), signed_in.attempt),
                AttemptVerified::Incomplete { attempt, .. } => (sender.cookie(), attempt),
            };
            sender.session_after_step(core, cookie, attempt)
        })
        .await?;
    call.respond_with_session(session)
}
