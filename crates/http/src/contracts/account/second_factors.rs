//! `/api/v1/account/second-factors`, `/totp` and `/backup-codes`: authenticator apps and backup codes.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::second_factors::{
    backup_codes::{BackupCodes, MakeBackupCodes},
    begin_totp::{BeginTotp, TotpBegun},
    confirm_totp::{ConfirmTotp, TotpCodes},
    remove_totp::RemoveTotp,
};
use selfsame_domain::{RequestContext, User};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{
        LAST_FACTOR, NO_SECOND_FACTOR, NO_TOTP, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_TRIES,
        TOTP_NOT_BEGUN, UNVERIFIED_EMAIL, WRONG_PROOF,
    },
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    qr::Qr,
};

/// The number of backup codes in a set.
const BACKUP_CODES: usize = 10;

/// The second factors of the account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SecondFactors)]
pub(super) struct SecondFactors {
    /// What is enrolled: `otp` for an authenticator app, `pop` for passkeys, `sms` for a phone number. A sign-in by password
    /// needs the app or the text message if there is one, whatever the policy.
    #[schema(value_type = Vec<String>, example = json!(["otp"]))]
    enrolled: Vec<&'static str>,
    /// The phone number that is enrolled.
    #[schema(required, example = "445301278613502")]
    phone_id: Option<String>,
    #[schema(example = 9)]
    backup_codes_left: i64,
    /// `none` or `enforced`, as in the account.
    #[schema(example = "none")]
    policy: &'static str,
    /// Whether the policy is `enforced` and a factor is enrolled. Until one is, the policy has no effect.
    #[schema(example = false)]
    policy_in_effect: bool,
}

impl SecondFactors {
    pub(super) fn of(user: &User) -> Self {
        let policy = user.second_factor_policy;
        Self {
            enrolled: user.enrolled.iter().map(selfsame_domain::Factor::as_str).collect(),
            phone_id: user.second_factor_phone().map(|phone| phone.id.to_string()),
            backup_codes_left: user.backup_codes_left,
            policy: policy.as_str(),
            policy_in_effect: policy == selfsame_domain::SecondFactorPolicy::Enforced && user.has_second_factor(),
        }
    }
}

/// The secret of an authenticator app. It is shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Totp)]
struct TotpObject {
    /// For typing, in base32.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", pattern = "^[A-Z2-7]{32}$")]
    secret: String,
    /// For apps on the same device.
    #[schema(
        example = "otpauth://totp/Selfsame:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Selfsame&algorithm=SHA1&digits=6&period=30"
    )]
    otpauth_url: String,
    /// The URL as a QR code: a `data:` URI of an SVG; `null` if the URL is too long for one.
    #[schema(required, example = "data:image/svg+xml;base64,PHN2Zy8+")]
    qr_svg: Option<String>,
    /// The same as a PNG.
    #[schema(required, example = "data:image/png;base64,iVBORw0KGgo=")]
    qr_png: Option<String>,
}

impl TotpObject {
    fn of(begun: &TotpBegun) -> Self {
        let qr = Qr::of(&begun.url);
        Self {
            secret: begun.secret.to_base32().to_string(),
            otpauth_url: begun.url.to_string(),
            qr_svg: qr.as_ref().map(Qr::to_svg_uri),
            qr_png: qr.as_ref().and_then(Qr::to_png_uri),
        }
    }
}

/// A code of the authenticator app.
#[derive(ToSchema)]
#[schema(as = account::TotpCode)]
struct TotpCode {
    #[schema(example = "123456", pattern = r"^\d{6}$")]
    code: String,
}

impl TotpCode {
    fn read(members: &mut Members<'_>) -> Self {
        let read = Self { code: members.required_text("code") };
        members.reject_unknown(&["code"]);
        read
    }

    fn into_use_case(self, context: RequestContext) -> ConfirmTotp {
        ConfirmTotp { codes: TotpCodes::One(self.code), backup_codes: 0, context }
    }
}

