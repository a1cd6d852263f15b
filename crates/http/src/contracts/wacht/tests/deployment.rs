//! `/deployment` and the key set.

use selfsame_testing::core::TestCore;
use serde_json::json;

use crate::{
    WachtOptions,
    testing::{Browser, TestServer, keys},
};

async fn browser_with(wacht: WachtOptions) -> Browser {
    TestServer::with(TestCore::new(), |services| services.wacht = wacht).await.browser()
}

#[actix_web::test]
async fn the_deployment_advertises_only_what_works() {
    let server = TestServer::new().await;
    let answer = server.browser().get("/deployment").await;
    let deployment = answer.data();
    let auth = &deployment["auth_settings"];
    assert_eq!(deployment["mode"], "production");
    let factors = auth["auth_factors_enabled"].as_object().unwrap();
    let on: Vec<_> = factors.iter().filter(|(_, on)| on == &&json!(true)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(on, ["authenticator", "backup_code", "email_password", "username_password"]);
    assert_eq!(auth["password"], json!({"enabled": true, "required": true}));
    assert_eq!(auth["phone_number"], json!({"enabled": true, "required": false}));
    assert_eq!(auth["passkey"], json!({"enabled": true, "prompt_registration_on_auth": false}));
    assert_eq!(auth["magic_link"]["enabled"], false);
    assert_eq!(deployment["social_connections"], json!([]));
    assert_eq!(deployment["b2b_settings"]["organizations_enabled"], false);
}

#[actix_web::test]
async fn without_text_messages_there_are_no_phone_numbers() {
    let server = TestServer::over(TestCore::with(|policy, _| policy.sends_sms = false)).await;
    let answer = server.browser().get("/deployment").await;
    assert_eq!(answer.data()["auth_settings"]["phone_number"], json!({"enabled": false, "required": false}));
}

#[actix_web::test]
async fn every_page_the_sdk_goes_to_has_an_absolute_address() {
    for frontend_host in ["", "localhost:8080"] {
        let wacht = WachtOptions { frontend_host: frontend_host.to_owned(), ..WachtOptions::default() };
        let answer = browser_with(wacht).await.get("/deployment").await;
        assert_eq!(answer.data()["frontend_host"], "localhost:8080");
        for page in ["signin_redirect", "signup_redirect", "sign_out_one_page", "sign_out_all_page"] {
            let address = &answer.data()["ui_settings"][format!("after_{page}_url")];
            assert_eq!(address, "http://localhost:8080/", "{page} with {frontend_host:?}");
        }
    }

    let wacht = WachtOptions {
        frontend_host: "app.example".to_owned(),
        after_signup_redirect_url: "https://app.example/welcome".to_owned(),
        app_name: "Example".to_owned(),
        ..WachtOptions::default()
    };
    let answer = browser_with(wacht).await.get("/deployment").await;
    let ui = &answer.data()["ui_settings"];
    assert_eq!(answer.data()["frontend_host"], "app.example");
    assert_eq!(ui["after_signin_redirect_url"], "https://app.example/");
    assert_eq!(ui["after_signup_redirect_url"], "https://app.example/welcome");
    assert_eq!(ui["app_name"], "Example");
    assert_eq!(ui["tos_page_url"], "");
}

#[actix_web::test]
async fn the_key_set_is_bare_and_may_be_kept() {
    let answer = TestServer::new().await.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!((answer.status, keys(answer.json())), (200, vec!["keys"]));
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.cookie("session_id"), None);
}
