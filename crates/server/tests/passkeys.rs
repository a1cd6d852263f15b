//! Passkeys against the real binary on both databases: with a software authenticator, many at once, and with the virtual
//! authenticator of a real Chromium, where a page registers one and signs in with it.
//!
//! The browser's test serves an empty page at another port of localhost, as an application does, whose origin is on the server's list. The
//! scripts run in it by WebDriver.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_testing::{
    authenticator::SoftwareKey,
    programs,
    server::{Backend, backends},
};
use serde_json::{Value, json};
use url::form_urlencoded;

use common::{
    App, CALLBACK, PASSWORD, VERIFIER, answer, app_with, at_localhost, authorization_request, chromium::Chromium,
    options, parameter,
};

/// Registers a passkey, as a page of an application does, for the user whose access token it holds.
const REGISTER: &str = r#"
    const [server, token, done] = arguments;
    const post = (path, body) => fetch(server + "/api/v1/account/" + path, {
        method: "POST",
        headers: {"authorization": "Bearer " + token, "content-type": "application/json"},
        body: body && JSON.stringify(body),
    }).then(response => response.json());
    (async () => {
        const {options} = await post("passkeys/registration");
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
        const credential = await navigator.credentials.create({publicKey});
        return post("passkeys", {name: "Chromium", credential: credential.toJSON()});
    })().then(done, error => done({error: String(error)}));
"#;

/// Signs in with a passkey and the session cookie of the browser, and reads the account by the new cookie.
const SIGN_IN: &str = r#"
    const [server, done] = arguments;
    const call = (path, options) => fetch(server + "/api/v1/account" + path, {credentials: "include", ...options})
        .then(response => response.json());
    const post = (path, body) => call("/passkeys/" + path, {
        method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body),
    });
    (async () => {
        const {options} = await post("authentication", {});
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
        const credential = await navigator.credentials.get({publicKey});
        const signedIn = await post("sign-in", {credential: credential.toJSON()});
        const {email} = await call("");
        const {passkeys} = await call("/passkeys");
        return {methods: signedIn.sign_in?.methods, problem: signedIn.detail, email, passkeys};
    })().then(done, error => done({error: String(error)}));
"#;

/// Serves an empty page for as long as the test runs. Returns its origin.
fn page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 8192]);
            let page = "<!doctype html><title>Passkeys</title>";
            let length = page.len();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
            let _ = write!(connection, "{head} {length}\r\n\r\n{page}");
        }
    });
    format!("http://localhost:{port}")
}

/// A server at a name, and its origin.
fn app_at_localhost(backend: Backend, allowed_origins: &str) -> (App, String) {
    let (options, origin) = at_localhost(options(backend).setting("server.allowed_origins", allowed_origins));
    (app_with(options), origin)
}

#[test]
fn r36_of_twenty_answers_to_one_challenge_at_once_one_succeeds_on_each_database() {
    for backend in backends() {
        let (app, origin) = app_at_localhost(backend, "");
        let (user, key) = (app.user(), SoftwareKey::with_counter());
        let post = |path: &str, body: &Value| {
            let request = app.post(&format!("/api/v1/account/passkeys{path}")).json(body);
            answer(request.bearer_auth(&user.access).send().unwrap())
        };
        let at_once = |path: &str, body: &Value| {
            let right = AtomicUsize::new(0);
            thread::scope(|scope| {
                for _ in 0..20 {
                    scope.spawn(|| right.fetch_add(usize::from(post(path, body).0 < 300), Relaxed));
                }
            });
            right.into_inner()
        };
        let (_, begun) = post("/registration", &json!({}));
        let credential = key.register_at(&origin, &begun["options"]);
        assert_eq!(at_once("", &json!({"credential": credential})), 1);
        let (_, begun) = post("/authentication", &json!({"tokens": true}));
        let credential = key.sign_at(&origin, &begun["options"]);
        assert_eq!(at_once("/sign-in", &json!({"tokens": true, "credential": credential})), 1);
        let (_, again) = post("/authentication", &json!({"tokens": true}));
        let credential = key.sign_at(&origin, &again["options"]);
        let (status, signed_in) = post("/sign-in", &json!({"tokens": true, "credential": credential}));
        assert_eq!((status, &signed_in["sign_in"]["methods"]), (200, &json!(["pop"])), "{signed_in}");
    }
}

