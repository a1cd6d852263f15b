//! Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): a request that is sent again has its effect once, and
//! gets the response of the first one (R69).
//!
//! A request [claims](claim) its key before anything else. The unit of work of its change is committed only while it has
//! the key, and notes that in the same transaction. At the end its response is [kept](complete), sealed, or the key is
//! free again because nothing was changed.

pub mod claim;
pub mod complete;

/// The context in which a response is sealed.
fn seal_context(key: &[u8; 32]) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    format!("idempotency:{}", URL_SAFE_NO_PAD.encode(key))
}
