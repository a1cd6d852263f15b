//! `POST /oauth/token`, `/userinfo` and the applications of the account.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;
use crate::testing::{keys, text};

/// The claims of a token.
pub(super) fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

async fn userinfo(server: &TestServer, tokens: &Value) -> Answer {
    server.with_token(tokens["access_token"].as_str().unwrap()).get("/userinfo").await
}

#[actix_web::test]
async fn a_code_gives_the_tokens_of_its_scopes() {
    let server = server().await;
    let code = code(&server, &[("scope", "openid email offline_access")]).await;
    let answer = exchange(&server, &code, &[]).await;
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let tokens = answer.json();
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"], &tokens["scope"]),
        (&json!("Bearer"), &json!(300), &json!("openid email offline_access"))
    );
    let user = server.account(EMAIL).id.to_string();
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    let access = claims(tokens["access_token"].as_str().unwrap());
    assert_eq!(id_token["sub"], json!(user));
    assert_eq!((&id_token["aud"], &id_token["nonce"]), (&json!("app"), &json!("the nonce")));
    assert_eq!((&id_token["iss"], &id_token["acr"]), (&json!("http://localhost:8080"), &json!("aal1")));
    assert_eq!((&access["client_id"], &access["scope"]), (&json!("app"), &tokens["scope"]));
    let bare = super::tokens(&server, "email").await;
    assert_eq!(keys(&bare), ["access_token", "expires_in", "scope", "token_type"], "no ID and no offline access");
}

#[actix_web::test]
async fn the_scopes_decide_which_claims_of_the_user_there_are() {
    let server = server().await;
    for (scope, expected) in [
        ("openid", vec!["sub"]),
        ("openid email", vec!["email", "email_verified", "sub"]),
        ("openid profile", vec!["sub", "updated_at"]),
        ("openid phone", vec!["sub"]),
    ] {
        let answer = userinfo(&server, &tokens(&server, scope).await).await;
        assert_eq!(keys(answer.json()), expected, "{scope}");
    }
    let answer = userinfo(&server, &tokens(&server, "email").await).await;
    assert_eq!(error(&answer), (403, "insufficient_scope"));
    assert!(answer.header("www-authenticate").contains("scope=\"openid\""));
}

#[actix_web::test]
async fn a_missing_token_has_a_challenge_without_an_error_and_a_bad_one_with_it() {
    let server = server().await;
    let answer = server.anonymous().get("/userinfo").await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer"));
    let answer = server.with_token("forged").get("/userinfo").await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer error=\"invalid_token\""));
    let tokens = tokens(&server, "openid").await;
    let answer = server.with_token(tokens["id_token"].as_str().unwrap()).get("/userinfo").await;
    assert_eq!(answer.status, 401, "R46: an ID token is no access token");
    server.clock.advance(Duration::from_hours(1));
    let answer = userinfo(&server, &tokens).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer error=\"invalid_token\""), "expired");
}

#[actix_web::test]
async fn r12_a_code_that_comes_again_ends_what_it_gave() {
    let server = server().await;
    let code = code(&server, &[("scope", "openid offline_access")]).await;
    let first = exchange(&server, &code, &[]).await;
    let tokens = first.json();
    assert_eq!(userinfo(&server, tokens).await.status, 200);
    assert_eq!(error(&exchange(&server, &code, &[]).await), (400, "invalid_grant"));
    assert_eq!(userinfo(&server, tokens).await.status, 401);
    let refreshed = refresh(&server, tokens["refresh_token"].as_str().unwrap(), &[]).await;
    assert_eq!(error(&refreshed), (400, "invalid_grant"));
}

#[actix_web::test]
async fn a_code_is_good_for_its_client_its_address_and_its_verifier_and_used_up_by_any_other() {
    let server = server_with(false).await;
    let other_verifier = VERIFIER.replace('d', "e");
    for change in [
        ("client_id", "own"),
        ("redirect_uri", "http://127.0.0.1/cb"),
        ("code_verifier", other_verifier.as_str()),
        ("code_verifier", CHALLENGE),
    ] {
        let code = code(&server, &[]).await;
        assert_eq!(error(&exchange(&server, &code, &[change]).await), (400, "invalid_grant"), "{change:?}");
        assert_eq!(error(&exchange(&server, &code, &[]).await), (400, "invalid_grant"), "{change:?}: used up");
    }
    for (change, expected) in [
        (("code_verifier", ""), (400, "invalid_request")),
        (("redirect_uri", ""), (400, "invalid_request")),
        (("code", ""), (400, "invalid_request")),
        (("code", "abc"), (400, "invalid_grant")),
        (("client_id", "nobody"), (401, "invalid_client")),
        (("client_id", ""), (400, "invalid_request")),
        (("client_secret", "x"), (401, "invalid_client")),
        (("grant_type", "password"), (400, "unsupported_grant_type")),
        (("grant_type", ""), (400, "invalid_request")),
    ] {
        let code = code(&server, &[]).await;
        assert_eq!(error(&exchange(&server, &code, &[change]).await), expected, "{change:?}");
    }
}

