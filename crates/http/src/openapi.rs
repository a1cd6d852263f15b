//! The OpenAPI 3.1 document: every route of every contract, put together from their parts.

mod examples;

use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathsBuilder, ServerBuilder,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::contracts::CONTRACTS;

/// Security scheme of contracts that authenticate by the session cookie.
pub const SESSION_COOKIE: &str = "session_id";
/// Security scheme of contracts that authenticate by an access token.
pub const BEARER: &str = "bearer";

/// The document of this server.
pub fn document() -> OpenApi {
    let parts = CONTRACTS.iter().map(|contract| (contract.document)());
    let mut document = parts.fold(frame(), OpenApi::merge_from);
    examples::add(&mut document);
    document
}

/// What the contracts' parts are put into.
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
        .description(Some("An access token. When there is one, cookies are not looked at."));
    let schemes = [
        (SESSION_COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        (BEARER, SecurityScheme::Http(bearer.build())),
    ];
    let components = schemes
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, scheme)| components.security_scheme(name, scheme));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(PathsBuilder::new().build())
        .components(Some(components.build()))
        .servers(Some([ServerBuilder::new().url("/").description(Some("This server")).build()]))
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_document_is_openapi_3_1_with_both_security_schemes() {
        let document: Value = serde_json::from_str(&document().to_json().unwrap()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["info"]["title"], "Selfsame");
        let schemes = &document["components"]["securitySchemes"];
        assert_eq!(
            (&schemes[SESSION_COOKIE]["in"], &schemes[SESSION_COOKIE]["name"]),
            (&"cookie".into(), &"session_id".into())
        );
        assert_eq!((&schemes[BEARER]["scheme"], &schemes[BEARER]["bearerFormat"]), (&"bearer".into(), &"JWT".into()));
    }

    #[test]
    fn every_answer_with_a_body_has_an_example_that_fits_its_schema() {
        let document: Value = serde_json::from_str(&document().to_json().unwrap()).unwrap();
        let mut count = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                for (status, response) in operation["responses"].as_object().unwrap() {
                    for content in response["content"].as_object().into_iter().flat_map(serde_json::Map::values) {
                        let schema = json!({"$ref": "#/schema", "schema": content["schema"], "components": document["components"]});
                        let error = jsonschema::validator_for(&schema).unwrap().validate(&content["example"]).err();
                        assert!(error.is_none(), "{method} {path} {status}: {error:?} in {}", content["example"]);
                        count += 1;
                    }
                }
            }
        }
        assert!(count > 200, "{count}");
    }

    #[test]
    fn every_security_requirement_names_a_scheme_and_every_operation_has_an_id_of_its_own() {
        let document: Value = serde_json::from_str(&document().to_json().unwrap()).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let operations: Vec<&Value> = paths.flat_map(|path| path.as_object().unwrap().values()).collect();
        let mut ids: Vec<_> = operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
        ids.sort_unstable();
        let before = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), before, "{ids:?}");
        for requirement in operations.iter().filter_map(|operation| operation["security"].as_array()).flatten() {
            for name in requirement.as_object().unwrap().keys() {
                assert!([SESSION_COOKIE, BEARER].contains(&name.as_str()), "{name}");
            }
        }
    }
}
