//! `/auth/passkey/login`: the sign-in with a passkey.

use actix_web::web::Payload;
use selfsame_application::sign_in::with_passkey::{BeginPasskeySignIn, PasskeySignIn};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    passkeys::Options,
    reasons::{CHALLENGE_OVER, NOT_AUTHENTICATED, PASSKEY_UNKNOWN, PASSKEYS_OFF, REQUIRED_FIELD, USER_DISABLED},
    session_object::Session,
    session_response::{CookieChange, cookie_of_access},
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{Frozen, RateLimited},
};

/// The answer of the browser, flat. All bytes are in base64url.
#[derive(ToSchema)]
#[schema(as = wacht::PasskeySignIn, example = json!({
    "id": "xcXF", "rawId": "xcXF", "type": "public-key", "clientDataJSON": "e30", "authenticatorData": "AA",
    "signature": "AA", "userHandle": "AA",
}))]
#[expect(dead_code, reason = "the fields are for the document")]
struct PasskeyForm {
    id: String,
    #[schema(rename = "rawId")]
    raw_id: String,
    #[schema(rename = "type")]
    kind: String,
    #[schema(rename = "clientDataJSON")]
    client_data_json: String,
    #[schema(rename = "authenticatorData")]
    authenticator_data: String,
    signature: String,
    #[schema(rename = "userHandle")]
    user_handle: Option<String>,
}

/// Reads the form as `AuthenticationResponseJSON`.
fn read_assertion(members: &mut Members<'_>) -> Value {
    json!({
        "id": members.required_text("id"),
        "rawId": members.required_text("rawId"),
        "type": members.required_text("type"),
        "response": {
            "clientDataJSON": members.required_text("clientDataJSON"),
            "authenticatorData": members.required_text("authenticatorData"),
            "signature": members.required_text("signature"),
            "userHandle": members.optional_text("userHandle"),
        },
    })
}

/// Begin a sign-in with a passkey
///
/// The challenge is for this browser, lives for five minutes and is good once. The fields of the form are ignored.
#[utoipa::path(
    post, path = "/auth/passkey/login/begin", operation_id = "wacht_begin_passkey_sign_in", tag = "wacht",
    security((), ("session_id" = [])),
    responses(
        (status = 200, description = "The options for `navigator.credentials.get`.", body = Envelope<Options>,
            headers(("Set-Cookie" = String, description = "The session cookies, if the request had none."))),
        Fails<(NOT_AUTHENTICATED, PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn begin(call: Call) -> HandlerResult {
    let (options, session) = call
        .run(Lane::Database, |core, sender| {
            sender.check_token(core)?;
            let begin = BeginPasskeySignIn { email: None, holder: sender.holder(), context: sender.context.clone() };
            let begun = begin.execute(core)?;
            let mut session = sender.cookie_session(core)?;
            if let Some(cookie) = begun.new_cookie {
                session.cookie = CookieChange::Set(cookie);
            }
            Ok((Options::of(&begun.options), session))
        })
        .await?;
    call.respond_with_data(options, session)
}

/// Sign in with a passkey
///
/// Nothing else is asked for: a passkey has two factors.
#[utoipa::path(
    post, path = "/auth/passkey/login/finish", operation_id = "wacht_sign_in_with_passkey", tag = "wacht",
    security((), ("session_id" = [])),
    request_body(content(
        (PasskeyForm = "multipart/form-data"),
        (PasskeyForm = "application/x-www-form-urlencoded"),
        (PasskeyForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session, with this attempt as the last one.", body = Envelope<Session>,
            headers(("Set-Cookie" = String, description = "The session cookies. Every sign-in sets new ones."))),
        Fails<(NOT_AUTHENTICATED, CHALLENGE_OVER, PASSKEY_UNKNOWN, USER_DISABLED, PASSKEYS_OFF, RateLimited)>,
        Fails<(REQUIRED_FIELD, Frozen)>,
    ),
)]
pub(super) async fn finish(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let session = call
        .run(Lane::Database, move |core, sender| {
            let response = body.read(read_assertion)?;
            sender.check_token(core)?;
            let sign_in =
                PasskeySignIn { email: None, response, holder: sender.holder(), context: sender.context.clone() };
            let signed_in = sign_in.execute(core)?;
            sender.session_after_step(core, cookie_of_access(signed_in.access), signed_in.attempt)
        })
        .await?;
    call.respond_with_session(session)
}
