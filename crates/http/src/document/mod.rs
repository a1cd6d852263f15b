//! The OpenAPI 3.1 document: the routes of all contracts, and the pages for programs.
//!
//! The annotation of a handler describes what is specific to its route. The common error responses are added here. They
//! follow from the credentials and the body in the annotation, so that none can be forgotten.

mod examples;
mod failures;

use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, RefOr, Schema,
    ServerBuilder,
    external_docs::ExternalDocs,
    path::Operation,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::contract::Contract;

pub(crate) use self::failures::{Documented, Fails, Frozen, RateLimited, TooNew};

/// Security scheme of contracts that authenticate by the session cookie.
const SESSION_COOKIE: &str = "session_id";
/// Security scheme of contracts that authenticate by an access token.
const BEARER: &str = "bearer";
/// Security scheme of the introspection endpoint: `id` and secret of a resource server.
const RESOURCE_SERVER: &str = "resource_server";

/// Merges the parts, and adds examples.
pub(crate) fn assemble(parts: impl Iterator<Item = OpenApi>) -> OpenApi {
    let mut document = parts.fold(frame(), OpenApi::merge_from);
    drop_unused_schemas(&mut document);
    examples::add(&mut document);
    document
}

/// Drops the schemas that nothing refers to: those of the `data` of an envelope, which has them inline.
fn drop_unused_schemas(document: &mut OpenApi) {
    loop {
        let Ok(text) = document.to_json() else { return };
        let Some(components) = &mut document.components else { return };
        let before = components.schemas.len();
        components.schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
        if components.schemas.len() == before {
            return;
        }
    }
}

/// The part of a contract, with the schemas of its errors.
pub(crate) fn part_of<C: Contract>() -> OpenApi {
    let mut part = completed::<C>(C::document());
    let components = part.components.get_or_insert_default();
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(C::Error::name().into_owned(), C::Error::schema())];
    C::Error::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.responses.extend(failures::components::<C>());
    part
}

/// Adds the common error responses, in the form of a contract.
pub(crate) fn completed<C: Contract>(mut part: OpenApi) -> OpenApi {
    for item in part.paths.paths.values_mut() {
        for (is_safe, operation) in operations(item) {
            failures::complete::<C>(operation, is_safe);
        }
        if C::KEEPS_IDEMPOTENCY_KEYS
            && let Some(post) = &mut item.post
        {
            failures::keyed::<C>(post);
        }
    }
    part
}

/// The operations of a path, each with whether its method is safe (RFC 9110 section 9.2.1).
fn operations(path: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem { get, head, put, post, patch, delete, .. } = path;
    let all = [(true, get), (true, head), (false, put), (false, post), (false, patch), (false, delete)];
    all.into_iter().filter_map(|(is_safe, operation)| Some((is_safe, operation.as_mut()?)))
}

/// The document without routes.
fn frame() -> OpenApi {
    let license = LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Selfsame")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "One account, the same behind every contract: what is changed through one is read through the others in \
             the next request.",
        ))
        .license(Some(license));
    let cookie = ApiKeyValue::with_description(
        "session_id",
        "Set by the server; `HttpOnly`. Unsafe requests from a browser must come from this origin or an allowed one.",
    );
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token. With one, cookies are ignored."));
    let resource_server = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("The id and the secret of a resource server that the operator has registered."));
    let schemes = [
        (SESSION_COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        (BEARER, SecurityScheme::Http(bearer.build())),
        (RESOURCE_SERVER, SecurityScheme::Http(resource_server.build())),
    ];
    let components = schemes
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, scheme)| components.security_scheme(name, scheme));
    let mut guide = ExternalDocs::new("/docs/guide");
    guide.description = Some("The order of calls for each flow, cookies, sites and origins.".to_owned());
    OpenApiBuilder::new()
        .info(info.build())
        .paths(PathsBuilder::new().build())
        .components(Some(components.build()))
        .external_docs(Some(guide))
        .servers(Some([ServerBuilder::new().url("/").description(Some("This server")).build()]))
        .build()
}

#[cfg(test)]
mod tests;
