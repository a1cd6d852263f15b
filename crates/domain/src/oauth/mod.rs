//! Authorization of applications (RFC 6749, RFC 7636, RFC 9700, OpenID Connect Core 1.0).

mod client;
mod consent;
mod pkce;
mod request;
mod scope;
mod signing_algorithm;

pub use client::{Client, ResourceServer, is_redirect_uri};
pub use consent::{AuthorizedClient, Consent};
pub use pkce::CodeChallenge;
pub use request::{AuthorizationFailure, AuthorizationRefusal, AuthorizationRequest, Prompt, Untrusted};
pub use scope::{Scope, Scopes};
pub use signing_algorithm::SigningAlgorithm;
