//! `GET` and `PATCH /api/v1/account`: the account, with the claims of OpenID Connect.
//!
//! A request is authenticated before any other check.

use actix_web::{
    HttpResponse,
    http::header::{ETag, HeaderName},
    web::Payload,
};
use selfsame_application::{
    Core, Policy,
    profile::update::{NewPicture, UpdateProfile},
};
use selfsame_domain::{Attributes, Change, Identifier, ProfilePatch, RequestContext, SecondFactorPolicy, User, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    entity_tag::{Condition, entity_tag},
    reasons::{self, ACCOUNT_CHANGED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER},
};
use crate::{
    Lane, body::Members, call::HandlerResult, conditions::is_not_modified, contract::Contract as _,
    document::RateLimited, failure::Failure, rejection::Rejection, time::timestamp,
};

/// RFC 5789 section 3.1.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// The account as its owner sees it. An unset value is `null`. Times are RFC 3339, `updated_at` too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Account)]
struct AccountObject {
    /// The id of the account, as in the `sub` of access tokens.
    #[schema(example = "445301278613501")]
    sub: String,
    #[schema(required, example = "ada@example.com")]
    email: Option<String>,
    #[schema(example = true)]
    email_verified: bool,
    #[schema(required, example = "ada", min_length = 3, max_length = 30)]
    preferred_username: Option<String>,
    #[schema(required, example = "Ada", max_length = 100)]
    given_name: Option<String>,
    #[schema(required, example = "Lovelace", max_length = 100)]
    family_name: Option<String>,
    #[schema(required, example = "Ada Lovelace", max_length = 100)]
    name: Option<String>,
    /// E.164.
    #[schema(required, example = "+31612345678")]
    phone_number: Option<String>,
    phone_number_verified: bool,
    /// BCP 47.
    #[schema(required, example = "en-GB", max_length = 35)]
    locale: Option<String>,
    /// IANA.
    #[schema(required, example = "Europe/London")]
    zoneinfo: Option<String>,
    #[schema(required, example = "https://id.example.com/avatars/9f86d081.webp")]
    picture: Option<String>,
    #[schema(value_type = Object, example = json!({"theme": "dark"}))]
    attributes: Map<String, Value>,
    /// The choice of the user. It takes effect when a second factor is enrolled.
    #[schema(value_type = PolicyValue)]
    second_factor_policy: &'static str,
    second_factor_enrolled: bool,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    updated_at: String,
}

/// Whether a sign-in requires an enrolled second factor.
#[derive(ToSchema)]
#[schema(as = account::SecondFactorPolicy, rename_all = "lowercase")]
#[expect(dead_code, reason = "for the OpenAPI document")]
enum PolicyValue {
    None,
    Enforced,
}

impl AccountObject {
    fn new(user: &User, attributes: Attributes, policy: &Policy) -> Self {
        let (email, phone) = (user.primary_email(), user.primary_phone());
        Self {
            sub: user.id.to_string(),
            email: email.map(|email| email.value.clone()),
            email_verified: email.is_some_and(Identifier::is_verified),
            preferred_username: user.preferred_username.as_ref().map(|username| username.as_str().to_owned()),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            name: user.name.clone(),
            phone_number: phone.map(|phone| phone.value.clone()),
            phone_number_verified: phone.is_some_and(Identifier::is_verified),
            locale: user.locale.clone(),
            zoneinfo: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| policy.picture_url(picture)),
            attributes: attributes.0,
            second_factor_policy: user.second_factor_policy.as_str(),
            second_factor_enrolled: user.has_second_factor(),
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
        }
    }
}

/// An absent member stays as it is; `null` clears it. An unknown member is refused.
#[derive(ToSchema)]
#[schema(as = account::AccountPatch)]
struct AccountPatch {
    #[schema(value_type = Option<String>, required = false, example = "Ada", max_length = 100)]
    given_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Lovelace", max_length = 100)]
    family_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Ada Lovelace", max_length = 100)]
    name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "ada", min_length = 3, max_length = 30)]
    preferred_username: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "en-GB", max_length = 35)]
    locale: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Europe/London")]
    zoneinfo: Change<String>,
    /// An international number. A new number is unverified.
    #[schema(value_type = Option<String>, required = false, example = "+31 6 12345678")]
    phone_number: Change<String>,
    /// An https URL, which is never fetched, or a `data:` URI in base64, which is stored.
    #[schema(value_type = Option<String>, required = false, example = "https://example.com/ada.jpg")]
    picture: Change<String>,
    /// Merged into the stored attributes. `null` in it removes a member.
    #[schema(value_type = Object, required = false, example = json!({"theme": "dark", "beta": null}))]
    attributes: Option<Attributes>,
    /// It takes effect when a second factor is enrolled; `second_factor_enrolled` in the answer says whether one is. A change
    /// needs a recent proof while one is enrolled.
    #[schema(value_type = PolicyValue, required = false)]
    second_factor_policy: Option<SecondFactorPolicy>,
}

