//! The pages of the flow: sign-in, second step, consent, error. They work without scripts; only passkeys need one.

use actix_web::{
    Error, HttpResponse,
    http::{
        StatusCode,
        header::{REFERRER_POLICY, RETRY_AFTER},
    },
};
use selfsame_domain::{
    Scope, User,
    oauth::{AuthorizationFailure, AuthorizationRefusal, AuthorizationRequest, Untrusted},
};
use serde::Serialize;

use super::{
    CONSENT, Call, PASSKEY, PASSKEY_OPTIONS, SECOND_STEP, SIGN_IN,
    request::{Query, failure_uri, see_other, source_of},
};
use crate::{
    call::HandlerResult,
    rejection::whole_seconds,
    site::{
        page::{Page, respond_with},
        policy::ContentPolicy,
    },
};

/// The page whose form is sent to this server, which may answer it by a redirect to the client.
pub(super) const FORM: ContentPolicy = ContentPolicy { forms: "'self'", ..ContentPolicy::STATIC };

/// The same with a script of this server.
const SCRIPTED_FORM: ContentPolicy = ContentPolicy { forms: "'self'", ..ContentPolicy::SCRIPTED };

/// Implements [`Page`] for a page with a form.
macro_rules! form_page {
    ($page:ident, $template:literal, $policy:expr) => {
        impl Page for $page {
            const TEMPLATE: &'static str = $template;
            const IS_TRANSLATED: bool = true;
            const POLICY: $crate::site::policy::ContentPolicy = $policy;

            fn leads_to(&self) -> Option<&str> {
                self.leads_to.as_deref()
            }
        }
    };
}
pub(super) use form_page;

/// The page on which the user signs in.
#[derive(Serialize)]
struct SignInPage {
    application: String,
    action: String,
    form_token: String,
    identifier: String,
    /// Empty: there is no sign-in in progress.
    attempt: &'static str,
    passkey: Option<PasskeyButton>,
    /// The text that says why the page is shown again.
    failure: Option<&'static str>,
    cancel: String,
    #[serde(skip)]
    leads_to: Option<String>,
}

form_page!(SignInPage, "sign_in.html", SCRIPTED_FORM);

/// The button for a passkey.
#[derive(Serialize)]
struct PasskeyButton {
    /// Where the script gets the options.
    options: &'static str,
    /// Where the form is sent.
    action: String,
}

/// The page on which the user proves something more.
#[derive(Serialize)]
struct SecondStepPage {
    by: &'static str,
    address: String,
    action: String,
    form_token: String,
    attempt: String,
    passkey: Option<PasskeyButton>,
    /// The text that says why the page is shown again.
    failure: Option<&'static str>,
    again: String,
    #[serde(skip)]
    leads_to: Option<String>,
}

form_page!(SecondStepPage, "second_step.html", SCRIPTED_FORM);

/// The page on which the user consents.
#[derive(Serialize)]
struct ConsentPage {
    application: String,
    user: String,
    user_id: String,
    /// The texts that say what each scope allows.
    purposes: Vec<String>,
    returns_to: String,
    action: String,
    form_token: String,
    again: String,
    #[serde(skip)]
    leads_to: Option<String>,
}

form_page!(ConsentPage, "consent.html", FORM);

/// The page for a request whose client is not known, and for a failure of this server.
#[derive(Serialize)]
pub(super) struct ErrorPage {
    /// The text that says why.
    message: &'static str,
}

impl ErrorPage {
    pub(super) fn of(untrusted: Untrusted) -> Self {
        let message = match untrusted {
            Untrusted::Repeated => "oauth-error-repeated",
            Untrusted::UnknownClient => "oauth-error-unknown-application",
            Untrusted::ForeignAddress => "oauth-error-foreign-address",
        };
        Self { message }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "authorization_error.html";
    const IS_TRANSLATED: bool = true;
}

/// Why a form is shown again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    /// The text that says why.
    pub(super) message: &'static str,
    /// The time before another try.
    pub(super) wait: Option<std::time::Duration>,
}

impl Refused {
    /// A wrong input.
    pub(super) fn input(message: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message, wait: None }
    }

    /// Too many tries.
    pub(super) fn limited(wait: std::time::Duration) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, message: "page-too-many", wait: Some(wait) }
    }
}

/// What the user still has to prove.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// `otp`, `email`, `sms`, `passkey` or `backup_code`.
    pub(super) by: &'static str,
    /// Where a code was sent, masked.
    pub(super) address: String,
    /// The id of the attempt.
    pub(super) attempt: String,
}

/// The pages of one request.
pub(super) struct Pages<'c> {
    pub(super) call: &'c Call,
    pub(super) query: &'c Query,
    pub(super) request: &'c AuthorizationRequest,
}

