//! `/oauth/logout` (OpenID Connect RP-Initiated Logout 1.0). The user is asked, because any page can send a browser here.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    web::Payload,
};
use selfsame_application::{
    oauth::log_out::{AfterLogOut, LogOut},
    sessions::open::OpenSession,
};
use selfsame_domain::oauth::Untrusted;
use serde::Serialize;

use super::{
    Call, LOGOUT_ENDPOINT, SIGN_OUT,
    pages::{ErrorPage, FORM, fail_page, form_page, with_headers},
    request::{Query, see_other, source_of, with_query},
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    cookies::removal_cookies,
    site::page::{Page, respond, respond_with},
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The page on which the user agrees.
#[derive(Serialize)]
struct SignOutPage {
    action: String,
    form_token: String,
    #[serde(skip)]
    leads_to: Option<String>,
}

form_page!(SignOutPage, "sign_out.html", FORM);

/// The page after a sign-out that leads nowhere else.
#[derive(Serialize)]
struct SignedOutPage {}

impl Page for SignedOutPage {
    const TEMPLATE: &'static str = "signed_out.html";
    const IS_TRANSLATED: bool = true;
}

/// The parameters of a request.
struct Wish {
    after: Option<AfterLogOut>,
    id_token_hint: Option<String>,
    state: Option<String>,
}

impl Wish {
    fn of(query: &Query) -> Self {
        let id_token_hint = query.first("id_token_hint");
        let after = query.first("post_logout_redirect_uri").map(|redirect_uri| AfterLogOut {
            client_id: query.first("client_id"),
            id_token_hint: id_token_hint.clone(),
            redirect_uri,
        });
        Self { after, id_token_hint, state: query.first("state") }
    }

    /// The address to which the browser is sent afterwards.
    fn destination(&self) -> Option<String> {
        let uri = &self.after.as_ref()?.redirect_uri;
        let state = self.state.as_deref().map(|state| ("state", state));
        Some(with_query(uri, state))
    }
}

/// Nothing is sent to an address that is not the application's.
fn refuse_foreign(call: &Call, wish: &Wish) -> Option<HandlerResult> {
    let after = wish.after.as_ref()?;
    if after.is_allowed(&call.services().core) {
        return None;
    }
    Some(respond_with(StatusCode::BAD_REQUEST, call, &ErrorPage::of(Untrusted::ForeignAddress)))
}

/// Asks the user, if anybody is signed in.
pub(super) async fn get(call: Call) -> HandlerResult {
    let query = Query::of(&call);
    let wish = Wish::of(&query);
    if let Some(refused) = refuse_foreign(&call, &wish) {
        return refused;
    }
    let form_token = call
        .run(Lane::Database, |core, sender| {
            let Some(cookie) = sender.cookie() else { return Ok(None) };
            let view = OpenSession { cookie: Some(cookie.clone()) }.execute(core)?.view;
            Ok((!view.sign_ins.is_empty()).then(|| core.form_token(&cookie, None)))
        })
        .await;
    let form_token = match form_token {
        Ok(form_token) => form_token,
        Err(error) => return fail_page(&call, &error),
    };
    match form_token {
        Some(form_token) => {
            let leads_to = wish.after.as_ref().and_then(|after| source_of(&after.redirect_uri));
            let page = SignOutPage { action: query.at(SIGN_OUT), form_token, leads_to };
            Ok(with_headers(respond(&call, &page)?, None))
        }
        None => finish(&call, &wish),
    }
}

/// Ends the sign-ins.
pub(super) async fn sign_out(call: Call, payload: Payload) -> HandlerResult {
    let query = Query::of(&call);
    let wish = Wish::of(&query);
    if let Some(refused) = refuse_foreign(&call, &wish) {
        return refused;
    }
    let id_token_hint = wish.id_token_hint.clone();
    let body = call.body(payload).await?;
    let is_done = call
        .run(Lane::Database, move |core, sender| {
            let sent =
                body.read(|members: &mut Members<'_>| members.optional_text("form_token").unwrap_or_default())?;
            let Some(cookie) = sender.cookie().filter(|cookie| core.is_form_token(&sent, cookie, None)) else {
                return Ok(false);
            };
            LogOut { cookie, id_token_hint, context: sender.context }.execute(core)?;
            Ok(true)
        })
        .await;
    match is_done {
        Ok(true) => {}
        Ok(false) => return Ok(see_other(query.at(LOGOUT_ENDPOINT))),
        Err(error) => return fail_page(&call, &error),
    }
    let mut response = finish(&call, &wish)?;
    for cookie in removal_cookies(call.options().cookie) {
        response.add_cookie(&cookie)?;
    }
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static(r#""cache","storage""#));
    Ok(response)
}

fn finish(call: &Call, wish: &Wish) -> HandlerResult {
    match wish.destination() {
        Some(destination) => Ok(see_other(destination)),
        None => respond(call, &SignedOutPage {}),
    }
}

/// A form was reloaded: begins again.
pub(super) async fn again(call: Call) -> HttpResponse {
    see_other(Query::of(&call).at(LOGOUT_ENDPOINT))
}
