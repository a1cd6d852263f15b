//! Sign-ups and sign-ins in progress, as resources with the factors that are still to be proven.
//!
//! A browser continues an attempt with its cookie, a client with tokens by the header `Attempt-Token`: a token in the URL
//! would be in logs (R51).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, LOCATION},
    },
};
use selfsame_application::{
    Core,
    attempts::{
        Access, AttemptRef, Handle, Holder, SignedIn, TokenSet,
        read::ReadAttempt,
        send_proof::{ProofSent, SendProof},
        verify::{self, AttemptVerified, VerifyAttempt},
    },
};
use selfsame_domain::{Attempt, AttemptKind, Factor, Factors, IdentifierKind, OpaqueToken};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Account, Call, Sender,
    reasons::{UNKNOWN_ATTEMPT, UNSUPPORTED_FACTOR},
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::{Body, HandlerResult},
    credentials::Credentials,
    rejection::Rejection,
    time::timestamp,
};

/// The token of an attempt of a client with tokens.
const ATTEMPT_TOKEN: HeaderName = HeaderName::from_static("attempt-token");

/// Who will hold the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = account::ClientKind, rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub(super) enum ClientKind {
    /// A browser. It gets a session cookie.
    Browser,
    /// A client that keeps access and refresh tokens.
    Tokens,
}

impl ClientKind {
    /// The member `client`; a browser if it is absent.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        let kind = members.choice("client", "browser or tokens", |text| match text {
            "browser" => Some(Self::Browser),
            "tokens" => Some(Self::Tokens),
            _ => None,
        });
        kind.unwrap_or(Self::Browser)
    }

    fn of(attempt: &Attempt) -> Self {
        if attempt.token_hash.is_some() { Self::Tokens } else { Self::Browser }
    }
}

/// A sign-up or sign-in, in progress or completed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Attempt)]
pub(super) struct AttemptObject {
    #[schema(example = "445301278613503")]
    id: String,
    client: ClientKind,
    /// The factors that it needs, by the values of RFC 8176 where it has one.
    #[schema(example = json!(["email"]))]
    required: Vec<&'static str>,
    /// Those that were proven.
    #[schema(example = json!([]))]
    satisfied: Vec<&'static str>,
    /// The next one to prove; `null` when all were.
    #[schema(required, example = "email")]
    next: Option<&'static str>,
    completed: bool,
    /// Until when it can be completed.
    #[schema(format = DateTime, example = "2026-03-14T16:09:26.535Z")]
    expires_at: String,
    /// For the header `Attempt-Token`, where it has changed. Only for a client with tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: Option<String>,
    /// What came of the request for a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    code: Option<CodeObject>,
    /// The sign-in that completed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    sign_in: Option<NewSignIn>,
}

/// A code that was sent. It is the same if the address has an account already, which gets another mail, and if the number
/// has none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::SentCode)]
struct CodeObject {
    /// Whether a code was sent, now or before. The one that was sent last is valid.
    #[schema(example = true)]
    sent: bool,
    /// Of a code by mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "a***@e***.com")]
    masked_email: Option<String>,
    /// Of a code in a text message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    masked_phone_number: Option<String>,
    /// When another can be sent. Earlier requests succeed and send none.
    #[schema(format = DateTime, example = "2026-03-14T15:10:26.535Z")]
    next_at: String,
}

/// A new sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::NewSignIn)]
struct NewSignIn {
    #[schema(example = "445301278613502")]
    id: String,
    /// The account, as in the `sub` of access tokens.
    #[schema(example = "445301278613501")]
    sub: String,
    /// Only for a client with tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    tokens: Option<Tokens>,
}

/// Access and refresh token (RFC 6749 section 5.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Tokens)]
pub(super) struct Tokens {
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 300)]
    expires_in: u64,
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: String,
}

impl Tokens {
    pub(super) fn of(tokens: TokenSet) -> Self {
        Self {
            access_token: tokens.access_token.token,
            token_type: "Bearer",
            expires_in: tokens.access_token.expires_in.as_secs(),
            refresh_token: tokens.refresh_token.expose().to_owned(),
        }
    }
}

/// The response to a step of an attempt.
pub(super) struct Step {
    attempt: AttemptObject,
    cookie: Option<OpaqueToken>,
}

