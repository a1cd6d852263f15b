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
    Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text)
}

/// The origin of a page inside an app, such as `capacitor://localhost`, `tauri://localhost` or `app://bundle`.
pub(super) fn is_app_origin(text: &str) -> bool {
    // What a browser loads from such an address has no origin of its own, or is anything at all.
    const NO_APP: [&str; 10] = ["http", "https", "file", "data", "blob", "javascript", "about", "ws", "wss", "ftp"];
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c))
        && !NO_APP.contains(&scheme);
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_host = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    is_scheme && is_host && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// An origin as a browser spells it: in small letters, without the default port and a slash at the end. Another text is
/// returned as it is, for the check that refuses it.
pub(super) fn normal_origin(text: &str) -> String {
    let trimmed = text.trim();
    if let Ok(url) = Url::parse(trimmed)
        && matches!(url.scheme(), "http" | "https")
    {
        let has_more = !url.path().trim_matches('/').is_empty()
            || url.query().is_some()
            || url.fragment().is_some()
            || trimmed.contains(['@', '\\']);
        return if has_more { text.to_owned() } else { url.origin().ascii_serialization() };
    }
    match trimmed.split_once("://") {
        Some((scheme, host)) => {
            format!("{}://{}", scheme.to_ascii_lowercase(), host.trim_end_matches('/').to_ascii_lowercase())
        }
        None => text.to_owned(),
    }
}

/// Name and address of `Name <address>`, with or without quotes around the name (RFC 5322 section 3.4).
pub(super) fn mailbox(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.trim().rsplit_once('<')?;
    let address = rest.strip_suffix('>')?.trim();
    let name = name.trim();
    let name = match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => name.to_owned(),
    };
    Some((name, address.to_owned()))
}

/// A rough check against header injection and typing errors (R5); the mailer parses the address completely.
pub(super) fn is_address(text: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '>');
    text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_spelled_as_browsers_spell_it() {
        for (written, spelled) in [
            ("https://App.Example.COM", "https://app.example.com"),
            ("HTTPS://app.example.com/", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://LOCALHOST:3000", "http://localhost:3000"),
            (" https://b\u{fc}cher.example ", "https://xn--bcher-kva.example"),
            ("Capacitor://LocalHost", "capacitor://localhost"),
            ("tauri://localhost/", "tauri://localhost"),
        ] {
            let normal = normal_origin(written);
            assert_eq!(normal, spelled, "{written}");
            assert!(is_origin(&normal) || is_app_origin(&normal), "{written}");
        }
    }

    #[test]
    fn what_is_no_origin_stays_as_it_is_and_is_refused() {
        for text in [
            "https://a.example/path",
            "https://a.example?x",
            "https://a.example#x",
            "https://u@a.example",
            "a.example",
            "null",
            "*",
            "https://",
            "app://",
            "app://a/b",
            "app://a b",
            "file://x",
            "data://x",
            "javascript://x",
            "1app://x",
            "app://x:99999",
        ] {
            let normal = normal_origin(text);
            assert!(!is_origin(&normal) && !is_app_origin(&normal), "{text}: {normal}");
        }
    }

    #[test]
    fn a_sender_may_have_a_name() {
        for (text, name, address) in [
            ("Selfsame <no-reply@example.com>", "Selfsame", "no-reply@example.com"),
            ("\"Ada, Inc.\" <a@example.com>", "Ada, Inc.", "a@example.com"),
            ("\"Say \\\"hi\\\"\" <a@example.com>", "Say \"hi\"", "a@example.com"),
            ("<a@example.com>", "", "a@example.com"),
        ] {
            assert_eq!(mailbox(text), Some((name.to_owned(), address.to_owned())), "{text}");
        }
        for text in ["a@example.com", "Ada <a@example.com", "a@example.com>"] {
            assert_eq!(mailbox(text), None, "{text}");
        }
    }
}
