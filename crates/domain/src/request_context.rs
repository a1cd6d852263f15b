//! The request in which something happens.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Who is on the other side of the wire, as far as the server can tell: for audit, limits and lists of devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestContext {
    /// The address, found behind trusted proxies only (R59).
    pub ip: Option<IpAddr>,
    /// `User-Agent`, shortened.
    pub user_agent: Option<String>,
    /// The id of the request in logs and answers.
    pub request_id: String,
}
