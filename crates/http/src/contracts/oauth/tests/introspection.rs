//! `POST /oauth/introspect`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::*;

async fn introspect(server: &TestServer, credentials: &str, token: &str) -> Answer {
    let basic = format!("Basic {}", STANDARD.encode(credentials));
    let request = TestRequest::post().uri("/oauth/introspect").insert_header(("authorization", basic));
    server.send(request.set_form([("token", token)])).await
}

async fn as_orders(server: &TestServer, token: &str) -> Answer {
    introspect(server, &format!("orders:{}", SECRET.replace(' ', "+")), token).await
}

#[actix_web::test]
async fn a_resource_server_learns_what_an_access_token_is_good_for() {
    let server = server().await;
    let granted = tokens(&server, "openid offline_access").await;
    let token = granted["access_token"].as_str().unwrap();
    let answer = as_orders(&server, token).await;
    let found = answer.json();
    let user = server.account(EMAIL).id.to_string();
    assert_eq!((&found["active"], &found["client_id"], &found["sub"]), (&json!(true), &json!("app"), &json!(user)));
    assert_eq!((&found["scope"], &found["acr"]), (&json!("openid offline_access"), &json!("aal1")));
    let own = server.tokens(EMAIL).access_token.token;
    let answer = as_orders(&server, &own).await;
    assert!(answer.json()["scope"].as_str().unwrap().contains("security:write"), "the user's own");
    assert_eq!(answer.json().get("client_id"), None);
    server.bearer(EMAIL).delete("/api/v1/account/sign-ins").await;
    assert_eq!(as_orders(&server, token).await.json(), &json!({"active": false}), "it has ended");
}

#[actix_web::test]
async fn r46_nothing_but_an_access_token_is_active() {
    let server = server().await;
    let granted = tokens(&server, "openid offline_access").await;
    for token in [granted["refresh_token"].as_str().unwrap(), granted["id_token"].as_str().unwrap(), "x"] {
        let answer = as_orders(&server, token).await;
        assert_eq!((answer.status, answer.json()), (200, &json!({"active": false})), "{token}");
    }
}

#[actix_web::test]
async fn nobody_else_learns_anything() {
    let server = server().await;
    let granted = tokens(&server, "openid").await;
    let token = granted["access_token"].as_str().unwrap();
    for credentials in ["orders:wrong", "orders:", "other:secret", &format!("app:{SECRET}")] {
        let answer = introspect(&server, credentials, token).await;
        assert_eq!(error(&answer), (401, "invalid_client"), "{credentials}");
        assert!(answer.header("www-authenticate").starts_with("Basic"));
    }
    let without = TestRequest::post().uri("/oauth/introspect").set_form([("token", token)]);
    assert_eq!(server.send(without).await.status, 401);
    assert_eq!(server.with_token(token).send(TestRequest::post().uri("/oauth/introspect")).await.status, 401);
}
