//! `/api/v1/account/applications`: what applications the user has allowed something.

use actix_web::{HttpResponse, web::Path};
use selfsame_application::oauth::applications::{
    Application, ListApplications, RemoveApplication, RemoveApplicationError,
};
use selfsame_domain::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Call, Fails, reasons::UNKNOWN_APPLICATION};
use crate::{Lane, call::HandlerResult, rejection::Rejection, time::timestamp};

/// The applications that were allowed something.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Applications)]
struct Applications {
    /// The one that was allowed first first.
    applications: Vec<ApplicationObject>,
}

/// An application that was allowed something.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Application)]
struct ApplicationObject {
    /// Its `client_id`.
    #[schema(example = "my-app")]
    id: String,
    #[schema(example = "My App")]
    name: String,
    /// What it was allowed.
    #[schema(example = json!(["openid", "profile:write"]))]
    scopes: Vec<&'static str>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    allowed_at: String,
    /// Exact to a few minutes; `null` while it is not signed in.
    #[schema(required, format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    last_used_at: Option<String>,
}

impl From<Application> for ApplicationObject {
    fn from(application: Application) -> Self {
        Self {
            scopes: application.scopes.iter().map(Scope::as_str).collect(),
            allowed_at: timestamp(application.allowed_at),
            last_used_at: application.last_used_at.map(timestamp),
            id: application.id,
            name: application.name,
        }
    }
}

impl From<RemoveApplicationError> for Rejection<Account> {
    fn from(error: RemoveApplicationError) -> Self {
        match error {
            RemoveApplicationError::UnknownApplication => UNKNOWN_APPLICATION.into(),
            RemoveApplicationError::Unauthenticated => super::reasons::NOT_AUTHENTICATED.into(),
            RemoveApplicationError::Fault(fault) => fault.into(),
        }
    }
}

/// List the applications
///
/// Those that the user has allowed to act for them, whether they are signed in or not.
#[utoipa::path(
    get, path = "/api/v1/account/applications", operation_id = "account_list_applications", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The applications.", body = Applications, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let applications = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let applications = ListApplications.execute(core, &caller)?;
            Ok(applications.into_iter().map(ApplicationObject::from).collect())
        })
        .await?;
    call.respond_with_tag(&Applications { applications })
}

/// Withdraw what an application was allowed
///
/// Its sign-ins end with all their tokens, and it has to ask again.
#[utoipa::path(
    delete, path = "/api/v1/account/applications/{id}", operation_id = "account_remove_application", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the application.", example = "my-app")),
    responses((status = 204, description = "It is allowed nothing any more."), Fails<UNKNOWN_APPLICATION>),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(RemoveApplication { id: id.into_inner(), context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
