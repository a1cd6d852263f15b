//! The means of checking settings: findings are collected, so that an operator learns of all of them at once. Pure.

use std::fmt::Display;

use url::Url;

use super::{secret::SecretUrl, units::Span};

/// The scheme that is the whole of its URL: the database of the accounts.
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
    /// Notes `message` about `key` unless `fine`.
    pub(super) fn require(&mut self, fine: bool, key: &'static str, message: impl Into<String>) {
        if !fine {
            self.0.push(Finding { key, message: message.into() });
        }
    }

    /// Refuses a value less than the first bound or greater than the second.
    pub(super) fn within<T: PartialOrd + Display + Copy>(
        &mut self,
        key: &'static str,
        value: T,
        (least, most): (T, T),
    ) {
        let message = format!("must lie between {least} and {most}, found {value}");
        self.require(least <= value && value <= most, key, message);
    }

    /// Refuses a URL of any other scheme. Does not quote it: it may hold a secret.
    ///
    /// What follows the scheme names something, save after [`WHOLE`], where nothing may follow.
    pub(super) fn scheme(&mut self, key: &'static str, url: &SecretUrl, schemes: &[&str]) {
        let is_whole = url.scheme() == WHOLE;
        let fine = schemes.contains(&url.scheme()) && url.after_scheme().is_empty() == is_whole;
        let alone = if schemes.contains(&WHOLE) { "; nothing follows database://" } else { "" };
        let message = format!("must begin with one of {}://, and name something{alone}", schemes.join("://, "));
        self.require(fine, key, message);
    }

    /// Refuses `greater` when it is less than `lesser`.
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

/// Enough to keep header injection and slips out (R5); the mailer parses it in earnest.
pub(super) fn is_address(text: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '>');
    text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(forbidden)
}
