//! `/api/v1/account/sign-ins`: the sign-ins of the account (R49).

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, LINK},
    web::{Path, Payload, Query},
};
use selfsame_application::{
    Caller, Core,
    sessions::{
        end::{EndOtherSignIns, EndSignIn},
        list::{ListSignIns, ReadSignIn},
        name::NameSignIn,
        sign_out::SignOut,
    },
};
use selfsame_domain::{Change, Factor, Instant, Place, RequestContext, SignIn, SignInId, User, UserAgent, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    entity_tag::{Condition, tag_of},
    pages::{MAX_LIMIT, Page, PageQuery, PageRequest},
    profile::with_accept_patch,
    reasons::{INVALID_CURSOR, INVALID_LIMIT, RESOURCE_CHANGED, UNKNOWN_SIGN_IN},
};
use crate::{
    Lane, body::Members, call::HandlerResult, cookies::removal_cookies, document::RateLimited, rejection::Rejection,
    time::timestamp,
};

const PATH: &str = "/api/v1/account/sign-ins";
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The active sign-ins of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SignIns)]
struct SignIns {
    /// The most recently used first.
    sign_ins: Vec<SignInObject>,
}

/// A device or an application that is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = account::SignIn)]
pub(super) struct SignInObject {
    #[schema(example = "445301278613502")]
    id: String,
    /// Whether this request belongs to it.
    #[schema(example = true)]
    current: bool,
    /// The factors of the last authentication.
    #[schema(example = json!(["password"]))]
    methods: Vec<&'static str>,
    /// The name that the user gave it.
    #[schema(required, example = "Work laptop", max_length = 64)]
    name: Option<String>,
    #[schema(required, example = "192.0.2.7")]
    ip: Option<String>,
    /// Where that address is; `null` if it is not known.
    #[schema(required)]
    place: Option<PlaceObject>,
    #[schema(
        required,
        example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        max_length = 512
    )]
    user_agent: Option<String>,
    /// The family of the browser.
    #[schema(required, example = "Firefox")]
    browser: Option<&'static str>,
    /// The operating system.
    #[schema(required, example = "Linux")]
    system: Option<&'static str>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    /// The time of the last authentication.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    authenticated_at: String,
    /// Exact to a few minutes.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    last_active_at: String,
    #[schema(format = DateTime, example = "2026-04-13T15:09:26.535Z")]
    expires_at: String,
}

/// The place of an IP address, in words of the user's language or in English.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Place)]
pub(super) struct PlaceObject {
    #[schema(required, example = "Amsterdam")]
    city: Option<String>,
    #[schema(required, example = "North Holland")]
    region: Option<String>,
    #[schema(required, example = "Netherlands")]
    country: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(required, example = "NL")]
    country_code: Option<String>,
}

impl PlaceObject {
    /// The place of a stored address of this user.
    pub(super) fn of(core: &Core, ip: Option<&str>, user: &User) -> Option<Self> {
        let Place { city, region, country, country_code, .. } = core.place_of(ip, user.locale.as_deref())?;
        Some(Self { city, region, country, country_code })
    }
}

/// The new name of a sign-in.
#[derive(ToSchema)]
#[schema(as = account::SignInPatch)]
struct SignInPatch {
    /// `null` removes it.
    #[schema(value_type = Option<String>, required = false, example = "Work laptop", max_length = 64)]
    name: Change<String>,
}

impl SignInPatch {
    /// Reads the patch. Other members are refused (R63).
    fn read(members: &mut Members<'_>) -> Self {
        let patch = Self { name: members.text("name") };
        members.reject_other_changes(&["name"]);
        patch
    }

    /// The use case; `None` if nothing is to be changed.
    fn into_use_case(self, id: SignInId, context: RequestContext) -> Option<NameSignIn> {
        let name = match self.name {
            Change::Keep => return None,
            Change::Clear => None,
            Change::Set(name) => Some(name),
        };
        Some(NameSignIn { id, name, context })
    }
}