impl Pages<'_> {
    pub(super) fn sign_in(
        &self,
        form_token: String,
        identifier: Option<String>,
        refused: Option<Refused>,
    ) -> HandlerResult {
        let (status, failure, wait) = parts(refused);
        let page = SignInPage {
            application: self.request.client.name.clone(),
            action: self.query.at(SIGN_IN),
            form_token,
            attempt: "",
            passkey: self.passkey(),
            identifier: identifier.or_else(|| self.request.login_hint.clone()).unwrap_or_default(),
            failure,
            cancel: self.failure_uri(AuthorizationFailure::AccessDenied),
            leads_to: source_of(&self.request.redirect_uri),
        };
        Ok(with_headers(respond_with(status, self.call, &page)?, wait))
    }

    pub(super) fn second_step(&self, form_token: String, step: Step, refused: Option<Refused>) -> HandlerResult {
        let (status, failure, wait) = parts(refused);
        let page = SecondStepPage {
            by: step.by,
            address: step.address,
            action: self.query.at(SECOND_STEP),
            form_token,
            attempt: step.attempt,
            passkey: self.passkey().filter(|_| step.by == "passkey"),
            failure,
            again: self.query.signing_in_again(),
            leads_to: source_of(&self.request.redirect_uri),
        };
        Ok(with_headers(respond_with(status, self.call, &page)?, wait))
    }

    pub(super) fn consent(&self, form_token: String, user: &User) -> HandlerResult {
        let user = self.call.services().core.policy.fields.shown(user);
        let email = user.primary_email().map(|email| email.value.clone());
        let page = ConsentPage {
            application: self.request.client.name.clone(),
            user: email.or_else(|| user.display_name()).unwrap_or_else(|| user.id.to_string()),
            user_id: user.id.to_string(),
            purposes: self.request.scopes.iter().map(purpose).collect(),
            returns_to: source_of(&self.request.redirect_uri).unwrap_or_default(),
            action: self.query.at(CONSENT),
            form_token,
            again: self.query.signing_in_again(),
            leads_to: source_of(&self.request.redirect_uri),
        };
        Ok(with_headers(respond_with(StatusCode::OK, self.call, &page)?, None))
    }

    /// None while passkeys are off.
    fn passkey(&self) -> Option<PasskeyButton> {
        let is_on = self.call.services().core.has_passkeys();
        is_on.then(|| PasskeyButton { options: PASSKEY_OPTIONS, action: self.query.at(PASSKEY) })
    }

    fn failure_uri(&self, failure: AuthorizationFailure) -> String {
        let AuthorizationRequest { redirect_uri, state, .. } = self.request;
        failure_uri(redirect_uri, state.as_deref(), self.call.services().core.issuer(), failure)
    }

    /// Tells the client of an error.
    pub(super) fn fail(&self, failure: AuthorizationFailure) -> HttpResponse {
        see_other(self.failure_uri(failure))
    }
}

/// The text that says what a scope allows.
fn purpose(scope: Scope) -> String {
    format!("oauth-scope-{}", scope.as_str().replace([':', '_'], "-"))
}

fn parts(refused: Option<Refused>) -> (StatusCode, Option<&'static str>, Option<std::time::Duration>) {
    match refused {
        Some(Refused { status, message, wait }) => (status, Some(message), wait),
        None => (StatusCode::OK, None, None),
    }
}

/// With `Referrer-Policy: no-referrer` a browser sends `Origin: null` with a form, and older ones nothing else by which a request
/// of this origin is known.
pub(super) fn with_headers(mut response: HttpResponse, wait: Option<std::time::Duration>) -> HttpResponse {
    use actix_web::http::header::HeaderValue;

    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
    }
    response
}

/// The page for a request that could not be served. The cause is in the log already.
pub(super) fn fail_page(call: &Call, error: &Error) -> HandlerResult {
    let refused = error.error_response();
    let message = match refused.status() {
        StatusCode::TOO_MANY_REQUESTS => "page-too-many",
        StatusCode::SERVICE_UNAVAILABLE => "oauth-error-busy",
        StatusCode::FORBIDDEN => "oauth-failure-frozen",
        _ => "oauth-error-server",
    };
    let mut response = respond_with(refused.status(), call, &ErrorPage { message })?;
    if let Some(wait) = refused.headers().get(RETRY_AFTER) {
        response.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    Ok(response)
}

/// The response to a request that is refused: an error page if the client is not known, otherwise the client is told.
pub(super) fn refuse(call: &Call, refusal: AuthorizationRefusal) -> HandlerResult {
    match refusal {
        AuthorizationRefusal::Untrusted(untrusted) => {
            tracing::info!(?untrusted, "an authorization request was refused");
            respond_with(StatusCode::BAD_REQUEST, call, &ErrorPage::of(untrusted))
        }
        AuthorizationRefusal::Told { redirect_uri, state, failure } => {
            tracing::info!(error = failure.code(), "an authorization request was refused");
            let issuer = call.services().core.issuer();
            Ok(see_other(failure_uri(&redirect_uri, state.as_deref(), issuer, failure)))
        }
    }
}
