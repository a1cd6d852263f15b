//! The preferences of a client (RFC 7240), and validation without a change.
//!
//! `validate_only` is a parameter and not a preference, because a server may ignore any preference: the client would then
//! have changed what it only wanted to check. The word is that of AIP-163; no RFC has one.

use actix_web::{
    HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::Deserialize;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The query of a request that may be checked only.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct ValidateOnly {
    /// Whether to check the request and to change nothing.
    #[serde(default)]
    pub(super) validate_only: bool,
}

/// The preferences of a request. Others are ignored, as RFC 7240 demands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Preferences {
    handling: Option<Handling>,
    returning: Option<Return>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handling {
    Strict,
    Lenient,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Return {
    Minimal,
    Representation,
}

impl Preferences {
    /// Of a preference that comes twice the first counts (RFC 7240 section 2).
    pub(super) fn of(request: &HttpRequest) -> Self {
        let mut preferences = Self::default();
        let headers = request.headers().get_all(PREFER).filter_map(|value| value.to_str().ok());
        for preference in headers.flat_map(|value| value.split(',')) {
            let (name, value) = name_and_value(preference);
            match (name.as_str(), value) {
                ("handling", "strict") => preferences.handling = preferences.handling.or(Some(Handling::Strict)),
                ("handling", "lenient") => preferences.handling = preferences.handling.or(Some(Handling::Lenient)),
                ("return", "minimal") => preferences.returning = preferences.returning.or(Some(Return::Minimal)),
                ("return", "representation") => {
                    preferences.returning = preferences.returning.or(Some(Return::Representation));
                }
                _ => {}
            }
        }
        preferences
    }

    /// Whether members that cannot be changed are ignored and not refused.
    pub(super) fn is_lenient(self) -> bool {
        self.handling == Some(Handling::Lenient)
    }

    /// Whether the response has no body.
    pub(super) fn is_minimal(self) -> bool {
        self.returning == Some(Return::Minimal)
    }

    /// Tells the client which preferences were applied.
    pub(super) fn note(self, headers: &mut HeaderMap) {
        let handling = self.handling.map(|handling| match handling {
            Handling::Strict => "handling=strict",
            Handling::Lenient => "handling=lenient",
        });
        let returning = self.returning.map(|returning| match returning {
            Return::Minimal => "return=minimal",
            Return::Representation => "return=representation",
        });
        let applied: Vec<_> = handling.into_iter().chain(returning).collect();
        if let Some(value) = Some(applied.join(", ")).filter(|value| !value.is_empty())
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            headers.insert(PREFERENCE_APPLIED, value);
        }
    }
}

/// A preference without its parameters. Names are compared without regard to case.
fn name_and_value(preference: &str) -> (String, &str) {
    let preference = preference.split(';').next().unwrap_or_default();
    let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
    (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn of(values: &[&str]) -> (Preferences, String) {
        let mut request = TestRequest::patch();
        for value in values {
            request = request.append_header((PREFER, *value));
        }
        let preferences = Preferences::of(&request.to_http_request());
        let mut headers = HeaderMap::new();
        preferences.note(&mut headers);
        let applied = headers.get(PREFERENCE_APPLIED).map_or("", |value| value.to_str().unwrap());
        (preferences, applied.to_owned())
    }

    #[test]
    fn preferences_are_read_as_rfc_7240_writes_them() {
        for (values, applied) in [
            (&["return=minimal"][..], "return=minimal"),
            (&["Return = \"minimal\" ; foo=\"bar\""], "return=minimal"),
            (&["respond-async, wait=100", "handling=lenient"], "handling=lenient"),
            (&["handling=strict, return=representation"], "handling=strict, return=representation"),
            (&["return=minimal, return=representation"], "return=minimal"),
            (&["return=everything", "handling"], ""),
            (&[], ""),
        ] {
            assert_eq!(of(values).1, applied, "{values:?}");
        }
        assert!(of(&["handling=lenient"]).0.is_lenient() && !of(&["handling=strict"]).0.is_lenient());
        assert!(of(&["return=minimal"]).0.is_minimal() && !of(&[""]).0.is_minimal());
    }
}
