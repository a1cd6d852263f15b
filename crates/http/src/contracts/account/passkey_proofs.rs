//! Sign-in with a passkey, and a proof with one by a user who is signed in.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Core,
    attempts::{Access, Holder, SignedIn, TokenSet},
    passkeys::{BeginPasskeyProof, ProveWithPasskey},
    sign_in::with_passkey::{BeginPasskeySignIn, PasskeySignIn},
};
use selfsame_domain::{OpaqueToken, RequestContext};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    passkeys::Options,
    reasons::{ACCOUNT_DISABLED, CHALLENGE_UNKNOWN, PASSKEY_REFUSED, PASSKEYS_OFF, UNKNOWN_PASSKEY},
    sign_ins::SignInObject,
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{Frozen, RateLimited},
};

/// A sign-in that begins.
#[derive(ToSchema)]
#[schema(as = account::PasskeySignInStart)]
struct Start {
    /// The address of the user, if the page has asked for it. Only a passkey of its account is accepted then.
    #[schema(value_type = Option<String>, format = Email, max_length = 254, example = "john@example.com")]
    email: Option<String>,
    /// Whether the client keeps tokens. Otherwise it is a browser and gets a cookie.
    #[schema(value_type = Option<bool>, default = false, example = false)]
    tokens: bool,
}

/// The answer of the browser to the options of a sign-in.
#[derive(ToSchema)]
#[schema(as = account::PasskeySignIn)]
struct Finish {
    /// As at the beginning.
    #[schema(value_type = Option<String>, format = Email, max_length = 254, example = "john@example.com")]
    email: Option<String>,
    /// As at the beginning.
    #[schema(value_type = Option<bool>, default = false, example = false)]
    tokens: bool,
    /// `credential.toJSON()` of `navigator.credentials.get`.
    #[schema(value_type = Object, example = json!({"id": "xcXF", "rawId": "xcXF", "type": "public-key", "response": {}}))]
    credential: Value,
}

/// The answer of the browser to the options of a proof.
#[derive(ToSchema)]
#[schema(as = account::PasskeyProof)]
struct Proof {
    /// `credential.toJSON()` of `navigator.credentials.get`.
    #[schema(value_type = Object, example = json!({"id": "xcXF", "rawId": "xcXF", "type": "public-key", "response": {}}))]
    credential: Value,
}

/// A new sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SignedIn)]
struct SignedInObject {
    sign_in: SignInObject,
    /// `null` for a browser, which has a cookie.
    #[schema(required)]
    tokens: Option<TokensObject>,
}

/// The tokens of a sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Tokens)]
struct TokensObject {
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    access_token: String,
    /// Valid for one refresh, which returns the next one.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Life of the access token, in seconds.
    #[schema(example = 300)]
    expires_in: u64,
}

impl Start {
    fn read(members: &mut Members<'_>) -> Self {
        let start =
            Self { email: members.optional_text("email"), tokens: members.boolean("tokens").unwrap_or_default() };
        members.reject_unknown(&["email", "tokens"]);
        start
    }
}

impl Finish {
    fn read(members: &mut Members<'_>) -> Self {
        let finish = Self {
            email: members.optional_text("email"),
            tokens: members.boolean("tokens").unwrap_or_default(),
            credential: members.required_object("credential"),
        };
        members.reject_unknown(&["email", "tokens", "credential"]);
        finish
    }

    fn into_use_case(self, holder: Holder, context: RequestContext) -> PasskeySignIn {
        PasskeySignIn { email: self.email, response: self.credential, holder, context }
    }
}

impl Proof {
    fn read(members: &mut Members<'_>) -> Self {
        let proof = Self { credential: members.required_object("credential") };
        members.reject_unknown(&["credential"]);
        proof
    }
}

impl SignedInObject {
    /// What the client is told, and the cookie of a browser.
    fn of(signed_in: SignedIn, core: &Core) -> (Self, Option<OpaqueToken>) {
        let current = signed_in.sign_in.id;
        let sign_in = SignInObject::of(signed_in.sign_in, current, &signed_in.user, core);
        match signed_in.access {
            Access::Cookie(cookie) => (Self { sign_in, tokens: None }, Some(cookie)),
            Access::Tokens(set) => (Self { sign_in, tokens: Some(TokensObject::of(&set)) }, None),
        }
    }
}

