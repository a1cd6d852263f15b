//! The use cases of the account server: one file, one use case, one struct with its input, one `execute`. A folder for
//! each capability.
//!
//! A use case knows the domain and the ports and nothing of wire formats, databases or clocks. It reads top to bottom:
//! rate limits first, slow hashing outside of any transaction, then one unit of work that writes the change, its audit
//! row and its mail together. Errors of the caller are in the use case's own error type, all others are a [`Fault`].

mod account;
pub mod activity;
mod app_urls;
pub mod attempts;
mod attributes_schema;
pub mod capabilities;
pub mod core;
pub mod data;
pub mod deletion;
pub mod devices;
pub mod exports;
pub mod fault;
pub mod human_check;
pub mod idempotency;
pub mod identifiers;
pub mod issuers;
pub mod limits;
mod look;
pub mod mail;
pub mod oauth;
pub mod operator;
pub mod passkeys;
pub mod password;
pub mod policy;
pub mod profile;
pub mod second_factors;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod undo;
pub mod webhooks;

pub use crate::{
    app_urls::AppUrls,
    attributes_schema::AttributesSchema,
    core::{Core, Ports},
    fault::Fault,
    issuers::IssuerPolicy,
    limits::Limits,
    look::{BrandColor, Look},
    oauth::OAuthPolicy,
    policy::{LONGEST_MAIL_USE, Policy},
    sessions::{
        authenticate::{Authenticate, Caller, Credential},
        principal::Principal,
        view::SessionView,
    },
};
