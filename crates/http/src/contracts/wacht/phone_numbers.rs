//! `/me/phone-numbers`: the phone numbers of the user.

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
        ALREADY_VERIFIED, COUNTRY_RESTRICTED, EXPIRED_CODE, INVALID_CODE, MISSING_CODE, NOT_VERIFIED,
        PHONE_NUMBER_EXISTS, READ_ONLY, SECOND_FACTOR_PHONE, SMS_DISABLED, STEP_UP_REQUIRED, TOO_MANY_IDENTIFIERS,
        UNKNOWN_IDENTIFIER,
    },
    user::Phone,
};
use crate::{
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
};

const KIND: IdentifierKind = IdentifierKind::Phone;

/// The phone numbers of a user, the oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = wacht::PhoneList)]
struct PhoneList(Vec<Phone>);

/// Input of `POST /me/phone-numbers`.
#[derive(ToSchema)]
#[schema(as = wacht::PhoneForm)]
#[expect(dead_code, reason = "only its schema is used")]
struct PhoneForm {
    /// In E.164, or a national number of `country_code`.
    #[schema(example = "+14155552671")]
    phone_number: String,
    /// A dialling code or a region.
    #[schema(example = "+1", required = false)]
    country_code: String,
}

fn read_new(members: &mut Members<'_>) -> NewIdentifier {
    NewIdentifier::Phone {
        number: members.required_text("phone_number"),
        country: members.optional_text("country_code"),
    }
}

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/me/phone-numbers").get(list).head(list).post(add))
        .service(web::resource("/me/phone-numbers/{id}").get(read).head(read))
        .service(web::resource("/me/phone-numbers/{id}/prepare-verification").post(prepare))
        .service(web::resource("/me/phone-numbers/{id}/attempt-verification").post(attempt))
        .service(web::resource("/me/phone-numbers/{id}/make-primary").post(make_primary))
        .service(web::resource("/me/phone-numbers/{id}/delete").post(delete));
}

/// List the phone numbers
///
/// Verified or not, the oldest first.
#[utoipa::path(
    get, path = "/me/phone-numbers", operation_id = "wacht_list_phone_numbers", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 200, description = "The phone numbers.", body = Envelope<PhoneList>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    call.list_identifiers(KIND, Phone::of).await
}

/// Add a phone number
///
/// It is not verified yet. The answer is the same for one of another user.
#[utoipa::path(
    post, path = "/me/phone-numbers", operation_id = "wacht_add_phone_number", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (PhoneForm = "application/x-www-form-urlencoded", example = json!({"phone_number": "+14155552671", "country_code": "+1"})),
        (PhoneForm = "multipart/form-data", example = json!({"phone_number": "+14155552671", "country_code": "+1"})),
        (PhoneForm = "application/json", example = json!({"phone_number": "+14155552671", "country_code": "+1"})),
    )),
    responses(
        (status = 200, description = "The new phone number.", body = Envelope<Phone>),
        Fails<(PHONE_NUMBER_EXISTS, TOO_MANY_IDENTIFIERS, COUNTRY_RESTRICTED, READ_ONLY, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn add(call: Call, payload: Payload) -> HandlerResult {
    call.add_identifier(payload, read_new, Phone::of).await
}

/// Read a phone number
///
/// One of the user's own.
#[utoipa::path(
    get, path = "/me/phone-numbers/{id}", operation_id = "wacht_read_phone_number", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses((status = 200, description = "The phone number.", body = Envelope<Phone>), Fails<UNKNOWN_IDENTIFIER>),
)]
pub(super) async fn read(call: Call, id: Path<String>) -> HandlerResult {
    call.read_identifier(id.into_inner(), KIND, Phone::of).await
}

/// Send a code to a phone number
///
/// Sends a code by text message. Also for "Resend": within a pause after the last one nothing is sent, and the answer is the same.
#[utoipa::path(
    post, path = "/me/phone-numbers/{id}/prepare-verification", operation_id = "wacht_prepare_phone_number", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses(
        (status = 200, description = "The request is accepted.", body = Envelope<Sentence>),
        Fails<(UNKNOWN_IDENTIFIER, ALREADY_VERIFIED, SMS_DISABLED, COUNTRY_RESTRICTED, RateLimited)>,
    ),
)]
pub(super) async fn prepare(call: Call, id: Path<String>) -> HandlerResult {
    call.prepare_identifier(id.into_inner(), KIND).await
}

/// Verify a phone number
///
/// By the code that was sent to it, in the query or in the form. It becomes primary if there is no primary one.
#[utoipa::path(
    post, path = "/me/phone-numbers/{id}/attempt-verification", operation_id = "wacht_verify_phone_number", tag = "wacht",
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

/// Make a phone number primary
///
/// It must be verified.
#[utoipa::path(
    post, path = "/me/phone-numbers/{id}/make-primary", operation_id = "wacht_make_phone_number_primary", tag = "wacht",
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

/// Delete a phone number
///
/// It may be the primary one. One that is a second factor stays.
#[utoipa::path(
    post, path = "/me/phone-numbers/{id}/delete", operation_id = "wacht_delete_phone_number", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Its id.", example = "123456789012345678")),
    responses(
        (status = 200, description = "It is deleted.", body = Envelope<Sentence>),
        Fails<(UNKNOWN_IDENTIFIER, READ_ONLY, SECOND_FACTOR_PHONE, STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn delete(call: Call, id: Path<String>) -> HandlerResult {
    call.delete_identifier(id.into_inner(), KIND).await
}
