//! `/api/v1/account/identities`: the identities of other issuers whose tokens stand for the account.

use actix_web::{HttpResponse, web::Path};
use selfsame_application::issuers::identities::{LinkedIdentity, ListIdentities, UnlinkIdentity, UnlinkIdentityError};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    reasons::{
        LAST_WAY_IN, NOT_AUTHENTICATED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, UNKNOWN_IDENTITY, step_up,
    },
};
use crate::{Lane, call::HandlerResult, document::TooNew, rejection::Rejection, time::timestamp};

/// The identities of other issuers.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Identities)]
struct Identities {
    /// The one that was linked first first.
    identities: Vec<IdentityObject>,
}

/// An identity of another issuer.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Identity)]
struct IdentityObject {
    #[schema(example = "445301278613502")]
    id: String,
    /// `iss` of its tokens.
    #[schema(example = "https://id.example.com")]
    issuer: String,
    /// The name of the issuer.
    #[schema(example = "Example ID")]
    name: String,
    /// `sub` of its tokens.
    #[schema(example = "248289761001")]
    subject: String,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    linked_at: String,
}

impl From<LinkedIdentity> for IdentityObject {
    fn from(identity: LinkedIdentity) -> Self {
        Self {
            id: identity.id.to_string(),
            issuer: identity.issuer,
            name: identity.name,
            subject: identity.subject,
            linked_at: timestamp(identity.linked_at),
        }
    }
}

impl From<UnlinkIdentityError> for Rejection<Account> {
    fn from(error: UnlinkIdentityError) -> Self {
        match error {
            UnlinkIdentityError::UnknownIdentity => UNKNOWN_IDENTITY.into(),
            UnlinkIdentityError::LastWayIn => LAST_WAY_IN.into(),
            UnlinkIdentityError::StepUp(required) => step_up(required),
            UnlinkIdentityError::Unauthenticated => NOT_AUTHENTICATED.into(),
            UnlinkIdentityError::Fault(fault) => fault.into(),
        }
    }
}

/// List the identities of other issuers
///
/// Access tokens that these issuers give to these subjects are accepted for the account.
#[utoipa::path(
    get, path = "/api/v1/account/identities", operation_id = "account_list_identities", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The identities.", body = Identities, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let identities = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let identities = ListIdentities.execute(core, &caller)?;
            Ok(identities.into_iter().map(IdentityObject::from).collect())
        })
        .await?;
    call.respond_with_tag(&Identities { identities })
}

/// Unlink an identity of another issuer
///
/// Needs a recent proof of the user. Its sign-in ends, and its tokens are refused from then on.
#[utoipa::path(
    delete, path = "/api/v1/account/identities/{id}", operation_id = "account_unlink_identity", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the identity.", example = "445301278613502")),
    responses(
        (status = 204, description = "Its tokens are refused."),
        Fails<(UNKNOWN_IDENTITY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, LAST_WAY_IN, TooNew)>,
    ),
)]
pub(super) async fn unlink(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| UnlinkIdentityError::UnknownIdentity);
        let unlinked = id.and_then(|id| UnlinkIdentity { id, context: sender.context }.execute(core, &caller));
        Ok(unlinked?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
