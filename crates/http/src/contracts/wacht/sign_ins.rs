//! `/me/signins`: the sign-ins of the user (R49).

use actix_web::web::Path;
use selfsame_application::sessions::{
    end::{EndSignIn, EndSignInError},
    list::ListSignIns,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Envelope, Null},
    reasons::UNKNOWN_SIGN_IN,
    session_object::SignIn,
    session_response::SessionResponse,
};
use crate::{Lane, call::HandlerResult};

/// The active sign-ins of a user, the most recently used first.
#[derive(Serialize, ToSchema)]
#[schema(as = wacht::SignIns)]
struct SignIns(Vec<SignIn>);

/// List the sign-ins
///
/// All browsers and applications in which the user is signed in, the most recently used first.
#[utoipa::path(
    get, path = "/me/signins", operation_id = "wacht_list_sign_ins", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The active sign-ins.", body = Envelope<SignIns>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let (sign_ins, session) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let sign_ins = ListSignIns::ALL.execute(core, &caller)?.sign_ins;
            let of_user = sign_ins.iter().map(|sign_in| SignIn::of(sign_in, &caller.user, core));
            Ok((SignIns(of_user.collect()), SessionResponse::of(&caller)))
        })
        .await?;
    call.respond_with_data(sign_ins, session)
}

/// End a sign-in
///
/// Its cookie, access tokens and refresh tokens become invalid at once. It may be the one of this request.
#[utoipa::path(
    post, path = "/me/signins/{id}/signout", operation_id = "wacht_end_sign_in", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the sign-in.", example = "323456789012345678")),
    responses(
        (status = 200, description = "The sign-in has ended.", body = Envelope<Null>, headers(
            ("Set-Cookie" = String, description = "Removes the session cookies, if no sign-in is left in the browser."),
            ("Clear-Site-Data" = String, description = "Under the same condition."),
        )),
        Fails<UNKNOWN_SIGN_IN>,
    ),
)]
pub(super) async fn end(call: Call, id: Path<String>) -> HandlerResult {
    let session = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let id = id.parse().map_err(|_unreadable| EndSignInError::UnknownSignIn)?;
            EndSignIn { id, context: sender.context.clone() }.execute(core, &caller)?;
            sender.session_after_end(core, &caller, id)
        })
        .await?;
    call.respond_with_data(Null, session)
}
