//! `/me`: the signed-in user's own account.
//!
//! A request without credentials is refused before its body is read; one with bad credentials, before its body is judged.
//! Where the body may be large, before it is read (R84).

use actix_web::web::Payload;
use selfsame_application::{Caller, Core, profile::update::UpdateProfile, sessions::open::OpenedSession};
use selfsame_domain::User;

use crate::{
    blocking::Lane,
    contracts::wacht::{
        Rejection,
        call::{Answer, Call},
        input, wire,
    },
};

/// The signed-in user.
#[utoipa::path(
    get, path = "/me", operation_id = "wacht_get_me", tag = "wacht",
    responses(
        (status = 200, description = "The user.", body = wire::Envelope<wire::User>),
        wire::Unauthorized, wire::Failures,
    ),
    security(("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn me(call: Call) -> Answer {
    let caller = call.run(Lane::Database, |core, visitor| Ok(visitor.authenticate(core)?)).await?;
    let (user, opened) = call.shown(&caller);
    call.answer_data(user, opened)
}

/// Changes the profile.
///
/// All fields are optional; what is absent stays as it is, and an empty text (or `null` in JSON) clears a name. The change
/// is made whole or not at all. The answer is the user and the envelope at once: the user's fields stand at the top and
/// under `data`.
#[utoipa::path(
    post, path = "/me", operation_id = "wacht_post_me", tag = "wacht",
    request_body(content(
        (wire::ProfileForm = "application/x-www-form-urlencoded"),
        (wire::ProfileForm = "multipart/form-data"),
        (wire::ProfileForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The user as it is now.", body = wire::Profile),
        wire::Unauthorized, wire::Limited, wire::Forged, wire::WithBody, wire::Failures,
        (status = 404, description = "A primary address or number is not the user's own.", body = wire::Failed,
            example = json!(wire::failed(404, "NOT_FOUND", "The primary email address is not one of your own."))),
    ),
    security(("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn update(call: Call, payload: Payload) -> Answer {
    call.require_credentials()?;
    let change = input::profile(&call.fields(payload).await?, call.visitor());
    let caller = call
        .run(Lane::Database, move |core, visitor| {
            let caller = visitor.authenticate(core)?;
            change_profile(core, caller, change?)
        })
        .await?;
    let (user, opened) = call.shown(&caller);
    call.answer(wire::Profile::new(user, call.session(&opened.view)), None)
}

/// Changes the profile: the same as `POST /me`.
#[utoipa::path(
    patch, path = "/me", operation_id = "wacht_patch_me", tag = "wacht",
    request_body(content(
        (wire::ProfileForm = "application/json"),
        (wire::ProfileForm = "application/x-www-form-urlencoded"),
        (wire::ProfileForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "The user as it is now.", body = wire::Profile),
        wire::Unauthorized, wire::Limited, wire::Forged, wire::WithBody, wire::Failures,
        (status = 404, description = "A primary address or number is not the user's own.", body = wire::Failed,
            example = json!(wire::failed(404, "NOT_FOUND", "The primary email address is not one of your own."))),
    ),
    security(("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn patch(call: Call, payload: Payload) -> Answer {
    update(call, payload).await
}

/// Sets the profile picture.
///
/// PNG, JPEG, WebP or GIF by content, whatever its name says. It is stored re-encoded, without metadata.
#[utoipa::path(
    post, path = "/me/profile-picture", operation_id = "wacht_set_profile_picture", tag = "wacht",
    request_body(content = wire::PictureForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The picture is set.", body = wire::Envelope<wire::Nothing>),
        wire::Unauthorized, wire::Limited, wire::Forged, wire::WithBody, wire::Failures,
    ),
    security(("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn set_picture(call: Call, payload: Payload) -> Answer {
    let caller = call.run(Lane::Database, |core, visitor| Ok(visitor.authenticate(core)?)).await?;
    let change = call.decoded(input::picture(&call.fields_with_file(payload).await?, call.visitor()))?;
    let caller = call.run(Lane::Picture, move |core, _visitor| change_profile(core, caller, change)).await?;
    let (_, opened) = call.shown(&caller);
    call.answer_data(wire::Nothing, opened)
}

/// Answers the caller with the account as it is now.
fn change_profile(core: &Core, caller: Caller, change: UpdateProfile) -> Result<Caller, Rejection> {
    let updated = change.execute(core, &caller)?;
    Ok(showing(caller, updated.user))
}

fn showing(caller: Caller, user: User) -> Caller {
    Caller { session: caller.session.map(|view| view.showing(&user)), user, ..caller }
}

impl Call {
    /// The caller on the wire, with their session.
    fn shown(&self, caller: &Caller) -> (wire::User, OpenedSession) {
        let user = wire::User::of(&caller.user, &self.services().core.policy);
        (user, OpenedSession { view: wire::view_of(caller), new_cookie: None })
    }
}