impl AttemptObject {
    pub(super) fn of(attempt: &Attempt) -> Self {
        let words = |factors: &Factors| factors.iter().map(Factor::as_str).collect();
        Self {
            id: attempt.id.to_string(),
            client: ClientKind::of(attempt),
            required: words(&attempt.required),
            satisfied: words(&attempt.satisfied),
            next: attempt.next().map(Factor::as_str),
            completed: attempt.completed_at.is_some(),
            expires_at: timestamp(attempt.expires_at),
            token: None,
            code: None,
            sign_in: None,
        }
    }
}

impl Step {
    /// An attempt that was started.
    pub(super) fn started(attempt: &Attempt, handle: Handle) -> Self {
        let attempt = AttemptObject::of(attempt);
        match handle {
            Handle::Cookie(cookie) => Self { attempt, cookie: Some(cookie) },
            Handle::Temporary(token) => {
                Self { attempt: AttemptObject { token: Some(token.expose().to_owned()), ..attempt }, cookie: None }
            }
        }
    }

    /// An attempt that goes on, with what the client holds already.
    fn in_progress(attempt: &Attempt) -> Self {
        Self { attempt: AttemptObject::of(attempt), cookie: None }
    }

    /// An attempt that a sign-in has completed.
    pub(super) fn completed(signed_in: SignedIn) -> Self {
        let attempt = AttemptObject::of(&signed_in.attempt);
        let new = |tokens| {
            Some(NewSignIn { id: signed_in.sign_in.id.to_string(), sub: signed_in.user.id.to_string(), tokens })
        };
        match signed_in.access {
            Access::Cookie(cookie) => {
                Self { attempt: AttemptObject { sign_in: new(None), ..attempt }, cookie: Some(cookie) }
            }
            Access::Tokens(tokens) => {
                let sign_in = new(Some(Tokens::of(tokens)));
                Self { attempt: AttemptObject { client: ClientKind::Tokens, sign_in, ..attempt }, cookie: None }
            }
        }
    }

    fn sent(sent: ProofSent) -> Self {
        let is_mail = sent.kind == IdentifierKind::Email;
        let code = CodeObject {
            sent: sent.was_sent,
            masked_email: is_mail.then(|| sent.masked.clone()),
            masked_phone_number: (!is_mail).then_some(sent.masked),
            next_at: timestamp(sent.next_at),
        };
        let token = sent.temporary_token.map(|token| token.expose().to_owned());
        let attempt = AttemptObject { code: Some(code), token, ..AttemptObject::of(&sent.attempt) };
        Self { attempt, cookie: None }
    }
}

impl Sender {
    /// Refuses an invalid access token, on routes that need none.
    pub(super) fn check_token(&self, core: &Core) -> Result<(), Rejection<Account>> {
        match self.credentials {
            Credentials::Bearer(_) | Credentials::MalformedBearer => self.authenticate(core).map(drop),
            Credentials::None | Credentials::UnknownCookie | Credentials::Cookie(_) => Ok(()),
        }
    }

    /// The client as the holder of a sign-in.
    pub(super) fn holder(&self, core: &Core, client: ClientKind) -> Holder {
        match client {
            ClientKind::Browser => Holder::Browser(self.cookie()),
            ClientKind::Tokens => Holder::Tokens { access_ttl: core.policy.access_ttl },
        }
    }
}

/// The attempt that a request names, not looked up yet.
pub(super) struct Named {
    kind: AttemptKind,
    id: String,
    token: Option<String>,
}

impl Named {
    pub(super) fn of(kind: AttemptKind, id: String, request: &HttpRequest) -> Self {
        let token = request.headers().get(ATTEMPT_TOKEN).and_then(|token| token.to_str().ok());
        Self { kind, id, token: token.map(ToOwned::to_owned) }
    }

    /// The attempt, if it is the sender's. An invalid id or token is an unknown one.
    fn find(&self, core: &Core, sender: &Sender) -> Result<(AttemptRef, Attempt), Rejection<Account>> {
        let id = self.id.parse().map_err(|_unreadable| UNKNOWN_ATTEMPT)?;
        let named = match &self.token {
            Some(token) => AttemptRef::Temporary(OpaqueToken::parse(token).ok_or(UNKNOWN_ATTEMPT)?),
            None => AttemptRef::Held { id, cookie: sender.cookie() },
        };
        let attempt = ReadAttempt { attempt: named.clone(), kind: self.kind }.execute(core)?;
        if attempt.id == id { Ok((named, attempt)) } else { Err(UNKNOWN_ATTEMPT.into()) }
    }
}

