//! `/me/authenticator`: the authenticator app of the signed-in user. A user has at most one, so it has the id of the user.

use actix_web::web::{Path, Payload};
use selfsame_application::{
    Caller,
    second_factors::{
        begin_totp::{BeginTotp, TotpBegun},
        confirm_totp::{ConfirmTotp, ConfirmTotpError, TotpCodes},
        remove_totp::{RemoveTotp, RemoveTotpError},
    },
};
use selfsame_domain::{RequestContext, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    reasons::{INVALID_CODE, REQUIRED_FIELD, STEP_UP_REQUIRED, UNKNOWN_AUTHENTICATOR, UNVERIFIED_EMAIL},
    session_response::{CookieChange, SessionResponse},
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::{RateLimited, TooNew},
    time::timestamp,
};

/// An authenticator that is being added. The secret is shown once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Authenticator)]
struct Authenticator {
    #[schema(format = "uint64", example = "123456789012345678")]
    id: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    created_at: String,
    /// For typing, in base32.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    totp_secret: Option<String>,
    /// For a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        example = "otpauth://totp/Selfsame:john%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Selfsame&algorithm=SHA1&digits=6&period=30"
    )]
    otp_url: Option<String>,
}

impl Authenticator {
    fn of(begun: &TotpBegun) -> Self {
        Self {
            id: begun.pending.user_id.to_string(),
            created_at: timestamp(begun.pending.created_at),
            totp_secret: Some(begun.secret.to_base32().to_string()),
            otp_url: Some(begun.url.to_string()),
        }
    }
}

/// Input of `POST /me/authenticator/attempt-verification`.
#[derive(ToSchema)]
#[schema(as = wacht::AuthenticatorForm, example = json!({
    "authenticator_id": "123456789012345678", "codes": ["123456", "654321"],
}))]
struct AuthenticatorForm {
    #[schema(value_type = String, format = "uint64")]
    authenticator_id: Option<UserId>,
    /// Two consecutive codes, the earlier first. In a form the field occurs twice.
    #[schema(min_items = 2, max_items = 2)]
    codes: Vec<String>,
}

impl AuthenticatorForm {
    fn read(members: &mut Members<'_>) -> Self {
        let id = members.required_text("authenticator_id");
        let codes = members.texts("codes");
        match codes.len() {
            2 => {}
            0 => members.add_problem("codes", MemberProblem::Missing),
            _ => members.add_problem("codes", MemberProblem::Value("two consecutive codes")),
        }
        Self { authenticator_id: id.parse().ok(), codes }
    }

    /// The id of another user's authenticator is an unknown one (R62).
    fn into_use_case(self, caller: &Caller, context: RequestContext) -> Result<ConfirmTotp, ConfirmTotpError> {
        let [first, second] = self.codes.try_into().map_err(|_others| ConfirmTotpError::InvalidCode)?;
        if self.authenticator_id != Some(caller.user.id) {
            return Err(ConfirmTotpError::NotBegun);
        }
        Ok(ConfirmTotp { codes: TotpCodes::Two(first, second), backup_codes: 0, context })
    }
}

/// Begin to add an authenticator
///
/// It has no effect until it is confirmed by `/me/authenticator/attempt-verification`. Each call makes a new secret and voids
/// the earlier one. Needs a recent sign-in.
#[utoipa::path(
    post, path = "/me/authenticator", operation_id = "wacht_begin_authenticator", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The secret, which is shown once.", body = Envelope<Authenticator>),
        Fails<(UNVERIFIED_EMAIL, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn begin(call: Call) -> HandlerResult {
    let (authenticator, caller) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let begun = BeginTotp { replaces: true, context: sender.context }.execute(core, &caller)?;
            Ok((Authenticator::of(&begun), caller))
        })
        .await?;
    call.respond_with_data(authenticator, SessionResponse::of(&caller))
}

/// Confirm the authenticator
///
/// By two consecutive codes. From then on a sign-in by password needs a code too.
#[utoipa::path(
    post, path = "/me/authenticator/attempt-verification", operation_id = "wacht_confirm_authenticator", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (AuthenticatorForm = "multipart/form-data"),
        (AuthenticatorForm = "application/x-www-form-urlencoded"),
        (AuthenticatorForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The authenticator, without its secret.", body = Envelope<Authenticator>,
            headers(("Set-Cookie" = String, description = "The session cookies, which change."))),
        Fails<(REQUIRED_FIELD, INVALID_CODE, UNKNOWN_AUTHENTICATOR, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn confirm(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.body(payload).await?;
    let (confirmed, caller) = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let confirm = body.read(AuthenticatorForm::read)?.into_use_case(&caller, sender.context)?;
            Ok((confirm.execute(core, &caller)?, caller))
        })
        .await?;
    let authenticator = Authenticator {
        id: confirmed.user.id.to_string(),
        created_at: timestamp(confirmed.user.updated_at),
        totp_secret: None,
        otp_url: None,
    };
    let SessionResponse { view, .. } = SessionResponse::of(&caller);
    let cookie = confirmed.new_cookie.map_or(CookieChange::Keep, CookieChange::Set);
    call.respond_with_data(authenticator, SessionResponse { view: view.showing(&confirmed.user), cookie })
}

/// Remove the authenticator
///
/// This also sets the second-factor policy to `none` and removes the backup codes. Needs a recent sign-in by a second factor.
#[utoipa::path(
    post, path = "/me/authenticator/{id}/delete", operation_id = "wacht_remove_authenticator", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the authenticator.", example = "123456789012345678")),
    responses(
        (status = 200, description = "The authenticator is removed.", body = Envelope<String>),
        Fails<(UNKNOWN_AUTHENTICATOR, STEP_UP_REQUIRED, TooNew)>,
    ),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    let (user, caller) = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            if id.parse() != Ok(caller.user.id) {
                return Err(RemoveTotpError::NotEnrolled.into());
            }
            let remove = RemoveTotp { resets_policy: true, context: sender.context };
            Ok((remove.execute(core, &caller)?, caller))
        })
        .await?;
    let SessionResponse { view, cookie } = SessionResponse::of(&caller);
    call.respond_with_data("Authenticator removed", SessionResponse { view: view.showing(&user), cookie })
}
