//! The contract's part of the OpenAPI document.

use serde_json::Value;

use crate::contracts::rivergen::CONTRACT;

fn document() -> Value {
    serde_json::to_value((CONTRACT.document)()).unwrap()
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
fn every_route_is_documented_with_its_success_and_its_failures() {
    let document = document();
    let operations: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
        })
        .collect();
    assert_eq!(operations.len(), 14);
    for (path, method, operation) in operations {
        assert!(path.starts_with("/api/v1/auth/"), "{path}");
        assert_eq!(operation["tags"], serde_json::json!(["rivergen"]), "{path}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
        for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with('2')) {
            let content = &response["content"]["application/json"];
            assert_eq!(content["schema"]["$ref"], "#/components/schemas/rivergen.Error", "{path} {status}");
            assert_eq!(content["example"]["success"], false, "{path} {status}");
        }
        let is_guarded = operation["security"] == serde_json::json!([{"bearer": []}]);
        let unauthorized = responses.get("401").and_then(|response| response["description"].as_str());
        assert_eq!(unauthorized.is_some_and(|text| text.contains("UNAUTHORIZED")), is_guarded, "{path}");
        assert!(is_guarded || operation["security"] == serde_json::json!([{}]), "{path}");
    }
}

#[test]
fn every_reference_leads_to_a_schema_of_this_contract() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    assert!(document["components"]["schemas"].as_object().unwrap().keys().all(|name| name.starts_with("rivergen.")));
    for reference in found {
        assert!(reference.starts_with("#/components/schemas/rivergen."), "{reference}");
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}
