//! `/api/v1/account/sign-ins`: the sign-ins of the account (R49).

use actix_web::{HttpResponse, web::Path};
use selfsame_application::sessions::{
    end::{EndOtherSignIns, EndSignIn, EndSignInError},
    list::ListSignIns,
};
use selfsame_domain::{Factor, SignIn, SignInId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails, reasons::UNKNOWN_SIGN_IN};
use crate::{Lane, call::HandlerResult, time::timestamp};

/// The active sign-ins of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SignIns)]
struct SignIns {
    /// The most recently used first.
    sign_ins: Vec<SignInObject>,
}

/// A device or an application that is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SignIn)]
struct SignInObject {
    #[schema(example = "445301278613502")]
    id: String,
    /// Whether this request belongs to it.
    #[schema(example = true)]
    current: bool,
    /// The factors of the last authentication.
    #[schema(example = json!(["password"]))]
    methods: Vec<&'static str>,
    #[schema(required, example = "192.0.2.7")]
    ip: Option<String>,
    #[schema(
        required,
        example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        max_length = 512
    )]
    user_agent: Option<String>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    /// The time of the last authentication.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    authenticated_at: String,
    /// Exact to a few minutes.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    last_active_at: String,
    #[schema(format = DateTime, example = "2026-04-13T15:09:26.535Z")]
    expires_at: String,
}

impl SignInObject {
    fn of(sign_in: SignIn, current: SignInId) -> Self {
        Self {
            id: sign_in.id.to_string(),
            current: sign_in.id == current,
            methods: sign_in.assurance.methods.iter().map(Factor::as_str).collect(),
            created_at: timestamp(sign_in.created_at),
            authenticated_at: timestamp(sign_in.assurance.authenticated_at),
            last_active_at: timestamp(sign_in.last_active_at),
            expires_at: timestamp(sign_in.expires_at),
            ip: sign_in.ip,
            user_agent: sign_in.user_agent,
        }
    }
}

/// List the sign-ins
///
/// All browsers and applications that are signed in to the account.
#[utoipa::path(
    get, path = "/api/v1/account/sign-ins", operation_id = "account_list_sign_ins", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The active sign-ins.", body = SignIns)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let sign_ins = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let sign_ins = ListSignIns.execute(core, &caller)?;
            Ok(sign_ins.into_iter().map(|sign_in| SignInObject::of(sign_in, caller.sign_in.id)).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(SignIns { sign_ins }))
}

/// End a sign-in
///
/// Its cookie, access tokens and refresh tokens become invalid at once. It may be the one of this request.
#[utoipa::path(
    delete, path = "/api/v1/account/sign-ins/{id}", operation_id = "account_end_sign_in", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the sign-in.", example = "445301278613502")),
    responses((status = 204, description = "The sign-in has ended."), Fails<UNKNOWN_SIGN_IN>),
)]
pub(super) async fn end(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| EndSignInError::UnknownSignIn)?;
        Ok(EndSignIn { id, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all other sign-ins
///
/// Only the sign-in of this request stays.
#[utoipa::path(
    delete, path = "/api/v1/account/sign-ins", operation_id = "account_end_other_sign_ins", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 204, description = "The sign-ins have ended.")),
)]
pub(super) async fn end_others(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(EndOtherSignIns { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
