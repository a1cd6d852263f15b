//! `/me`: the account of the signed-in user.
//!
//! A request without credentials is refused before its body is received; one with invalid credentials, before its body
//! is checked.

use actix_web::web::Payload;
use selfsame_application::{Caller, Core, profile::update::UpdateProfile};
use selfsame_domain::{self as domain, Change, IdentifierId, ProfilePatch, RequestContext, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, Wacht,
    envelope::Envelope,
    reasons::{NOT_OWNED, NOT_VERIFIED, STALE_VERSION, STEP_UP_REQUIRED, USERNAME_EXISTS},
    session_response::{CookieChange, SessionResponse},
    user::{PolicyValue, User},
    version::expected_version,
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::{RateLimited, TooNew},
    rejection::Rejection,
};

/// Input of `POST /me` and `PATCH /me`.
#[derive(ToSchema)]
#[schema(as = wacht::ProfileForm)]
struct ProfileForm {
    /// An empty text clears it.
    #[schema(value_type = Option<String>, required = false, max_length = 100, example = "John")]
    first_name: Change<String>,
    /// An empty text clears it.
    #[schema(value_type = Option<String>, required = false, max_length = 100, example = "Doe")]
    last_name: Change<String>,
    /// 3 to 30 characters, a letter first. An empty text clears it. Unique, regardless of case and of similar-looking
    /// letters.
    #[schema(value_type = Option<String>, required = false, max_length = 30, example = "johndoe")]
    username: Change<String>,
    /// A verified address of the user.
    #[schema(value_type = Option<String>, format = "uint64", example = "123456789012345678")]
    primary_email_address_id: Option<IdentifierId>,
    /// A verified number of the user.
    #[schema(value_type = Option<String>, format = "uint64", example = "987654321098765432")]
    primary_phone_number_id: Option<IdentifierId>,
    /// It takes effect when a second factor is enrolled. A change needs a recent sign-in while one is.
    second_factor_policy: Option<PolicyValue>,
    #[schema(value_type = Option<bool>, example = false)]
    remove_profile_picture: bool,
    /// That of the user object which the change is based on. Without it the last write wins.
    #[schema(rename = "selfsame_version", value_type = Option<String>, format = "uint64")]
    expected_version: Option<i64>,
}

impl ProfileForm {
    /// Reads the form. Other fields are ignored (R63).
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            first_name: members.text("first_name").empty_clears(),
            last_name: members.text("last_name").empty_clears(),
            username: members.text("username").empty_clears(),
            primary_email_address_id: identifier(members, "primary_email_address_id"),
            primary_phone_number_id: identifier(members, "primary_phone_number_id"),
            second_factor_policy: members
                .choice("second_factor_policy", "none or enforced", |value| serde_json::from_value(value.into()).ok()),
            remove_profile_picture: members.boolean("remove_profile_picture").unwrap_or_default(),
            expected_version: expected_version(members),
        }
    }

    fn into_use_case(self, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch {
            given_name: self.first_name,
            family_name: self.last_name,
            preferred_username: self.username,
            primary_email: self.primary_email_address_id,
            primary_phone: self.primary_phone_number_id,
            second_factor_policy: self.second_factor_policy.map(Into::into),
            ..ProfilePatch::default()
        };
        let picture = if self.remove_profile_picture { Change::Clear } else { Change::Keep };
        UpdateProfile { patch, picture, expected_version: self.expected_version, context }
    }
}

/// Reads the id of an e-mail address or phone number. It cannot be cleared: `null` and an empty text count as absent.
fn identifier(members: &mut Members<'_>, name: &str) -> Option<IdentifierId> {
    let Change::Set(digits) = members.id(name).empty_clears() else { return None };
    let number = digits.trim().parse::<u64>().ok();
    if number.is_none() {
        members.add_problem(name, MemberProblem::Value("a decimal id"));
    }
    // An id has at most 53 bits, so a larger number is an unknown id.
    number.map(|number| IdentifierId::from_number(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// The response of `POST /me` and `PATCH /me`: the fields of the user and those of the envelope in one object, with the
/// same user as `data`. No field is in both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Profile)]
struct Profile {
    #[serde(flatten)]
    user: User,
    #[serde(flatten)]
    envelope: Envelope<User>,
}

/// Read the signed-in user
#[utoipa::path(
    get, path = "/me", operation_id = "wacht_get_me", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The user.", body = Envelope<User>)),
)]
pub(super) async fn get(call: Call) -> HandlerResult {
    let caller = call.run(Lane::Database, |core, sender| sender.authenticate(core)).await?;
    let user = User::of(&caller.user, &call.services().core.policy);
    call.respond_with_data(user, SessionResponse::of(&caller))
}

/// Change the profile
///
/// All fields are optional. An absent field stays as it is; an empty text (or `null` in JSON) clears a name. Either all
/// fields are changed or none. The response has the fields of the user both at the top level and in `data`.
#[utoipa::path(
    post, path = "/me", operation_id = "wacht_post_me", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (ProfileForm = "application/x-www-form-urlencoded", example = json!({"first_name": "John", "last_name": "Doe"})),
        (ProfileForm = "multipart/form-data", example = json!({"first_name": "John", "last_name": "Doe"})),
        (ProfileForm = "application/json", example = json!({"first_name": "John", "last_name": "Doe"})),
    )),
    responses(
        (status = 200, description = "The changed user.", body = Profile),
        Fails<(USERNAME_EXISTS, NOT_VERIFIED, NOT_OWNED, STALE_VERSION, STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn update(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.body(payload).await?;
    let caller = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let update = body.read(ProfileForm::read)?.into_use_case(sender.context);
            change(core, caller, update)
        })
        .await?;
    let user = User::of(&caller.user, &call.services().core.policy);
    let envelope = Envelope::new(user.clone(), call.session(&SessionResponse::of(&caller).view));
    call.respond(Profile { user, envelope }, CookieChange::Keep)
}

/// Change the profile, with `PATCH`
///
/// The same as `POST /me`.
#[utoipa::path(
    patch, path = "/me", operation_id = "wacht_patch_me", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (ProfileForm = "application/json", example = json!({"first_name": "John", "last_name": "Doe"})),
        (ProfileForm = "application/x-www-form-urlencoded", example = json!({"first_name": "John", "last_name": "Doe"})),
        (ProfileForm = "multipart/form-data", example = json!({"first_name": "John", "last_name": "Doe"})),
    )),
    responses(
        (status = 200, description = "The changed user.", body = Profile),
        Fails<(USERNAME_EXISTS, NOT_VERIFIED, NOT_OWNED, STALE_VERSION, STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn patch(call: Call, payload: Payload) -> HandlerResult {
    update(call, payload).await
}

/// Changes the profile of the caller. Returns the caller with the changed account.
pub(super) fn change(core: &Core, caller: Caller, update: UpdateProfile) -> Result<Caller, Rejection<Wacht>> {
    let user = update.execute(core, &caller)?.user;
    Ok(with_user(caller, user))
}

/// The caller with the changed account, also in the session.
pub(super) fn with_user(caller: Caller, user: domain::User) -> Caller {
    Caller { session: caller.session.map(|view| view.showing(&user)), user, ..caller }
}
