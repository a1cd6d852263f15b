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

use actix_web::web::ServiceConfig;
use utoipa::openapi::OpenApi;

/// What the server needs of a contract.
pub(crate) struct Contract {
    /// Mounts its routes. One `web::resource` per path, so that a wrong method is a 405 that names the right ones.
    pub(crate) routes: fn(&mut ServiceConfig),
    /// Its part of the OpenAPI document, with full paths.
    pub(crate) document: fn() -> OpenApi,
}

/// All of them.
pub(crate) const CONTRACTS: &[Contract] =
    &[account::CONTRACT, profile_api::CONTRACT, rivergen::CONTRACT, wacht::CONTRACT];
