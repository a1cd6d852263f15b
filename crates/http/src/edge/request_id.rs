//! The id of a request: in the answer, in every log line about it, and in the audit trail.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::ServiceRequest,
    http::header::{HeaderName, HeaderValue},
};

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// One to 64 characters of `[A-Za-z0-9._-]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Takes over what a proxy or a client sent if it is fit for a log, else makes one up.
    pub(super) fn assign(request: &ServiceRequest) -> Self {
        let sent = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        sent.filter(|id| is_sane(id)).map_or_else(Self::fresh, |id| Self(id.into()))
    }

    /// The id that a request was given; a fresh one for a request that never crossed the edge.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(Self::fresh)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    }

    /// Unique, and telling nothing about the number of requests. It guards nothing, so the randomness of the standard
    /// library's hash keys is enough.
    fn fresh() -> Self {
        static KEYS: LazyLock<(RandomState, RandomState)> = LazyLock::new(Default::default);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{:016x}{:016x}", KEYS.0.hash_one(number), KEYS.1.hash_one(number)).into())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_sane(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn assigned(sent: &str) -> String {
        RequestId::assign(&TestRequest::get().insert_header((HEADER, sent)).to_srv_request()).to_string()
    }

    #[test]
    fn a_sane_id_is_taken_over() {
        let longest = "a".repeat(64);
        for id in ["a", "7f3c.2-B_x", &longest] {
            assert_eq!(assigned(id), id);
        }
    }

    #[test]
    fn r81_an_id_that_is_not_fit_for_a_log_is_replaced() {
        let too_long = "a".repeat(65);
        for id in ["", "two words", "quote\"", "a\tb", "ü", &too_long] {
            let fresh = assigned(id);
            assert!(is_sane(&fresh) && fresh.len() == 32, "{fresh}");
        }
    }

    #[test]
    fn fresh_ids_differ() {
        assert_ne!(RequestId::fresh(), RequestId::fresh());
    }
}
