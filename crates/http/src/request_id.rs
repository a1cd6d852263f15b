//! The id of a request. It is in the response, in the log and in the audit trail.

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

use crate::HttpOptions;

pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// One to 64 characters of `[A-Za-z0-9._-]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The id from a trusted proxy, if it is valid; otherwise a new one. An id from any other peer is ignored, because
    /// the audit trail has it (R81).
    pub(crate) fn assign(request: &ServiceRequest, options: &HttpOptions) -> Self {
        let is_from_proxy = request.peer_addr().is_some_and(|peer| options.trusts(&peer.ip().to_canonical()));
        let sent = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        sent.filter(|id| is_from_proxy && is_valid(id)).map_or_else(Self::generate, |id| Self(id.into()))
    }

    /// The id of a request; a new one if the request did not pass the edge.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(Self::generate)
    }

    /// An id for examples.
    pub(crate) fn fixed(id: &str) -> Self {
        Self(id.into())
    }

    /// Its text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    }

    /// A unique id, which does not show the number of requests. It is not a secret, so the random hash keys of the
    /// standard library are sufficient.
    fn generate() -> Self {
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

fn is_valid(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn assigned_from(peer: &str, sent: &str) -> String {
        let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let options = HttpOptions { trusted_proxies, ..HttpOptions::new("https://id.example".parse().unwrap()) };
        let request = TestRequest::get().peer_addr(format!("{peer}:4711").parse().unwrap());
        RequestId::assign(&request.insert_header((HEADER, sent)).to_srv_request(), &options).to_string()
    }

    fn assigned(sent: &str) -> String {
        assigned_from("10.0.0.1", sent)
    }

    #[test]
    fn r81_an_id_from_a_stranger_is_not_taken() {
        let assigned = assigned_from("203.0.113.5", "mine");
        assert!(assigned != "mine" && assigned.len() == 32, "{assigned}");
    }

    #[test]
    fn a_sane_id_of_a_proxy_is_taken() {
        let longest = "a".repeat(64);
        for id in ["a", "7f3c.2-B_x", &longest] {
            assert_eq!(assigned(id), id);
        }
    }

    #[test]
    fn r81_an_id_that_is_not_fit_for_a_log_is_replaced() {
        let too_long = "a".repeat(65);
        for id in ["", "two words", "quote\"", "a\tb", "ü", &too_long] {
            let generated = assigned(id);
            assert!(is_valid(&generated) && generated.len() == 32, "{generated}");
        }
    }

    #[test]
    fn fresh_ids_differ() {
        assert_ne!(RequestId::generate(), RequestId::generate());
    }
}
