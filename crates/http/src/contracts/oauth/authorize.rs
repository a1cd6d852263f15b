//! `/oauth/authorize` (RFC 6749 section 3.1), and the consent.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Fault,
    oauth::authorize::{Authorization, Authorize, AuthorizeError},
};
use selfsame_domain::{OpaqueToken, User, UserId, oauth::AuthorizationFailure};

use super::{
    AUTHORIZATION_ENDPOINT, Call,
    pages::{Pages, fail_page, refuse},
    request::{Query, see_other, success_uri},
};
use crate::{Lane, body::Members, call::HandlerResult, failure::Failure};

/// What comes next.
enum Next {
    SignIn { form_token: String, new_cookie: Option<OpaqueToken> },
    Consent { form_token: String, user: Box<User> },
    Code(OpaqueToken),
    Failed(AuthorizationFailure),
}

/// An authorization request: a page, or a redirect to the client.
pub(super) async fn get(call: Call) -> HandlerResult {
    answer(&call, None).await
}

/// A request to this endpoint or to that of the sign-out as a form of the client's page. It is sent again by GET, with the cookie that a browser sends with that.
pub(super) async fn post(call: Call, payload: Payload) -> HandlerResult {
    let form = call.bytes_of("application/x-www-form-urlencoded", payload).await?;
    let form = String::from_utf8(form.to_vec()).ok();
    let is_query = |form: &String| form.bytes().all(|byte| byte.is_ascii_graphic()) && !form.contains('#');
    let form = form.filter(is_query).ok_or_else(|| call.refuse(Failure::BadRequest))?;
    let target = format!("{}?{form}", call.request().path());
    if target.len() > call.options().limits.url {
        return Err(call.refuse(Failure::BodyTooLarge));
    }
    Ok(see_other(target))
}

/// A form was reloaded, or its address typed: begins again.
pub(super) async fn again(call: Call) -> HttpResponse {
    see_other(Query::of(&call).at(AUTHORIZATION_ENDPOINT))
}

/// The decision of the user.
struct ConsentForm {
    form_token: String,
    user: Option<UserId>,
    is_allowed: bool,
}

impl ConsentForm {
    fn read(members: &mut Members<'_>) -> Self {
        let mut text = |name| members.optional_text(name).unwrap_or_default();
        Self {
            form_token: text("form_token"),
            user: text("user").parse().ok(),
            is_allowed: text("decision") == "allow",
        }
    }
}

/// The consent. Without the token of the page for this user it is asked for again.
pub(super) async fn consent(call: Call, payload: Payload) -> HandlerResult {
    let query = Query::of(&call);
    let request = match query.request(&call.services().core) {
        Ok(request) => request,
        Err(refusal) => return refuse(&call, refusal),
    };
    let body = call.body(payload).await?;
    let form = call
        .run(Lane::Database, move |core, sender| {
            let form = body.read(ConsentForm::read)?;
            let cookie = sender.cookie();
            let is_genuine = cookie.is_some_and(|cookie| core.is_form_token(&form.form_token, &cookie, form.user));
            Ok(Some(form).filter(|form| is_genuine && form.user.is_some()))
        })
        .await;
    match form {
        Err(error) => fail_page(&call, &error),
        Ok(Some(ConsentForm { is_allowed: false, .. })) => {
            let pages = Pages { call: &call, query: &query, request: &request };
            Ok(pages.fail(AuthorizationFailure::AccessDenied))
        }
        Ok(form) => answer(&call, form.and_then(|form| form.user)).await,
    }
}

async fn answer(call: &Call, consented: Option<UserId>) -> HandlerResult {
    let query = Query::of(call);
    let request = match query.request(&call.services().core) {
        Ok(request) => request,
        Err(refusal) => return refuse(call, refusal),
    };
    let asked = request.clone();
    // A known consent gives a code also by GET.
    let next = call
        .run(Lane::Writing, move |core, sender| {
            let cookie = sender.cookie();
            let authorize = Authorize { request: asked, cookie: cookie.clone(), consented, context: sender.context };
            let form_token = |cookie: Option<&OpaqueToken>, user| {
                Ok::<_, Failure>(core.form_token(cookie.ok_or(Failure::Internal)?, user))
            };
            Ok(match authorize.execute(core) {
                Ok(Authorization::SignIn { new_cookie }) => {
                    Next::SignIn { form_token: form_token(new_cookie.as_ref().or(cookie.as_ref()), None)?, new_cookie }
                }
                Ok(Authorization::Consent(user)) => {
                    Next::Consent { form_token: form_token(cookie.as_ref(), Some(user.id))?, user: Box::new(user) }
                }
                Ok(Authorization::Code(code)) => Next::Code(code),
                Err(error) => Next::Failed(failure_of(&error)),
            })
        })
        .await;
    let next = match next {
        Ok(next) => next,
        Err(error) => return fail_page(call, &error),
    };
    let pages = Pages { call, query: &query, request: &request };
    match next {
        Next::SignIn { form_token, new_cookie } => {
            call.with_cookie(pages.sign_in(form_token, None, None)?, new_cookie.as_ref())
        }
        Next::Consent { form_token, user } => pages.consent(form_token, &user),
        Next::Code(code) => Ok(see_other(success_uri(&request, call.services().core.issuer(), code.expose()))),
        Next::Failed(failure) => Ok(pages.fail(failure)),
    }
}

/// The error for the client. A fault is in the log alone.
fn failure_of(error: &AuthorizeError) -> AuthorizationFailure {
    match error {
        AuthorizeError::LoginRequired => AuthorizationFailure::LoginRequired,
        AuthorizeError::ConsentRequired => AuthorizationFailure::ConsentRequired,
        AuthorizeError::Fault(Fault::Internal(cause)) => {
            tracing::error!(cause, "an authorization request failed");
            AuthorizationFailure::ServerError
        }
        AuthorizeError::Fault(fault) => {
            tracing::warn!(cause = %fault, "an authorization request cannot be served now");
            AuthorizationFailure::TemporarilyUnavailable
        }
    }
}
