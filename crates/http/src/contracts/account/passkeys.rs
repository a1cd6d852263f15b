//! `/api/v1/account/passkeys`: registration and management.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{Path, Payload},
};
use selfsame_application::{
    Caller,
    passkeys::{
        BeginPasskeyRegistration, ListPasskeys, PasskeyError, PasskeySignals, RegisterPasskey, RemovePasskey,
        RenamePasskey,
    },
};
use selfsame_domain::{Passkey, RequestContext, Scope};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{
        CHALLENGE_UNKNOWN, LAST_FACTOR, LAST_WAY_IN, PASSKEY_REFUSED, PASSKEY_REGISTERED, PASSKEYS_OFF,
        STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_PASSKEYS, UNKNOWN_PASSKEY, UNVERIFIED_EMAIL,
    },
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    time::timestamp,
};

/// A passkey.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Passkey)]
struct PasskeyObject {
    #[schema(example = "445301278613502")]
    id: String,
    /// The id of the credential, in base64url.
    #[schema(example = "xcXFxcXFxcXFxcXFxcXFxQAAAQAAAAAB")]
    credential_id: String,
    #[schema(example = "My phone", max_length = 100)]
    name: String,
    /// `platform` if it is part of a device, otherwise `cross-platform`, as a security key is.
    #[schema(example = "platform", pattern = "^(platform|cross-platform)$")]
    attachment: &'static str,
    /// As the browser reported them.
    #[schema(example = json!(["internal", "hybrid"]))]
    transports: Vec<String>,
    /// Whether it may be copied to other devices.
    #[schema(example = true)]
    backup_eligible: bool,
    /// Whether it was copied when it was used last.
    #[schema(example = true)]
    backed_up: bool,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    #[schema(required, format = DateTime, example = "2026-03-15T09:26:53.589Z")]
    last_used_at: Option<String>,
}

/// What browsers may be told, so that they offer no passkey that does not work: the arguments of
/// `PublicKeyCredential.signalAllAcceptedCredentials` and `signalCurrentUserDetails`.
#[derive(Serialize, ToSchema)]
#[schema(as = account::PasskeySignals)]
#[serde(rename_all = "camelCase")]
struct SignalsObject {
    all_accepted_credentials: AcceptedCredentials,
    current_user_details: UserDetails,
}

#[derive(Serialize, ToSchema)]
#[schema(as = account::AllAcceptedCredentials)]
#[serde(rename_all = "camelCase")]
struct AcceptedCredentials {
    #[schema(example = "account.example.com")]
    rp_id: String,
    #[schema(example = "4Vv0m9yQ2xO5sYq8b1Zr7uYx8wVnAeGhJkLpQdRtWzU")]
    user_id: String,
    #[schema(example = json!(["xcXFxcXFxcXFxcXFxcXFxQAAAQAAAAAB"]))]
    all_accepted_credential_ids: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = account::CurrentUserDetails)]
#[serde(rename_all = "camelCase")]
struct UserDetails {
    #[schema(example = "account.example.com")]
    rp_id: String,
    #[schema(example = "4Vv0m9yQ2xO5sYq8b1Zr7uYx8wVnAeGhJkLpQdRtWzU")]
    user_id: String,
    #[schema(example = "john@example.com")]
    name: String,
    #[schema(example = "John Doe")]
    display_name: String,
}

/// The passkeys of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Passkeys)]
struct Passkeys {
    /// The oldest first.
    passkeys: Vec<PasskeyObject>,
    /// `null` where passkeys are off, and for an application that may not read the profile.
    #[schema(required)]
    signals: Option<SignalsObject>,
}

/// A passkey that was registered.
#[derive(Serialize, ToSchema)]
#[schema(as = account::RegisteredPasskey)]
struct Registered {
    passkey: PasskeyObject,
    signals: SignalsObject,
}

/// What is left after a removal.
#[derive(Serialize, ToSchema)]
#[schema(as = account::RemovedPasskey)]
struct Removed {
    /// `null` where passkeys are off, and for an application that may not read the profile.
    #[schema(required)]
    signals: Option<SignalsObject>,
}

/// The options of a ceremony.
#[derive(Serialize, ToSchema)]
#[schema(as = account::PasskeyOptions)]
pub(super) struct Options {
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object, example = json!({"challenge": "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4"}))]
    pub(super) options: Value,
}

/// The answer of the browser.
#[derive(ToSchema)]
#[schema(as = account::NewPasskey)]
struct NewPasskey {
    #[schema(value_type = Option<String>, max_length = 100, example = "My phone")]
    name: Option<String>,
    /// `credential.toJSON()` of `navigator.credentials.create`.
    #[schema(value_type = Object, example = json!({"id": "xcXF", "rawId": "xcXF", "type": "public-key", "response": {}}))]
    credential: Value,
}

/// Another name.
#[derive(ToSchema)]
#[schema(as = account::PasskeyPatch)]
struct PasskeyPatch {
    #[schema(max_length = 100, example = "Work laptop")]
    name: String,
}

impl PasskeyObject {
    fn of(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            credential_id: passkey.credential_id.to_text(),
            attachment: if passkey.is_platform() { "platform" } else { "cross-platform" },
            backup_eligible: passkey.is_backup_eligible,
            backed_up: passkey.is_backed_up,
            created_at: timestamp(passkey.created_at),
            last_used_at: passkey.last_used_at.map(timestamp),
            name: passkey.name,
            transports: passkey.transports,
        }
    }
}

