//! The sign-in of a user whom an application has sent: password, then a mailed code or a second factor if one is needed.

use actix_web::{Error, web::Payload};
use selfsame_application::{
    Core, Fault,
    attempts::{
        Access, AttemptRef, Handle, Holder,
        read::{ReadAttempt, ReadAttemptError},
        send_proof::{SendProof, SendProofError},
        verify::{AttemptVerified, Step as CodeStep, VerifyAttempt, VerifyAttemptError},
    },
    sign_in::with_password::{Identity, SignIn, SignInError, SignInOutcome},
};
use selfsame_domain::{Attempt, AttemptId, AttemptKind, Factor, OpaqueToken, Password, RequestContext};

use super::{
    Call, OAuth,
    pages::{Pages, Refused, Step, fail_page, refuse},
    request::{Query, see_other},
};
use crate::{Lane, body::Members, call::HandlerResult, rejection::Rejection};

/// The text for a form without the token of its page.
pub(super) const STALE: &str = "oauth-failure-stale";
const WRONG: &str = "oauth-failure-credentials";
pub(super) const DISABLED: &str = "oauth-failure-disabled";
pub(super) const FROZEN: &str = "oauth-failure-frozen";
const WRONG_CODE: &str = "oauth-failure-code";
const EXPIRED_CODE: &str = "oauth-failure-expired-code";

/// What comes next.
pub(super) enum Next {
    /// Signed in, with a new cookie.
    Done(OpaqueToken),
    /// Something more is to be proven.
    Step { form_token: String, step: Step, cookie: Option<OpaqueToken>, refused: Option<Refused> },
    /// The sign-in begins again.
    SignIn { form_token: String, identifier: Option<String>, refused: Refused },
    /// There is no attempt any more.
    Again,
}

impl Next {
    /// The sign-in page, which says why it is shown again.
    pub(super) fn sign_in_again(core: &Core, cookie: &OpaqueToken, refused: Refused) -> Self {
        Self::SignIn { form_token: core.form_token(cookie, None), identifier: None, refused }
    }
}

/// Identifier and password.
struct SignInForm {
    form_token: String,
    identifier: String,
    password: Password,
}

impl SignInForm {
    /// Reads the form. An empty field is a wrong one.
    fn read(members: &mut Members<'_>) -> Self {
        let mut text = |name| members.optional_text(name).unwrap_or_default();
        Self {
            form_token: text("form_token"),
            identifier: text("identifier"),
            password: Password::new(&text("password")),
        }
    }

    fn identity(&self) -> Identity {
        let typed = self.identifier.trim().to_owned();
        if typed.contains('@') { Identity::Email(typed) } else { Identity::Username(typed) }
    }
}

/// The code of the second step.
struct CodeForm {
    form_token: String,
    attempt: Option<AttemptId>,
    code: String,
}

impl CodeForm {
    fn read(members: &mut Members<'_>) -> Self {
        let mut text = |name| members.optional_text(name).unwrap_or_default();
        Self {
            form_token: text("form_token"),
            attempt: text("attempt").parse().ok(),
            code: text("code").trim().to_owned(),
        }
    }
}

/// Checks the password.
pub(super) async fn sign_in(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let next = call
        .run(Lane::Password, move |core, sender| {
            let form = body.read(SignInForm::read)?;
            // A browser without a cookie gets one from the page of the request.
            let Some(cookie) = sender.cookie() else { return Ok(Next::Again) };
            let shown = |refused| Next::SignIn {
                form_token: core.form_token(&cookie, None),
                identifier: Some(form.identifier.clone()),
                refused,
            };
            if !core.is_form_token(&form.form_token, &cookie, None) {
                return Ok(shown(Refused::input(STALE)));
            }
            let holder = Holder::Browser(Some(cookie.clone()));
            let context = sender.context;
            let sign_in =
                SignIn { identity: form.identity(), password: form.password.clone(), holder, context: context.clone() };
            match sign_in.execute(core) {
                Ok(SignInOutcome::Completed(signed_in)) => Ok(done(signed_in.access)),
                Ok(SignInOutcome::Incomplete { attempt, handle: Handle::Cookie(held), .. }) => {
                    step_of(core, &attempt, held, context, None)
                }
                Ok(SignInOutcome::Incomplete { .. }) => Ok(Next::Again),
                Err(SignInError::InvalidCredentials) => Ok(shown(Refused::input(WRONG))),
                Err(SignInError::Disabled) => Ok(shown(Refused::input(DISABLED))),
                Err(SignInError::Fault(Fault::Limited(wait))) => Ok(shown(Refused::limited(wait))),
                Err(SignInError::Fault(Fault::Frozen)) => Ok(shown(Refused::input(FROZEN))),
                Err(SignInError::Fault(fault)) => Err(fault.into()),
            }
        })
        .await;
    respond(&call, next)
}

