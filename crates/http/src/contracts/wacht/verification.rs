//! `/auth/prepare-verification` and `/auth/attempt-verification`: the codes of an open sign-up or sign-in, by mail or text message.

use actix_web::web::{Payload, Query};
use selfsame_application::attempts::{
    AttemptRef,
    send_proof::{self, SendProof},
    verify::{AttemptVerified, Step, VerifyAttempt},
};
use selfsame_domain::IdentifierKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Fails, Sender, Wacht,
    envelope::Envelope,
    reasons::{
        EXPIRED_CODE, INVALID_CODE, MISSING_ATTEMPT, MISSING_STRATEGY, NO_COOKIE, NOT_AUTHENTICATED, NOTHING_TO_PROVE,
        ONLY_CODES, SAME_CHANNEL, UNKNOWN_ATTEMPT, WRONG_DIGITS,
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
    last_digits: Option<String>,
}

impl AttemptQuery {
    /// The attempt, if the strategy is supported.
    fn attempt_to_verify(&self, sender: &Sender) -> Result<AttemptRef, Rejection<Wacht>> {
        match self.strategy.as_deref().unwrap_or_default() {
            "" => Err(MISSING_STRATEGY.into()),
            // The step of the attempt decides. The SDK sends `phone_otp` on "Resend" for a code by mail too.
            "email_otp" | "phone_otp" => self.attempt(sender),
            _ => Err(ONLY_CODES.into()),
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

/// The method of verification.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::VerificationMethod)]
#[serde(rename_all = "snake_case")]
enum VerificationMethod {
    EmailOtp,
    PhoneOtp,
}

/// How a client may name the code.
#[derive(ToSchema)]
#[schema(as = wacht::VerificationStrategy)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only for the document")]
enum VerificationStrategy {
    EmailOtp,
    PhoneOtp,
}

/// The result of a request for a code. It is the same if the address has an account already, or the number has none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::ProofSent)]
struct ProofSent {
    /// Whether a code was sent, now or before. The one that was sent last is valid.
    #[schema(example = true)]
    otp_sent: bool,
    /// When another code can be sent. Earlier requests succeed and send none.
    #[schema(format = "date-time", example = "2024-01-01T12:00:30.000Z")]
    next_otp_at: String,
    /// Of a code by mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "j***@e***.com")]
    masked_email: Option<String>,
    /// Of a code in a text message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    masked_phone: Option<String>,
    verification_method: VerificationMethod,
}

impl ProofSent {
    fn of(sent: send_proof::ProofSent) -> Self {
        let (masked_email, masked_phone, verification_method) = match sent.kind {
            IdentifierKind::Email => (Some(sent.masked), None, VerificationMethod::EmailOtp),
            IdentifierKind::Phone => (None, Some(sent.masked), VerificationMethod::PhoneOtp),
        };
        let (otp_sent, next_otp_at) = (sent.was_sent, timestamp(sent.next_at));
        Self { otp_sent, next_otp_at, masked_email, masked_phone, verification_method }
    }
}

/// Send the code
///
/// By mail, or for `verify_phone_otp`, and for `verify_second_factor` of an account with a phone number as second factor, in a
/// text message. Earlier codes are void. The attempt must belong to the session of this browser. Within a pause after the last
/// message, which doubles from 30 seconds (a minute for text messages), and while too many were requested, the request succeeds
/// and sends nothing. `next_otp_at` has the time from which another code can be sent. The strategy may be any of the two: the
/// step of the attempt decides.
#[utoipa::path(
    post, path = "/auth/prepare-verification", operation_id = "wacht_prepare_verification", tag = "wacht",
    security((), ("session_id" = [])),
    params(
        ("attempt_identifier" = String, Query, description = "Id of the attempt.", example = "523456789012345678"),
        ("strategy" = inline(VerificationStrategy), Query, description = "Both mean the code of the step."),
        ("identifier_type" = Option<String>, Query,
            description = "`signup` or `signin`. Ignored: the id is sufficient.", example = "signup"),
        ("last_digits" = Option<String>, Query,
            description = "The last four digits of the phone number that is the second factor. If they are sent, they must \
                be right."),
        ("redirect_uri" = Option<String>, Query,
            description = "A page of the application, to which the mailed link leads with `#token=` if the operator \
                lists its address. Otherwise the link leads to the page of this server.",
            example = "https://app.example.com/verify"),
    ),
    responses(
        (status = 200, description = "The code was sent, now or before.", body = Envelope<ProofSent>),
        Fails<(NOT_AUTHENTICATED, MISSING_ATTEMPT, (NO_COOKIE, UNKNOWN_ATTEMPT), ONLY_CODES, NOTHING_TO_PROVE,
            WRONG_DIGITS)>,
    ),
)]
pub(super) async fn prepare(call: Call, query: Query<AttemptQuery>) -> HandlerResult {
    let (proof, session) = call
        .run(Lane::Database, move |core, sender| {
            let attempt = query.attempt_to_verify(&sender)?;
            sender.check_token(core)?;
            let AttemptQuery { redirect_uri: redirect_to, last_digits, .. } = query.into_inner();
            let last_digits = last_digits.filter(|digits| !digits.is_empty());
            let context = sender.context.clone();
            let sent = SendProof { attempt, step: Step::Next, redirect_to, last_digits, context }.execute(core)?;
            let attempt = sent.attempt.clone();
            Ok((ProofSent::of(sent), sender.session_after_step(core, sender.cookie(), attempt)?))
        })
        .await?;
    call.respond_with_data(proof, session)
}

/// Verify the code
///
/// The code that the `current_step` of the attempt needs: the mailed one, which verifies the address; the one in a text message;
/// or for `verify_second_factor` one of the authenticator, one in a text message (six digits) or a backup code (any other form).
/// When nothing more is needed, the browser is signed in with a new cookie.
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
        Fails<(NOT_AUTHENTICATED, MISSING_ATTEMPT, (NO_COOKIE, UNKNOWN_ATTEMPT), (INVALID_CODE, SAME_CHANNEL),
            EXPIRED_CODE, RateLimited)>,
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
