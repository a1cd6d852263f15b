//! Helpers for checks of settings. Findings are collected, so that an operator sees all of them at once. Pure
//! functions.

use std::fmt::Display;

use url::Url;

use super::{secret::SecretUrl, units::Span};

/// The scheme without anything after it: the database of the accounts.
const WHOLE: &str = "database";

/// A setting that is refused, and why.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) key: &'static str,
    pub(super) message: String,
}

/// Collects findings.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    /// Adds `message` about `key` unless `fine`.
    pub(super) fn require(&mut self, fine: bool, key: &'static str, message: impl Into<String>) {
        if !fine {
            self.0.push(Finding { key, message: message.into() });
        }
    }

    /// Adds a finding if a value is less than the first bound or greater than the second.
    pub(super) fn within<T: PartialOrd + Display + Copy>(
        &mut self,
        key: &'static str,
        value: T,
        (least, most): (T, T),
    ) {
        let message = format!("must lie between {least} and {most}, found {value}");
        self.require(least <= value && value <= most, key, message);
    }

    /// Adds a finding for a URL with any other scheme. It does not quote the URL, which may contain a secret.
    ///
    /// Something must follow the scheme, except after [`WHOLE`], where nothing may follow.
    pub(super) fn scheme(&mut self, key: &'static str, url: &SecretUrl, schemes: &[&str]) {
        let is_whole = url.scheme() == WHOLE;
        let fine = schemes.contains(&url.scheme()) && url.after_scheme().is_empty() == is_whole;
        let alone = if schemes.contains(&WHOLE) { "; nothing follows database://" } else { "" };
        let message = format!("must begin with one of {}://, and name something{alone}", schemes.join("://, "));
        self.require(fine, key, message);
    }

    /// Adds a finding if `greater` is less than `lesser`.
    pub(super) fn ordered(&mut self, lesser: (&str, Span), greater: (&'static str, Span)) {
        self.require(lesser.1 <= greater.1, greater.0, format!("must be at least {}", lesser.0));
    }
}

/// Scheme, host and port and nothing else, spelled as browsers spell an origin.
pub(super) fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text.to_ascii_lowercase()
    })
}

/// A rough check against header injection and typing errors (R5); the mailer parses the address completely.
pub(super) fn is_address(text: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '>');
    text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(forbidden)
}
