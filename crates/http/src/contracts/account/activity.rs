//! `/api/v1/account/activity`: what happened to the account, from its audit trail, each item with its receipt (R79, R80).

use actix_web::{
    http::header::LINK,
    web::{Path, Query},
};
use selfsame_application::{
    Core,
    activity::{
        list::ListActivity,
        read::{ReadActivity, RecordWithReceipt},
    },
};
use selfsame_domain::{Action, ActivityKind, AuditRecord, Difference, FieldRight, Instant, User, UserAgent};
use selfsame_texts::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    activity_titles::title,
    pages::{Page, PageQuery, PageRequest},
    reasons::{INVALID_CURSOR, INVALID_FILTER, INVALID_LIMIT, UNKNOWN_ACTIVITY},
    receipts::ReceiptObject,
    sign_ins::PlaceObject,
};
use crate::{Lane, call::HandlerResult, language, rejection::Rejection, time::timestamp};

const PATH: &str = "/api/v1/account/activity";

/// The kinds, for the document.
#[derive(ToSchema)]
#[schema(as = account::ActivityKind, rename_all = "snake_case")]
#[expect(dead_code, reason = "for the OpenAPI document")]
enum KindValue {
    Account,
    SignIn,
    Email,
    Phone,
    Password,
    SecondFactor,
    Passkey,
    Profile,
    Device,
    Application,
    Export,
    Deletion,
    /// Of an action that this version does not know.
    Other,
}

/// What happened to the account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::ActivityList)]
struct ActivityList {
    /// The newest first.
    activity: Vec<ActivityObject>,
}

/// One thing that happened. Its details may have been erased; the rest stays.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Activity)]
struct ActivityObject {
    /// Its place in the trail of the account, from 1.
    #[schema(example = 42)]
    sequence: i64,
    #[schema(value_type = KindValue, example = "sign_in")]
    kind: &'static str,
    /// The action, for programs.
    #[serde(rename = "type")]
    #[schema(example = "sign_in.started")]
    action: String,
    /// A sentence for people, in the language of `Content-Language`.
    #[schema(example = "Somebody signed in to the account.")]
    title: String,
    /// Who did it: `user`, the account itself; `other_user`; `anonymous`, somebody who was not signed in; `operator`.
    #[schema(example = "user", pattern = "^(user|other_user|anonymous|operator)$")]
    actor: &'static str,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    occurred_at: String,
    /// The sign-in in which it was done.
    #[schema(required, example = "445301278613502")]
    sign_in_id: Option<String>,
    /// The request, as in the header `X-Request-Id` of its response.
    #[schema(example = "5f1c9a3be07d42c8b6a4e1f09d3c7b52", max_length = 64)]
    request_id: String,
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
    /// What changed, without claims that the operator has switched off. Never a secret; some addresses are masked.
    changes: Vec<ChangeObject>,
    /// Whether address, client and changes were erased.
    #[schema(example = false)]
    details_erased: bool,
}

/// A member before and after a change.
#[derive(Serialize, ToSchema)]
#[schema(as = account::ActivityChange)]
struct ChangeObject {
    /// JSON Pointer (RFC 6901), from the account.
    #[schema(example = "/given_name")]
    pointer: String,
    /// `null` if it was not set.
    #[schema(required, example = "Ada")]
    before: Value,
    /// `null` if it is not set any more.
    #[schema(required, example = "Grace")]
    after: Value,
}

/// One thing that happened, with its receipt.
#[derive(Serialize, ToSchema)]
#[schema(as = account::ActivityWithReceipt)]
struct ActivityWithReceipt {
    #[serde(flatten)]
    activity: ActivityObject,
    receipt: ReceiptObject,
}

/// The parameters of the list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ActivityQuery {
    kind: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

impl ActivityQuery {
    /// The use case, and the page.
    fn read(&self) -> Result<(ListActivity, PageRequest), Rejection<Account>> {
        let request = PageQuery { limit: self.limit.clone(), cursor: self.cursor.clone() }.read()?;
        let list = ListActivity {
            kind: parameter("kind", "the name of a kind", self.kind.as_deref(), ActivityKind::from_name)?,
            since: parameter("since", "a time as in RFC 3339", self.since.as_deref(), instant)?,
            until: parameter("until", "a time as in RFC 3339", self.until.as_deref(), instant)?,
            before: request.after.map(|(sequence, _)| sequence),
            limit: request.limit,
        };
        Ok((list, request))
    }

    /// The filters, for the links.
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let filters = [("kind", &self.kind), ("since", &self.since), ("until", &self.until)];
        filters.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }
}

