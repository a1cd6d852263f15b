//! The part of the contract in the OpenAPI document.

use serde_json::{Value, json};

use crate::testing::keys;

fn document() -> Value {
    serde_json::from_str(&crate::document().to_json().unwrap()).unwrap()
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
