//! A real Chromium, by WebDriver.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::blocking::Client;
use selfsame_testing::{poll::eventually, programs};
use serde_json::{Value, json};
use url::Url;

use super::free_port;

/// Types values into the fields with these names, and presses a button.
const FILL_IN: &str = r#"
    const [fields, button] = arguments;
    for (const [name, value] of Object.entries(fields)) document.querySelector(`[name="${name}"]`).value = value;
    document.querySelector(button).click();
"#;

/// A chromedriver with one session of a Chromium.
pub struct Chromium {
    driver: Child,
    client: Client,
    session: String,
}

impl Chromium {
    /// Starts them.
    pub fn start() -> Self {
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
        let id = started["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {started}"));
        browser.session = format!("{address}/session/{id}");
        browser.command("timeouts", &json!({"script": 30_000}));
        browser
    }

    /// A command of WebDriver.
    pub fn command(&self, path: &str, body: &Value) -> Value {
        let answer = self.client.post(format!("{}/{path}", self.session)).json(body).send().unwrap();
        let answer: Value = answer.json().unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }

    /// Loads a page.
    pub fn go(&self, url: &str) {
        self.command("url", &json!({"url": url}));
    }

    /// Gives the browser a virtual authenticator for passkeys.
    pub fn add_authenticator(&self) {
        self.command(
            "webauthn/authenticator",
            &json!({
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
                "isUserConsenting": true, "isUserVerified": true,
            }),
        );
    }

    /// The value of an expression.
    pub fn read(&self, expression: &str) -> Value {
        self.command("execute/sync", &json!({"script": format!("return {expression}"), "args": []}))
    }

    /// Fills in a form and presses a button, once there is one.
    pub fn press(&self, button: &str, fields: &Value) {
        let is_there =
            format!("document.readyState === 'complete' && document.querySelector('{button}')?.checkVisibility()");
        eventually(Duration::from_secs(20), button, || (self.read(&is_there) == true).then_some(()));
        self.command("execute/sync", &json!({"script": FILL_IN, "args": [fields, button]}));
    }

    /// The address of the browser, once it is back at the application.
    pub fn returned_to(&self, callback: &str) -> Url {
        eventually(Duration::from_secs(20), "the return to the application", || {
            let url = self.read("location.href");
            url.as_str().filter(|url| url.starts_with(callback))?.parse().ok()
        })
    }

    /// A command of the Chrome DevTools Protocol.
    pub fn devtools(&self, command: &str, parameters: &Value) {
        self.command("goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    /// Has the screen of a narrow phone and accepts a language, from the next page on.
    pub fn be_a_phone_in(&self, language: &str) {
        let agent = self.read("navigator.userAgent");
        self.devtools("Network.setUserAgentOverride", &json!({"userAgent": agent, "acceptLanguage": language}));
        let phone = json!({"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true});
        self.devtools("Emulation.setDeviceMetricsOverride", &phone);
    }

    /// The text of an element as it is shown, once it contains some words.
    #[track_caller]
    pub fn wait_for(&self, selector: &str, words: &str) -> String {
        let expression = format!("document.querySelector({})?.innerText ?? \"\"", json!(selector));
        eventually(Duration::from_secs(30), words, || {
            self.read(&expression).as_str().filter(|text| text.contains(words)).map(ToOwned::to_owned)
        })
    }

    /// Runs a script that calls its last argument when it is done.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Value {
        let value = self.command("execute/async", &json!({"script": script, "args": arguments}));
        assert!(value["error"].is_null(), "{value}");
        value
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Closes the browser, which would outlive the driver otherwise.
        let _ = self.client.delete(&self.session).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
