//! `/api/v1/account/phones`: the phone numbers of the account.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{self, Path, Payload, ServiceConfig},
};
use selfsame_application::identifiers::add::NewIdentifier;
use selfsame_domain::{Identifier, IdentifierKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    identifiers::{CodeBody, CodeRequest},
    reasons::{
        ALREADY_VERIFIED, COUNTRY_NOT_ALLOWED, EXPIRED_CODE, IDENTIFIER_EXISTS, INVALID_CODE, NOT_VERIFIED, READ_ONLY,
        SECOND_FACTOR_PHONE, SMS_DISABLED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_IDENTIFIERS,
        TOO_MANY_TRIES, UNKNOWN_IDENTIFIER,
    },
};
use crate::{
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    time::timestamp,
};

const KIND: IdentifierKind = IdentifierKind::Phone;

/// A phone number.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Phone)]
#[expect(clippy::struct_field_names, reason = "the wire format")]
struct Phone {
    #[schema(example = "445301278613502")]
    id: String,
    /// In E.164.
    #[schema(example = "+31612345678")]
    phone_number: String,
    /// Whether it is the primary one.
    #[schema(example = true)]
    primary: bool,
    #[schema(example = true)]
    verified: bool,
    #[schema(required, format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    verified_at: Option<String>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
}

/// The phone numbers of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::PhoneList)]
struct PhoneList {
    /// The oldest first.
    phones: Vec<Phone>,
}

/// A new phone number.
#[derive(ToSchema)]
#[schema(as = account::NewPhone)]
#[expect(dead_code, reason = "only its schema is used")]
struct NewPhone {
    #[schema(example = "+31612345678")]
    phone_number: String,
    /// A dialling code or a region, for a national number. Optional.
    #[schema(example = "NL", required = false, value_type = Option<String>)]
    country: Option<String>,
}

impl From<Identifier> for Phone {
    fn from(identifier: Identifier) -> Self {
        Self {
            id: identifier.id.to_string(),
            phone_number: identifier.value,
            primary: identifier.is_primary,
            verified: identifier.verified_at.is_some(),
            verified_at: identifier.verified_at.map(timestamp),
            created_at: timestamp(identifier.created_at),
        }
    }
}

fn read_new(members: &mut Members<'_>) -> NewIdentifier {
    let new = NewIdentifier::Phone {
        number: members.required_text("phone_number"),
        country: members.optional_text("country"),
    };
    members.reject_unknown(&["phone_number", "country"]);
    new
}

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    let one = web::resource("/api/v1/account/phones/{id}");
    config
        .service(web::resource("/api/v1/account/phones").get(list).head(list).post(add))
        .service(one.get(read).head(read).delete(remove))
        .service(web::resource("/api/v1/account/phones/{id}/verification").post(send_code))
        .service(web::resource("/api/v1/account/phones/{id}/verification/confirm").post(confirm))
        .service(web::resource("/api/v1/account/phones/{id}/primary").put(make_primary));
}

/// List the phone numbers
///
/// All phone numbers of the account, verified or not.
#[utoipa::path(
    get, path = "/api/v1/account/phones", operation_id = "account_list_phones", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The phone numbers.", body = PhoneList, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let phones = call.identifiers(KIND).await?.into_iter().map(Phone::from).collect();
    call.respond_with_tag(&PhoneList { phones })
}

/// Add a phone number
///
/// The number is not verified yet, and takes nothing from another account that claims it.
#[utoipa::path(
    post, path = "/api/v1/account/phones", operation_id = "account_add_phone", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = NewPhone,
    responses(
        (status = 201, description = "The new phone number.", body = Phone,
            headers(("Location" = String, description = "Where it is."))),
        Fails<(IDENTIFIER_EXISTS, TOO_MANY_IDENTIFIERS, COUNTRY_NOT_ALLOWED, READ_ONLY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn add(call: Call, payload: Payload) -> HandlerResult {
    let added = Phone::from(call.add_identifier(payload, read_new).await?);
    let location = format!("/api/v1/account/phones/{}", added.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(added))
}

/// Read a phone number
///
/// One of the account's own.
#[utoipa::path(
    get, path = "/api/v1/account/phones/{id}", operation_id = "account_read_phone", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Its id.", example = "445301278613502"),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "The phone number.", body = Phone, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<UNKNOWN_IDENTIFIER>,
    ),
)]
pub(super) async fn read(call: Call, id: Path<String>) -> HandlerResult {
    let found = call.identifier(id.into_inner(), KIND).await?;
    call.respond_with_tag(&Phone::from(found))
}

/// Remove a phone number
///
/// It may be the primary one: then the account has no primary number. One that is a second factor stays.
#[utoipa::path(
    delete, path = "/api/v1/account/phones/{id}", operation_id = "account_remove_phone", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    responses((status = 204, description = "It was removed."), Fails<(UNKNOWN_IDENTIFIER, READ_ONLY, SECOND_FACTOR_PHONE, STEP_UP_REQUIRED,
        STEP_UP_REQUIRED_IN_BROWSER, TooNew, RateLimited)>),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    call.remove_identifier(id.into_inner(), KIND).await
}

/// Send a code to a phone number
///
/// Sends a code by text message. Earlier codes become void. Within a pause after the last one nothing is sent, and the answer says when another can be requested.
#[utoipa::path(
    post, path = "/api/v1/account/phones/{id}/verification", operation_id = "account_send_phone_code", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    responses(
        (status = 202, description = "The request is accepted.", body = CodeRequest,
            headers(("Retry-After" = u64, description = "Seconds until another code can be requested."))),
        Fails<(UNKNOWN_IDENTIFIER, ALREADY_VERIFIED, SMS_DISABLED, COUNTRY_NOT_ALLOWED, RateLimited)>,
    ),
)]
pub(super) async fn send_code(call: Call, id: Path<String>) -> HandlerResult {
    call.send_identifier_code(id.into_inner(), KIND).await
}

/// Verify a phone number
///
/// By the code that was sent to it. It becomes primary if the account has no primary one.
#[utoipa::path(
    post, path = "/api/v1/account/phones/{id}/verification/confirm", operation_id = "account_confirm_phone",
    tag = "account", security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    request_body = CodeBody,
    responses(
        (status = 200, description = "The verified phone number.", body = Phone),
        Fails<(UNKNOWN_IDENTIFIER, ALREADY_VERIFIED, INVALID_CODE, EXPIRED_CODE, TOO_MANY_TRIES, RateLimited)>,
    ),
)]
pub(super) async fn confirm(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    let confirmed = call.confirm_identifier(id.into_inner(), KIND, payload).await?;
    Ok(HttpResponse::Ok().json(Phone::from(confirmed)))
}

/// Make a phone number primary
///
/// It must be verified.
#[utoipa::path(
    put, path = "/api/v1/account/phones/{id}/primary", operation_id = "account_make_phone_primary", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    responses(
        (status = 200, description = "The primary phone number.", body = Phone),
        Fails<(UNKNOWN_IDENTIFIER, READ_ONLY, NOT_VERIFIED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn make_primary(call: Call, id: Path<String>) -> HandlerResult {
    let primary = call.make_identifier_primary(id.into_inner(), KIND).await?;
    Ok(HttpResponse::Ok().json(Phone::from(primary)))
}
