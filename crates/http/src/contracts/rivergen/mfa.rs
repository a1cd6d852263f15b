//! `/api/v1/auth/mfa/…`: the second factor of a sign-in, and the offer to remember its device. `/api/v1/mfa/totp/…`: the enrolment of an authenticator app.

use actix_web::web::Payload;
use selfsame_application::{
    Core,
    attempts::{
        AttemptRef, Holder,
        renew::RenewAttempt,
        send_proof::SendProof,
        verify::{AttemptVerified, Step, VerifyAttempt},
    },
    devices::{
        offer::{OfferDevice, OfferDeviceError},
        remember::RememberedDevice,
    },
    second_factors::{
        begin_totp::{BeginTotp, TotpBegun},
        confirm_totp::{ConfirmTotp, TotpCodes, TotpConfirmed},
    },
};
use selfsame_domain::{OpaqueToken, RequestContext, SignIn, UserAgent, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, RiverGen,
    envelope::{Success, ok},
    proof::{VerifiedData, parse_temporary_token},
    reasons::{
        INVALID_CODE, INVALID_MFA_CODE, INVALID_MFA_TOKEN, INVALID_REQUEST, INVALID_TEMPORARY_TOKEN,
        MFA_EMAIL_NOT_VERIFIED, NO_PENDING_SETUP, STEP_UP_REQUIRED, TOO_MANY_ATTEMPTS, TOTP_ALREADY_ENABLED, of_mfa,
        of_mfa_code, resend_too_early,
    },
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::{RateLimited, TooNew},
    qr::Qr,
    rejection::Rejection,
    time::timestamp,
};

/// The message of a sign-in that needs a second factor.
pub(super) const MFA_REQUIRED: &str = "MFA verification required";

/// The number of backup codes in a set.
const BACKUP_CODES: usize = 10;

/// The password, or the mailed code, is right, and a second factor is required.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::MfaRequired)]
#[expect(clippy::struct_field_names, reason = "the names are the contract's")]
pub(super) struct MfaRequired {
    /// For `/mfa/verify`.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    /// Always `true`.
    #[schema(example = true)]
    mfa_required: bool,
    #[schema(example = "MFA verification required")]
    message: &'static str,
}

impl MfaRequired {
    pub(super) fn of(token: &OpaqueToken) -> Self {
        Self { temporary_token: token.expose().to_owned(), mfa_required: true, message: MFA_REQUIRED }
    }
}

/// The method of the second factor.
#[derive(ToSchema)]
#[schema(as = rivergen::GenerateOtpRequest)]
struct GenerateOtpRequest {
    #[schema(min_length = 43, max_length = 43, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    /// `totp`, or `sms_otp` for a code in a text message. The published `email_otp` is refused.
    #[schema(example = "totp")]
    method: String,
}

impl GenerateOtpRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { temporary_token: members.required_text("temporary_token"), method: members.required_text("method") }
    }

    /// The new temporary token. A text message replaces it as well.
    fn execute(self, core: &Core, context: RequestContext) -> Result<OtpGenerated, Rejection<RiverGen>> {
        let method = match self.method.as_str() {
            "totp" => MfaMethod::Totp,
            "sms_otp" => MfaMethod::Sms,
            _ => return Err(INVALID_REQUEST.into()),
        };
        let token = OpaqueToken::parse(&self.temporary_token).ok_or(INVALID_MFA_TOKEN)?;
        if method == MfaMethod::Totp {
            let renewed = RenewAttempt { token, context }.execute(core)?;
            return Ok(OtpGenerated::of(&renewed, "Enter the code of your authenticator app"));
        }
        let attempt = AttemptRef::Temporary(token);
        let send = SendProof { attempt, step: Step::SecondFactor, redirect_to: None, last_digits: None, context };
        let sent = send.execute(core).map_err(of_mfa_code)?;
        let renewed = sent.temporary_token.ok_or_else(|| resend_too_early(sent.next_in))?;
        Ok(OtpGenerated::of(&renewed, "Enter the code of the text message"))
    }
}

/// A second factor that may need something to be generated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MfaMethod {
    Totp,
    Sms,
}

/// A new temporary token.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::OtpGenerated)]
struct OtpGenerated {
    /// It replaces the one in the request.
    #[schema(example = "Zr7uYx8wVnAeGhJkLpQdRtWzXyB4m0Kf5T3lqS1c9b2")]
    temporary_token: String,
    #[schema(example = "Enter the code of your authenticator app")]
    message: &'static str,
}

impl OtpGenerated {
    fn of(token: &OpaqueToken, message: &'static str) -> Self {
        Self { temporary_token: token.expose().to_owned(), message }
    }
}

/// A code of a second factor: one of the two members.
#[derive(ToSchema)]
#[schema(as = rivergen::MfaVerifyRequest)]
struct MfaVerifyRequest {
    #[schema(min_length = 43, max_length = 43, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    /// Of the authenticator app or the text message.
    #[schema(required = false, example = "123456")]
    code: Option<String>,
    #[schema(required = false)]
    backup_code: Option<String>,
}

