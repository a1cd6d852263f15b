//! `/api/v1/me/mfa`: the second factors of the account, and new backup codes.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::second_factors::backup_codes::{BackupCodes, MakeBackupCodes};
use selfsame_domain::{RequestContext, User, Violations};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, ProfileApi,
    body::{Body, Echo},
    reasons::{MFA_NOT_ENABLED, TOO_MANY_CODES, WRONG_CODE},
    validation::HttpValidationError,
};
use crate::{Lane, call::HandlerResult, document::RateLimited, rejection::Rejection};

/// The number of backup codes in a set.
const BACKUP_CODES: usize = 10;

/// The second factors of the account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::MfaStatus)]
struct MfaStatus {
    /// Whether a second factor is enrolled. A sign-in then needs one.
    #[schema(example = true)]
    mfa_enabled: bool,
    /// `totp` for an authenticator app, `sms` for a phone number, `webauthn` for passkeys.
    #[schema(value_type = Vec<String>, example = json!(["totp"]))]
    methods: Vec<&'static str>,
    #[schema(example = 9)]
    backup_codes_remaining: i64,
}

impl MfaStatus {
    fn of(user: &User) -> Self {
        let methods = [("totp", user.has_totp()), ("sms", user.has_sms()), ("webauthn", user.has_passkey())];
        Self {
            mfa_enabled: user.has_second_factor(),
            methods: methods.into_iter().filter_map(|(method, is_there)| is_there.then_some(method)).collect(),
            backup_codes_remaining: user.backup_codes_left,
        }
    }
}

/// A code of the second factor.
#[derive(ToSchema)]
#[schema(as = profile_api::RegenerateBackupCodesRequest)]
struct RegenerateRequest {
    /// Of the authenticator app, or a backup code.
    #[schema(example = "123456")]
    code: String,
}

impl RegenerateRequest {
    /// Reads the model from a body, as a use case.
    fn read(body: &Body, context: RequestContext) -> Result<MakeBackupCodes, Rejection<ProfileApi>> {
        let mut fields = body.fields()?;
        let request = Self { code: fields.required("code") };
        fields.finish(request.into_use_case(context), |_| Violations::default())
    }

    fn into_use_case(self, context: RequestContext) -> MakeBackupCodes {
        MakeBackupCodes { count: BACKUP_CODES, code: Some(self.code), context }
    }
}

/// New backup codes. They are shown once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::BackupCodes)]
struct BackupCodesResponse {
    #[schema(example = json!(["7D4V-K2MX-90QH-T3WB-8FYC-1ZRA"]))]
    backup_codes: Vec<String>,
}

impl BackupCodesResponse {
    fn of(codes: &BackupCodes) -> Self {
        Self { backup_codes: codes.expose().map(ToOwned::to_owned).collect() }
    }
}

/// Get MFA Status
///
/// The second factors of the current user, and the number of backup codes that are left.
#[utoipa::path(
    get, path = "/api/v1/me/mfa", operation_id = "profile_api_get_mfa", tag = "profile_api",
    security(("bearer" = [])),
    responses((status = 200, description = "The second factors.", body = MfaStatus)),
)]
pub(super) async fn status(call: Call) -> HandlerResult {
    let caller = call.run(Lane::Database, |core, sender| sender.authenticate(core)).await?;
    Ok(HttpResponse::Ok().json(MfaStatus::of(&caller.user)))
}

/// Regenerate Backup Codes
///
/// Ten new backup codes, by a code of the second factor. Earlier ones are void.
#[utoipa::path(
    post, path = "/api/v1/me/mfa/backup-codes/regenerate", operation_id = "profile_api_regenerate_backup_codes",
    tag = "profile_api",
    security(("bearer" = [])),
    request_body = RegenerateRequest,
    responses(
        (status = 200, description = "The codes, which are shown once.", body = BackupCodesResponse),
        (status = 422, description = "The errors of the body. Every `input` is masked.", body = HttpValidationError),
        Fails<(MFA_NOT_ENABLED, WRONG_CODE, TOO_MANY_CODES, RateLimited)>,
    ),
)]
pub(super) async fn regenerate_backup_codes(call: Call, payload: Payload) -> HandlerResult {
    let raw = call.raw_body(payload, Echo::Masked).await?;
    let codes = call
        .run(Lane::Database, move |core, sender| {
            let body = raw.parse()?;
            let caller = sender.authenticate(core)?;
            let made = RegenerateRequest::read(&body, sender.context)?.execute(core, &caller)?;
            Ok(BackupCodesResponse::of(&made))
        })
        .await?;
    Ok(HttpResponse::Ok().json(codes))
}
