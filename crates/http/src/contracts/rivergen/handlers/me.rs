//! The caller's account and profile.

use actix_web::web::Payload;
use selfsame_application::sessions::read_security::ReadSecurity;

use super::Answer;
use crate::{
    blocking::Lane,
    contracts::rivergen::{
        call::Call,
        openapi::{Common, Limited, Unauthorized, WithBody, error},
        rejection::ErrorBody,
        wire::{self, CurrentUser, ProfileData, Success, UpdateProfileRequest},
    },
};

/// The current user, with addresses and security figures.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    operation_id = "rivergen_get_current_user",
    tag = "rivergen",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The account", body = Success<CurrentUser>),
        Unauthorized,
        Common,
    )
)]
pub(in super::super) async fn current_user(call: Call) -> Answer {
    let who = call.bearer_with_attributes()?;
    let (caller, figures) = call
        .run_as(who, Lane::Database, Ok(()), |core, caller, (), _context| {
            let figures = ReadSecurity.execute(core, &caller)?;
            Ok((caller, figures))
        })
        .await?;
    let attributes = caller.attributes.unwrap_or_default();
    let user = CurrentUser::of(caller.user, attributes, figures, call.policy());
    Ok(wire::ok(user, "User information retrieved successfully"))
}

/// Changes display name, picture and the free-form profile; what is not mentioned stays.
///
/// `profile` is merged into the stored object by RFC 7396. Members other than the three are ignored. `{}` is a success
/// that changes nothing. The body may have up to 7 MiB, for a picture of up to 5 MiB in base64.
#[utoipa::path(
    put,
    path = "/api/v1/auth/me/profile",
    operation_id = "rivergen_update_profile",
    tag = "rivergen",
    security(("bearer" = [])),
    request_body = UpdateProfileRequest,
    responses(
        (status = 200, description = "The profile as it is now", body = Success<ProfileData>),
        (status = 400, description = "`PROFILE_UPDATE_FAILED`", body = ErrorBody,
            example = json!(error("PROFILE_UPDATE_FAILED", "The profile was changed by somebody else in the meantime"))),
        Unauthorized,
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn update_profile(call: Call, payload: Payload) -> Answer {
    let caller = call.caller().await?;
    let decoded = call.decode_with_picture::<UpdateProfileRequest>(payload).await?;
    let updated = call
        .run(decoded.lane(), move |core, context| {
            let question = decoded.into_use_case(context, &caller, core)?;
            Ok(question.execute(core, &caller)?)
        })
        .await?;
    Ok(wire::ok(ProfileData::of(updated, call.policy()), "Profile updated successfully"))
}