impl MfaVerifyRequest {
    fn read(members: &mut Members<'_>) -> Self {
        let read = Self {
            temporary_token: members.required_text("temporary_token"),
            code: members.optional_text("code"),
            backup_code: members.optional_text("backup_code"),
        };
        if read.code.is_none() && read.backup_code.is_none() {
            members.add_problem("code", MemberProblem::Missing);
        }
        read
    }

    fn into_use_case(self, token: OpaqueToken, holder: Holder, context: RequestContext) -> VerifyAttempt {
        let code = self.code.or(self.backup_code).unwrap_or_default();
        VerifyAttempt { attempt: AttemptRef::Temporary(token), step: Step::SecondFactor, code, holder, context }
    }
}

/// The offer to remember the device of the sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::TrustedDevice)]
struct TrustedDevice {
    #[schema(example = 125)]
    id: i64,
    /// Browser and operating system; `null` if neither is known.
    #[schema(required, example = "Firefox on Linux")]
    device_name: Option<String>,
    /// For `/devices/activate`, once.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    activation_token: String,
    /// When the offer ends.
    #[schema(format = DateTime, example = "2024-01-01T12:05:00.000Z")]
    expires_at: String,
    /// Always `false`: it is only offered.
    #[schema(example = false)]
    is_active: bool,
}

impl TrustedDevice {
    /// The offer for a sign-in. It is no part of the sign-in, so a fault leaves it out and is logged.
    fn offer(core: &Core, sign_in: &SignIn, context: RequestContext) -> Option<Self> {
        let name = context.user_agent.as_deref().and_then(|text| UserAgent::of(text).in_words());
        match (OfferDevice { name, context }).execute(core, sign_in) {
            Ok(RememberedDevice { device, token }) => Some(Self {
                id: device.id.number(),
                activation_token: token.expose().to_owned(),
                expires_at: timestamp(device.expires_at),
                is_active: device.activated_at.is_some(),
                device_name: device.name,
            }),
            Err(OfferDeviceError::NotProven) => None,
            Err(OfferDeviceError::Fault(fault)) => {
                tracing::warn!(%fault, "no offer to remember a device could be made");
                None
            }
        }
    }
}

/// The client is signed in by a second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::MfaSignedIn)]
struct MfaSignedIn {
    #[serde(flatten)]
    data: VerifiedData,
    /// `null` if there is none.
    #[schema(required)]
    trusted_device: Option<TrustedDevice>,
}

/// The result of a right code of a second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::MfaVerified)]
#[serde(untagged)]
enum MfaVerified {
    SignedIn(Box<MfaSignedIn>),
    MfaRequired(MfaRequired),
}

/// The device with the authenticator app.
#[derive(ToSchema)]
#[schema(as = rivergen::TotpSetupRequest)]
struct TotpSetupRequest {
    /// It is in the response and not stored: an account has one authenticator app.
    #[schema(example = "My phone", min_length = 1, max_length = 100)]
    device_name: String,
}

impl TotpSetupRequest {
    fn read(members: &mut Members<'_>) -> Self {
        let device_name = members.required_text("device_name");
        if device_name.chars().count() > 100 {
            members.add_problem("device_name", MemberProblem::Value("at most 100 characters"));
        }
        Self { device_name }
    }
}

/// The secret of an authenticator app. It is shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::TotpSetup)]
struct TotpSetup {
    /// In base32.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// A `data:` URI of a PNG; `null` if the name of the account is too long for a QR code.
    #[schema(required, example = "data:image/png;base64,iVBORw0KGgo=")]
    qr_code: Option<String>,
    /// The secret in groups of four.
    #[schema(example = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")]
    manual_entry_key: String,
    #[schema(example = "My phone")]
    device_name: String,
    /// Always empty: `/mfa/totp/verify` has the codes, which are shown once.
    #[schema(max_items = 0)]
    backup_codes: Vec<String>,
}

impl TotpSetup {
    fn of(begun: &TotpBegun, device_name: String) -> Self {
        let secret = begun.secret.to_base32();
        let groups: Vec<String> =
            secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        Self {
            secret: secret.to_string(),
            qr_code: Qr::of(&begun.url).and_then(|qr| qr.to_png_uri()),
            manual_entry_key: groups.join(" "),
            device_name,
            backup_codes: Vec::new(),
        }
    }
}

/// A code of the authenticator app.
#[derive(ToSchema)]
#[schema(as = rivergen::TotpVerifyRequest)]
struct TotpVerifyRequest {
    #[schema(example = "123456", pattern = r"^\d{6}$")]
    code: String,
}

impl TotpVerifyRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { code: members.required_text("code") }
    }

    fn into_use_case(self, context: RequestContext) -> ConfirmTotp {
        ConfirmTotp { codes: TotpCodes::One(self.code), backup_codes: BACKUP_CODES, context }
    }
}

