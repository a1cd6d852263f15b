//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): the budgets that a request has charged, and
//! the one with the least left. Budgets in the row of the account, such as that of changes of the profile, are not shown.

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
    let least = budgets.iter().filter_map(|budget| Some((budget.left?, budget.name))).min();
    let least = least.map(|(left, name)| {
        let next_in = left.next_in.map(|wait| format!(";t={}", whole_seconds(wait)));
        format!("\"{name}\";r={}{}", left.count, next_in.unwrap_or_default())
    });
    insert(headers, RATE_LIMIT_POLICY, &budgets.iter().map(policy).collect::<Vec<_>>());
    insert(headers, RATE_LIMIT, least.as_slice());
}

fn insert(headers: &mut HeaderMap, name: HeaderName, items: &[String]) {
    if !items.is_empty()
        && let Ok(value) = HeaderValue::from_str(&items.join(", "))
    {
        headers.insert(name, value);
    }
}