#[actix_web::test]
async fn a_code_lives_for_a_minute_and_no_longer_than_the_sign_in_of_its_user() {
    let server = server().await;
    let code = code(&server, &[]).await;
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(error(&exchange(&server, &code, &[]).await), (400, "invalid_grant"));

    let mut browser = server.browser_of(EMAIL);
    let code = code_in(&mut browser, &[]).await;
    browser.send(TestRequest::delete().uri("/api/v1/account/sign-ins/current")).await;
    assert_eq!(error(&exchange(&server, &code, &[]).await), (400, "invalid_grant"));
}

#[actix_web::test]
async fn r47_a_refresh_token_is_used_once_and_its_reuse_ends_the_sign_in() {
    let server = server().await;
    let first = tokens(&server, "openid offline_access").await;
    let first = first["refresh_token"].as_str().unwrap();
    let second = refresh(&server, first, &[]).await;
    let tokens = second.json();
    assert_eq!(userinfo(&server, tokens).await.status, 200);
    assert!(tokens["id_token"].is_string());
    server.clock.advance(Duration::from_secs(11));
    assert_eq!(error(&refresh(&server, first, &[]).await), (400, "invalid_grant"));
    assert_eq!(userinfo(&server, tokens).await.status, 401);
}

#[actix_web::test]
async fn a_refresh_token_gives_fewer_scopes_and_never_more() {
    let server = server().await;
    let granted = tokens(&server, "openid email offline_access").await;
    let token = granted["refresh_token"].as_str().unwrap();
    for more in ["openid profile", "openid nonsense"] {
        assert_eq!(error(&refresh(&server, token, &[("scope", more)]).await), (400, "invalid_scope"), "{more}");
    }
    let narrowed = refresh(&server, token, &[("scope", "openid")]).await;
    assert_eq!(narrowed.json()["scope"], json!("openid"));
    assert_eq!(keys(userinfo(&server, narrowed.json()).await.json()), ["sub"]);
    let next = narrowed.json()["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&server, next, &[]).await.json()["scope"], json!("openid email offline_access"));
}

#[actix_web::test]
async fn r46_the_refresh_token_of_one_client_is_of_no_use_to_another_and_to_no_contract() {
    let server = server().await;
    let granted = tokens(&server, "openid offline_access").await;
    let token = granted["refresh_token"].as_str().unwrap();
    assert_eq!(error(&refresh(&server, token, &[("client_id", "own")]).await), (400, "invalid_grant"));
    let body = json!({"refresh_token": token});
    assert_eq!(server.anonymous().post("/api/v1/auth/refresh", body.clone()).await.status, 401);
    assert_eq!(server.anonymous().post("/api/v1/account/tokens", body).await.status, 401);
    let own = server.tokens(EMAIL).refresh_token;
    assert_eq!(error(&refresh(&server, own.expose(), &[]).await), (400, "invalid_grant"));
    assert_eq!(refresh(&server, token, &[]).await.status, 200, "none of these used it");
}

#[actix_web::test]
async fn r21_the_sign_ins_of_applications_end_with_the_others() {
    let server = server().await;
    let granted = tokens(&server, "openid offline_access").await;
    let own = server.bearer(EMAIL);
    let listed = own.get("/api/v1/account/sign-ins").await;
    let names: Vec<_> = listed.json()["sign_ins"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("The application app")), "{names:?}");
    assert_eq!(own.delete("/api/v1/account/sign-ins").await.status, 204);
    assert_eq!(userinfo(&server, &granted).await.status, 401);
}

