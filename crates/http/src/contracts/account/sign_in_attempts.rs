//! `/api/v1/account/sign-in-attempts`: sign-ins in progress. A sign-in that is complete is one of
//! `/api/v1/account/sign-ins`.

use actix_web::{
    http::StatusCode,
    web::{Path, Payload, Query},
};
use selfsame_application::{
    Core,
    attempts::Holder,
    sign_in::{
        with_password::{Identity, SignIn, SignInOutcome},
        with_phone::{BeginPhoneSignIn, BegunPhoneSignIn},
    },
};
use selfsame_domain::{AttemptKind, Password, RequestContext};
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    attempts::{self, AttemptObject, ClientKind, CodeQuery, FactorProof, Step},
    reasons::{
        ACCOUNT_DISABLED, COUNTRY_NOT_ALLOWED, EXPIRED_CODE, INVALID_CODE, INVALID_CREDENTIALS, NOT_AUTHENTICATED,
        NOTHING_TO_PROVE, SAME_CHANNEL, SMS_SIGN_IN_OFF, TOO_MANY_TRIES, UNKNOWN_ATTEMPT, UNSUPPORTED_FACTOR,
    },
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::{Frozen, RateLimited},
    rejection::Rejection,
};

const PATH: &str = "/api/v1/account/sign-in-attempts";
const MEMBERS: &[&str] = &["email", "preferred_username", "password", "client"];
const PHONE_MEMBERS: &[&str] = &["phone_number", "country", "client"];

/// Identifier and password: an e-mail address or a username, not both. Or a phone number, to which a code is sent in a text
/// message; then no password.
#[derive(ToSchema)]
#[schema(as = account::SignInForm, example = json!({
    "email": "ada@example.com", "password": "correct horse battery staple", "client": "tokens",
}))]
#[expect(dead_code, reason = "only its schema is used")]
struct SignInForm {
    #[schema(value_type = Option<String>, required = false, format = Email, max_length = 254)]
    email: (),
    #[schema(value_type = Option<String>, required = false, max_length = 30)]
    preferred_username: (),
    #[schema(value_type = Option<String>, required = false, format = Password, min_length = 1)]
    password: (),
    /// Where the operator allows it.
    #[schema(value_type = Option<String>, required = false, max_length = 40)]
    phone_number: (),
    /// A dialling code or a region, for a national number.
    #[schema(value_type = Option<String>, required = false)]
    country: (),
    /// Who will hold the sign-in; `browser` if it is absent.
    #[schema(required = false, default = "browser")]
    client: ClientKind,
}

/// What the body says of the user.
enum FirstFactor {
    Password(Identity, Password),
    Phone { number: String, country: Option<String> },
}

/// The body.
struct ReadForm {
    first: FirstFactor,
    client: ClientKind,
}

impl ReadForm {
    fn read(members: &mut Members<'_>) -> Self {
        let Some(number) = members.optional_text("phone_number") else { return Self::read_password(members) };
        let first = FirstFactor::Phone { number, country: members.optional_text("country") };
        let read = Self { first, client: ClientKind::read(members) };
        members.reject_unknown(PHONE_MEMBERS);
        read
    }

    fn read_password(members: &mut Members<'_>) -> Self {
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
        let first = FirstFactor::Password(identity, members.required_password("password"));
        let read = Self { first, client: ClientKind::read(members) };
        members.reject_unknown(MEMBERS);
        read
    }
}

impl FirstFactor {
    /// Begins the sign-in; true if it goes on.
    fn begin(self, core: &Core, holder: Holder, context: RequestContext) -> Result<(Step, bool), Rejection<Account>> {
        match self {
            Self::Password(identity, password) => {
                match (SignIn { identity, password, holder, context }).execute(core)? {
                    SignInOutcome::Completed(signed_in) => Ok((Step::completed(*signed_in), false)),
                    SignInOutcome::Incomplete { attempt, handle, .. } => Ok((Step::started(&attempt, handle), true)),
                }
            }
            Self::Phone { number, country } => {
                let begin = BeginPhoneSignIn { number, country, holder, context };
                let BegunPhoneSignIn { attempt, handle } = begin.execute(core)?;
                Ok((Step::started(&attempt, handle), true))
            }
        }
    }
}

/// Start a sign-in
///
/// With the password. If nothing else is required, the sign-in is completed at once (200). Otherwise continue with the
/// factors that are still required (201). Or with a phone number, where the operator allows it: continue with a request for
/// the code (201). A number without an account is answered in the same way, and gets no code.
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
        Fails<(NOT_AUTHENTICATED, INVALID_CREDENTIALS, (ACCOUNT_DISABLED, Frozen), SMS_SIGN_IN_OFF, COUNTRY_NOT_ALLOWED,
            RateLimited)>,
    ),
)]
pub(super) async fn start(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let (step, is_open) = call
        .run(Lane::Password, move |core, sender| {
            let ReadForm { first, client } = body.read(ReadForm::read)?;
            sender.check_token(core)?;
            let holder = sender.holder(core, client);
            first.begin(core, holder, sender.context)
        })
        .await?;
    if is_open {
        call.respond_to_step(step, StatusCode::CREATED, Some(PATH))
    } else {
        call.respond_to_step(step, StatusCode::OK, None)
    }
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

/// Send the code of a sign-in
///
/// By mail, as for a sign-up, or in a text message: to the number that the sign-in began with (`phone`), or to the one that is
/// the second factor. Within a pause after a message, which doubles from a minute, and while too many were requested, the
/// request succeeds and sends nothing.
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
/// The mailed code (`email`), the one in a text message (`phone`, or `sms` as second factor), one of the authenticator app
/// (`otp`), or a backup code (`backup_code`), as `next` says. When all required factors are proven, the client is signed in.
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
        Fails<(NOT_AUTHENTICATED, UNKNOWN_ATTEMPT, (UNSUPPORTED_FACTOR, SAME_CHANNEL), EXPIRED_CODE, INVALID_CODE,
            TOO_MANY_TRIES)>,
    ),
)]
pub(super) async fn verify(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    attempts::verify(call, AttemptKind::SignIn, id.into_inner(), body).await
}
