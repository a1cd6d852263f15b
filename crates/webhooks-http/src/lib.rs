//! [`WebhookSender`](selfsame_ports::WebhookSender) over HTTP, as Standard Webhooks 1.0 has it (standardwebhooks.com).
//!
//! | file | content |
//! |---|---|
//! | `secret.rs` | secrets in the form `whsec_…`, and the signature of a message |
//! | `endpoint.rs` | sends it, and tells what its endpoint made of it |

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod endpoint;
mod secret;

pub use endpoint::{EndpointOptions, HttpEndpoint, UrlError, check_url};
pub use secret::{MAX_SECRETS, SecretError, Secrets};
