//! `/me/passkeys`: the passkeys of the user.

use actix_web::web::{Path, Payload, Query};
use selfsame_application::passkeys::{
    BeginPasskeyRegistration, ListPasskeys, PasskeyError, RegisterPasskey, RemovePasskey, RenamePasskey,
};
use selfsame_domain::Passkey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    reasons::{
        CHALLENGE_OVER, LAST_FACTOR, LAST_WAY_IN, PASSKEY_EXISTS, PASSKEY_REFUSED, PASSKEYS_OFF, REQUIRED_FIELD,
        STEP_UP_REQUIRED, TOO_MANY_PASSKEYS, UNKNOWN_PASSKEY, UNVERIFIED_EMAIL,
    },
    session_response::{CookieChange, SessionResponse},
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    time::timestamp,
};

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Passkey)]
struct PasskeyObject {
    #[schema(format = "uint64", example = "623456789012345678")]
    id: String,
    #[schema(example = "My phone")]
    name: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    created_at: String,
    #[schema(required, format = "date-time", example = "2024-01-01T13:00:00.000Z")]
    last_used_at: Option<String>,
    /// `platform` is shown as "This device", anything else as "Security key".
    #[schema(pattern = "^(platform|cross-platform)$", example = "platform")]
    device_type: &'static str,
    #[schema(example = true)]
    backed_up: bool,
}

/// The passkeys of a user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Passkeys)]
struct Passkeys(Vec<PasskeyObject>);

/// A passkey that was registered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::RegisteredPasskey)]
struct Registered {
    passkey: PasskeyObject,
}

/// A sentence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Message)]
struct Message {
    #[schema(example = "Passkey removed.")]
    message: &'static str,
}

/// The options of a ceremony.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::PasskeyOptions)]
pub(super) struct Options {
    #[schema(value_type = Object, example = json!({"publicKey": {"challenge": "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4"}}))]
    options: Value,
}

/// Query of `POST /me/passkeys/register/finish`.
#[derive(Deserialize)]
pub(super) struct NameQuery {
    #[serde(default)]
    name: String,
}

/// The answer of the browser.
#[derive(ToSchema)]
#[schema(as = wacht::NewPasskey, example = json!({
    "id": "xcXF", "rawId": "xcXF", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
}))]
#[expect(dead_code, reason = "the fields are for the document")]
struct NewPasskey {
    id: String,
    #[schema(rename = "rawId")]
    raw_id: String,
    #[schema(rename = "type")]
    kind: String,
    #[schema(value_type = Object)]
    response: Value,
}

/// Another name.
#[derive(ToSchema)]
#[schema(as = wacht::PasskeyName, example = json!({"name": "Work laptop"}))]
struct PasskeyName {
    /// Empty for the default name.
    #[schema(max_length = 100)]
    name: String,
}

impl PasskeyObject {
    fn of(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            device_type: if passkey.is_platform() { "platform" } else { "cross-platform" },
            backed_up: passkey.is_backed_up,
            created_at: timestamp(passkey.created_at),
            last_used_at: passkey.last_used_at.map(timestamp),
            name: passkey.name,
        }
    }
}

impl Options {
    /// With the nesting that the SDK expects.
    pub(super) fn of(options: &Value) -> Self {
        Self { options: json!({ "publicKey": options }) }
    }
}

/// Reads the answer of the browser, as `RegistrationResponseJSON`.
fn read_registration(members: &mut Members<'_>) -> Value {
    json!({
        "id": members.required_text("id"),
        "rawId": members.required_text("rawId"),
        "type": members.required_text("type"),
        "response": members.required_object("response"),
    })
}

/// List the passkeys
#[utoipa::path(
    get, path = "/me/passkeys", operation_id = "wacht_list_passkeys", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The passkeys, the oldest first.", body = Envelope<Passkeys>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let (passkeys, session) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let listed = ListPasskeys.execute(core, &caller)?;
            let passkeys = Passkeys(listed.passkeys.into_iter().map(PasskeyObject::of).collect());
            Ok((passkeys, SessionResponse::of(&caller)))
        })
        .await?;
    call.respond_with_data(passkeys, session)
}