#[test]
fn a_passkey_of_a_real_browser_is_registered_and_signs_in() {
    if !programs::are_there(&["chromium", "chromedriver"]) {
        return;
    }
    for backend in backends() {
        let page = page();
        let (app, origin) = app_at_localhost(backend, &page);
        let user = app.user();

        let browser = Chromium::start();
        browser.go(&page);
        browser.add_authenticator();
        let registered = browser.run(REGISTER, &[&origin, &user.access]);
        assert_eq!(registered["passkey"]["name"], "Chromium", "{registered}");
        let signed_in = browser.run(SIGN_IN, &[&origin]);
        assert_eq!(signed_in["methods"], json!(["pop"]), "{signed_in}");
        assert_eq!(signed_in["email"], user.email, "{signed_in}");
        assert!(signed_in["passkeys"][0]["last_used_at"].is_string(), "{signed_in}");
    }
}

#[test]
fn the_pages_for_an_application_work_in_a_real_browser_by_password_and_by_passkey() {
    if !programs::are_there(&["chromium", "chromedriver"]) {
        return;
    }
    let page = page();
    let callback = format!("{page}/cb");
    let scopes = ["openid", "profile", "offline_access"];
    let clients = json!([{"id": "app", "name": "App", "redirect_uris": [callback], "scopes": scopes}]);
    let options = options(Backend::Sqlite).setting("server.allowed_origins", &page).setting("oauth.clients", clients);
    let (options, origin) = at_localhost(options);
    let app = app_with(options);
    let user = app.user();
    let browser = Chromium::start();
    browser.go(&page);
    browser.add_authenticator();
    let registered = browser.run(REGISTER, &[&origin, &user.access]);
    assert_eq!(registered["passkey"]["name"], "Chromium", "{registered}");

    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let request = format!("{origin}{}", authorization_request().replace(&escaped(CALLBACK), &escaped(&callback)));
    browser.go(&request);
    let typed = json!({"identifier": user.email, "password": PASSWORD});
    browser.press("form button[type=submit]", &typed);
    browser.press("button[value=deny]", &json!({}));
    assert_eq!(parameter(&browser.returned_to(&callback), "error"), "access_denied");
    browser.go(&request);
    browser.press("button[value=allow]", &json!({}));
    assert_eq!(parameter(&browser.returned_to(&callback), "iss"), origin);

    browser.go(&format!("{request}&prompt=login"));
    browser.press("#passkey button", &json!({}));
    browser.press("button[value=allow]", &json!({}));
    let code = parameter(&browser.returned_to(&callback), "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", &code),
        ("redirect_uri", &callback),
        ("code_verifier", VERIFIER),
    ];
    let (status, tokens) = answer(app.post("/oauth/token").form(&form).send().unwrap());
    assert_eq!(status, 200, "{tokens}");
    let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pop", "mfa"]), &json!("aal2")));

    browser.be_a_phone_in("de");
    let fits = "document.documentElement.scrollWidth <= 320";
    browser.go(&format!("{request}&prompt=login"));
    assert_eq!(browser.read("document.documentElement.lang"), "de");
    assert_eq!(browser.read("document.querySelector('#passkey button').textContent"), "Mit einem Passkey anmelden");
    assert_eq!(browser.read(fits), true, "the sign-in");
    browser.go(&request);
    assert_eq!(browser.read("document.querySelector('button[value=allow]').textContent"), "Erlauben");
    assert_eq!(browser.read(fits), true, "the consent");
}
