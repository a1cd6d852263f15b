//! `/api/v1/account/emails`: the e-mail addresses of the account.

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
        ALREADY_VERIFIED, EXPIRED_CODE, IDENTIFIER_EXISTS, INVALID_CODE, LAST_VERIFIED_EMAIL, NOT_VERIFIED,
        PRIMARY_EMAIL, READ_ONLY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_IDENTIFIERS, TOO_MANY_TRIES,
        UNKNOWN_IDENTIFIER,
    },
};
use crate::{
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    time::timestamp,
};

const KIND: IdentifierKind = IdentifierKind::Email;

/// An e-mail address.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Email)]
#[expect(clippy::struct_field_names, reason = "the wire format")]
struct Email {
    #[schema(example = "445301278613502")]
    id: String,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
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

/// The e-mail addresses of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::EmailList)]
struct EmailList {
    /// The oldest first.
    emails: Vec<Email>,
}

/// A new e-mail address.
#[derive(ToSchema)]
#[schema(as = account::NewEmail)]
#[expect(dead_code, reason = "only its schema is used")]
struct NewEmail {
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
}

impl From<Identifier> for Email {
    fn from(identifier: Identifier) -> Self {
        Self {
            id: identifier.id.to_string(),
            email: identifier.value,
            primary: identifier.is_primary,
            verified: identifier.verified_at.is_some(),
            verified_at: identifier.verified_at.map(timestamp),
            created_at: timestamp(identifier.created_at),
        }
    }
}

fn read_new(members: &mut Members<'_>) -> NewIdentifier {
    let new = NewIdentifier::Email(members.required_text("email"));
    members.reject_unknown(&["email"]);
    new
}

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    let one = web::resource("/api/v1/account/emails/{id}");
    config
        .service(web::resource("/api/v1/account/emails").get(list).head(list).post(add))
        .service(one.get(read).head(read).delete(remove))
        .service(web::resource("/api/v1/account/emails/{id}/verification").post(send_code))
        .service(web::resource("/api/v1/account/emails/{id}/verification/confirm").post(confirm))
        .service(web::resource("/api/v1/account/emails/{id}/primary").put(make_primary));
}

/// List the e-mail addresses
///
/// All e-mail addresses of the account, verified or not.
#[utoipa::path(
    get, path = "/api/v1/account/emails", operation_id = "account_list_emails", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The e-mail addresses.", body = EmailList, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let emails = call.identifiers(KIND).await?.into_iter().map(Email::from).collect();
    call.respond_with_tag(&EmailList { emails })
}

/// Add an e-mail address
///
/// The address is not verified yet, and takes nothing from another account that claims it. The answer is the same for an address of another account.
#[utoipa::path(
    post, path = "/api/v1/account/emails", operation_id = "account_add_email", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = NewEmail,
    responses(
        (status = 201, description = "The new e-mail address.", body = Email,
            headers(("Location" = String, description = "Where it is."))),
        Fails<(IDENTIFIER_EXISTS, TOO_MANY_IDENTIFIERS, READ_ONLY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn add(call: Call, payload: Payload) -> HandlerResult {
    let added = Email::from(call.add_identifier(payload, read_new).await?);
    let location = format!("/api/v1/account/emails/{}", added.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(added))
}

/// Read an e-mail address
///
/// One of the account's own.
#[utoipa::path(
    get, path = "/api/v1/account/emails/{id}", operation_id = "account_read_email", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Its id.", example = "445301278613502"),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "The e-mail address.", body = Email, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<UNKNOWN_IDENTIFIER>,
    ),
)]
pub(super) async fn read(call: Call, id: Path<String>) -> HandlerResult {
    let found = call.identifier(id.into_inner(), KIND).await?;
    call.respond_with_tag(&Email::from(found))
}

/// Remove an e-mail address
///
/// The primary address and the last verified one cannot be removed.
#[utoipa::path(
    delete, path = "/api/v1/account/emails/{id}", operation_id = "account_remove_email", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    responses((status = 204, description = "It was removed."), Fails<(UNKNOWN_IDENTIFIER, PRIMARY_EMAIL, LAST_VERIFIED_EMAIL, READ_ONLY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, (TooNew, RateLimited))>),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    call.remove_identifier(id.into_inner(), KIND).await
}

/// Send a code to an e-mail address
///
/// Mails a code and a link. Earlier codes become void. Within a pause after the last one nothing is sent, and the answer says when another can be requested.
#[utoipa::path(
    post, path = "/api/v1/account/emails/{id}/verification", operation_id = "account_send_email_code", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    responses(
        (status = 202, description = "The request is accepted.", body = CodeRequest,
            headers(("Retry-After" = u64, description = "Seconds until another code can be requested."))),
        Fails<(UNKNOWN_IDENTIFIER, ALREADY_VERIFIED, RateLimited)>,
    ),
)]
pub(super) async fn send_code(call: Call, id: Path<String>) -> HandlerResult {
    call.send_identifier_code(id.into_inner(), KIND).await
}

/// Verify an e-mail address
///
/// By the code that was sent to it. It becomes primary if the account has no primary one.
#[utoipa::path(
    post, path = "/api/v1/account/emails/{id}/verification/confirm", operation_id = "account_confirm_email",
    tag = "account", security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    request_body = CodeBody,
    responses(
        (status = 200, description = "The verified e-mail address.", body = Email),
        Fails<(UNKNOWN_IDENTIFIER, ALREADY_VERIFIED, INVALID_CODE, EXPIRED_CODE, TOO_MANY_TRIES, RateLimited)>,
    ),
)]
pub(super) async fn confirm(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    let confirmed = call.confirm_identifier(id.into_inner(), KIND, payload).await?;
    Ok(HttpResponse::Ok().json(Email::from(confirmed)))
}

/// Make an e-mail address primary
///
/// It must be verified.
#[utoipa::path(
    put, path = "/api/v1/account/emails/{id}/primary", operation_id = "account_make_email_primary", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "445301278613502")),
    responses(
        (status = 200, description = "The primary e-mail address.", body = Email),
        Fails<(UNKNOWN_IDENTIFIER, READ_ONLY, NOT_VERIFIED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn make_primary(call: Call, id: Path<String>) -> HandlerResult {
    let primary = call.make_identifier_primary(id.into_inner(), KIND).await?;
    Ok(HttpResponse::Ok().json(Email::from(primary)))
}