/// A proof of a factor.
#[derive(ToSchema)]
#[schema(as = account::FactorProof)]
pub(super) struct FactorProof {
    /// The next required factor. `otp`, `sms` and `backup_code` take the place of each other.
    #[schema(value_type = String, example = "email")]
    factor: Option<Factor>,
    #[schema(min_length = 6, max_length = 64, example = "123456")]
    code: String,
}

impl FactorProof {
    fn read(members: &mut Members<'_>) -> Self {
        let factor = members.choice("factor", "the name of a factor", Factor::from_stored);
        let code = members.required_text("code");
        members.require("factor", factor.is_some());
        members.reject_unknown(&["factor", "code"]);
        Self { factor, code }
    }
}

/// The query of a request for a code.
#[derive(Deserialize)]
pub(super) struct CodeQuery {
    redirect_uri: Option<String>,
}

/// Reads an attempt.
pub(super) async fn read(call: Call, kind: AttemptKind, id: String) -> HandlerResult {
    let named = Named::of(kind, id, call.request());
    let attempt = call
        .run(Lane::Database, move |core, sender| {
            sender.check_token(core)?;
            Ok(AttemptObject::of(&named.find(core, &sender)?.1))
        })
        .await?;
    call.respond_with_tag(&attempt)
}

/// Sends the code that an attempt needs.
pub(super) async fn send_code(call: Call, kind: AttemptKind, id: String, query: CodeQuery) -> HandlerResult {
    let named = Named::of(kind, id, call.request());
    let step = call
        .run(Lane::Database, move |core, sender| {
            sender.check_token(core)?;
            let (attempt, _) = named.find(core, &sender)?;
            let (redirect_to, context) = (query.redirect_uri, sender.context);
            let sent = SendProof { attempt, step: verify::Step::Next, redirect_to, last_digits: None, context };
            Ok(Step::sent(sent.execute(core)?))
        })
        .await?;
    call.respond_to_step(step, StatusCode::OK, None)
}

/// The step that a factor is for, if it is the next one of the attempt. One second factor takes the place of
/// any other.
fn step_of(factor: Factor, attempt: &Attempt) -> Option<verify::Step> {
    match (factor, attempt.next()?) {
        (Factor::Email, Factor::Email) => Some(verify::Step::Email),
        (Factor::Phone, Factor::Phone) => Some(verify::Step::Phone),
        (Factor::Totp | Factor::Sms | Factor::BackupCode, next) if next.is_second() => Some(verify::Step::SecondFactor),
        _ => None,
    }
}

/// Takes the proof of a factor.
pub(super) async fn verify(call: Call, kind: AttemptKind, id: String, body: Body<Account>) -> HandlerResult {
    let named = Named::of(kind, id, call.request());
    let step = call
        .run(Lane::Database, move |core, sender| {
            let FactorProof { factor, code } = body.read(FactorProof::read)?;
            sender.check_token(core)?;
            let (named, attempt) = named.find(core, &sender)?;
            let holder = sender.holder(core, ClientKind::of(&attempt));
            let step = factor.and_then(|factor| step_of(factor, &attempt)).ok_or(UNSUPPORTED_FACTOR)?;
            let verify = VerifyAttempt { attempt: named, step, code, holder, context: sender.context };
            Ok(match verify.execute(core)? {
                AttemptVerified::Completed(signed_in) => Step::completed(*signed_in),
                AttemptVerified::Incomplete { attempt, .. } => Step::in_progress(&attempt),
            })
        })
        .await?;
    call.respond_to_step(step, StatusCode::OK, None)
}

impl Call {
    /// The response to a step, with the cookie if it is another one. `collection` is where a new attempt is found.
    pub(super) fn respond_to_step(&self, step: Step, status: StatusCode, collection: Option<&str>) -> HandlerResult {
        let mut response = HttpResponse::build(status);
        if let Some(collection) = collection {
            response.insert_header((LOCATION, format!("{collection}/{}", step.attempt.id)));
        }
        let cookie = step.cookie.filter(|cookie| !self.has_sent(cookie));
        self.with_cookie(response.json(step.attempt), cookie.as_ref())
    }
}

impl Members<'_> {
    /// Adds the problem of a missing member, unless it has one already or is there.
    fn require(&mut self, name: &str, is_there: bool) {
        if !is_there && !self.has_problem(name) {
            self.add_problem(name, MemberProblem::Missing);
        }
    }
}
