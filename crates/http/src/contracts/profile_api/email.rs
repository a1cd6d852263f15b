//! `POST /api/v1/me/verify-email` and `/confirm`: the verification of the address.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Caller,
    identifiers::{
        request_verification::{EmailVerificationRequest, RequestEmailVerification},
        verify::{EmailProof, EmailVerified, VerifyEmail},
    },
};
use selfsame_domain::{Change, OpaqueToken, Violations};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, ProfileApi,
    body::{Body, Echo},
    reasons::{EXPIRED_PROOF, INVALID_PROOF, NO_EMAIL, NOT_AUTHENTICATED, TOO_MANY_TRIES},
    validation::{HttpValidationError, ValidationError},
};
use crate::{Lane, call::HandlerResult, document::RateLimited, rejection::Rejection};

/// A success, with a sentence for people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Message)]
struct Message {
    #[schema(example = "Verification email sent.")]
    message: &'static str,
}

/// The address is verified.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::EmailConfirmation)]
struct EmailConfirmation {
    #[schema(example = "Email address verified.")]
    message: &'static str,
    /// A token for `/api/v1/auth/reset-password`. Present if the link was opened in another browser than the one that
    /// requested it: then the password is void, and the owner of the address sets a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    set_password_token: Option<String>,
}

const ALREADY_VERIFIED: &str = "Email address is already verified.";

impl EmailConfirmation {
    fn of(verified: &EmailVerified) -> Self {
        let set_password_token = verified.set_password.as_ref().map(|token| token.expose().to_owned());
        let message = if verified.was_proven { ALREADY_VERIFIED } else { "Email address verified." };
        Self { message, set_password_token }
    }
}

impl From<EmailVerificationRequest> for Message {
    fn from(request: EmailVerificationRequest) -> Self {
        let message = match request {
            EmailVerificationRequest::Sent => "Verification email sent.",
            EmailVerificationRequest::AlreadyVerified => ALREADY_VERIFIED,
        };
        Self { message }
    }
}

/// Either the token of the mailed link, which needs no credential, or the mailed code, which needs an access token.
#[derive(ToSchema)]
#[schema(as = profile_api::ConfirmEmailRequest)]
struct ConfirmEmailRequest {
    #[schema(value_type = Option<String>, required = false, example = "1kq0wX3vYk4o6JY3Yw2mJ9nS8hQe5Zt7Rb0uLc4dPfA", min_length = 43, max_length = 54)]
    token: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "481516", pattern = r"^\d{6}$")]
    code: Change<String>,
}

impl ConfirmEmailRequest {
    /// Whether the request must be authenticated: it has a code and no token. One with both is always invalid.
    fn needs_caller(body: &Body) -> bool {
        body.has("code") && !body.has("token")
    }

    /// Reads the model from a body. `caller` is required if [`ConfirmEmailRequest::needs_caller`].
    fn read(
        body: &Body,
        caller: Option<Caller>,
        cookie: Option<OpaqueToken>,
    ) -> Result<EmailProof, Rejection<ProfileApi>> {
        let mut fields = body.fields()?;
        let request = Self { token: fields.optional("token"), code: fields.optional("code") };
        let request = fields.finish(request, |_| Violations::default())?;
        match (request.token, request.code, caller) {
            (Change::Set(token), Change::Keep | Change::Clear, caller) => {
                Ok(EmailProof::Link { token, cookie, caller: caller.map(Box::new) })
            }
            (Change::Keep | Change::Clear, Change::Set(code), Some(caller)) => {
                Ok(EmailProof::Code { code, caller: Box::new(caller) })
            }
            _ => Err(ValidationError::value_error(None, body.input(None), "Exactly one of token and code is required")
                .into()),
        }
    }
}

/// Request Email Verification
///
/// Request email verification (sends verification email). The mail has a link and a code. A body is ignored.
#[utoipa::path(
    post, path = "/api/v1/me/verify-email", operation_id = "profile_api_request_verification", tag = "profile_api",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The mail is sent, or the address is verified already.", body = Message),
        Fails<(NO_EMAIL, RateLimited)>,
    ),
)]
pub(super) async fn request_verification(call: Call) -> HandlerResult {
    let message = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let requested = RequestEmailVerification { context: sender.context }.execute(core, &caller)?;
            Ok(Message::from(requested))
        })
        .await?;
    Ok(HttpResponse::Ok().json(message))
}

/// Confirm Email
///
/// Verify the email address by the token of the mailed link, without a credential, or by the mailed code, with an
/// access token.
#[utoipa::path(
    post, path = "/api/v1/me/verify-email/confirm", operation_id = "profile_api_confirm_email", tag = "profile_api",
    security((), ("bearer" = [])),
    request_body(content = ConfirmEmailRequest, examples(
        ("link" = (summary = "The token of the mailed link",
            value = json!({"token": "1kq0wX3vYk4o6JY3Yw2mJ9nS8hQe5Zt7Rb0uLc4dPfA"}))),
        ("code" = (summary = "The mailed code, with an access token", value = json!({"code": "481516"}))),
    )),
    responses(
        (status = 200, description = "The address is verified.", body = EmailConfirmation),
        (status = 422, description = "The errors of the body. Every `input` is masked.", body = HttpValidationError),
        Fails<(INVALID_PROOF, TOO_MANY_TRIES, NOT_AUTHENTICATED, EXPIRED_PROOF, RateLimited)>,
    ),
)]
pub(super) async fn confirm(call: Call, payload: Payload) -> HandlerResult {
    let raw = call.raw_body(payload, Echo::Masked).await?;
    let confirmed = call
        .run(Lane::Database, move |core, sender| {
            let body = raw.parse()?;
            let caller = match sender.authenticate(core) {
                Err(rejection) if ConfirmEmailRequest::needs_caller(&body) => return Err(rejection),
                caller => caller.ok(),
            };
            let proof = ConfirmEmailRequest::read(&body, caller, sender.cookie())?;
            let verified = VerifyEmail { proof, sign_in: None, context: sender.context }.execute(core)?;
            Ok(EmailConfirmation::of(&verified))
        })
        .await?;
    Ok(HttpResponse::Ok().json(confirmed))
}
