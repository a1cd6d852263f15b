//! `/api/v1/account/sign-ups`: new accounts.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, Payload, Query},
};
use selfsame_application::sign_up::start::SignUp;
use selfsame_domain::{AttemptKind, Password, SignUpForm};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    attempts::{self, AttemptObject, ClientKind, CodeQuery, FactorProof, Step},
    preferences::ValidateOnly,
    reasons::{
        self, EXPIRED_CODE, INVALID_CODE, NOT_AUTHENTICATED, NOTHING_TO_PROVE, TOO_MANY_TRIES, UNKNOWN_ATTEMPT,
        UNSUPPORTED_FACTOR,
    },
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

const PATH: &str = "/api/v1/account/sign-ups";
const MEMBERS: &[&str] =
    &["email", "password", "given_name", "family_name", "name", "preferred_username", "phone_number", "client"];

/// A new account. An unknown member is refused.
#[derive(ToSchema)]
#[schema(as = account::SignUp)]
struct NewAccount {
    #[schema(format = Email, max_length = 254, example = "ada@example.com")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 256)]
    #[schema(example = "correct horse battery staple")]
    password: Password,
    #[schema(max_length = 100, example = "Ada")]
    given_name: Option<String>,
    #[schema(max_length = 100, example = "Lovelace")]
    family_name: Option<String>,
    #[schema(max_length = 100, example = "Ada Lovelace")]
    name: Option<String>,
    #[schema(min_length = 3, max_length = 30, example = "ada")]
    preferred_username: Option<String>,
    /// An international number.
    #[schema(example = "+31612345678")]
    phone_number: Option<String>,
    /// Who will hold the sign-in; `browser` if it is absent.
    #[schema(required = false, default = "browser")]
    client: ClientKind,
}

impl NewAccount {
    fn read(members: &mut Members<'_>) -> Self {
        let read = Self {
            email: members.required_text("email"),
            password: members.required_password("password"),
            given_name: members.optional_text("given_name"),
            family_name: members.optional_text("family_name"),
            name: members.optional_text("name"),
            preferred_username: members.optional_text("preferred_username"),
            phone_number: members.optional_text("phone_number"),
            client: ClientKind::read(members),
        };
        members.reject_unknown(MEMBERS);
        read
    }

    fn form(&self) -> SignUpForm {
        SignUpForm {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            name: self.name.clone(),
            preferred_username: self.preferred_username.clone(),
            phone_number: self.phone_number.clone(),
        }
    }
}

/// Start a sign-up
///
/// A code and a link are mailed to the address. The response is the same whether or not it has an account.
#[utoipa::path(
    post, path = "/api/v1/account/sign-ups", operation_id = "account_start_sign_up", tag = "account",
    security((), ("session_id" = [])),
    params(("validate_only" = Option<bool>, Query, description = "`true`: check the body, and make nothing.",
        example = false)),
    request_body = NewAccount,
    responses(
        (status = 201, description = "The sign-up. `Location` has its address.", body = AttemptObject, headers(
            ("Location" = String, description = "The address of the sign-up."),
            ("Set-Cookie" = String, description = "The session cookies of a browser, if they changed."),
        )),
        (status = 204, description = "The body is valid. Nothing was made, because of `validate_only`."),
        Fails<(NOT_AUTHENTICATED, RateLimited)>,
    ),
)]
pub(super) async fn start(call: Call, query: Query<ValidateOnly>, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let is_dry = query.validate_only;
    let step = call
        .run(Lane::Password, move |core, sender| {
            let new = body.read(NewAccount::read)?;
            sender.check_token(core)?;
            let (form, holder, context) = (new.form(), sender.holder(core, new.client), sender.context);
            let sign_up = SignUp { email: new.email, password: new.password, form, holder, send_proof: true, context };
            if is_dry {
                sign_up.violations(core).into_result().map_err(reasons::of_violations)?;
                return Ok(None);
            }
            let started = sign_up.execute(core)?;
            Ok(Some(Step::started(&started.attempt, started.handle)))
        })
        .await?;
    match step {
        Some(step) => call.respond_to_step(step, StatusCode::CREATED, Some(PATH)),
        None => Ok(HttpResponse::NoContent().finish()),
    }
}

/// Read a sign-up
///
/// With the factors that it needs. A completed one is unknown.
#[utoipa::path(
    get, path = "/api/v1/account/sign-ups/{id}", operation_id = "account_get_sign_up", tag = "account",
    security((), ("session_id" = [])),
    params(
        ("id" = String, Path, description = "Id of the sign-up.", example = "445301278613503"),
        ("Attempt-Token" = Option<String>, Header, description = "Of a client with tokens."),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "The sign-up.", body = AttemptObject, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT)>,
    ),
)]
pub(super) async fn get(call: Call, id: Path<String>) -> HandlerResult {
    attempts::read(call, AttemptKind::SignUp, id.into_inner()).await
}

/// Mail another code of a sign-up
///
/// Earlier codes are void. Within a pause after the last mail, and while too many mails were requested, the request succeeds
/// and mails nothing: `code.next_at` has the time from which another code can be mailed.
#[utoipa::path(
    post, path = "/api/v1/account/sign-ups/{id}/code", operation_id = "account_send_sign_up_code", tag = "account",
    security((), ("session_id" = [])),
    params(
        ("id" = String, Path, description = "Id of the sign-up.", example = "445301278613503"),
        ("Attempt-Token" = Option<String>, Header, description = "Of a client with tokens. The response has another one."),
        ("redirect_uri" = Option<String>, Query, description = "A page of the application, to which the mailed link \
            leads with `#token=` if the operator lists its address.", example = "https://app.example.com/verify"),
    ),
    responses(
        (status = 200, description = "The sign-up.", body = AttemptObject),
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT, NOTHING_TO_PROVE, RateLimited)>,
    ),
)]
pub(super) async fn send_code(call: Call, id: Path<String>, query: Query<CodeQuery>) -> HandlerResult {
    attempts::send_code(call, AttemptKind::SignUp, id.into_inner(), query.into_inner()).await
}

/// Prove a factor of a sign-up
///
/// When all required factors are proven, the client is signed in.
#[utoipa::path(
    post, path = "/api/v1/account/sign-ups/{id}/verification", operation_id = "account_verify_sign_up",
    tag = "account", security((), ("session_id" = [])),
    params(
        ("id" = String, Path, description = "Id of the sign-up.", example = "445301278613503"),
        ("Attempt-Token" = Option<String>, Header, description = "Of a client with tokens."),
    ),
    request_body = FactorProof,
    responses(
        (status = 200, description = "The sign-up, completed.", body = AttemptObject, headers(
            ("Set-Cookie" = String, description = "The new session cookies of a browser."),
        )),
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT, UNSUPPORTED_FACTOR, EXPIRED_CODE, INVALID_CODE,
            TOO_MANY_TRIES)>,
    ),
)]
pub(super) async fn verify(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    attempts::verify(call, AttemptKind::SignUp, id.into_inner(), body).await
}