impl SignInObject {
    /// A sign-in of `user`, as the client of the sign-in `current` sees it.
    pub(super) fn of(sign_in: SignIn, current: SignInId, user: &User, core: &Core) -> Self {
        let client = UserAgent::of(sign_in.user_agent.as_deref().unwrap_or_default());
        Self {
            id: sign_in.id.to_string(),
            current: sign_in.id == current,
            name: sign_in.name,
            place: PlaceObject::of(core, sign_in.ip.as_deref(), user),
            browser: client.browser,
            system: client.system,
            methods: sign_in.assurance.methods.iter().map(Factor::as_str).collect(),
            created_at: timestamp(sign_in.created_at),
            authenticated_at: timestamp(sign_in.assurance.authenticated_at),
            last_active_at: timestamp(sign_in.last_active_at),
            expires_at: timestamp(sign_in.expires_at),
            ip: sign_in.ip,
            user_agent: sign_in.user_agent,
        }
    }
}

/// List the sign-ins
///
/// All browsers and applications that are signed in to the account, in pages. A page may have fewer items than `limit`
/// although there is a next one.
#[utoipa::path(
    get, path = "/api/v1/account/sign-ins", operation_id = "account_list_sign_ins", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "Items of a page, 1 to 100.", example = 50),
        ("cursor" = Option<String>, Query, description = "The next page, from the header `Link` of this one. Opaque."),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "Active sign-ins.", body = SignIns, headers(
            ("ETag" = String, description = "Strong."),
            ("Link" = String, description = "`first`, and `next` if there is one (RFC 8288)."),
        )),
        (status = 304, description = "The page matches `If-None-Match`."),
        Fails<(INVALID_LIMIT, INVALID_CURSOR)>,
    ),
)]
pub(super) async fn list(call: Call, query: Query<PageQuery>) -> HandlerResult {
    let page = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            page_of(core, &caller, query.read()?)
        })
        .await?;
    let (links, sign_ins) = page.into_parts(PATH);
    let mut response = call.respond_with_tag(&SignIns { sign_ins })?;
    response.headers_mut().insert(LINK, links);
    Ok(response)
}

/// Read a sign-in
#[utoipa::path(
    get, path = "/api/v1/account/sign-ins/{id}", operation_id = "account_get_sign_in", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Id of the sign-in.", example = "445301278613502"),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "The sign-in.", body = SignInObject,
            headers(("ETag" = String, description = "Strong; for `If-Match`."))),
        (status = 304, description = "The sign-in matches `If-None-Match`."),
        Fails<UNKNOWN_SIGN_IN>,
    ),
)]
pub(super) async fn get(call: Call, id: Path<String>) -> HandlerResult {
    let sign_in = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            find(core, &caller, &id)
        })
        .await?;
    call.respond_with_tag(&sign_in)
}

/// Sign out
///
/// Ends the sign-in of this request. A browser that has no other one loses its cookie, and deletes its data of this host.
#[utoipa::path(
    delete, path = "/api/v1/account/sign-ins/current", operation_id = "account_sign_out", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 204, description = "Signed out.", headers(
        ("Set-Cookie" = String, description = "Removes the session cookies, if no sign-in is left in the browser."),
        ("Clear-Site-Data" = String, description = "Under the same condition."),
    ))),
)]
pub(super) async fn sign_out(call: Call) -> HandlerResult {
    let is_last_of_browser = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let sign_out = match sender.cookie() {
                Some(cookie) => SignOut::One { cookie, sign_in: caller.sign_in.id },
                None => SignOut::Own(caller.principal.clone()),
            };
            sign_out.execute(core, &sender.context)?;
            Ok(caller.session.is_some_and(|session| session.sign_ins.len() <= 1))
        })
        .await?;
    let mut response = HttpResponse::NoContent();
    if is_last_of_browser {
        response.insert_header((CLEAR_SITE_DATA, r#""cache","storage""#));
        for cookie in removal_cookies(call.options().cookie) {
            response.cookie(cookie);
        }
    }
    Ok(response.finish())
}

/// Name a sign-in
///
/// So that its user knows it among others.
#[utoipa::path(
    patch, path = "/api/v1/account/sign-ins/{id}", operation_id = "account_patch_sign_in", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Id of the sign-in.", example = "445301278613502"),
        ("If-Match" = Option<String>, Header, description = "The entity tag that the sign-in must have."),
    ),
    request_body(
        description = "A merge patch (RFC 7396).",
        content((SignInPatch = "application/merge-patch+json"), (SignInPatch = "application/json"))
    ),
    responses(
        (status = 200, description = "The sign-in.", body = SignInObject,
            headers(("ETag" = String, description = "Of the changed sign-in."))),
        Fails<(UNKNOWN_SIGN_IN, RESOURCE_CHANGED, RateLimited)>,
    ),
)]
pub(super) async fn rename(call: Call, id: Path<String>, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let condition = Condition::of(call.request());
    let body = call.try_body(payload).await;
    let sign_in = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let patch = body.map_err(with_accept_patch)?.read(SignInPatch::read)?;
            if condition.is_some() {
                condition.check(&tag_of(&find(core, &caller, &id)?)?)?;
            }
            if let Some(name) = patch.into_use_case(parse(&id)?, sender.context) {
                name.execute(core, &caller)?;
            }
            find(core, &caller, &id)
        })
        .await?;
    call.respond_with_tag(&sign_in)
}

