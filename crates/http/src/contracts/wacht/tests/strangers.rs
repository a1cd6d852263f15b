//! What a browser without a session, or with none of ours, is told.

use super::*;

const FORGED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[actix_web::test]
async fn a_stranger_gets_an_anonymous_session_and_a_cookie_under_both_names() {
    let server = Server::new();
    for path in ["/deployment", "/session"] {
        let answer = server.send(TestRequest::with_uri(path)).await;
        assert_eq!(answer.status, 200);
        let cookie = answer.cookie("session_id").unwrap();
        assert!(is_token(cookie));
        assert_eq!(answer.cookie("__session"), Some(cookie));
        let session = &answer.body["session"];
        assert_eq!((&session["active_signin"], &session["signins"]), (&Value::Null, &json!([])));
    }
}

#[actix_web::test]
async fn a_known_stranger_keeps_session_and_cookie() {
    let server = Server::new();
    let mut browser = server.browser();
    let first = browser.get("/deployment").await;
    let second = browser.get("/session").await;
    assert_eq!(second.data()["id"], first.body["session"]["id"]);
    assert_eq!(second.cookie("session_id"), None);
}

#[actix_web::test]
async fn r41_a_forged_or_made_up_cookie_is_replaced_and_never_an_error() {
    let server = Server::new();
    for sent in [FORGED, "made-up", ""] {
        for path in ["/deployment", "/session"] {
            let mut browser = Browser { server: &server, cookie: Some(sent.to_owned()) };
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 200, "{path} with {sent:?}");
            assert!(answer.cookie("session_id").is_some_and(|cookie| cookie != sent && is_token(cookie)));
        }
    }
}

#[actix_web::test]
async fn r42_a_session_that_has_ended_is_replaced() {
    let server = Server::new();
    let mut browser = server.adas_browser();
    let before = browser.cookie.clone();
    server.world.clock.advance(std::time::Duration::from_hours(13));
    let answer = browser.get("/session").await;
    assert_eq!(answer.data()["signins"], json!([]));
    assert!(browser.cookie.is_some() && browser.cookie != before);
}

#[actix_web::test]
async fn a_session_is_the_union_of_what_its_sources_show() {
    let server = Server::new();
    let answer = server.adas_browser().get("/session").await;
    let session = answer.data();
    assert_eq!(
        keys(session),
        ["active_signin", "created_at", "id", "signin_attempts", "signins", "signup_attempts", "updated_at"]
    );
    let sign_in = &session["active_signin"];
    assert_eq!(&session["signins"], &json!([sign_in]));
    assert_eq!(sign_in["session_id"], session["id"]);
    assert_eq!(sign_in["user_id"], sign_in["user"]["id"]);
    assert_eq!(sign_in["user"]["email"], EMAIL);
    assert_eq!(answer.body["session"], *session);
}

#[actix_web::test]
async fn the_deployment_advertises_only_what_works() {
    let server = Server::new();
    let answer = server.browser().get("/deployment").await;
    let deployment = answer.data();
    let auth = &deployment["auth_settings"];
    assert_eq!(deployment["mode"], "production");
    let factors = auth["auth_factors_enabled"].as_object().unwrap();
    let on: Vec<_> = factors.iter().filter(|(_, on)| on == &&json!(true)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(on, ["email_password", "username_password"]);
    assert_eq!(auth["password"], json!({"enabled": true, "required": true}));
    for off in [&auth["magic_link"]["enabled"], &auth["passkey"]["enabled"], &auth["phone_number"]["enabled"]] {
        assert_eq!(off, &json!(false));
    }
    assert_eq!(deployment["social_connections"], json!([]));
    assert_eq!(deployment["b2b_settings"]["organizations_enabled"], false);
}

#[actix_web::test]
async fn every_page_the_sdk_goes_to_has_an_absolute_address() {
    for frontend_host in ["", "localhost:8080"] {
        let wacht = WachtOptions { frontend_host: frontend_host.to_owned(), ..WachtOptions::default() };
        let answer = Server::with(TestCore::new(), wacht).browser().get("/deployment").await;
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
    let answer = Server::with(TestCore::new(), wacht).browser().get("/deployment").await;
    let ui = &answer.data()["ui_settings"];
    assert_eq!(answer.data()["frontend_host"], "app.example");
    assert_eq!(
        (&ui["after_signin_redirect_url"], &ui["after_signup_redirect_url"]),
        (&json!("https://app.example/"), &json!("https://app.example/welcome"))
    );
    assert_eq!((&ui["app_name"], &ui["tos_page_url"]), (&json!("Example"), &json!("")));
}

#[actix_web::test]
async fn the_key_set_is_bare_and_may_be_kept() {
    let answer = Server::new().send(TestRequest::with_uri("/.well-known/jwks.json")).await;
    assert_eq!((answer.status, keys(&answer.body)), (200, vec!["keys"]));
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.cookie("session_id"), None);
}
