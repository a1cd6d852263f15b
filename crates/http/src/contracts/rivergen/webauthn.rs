//! `/api/v1/webauthn`: passkeys, and the sign-in with one.

use actix_web::web::{Path, Payload};
use selfsame_application::{
    passkeys::{BeginPasskeyRegistration, ListPasskeys, PasskeyError, RegisterPasskey, RemovePasskey},
    sign_in::with_passkey::{BeginPasskeySignIn, PasskeySignIn},
};
use selfsame_domain::{Passkey, id::Id as _};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Success, created, ok},
    reasons::{
        ACCOUNT_DISABLED, AUTHENTICATION_COMPLETION_FAILED, AUTHENTICATION_START_FAILED, CHALLENGE_NOT_FOUND,
        CREDENTIAL_DELETION_FAILED, CREDENTIAL_NOT_FOUND, INVALID_ASSERTION, INVALID_ATTESTATION,
        REGISTRATION_COMPLETION_FAILED, REGISTRATION_START_FAILED, STEP_UP_REQUIRED,
    },
    sign_in::LoginData,
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{Frozen, RateLimited, TooNew},
    time::timestamp,
};

/// A registration that begins.
#[derive(ToSchema)]
#[schema(as = rivergen::WebAuthnRegisterStart)]
#[expect(dead_code, reason = "the name counts when the registration is completed")]
struct RegisterStart {
    #[schema(example = "My phone", max_length = 100)]
    device_name: String,
}

/// The answer of the browser.
#[derive(ToSchema)]
#[schema(as = rivergen::WebAuthnRegisterComplete)]
struct RegisterComplete {
    #[schema(value_type = Object, example = json!({"id": "xcXF", "rawId": "xcXF", "type": "public-key", "response": {}}))]
    credential: Value,
    #[schema(example = "My phone", max_length = 100)]
    device_name: String,
}

/// A sign-in that begins.
#[derive(ToSchema)]
#[schema(as = rivergen::WebAuthnAuthenticateStart)]
#[expect(dead_code, reason = "for the document: it is read as it is")]
struct AuthenticateStart {
    #[schema(example = "jane@example.com", format = Email, max_length = 254)]
    email: String,
}

/// The answer of the browser.
#[derive(ToSchema)]
#[schema(as = rivergen::WebAuthnAuthenticateComplete)]
struct AuthenticateComplete {
    #[schema(value_type = Object, example = json!({"id": "xcXF", "rawId": "xcXF", "type": "public-key", "response": {}}))]
    credential: Value,
    #[schema(example = "jane@example.com", format = Email, max_length = 254)]
    email: String,
}

/// The options of a ceremony, for `navigator.credentials`. Bytes are in base64url.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::WebAuthnOptions, value_type = Object)]
#[schema(example = json!({"challenge": "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4", "timeout": 300_000}))]
struct Options(Value);

/// A credential that was registered.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::WebAuthnRegistered)]
struct Registered {
    #[schema(example = 125)]
    credential_id: i64,
    #[schema(example = "My phone")]
    device_name: String,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    created_at: String,
    #[schema(example = "WebAuthn credential registered successfully")]
    message: &'static str,
}

/// The credentials of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::WebAuthnCredentials)]
struct Credentials {
    /// The newest first.
    credentials: Vec<CredentialObject>,
    #[schema(example = 1)]
    total_count: usize,
}

/// A credential.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::WebAuthnCredential)]
struct CredentialObject {
    #[schema(example = 125)]
    id: i64,
    #[schema(example = "My phone")]
    device_name: String,
    /// The id that the authenticator gave to it, in base64url.
    #[schema(example = "xcXFxcXFxcXFxcXFxcXFxQAAAQAAAAAB")]
    credential_id: String,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    created_at: String,
    #[schema(example = "2024-01-02T12:00:00.000Z", format = DateTime, required)]
    last_used_at: Option<String>,
    #[schema(example = 7)]
    usage_count: i64,
}

/// A credential was removed.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::WebAuthnDeleted)]
struct Deleted {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    #[schema(example = "WebAuthn credential deleted successfully")]
    message: &'static str,
}

const REGISTERED: &str = "WebAuthn credential registered successfully";
const DELETED: &str = "WebAuthn credential deleted successfully";

impl RegisterComplete {
    fn read(members: &mut Members<'_>) -> Self {
        Self { credential: members.required_object("credential"), device_name: members.required_text("device_name") }
    }
}

impl AuthenticateComplete {
    fn read(members: &mut Members<'_>) -> Self {
        Self { credential: members.required_object("credential"), email: members.required_text("email") }
    }
}

impl Registered {
    fn of(passkey: Passkey) -> Self {
        Self {
            credential_id: passkey.id.number(),
            created_at: timestamp(passkey.created_at),
            device_name: passkey.name,
            message: REGISTERED,
        }
    }
}

impl CredentialObject {
    fn of(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.number(),
            credential_id: passkey.credential_id.to_text(),
            created_at: timestamp(passkey.created_at),
            last_used_at: passkey.last_used_at.map(timestamp),
            usage_count: passkey.use_count,
            device_name: passkey.name,
        }
    }
}