impl SignalsObject {
    /// For a caller who may know the names in them.
    fn shown_to(caller: &Caller, signals: Option<PasskeySignals>) -> Option<Self> {
        signals.filter(|_| caller.principal.may(Scope::ProfileRead)).map(Self::of)
    }

    fn of(signals: PasskeySignals) -> Self {
        let PasskeySignals { rp_id, user_id, credential_ids, name, display_name } = signals;
        Self {
            all_accepted_credentials: AcceptedCredentials {
                rp_id: rp_id.clone(),
                user_id: user_id.clone(),
                all_accepted_credential_ids: credential_ids,
            },
            current_user_details: UserDetails { rp_id, user_id, name, display_name },
        }
    }
}

impl NewPasskey {
    fn read(members: &mut Members<'_>) -> Self {
        let new = Self { name: members.optional_text("name"), credential: members.required_object("credential") };
        members.reject_unknown(&["name", "credential"]);
        new
    }

    fn into_use_case(self, context: RequestContext) -> RegisterPasskey {
        RegisterPasskey { name: self.name.unwrap_or_default(), response: self.credential, context }
    }
}

impl PasskeyPatch {
    fn read(members: &mut Members<'_>) -> Self {
        let patch = Self { name: members.required_text("name") };
        members.reject_other_changes(&["name"]);
        patch
    }
}

/// List the passkeys
#[utoipa::path(
    get, path = "/api/v1/account/passkeys", operation_id = "account_list_passkeys", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The passkeys.", body = Passkeys)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let passkeys = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let listed = ListPasskeys.execute(core, &caller)?;
            Ok(Passkeys {
                passkeys: listed.passkeys.into_iter().map(PasskeyObject::of).collect(),
                signals: SignalsObject::shown_to(&caller, listed.signals),
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(passkeys))
}

/// Begin the registration of a passkey
///
/// The challenge is for this sign-in, lives for five minutes and is good once. Needs a recent proof of the user.
#[utoipa::path(
    post, path = "/api/v1/account/passkeys/registration", operation_id = "account_begin_passkey_registration",
    tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The options.", body = Options),
        Fails<(STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, UNVERIFIED_EMAIL, TOO_MANY_PASSKEYS, PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn begin(call: Call) -> HandlerResult {
    let options = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let begin = BeginPasskeyRegistration { context: sender.context };
            Ok(begin.execute(core, &caller)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Options { options }))
}

/// Register a passkey
///
/// Finishes the registration with the answer of the browser. It is a proof by the passkey for the sign-in of the request too.
/// Every verified address gets a notice.
#[utoipa::path(
    post, path = "/api/v1/account/passkeys", operation_id = "account_register_passkey", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = NewPasskey,
    responses(
        (status = 201, description = "The passkey is registered.", body = Registered,
            headers(
                ("Location" = String, description = "The passkey."),
                ("Set-Cookie" = String, description = "The new session cookies of a browser."),
            )),
        Fails<(STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, UNVERIFIED_EMAIL, TOO_MANY_PASSKEYS, PASSKEYS_OFF, RateLimited)>,
        Fails<(CHALLENGE_UNKNOWN, PASSKEY_REFUSED, PASSKEY_REGISTERED)>,
    ),
)]
pub(super) async fn register(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let registered = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let register = body?.read(NewPasskey::read)?.into_use_case(sender.context);
            Ok(register.execute(core, &caller)?)
        })
        .await?;
    let location = format!("/api/v1/account/passkeys/{}", registered.passkey.id);
    let body =
        Registered { passkey: PasskeyObject::of(registered.passkey), signals: SignalsObject::of(registered.signals) };
    let response = HttpResponse::Created().insert_header((LOCATION, location)).json(body);
    call.with_cookie(response, registered.new_cookie.as_ref())
}

/// Rename a passkey
///
/// Needs a recent proof of the user.
#[utoipa::path(
    patch, path = "/api/v1/account/passkeys/{id}", operation_id = "account_rename_passkey", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the passkey.", example = "445301278613502")),
    request_body(content((PasskeyPatch = "application/merge-patch+json"), (PasskeyPatch = "application/json"))),
    responses(
        (status = 200, description = "The renamed passkey.", body = PasskeyObject),
        Fails<(UNKNOWN_PASSKEY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn rename(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let passkey = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let PasskeyPatch { name } = body?.read(PasskeyPatch::read)?;
            let id = id.parse().map_err(|_unreadable| UNKNOWN_PASSKEY)?;
            let rename = RenamePasskey { id, name, context: sender.context };
            let passkey = rename.execute(core, &caller)?;
            Ok(PasskeyObject::of(passkey))
        })
        .await?;
    Ok(HttpResponse::Ok().json(passkey))
}

/// Remove a passkey
///
/// Needs a recent proof of the user. Every verified address gets a notice.
#[utoipa::path(
    delete, path = "/api/v1/account/passkeys/{id}", operation_id = "account_remove_passkey", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the passkey.", example = "445301278613502")),
    responses(
        (status = 200, description = "The passkey is removed.", body = Removed),
        Fails<(UNKNOWN_PASSKEY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, LAST_WAY_IN, LAST_FACTOR, RateLimited)>,
        Fails<TooNew>,
    ),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    let signals = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let id = id.parse().map_err(|_unreadable| PasskeyError::UnknownPasskey);
            let removed = id.and_then(|id| RemovePasskey { id, context: sender.context }.execute(core, &caller));
            Ok(SignalsObject::shown_to(&caller, removed?))
        })
        .await?;
    Ok(HttpResponse::Ok().json(Removed { signals }))
}