/// Checks the code of the second step.
pub(super) async fn verify(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let next = call
        .run(Lane::Database, move |core, sender| {
            let form = body.read(CodeForm::read)?;
            let Some((cookie, id)) = sender.cookie().zip(form.attempt) else { return Ok(Next::Again) };
            if !core.is_form_token(&form.form_token, &cookie, None) {
                return Ok(Next::Again);
            }
            let named = AttemptRef::Held { id, cookie: Some(cookie.clone()) };
            let context = sender.context;
            let verify = VerifyAttempt {
                attempt: named.clone(),
                step: CodeStep::Next,
                code: form.code,
                holder: Holder::Browser(Some(cookie.clone())),
                context: context.clone(),
            };
            let refused = match verify.execute(core) {
                Ok(AttemptVerified::Completed(signed_in)) => return Ok(done(signed_in.access)),
                Ok(AttemptVerified::Incomplete { attempt, .. }) => {
                    return step_of(core, &attempt, cookie, context, None);
                }
                // The second is of sign-ins that begin with a number.
                Err(VerifyAttemptError::UnknownAttempt | VerifyAttemptError::SameChannel(_)) => return Ok(Next::Again),
                Err(VerifyAttemptError::InvalidCode) => Refused::input(WRONG_CODE),
                Err(VerifyAttemptError::ExpiredCode) => Refused::input(EXPIRED_CODE),
                Err(
                    VerifyAttemptError::TooManyTries(wait)
                    | VerifyAttemptError::TooManySecondFactorTries(wait)
                    | VerifyAttemptError::Fault(Fault::Limited(wait)),
                ) => Refused::limited(wait),
                Err(VerifyAttemptError::Fault(fault)) => return Err(fault.into()),
            };
            match (ReadAttempt { attempt: named, kind: AttemptKind::SignIn }).execute(core) {
                Ok(attempt) => step_of(core, &attempt, cookie, context, Some(refused)),
                Err(ReadAttemptError::UnknownAttempt) => Ok(Next::Again),
                Err(ReadAttemptError::Fault(fault)) => Err(fault.into()),
            }
        })
        .await;
    respond(&call, next)
}

pub(super) fn done(access: Access) -> Next {
    match access {
        Access::Cookie(cookie) => Next::Done(cookie),
        Access::Tokens(_) => Next::Again,
    }
}

/// The page for what an attempt needs next. A code is on its way then: another one only if there is none that may still be typed,
/// because it voids the one before.
pub(super) fn step_of(
    core: &Core,
    attempt: &Attempt,
    cookie: OpaqueToken,
    context: RequestContext,
    refused: Option<Refused>,
) -> Result<Next, Rejection<OAuth>> {
    let send = || {
        let named = AttemptRef::Held { id: attempt.id, cookie: Some(cookie.clone()) };
        let (redirect_to, last_digits) = (None, None);
        let proof = SendProof { attempt: named, step: CodeStep::Next, redirect_to, last_digits, context };
        let may_retry = refused.is_some_and(|refused| refused.message != EXPIRED_CODE);
        if may_retry { proof.masked(core) } else { proof.execute(core).map(|sent| sent.masked) }
    };
    let by = match attempt.next() {
        Some(Factor::Email) => "email",
        Some(Factor::Sms) => "sms",
        Some(Factor::Passkey) => "passkey",
        Some(_) => "otp",
        None => return Ok(Next::Again),
    };
    let (by, address) = match if matches!(by, "email" | "sms") { send() } else { Ok(String::new()) } {
        Ok(address) => (by, address),
        // No text messages are sent now. A backup code serves too.
        Err(SendProofError::NothingToProve) if by == "sms" => ("backup_code", String::new()),
        Err(SendProofError::Fault(fault)) => return Err(fault.into()),
        Err(_) => return Ok(Next::Again),
    };
    let step = Step { by, address, attempt: attempt.id.to_string() };
    Ok(Next::Step { form_token: core.form_token(&cookie, None), step, cookie: Some(cookie), refused })
}

pub(super) fn respond(call: &Call, next: Result<Next, Error>) -> HandlerResult {
    let next = match next {
        Ok(next) => next,
        Err(error) => return fail_page(call, &error),
    };
    let query = Query::of(call);
    let request = match query.request(&call.services().core) {
        Ok(request) => request,
        Err(refusal) => return refuse(call, refusal),
    };
    let pages = Pages { call, query: &query, request: &request };
    match next {
        Next::Done(cookie) => call.with_cookie(see_other(query.after_sign_in()), Some(&cookie)),
        Next::Step { form_token, step, cookie, refused } => {
            let cookie = cookie.filter(|cookie| !call.has_sent(cookie));
            call.with_cookie(pages.second_step(form_token, step, refused)?, cookie.as_ref())
        }
        Next::SignIn { form_token, identifier, refused } => pages.sign_in(form_token, identifier, Some(refused)),
        Next::Again => Ok(see_other(query.at(super::AUTHORIZATION_ENDPOINT))),
    }
}