/// The members of a patch.
const MEMBERS: &[&str] = &[
    "given_name",
    "family_name",
    "name",
    "preferred_username",
    "locale",
    "zoneinfo",
    "phone_number",
    "picture",
    "attributes",
    "second_factor_policy",
];

impl AccountPatch {
    /// Reads the patch. Other members are refused (R63).
    fn read(members: &mut Members<'_>) -> Self {
        let patch = Self {
            given_name: members.text("given_name"),
            family_name: members.text("family_name"),
            name: members.text("name"),
            preferred_username: members.text("preferred_username"),
            locale: members.text("locale"),
            zoneinfo: members.text("zoneinfo"),
            phone_number: members.text("phone_number"),
            picture: members.text("picture"),
            attributes: members.attributes("attributes"),
            second_factor_policy: second_factor_policy(members),
        };
        members.reject_unknown(MEMBERS);
        patch
    }

    fn into_use_case(self, expected_version: Option<i64>, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch {
            given_name: self.given_name,
            family_name: self.family_name,
            name: self.name,
            preferred_username: self.preferred_username,
            locale: self.locale,
            zoneinfo: self.zoneinfo,
            phone_number: self.phone_number,
            attributes: self.attributes,
            second_factor_policy: self.second_factor_policy,
            ..ProfilePatch::default()
        };
        UpdateProfile { patch, picture: self.picture.map(NewPicture::Uri), expected_version, context }
    }
}

fn second_factor_policy(members: &mut Members<'_>) -> Option<SecondFactorPolicy> {
    let policies = [SecondFactorPolicy::None, SecondFactorPolicy::Enforced];
    members.choice("second_factor_policy", "none or enforced", |value| {
        policies.into_iter().find(|policy| policy.as_str() == value)
    })
}

/// Read the account
///
/// The account of the caller.
#[utoipa::path(
    get, path = "/api/v1/account", operation_id = "account_get", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The account.", body = AccountObject,
            headers(("ETag" = String, description = "Strong; for `If-None-Match` and `If-Match`."))),
        (status = 304, description = "The account matches `If-None-Match`."),
    ),
)]
pub(super) async fn get_account(call: Call) -> HandlerResult {
    let account = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate_with_attributes(core)?;
            Ok(VersionedAccount::of(core, &caller.user, caller.attributes))
        })
        .await?;
    if is_not_modified(call.request(), &entity_tag(account.id, account.version)) {
        return Ok(HttpResponse::NotModified().insert_header(account.etag()).finish());
    }
    Ok(account.respond())
}

/// Change the account
///
/// Either all members are changed or none.
#[utoipa::path(
    patch, path = "/api/v1/account", operation_id = "account_patch", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "The entity tag that the account must have.")),
    request_body(
        description = "A merge patch (RFC 7396).",
        content((AccountPatch = "application/merge-patch+json"), (AccountPatch = "application/json"))
    ),
    responses(
        (status = 200, description = "The changed account.", body = AccountObject,
            headers(("ETag" = String, description = "Of the changed account."))),
        Fails<(ACCOUNT_CHANGED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn patch_account(call: Call, payload: Payload) -> HandlerResult {
    let caller = call.caller().await?;
    let condition = Condition::of(call.request());
    let body = call.try_body_with_picture(payload, "picture").await;
    let body = body.map_err(|rejection| call.refuse(with_accept_patch(rejection)))?;
    let account = call
        .run(body.lane(), move |core, sender| {
            let patch = body.read(AccountPatch::read)?;
            let version = condition.expected_version(&caller.user)?;
            let update = patch.into_use_case(version, sender.context);
            let updated = update.execute(core, &caller).map_err(|error| reasons::of_update(error, &caller.user))?;
            Ok(VersionedAccount::of(core, &updated.user, updated.attributes))
        })
        .await?;
    Ok(account.respond())
}

/// Adds the accepted content types to a 415.
pub(super) fn with_accept_patch(rejection: Rejection<Account>) -> Rejection<Account> {
    if rejection.reason() != Account::reason(Failure::UnsupportedMediaType) {
        return rejection;
    }
    rejection.with_header(ACCEPT_PATCH, Account::BODY_TYPES.join(", "))
}

/// An account, with the parts of its entity tag.
struct VersionedAccount {
    id: UserId,
    version: i64,
    account: AccountObject,
}

impl VersionedAccount {
    fn of(core: &Core, user: &User, attributes: Option<Attributes>) -> Self {
        let account = AccountObject::new(user, attributes.unwrap_or_default(), &core.policy);
        Self { id: user.id, version: user.version, account }
    }

    fn etag(&self) -> ETag {
        ETag(entity_tag(self.id, self.version))
    }

    fn respond(&self) -> HttpResponse {
        HttpResponse::Ok().insert_header(self.etag()).json(&self.account)
    }
}
