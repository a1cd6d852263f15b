//! Organizations, workspaces, invitations and social connections: features that are not enabled. The lists are empty, and
//! everything else is refused in the contract's own words.

use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    reasons::{NO_ORGANIZATION, NO_WORKSPACE, NOT_AUTHENTICATED, PROVIDER_NOT_CONFIGURED},
    session_response::SessionResponse,
};
use crate::{Lane, call::HandlerResult, reason::Reason};

/// An empty list: there are no memberships.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Memberships)]
struct Memberships(Vec<Value>);

/// Whether an invitation is valid. None is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Invitation)]
struct Invitation {
    valid: bool,
    first_name: &'static str,
    last_name: &'static str,
    email: &'static str,
    #[schema(example = "There are no invitations.")]
    message: &'static str,
    #[schema(example = "INVITATION_NOT_FOUND")]
    error_code: &'static str,
}

/// The token of an invitation.
#[derive(Deserialize)]
pub(super) struct InvitationQuery {
    #[expect(dead_code, reason = "no token is valid")]
    token: Option<String>,
}

/// List the organizations
///
/// Always empty: organizations are not enabled.
#[utoipa::path(
    get, path = "/me/organization-memberships", operation_id = "wacht_list_organizations", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "An empty list.", body = Envelope<Memberships>)),
)]
pub(super) async fn organizations(call: Call) -> HandlerResult {
    empty_list(call).await
}

/// List the workspaces
///
/// Always empty: workspaces are not enabled.
#[utoipa::path(
    get, path = "/me/workspace-memberships", operation_id = "wacht_list_workspaces", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("org_id" = Option<String>, Query, description = "Ignored.", example = "423456789012345678")),
    responses((status = 200, description = "An empty list.", body = Envelope<Memberships>)),
)]
pub(super) async fn workspaces(call: Call) -> HandlerResult {
    empty_list(call).await
}

async fn empty_list(call: Call) -> HandlerResult {
    let session = call.run(Lane::Database, |core, sender| Ok(SessionResponse::of(&sender.authenticate(core)?))).await?;
    call.respond_with_data(Memberships(Vec::new()), session)
}

/// Connect a social account
///
/// Always refused: no provider is configured.
#[utoipa::path(
    post, path = "/me/init-sso-connection", operation_id = "wacht_connect_social", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("provider" = String, Query, description = "Ignored.", example = "google_oauth"),
        ("redirect_uri" = Option<String>, Query, description = "Ignored.", example = "https://app.example.com/"),
    ),
    responses(Fails<PROVIDER_NOT_CONFIGURED>),
)]
pub(super) async fn connect(call: Call) -> HandlerResult {
    refuse(call, PROVIDER_NOT_CONFIGURED).await
}

/// Finish a connection to a social account
///
/// Always refused: no provider is configured.
#[utoipa::path(
    post, path = "/me/sso-connection-callback", operation_id = "wacht_finish_social", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("code" = String, Query, description = "Ignored.", example = "abc"),
        ("state" = String, Query, description = "Ignored.", example = "abc.def.ghi"),
    ),
    responses(Fails<PROVIDER_NOT_CONFIGURED>),
)]
pub(super) async fn finish(call: Call) -> HandlerResult {
    refuse(call, PROVIDER_NOT_CONFIGURED).await
}

/// Disconnect a social account
///
/// Always refused: no provider is configured.
#[utoipa::path(
    post, path = "/me/social-connections/{id}/disconnect", operation_id = "wacht_disconnect_social", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the connection.", example = "523456789012345678")),
    responses(Fails<PROVIDER_NOT_CONFIGURED>),
)]
pub(super) async fn disconnect(call: Call, _id: Path<String>) -> HandlerResult {
    refuse(call, PROVIDER_NOT_CONFIGURED).await
}

/// Switch to an organization
///
/// Always refused: the user is in none.
#[utoipa::path(
    post, path = "/session/switch-organization", operation_id = "wacht_switch_organization", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("organization_id" = Option<String>, Query, description = "Id of the organization.",
        example = "423456789012345678")),
    responses(Fails<NO_ORGANIZATION>),
)]
pub(super) async fn switch_organization(call: Call) -> HandlerResult {
    refuse(call, NO_ORGANIZATION).await
}

/// Switch to a workspace
///
/// Always refused: the user is in none.
#[utoipa::path(
    post, path = "/session/switch-workspace", operation_id = "wacht_switch_workspace", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("workspace_id" = Option<String>, Query, description = "Id of the workspace.",
        example = "423456789012345678")),
    responses(Fails<NO_WORKSPACE>),
)]
pub(super) async fn switch_workspace(call: Call) -> HandlerResult {
    refuse(call, NO_WORKSPACE).await
}

/// Refuses a request of an authenticated caller.
async fn refuse(call: Call, reason: Reason) -> HandlerResult {
    call.run::<(), _>(Lane::Reading, |core, sender| sender.authenticate(core).map(drop)).await?;
    Err(call.refuse(reason))
}

/// Check an invitation
///
/// Never valid: there are no invitations. Everybody may sign up.
#[utoipa::path(
    get, path = "/deployment/invitations/validate", operation_id = "wacht_validate_invitation", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    params(("token" = Option<String>, Query, description = "The token of the invitation.", example = "abc")),
    responses((status = 200, description = "The result.", body = Envelope<Invitation>), Fails<NOT_AUTHENTICATED>),
)]
pub(super) async fn invitation(call: Call, _query: Query<InvitationQuery>) -> HandlerResult {
    let session = call.run(Lane::Database, |core, sender| sender.session(core)).await?;
    let invitation = Invitation {
        valid: false,
        first_name: "",
        last_name: "",
        email: "",
        message: "There are no invitations.",
        error_code: "INVITATION_NOT_FOUND",
    };
    call.respond_with_data(invitation, session)
}
