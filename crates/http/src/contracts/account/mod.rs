//! The account contract, this project's own: the whole account as one resource, `/api/v1/account`.
//!
//! | method | what |
//! |---|---|
//! | `GET`, `HEAD` | the account in OpenID Connect's words, with a strong `ETag`; 304 for `If-None-Match` |
//! | `PATCH` | a merge patch (RFC 7396) as `application/merge-patch+json` or `application/json`; 412 unless `If-Match` holds |
//!
//! The caller comes with the session cookie or a Bearer token; with a token the cookie is not looked at (R44). Errors are
//! problem details (RFC 9457) with the request's id; those of a body list `pointer`, `claim`, `rule` and `detail` of all
//! that is wrong. Members that cannot be changed are refused, not ignored (R63).
//!
//! Must not know: other contracts, or any rule of the account.

mod call;
mod entity_tag;
mod handlers;
mod rejection;
#[cfg(test)]
mod tests;
mod wire;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use super::{Contract, ContractSummary};

/// What the server mounts.
pub(crate) const CONTRACT: Contract = Contract { summary: SUMMARY, routes, document: Document::openapi };

const SUMMARY: ContractSummary = ContractSummary {
    name: "account",
    mounts: &["/api/v1/account"],
    description: "Selfsame's own: one resource, merge patches, entity tags, problem details.",
};

#[derive(OpenApi)]
#[openapi(
    paths(handlers::get_account, handlers::patch_account),
    tags((name = SUMMARY.name, description = SUMMARY.description))
)]
struct Document;

fn routes(config: &mut ServiceConfig) {
    let account = web::resource("/api/v1/account");
    config.service(account.get(handlers::get_account).head(handlers::get_account).patch(handlers::patch_account));
}
