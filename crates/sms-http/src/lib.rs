//! [`SmsSender`](selfsame_ports::SmsSender) through the HTTP gateway of a provider. The operator describes the request:
//! the address, the credentials, and a template of the body.
//!
//! | file | content |
//! |---|---|
//! | `options.rs` | the options, and why they are refused |
//! | `template.rs` | the body: a form or JSON with placeholders |
//! | `gateway.rs` | sends it, and tells a failure that is worth another try from one that is not |

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod gateway;
mod options;
mod template;

pub use gateway::HttpGateway;
pub use options::{BodyFormat, GatewayOptions, SetupError};

/// Checks options without connecting.
pub fn check(options: &GatewayOptions) -> Result<(), SetupError> {
    HttpGateway::new(options).map(drop)
}
