//! `/userinfo` (OpenID Connect Core section 5.3).

use actix_web::{HttpResponse, http::header::WWW_AUTHENTICATE};
use selfsame_application::{Caller, Core};
use selfsame_domain::{Identifier, Scope, Username};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, OAuth, reasons::INVALID_TOKEN};
use crate::{Lane, call::HandlerResult, contract::Contract as _, rejection::Rejection};

/// The claims of the user that the scopes of the token allow. A claim without a value is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = oauth::UserInfo)]
struct UserInfo {
    #[schema(example = "445301278613501")]
    sub: String,
    #[serde(flatten)]
    profile: Option<Profile>,
    #[serde(flatten)]
    email: Option<Email>,
    #[serde(flatten)]
    phone: Option<Phone>,
}

/// The claims of the scope `profile`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = oauth::ProfileClaims)]
struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Ada Lovelace")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Ada")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Lovelace")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ada")]
    preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://id.example.com/avatars/0123456789abcdef.webp")]
    picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "en-GB")]
    locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Europe/London")]
    zoneinfo: Option<String>,
    /// Seconds since 1970.
    #[schema(example = 1_773_500_966_i64)]
    updated_at: i64,
}

/// The claims of the scope `email`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = oauth::EmailClaims)]
struct Email {
    #[schema(example = "ada@example.com")]
    email: String,
    #[schema(example = true)]
    email_verified: bool,
}

/// The claims of the scope `phone`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = oauth::PhoneClaims)]
struct Phone {
    /// E.164.
    #[schema(example = "+31612345678")]
    phone_number: String,
    #[schema(example = true)]
    phone_number_verified: bool,
}

impl UserInfo {
    fn of(core: &Core, caller: &Caller) -> Self {
        let user = &*core.policy.fields.shown(&caller.user);
        let may = |scope| caller.principal.may(scope);
        let profile = may(Scope::Profile).then(|| Profile {
            name: user.display_name(),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            preferred_username: user.preferred_username.as_ref().map(Username::as_str).map(ToOwned::to_owned),
            picture: user.picture.as_ref().map(|picture| core.policy.picture_url(picture)),
            locale: user.locale.clone(),
            zoneinfo: user.zoneinfo.clone(),
            updated_at: user.updated_at.timestamp(),
        });
        let email = user.primary_email().filter(|_| may(Scope::Email));
        let phone = user.primary_phone().filter(|_| may(Scope::Phone));
        let value = |identifier: &Identifier| (identifier.value.clone(), identifier.is_verified());
        Self {
            sub: user.id.to_string(),
            profile,
            email: email.map(value).map(|(email, email_verified)| Email { email, email_verified }),
            phone: phone
                .map(value)
                .map(|(number, is_verified)| Phone { phone_number: number, phone_number_verified: is_verified }),
        }
    }
}

/// The challenge of RFC 6750 section 3 for a token that was sent and is not valid, or no longer.
fn with_challenge(rejection: Rejection<OAuth>) -> Rejection<OAuth> {
    if [INVALID_TOKEN, OAuth::EXPIRED].contains(&rejection.reason()) {
        rejection.with_header(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
    } else {
        rejection
    }
}

async fn respond(call: Call) -> HandlerResult {
    let claims = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core).map_err(with_challenge)?;
            Ok(UserInfo::of(core, &caller))
        })
        .await?;
    Ok(HttpResponse::Ok().json(claims))
}

/// Read the claims of the user
///
/// Needs the scope `openid`; the scopes `profile`, `email` and `phone` decide which claims there are.
#[utoipa::path(
    get, path = "/userinfo", operation_id = "oauth_get_userinfo", tag = "oauth",
    security(("bearer" = [])),
    responses((status = 200, description = "The claims.", body = UserInfo)),
)]
pub(super) async fn get(call: Call) -> HandlerResult {
    respond(call).await
}

/// Read the claims of the user by POST
///
/// The same as GET.
#[utoipa::path(
    post, path = "/userinfo", operation_id = "oauth_post_userinfo", tag = "oauth",
    security(("bearer" = [])),
    responses((status = 200, description = "The claims.", body = UserInfo)),
)]
pub(super) async fn post(call: Call) -> HandlerResult {
    respond(call).await
}
