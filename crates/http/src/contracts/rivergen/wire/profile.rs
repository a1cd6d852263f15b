//! `PUT /me/profile` (seed 003, rivergen.md section A4).

use selfsame_application::{
    Caller, Core, Policy,
    profile::update::{NewPicture, UpdateProfile, UpdatedProfile},
};
use selfsame_domain::{Attributes, Change, DataUri, ProfilePatch, RequestContext, id::Id as _};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{image_url, timestamp};
use crate::{
    blocking::Lane,
    contracts::rivergen::{
        members::{Body, Decoded, Members},
        rejection::Rejection,
        words,
    },
};

/// What to change. Absent keeps; other members are ignored.
#[derive(ToSchema)]
#[schema(as = rivergen::UpdateProfileRequest, example = json!({
    "display_name": "Jane Smith",
    "profile_image_url": "https://example.com/avatar.jpg",
    "profile": { "bio": "Software developer", "location": "San Francisco" }
}))]
pub(in super::super) struct UpdateProfileRequest {
    /// 1 to 100 characters; `null` clears.
    #[schema(value_type = Option<String>, required = false)]
    display_name: Change<String>,
    /// An `https` URL, kept as a link, or a PNG, JPEG, WebP or GIF as a base64 data URI; `null` removes.
    #[schema(value_type = Option<String>, required = false)]
    profile_image_url: Change<String>,
    /// Merged into what is stored (RFC 7396): objects merge, `null` removes a member, everything else replaces.
    #[schema(value_type = Option<Object>, required = false, nullable = false)]
    profile: Option<Attributes>,
}

impl Body for UpdateProfileRequest {
    fn decode(members: &mut Members) -> Self {
        Self {
            display_name: members.text("display_name"),
            profile_image_url: members.text("profile_image_url"),
            profile: members.object("profile"),
        }
    }
}

impl Decoded<UpdateProfileRequest> {
    /// What its work waits for most.
    pub(in super::super) fn lane(&self) -> Lane {
        match &self.value().profile_image_url {
            Change::Set(text) if DataUri::is(text) => Lane::Picture,
            _ => Lane::Database,
        }
    }

    /// The question, from `client`, or all that is wrong with it.
    pub(in super::super) fn into_use_case(
        self,
        context: RequestContext,
        caller: &Caller,
        core: &Core,
    ) -> Result<UpdateProfile, Rejection> {
        let rules = |question: UpdateProfile| words::field_errors(&question.violations(core, caller), words::FIRST);
        self.map(|request| request.into_use_case(context)).checked(rules)
    }
}

impl UpdateProfileRequest {
    fn into_use_case(self, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch { name: self.display_name, attributes: self.profile, ..ProfilePatch::default() };
        UpdateProfile { patch, picture: self.profile_image_url.map(NewPicture::Uri), expected_version: None, context }
    }
}

/// The profile as it is after the change.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ProfileData)]
pub(in super::super) struct ProfileData {
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "Jane Smith", required)]
    display_name: Option<String>,
    /// Where the picture is served, or the link as it was given.
    #[schema(example = "https://example.com/avatar.jpg", required)]
    profile_image_url: Option<String>,
    /// The whole stored object.
    #[schema(value_type = Object, example = json!({ "bio": "Software developer", "location": "San Francisco" }))]
    profile: Map<String, Value>,
    #[schema(example = "2024-01-01T13:00:00.000Z", format = DateTime)]
    updated_at: String,
}

impl ProfileData {
    pub(in super::super) fn of(updated: UpdatedProfile, policy: &Policy) -> Self {
        let UpdatedProfile { user, attributes } = updated;
        Self {
            user_id: user.id.number(),
            profile_image_url: image_url(&user, policy),
            updated_at: timestamp(user.updated_at),
            display_name: user.name,
            profile: attributes.unwrap_or_default().0,
        }
    }
}
