//! The wire contracts. They do not know each other. All run the same use cases.
//!
//! A contract is a folder: `README.md` (its facts), `mod.rs` (its [`Contract`], its routes), `reasons.rs` (its errors),
//! and one file for each resource (wire types, handlers, documentation). To add one, add a folder and a line in
//! [`CONTRACTS`].

pub(crate) mod account;
#[cfg(test)]
mod conformance;
pub(crate) mod oauth;
pub(crate) mod profile_api;
pub(crate) mod rivergen;
#[cfg(test)]
mod tests;
pub(crate) mod wacht;

use actix_web::{HttpRequest, HttpResponse, web::ServiceConfig};
use selfsame_texts::Language;
use utoipa::openapi::OpenApi;

use self::{account::Account, oauth::OAuth, profile_api::ProfileApi, rivergen::RiverGen, wacht::Wacht};
use crate::{
    HttpOptions, Services,
    contract::{Contract, ContractSummary},
    credentials::Credentials,
    document::{assemble, part_of},
    failure::Failure,
    idempotency::KeyRefusal,
    language::Reader,
    rejection::Rejection,
    request_id::RequestId,
    site,
};

/// A contract without its type.
pub(crate) struct Entry {
    pub(crate) summary: ContractSummary,
    prefixes: &'static [&'static str],
    pub(crate) routes: fn(&mut ServiceConfig),
    /// Its part of the OpenAPI document, with the common error responses.
    pub(crate) document: fn() -> OpenApi,
    /// The response to a failure of the edge.
    pub(crate) respond: fn(Failure, &RequestId, Language) -> HttpResponse,
    /// Whether it honours `Idempotency-Key`.
    pub(crate) keeps_keys: bool,
    /// The response to a request with a key that is refused.
    pub(crate) refuse_key: fn(KeyRefusal, &RequestId, Language) -> HttpResponse,
    /// The credentials in a request.
    pub(crate) credentials: fn(&HttpRequest, &HttpOptions, &Services) -> Credentials,
}

impl Entry {
    const fn of<C: Contract>() -> Self {
        Self {
            summary: C::SUMMARY,
            prefixes: C::PREFIXES,
            routes: C::routes,
            document: part_of::<C>,
            respond: |failure, request_id, language| Rejection::<C>::from(failure).respond(request_id, language),
            keeps_keys: C::KEEPS_IDEMPOTENCY_KEYS,
            refuse_key: |refusal, request_id, language| C::refused_key(refusal).respond(request_id, language),
            credentials: C::credentials,
        }
    }

    /// The length of the longest prefix that a path is below, in whole segments.
    fn prefix_of(&self, path: &str) -> Option<usize> {
        let is_under =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.prefixes.iter().filter(|prefix| is_under(prefix)).map(|prefix| prefix.len()).max()
    }
}

/// All contracts.
pub(crate) const CONTRACTS: &[Entry] = &[
    Entry::of::<Wacht>(),
    Entry::of::<ProfileApi>(),
    Entry::of::<RiverGen>(),
    Entry::of::<OAuth>(),
    Entry::of::<Account>(),
];

/// The response to a failure outside of the handlers of contracts, in the form of the contract of the path.
pub(crate) fn refuse(request: &HttpRequest, failure: Failure) -> HttpResponse {
    (of_path(request.path()).respond)(failure, &RequestId::of(request), Reader::of(request).language())
}

/// The OpenAPI document of this server.
pub fn document() -> OpenApi {
    assemble(CONTRACTS.iter().map(|contract| (contract.document)()).chain([site::document()]))
}

/// The descriptions of all contracts.
pub fn contracts() -> impl Iterator<Item = ContractSummary> {
    CONTRACTS.iter().map(|contract| contract.summary)
}

/// Whether a path is below the prefix of a contract.
pub(crate) fn is_mounted(path: &str) -> bool {
    CONTRACTS.iter().any(|contract| contract.prefix_of(path).is_some())
}

/// The contract of a path, which may not exist: the one with the longest matching prefix. Without a match it is the
/// account contract.
pub(crate) fn of_path(path: &str) -> &'static Entry {
    static DEFAULT: Entry = Entry::of::<Account>();
    CONTRACTS
        .iter()
        .filter(|contract| contract.prefix_of(path).is_some())
        .max_by_key(|contract| contract.prefix_of(path))
        .unwrap_or(&DEFAULT)
}

#[cfg(test)]
mod paths {
    use super::*;

    #[test]
    fn prefixes_match_whole_segments_and_the_longest_wins() {
        for (path, name) in [
            ("/", "account"),
            ("/me", "wacht"),
            ("/me/", "wacht"),
            ("/menu", "account"),
            ("/session/token", "wacht"),
            ("/sessions", "account"),
            ("/api/v1/me", "profile_api"),
            ("/api/v1/author", "profile_api"),
            ("/api/v1/auth", "rivergen"),
            ("/api/v1/sessions/12", "rivergen"),
            ("/api/v1/account/emails", "account"),
            ("/oauth/token/revoke", "oauth"),
            ("/api/v2", "account"),
        ] {
            assert_eq!(of_path(path).summary.name, name, "{path}");
        }
    }
}
