//! `/me/email-addresses`: the email addresses of the user.

use actix_web::web::{self, Path, Payload, Query, ServiceConfig};
use selfsame_application::identifiers::add::NewIdentifier;
use selfsame_domain::IdentifierKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::Envelope,
    identifiers::{CodeForm, CodeQuery, Sentence},
    reasons::{
        ALREADY_VERIFIED, EMAIL_EXISTS, EXPIRED_CODE, INVALID_CODE, LAST_VERIFIED_EMAIL, MISSING_CODE, NOT_VERIFIED,
        PRIMARY_EMAIL, READ_ONLY, STEP_UP_REQUIRED, TOO_MANY_IDENTIFIERS, UNKNOWN_IDENTIFIER,
    },
    user::Email,
};
use crate::{
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
};

const KIND: IdentifierKind = IdentifierKind::Email;

/// The email addresses of a user, the oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = wacht::EmailList)]
struct EmailList(Vec<Email>);

/// Input of `POST /me/email-addresses`.
#[derive(ToSchema)]
#[schema(as = wacht::EmailForm)]
#[expect(dead_code, reason = "only its schema is used")]
struct EmailForm {
    #[schema(format = "email", example = "john@example.com")]
    email: String,
}

fn read_new(members: &mut Members<'_>) -> NewIdentifier {
    NewIdentifier::Email(members.required_text("email"))
}

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/me/email-addresses").get(list).head(list).post(add))
        .service(web::resource("/me/email-addresses/{id}").get(read).head(read))
        .service(web::resource("/me/email-addresses/{id}/prepare-verification").post(prepare))
        .service(web::resource("/me/email-addresses/{id}/attempt-verification").post(attempt))
        .service(web::resource("/me/email-addresses/{id}/make-primary").post(make_primary))
        .service(web::resource("/me/email-addresses/{id}/delete").post(delete));
}

/// List the email addresses
///
/// Verified or not, the oldest first.
#[utoipa::path(
    get, path = "/me/email-addresses", operation_id = "wacht_list_email_addresses", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The email addresses.", body = Envelope<EmailList>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    call.list_identifiers(KIND, Email::of).await
}

/// Add an email address
///
/// It is not verified yet. The answer is the same for one of another user.
#[utoipa::path(
    post, path = "/me/email-addresses", operation_id = "wacht_add_email_address", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (EmailForm = "application/x-www-form-urlencoded", example = json!({"email": "john@example.com"})),
        (EmailForm = "multipart/form-data", example = json!({"email": "john@example.com"})),
        (EmailForm = "application/json", example = json!({"email": "john@example.com"})),
    )),
    responses(
        (status = 200, description = "The new email address.", body = Envelope<Email>),
        Fails<(EMAIL_EXISTS, TOO_MANY_IDENTIFIERS, READ_ONLY, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn add(call: Call, payload: Payload) -> HandlerResult {
    call.add_identifier(payload, read_new, Email::of).await
}

/// Read an email address
///
/// One of the user's own.
#[utoipa::path(
    get, path = "/me/email-addresses/{id}", operation_id = "wacht_read_email_address", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses((status = 200, description = "The email address.", body = Envelope<Email>), Fails<UNKNOWN_IDENTIFIER>),
)]
pub(super) async fn read(call: Call, id: Path<String>) -> HandlerResult {
    call.read_identifier(id.into_inner(), KIND, Email::of).await
}

/// Send a code to an email address
///
/// Sends a code and a link by email. Also for "Resend": within a pause after the last one nothing is sent, and the answer is the same.
#[utoipa::path(
    post, path = "/me/email-addresses/{id}/prepare-verification", operation_id = "wacht_prepare_email_address", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses(
        (status = 200, description = "The request is accepted.", body = Envelope<Sentence>),
        Fails<(UNKNOWN_IDENTIFIER, ALREADY_VERIFIED, RateLimited)>,
    ),
)]
pub(super) async fn prepare(call: Call, id: Path<String>) -> HandlerResult {
    call.prepare_identifier(id.into_inner(), KIND).await
}

/// Verify an email address
///
/// By the code that was sent to it, in the query or in the form. It becomes primary if there is no primary one.
#[utoipa::path(
    post, path = "/me/email-addresses/{id}/attempt-verification", operation_id = "wacht_verify_email_address", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Its id.", example = "123456789012345678"),
        ("code" = Option<String>, Query, description = "The code, if it is not in the form.", example = "123456"),
    ),
    request_body(content(
        (CodeForm = "application/x-www-form-urlencoded", example = json!({"code": "123456"})),
        (CodeForm = "multipart/form-data", example = json!({"code": "123456"})),
        (CodeForm = "application/json", example = json!({"code": "123456"})),
    )),
    responses(
        (status = 200, description = "It is verified.", body = Envelope<Sentence>),
        Fails<(UNKNOWN_IDENTIFIER, MISSING_CODE, INVALID_CODE, EXPIRED_CODE, ALREADY_VERIFIED, RateLimited)>,
    ),
)]
pub(super) async fn attempt(call: Call, id: Path<String>, query: Query<CodeQuery>, payload: Payload) -> HandlerResult {
    call.attempt_identifier(id.into_inner(), KIND, query, payload).await
}

/// Make an email address primary
///
/// It must be verified.
#[utoipa::path(
    post, path = "/me/email-addresses/{id}/make-primary", operation_id = "wacht_make_email_address_primary", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses(
        (status = 200, description = "It is primary.", body = Envelope<Sentence>),
        Fails<(UNKNOWN_IDENTIFIER, READ_ONLY, NOT_VERIFIED, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn make_primary(call: Call, id: Path<String>) -> HandlerResult {
    call.make_identifier_primary(id.into_inner(), KIND).await
}

/// Delete an email address
///
/// Not the primary one, and not the only verified one.
#[utoipa::path(
    post, path = "/me/email-addresses/{id}/delete", operation_id = "wacht_delete_email_address", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses(
        (status = 200, description = "It is deleted.", body = Envelope<Sentence>),
        Fails<(UNKNOWN_IDENTIFIER, PRIMARY_EMAIL, LAST_VERIFIED_EMAIL, READ_ONLY, STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn delete(call: Call, id: Path<String>) -> HandlerResult {
    call.delete_identifier(id.into_inner(), KIND).await
}
