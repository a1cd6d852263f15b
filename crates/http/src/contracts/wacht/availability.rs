//! `/auth/identifier-availability` and `/auth/complete-profile`.

use actix_web::web::{Payload, Query};
use selfsame_application::{
    attempts::{AttemptRef, read::ReadAttempt},
    identifiers::availability::{CheckAvailability, Wanted},
};
use selfsame_domain::AttemptKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    reasons::{
        MISSING_ATTEMPT_ID, MISSING_IDENTIFIER, NOT_AUTHENTICATED, NOT_TOLD, NOTHING_TO_COMPLETE, UNKNOWN_ATTEMPT,
        UNKNOWN_IDENTIFIER_TYPE,
    },
};
use crate::{Lane, call::HandlerResult, document::RateLimited};

/// An identifier and its type.
#[derive(Deserialize)]
pub(super) struct IdentifierQuery {
    identifier: Option<String>,
    r#type: Option<String>,
}

/// Whether an account has an identifier.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Availability)]
struct Availability {
    exists: bool,
}

/// Ask whether an identifier has an account
///
/// For usernames. For e-mail addresses only if the operator allows it, because it tells strangers who has an account.
#[utoipa::path(
    get, path = "/auth/identifier-availability", operation_id = "wacht_identifier_availability", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    params(
        ("identifier" = String, Query, description = "The identifier.", example = "johndoe"),
        ("type" = String, Query, description = "`username` or `email`.", example = "username"),
    ),
    responses(
        (status = 200, description = "Whether an account has it.", body = Envelope<Availability>),
        Fails<(MISSING_IDENTIFIER, UNKNOWN_IDENTIFIER_TYPE, NOT_TOLD, NOT_AUTHENTICATED, RateLimited)>,
    ),
)]
pub(super) async fn availability(call: Call, query: Query<IdentifierQuery>) -> HandlerResult {
    let is_told_of_email = call.services().wacht.email_availability;
    let (exists, session) = call
        .run(Lane::Database, move |core, sender| {
            let IdentifierQuery { identifier, r#type } = query.into_inner();
            let identifier = identifier.filter(|identifier| !identifier.is_empty()).ok_or(MISSING_IDENTIFIER)?;
            let identifier = match r#type.as_deref().unwrap_or_default() {
                "username" => Wanted::Username(identifier),
                "email" if is_told_of_email => Wanted::Email(identifier),
                "email" => return Err(NOT_TOLD.into()),
                _ => return Err(UNKNOWN_IDENTIFIER_TYPE.into()),
            };
            let session = sender.session(core)?;
            Ok((CheckAvailability { identifier, context: sender.context }.execute(core)?, session))
        })
        .await?;
    call.respond_with_data(Availability { exists }, session)
}

/// An attempt.
#[derive(Deserialize)]
pub(super) struct ProfileQuery {
    attempt_id: Option<String>,
}

/// Complete the profile of a sign-in
///
/// Always refused: no sign-in asks for more of the profile.
#[utoipa::path(
    post, path = "/auth/complete-profile", operation_id = "wacht_complete_profile", tag = "wacht",
    security((), ("session_id" = [])),
    params(("attempt_id" = String, Query, description = "Id of the attempt.", example = "523456789012345678")),
    responses(
        Fails<(MISSING_ATTEMPT_ID, UNKNOWN_ATTEMPT, NOTHING_TO_COMPLETE, NOT_AUTHENTICATED)>,
    ),
)]
pub(super) async fn complete_profile(call: Call, query: Query<ProfileQuery>, _payload: Payload) -> HandlerResult {
    call.run::<(), _>(Lane::Database, move |core, sender| {
        let id = query.into_inner().attempt_id.filter(|id| !id.is_empty()).ok_or(MISSING_ATTEMPT_ID)?;
        sender.check_token(core)?;
        let id = id.parse().map_err(|_unreadable| UNKNOWN_ATTEMPT)?;
        let attempt = AttemptRef::Held { id, cookie: sender.cookie() };
        ReadAttempt { attempt, kind: AttemptKind::SignIn }.execute(core)?;
        Err(NOTHING_TO_COMPLETE.into())
    })
    .await?;
    Err(call.refuse(NOTHING_TO_COMPLETE))
}