/// Backup codes. They are shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = account::BackupCodes)]
struct BackupCodesObject {
    /// Each can be used once, in place of a second factor. Case, blanks and dashes do not matter.
    #[schema(value_type = Vec<String>, example = json!(["7D4V-K2MX-90QH-T3WB-8FYC-1ZRA"]))]
    backup_codes: Vec<String>,
}

impl BackupCodesObject {
    fn of(codes: &BackupCodes) -> Self {
        Self { backup_codes: codes.expose().map(ToOwned::to_owned).collect() }
    }
}

/// Read the second factors
///
/// What is enrolled, how many backup codes are left, and the policy. Secrets and codes are never shown again.
#[utoipa::path(
    get, path = "/api/v1/account/second-factors", operation_id = "account_get_second_factors", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The second factors.", body = SecondFactors, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn read(call: Call) -> HandlerResult {
    let caller = call.run(Lane::Database, |core, sender| sender.authenticate(core)).await?;
    call.respond_with_tag(&SecondFactors::of(&caller.user))
}

/// Begin to enrol an authenticator app
///
/// The app has no effect until a code of it is confirmed in the same sign-in. A new request makes a new secret; the earlier
/// one is void. An enrolled app stays in force until the new one is confirmed in its place.
#[utoipa::path(
    post, path = "/api/v1/account/totp", operation_id = "account_begin_totp", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The secret, which is shown once.", body = TotpObject),
        Fails<(UNVERIFIED_EMAIL, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn begin_totp(call: Call) -> HandlerResult {
    let totp = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let begun = BeginTotp { replaces: true, context: sender.context }.execute(core, &caller)?;
            Ok(TotpObject::of(&begun))
        })
        .await?;
    Ok(HttpResponse::Ok().json(totp))
}

/// Confirm the authenticator app
///
/// By one code. From then on a sign-in by password needs a code too. The confirming code cannot be used again. All verified
/// addresses get a mail. The sign-in of this request counts as proven by the app; others cannot do sensitive operations until
/// they prove a second factor.
#[utoipa::path(
    post, path = "/api/v1/account/totp/confirm", operation_id = "account_confirm_totp", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = TotpCode,
    responses(
        (status = 200, description = "The app is enrolled.", body = SecondFactors,
            headers(("Set-Cookie" = String, description = "The session cookies of a browser, which change."))),
        Fails<(TOTP_NOT_BEGUN, WRONG_PROOF, TOO_MANY_TRIES, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn confirm_totp(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let confirmed = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let confirm = body?.read(TotpCode::read)?.into_use_case(sender.context);
            Ok(confirm.execute(core, &caller)?)
        })
        .await?;
    call.respond_with_cookie(SecondFactors::of(&confirmed.user), confirmed.new_cookie.as_ref())
}

/// Remove the authenticator app
///
/// Its codes are not accepted any more. With the last second factor the backup codes are removed too. The last one stays while
/// the policy is `enforced`.
#[utoipa::path(
    delete, path = "/api/v1/account/totp", operation_id = "account_remove_totp", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The app is removed."),
        Fails<(NO_TOTP, LAST_FACTOR, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TooNew)>,
    ),
)]
pub(super) async fn remove_totp(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(RemoveTotp { resets_policy: false, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Make backup codes
///
/// Ten codes, which are shown once. Earlier ones are void.
#[utoipa::path(
    post, path = "/api/v1/account/backup-codes", operation_id = "account_make_backup_codes", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The codes, which are shown once.", body = BackupCodesObject),
        Fails<(NO_SECOND_FACTOR, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn make_backup_codes(call: Call) -> HandlerResult {
    let codes = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let make = MakeBackupCodes { count: BACKUP_CODES, code: None, context: sender.context };
            Ok(BackupCodesObject::of(&make.execute(core, &caller)?))
        })
        .await?;
    Ok(HttpResponse::Ok().json(codes))
}