impl TokensObject {
    fn of(set: &TokenSet) -> Self {
        Self {
            access_token: set.access_token.token.clone(),
            refresh_token: set.refresh_token.expose().to_owned(),
            token_type: "Bearer",
            expires_in: set.access_token.expires_in.as_secs(),
        }
    }
}

/// Begin a sign-in with a passkey
///
/// The challenge lives for five minutes and is good once, for the browser whose cookie the request has or gets. The options
/// name no passkey, so they do not tell who has one.
#[utoipa::path(
    post, path = "/api/v1/account/passkeys/authentication", operation_id = "account_begin_passkey_sign_in",
    tag = "account",
    security(()),
    request_body = Start,
    responses(
        (status = 200, description = "The options.", body = Options,
            headers(("Set-Cookie" = String, description = "The session cookies, if a browser had none."))),
        Fails<(PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn begin_sign_in(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let begun = call
        .run(Lane::Database, move |core, sender| {
            let Start { email, tokens } = body.read(Start::read)?;
            let holder = sender.passkey_holder(core, tokens);
            Ok(BeginPasskeySignIn { email, holder, context: sender.context }.execute(core)?)
        })
        .await?;
    call.respond_with_cookie(Options { options: begun.options }, begun.new_cookie.as_ref())
}

/// Sign in with a passkey
///
/// A browser gets a new cookie, a client that keeps tokens gets those. Nothing else is asked for: a passkey has two factors.
#[utoipa::path(
    post, path = "/api/v1/account/passkeys/sign-in", operation_id = "account_sign_in_with_passkey", tag = "account",
    security(()),
    request_body = Finish,
    responses(
        (status = 200, description = "The client is signed in.", body = SignedInObject,
            headers(("Set-Cookie" = String, description = "The new session cookies of a browser."))),
        Fails<(CHALLENGE_UNKNOWN, PASSKEY_REFUSED, ACCOUNT_DISABLED, Frozen, PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn sign_in(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let (signed_in, cookie) = call
        .run(Lane::Database, move |core, sender| {
            let finish = body.read(Finish::read)?;
            let holder = sender.passkey_holder(core, finish.tokens);
            Ok(SignedInObject::of(finish.into_use_case(holder, sender.context).execute(core)?, core))
        })
        .await?;
    call.respond_with_cookie(signed_in, cookie.as_ref())
}

/// Begin a proof with a passkey
///
/// For a user who is signed in and must prove again who they are. The options name the passkeys of the account.
#[utoipa::path(
    post, path = "/api/v1/account/step-up/passkey/authentication", operation_id = "account_begin_passkey_proof",
    tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The options.", body = Options),
        Fails<(UNKNOWN_PASSKEY, PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn begin_proof(call: Call) -> HandlerResult {
    let options = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let begin = BeginPasskeyProof { context: sender.context };
            Ok(begin.execute(core, &caller)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Options { options }))
}

/// Prove with a passkey
///
/// The sign-in counts as just authenticated, with the passkey among its methods. A browser gets a new cookie.
#[utoipa::path(
    post, path = "/api/v1/account/step-up/passkey", operation_id = "account_prove_with_passkey", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = Proof,
    responses(
        (status = 200, description = "The proof is accepted.", body = SignInObject,
            headers(("Set-Cookie" = String, description = "The new session cookies of a browser."))),
        Fails<(CHALLENGE_UNKNOWN, PASSKEY_REFUSED, PASSKEYS_OFF, RateLimited)>,
    ),
)]
pub(super) async fn prove(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let (sign_in, cookie) = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let Proof { credential } = body?.read(Proof::read)?;
            let prove = ProveWithPasskey { response: credential, context: sender.context };
            let proven = prove.execute(core, &caller)?;
            let mut sign_in = caller.sign_in;
            sign_in.assurance = proven.assurance;
            let current = sign_in.id;
            Ok((SignInObject::of(sign_in, current, &caller.user, core), proven.new_cookie))
        })
        .await?;
    call.respond_with_cookie(sign_in, cookie.as_ref())
}

impl super::Sender {
    /// The client that will hold the sign-in.
    fn passkey_holder(&self, core: &selfsame_application::Core, keeps_tokens: bool) -> Holder {
        if keeps_tokens {
            Holder::Tokens { access_ttl: core.policy.access_ttl }
        } else {
            Holder::Browser(self.cookie())
        }
    }
}
