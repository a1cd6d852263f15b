//! `GET` and `PATCH /api/v1/me`: the profile.
//!
//! The order of errors is: invalid JSON, then the missing or invalid token, then the fields.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{Caller, Core, Policy, profile::update::UpdateProfile};
use selfsame_domain::{Change, Identifier, ProfilePatch, RequestContext, User};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, ProfileApi,
    body::{Body, Echo},
    reasons::{self, STEP_UP_REQUIRED},
    validation::HttpValidationError,
};
use crate::{
    Lane,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    rejection::Rejection,
    time::timestamp,
};

/// The account as its owner sees it. An unset value is `null`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Profile)]
struct Profile {
    #[schema(example = "445301278613501")]
    id: String,
    #[schema(required, example = "ada@example.com")]
    email: Option<String>,
    #[schema(example = true)]
    email_verified: bool,
    #[schema(required, example = "ada")]
    username: Option<String>,
    #[schema(required, example = "Ada", max_length = 100)]
    first_name: Option<String>,
    #[schema(required, example = "Lovelace", max_length = 100)]
    last_name: Option<String>,
    #[schema(required, example = "Ada Lovelace", max_length = 100)]
    display_name: Option<String>,
    /// E.164.
    #[schema(required, example = "+31612345678")]
    phone: Option<String>,
    phone_verified: bool,
    /// BCP 47.
    #[schema(required, example = "en-GB", max_length = 35)]
    locale: Option<String>,
    /// IANA.
    #[schema(required, example = "Europe/London")]
    timezone: Option<String>,
    #[schema(required, example = "https://id.example.com/avatars/9f86d081.webp")]
    picture: Option<String>,
    mfa_enabled: bool,
    status: Status,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    updated_at: String,
}

/// Whether the account is enabled.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Status)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Active,
    Suspended,
}

impl Profile {
    fn new(user: &User, policy: &Policy) -> Self {
        let user = &*policy.fields.shown(user);
        let (email, phone) = (user.primary_email(), user.primary_phone());
        Self {
            id: user.id.to_string(),
            email: email.map(|email| email.value.clone()),
            email_verified: email.is_some_and(Identifier::is_verified),
            username: user.preferred_username.as_ref().map(|username| username.as_str().to_owned()),
            first_name: user.given_name.clone(),
            last_name: user.family_name.clone(),
            display_name: user.name.clone(),
            phone: phone.map(|phone| phone.value.clone()),
            phone_verified: phone.is_some_and(Identifier::is_verified),
            locale: user.locale.clone(),
            timezone: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| policy.picture_url(picture)),
            mfa_enabled: user.has_second_factor(),
            status: if user.is_disabled() { Status::Suspended } else { Status::Active },
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
        }
    }
}

/// An absent field stays as it is; `null` and the empty string clear it. Other fields are ignored.
#[derive(Debug, ToSchema)]
#[schema(as = profile_api::UpdateProfileRequest)]
struct UpdateProfileRequest {
    #[schema(value_type = Option<String>, required = false, example = "Ada", max_length = 100)]
    first_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Lovelace", max_length = 100)]
    last_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Ada Lovelace", max_length = 100)]
    display_name: Change<String>,
    /// An international number. A new number is unverified.
    #[schema(value_type = Option<String>, required = false, example = "+31 6 12345678")]
    phone: Change<String>,
    /// A BCP 47 language tag.
    #[schema(value_type = Option<String>, required = false, example = "en-GB", max_length = 35)]
    locale: Change<String>,
    /// A name of the IANA time zone database.
    #[schema(value_type = Option<String>, required = false, example = "Europe/London")]
    timezone: Change<String>,
}

impl UpdateProfileRequest {
    /// Reads the model from a body, as a use case.
    fn read(
        body: &Body,
        context: RequestContext,
        caller: &Caller,
        core: &Core,
    ) -> Result<UpdateProfile, Rejection<ProfileApi>> {
        let mut fields = body.fields()?;
        let mut field = |name| fields.optional(name).empty_clears();
        let request = Self {
            first_name: field("first_name"),
            last_name: field("last_name"),
            display_name: field("display_name"),
            phone: field("phone"),
            locale: field("locale"),
            timezone: field("timezone"),
        };
        fields.finish(request.into_use_case(context), |update: &UpdateProfile| update.violations(core, caller))
    }

    fn into_use_case(self, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch {
            given_name: self.first_name,
            family_name: self.last_name,
            name: self.display_name,
            phone_number: self.phone,
            locale: self.locale,
            zoneinfo: self.timezone,
            ..ProfilePatch::default()
        };
        UpdateProfile { patch, context, ..UpdateProfile::default() }
    }
}

/// Get Profile
///
/// Get current user's profile.
#[utoipa::path(
    get, path = "/api/v1/me", operation_id = "profile_api_get_profile", tag = "profile_api",
    security(("bearer" = [])),
    responses((status = 200, description = "The profile.", body = Profile)),
)]
pub(super) async fn get_profile(call: Call) -> HandlerResult {
    let profile = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(Profile::new(&caller.user, &core.policy))
        })
        .await?;
    Ok(HttpResponse::Ok().json(profile))
}

/// Update Profile
///
/// Update current user's profile. Either all fields are changed or none.
#[utoipa::path(
    patch, path = "/api/v1/me", operation_id = "profile_api_update_profile", tag = "profile_api",
    security(("bearer" = [])),
    request_body = UpdateProfileRequest,
    responses(
        (status = 200, description = "The changed profile.", body = Profile),
        (status = 422, description = "The errors of the body.", body = HttpValidationError),
        Fails<(STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn update_profile(call: Call, payload: Payload) -> HandlerResult {
    let raw = call.raw_body(payload, Echo::AsSent).await?;
    let profile = call
        .run(Lane::Database, move |core, sender| {
            let body = raw.parse()?;
            let caller = sender.authenticate(core)?;
            let update = UpdateProfileRequest::read(&body, sender.context, &caller, core)?;
            let updated = update.execute(core, &caller).map_err(|error| reasons::of_update(error, &body))?;
            Ok(Profile::new(&updated.user, &core.policy))
        })
        .await?;
    Ok(HttpResponse::Ok().json(profile))
}
