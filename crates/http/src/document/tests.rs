//! Tests of the document alone. `conformance.rs` of the contracts compares it with the server.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::contracts::document;

fn written() -> Value {
    serde_json::from_str(&document().to_json().unwrap()).unwrap()
}

/// Method, path and operation of all documented routes.
fn operations_of(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
        .collect()
}

/// What a reference leads to; anything else is itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    value["$ref"].as_str().map_or(value, |reference| document.pointer(reference.trim_start_matches('#')).unwrap())
}

#[test]
fn the_document_is_openapi_3_1_with_both_security_schemes() {
    let document = written();
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
fn every_body_has_an_example_that_fits_its_schema() {
    let document = written();
    let mut count = 0;
    for (method, path, operation) in operations_of(&document) {
        let responses = operation["responses"].as_object().unwrap().iter();
        let bodies = responses.map(|(status, response)| (status.as_str(), resolved(&document, response)));
        for (what, body) in bodies.chain([("request", &operation["requestBody"])]) {
            for content in body["content"].as_object().into_iter().flat_map(serde_json::Map::values) {
                let several =
                    content["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
                let examples: Vec<_> = content.get("example").into_iter().chain(several).collect();
                assert!(!examples.is_empty(), "{method} {path} {what}");
                let schema =
                    json!({"$ref": "#/schema", "schema": content["schema"], "components": document["components"]});
                let schema = jsonschema::validator_for(&schema).unwrap();
                for example in examples {
                    let error = schema.validate(example).err();
                    assert!(error.is_none(), "{method} {path} {what}: {error:?} in {example}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn every_operation_says_who_may_call_it_and_has_an_id_of_its_own() {
    let document = written();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations_of(&document) {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        let security = operation["security"].as_array().unwrap_or_else(|| panic!("{method} {path}: no security"));
        assert!(!security.is_empty(), "{method} {path}");
        for name in security.iter().flat_map(|requirement| requirement.as_object().unwrap().keys()) {
            assert!([SESSION_COOKIE, BEARER, RESOURCE_SERVER].contains(&name.as_str()), "{method} {path}: {name}");
        }
    }
}

/// Operations of features that are not enabled.
const ALWAYS_REFUSED: [&str; 6] = [
    "/auth/complete-profile",
    "/me/init-sso-connection",
    "/me/sso-connection-callback",
    "/me/social-connections/{id}/disconnect",
    "/session/switch-organization",
    "/session/switch-workspace",
];

#[test]
fn what_every_operation_of_its_kind_may_answer_is_documented() {
    let document = written();
    for (method, path, operation) in operations_of(&document) {
        let is_documented = |status: &str| operation["responses"].get(status).is_some();
        let mut statuses = vec!["414", "431", "500", "503"];
        if !["get", "head"].contains(&method) {
            statuses.push("403");
        }
        if operation.get("requestBody").is_some() {
            statuses.extend(["408", "413", "415"]);
        }
        if !operation["security"].as_array().unwrap().contains(&json!({})) {
            statuses.push("401");
        }
        for status in statuses {
            assert!(is_documented(status), "{method} {path}: {status}");
        }
        let leads_on = |status: &String| status.starts_with('2') || status == "302";
        let has_success = operation["responses"].as_object().unwrap().keys().any(leads_on);
        assert_eq!(has_success, !ALWAYS_REFUSED.contains(&path), "{method} {path}");
    }
}

#[test]
fn every_failure_has_the_form_of_the_contract_that_its_route_belongs_to() {
    let document = written();
    for (method, path, operation) in operations_of(&document) {
        let tag = operation["tags"][0].as_str().unwrap();
        let responses = operation["responses"].as_object().unwrap().iter();
        for (status, response) in responses.filter(|(status, _)| status.as_str() >= "400") {
            let content = resolved(&document, response)["content"].as_object().unwrap();
            let schemas: Vec<_> = content.values().map(|content| content["schema"]["$ref"].as_str().unwrap()).collect();
            let is_of = |owner: &str| {
                schemas.iter().all(|schema| schema.starts_with(&format!("#/components/schemas/{owner}.")))
            };
            let is_own = is_of(tag) || (tag == "server" && is_of("account"));
            assert!(is_own && !schemas.is_empty(), "{method} {path} {status}: {schemas:?}");
        }
    }
}

/// Every `$ref` below a value.
fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str));
            object.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = written();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "{}", found.len());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn lengths_are_those_of_the_domain() {
    use selfsame_domain::{
        PasswordPolicy,
        email::EMAIL_MAX,
        text::{LABEL_MAX, LOCALE_MAX, NAME_MAX},
        username::{USERNAME_MAX, USERNAME_MIN},
    };
    let document = written();
    let member = |schema: &str, member: &str| document["components"]["schemas"][schema]["properties"][member].clone();
    let passwords = PasswordPolicy::default();
    for (schema, name, min, max) in [
        ("account.AccountPatch", "given_name", None, Some(NAME_MAX)),
        ("account.AccountPatch", "preferred_username", Some(USERNAME_MIN), Some(USERNAME_MAX)),
        ("account.AccountPatch", "locale", None, Some(LOCALE_MAX)),
        ("account.NewPassword", "password", Some(passwords.min_length), Some(passwords.max_length)),
        ("account.SignInPatch", "name", None, Some(LABEL_MAX)),
        ("account.RememberDevice", "name", None, Some(LABEL_MAX)),
        ("wacht.PasswordForm", "new_password", Some(passwords.min_length), Some(passwords.max_length)),
        ("profile_api.UpdateProfileRequest", "display_name", None, Some(NAME_MAX)),
        ("profile_api.ChangePasswordRequest", "new_password", Some(passwords.min_length), Some(passwords.max_length)),
        ("rivergen.SignupRequest", "email", None, Some(EMAIL_MAX)),
        ("rivergen.SignupRequest", "password", Some(passwords.min_length), Some(passwords.max_length)),
        ("wacht.ProfileForm", "first_name", None, Some(NAME_MAX)),
        ("wacht.ProfileForm", "username", None, Some(USERNAME_MAX)),
        ("wacht.SignUpForm", "email", None, Some(EMAIL_MAX)),
        ("wacht.SignUpForm", "password", Some(passwords.min_length), Some(passwords.max_length)),
        ("wacht.ResetForm", "password", Some(passwords.min_length), Some(passwords.max_length)),
        ("rivergen.ResetPasswordRequest", "new_password", Some(passwords.min_length), Some(passwords.max_length)),
    ] {
        let documented = member(schema, name);
        assert_eq!(documented["minLength"].as_u64(), min.map(|min| min as u64), "{schema} {name} {documented}");
        assert_eq!(documented["maxLength"].as_u64(), max.map(|max| max as u64), "{schema} {name} {documented}");
    }
}

#[test]
fn every_schema_of_the_components_is_used() {
    let document = written();
    let text = document.to_string();
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(text.contains(&format!("\"#/components/schemas/{name}\"")), "{name}");
    }
}
