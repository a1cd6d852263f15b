//! The wire contracts, side by side. None knows another; all ask the same use cases.
//!
//! A contract is a folder: `mod.rs` (its routes, the contract in prose, its [`Contract`]), `handlers.rs` (decode, run, encode),
//! `wire.rs` (its types, to and from the domain), `rejection.rs` (its words for every refusal). Adding one is that
//! folder and one line in [`CONTRACTS`]; if its framework failures have a shape of their own, a variant of
//! [`crate::ErrorStyle`] too.

mod account;
mod profile_api;
pub(crate) mod rivergen;
pub(crate) mod wacht;

#[cfg(test)]
mod tests;

use std::fmt;

use actix_web::web::ServiceConfig;
use utoipa::openapi::OpenApi;

/// What people are told of a contract: on the landing page, and when the server starts.
#[derive(Clone, Copy, Debug)]
pub struct ContractSummary {
    /// Its name; the tag of its routes in the OpenAPI document.
    pub name: &'static str,
    /// Under which paths its routes are.
    pub mounts: &'static [&'static str],
    /// What it is, in a line.
    pub description: &'static str,
}

impl fmt::Display for ContractSummary {
    /// Name and mounts, for a line of the server's banner.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.mounts.join(" "))
    }
}

/// What the server needs of a contract.
pub(crate) struct Contract {
    /// For people.
    pub(crate) summary: ContractSummary,
    /// Mounts its routes. One `web::resource` per path, so that a wrong method is a 405 that names the right ones.
    pub(crate) routes: fn(&mut ServiceConfig),
    /// Its part of the OpenAPI document, with full paths.
    pub(crate) document: fn() -> OpenApi,
}

/// All of them.
pub(crate) const CONTRACTS: &[Contract] =
    &[wacht::CONTRACT, profile_api::CONTRACT, rivergen::CONTRACT, account::CONTRACT];

/// What this server speaks.
pub fn contracts() -> impl Iterator<Item = ContractSummary> {
    CONTRACTS.iter().map(|contract| contract.summary)
}