/// Begin the registration of a passkey
///
/// The challenge is for this sign-in, lives for five minutes and is good once.
#[utoipa::path(
    post, path = "/me/passkeys/register/begin", operation_id = "wacht_begin_passkey_registration", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The options for `navigator.credentials.create`.", body = Envelope<Options>),
        Fails<(STEP_UP_REQUIRED, UNVERIFIED_EMAIL, TOO_MANY_PASSKEYS, PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn begin(call: Call) -> HandlerResult {
    let (options, session) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let options = BeginPasskeyRegistration { context: sender.context }.execute(core, &caller)?;
            Ok((Options::of(&options), SessionResponse::of(&caller)))
        })
        .await?;
    call.respond_with_data(options, session)
}

/// Register a passkey
///
/// Finishes the registration with the answer of the browser. It is a proof by the passkey for this sign-in too, so that the
/// user goes on without signing in again; the session cookie changes.
#[utoipa::path(
    post, path = "/me/passkeys/register/finish", operation_id = "wacht_register_passkey", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("name" = Option<String>, Query, description = "A name for the passkey.", example = "Phone")),
    request_body(content((NewPasskey = "application/json"))),
    responses(
        (status = 200, description = "The passkey is registered.", body = Envelope<Registered>),
        Fails<(REQUIRED_FIELD, STEP_UP_REQUIRED, UNVERIFIED_EMAIL, TOO_MANY_PASSKEYS, PASSKEYS_OFF, RateLimited)>,
        Fails<(CHALLENGE_OVER, PASSKEY_REFUSED, PASSKEY_EXISTS)>,
    ),
)]
pub(super) async fn register(call: Call, query: Query<NameQuery>, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let name = query.into_inner().name;
    let (registered, caller) = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let response = body?.read(read_registration)?;
            let register = RegisterPasskey { name, response, context: sender.context };
            Ok((register.execute(core, &caller)?, caller))
        })
        .await?;
    let SessionResponse { view, .. } = SessionResponse::of(&caller);
    let cookie = registered.new_cookie.map_or(CookieChange::Keep, CookieChange::Set);
    let session = SessionResponse { view: view.showing(&registered.user), cookie };
    call.respond_with_data(Registered { passkey: PasskeyObject::of(registered.passkey) }, session)
}

/// Rename a passkey
#[utoipa::path(
    patch, path = "/me/passkeys/{id}", operation_id = "wacht_rename_passkey", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the passkey.", example = "623456789012345678")),
    request_body(content(
        (PasskeyName = "application/json"),
        (PasskeyName = "multipart/form-data"),
        (PasskeyName = "application/x-www-form-urlencoded"),
    )),
    responses(
        (status = 200, description = "The renamed passkey.", body = Envelope<PasskeyObject>),
        Fails<(UNKNOWN_PASSKEY, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn rename(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let (passkey, session) = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let PasskeyName { name } =
                body?.read(|members| PasskeyName { name: members.optional_text("name").unwrap_or_default() })?;
            let id = id.parse().map_err(|_unreadable| PasskeyError::UnknownPasskey)?;
            let passkey = RenamePasskey { id, name, context: sender.context }.execute(core, &caller)?;
            Ok((PasskeyObject::of(passkey), SessionResponse::of(&caller)))
        })
        .await?;
    call.respond_with_data(passkey, session)
}

/// Remove a passkey
#[utoipa::path(
    post, path = "/me/passkeys/{id}/delete", operation_id = "wacht_remove_passkey", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the passkey.", example = "623456789012345678")),
    responses(
        (status = 200, description = "The passkey is removed.", body = Envelope<Message>),
        Fails<(UNKNOWN_PASSKEY, STEP_UP_REQUIRED, LAST_WAY_IN, LAST_FACTOR, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    let session = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let id = id.parse().map_err(|_unreadable| PasskeyError::UnknownPasskey)?;
            RemovePasskey { id, context: sender.context.clone() }.execute(core, &caller)?;
            sender.session(core)
        })
        .await?;
    call.respond_with_data(Message { message: "Passkey removed." }, session)
}
