//! `PUT /api/v1/auth/me/profile`: the change of the profile.

use actix_web::web::Payload;
use selfsame_application::{
    Policy,
    profile::update::{NewPicture, UpdateProfile, UpdatedProfile},
};
use selfsame_domain::{Attributes, Change, ProfilePatch, RequestContext, id::Id as _};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Success, ok},
    reasons::STEP_UP_REQUIRED,
};
use crate::{body::Members, call::HandlerResult, document::RateLimited, time::timestamp};

/// An absent member stays as it is. Other members are ignored.
#[derive(ToSchema)]
#[schema(as = rivergen::UpdateProfileRequest, example = json!({
    "display_name": "Jane Smith",
    "profile_image_url": "https://example.com/avatar.jpg",
    "profile": { "bio": "Software developer", "location": "San Francisco" }
}))]
struct UpdateProfileRequest {
    /// `null` clears it.
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 100)]
    display_name: Change<String>,
    /// An `https` URL, stored as a link, or a PNG, JPEG, WebP or GIF as a base64 data URI. `null` removes it.
    #[schema(value_type = Option<String>, required = false)]
    profile_image_url: Change<String>,
    /// Merged into what is stored (RFC 7396): objects merge, `null` removes a member, everything else replaces.
    #[schema(value_type = Option<Object>, required = false, nullable = false)]
    profile: Option<Attributes>,
}

impl UpdateProfileRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            display_name: members.text("display_name"),
            profile_image_url: members.text("profile_image_url"),
            profile: members.attributes("profile"),
        }
    }

    fn into_use_case(self, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch { name: self.display_name, attributes: self.profile, ..ProfilePatch::default() };
        UpdateProfile { patch, picture: self.profile_image_url.map(NewPicture::Uri), expected_version: None, context }
    }
}

/// The changed profile.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ProfileData)]
struct ProfileData {
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "Jane Smith", required, max_length = 100)]
    display_name: Option<String>,
    /// The URL of the stored picture, or the link as it was sent.
    #[schema(example = "https://example.com/avatar.jpg", required)]
    profile_image_url: Option<String>,
    /// The whole stored object.
    #[schema(value_type = Object, example = json!({ "bio": "Software developer", "location": "San Francisco" }))]
    profile: Map<String, Value>,
    #[schema(example = "2024-01-01T13:00:00.000Z", format = DateTime)]
    updated_at: String,
}

impl ProfileData {
    fn of(updated: UpdatedProfile, policy: &Policy) -> Self {
        let user = policy.fields.shown(&updated.user).into_owned();
        let attributes = updated.attributes.map(|attributes| policy.fields.shown_attributes(attributes));
        Self {
            user_id: user.id.number(),
            profile_image_url: user.picture.as_ref().map(|picture| policy.picture_url(picture)),
            updated_at: timestamp(user.updated_at),
            display_name: user.name,
            profile: attributes.unwrap_or_default().0,
        }
    }
}

/// Update the profile
///
/// Changes the display name, the picture and the free-form profile. An absent member stays as it is. `profile` is
/// merged into the stored object (RFC 7396). Other members are ignored. `{}` changes nothing and succeeds. The body may
/// have up to 17 MiB, for a picture of up to 12 MiB in base64.
#[utoipa::path(
    put, path = "/api/v1/auth/me/profile", operation_id = "rivergen_update_profile", tag = "rivergen",
    security(("bearer" = [])),
    request_body = UpdateProfileRequest,
    responses(
        (status = 200, description = "The changed profile.", body = Success<ProfileData>),
        Fails<(STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn update(call: Call, payload: Payload) -> HandlerResult {
    let caller = call.caller().await?;
    let body = call.body_with_picture(payload, "profile_image_url").await?;
    let profile = call
        .run(body.lane(), move |core, sender| {
            let read = |members: &mut Members<'_>| UpdateProfileRequest::read(members).into_use_case(sender.context);
            let update = body.read_with_rules(read, |update| update.violations(core, &caller))?;
            Ok(ProfileData::of(update.execute(core, &caller)?, &core.policy))
        })
        .await?;
    Ok(ok(profile, "Profile updated successfully"))
}
