//! `/me/profile-picture`. The body may be large, so the caller is authenticated before it is received (R84).

use actix_web::web::Payload;
use selfsame_application::profile::update::{NewPicture, UpdateProfile};
use selfsame_domain::{Change, RequestContext};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Envelope, Null},
    me,
    reasons::{REQUIRED_FIELD, STALE_VERSION},
    session_response::SessionResponse,
    version::expected_version,
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// Input of `POST /me/profile-picture`.
#[derive(ToSchema)]
#[schema(as = wacht::PictureForm)]
struct PictureForm {
    /// The picture.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// That of the user object which the change is based on.
    #[schema(rename = "selfsame_version", value_type = Option<String>, format = "uint64")]
    expected_version: Option<i64>,
}

impl PictureForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self { file: members.required_upload("file"), expected_version: expected_version(members) }
    }

    fn into_use_case(self, context: RequestContext) -> UpdateProfile {
        let picture = Change::Set(NewPicture::Bytes(self.file));
        UpdateProfile { picture, expected_version: self.expected_version, context, ..UpdateProfile::default() }
    }
}

/// Set the profile picture
///
/// PNG, JPEG, WebP or GIF. The content decides the type, not the name. The picture is stored re-encoded, without
/// metadata.
#[utoipa::path(
    post, path = "/me/profile-picture", operation_id = "wacht_set_profile_picture", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The picture is set.", body = Envelope<Null>),
        Fails<(REQUIRED_FIELD, STALE_VERSION, RateLimited)>,
    ),
)]
pub(super) async fn set(call: Call, payload: Payload) -> HandlerResult {
    let caller = call.caller_without_attributes().await?;
    let body = call.body_with_picture(payload, "file").await?;
    let caller = call
        .run(Lane::Picture, move |core, sender| {
            let update = body.read(PictureForm::read)?.into_use_case(sender.context);
            me::change(core, caller, update)
        })
        .await?;
    call.respond_with_data(Null, SessionResponse::of(&caller))
}