/// End a sign-in
///
/// Its cookie, access tokens and refresh tokens become invalid at once. It may be the one of this request.
#[utoipa::path(
    delete, path = "/api/v1/account/sign-ins/{id}", operation_id = "account_end_sign_in", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Id of the sign-in.", example = "445301278613502"),
        ("If-Match" = Option<String>, Header, description = "The entity tag that the sign-in must have."),
    ),
    responses((status = 204, description = "The sign-in has ended."), Fails<(UNKNOWN_SIGN_IN, RESOURCE_CHANGED)>),
)]
pub(super) async fn end(call: Call, id: Path<String>) -> HandlerResult {
    let condition = Condition::of(call.request());
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        if condition.is_some() {
            condition.check(&tag_of(&find(core, &caller, &id)?)?)?;
        }
        Ok(EndSignIn { id: parse(&id)?, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all other sign-ins
///
/// Only the sign-in of this request stays. Remembered devices are forgotten.
#[utoipa::path(
    delete, path = "/api/v1/account/sign-ins", operation_id = "account_end_other_sign_ins", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-Match" = Option<String>, Header,
        description = "The entity tag that the first page of the list must have, of 100 items.")),
    responses((status = 204, description = "The sign-ins have ended."), Fails<RESOURCE_CHANGED>),
)]
pub(super) async fn end_others(call: Call) -> HandlerResult {
    let condition = Condition::of(call.request());
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        if condition.is_some() {
            let page = page_of(core, &caller, PageRequest { after: None, limit: MAX_LIMIT })?;
            condition.check(&tag_of(&SignIns { sign_ins: page.items })?)?;
        }
        Ok(EndOtherSignIns { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A page of the sign-ins of the caller's account.
fn page_of(core: &Core, caller: &Caller, request: PageRequest) -> Result<Page<SignInObject>, Rejection<Account>> {
    let after = request
        .after
        .and_then(|(used_at, id)| Some((Instant::from_timestamp_micros(used_at)?, SignInId::from_number(id))));
    let page = ListSignIns { after, limit: request.limit }.execute(core, caller)?;
    let object = |sign_in| SignInObject::of(sign_in, caller.sign_in.id, &caller.user, core);
    Ok(Page {
        request,
        items: page.sign_ins.into_iter().map(object).collect(),
        next: page.next.map(|(used_at, id)| (used_at.timestamp_micros(), id.number())),
    })
}

/// A sign-in of the caller's account. An invalid id is an unknown one.
fn find(core: &Core, caller: &Caller, id: &str) -> Result<SignInObject, Rejection<Account>> {
    let found = ReadSignIn { id: parse(id)? }.execute(core, caller)?.ok_or(UNKNOWN_SIGN_IN)?;
    Ok(SignInObject::of(found, caller.sign_in.id, &caller.user, core))
}

/// An id in a path. An unreadable one is an unknown one (R62).
fn parse(id: &str) -> Result<SignInId, Rejection<Account>> {
    id.parse().map_err(|_unreadable| UNKNOWN_SIGN_IN.into())
}
