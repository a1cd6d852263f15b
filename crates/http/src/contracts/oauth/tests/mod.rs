//! Tests of the contract, and a browser that goes through the flow as a user does.

mod authorize;
mod introspection;
mod logout;
mod metadata;
mod pages;
mod passkeys;
mod revocation;
mod tokens;

use actix_web::test::TestRequest;
use selfsame_domain::{
    Scope, Scopes, TokenHash,
    oauth::{Client, ResourceServer, SigningAlgorithm},
};
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::testing::{Answer, Browser, TestServer};

const EMAIL: &str = "ada@example.com";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "https://app.example/cb";
const SECRET: &str = "a secret of at least thirty-two characters";

/// A registered application that may have every scope.
fn client(id: &str, skips_consent: bool) -> Client {
    Client {
        id: id.to_owned(),
        name: format!("The application {id}"),
        redirect_uris: vec![CALLBACK.to_owned(), "http://127.0.0.1/cb".to_owned()],
        post_logout_redirect_uris: Vec::new(),
        scopes: Scopes::of(Scope::ALL.iter().copied()),
        skips_consent,
        id_token_algorithm: SigningAlgorithm::Es256,
    }
}

/// A server with the applications `app` and `own`, of which the second needs no consent, and the resource server `orders`.
async fn server() -> TestServer {
    server_with(true).await
}

/// The same with or without rate limits.
async fn server_with(has_limits: bool) -> TestServer {
    let core = TestCore::with(|policy, limits| {
        limits.enabled = has_limits;
        policy.oauth.clients = vec![client("app", false), client("own", true)];
        let secret = TokenHash::of(SECRET.as_bytes());
        policy.oauth.resource_servers = vec![ResourceServer { id: "orders".to_owned(), secret }];
    });
    TestServer::over(core).await
}

/// The address of an authorization request with these parameters in place of the usual ones; an empty one is left out.
fn request(changes: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "the state"),
        ("nonce", "the nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let parameters = kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty());
    format!("/oauth/authorize?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish())
}

/// A parameter of the address that a redirect leads to; empty if there is none.
fn parameter(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let url = Url::parse("http://localhost:8080").unwrap().join(answer.header("location")).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A value in a page, without the escapes of HTML.
fn value_of<'p>(page: &'p str, before: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("{before} is not in {page}"));
    rest.split('"').next().unwrap()
}

fn plain(html: &str) -> String {
    html.replace("&amp;", "&").replace("&#x2f;", "/").replace("&#x27;", "'").replace("&quot;", "\"")
}

/// Sends the first form of a page with its hidden fields.
async fn submit(browser: &mut Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let html = page.text().split("</form>").next().unwrap();
    let action = plain(value_of(html, "action=\""));
    let mut form: Vec<(String, String)> = html
        .split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| (rest.split('"').next().unwrap().to_owned(), plain(value_of(rest, "value=\""))))
        .collect();
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.send(TestRequest::post().uri(&action).set_form(form)).await
}

/// Signs in on the page, and goes where it leads.
async fn sign_in(browser: &mut Browser, page: &Answer) -> Answer {
    let answer = submit(browser, page, &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser.get(answer.header("location")).await
}

async fn allow(browser: &mut Browser, page: &Answer) -> Answer {
    submit(browser, page, &[("decision", "allow")]).await
}

/// A code that the user of a browser, who is signed in, gives an application.
async fn code_in(browser: &mut Browser, changes: &[(&str, &str)]) -> String {
    let answer = browser.get(&request(changes)).await;
    let answer = if answer.status == 200 { allow(browser, &answer).await } else { answer };
    let code = parameter(&answer, "code");
    assert!(!code.is_empty(), "{}", answer.header("location"));
    code
}

/// A code of a new sign-in.
async fn code(server: &TestServer, changes: &[(&str, &str)]) -> String {
    code_in(&mut server.browser_of(EMAIL), changes).await
}

async fn exchange(server: &TestServer, code: &str, changes: &[(&str, &str)]) -> Answer {
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let kept = usual.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let form: Vec<_> = kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
    server.send(TestRequest::post().uri("/oauth/token").set_form(form)).await
}

/// The tokens of a new sign-in of an application with these scopes.
async fn tokens(server: &TestServer, scope: &str) -> Value {
    let code = code(server, &[("scope", scope)]).await;
    let answer = exchange(server, &code, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().clone()
}

async fn refresh(server: &TestServer, token: &str, changes: &[(&str, &str)]) -> Answer {
    let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    if changes.iter().all(|(name, _)| *name != "client_id") {
        form.push(("client_id", "app"));
    }
    form.extend(changes);
    server.send(TestRequest::post().uri("/oauth/token").set_form(form)).await
}

/// The code of an error, with its status.
fn error(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.json()["error"].as_str().unwrap_or_default())
}
