//! The part of the contract in the OpenAPI document.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::testing::{TestServer, keys};

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

#[test]
fn a_picture_that_is_not_set_is_valid_against_the_document() {
    let document = document();
    let user = &document["components"]["schemas"]["wacht.User"]["properties"];
    for field in ["image_url", "profile_picture_url"] {
        let schema = jsonschema::options().should_validate_formats(true).build(&user[field]).unwrap();
        assert!(schema.is_valid(&json!("")), "{field}");
    }
}

#[actix_web::test]
async fn the_examples_of_a_reset_do_what_they_say() {
    let server = TestServer::new().await;
    server.account("john@example.com");
    let document = document();
    let path = "/auth/forgot-password";
    let content = &document["paths"][path]["post"]["requestBody"]["content"];
    assert_eq!(content["application/json"]["examples"], content["multipart/form-data"]["examples"]);
    let send = async |step: &str| {
        let example = content["application/json"]["examples"][step]["value"].clone();
        server.send(TestRequest::post().uri(path).set_json(example)).await
    };
    assert_eq!(send("request").await.status, 200);
    assert_eq!(server.mails_to("john@example.com").len(), 1);
    assert_eq!(send("exchange").await.error(), (400, "INVALID_CODE"));
}
