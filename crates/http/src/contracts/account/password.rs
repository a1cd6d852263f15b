//! `/api/v1/account/password`: set, change, remove, estimate.

use std::time::Duration;

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Caller,
    password::{
        change::{ChangePassword, OwnSignIn, PasswordChanged},
        estimate::{EstimatePassword, PasswordEstimate},
        remove::RemovePassword,
    },
};
use selfsame_domain::{Password, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    attempts::Tokens,
    reasons::{
        NO_ALTERNATIVE, NOT_AUTHENTICATED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, rule_code, rule_detail,
    },
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    credentials::Credentials,
    document::{RateLimited, TooNew},
    rejection::Rejection,
};

/// The new password, and the current one.
#[derive(ToSchema)]
#[schema(as = account::NewPassword)]
struct NewPassword {
    #[schema(value_type = String, format = Password, example = "seven gentle otters juggle pebbles", min_length = 15, max_length = 256)]
    password: Password,
    /// Not needed for an account without a password, which needs a recent sign-in instead.
    #[schema(value_type = Option<String>, format = Password, example = "correct horse battery staple")]
    current_password: Password,
}

impl NewPassword {
    fn read(members: &mut Members<'_>) -> Self {
        let new = Self {
            password: members.required_password("password"),
            current_password: Password::new(&members.optional_text("current_password").unwrap_or_default()),
        };
        members.reject_unknown(&["password", "current_password"]);
        new
    }

    fn into_use_case(self, access_ttl: Duration, context: RequestContext) -> ChangePassword {
        let Self { password: new_password, current_password } = self;
        ChangePassword { current_password, new_password, own_sign_in: OwnSignIn::GoesOn { access_ttl }, context }
    }
}

/// The current password.
#[derive(ToSchema)]
#[schema(as = account::CurrentPassword)]
struct CurrentPassword {
    #[schema(value_type = String, format = Password, example = "correct horse battery staple", min_length = 1)]
    current_password: Password,
}

impl CurrentPassword {
    fn read(members: &mut Members<'_>) -> Self {
        let current = Self { current_password: members.required_password("current_password") };
        members.reject_unknown(&["current_password"]);
        current
    }

    fn into_use_case(self, access_ttl: Duration, context: RequestContext) -> RemovePassword {
        let own_sign_in = OwnSignIn::GoesOn { access_ttl };
        RemovePassword { current_password: self.current_password, own_sign_in, context }
    }
}

/// A password to estimate.
#[derive(ToSchema)]
#[schema(as = account::PasswordCandidate)]
struct PasswordCandidate {
    #[schema(value_type = String, format = Password, example = "seven gentle otters juggle pebbles")]
    password: Password,
}

impl PasswordCandidate {
    fn read(members: &mut Members<'_>) -> Self {
        let candidate = Self { password: members.required_password("password") };
        members.reject_unknown(&["password"]);
        candidate
    }
}

/// How strong a password is.
#[derive(Serialize, ToSchema)]
#[schema(as = account::PasswordStrength)]
struct PasswordStrength {
    /// 0 (guessed at once) to 4 (very hard to guess).
    #[schema(example = 4, minimum = 0, maximum = 4)]
    score: u8,
    /// Whether it would be accepted. Whether it was used before is not told.
    #[schema(example = true)]
    acceptable: bool,
    /// The rule that it breaks, for programs; `null` if it breaks none.
    #[schema(required, example = json!(null))]
    rule: Option<&'static str>,
    /// The same for people.
    #[schema(required, example = json!(null))]
    detail: Option<String>,
    /// What would make it stronger, in English.
    #[schema(example = json!(["Add another word or two. Uncommon words are better."]))]
    suggestions: Vec<String>,
}

impl PasswordStrength {
    fn of(PasswordEstimate { strength, broken }: PasswordEstimate) -> Self {
        Self {
            score: strength.score,
            acceptable: broken.is_none(),
            rule: broken.as_ref().map(rule_code),
            detail: broken.as_ref().map(|rule| rule_detail("password", rule)),
            suggestions: strength.suggestions,
        }
    }
}

