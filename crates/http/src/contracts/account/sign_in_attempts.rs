//! `/api/v1/account/sign-in-attempts`: sign-ins in progress. A sign-in that is complete is one of
//! `/api/v1/account/sign-ins`.

use actix_web::{
    http::StatusCode,
    web::{Path, Payload, Query},
};
use selfsame_application::sign_in::with_password::{Identity, SignIn, SignInOutcome};
use selfsame_domain::{AttemptKind, Password};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    attempts::{self, AttemptObject, ClientKind, CodeQuery, FactorProof, Step},
    reasons::{
        ACCOUNT_DISABLED, EXPIRED_CODE, INVALID_CODE, INVALID_CREDENTIALS, NOT_AUTHENTICATED, NOTHING_TO_PROVE,
        TOO_MANY_TRIES, UNKNOWN_ATTEMPT, UNSUPPORTED_FACTOR,
    },
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::RateLimited,
};

const PATH: &str = "/api/v1/account/sign-in-attempts";
const MEMBERS: &[&str] = &["email", "preferred_username", "password", "client"];

/// Identifier and password: an e-mail address or a username, not both.
#[derive(ToSchema)]
#[schema(as = account::SignInForm, example = json!({
    "email": "ada@example.com", "password": "correct horse battery staple", "client": "tokens",
}))]
struct SignInForm {
    #[schema(value_type = Option<String>, required = false, format = Email, max_length = 254)]
    identity: Identity,
    #[schema(value_type = Option<String>, required = false, max_length = 30)]
    #[expect(dead_code, reason = "for the OpenAPI document")]
    preferred_username: (),
    #[schema(value_type = String, format = Password, min_length = 1)]
    password: Password,
    /// Who will hold the sign-in; `browser` if it is absent.
    #[schema(required = false, default = "browser")]
    client: ClientKind,
}

impl SignInForm {
    fn read(members: &mut Members<'_>) -> Self {
        let (email, username) = (members.optional_text("email"), members.optional_text("preferred_username"));
        let identity = match (email, username) {
            (None, Some(username)) => Identity::Username(username),
            (Some(email), None) => Identity::Email(email),
            (Some(email), Some(_)) => {
                members.add_problem("preferred_username", MemberProblem::Value("absent beside an e-mail address"));
                Identity::Email(email)
            }
            (None, None) => Identity::Email(members.required_text("email")),
        };
        let password = members.required_password("password");
        let read = Self { identity, preferred_username: (), password, client: ClientKind::read(members) };
        members.reject_unknown(MEMBERS);
        read
    }
}

/// Start a sign-in
///
/// With the password. If nothing else is required, the sign-in is completed at once (200). Otherwise continue with the
/// factors that are still required (201).
#[utoipa::path(
    post, path = "/api/v1/account/sign-in-attempts", operation_id = "account_start_sign_in", tag = "account",
    security((), ("session_id" = [])),
    request_body = SignInForm,
    responses(
        (status = 200, description = "The sign-in, completed.", body = AttemptObject, headers(
            ("Set-Cookie" = String, description = "The new session cookies of a browser."),
        )),
        (status = 201, description = "A sign-in in progress.", body = AttemptObject, headers(
            ("Location" = String, description = "The address of the attempt."),
            ("Set-Cookie" = String, description = "The session cookies of a browser, if they changed."),
        )),
        Fails<(NOT_AUTHENTICATED, INVALID_CREDENTIALS, ACCOUNT_DISABLED, RateLimited)>,
    ),
)]
pub(super) async fn start(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let (step, is_open) = call
        .run(Lane::Password, move |core, sender| {
            let SignInForm { identity, password, client, .. } = body.read(SignInForm::read)?;
            sender.check_token(core)?;
            let holder = sender.holder(core, client);
            match (SignIn { identity, password, holder, context: sender.context }).execute(core)? {
                SignInOutcome::Completed(signed_in) => Ok((Step::completed(*signed_in), false)),
                SignInOutcome::Incomplete { attempt, handle, .. } => Ok((Step::started(&attempt, handle), true)),
            }
        })
        .await?;
    Ok(if is_open {
        call.respond_to_step(step, StatusCode::CREATED, Some(PATH))
    } else {
        call.respond_to_step(step, StatusCode::OK, None)
    })
}

/// Read a sign-in in progress
///
/// With the factors that it needs. A completed one is unknown.
#[utoipa::path(
    get, path = "/api/v1/account/sign-in-attempts/{id}", operation_id = "account_get_sign_in_attempt", tag = "account",
    security((), ("session_id" = [])),
    params(
        ("id" = String, Path, description = "Id of the attempt.", example = "445301278613503"),
        ("Attempt-Token" = Option<String>, Header, description = "Of a client with tokens."),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "The attempt.", body = AttemptObject, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT)>,
    ),
)]
pub(super) async fn get(call: Call, id: Path<String>) -> HandlerResult {
    attempts::read(call, AttemptKind::SignIn, id.into_inner()).await
}

/// Mail the code of a sign-in
///
/// As for a sign-up.
#[utoipa::path(
    post, path = "/api/v1/account/sign-in-attempts/{id}/code", operation_id = "account_send_sign_in_code",
    tag = "account", security((), ("session_id" = [])),
    params(
        ("id" = String, Path, description = "Id of the attempt.", example = "445301278613503"),
        ("Attempt-Token" = Option<String>, Header, description = "Of a client with tokens. The response has another one."),
        ("redirect_uri" = Option<String>, Query, description = "A page of the application, to which the mailed link \
            leads with `#token=` if the operator lists its address.", example = "https://app.example.com/verify"),
    ),
    responses(
        (status = 200, description = "The attempt.", body = AttemptObject),
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT, NOTHING_TO_PROVE, RateLimited)>,
    ),
)]
pub(super) async fn send_code(call: Call, id: Path<String>, query: Query<CodeQuery>) -> HandlerResult {
    attempts::send_code(call, AttemptKind::SignIn, id.into_inner(), query.into_inner()).await
}

/// Prove a factor of a sign-in
///
/// The mailed code (`email`), one of the authenticator app (`otp`), or a backup code (`backup_code`), as `next` says. When
/// all required factors are proven, the client is signed in.
#[utoipa::path(
    post, path = "/api/v1/account/sign-in-attempts/{id}/verification", operation_id = "account_verify_sign_in",
    tag = "account", security((), ("session_id" = [])),
    params(
        ("id" = String, Path, description = "Id of the attempt.", example = "445301278613503"),
        ("Attempt-Token" = Option<String>, Header, description = "Of a client with tokens."),
    ),
    request_body = FactorProof,
    responses(
        (status = 200, description = "The attempt, completed or with its next factor.", body = AttemptObject, headers(
            ("Set-Cookie" = String, description = "The new session cookies of a browser."),
        )),
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT, UNSUPPORTED_FACTOR, EXPIRED_CODE, INVALID_CODE,
            TOO_MANY_TRIES)>,
    ),
)]
pub(super) async fn verify(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    attempts::verify(call, AttemptKind::SignIn, id.into_inner(), body).await
}
