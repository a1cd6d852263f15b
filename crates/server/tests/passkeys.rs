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
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::blocking::Client;
use selfsame_testing::{
    authenticator::SoftwareKey,
    poll::eventually,
    programs,
    server::{Backend, backends},
};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use common::{
    App, CALLBACK, PASSWORD, VERIFIER, answer, app_with, at_localhost, authorization_request, free_port, options,
    parameter,
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

/// Types values into the fields with these names, and presses a button.
const FILL_IN: &str = r#"
    const [fields, button] = arguments;
    for (const [name, value] of Object.entries(fields)) document.querySelector(`[name="${name}"]`).value = value;
    document.querySelector(button).click();
"#;

/// A chromedriver with one session of a Chromium.
struct Browser {
    driver: Child,
    client: Client,
    session: String,
}

impl Browser {
    fn start() -> Self {
        let port = free_port();
        let driver = Command::new(programs::find("chromedriver").unwrap())
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let client = Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let mut browser = Self { driver, client, session: address.clone() };
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": programs::find("chromium").unwrap(),
                "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"],
            },
            "webauthn:virtualAuthenticators": true,
        }}});
        let started = eventually(Duration::from_mins(1), "chromedriver to start a browser", || {
            let answer = browser.client.post(format!("{address}/session")).json(&capabilities).send().ok()?;
            answer.json::<Value>().ok()
        });
        let id = started["value"]["sessionId"].as_str().unwrap_or_else(|| unreachable!("no session: {started}"));
        browser.session = format!("{address}/session/{id}");
        browser.command("timeouts", &json!({"script": 30_000}));
        browser
    }

    fn command(&self, path: &str, body: &Value) -> Value {
        let answer = self.client.post(format!("{}/{path}", self.session)).json(body).send().unwrap();
        let answer: Value = answer.json().unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }

    fn go(&self, url: &str) {
        self.command("url", &json!({"url": url}));
    }

    fn add_authenticator(&self) {
        self.command(
            "webauthn/authenticator",
            &json!({
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
                "isUserConsenting": true, "isUserVerified": true,
            }),
        );
    }

    fn read(&self, expression: &str) -> Value {
        self.command("execute/sync", &json!({"script": format!("return {expression}"), "args": []}))
    }

    /// Fills in a form and presses a button, once there is one.
    fn press(&self, button: &str, fields: &Value) {
        let is_there =
            format!("document.readyState === 'complete' && document.querySelector('{button}')?.checkVisibility()");
        eventually(Duration::from_secs(20), button, || (self.read(&is_there) == true).then_some(()));
        self.command("execute/sync", &json!({"script": FILL_IN, "args": [fields, button]}));
    }

    /// The address of the browser, once it is back at the application.
    fn returned_to(&self, callback: &str) -> Url {
        eventually(Duration::from_secs(20), "the return to the application", || {
            let url = self.read("location.href");
            url.as_str().filter(|url| url.starts_with(callback))?.parse().ok()
        })
    }

    /// A command of the Chrome DevTools Protocol.
    fn devtools(&self, command: &str, parameters: &Value) {
        self.command("goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    fn run(&self, script: &str, arguments: &[&str]) -> Value {
        let value = self.command("execute/async", &json!({"script": script, "args": arguments}));
        assert!(value["error"].is_null(), "{value}");
        value
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closes the browser, which would outlive the driver otherwise.
        let _ = self.client.delete(&self.session).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

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

        let browser = Browser::start();
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
    let browser = Browser::start();
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

    let agent = browser.read("navigator.userAgent");
    browser.devtools("Network.setUserAgentOverride", &json!({"userAgent": agent, "acceptLanguage": "de"}));
    let phone = json!({"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true});
    browser.devtools("Emulation.setDeviceMetricsOverride", &phone);
    let fits = "document.documentElement.scrollWidth <= 320";
    browser.go(&format!("{request}&prompt=login"));
    assert_eq!(browser.read("document.documentElement.lang"), "de");
    assert_eq!(browser.read("document.querySelector('#passkey button').textContent"), "Mit einem Passkey anmelden");
    assert_eq!(browser.read(fits), true, "the sign-in");
    browser.go(&request);
    assert_eq!(browser.read("document.querySelector('button[value=allow]').textContent"), "Erlauben");
    assert_eq!(browser.read(fits), true, "the consent");
}
