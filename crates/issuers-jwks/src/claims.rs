//! The claims of a token whose signature is good.

use selfsame_domain::{Instant, external_identity::is_subject};
use selfsame_ports::{ForeignClaims, ForeignTokenError};
use serde_json::{Map, Value};

use crate::options::IssuerOptions;

/// Longer texts of the profile are left out unread.
const TEXT_MAX_BYTES: usize = 1024;
/// Most scopes and methods that are looked at.
const LIST_MAX: usize = 100;

type Claims = Map<String, Value>;

/// Checks issuer, audience, subject and instants, and maps the other claims. A claim that is not of its type counts as missing if
/// it is optional.
pub(crate) fn check(
    claims: &Claims,
    options: &IssuerOptions,
    now: Instant,
    leeway: i64,
) -> Result<ForeignClaims, ForeignTokenError> {
    let names = &options.claims;
    let read = || {
        let is_for_us = text(claims, "iss") == Some(&options.issuer) && has_audience(claims, &options.audience);
        let subject = text(claims, &names.subject).filter(|subject| is_for_us && is_subject(subject))?;
        let (issued_at, expires_at) = (seconds(claims, "iat")?, seconds(claims, "exp")?);
        let not_before = if claims.contains_key("nbf") { seconds(claims, "nbf")? } else { issued_at };
        Some((subject.to_owned(), issued_at, expires_at, not_before))
    };
    let (subject, issued_at, expires_at, not_before) = read().ok_or(ForeignTokenError::Invalid)?;
    if issued_at.max(not_before) > now.timestamp().saturating_add(leeway) {
        return Err(ForeignTokenError::Invalid);
    }
    if now.timestamp() >= expires_at.saturating_add(leeway) {
        return Err(ForeignTokenError::Expired);
    }
    let profile = |name: &str| text(claims, name).filter(|text| text.len() <= TEXT_MAX_BYTES).map(ToOwned::to_owned);
    let instant = |seconds| Instant::from_timestamp(seconds, 0);
    Ok(ForeignClaims {
        issuer: options.issuer.clone(),
        subject,
        issued_at: instant(issued_at).ok_or(ForeignTokenError::Invalid)?,
        verified_email: profile(&names.email).filter(|_| is_true(claims.get(&names.email_verified))),
        name: profile(&names.name),
        given_name: profile(&names.given_name),
        family_name: profile(&names.family_name),
        scopes: words(claims.get(&names.scope)),
        client_id: profile("client_id").or_else(|| profile("azp")),
        authenticated_at: seconds(claims, "auth_time").and_then(instant),
        methods: words(claims.get("amr")),
    })
}

fn text<'c>(claims: &'c Claims, name: &str) -> Option<&'c String> {
    match claims.get(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// A `NumericDate` (RFC 7519 section 2), rounded down.
fn seconds(claims: &Claims, name: &str) -> Option<i64> {
    let number = claims.get(name)?.as_number()?;
    let rounded = || {
        let float = number.as_f64().filter(|float| (0.0..1e12).contains(float))?;
        format!("{float:.0}", float = float.floor()).parse().ok()
    };
    number.as_i64().filter(|number| (0..1_000_000_000_000).contains(number)).or_else(rounded)
}

fn has_audience(claims: &Claims, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(several)) => several.iter().any(|one| one == audience),
        _ => false,
    }
}

/// Some issuers write it as text.
fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| *value == Value::Bool(true) || value == "true")
}

/// Words separated by blanks, or in a list.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text.split_ascii_whitespace().take(LIST_MAX).map(ToOwned::to_owned).collect(),
        Some(Value::Array(list)) => {
            list.iter().take(LIST_MAX).filter_map(Value::as_str).map(ToOwned::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
