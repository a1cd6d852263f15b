//! `GET` and `PATCH /api/v1/account`: the account, with the claims of OpenID Connect.
//!
//! A request is authenticated before any other check.

use actix_web::{
    HttpResponse,
    http::header::{ALLOW, ETag, HeaderName},
    web::{Payload, Query},
};
use selfsame_application::{
    Caller, Core, Policy,
    profile::update::{NewPicture, UpdateProfile, UpdateProfileError},
};
use selfsame_domain::{Attributes, Change, Identifier, ProfilePatch, RequestContext, SecondFactorPolicy, User, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    entity_tag::entity_tag,
    json_patch::{JSON_PATCH, merge_patch_of},
    preferences::{Preferences, ValidateOnly},
    reasons::{
        self, PATCH_CONFLICT, PRECONDITION_REQUIRED, RESOURCE_CHANGED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER,
    },
};
use crate::{
    Lane,
    body::{MediaType, Members},
    call::{Body, HandlerResult},
    conditions::is_not_modified,
    contract::Contract as _,
    document::{RateLimited, TooNew},
    failure::Failure,
    rejection::Rejection,
    time::timestamp,
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

/// An operation of a JSON Patch (RFC 6902).
#[derive(ToSchema)]
#[schema(as = account::PatchOperation)]
#[expect(dead_code, reason = "for the OpenAPI document")]
struct Operation {
    #[schema(example = "replace", pattern = "^(add|remove|replace|move|copy|test)$")]
    op: String,
    /// JSON pointer (RFC 6901).
    #[schema(example = "/given_name")]
    path: String,
    #[schema(required = false, nullable = false)]
    from: Option<String>,
    #[schema(required = false, value_type = Value)]
    value: Option<Value>,
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
    /// An account as its user may see it.
    fn new(user: &User, attributes: Attributes, policy: &Policy) -> Self {
        let user = &*policy.fields.shown(user);
        let attributes = policy.fields.shown_attributes(attributes);
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
    /// Reads the patch. Other members are refused, or ignored if the client prefers that (R63).
    fn read(members: &mut Members<'_>, is_lenient: bool) -> Self {
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
        if !is_lenient {
            members.reject_other_changes(MEMBERS);
        }
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
/// Either all members are changed or none. The preferences `handling` and `return` of RFC 7240 are honoured:
/// `handling=lenient` ignores members of a merge patch that cannot be changed, `return=minimal` leaves out the body.
#[utoipa::path(
    patch, path = "/api/v1/account", operation_id = "account_patch", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("If-Match" = Option<String>, Header, description = "The entity tag that the account must have."),
        ("Prefer" = Option<String>, Header, description = "`handling=lenient`, `handling=strict`, `return=minimal`, \
            `return=representation`."),
        ("validate_only" = Option<bool>, Query, description = "`true`: check the patch against the rules, and change \
            nothing. Whether a name is taken is not checked.", example = false),
    ),
    request_body(
        description = "A merge patch (RFC 7396), or a JSON Patch (RFC 6902) of at most a hundred operations.",
        content(
            (AccountPatch = "application/merge-patch+json"),
            (AccountPatch = "application/json"),
            (Vec<Operation> = "application/json-patch+json", example = json!([
                {"op": "test", "path": "/email_verified", "value": true},
                {"op": "replace", "path": "/given_name", "value": "Ada"},
            ])),
        )
    ),
    responses(
        (status = 200, description = "The changed account.", body = AccountObject, headers(
            ("ETag" = String, description = "Of the changed account."),
            ("Preference-Applied" = String, description = "The preferences that were applied."),
        )),
        (status = 204, description = "The account was changed, and the client prefers no body. Or the patch is valid, \
            with `validate_only`."),
        Fails<(RESOURCE_CHANGED, PATCH_CONFLICT, PRECONDITION_REQUIRED, STEP_UP_REQUIRED,
            STEP_UP_REQUIRED_IN_BROWSER, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn patch_account(call: Call, query: Query<ValidateOnly>, payload: Payload) -> HandlerResult {
    let caller = call.caller().await?;
    let preferences = Preferences::of(call.request());
    let condition = call.condition().map_err(|rejection| call.refuse(rejection))?;
    let is_json_patch = MediaType::of(call.request().headers())
        .is_some_and(|media_type| media_type.essence == JSON_PATCH && media_type.is_utf8());
    let (body, based_on) = if is_json_patch {
        let sent = call.bytes(payload).await?;
        (json_patched(&call, &caller, &sent)?, Some(caller.user.version))
    } else {
        let body = call.try_body_with_picture(payload, "picture").await;
        (body.map_err(|rejection| call.refuse(with_accept_patch(rejection)))?, None)
    };
    let is_dry = query.validate_only;
    let account = call
        .run(body.lane(), move |core, sender| {
            let patch = body.read(|members| AccountPatch::read(members, preferences.is_lenient()))?;
            let demanded = condition.expected_version(&caller.user)?;
            let update = patch.into_use_case(demanded.or(based_on), sender.context);
            if is_dry {
                update.violations(core, &caller).into_result().map_err(reasons::of_violations)?;
                return Ok(None);
            }
            let updated = update.execute(core, &caller).map_err(|error| match error {
                // Nobody demanded this version: the account was changed while the patch was applied.
                UpdateProfileError::VersionMismatch { .. } if demanded.is_none() => PATCH_CONFLICT.into(),
                error => reasons::of_update(error, &caller.user),
            })?;
            Ok(Some(VersionedAccount::of(core, &updated.user, updated.attributes)))
        })
        .await?;
    let mut response = match account {
        Some(account) if preferences.is_minimal() => HttpResponse::NoContent().insert_header(account.etag()).finish(),
        Some(account) => account.respond(),
        None => HttpResponse::NoContent().finish(),
    };
    preferences.note(response.headers_mut());
    Ok(response)
}

/// The ways to change the account, for `OPTIONS`.
pub(super) async fn options() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ALLOW, "GET, HEAD, PATCH, OPTIONS"))
        .insert_header((ACCEPT_PATCH, accept_patch()))
        .finish()
}

/// The merge patch with the effect of a JSON Patch on the account of the caller.
fn json_patched(call: &Call, caller: &Caller, sent: &[u8]) -> Result<Body<Account>, actix_web::Error> {
    let policy = &call.services().core.policy;
    let account = AccountObject::new(&caller.user, caller.attributes.clone().unwrap_or_default(), policy);
    let document = serde_json::to_value(account).map_err(|_error| call.refuse(Failure::Internal))?;
    let changes = merge_patch_of(sent, &document, MEMBERS, 2 * call.options().limits.body);
    Ok(call.body_of(&changes.map_err(|rejection| call.refuse(rejection))?, "picture"))
}

fn accept_patch() -> String {
    [Account::BODY_TYPES, &[JSON_PATCH]].concat().join(", ")
}

/// Adds the accepted content types to a 415.
pub(super) fn with_accept_patch(rejection: Rejection<Account>) -> Rejection<Account> {
    if rejection.reason() != Account::reason(Failure::UnsupportedMediaType) {
        return rejection;
    }
    rejection.with_header(ACCEPT_PATCH, accept_patch())
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
        HttpResponse::Ok().insert_header(self.etag()).insert_header((ACCEPT_PATCH, accept_patch())).json(&self.account)
    }
}
