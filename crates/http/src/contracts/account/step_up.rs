//! `/api/v1/account/step-up`: proves again who is there, so that sensitive operations are allowed.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::sessions::prove_again::{Proof, ProveAgain, ProvenAgain};
use selfsame_domain::{Factor, OpaqueToken, Password, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_TRIES, WRONG_PROOF},
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::RateLimited,
    time::timestamp,
};

/// A proof: exactly one of the members.
#[derive(ToSchema)]
#[schema(as = account::StepUp)]
struct StepUp {
    /// Enough only if the account has no second factor.
    #[schema(value_type = Option<String>, format = Password, required = false, example = "correct horse battery staple")]
    password: Option<Password>,
    /// A code of the authenticator app, the code of `/step-up/code`, or a backup code.
    #[schema(required = false)]
    code: Option<String>,
}

impl StepUp {
    fn read(members: &mut Members<'_>) -> Self {
        let password = members.optional_text("password").map(|password| Password::new(&password));
        let read = Self { password, code: members.optional_text("code") };
        match (&read.password, &read.code) {
            (None, None) => members.add_problem("code", MemberProblem::Missing),
            (Some(_), Some(_)) => members.add_problem("code", MemberProblem::Value("absent where there is a password")),
            (Some(_), None) | (None, Some(_)) => {}
        }
        members.reject_unknown(&["password", "code"]);
        read
    }

    fn into_use_case(self, context: RequestContext) -> ProveAgain {
        let proof = match (self.password, self.code) {
            (Some(password), _) => Proof::Password(password),
            (None, code) => Proof::Code(code.unwrap_or_default()),
        };
        ProveAgain { proof, context }
    }
}

/// The sign-in after the proof.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SteppedUp)]
struct SteppedUp {
    /// The factors by which the user is authenticated in this sign-in.
    #[schema(value_type = Vec<String>, example = json!(["pwd", "otp"]))]
    methods: Vec<&'static str>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    authenticated_at: String,
    /// Until when sensitive operations are allowed.
    #[schema(format = DateTime, example = "2026-03-14T15:19:26.535Z")]
    valid_until: String,
}

impl SteppedUp {
    fn of(proven: &ProvenAgain) -> Self {
        let authenticated_at = proven.assurance.authenticated_at;
        Self {
            methods: proven.assurance.methods.iter().map(Factor::as_str).collect(),
            authenticated_at: timestamp(authenticated_at),
            valid_until: timestamp(authenticated_at + proven.valid_for),
        }
    }
}

/// Prove again who you are
///
/// By the password, by a code of the authenticator app or of a text message, or by a backup code. If the account has a second factor, only a code
/// counts. Access tokens of the sign-in stay valid and need not be refreshed; a browser gets a new cookie.
#[utoipa::path(
    post, path = "/api/v1/account/step-up", operation_id = "account_step_up", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = StepUp,
    responses(
        (status = 200, description = "Sensitive operations are allowed for a while.", body = SteppedUp,
            headers(("Set-Cookie" = String, description = "The session cookies of a browser, which change."))),
        Fails<(WRONG_PROOF, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TOO_MANY_TRIES, RateLimited)>,
    ),
)]
pub(super) async fn prove_again(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let proven = call
        .run(Lane::Password, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let prove = body?.read(StepUp::read)?.into_use_case(sender.context);
            Ok(prove.execute(core, &caller)?)
        })
        .await?;
    call.respond_with_cookie(SteppedUp::of(&proven), proven.new_cookie.as_ref())
}

impl Call {
    /// 200, with the new cookie of a browser.
    pub(super) fn respond_with_cookie(&self, body: impl Serialize, cookie: Option<&OpaqueToken>) -> HandlerResult {
        self.with_cookie(HttpResponse::Ok().json(body), cookie)
    }
}
