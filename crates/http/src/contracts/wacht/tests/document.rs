//! The part of the OpenAPI document.

use super::*;

fn document() -> Value {
    serde_json::from_str(&crate::openapi::document().to_json().unwrap()).unwrap()
}

#[test]
fn every_route_is_documented_with_the_contracts_tag_and_its_failures() {
    let document = document();
    for (method, path) in [
        ("get", "/deployment"),
        ("get", "/.well-known/jwks.json"),
        ("get", "/session"),
        ("get", "/session/token"),
        ("post", "/session/sign-out"),
        ("post", "/session/switch-sign-in"),
        ("post", "/auth/signup"),
        ("post", "/auth/identify"),
        ("post", "/auth/signin"),
        ("post", "/auth/prepare-verification"),
        ("post", "/auth/attempt-verification"),
        ("post", "/auth/forgot-password"),
        ("post", "/auth/reset-password"),
        ("get", "/me"),
        ("post", "/me"),
        ("patch", "/me"),
        ("post", "/me/profile-picture"),
    ] {
        let operation = &document["paths"][path][method];
        assert_eq!(operation["tags"], json!(["wacht"]), "{method} {path}");
        assert!(operation["responses"]["200"].is_object(), "{method} {path}");
        if path != "/.well-known/jwks.json" {
            let failure = &operation["responses"]["400"]["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(failure, "#/components/schemas/wacht.Failed", "{method} {path}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.iter().any(|reference| reference.contains("wacht.User")));
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[test]
fn the_profile_form_has_the_seeds_own_examples_and_is_taken_in_all_three_kinds() {
    let document = document();
    let form = &document["components"]["schemas"]["wacht.ProfileForm"]["properties"];
    let example = |field: &str| form[field]["example"].clone();
    assert_eq!(
        (example("first_name"), example("primary_email_address_id")),
        (json!("John"), json!("123456789012345678"))
    );
    for method in ["post", "patch"] {
        let content = &document["paths"]["/me"][method]["requestBody"]["content"];
        assert_eq!(keys(content), ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]);
    }
}