/// Begin a registration
///
/// The challenge is for this sign-in, lives for five minutes and is good once. Needs a recent proof of the user.
#[utoipa::path(
    post, path = "/api/v1/webauthn/register/start", operation_id = "rivergen_start_webauthn_registration",
    tag = "rivergen",
    security(("bearer" = [])),
    request_body = RegisterStart,
    responses(
        (status = 201, description = "The options.", body = Success<Options>),
        Fails<(REGISTRATION_START_FAILED, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn register_start(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let options = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            body?.read(|members| members.required_text("device_name"))?;
            Ok(BeginPasskeyRegistration { context: sender.context }.execute(core, &caller)?)
        })
        .await?;
    Ok(created(Options(options), "WebAuthn registration started"))
}

/// Complete a registration
#[utoipa::path(
    post, path = "/api/v1/webauthn/register/complete", operation_id = "rivergen_complete_webauthn_registration",
    tag = "rivergen",
    security(("bearer" = [])),
    request_body = RegisterComplete,
    responses(
        (status = 200, description = "The credential is registered.", body = Success<Registered>),
        Fails<(REGISTRATION_COMPLETION_FAILED, INVALID_ATTESTATION, CHALLENGE_NOT_FOUND, REGISTRATION_START_FAILED,
            STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn register_complete(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let registered = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let RegisterComplete { credential, device_name } = body?.read(RegisterComplete::read)?;
            let register = RegisterPasskey { name: device_name, response: credential, context: sender.context };
            Ok(Registered::of(register.execute(core, &caller)?.passkey))
        })
        .await?;
    Ok(ok(registered, REGISTERED))
}

/// Begin a sign-in
///
/// The options name no credential, so they do not tell who has an account or a credential (R1). An unknown address gets
/// options too.
#[utoipa::path(
    post, path = "/api/v1/webauthn/authenticate/start", operation_id = "rivergen_start_webauthn_sign_in",
    tag = "rivergen",
    security(()),
    request_body = AuthenticateStart,
    responses(
        (status = 200, description = "The options.", body = Success<Options>),
        Fails<(AUTHENTICATION_START_FAILED, RateLimited)>,
    ),
)]
pub(super) async fn authenticate_start(call: Call, payload: Payload) -> HandlerResult {
    let (body, holder) = (call.body(payload).await?, call.holder());
    let options = call
        .run(Lane::Database, move |core, sender| {
            let email = Some(body.read(|members| members.required_text("email"))?);
            Ok(BeginPasskeySignIn { email, holder, context: sender.context }.execute(core)?.options)
        })
        .await?;
    Ok(ok(Options(options), "WebAuthn authentication started"))
}

/// Complete a sign-in
///
/// No second factor is asked for: a passkey has two.
#[utoipa::path(
    post, path = "/api/v1/webauthn/authenticate/complete", operation_id = "rivergen_complete_webauthn_sign_in",
    tag = "rivergen",
    security(()),
    request_body = AuthenticateComplete,
    responses(
        (status = 200, description = "The client is signed in.", body = Success<LoginData>),
        Fails<(AUTHENTICATION_START_FAILED, AUTHENTICATION_COMPLETION_FAILED, INVALID_ASSERTION, CHALLENGE_NOT_FOUND,
            (ACCOUNT_DISABLED, Frozen), RateLimited)>,
    ),
)]
pub(super) async fn authenticate_complete(call: Call, payload: Payload) -> HandlerResult {
    let (body, holder) = (call.body(payload).await?, call.holder());
    let signed_in = call
        .run(Lane::Database, move |core, sender| {
            let AuthenticateComplete { credential, email } = body.read(AuthenticateComplete::read)?;
            let sign_in = PasskeySignIn { email: Some(email), response: credential, holder, context: sender.context };
            Ok(LoginData::of(sign_in.execute(core)?))
        })
        .await?;
    Ok(ok(signed_in, "WebAuthn authentication successful"))
}

/// List the credentials
#[utoipa::path(
    get, path = "/api/v1/webauthn/credentials", operation_id = "rivergen_list_webauthn_credentials", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 200, description = "The credentials.", body = Success<Credentials>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let credentials = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let passkeys = ListPasskeys.execute(core, &caller)?.passkeys;
            let total_count = passkeys.len();
            Ok(Credentials { credentials: passkeys.into_iter().rev().map(CredentialObject::of).collect(), total_count })
        })
        .await?;
    Ok(ok(credentials, "WebAuthn credentials retrieved successfully"))
}

/// Remove a credential
///
/// Needs a recent proof of the user.
#[utoipa::path(
    delete, path = "/api/v1/webauthn/credentials/{credential_id}", operation_id = "rivergen_delete_webauthn_credential",
    tag = "rivergen",
    security(("bearer" = [])),
    params(("credential_id" = i64, Path, description = "Id of the credential.", example = 125)),
    responses(
        (status = 200, description = "The credential is removed.", body = Success<Deleted>),
        Fails<(CREDENTIAL_NOT_FOUND, CREDENTIAL_DELETION_FAILED, STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| PasskeyError::UnknownPasskey)?;
        Ok(RemovePasskey { id, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(ok(Deleted { success: true, message: DELETED }, DELETED))
}