/// An optional parameter. An invalid one is refused, because the client would take another list for the one it asked for.
fn parameter<T>(
    name: &str,
    expected: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Rejection<Account>> {
    let Some(text) = text else { return Ok(None) };
    let message = || format!("The parameter {name} must be {expected}.");
    parse(text).map(Some).ok_or_else(|| Rejection::from(INVALID_FILTER).with_message(message()))
}

/// A place in a path. It has one spelling, so that two paths never name one resource.
fn place(text: &str) -> Option<i64> {
    text.parse().ok().filter(|place: &i64| place.to_string() == text)
}

fn instant(text: &str) -> Option<Instant> {
    // A plus sign that was not encoded is read as a blank.
    text.replace(' ', "+").parse().ok()
}

impl ActivityObject {
    /// A record of the trail of `user`.
    fn of(record: &AuditRecord, user: &User, core: &Core, language: Language) -> Self {
        let action = Action::from_stored(&record.action);
        let details = record.read_details();
        let details_erased = details.is_none();
        let details = details.unwrap_or_default();
        let client = UserAgent::of(details.user_agent.as_deref().unwrap_or_default());
        let is_shown = |difference: &Difference| core.policy.fields.at(&difference.pointer) != FieldRight::Off;
        let change = |Difference { pointer, old, new }| ChangeObject { pointer, before: old, after: new };
        Self {
            sequence: record.sequence,
            kind: action.map_or("other", |action| action.kind().as_str()),
            action: record.action.clone(),
            title: title(&record.action, language),
            actor: actor(record),
            occurred_at: timestamp(record.occurred_at),
            sign_in_id: record.sign_in_id.map(|id| id.to_string()),
            request_id: record.request_id.clone(),
            place: PlaceObject::of(core, details.ip.as_deref(), user),
            ip: details.ip,
            browser: client.browser,
            system: client.system,
            user_agent: details.user_agent,
            changes: details.changes.into_iter().filter(is_shown).map(change).collect(),
            details_erased,
        }
    }
}

/// Who did it. The id of another user is not told.
fn actor(record: &AuditRecord) -> &'static str {
    match record.actor.as_str() {
        "anonymous" => "anonymous",
        "operator" => "operator",
        id if id == record.subject.to_string() => "user",
        _ => "other_user",
    }
}

/// The response, which states the language of its sentences.
fn respond(call: &Call, representation: &impl Serialize) -> HandlerResult {
    let mut response = call.respond_with_tag(representation)?;
    language::add_headers(response.headers_mut(), call.language());
    Ok(response)
}

/// List the activity
///
/// What happened to the account, the newest first, in pages. Follow `next` of the header `Link`: a page may have fewer items
/// than `limit`, or none, though another page follows.
#[utoipa::path(
    get, path = "/api/v1/account/activity", operation_id = "account_list_activity", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("kind" = Option<KindValue>, Query, description = "Items of this kind only.", example = "sign_in"),
        ("since" = Option<String>, Query, description = "Items from this time on, as in RFC 3339.",
            example = "2026-01-01T00:00:00Z"),
        ("until" = Option<String>, Query, description = "Items before this time, as in RFC 3339.",
            example = "2027-01-01T00:00:00Z"),
        ("limit" = Option<u32>, Query, description = "Items of a page, 1 to 100.", example = 50),
        ("cursor" = Option<String>, Query, description = "The next page, from the header `Link` of this one. Opaque."),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "What happened.", body = ActivityList, headers(
            ("ETag" = String, description = "Strong."),
            ("Link" = String, description = "`first`, and `next` if there is one (RFC 8288)."),
        )),
        (status = 304, description = "The page matches `If-None-Match`."),
        Fails<(INVALID_LIMIT, INVALID_CURSOR, INVALID_FILTER)>,
    ),
)]
pub(super) async fn list(call: Call, query: Query<ActivityQuery>) -> HandlerResult {
    let asked = query.clone();
    let page = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let (list, request) = asked.read()?;
            let found = list.execute(core, &caller)?;
            let item = |record| ActivityObject::of(record, &caller.user, core, sender.language());
            let items = found.records.iter().map(item).collect();
            Ok(Page { request, items, next: found.next.map(|sequence| (sequence, 0)) })
        })
        .await?;
    let (links, activity) = page.into_filtered_parts(PATH, &query.filters());
    let mut response = respond(&call, &ActivityList { activity })?;
    response.headers_mut().insert(LINK, links);
    Ok(response)
}

/// Read one item of the activity
///
/// With its receipt.
#[utoipa::path(
    get, path = "/api/v1/account/activity/{sequence}", operation_id = "account_get_activity", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("sequence" = i64, Path, description = "Its place in the trail of the account.", example = 1),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "What happened.", body = ActivityWithReceipt,
            headers(("ETag" = String, description = "Strong."))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<UNKNOWN_ACTIVITY>,
    ),
)]
pub(super) async fn get(call: Call, sequence: Path<String>) -> HandlerResult {
    let found = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let sequence = place(&sequence).ok_or(UNKNOWN_ACTIVITY)?;
            let found = ReadActivity { sequence }.execute(core, &caller)?;
            let RecordWithReceipt { record, receipt } = found.ok_or(UNKNOWN_ACTIVITY)?;
            let activity = ActivityObject::of(&record, &caller.user, core, sender.language());
            Ok(ActivityWithReceipt { activity, receipt: receipt.into() })
        })
        .await?;
    respond(&call, &found)
}
