//! The sign-in with a passkey on the pages of sign-in and second step. Their script asks for the options of a ceremony, and sends
//! what the browser answered as a form. A passkey has two factors by itself, so it also ends a sign-in that asks for a second one,
//! for the same account.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Core, Fault,
    attempts::{
        AttemptRef, Holder,
        read::{ReadAttempt, ReadAttemptError},
    },
    sign_in::with_passkey::{BeginPasskeySignIn, PasskeySignIn, PasskeySignInError},
};
use selfsame_domain::{Attempt, AttemptId, AttemptKind, OpaqueToken};
use serde::Serialize;
use serde_json::Value;

use super::{
    Call, OAuth,
    pages::Refused,
    reasons::INVALID_REQUEST,
    sign_in::{DISABLED, FROZEN, Next, STALE, done, respond, step_of},
};
use crate::{Lane, body::Members, call::HandlerResult, rejection::Rejection};

const REFUSED: &str = "oauth-failure-passkey";

/// What the script sends.
struct PasskeyForm {
    form_token: String,
    /// The sign-in in progress; none on the sign-in page.
    attempt: Option<AttemptId>,
    /// `credential.toJSON()` of `navigator.credentials.get`; empty when the options are asked for.
    credential: String,
}

impl PasskeyForm {
    fn read(members: &mut Members<'_>) -> Self {
        let mut text = |name| members.optional_text(name).unwrap_or_default();
        Self { form_token: text("form_token"), attempt: text("attempt").parse().ok(), credential: text("credential") }
    }

    /// The sign-in in progress, of this browser.
    fn attempt(&self, core: &Core, cookie: &OpaqueToken) -> Result<Option<Attempt>, ReadAttemptError> {
        let Some(id) = self.attempt else { return Ok(None) };
        let attempt = AttemptRef::Held { id, cookie: Some(cookie.clone()) };
        ReadAttempt { attempt, kind: AttemptKind::SignIn }.execute(core).map(Some)
    }
}

/// The options of a ceremony.
#[derive(Serialize)]
struct Options {
    /// For `PublicKeyCredential.parseRequestOptionsFromJSON`.
    options: Value,
}

impl From<PasskeySignInError> for Rejection<OAuth> {
    fn from(error: PasskeySignInError) -> Self {
        match error {
            PasskeySignInError::Fault(fault) => fault.into(),
            _ => INVALID_REQUEST.into(),
        }
    }
}

/// The options for the browser of a page.
pub(super) async fn begin(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let options = call
        .run(Lane::Database, move |core, sender| {
            let form = body.read(PasskeyForm::read)?;
            let cookie = sender.cookie().filter(|cookie| core.is_form_token(&form.form_token, cookie, None));
            let cookie = cookie.ok_or(INVALID_REQUEST)?;
            let email = match form.attempt(core, &cookie) {
                Ok(attempt) => attempt.and_then(|attempt| attempt.email),
                Err(ReadAttemptError::UnknownAttempt) => return Err(INVALID_REQUEST.into()),
                Err(ReadAttemptError::Fault(fault)) => return Err(fault.into()),
            };
            let holder = Holder::Browser(Some(cookie));
            Ok(BeginPasskeySignIn { email, holder, context: sender.context }.execute(core)?.options)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Options { options }))
}

/// Checks what the browser answered.
pub(super) async fn sign_in(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let next = call
        .run(Lane::Database, move |core, sender| {
            let form = body.read(PasskeyForm::read)?;
            let Some(cookie) = sender.cookie() else { return Ok(Next::Again) };
            let is_genuine = core.is_form_token(&form.form_token, &cookie, None);
            let attempt = match form.attempt(core, &cookie) {
                Ok(attempt) if is_genuine => attempt,
                Ok(_) => return Ok(Next::sign_in_again(core, &cookie, Refused::input(STALE))),
                Err(ReadAttemptError::UnknownAttempt) => return Ok(Next::Again),
                Err(ReadAttemptError::Fault(fault)) => return Err(fault.into()),
            };
            let context = sender.context;
            let sign_in = PasskeySignIn {
                email: attempt.as_ref().and_then(|attempt| attempt.email.clone()),
                response: serde_json::from_str(&form.credential).unwrap_or_default(),
                holder: Holder::Browser(Some(cookie.clone())),
                context: context.clone(),
            };
            let refused = match sign_in.execute(core) {
                Ok(signed_in) => return Ok(done(signed_in.access)),
                Err(PasskeySignInError::Disabled) => Refused::input(DISABLED),
                Err(PasskeySignInError::UnknownChallenge) => Refused::input(STALE),
                Err(PasskeySignInError::Fault(Fault::Limited(wait))) => Refused::limited(wait),
                Err(PasskeySignInError::Fault(Fault::Frozen)) => Refused::input(FROZEN),
                Err(PasskeySignInError::Fault(fault)) => return Err(fault.into()),
                Err(PasskeySignInError::Off | PasskeySignInError::Malformed | PasskeySignInError::Refused) => {
                    Refused::input(REFUSED)
                }
            };
            match attempt {
                Some(attempt) => step_of(core, &attempt, cookie, context, Some(refused)),
                None => Ok(Next::sign_in_again(core, &cookie, refused)),
            }
        })
        .await;
    respond(&call, next)
}