/// The authenticator app is enabled.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::TotpEnabled)]
struct TotpEnabled {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// Ten codes, which are shown once; none if the account had some already.
    #[schema(example = json!(["7D4V-K2MX-90QH-T3WB-8FYC-1ZRA"]))]
    backup_codes: Vec<String>,
    #[schema(example = "TOTP enabled successfully")]
    message: &'static str,
}

impl TotpEnabled {
    fn of(confirmed: &TotpConfirmed, message: &'static str) -> Self {
        let backup_codes = confirmed.backup_codes.expose().map(ToOwned::to_owned).collect();
        Self { success: true, backup_codes, message }
    }
}

/// Choose the second factor
///
/// With `totp` there is nothing to generate: the response has a new temporary token, which replaces the earlier one. With
/// `sms_otp` a code is sent to the phone number that is the second factor; 429 within the pause after another one. A mailed code
/// is no second factor, so `email_otp` is refused.
#[utoipa::path(
    post, path = "/api/v1/auth/mfa/otp/generate", operation_id = "rivergen_generate_mfa_otp", tag = "rivergen",
    security(()),
    request_body = GenerateOtpRequest,
    responses(
        (status = 200, description = "A new temporary token.", body = Success<OtpGenerated>),
        Fails<(INVALID_REQUEST, INVALID_MFA_TOKEN, TOO_MANY_ATTEMPTS, RateLimited)>,
    ),
)]
pub(super) async fn generate_otp(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let generated = call
        .run(Lane::Database, move |core, sender| body.read(GenerateOtpRequest::read)?.execute(core, sender.context))
        .await?;
    let message = generated.message;
    Ok(ok(generated, message))
}

/// Verify the second factor
///
/// By a code of the authenticator app or of a text message, or by a backup code. The client is then signed in. A code is valid
/// once. `trusted_device` is the offer to remember this device: `/devices/activate` accepts it.
#[utoipa::path(
    post, path = "/api/v1/auth/mfa/verify", operation_id = "rivergen_verify_mfa", tag = "rivergen",
    security(()),
    request_body = MfaVerifyRequest,
    responses(
        (status = 200, description = "The client is signed in.", body = Success<MfaVerified>),
        Fails<(INVALID_MFA_CODE, INVALID_TEMPORARY_TOKEN, TOO_MANY_ATTEMPTS, RateLimited)>,
    ),
)]
pub(super) async fn verify(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = "MFA verification successful";
    let (body, holder) = (call.body(payload).await?, call.holder());
    let result = call
        .run(Lane::Database, move |core, sender| {
            let request = body.read(MfaVerifyRequest::read)?;
            let token = parse_temporary_token(&request.temporary_token)?;
            let verify = request.into_use_case(token.clone(), holder, sender.context.clone());
            Ok(match verify.execute(core).map_err(of_mfa)? {
                AttemptVerified::Completed(signed_in) => MfaVerified::SignedIn(Box::new(MfaSignedIn {
                    trusted_device: TrustedDevice::offer(core, &signed_in.sign_in, sender.context),
                    data: VerifiedData::of_code(&signed_in, MESSAGE),
                })),
                AttemptVerified::Incomplete { .. } => MfaVerified::MfaRequired(MfaRequired::of(&token)),
            })
        })
        .await?;
    Ok(ok(result, MESSAGE))
}

/// Set up an authenticator app
///
/// It has no effect until `/mfa/totp/verify`. A new call replaces the secret. Needs a recent sign-in.
#[utoipa::path(
    post, path = "/api/v1/mfa/totp/setup", operation_id = "rivergen_setup_totp", tag = "rivergen",
    security(("bearer" = [])),
    request_body = TotpSetupRequest,
    responses(
        (status = 200, description = "The secret, which is shown once.", body = Success<TotpSetup>),
        Fails<(TOTP_ALREADY_ENABLED, MFA_EMAIL_NOT_VERIFIED, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn setup_totp(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let setup = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let request = body?.read(TotpSetupRequest::read)?;
            let begun = BeginTotp { replaces: false, context: sender.context }.execute(core, &caller)?;
            Ok(TotpSetup::of(&begun, request.device_name))
        })
        .await?;
    Ok(ok(setup, "TOTP setup started"))
}

/// Enable the authenticator app
///
/// By one code of it, in the sign-in that set it up. From then on `/login` needs a code too.
#[utoipa::path(
    post, path = "/api/v1/mfa/totp/verify", operation_id = "rivergen_verify_totp", tag = "rivergen",
    security(("bearer" = [])),
    request_body = TotpVerifyRequest,
    responses(
        (status = 200, description = "The app is enabled.", body = Success<TotpEnabled>),
        Fails<(INVALID_CODE, NO_PENDING_SETUP, TOO_MANY_ATTEMPTS, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn verify_totp(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = "TOTP enabled successfully";
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let confirmed = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let confirm = body?.read(TotpVerifyRequest::read)?.into_use_case(sender.context);
            Ok(confirm.execute(core, &caller)?)
        })
        .await?;
    Ok(ok(TotpEnabled::of(&confirmed, MESSAGE), MESSAGE))
}