/// Set the password
///
/// Changes it, or sets the first one. Ends all other sign-ins, voids remembered devices, and notifies all verified addresses by
/// mail. The secrets of the caller's own sign-in are replaced.
#[utoipa::path(
    put, path = "/api/v1/account/password", operation_id = "account_set_password", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = NewPassword,
    responses(
        (status = 200, description = "The password is set. The client must use the new tokens.", body = Tokens),
        (status = 204, description = "The password is set. The client has no refresh token, or is an application, whose refresh token is void.",
            headers(("Set-Cookie" = String, description = "The new session cookies; the earlier ones are void."))),
        Fails<(STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn set(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let changed = call
        .run(Lane::Password, |core, sender| {
            let caller = sender.authenticate(core)?;
            let new = body?.read(NewPassword::read)?;
            Ok(new.into_use_case(core.policy.access_ttl, sender.context).execute(core, &caller)?)
        })
        .await?;
    respond(&call, changed)
}

/// Remove the password
///
/// Needs a recent sign-in by a passkey, with which the user signs in from then on. The effects are those of a change.
#[utoipa::path(
    delete, path = "/api/v1/account/password", operation_id = "account_remove_password", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = CurrentPassword,
    responses(
        (status = 200, description = "The password is removed. The client must use the new tokens.", body = Tokens),
        (status = 204, description = "The password is removed. The client has no refresh token, or is an application, whose refresh token is void.",
            headers(("Set-Cookie" = String, description = "The new session cookies; the earlier ones are void."))),
        Fails<(STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, NO_ALTERNATIVE, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn remove(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let changed = call
        .run(Lane::Password, |core, sender| {
            let caller = sender.authenticate(core)?;
            let current = body?.read(CurrentPassword::read)?;
            Ok(current.into_use_case(core.policy.access_ttl, sender.context).execute(core, &caller)?)
        })
        .await?;
    respond(&call, changed)
}

/// Estimate a password
///
/// Before it is chosen, also at a sign-up. Of a caller who is signed in, names and addresses add nothing to its strength.
#[utoipa::path(
    post, path = "/api/v1/account/password/strength", operation_id = "account_estimate_password", tag = "account",
    security((), ("session_id" = []), ("bearer" = [])),
    request_body = PasswordCandidate,
    responses(
        (status = 200, description = "The estimate.", body = PasswordStrength),
        Fails<(NOT_AUTHENTICATED, RateLimited)>,
    ),
)]
pub(super) async fn estimate(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let estimate = call
        .run(Lane::Password, move |core, sender| {
            let caller = match sender.credentials {
                Credentials::None | Credentials::UnknownCookie => None,
                Credentials::Bearer(_) | Credentials::MalformedBearer => Some(sender.authenticate(core)?),
                Credentials::Cookie(_) => signed_in(sender.authenticate(core))?,
            };
            let PasswordCandidate { password } = body.read(PasswordCandidate::read)?;
            Ok(EstimatePassword { password, context: sender.context }.execute(core, caller.as_ref())?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(PasswordStrength::of(estimate)))
}

/// The caller, if there is one. A browser may have a session without a sign-in, as at a sign-up.
fn signed_in(caller: Result<Caller, Rejection<Account>>) -> Result<Option<Caller>, Rejection<Account>> {
    match caller {
        Err(rejection) if rejection.reason().code == NOT_AUTHENTICATED.code => Ok(None),
        caller => caller.map(Some),
    }
}

/// 204 with the new cookies, or 200 with the new tokens.
fn respond(call: &Call, changed: PasswordChanged) -> HandlerResult {
    if let Some(tokens) = changed.new_tokens {
        return Ok(HttpResponse::Ok().json(Tokens::of(tokens)));
    }
    call.with_cookie(HttpResponse::NoContent().finish(), changed.new_cookie.as_ref())
}