#[actix_web::test]
async fn a_user_sees_the_applications_and_withdraws_what_one_was_allowed() {
    let server = server().await;
    let granted = tokens(&server, "openid offline_access").await;
    let pending = code(&server, &[("scope", "openid")]).await;
    let own = server.bearer(EMAIL);
    let path = "/api/v1/account/applications";
    let listed = own.get(path).await;
    let application = &listed.json()["applications"][0];
    assert_eq!(
        (&application["id"], &application["name"], &application["scopes"]),
        (&json!("app"), &json!("The application app"), &json!(["openid", "offline_access"]))
    );
    assert!(application["last_used_at"].is_string());
    let foreign = server.bearer("eve@example.com");
    assert_eq!(foreign.get(path).await.json(), &json!({"applications": []}));
    assert_eq!(foreign.delete(&format!("{path}/app")).await.status, 404);
    assert_eq!(own.delete(&format!("{path}/app")).await.status, 204);
    assert_eq!(own.get(path).await.json(), &json!({"applications": []}));
    assert_eq!(userinfo(&server, &granted).await.status, 401);
    assert_eq!(error(&exchange(&server, &pending, &[]).await), (400, "invalid_grant"));
    let silent = server.browser_of(EMAIL).get(&request(&[("prompt", "none"), ("scope", "openid")])).await;
    assert_eq!(parameter(&silent, "error"), "consent_required");
    assert_eq!(own.delete(&format!("{path}/app")).await.status, 404);
}

#[actix_web::test]
async fn r100_an_application_gets_no_token_for_other_backends() {
    let server = server().await;
    let granted = tokens(&server, "openid profile:write security:write").await;
    let client = server.with_token(granted["access_token"].as_str().unwrap());
    let answer = client.get("/session/token").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    assert!(answer.header("www-authenticate").contains("insufficient_scope"));
}

#[actix_web::test]
async fn r55_a_page_of_an_application_calls_its_endpoints_without_cookies() {
    let core = TestCore::with(|policy, _| policy.oauth.clients = vec![client("app", true)]);
    let origin = "https://app.example";
    let server = TestServer::with_options(core, |options| options.application_origins = vec![origin.to_owned()]).await;
    let code = code(&server, &[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let post = |path, origin| {
        TestRequest::post()
            .uri(path)
            .insert_header(("origin", origin))
            .insert_header(("sec-fetch-site", "cross-site"))
            .set_form(form)
    };
    assert_eq!(server.send(post("/oauth/token", "https://evil.example")).await.status, 403);
    let answer = server.send(post("/oauth/token", origin)).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, origin));
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(server.send(post("/auth/signin", origin)).await.status, 403, "no other route");
    let read = TestRequest::get().uri("/session").insert_header(("origin", origin));
    assert_eq!(server.send(read).await.header("access-control-allow-origin"), "");
}

#[actix_web::test]
async fn r21_r100_a_change_of_the_password_gives_an_application_no_tokens_and_ends_its_refresh_token() {
    const NEW: &str = "eleven quiet lanterns drift";
    let account = || {
        let body = json!({"password": NEW, "current_password": PASSWORD});
        TestRequest::put().uri("/api/v1/account/password").set_json(body)
    };
    let profile_api = || {
        let body = json!({"current_password": PASSWORD, "new_password": NEW});
        TestRequest::post().uri("/api/v1/me/password").set_json(body)
    };
    let wacht = || {
        let form = [("current_password", PASSWORD), ("new_password", NEW)];
        TestRequest::post().uri("/me/update-password").set_form(form)
    };
    let rivergen = || {
        let body = json!({"current_password": PASSWORD, "new_password": NEW});
        TestRequest::post().uri("/api/v1/auth/change-password").set_json(body)
    };
    let routes: [&dyn Fn() -> TestRequest; 4] = [&account, &profile_api, &wacht, &rivergen];
    for request in routes {
        for narrowed in ["security:write profile:read", "openid offline_access profile:write security:write"] {
            let server = server().await;
            let granted = tokens(&server, "openid offline_access profile:write profile:read security:write").await;
            let rotated = refresh(&server, text(&granted["refresh_token"]), &[("scope", narrowed)]).await;
            let held = rotated.json().clone();
            let changed = server.with_token(text(&held["access_token"])).send(request()).await;
            assert!(changed.status < 300, "{} {}", changed.status, changed.text());
            for word in ["refresh_token", "access_token"] {
                assert!(!changed.text().contains(word), "{}", changed.text());
            }
            let refused = refresh(&server, text(&held["refresh_token"]), &[]).await;
            assert_eq!(error(&refused), (400, "invalid_grant"), "{}", refused.text());
        }
    }
}
