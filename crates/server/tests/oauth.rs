//! Applications at the real binary: with a client library, and with many requests at once.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::*;
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreUserInfoClaims},
    http,
};
use selfsame_testing::server::{Backend, backends};
use serde_json::json;

/// A server with one application.
fn app_with_client(backend: Backend) -> App {
    app_with(options(backend).setting("oauth.clients", applications()))
}

#[test]
fn a_client_library_signs_a_user_in_and_verifies_everything_that_it_gets() {
    for backend in backends() {
        let mut both = applications();
        let mut other = both[0].clone();
        other["id"] = json!("rs256");
        other["id_token_signed_response_alg"] = json!("RS256");
        both.as_array_mut().unwrap().push(other);
        let app = app_with(options(backend).setting("oauth.clients", both));
        let es256 = CoreJwsSigningAlgorithm::EcdsaP256Sha256;
        for (id, algorithm) in [("app", es256), ("rs256", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256)] {
            signs_in_and_verifies(&app, id, &algorithm);
        }
    }
}

fn signs_in_and_verifies(app: &App, id: &str, expected: &CoreJwsSigningAlgorithm) {
    let user = app.user();
    let http = |request: HttpRequest| -> Result<HttpResponse, reqwest::Error> {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let answer = app.client.request(parts.method, url).headers(parts.headers).body(body).send()?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let body = answer.bytes()?.to_vec();
        Ok(response.body(body).unwrap())
    };
    let issuer = IssuerUrl::new(app.server.url("").trim_end_matches('/').to_owned()).unwrap();
    let metadata = CoreProviderMetadata::discover(&issuer, &http).unwrap();
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(id.to_owned()), None)
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let scopes = ["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned()));
    let (url, state, nonce) = client
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .url();
    let returned = authorize(app, &user.email, url.as_str());
    assert_eq!(parameter(&returned, "state"), *state.secret());
    assert_eq!(parameter(&returned, "iss"), issuer.as_str());
    let code = AuthorizationCode::new(parameter(&returned, "code"));
    let tokens = client.exchange_code(code).unwrap().set_pkce_verifier(verifier).request(&http).unwrap();
    let id_token = tokens.id_token().unwrap();
    let id_verifier = client.id_token_verifier();
    let claims = id_token.claims(&id_verifier, &nonce).unwrap();
    assert_eq!(claims.subject().as_str(), user.id);
    let (algorithm, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&id_verifier).unwrap());
    assert_eq!(algorithm, expected);
    let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash));
    let info = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).unwrap();
    let info: CoreUserInfoClaims = info.request(&http).unwrap();
    assert_eq!(info.email().unwrap().as_str(), user.email);
    let refresh = tokens.refresh_token().unwrap();
    let refreshed = client.exchange_refresh_token(refresh).unwrap().request(&http).unwrap();
    assert_ne!(refreshed.access_token().secret(), tokens.access_token().secret());
    let id_token = id_token.to_string();
    assert_eq!(app.get("/userinfo").bearer_auth(&id_token).send().unwrap().status(), 401, "R46");
}

#[test]
fn r12_of_twenty_parallel_uses_of_a_code_one_succeeds_and_the_others_end_what_it_gave() {
    for backend in backends() {
        let app = app_with_client(backend);
        let user = app.user();
        let code = authorization_code(&app, &user.email);
        let answers = at_once(20, |_| exchange_code(&app, &code));
        let given: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
        assert_eq!(given.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|(status, body)| *status == 200 || body["error"] == "invalid_grant"), "{answers:?}");
        let (_, tokens) = given[0];
        let info = app.get("/userinfo").bearer_auth(text(&tokens["access_token"])).send().unwrap();
        assert_eq!(info.status(), 401);
        let form =
            [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", &text(&tokens["refresh_token"]))];
        assert_eq!(app.post("/oauth/token").form(&form).send().unwrap().status(), 400);
    }
}

#[test]
fn r80_the_trail_of_an_account_has_what_applications_did() {
    let app = app_with_client(Backend::Sqlite);
    let user = app.user();
    let tokens = exchange_code(&app, &authorization_code(&app, &user.email));
    assert_eq!(tokens.0, 200);
    let removed = app.request(reqwest::Method::DELETE, "/api/v1/account/applications/app").bearer_auth(&user.access);
    assert_eq!(removed.send().unwrap().status(), 204);
    let shown = app.server.run(&["audit", "show", &user.email]);
    let trail = String::from_utf8(shown.stdout).unwrap();
    for action in ["application.allowed", "application.signed_in", "application.removed"] {
        assert!(trail.contains(action), "{action}: {trail}");
    }
    assert!(app.server.run(&["audit", "verify"]).status.success());
}
