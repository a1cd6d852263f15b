//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): the budgets that a request has charged, and
//! the exhausted one. What is left of the others is not shown: it would cost a statement more.

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use selfsame_application::limits::ChargedBudget;

use crate::rejection::whole_seconds;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The budgets that a request has charged, in its extensions.
struct Charged(Vec<ChargedBudget>);

/// Remembers the budgets that a request has charged.
pub(crate) fn remember(request: &HttpRequest, mut budgets: Vec<ChargedBudget>) {
    let mut extensions = request.extensions_mut();
    if let Some(Charged(earlier)) = extensions.remove::<Charged>() {
        budgets.extend(earlier);
    }
    extensions.insert(Charged(budgets));
}

/// Adds the headers of the budgets that a request has charged.
pub(crate) fn add_headers(request: &HttpRequest, headers: &mut HeaderMap) {
    let extensions = request.extensions();
    let Some(Charged(budgets)) = extensions.get::<Charged>().filter(|charged| !charged.0.is_empty()) else { return };
    let policy =
        |budget: &ChargedBudget| format!("\"{}\";q={};w={}", budget.name, budget.quota, whole_seconds(budget.window));
    let left =
        |budget: &ChargedBudget| budget.wait.map(|wait| format!("\"{}\";r=0;t={}", budget.name, whole_seconds(wait)));
    insert(headers, RATE_LIMIT_POLICY, &budgets.iter().map(policy).collect::<Vec<_>>());
    insert(headers, RATE_LIMIT, &budgets.iter().filter_map(left).collect::<Vec<_>>());
}

fn insert(headers: &mut HeaderMap, name: HeaderName, items: &[String]) {
    if !items.is_empty()
        && let Ok(value) = HeaderValue::from_str(&items.join(", "))
    {
        headers.insert(name, value);
    }
}
