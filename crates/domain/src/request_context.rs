//! The request context: who sends a request, and its id.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{IdempotencyClaim, TokenHash};

/// Where a request comes from, for the audit trail, rate limits and lists of devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestContext {
    /// The client's IP address; `X-Forwarded-For` counts behind trusted proxies only (R59).
    pub ip: Option<IpAddr>,
    /// `User-Agent`, shortened.
    pub user_agent: Option<String>,
    /// The id of the request in logs and responses.
    pub request_id: String,
    /// The language tag that the client accepts first of those that this server has.
    #[serde(default)]
    pub locale: Option<String>,
    /// The hash of the token of a remembered device, if the client sent a well-formed one. It is not verified.
    #[serde(skip)]
    pub device: Option<TokenHash>,
    /// The idempotency key under which the request takes effect, if it has one. A unit of work of this request is committed
    /// only while the request has the key (R69).
    #[serde(skip)]
    pub idempotency: Option<IdempotencyClaim>,
}
