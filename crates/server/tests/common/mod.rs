//! What the black-box tests share: a server with quick hashing, and the ways in through each contract.
//!
//! Every helper speaks to the real binary over TCP and panics when the answer is not the expected one.

#![expect(dead_code, unreachable_pub, reason = "each test binary uses its own part")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

pub mod chromium;

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Barrier, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use data_encoding::BASE32_NOPAD;
use reqwest::{
    Method,
    blocking::{Client, RequestBuilder, Response},
};
use selfsame_domain::{IdentifierKind, TotpSecret, totp::step_at};
use selfsame_ports::Storage as _;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::{
    json::strict,
    server::{Backend, Server, ServerOptions},
};
use serde_json::{Map, Value, json};
use url::{Url, form_urlencoded};

/// A password that every policy here takes.
pub const PASSWORD: &str = "correct horse battery staple";
/// Another one.
pub const OTHER_PASSWORD: &str = "seven purple elephants juggle";

/// Where the application of [`applications`] receives codes.
pub const CALLBACK: &str = "https://app.example/callback";
/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The server of a test, and a client for it.
pub struct App {
    pub server: Server,
    pub client: Client,
}

/// A user with everything that a test may need of one.
pub struct User {
    pub email: String,
    pub id: String,
    /// RiverGen access token; good for the Profile API too.
    pub access: String,
    pub refresh: String,
}

/// Options of a server that hashes quickly and does not count what one address does.
pub fn options(backend: Backend) -> ServerOptions {
    ServerOptions::new(env!("CARGO_BIN_EXE_selfsame"))
        .backend(backend)
        .setting("passwords.argon2_memory_kib", 64)
        .setting("passwords.argon2_iterations", 1)
        .setting("limits.enabled", false)
        .setting("log.format", "json")
}

/// A server on this database.
pub fn app(backend: Backend) -> App {
    app_with(options(backend))
}

/// A server with these options.
pub fn app_with(options: ServerOptions) -> App {
    let server = Server::spawn(options);
    let client = server.client();
    App { server, client }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Options of a server at `localhost`, because passkeys need a name, and its origin, which must be known before the server
/// chooses a port.
pub fn at_localhost(options: ServerOptions) -> (ServerOptions, String) {
    let port = free_port();
    let origin = format!("http://localhost:{port}");
    let options = options.setting("server.bind", format!("127.0.0.1:{port}"));
    (options.setting("server.public_url", &origin), origin)
}

/// A server with these options, on a machine of its own to which the keys of another were copied.
pub fn app_with_keys_of(other: &App, options: ServerOptions) -> App {
    let mut server = Server::prepare(options);
    for entry in fs::read_dir(keys_folder(&other.server)).unwrap() {
        copy_key(&entry.unwrap().path(), &server);
    }
    server.start();
    let client = server.client();
    App { server, client }
}

/// Where a server has its keys.
pub fn keys_folder(server: &Server) -> PathBuf {
    server.folder().join("data/keys")
}

/// As an operator copies a key to another machine: without the group and others being able to read it.
pub fn copy_key(from: &Path, to: &Server) {
    let folder = keys_folder(to);
    for folder in [folder.parent().unwrap(), &folder] {
        fs::create_dir_all(folder).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    }
    fs::copy(from, folder.join(from.file_name().unwrap())).unwrap();
}

/// An address that this process has not used.
pub fn fresh_email() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("user{}@example.com", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Fails a test that passed although a line of the log is not JSON as a strict reader takes it, contains the debug output
/// of a value, or tells of an answer whose status is not in the OpenAPI document for its route.
impl Drop for App {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let document: Value = serde_json::from_str(&selfsame_http::document().to_json().unwrap()).unwrap();
        let log = self.server.stderr();
        // A server that was killed may have left half of its last line.
        let whole = log.rfind('\n').map_or("", |end| &log[..end]);
        let lines: Vec<Map<String, Value>> = whole.lines().map(log_line).collect();
        for line in lines.iter().filter(|line| line.get("message").is_some_and(|message| message == "answered")) {
            let (method, route) = (text(&line["method"]).to_ascii_lowercase(), text(&line["route"]));
            let responses = document["paths"][&route][&method]["responses"].as_object();
            let is_documented = responses.is_none_or(|responses| responses.contains_key(&line["status"].to_string()));
            assert!(is_documented, "{method} {route} answered {}, which is not documented", line["status"]);
        }
    }
}

/// Parses a line of the log.
#[track_caller]
fn log_line(line: &str) -> Map<String, Value> {
    let members = strict(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    for (key, value) in &members {
        let text = value.as_str().unwrap_or_default();
        let is_debug = text == "None" || ["Some(", "Ok(", "Err(", " { ", "\\u{"].iter().any(|sign| text.contains(sign));
        assert!(!is_debug, "{key} is the debug output of a value: {line}");
    }
    members
}

impl App {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.server.url(path))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// Posts JSON and takes the body of a success.
    #[track_caller]
    pub fn post_json(&self, path: &str, body: &Value) -> Value {
        expect_success(self.post(path).json(body).send().unwrap())
    }

    /// The code in the newest mail to an address.
    #[track_caller]
    pub fn code(&self, email: &str, mails: usize) -> String {
        self.server.mailbox().wait_for_to(email, mails).last().unwrap().code()
    }

    /// The token in the newest mail's link.
    #[track_caller]
    pub fn link_token(&self, email: &str, mails: usize) -> String {
        let link = self.server.mailbox().wait_for_to(email, mails).last().unwrap().link();
        link.split_once("#token=").unwrap_or_else(|| panic!("{link}")).1.to_owned()
    }

    /// A verified user with tokens, by way of RiverGen.
    #[track_caller]
    pub fn user(&self) -> User {
        self.user_named(&fresh_email(), "Ada")
    }

    #[track_caller]
    pub fn user_named(&self, email: &str, name: &str) -> User {
        let body = json!({"email": email, "password": PASSWORD, "display_name": name});
        let started = self.post_json("/api/v1/auth/signup", &body);
        let code = self.code(email, 1);
        let body = json!({"temporary_token": started["data"]["temporary_token"], "otp_code": code});
        let verified = self.post_json("/api/v1/auth/verify-otp", &body);
        let data = &verified["data"];
        User {
            email: email.to_owned(),
            id: data["user_id"].to_string(),
            access: text(&data["access_token"]),
            refresh: text(&data["refresh_token"]),
        }
    }

    /// A sign-up by way of RiverGen, whatever comes of it.
    pub fn try_sign_up(&self, email: &str) -> Response {
        self.post("/api/v1/auth/signup").json(&json!({"email": email, "password": PASSWORD})).send().unwrap()
    }

    /// A sign-up of which nobody has proven the address yet.
    #[track_caller]
    pub fn sign_up(&self, email: &str) -> Value {
        expect_success(self.try_sign_up(email))
    }

    /// A sign-in by way of RiverGen, whatever comes of it.
    pub fn try_login(&self, email: &str, password: &str) -> Response {
        self.post("/api/v1/auth/login").json(&json!({"email": email, "password": password})).send().unwrap()
    }

    /// Tokens of a further sign-in.
    #[track_caller]
    pub fn login(&self, email: &str, password: &str) -> (String, String) {
        let data = &expect_success(self.try_login(email, password))["data"];
        (text(&data["access_token"]), text(&data["refresh_token"]))
    }

    /// The cookie of a browser that is signed in, by way of Wacht.
    #[track_caller]
    pub fn browser(&self, email: &str, password: &str) -> String {
        let form = [("strategy", "plain_email"), ("email", email), ("password", password)];
        let response = self.post("/auth/signin").form(&form).send().unwrap();
        let cookie = session_cookie(&response);
        expect_success(response);
        cookie.unwrap()
    }
}

/// The time step of now.
#[expect(clippy::disallowed_methods, reason = "the server has the clock of the machine")]
pub fn totp_step() -> i64 {
    step_at(chrono::Utc::now())
}

/// The secret in the answer of `POST /api/v1/account/totp`.
pub fn totp_secret(begun: &Value) -> TotpSecret {
    TotpSecret::from_stored(&BASE32_NOPAD.decode(text(&begun["secret"]).as_bytes()).unwrap()).unwrap()
}

/// Enrols an authenticator app in the sign-in of this access token, by the code of the step before now: those of later steps
/// are still good then.
pub fn enrol_totp(app: &App, access: &str) -> TotpSecret {
    let begun = expect_success(app.post("/api/v1/account/totp").bearer_auth(access).send().unwrap());
    let secret = totp_secret(&begun);
    let code = json!({"code": secret.code_at(totp_step() - 1).as_str()});
    expect_success(app.post("/api/v1/account/totp/confirm").bearer_auth(access).json(&code).send().unwrap());
    secret
}

/// Looks into, or reaches into, the database of a server that does not run.
pub fn in_storage<T>(app: &App, look: impl FnOnce(&DieselStorage) -> T) -> T {
    look(&DieselStorage::connect(&DatabaseOptions::new(app.server.database_url())).unwrap())
}

/// Proves a phone number of a user as a consumed challenge would, without a text message.
pub fn verify_phone(app: &mut App, user: &str) {
    app.server.terminate();
    app.server.wait_exit(Duration::from_secs(20));
    in_storage(app, |storage| {
        let mut unit = storage.begin().unwrap();
        let user = unit.accounts().lock(user.parse().unwrap()).unwrap().unwrap();
        let mut proven = user.clone();
        let phone = proven.identifiers.iter_mut().find(|identifier| identifier.kind == IdentifierKind::Phone).unwrap();
        phone.verified_at = Some(phone.created_at);
        unit.accounts().save(&user, &proven).unwrap();
        unit.commit().unwrap();
    });
    app.server.start();
}

/// The session cookie that an answer sets.
pub fn session_cookie(response: &Response) -> Option<String> {
    let cookies = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let mut values = cookies.filter_map(|cookie| cookie.strip_prefix("session_id="));
    values.next().map(|rest| rest.split(';').next().unwrap().to_owned())
}

/// The body of a success.
#[track_caller]
pub fn expect_success(response: Response) -> Value {
    let status = response.status();
    let text = response.text().unwrap();
    assert!(status.is_success(), "{status}: {text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

/// Status and body, whatever they are.
pub fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A JSON string's text.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string")).to_owned()
}

/// Sends the same request from `count` threads that start together; returns the results.
pub fn at_once(count: usize, ask: impl Fn(usize) -> (u16, Value) + Sync) -> Vec<(u16, Value)> {
    let (barrier, answers) = (Barrier::new(count), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for number in 0..count {
            let (barrier, answers, ask) = (&barrier, &answers, &ask);
            scope.spawn(move || {
                barrier.wait();
                let answer = ask(number);
                answers.lock().unwrap().push(answer);
            });
        }
    });
    answers.into_inner().unwrap()
}

/// One application, as a setting.
pub fn applications() -> Value {
    let scopes = ["openid", "profile", "email", "offline_access", "profile:write"];
    json!([{"id": "app", "name": "App", "redirect_uris": [CALLBACK], "scopes": scopes}])
}

/// The path of an authorization request of the application.
pub fn authorization_request() -> String {
    let parameters = [
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/oauth/authorize?{query}")
}

/// A value in a page, without the escapes of HTML.
#[track_caller]
fn value_of(page: &str, before: &str) -> String {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("{before} is not in {page}"));
    rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#x2f;", "/")
}

/// Sends the first form of a page, as a browser does.
pub fn submit(app: &App, browser: &Client, page: Response, fields: &[(&str, &str)]) -> Response {
    let page = page.text().unwrap();
    let page = page.split("</form>").next().unwrap();
    let hidden = page.split("<input type=\"hidden\" name=\"").skip(1);
    let mut form: Vec<(String, String)> =
        hidden.map(|rest| (rest.split('"').next().unwrap().to_owned(), value_of(rest, "value=\""))).collect();
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let url = app.server.url(&value_of(page, "action=\""));
    browser.post(url).header("sec-fetch-site", "same-origin").form(&form).send().unwrap()
}

/// The address to which a redirect leads.
pub fn location(response: &Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// Signs in and consents, as a user does whom an application has sent to this address; returns the address of the response.
pub fn authorize(app: &App, email: &str, url: &str) -> Url {
    let browser = app.server.browser();
    let page = browser.get(url).send().unwrap();
    let signed_in = submit(app, &browser, page, &[("identifier", email), ("password", PASSWORD)]);
    let page = browser.get(app.server.url(&location(&signed_in))).send().unwrap();
    let allowed = submit(app, &browser, page, &[("decision", "allow")]);
    location(&allowed).parse().unwrap()
}

/// A parameter of an address.
pub fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap()
}

/// A code for the application, of a user who signs in and consents.
pub fn authorization_code(app: &App, email: &str) -> String {
    let url = app.server.url(&authorization_request());
    parameter(&authorize(app, email, &url), "code")
}

/// Exchanges a code for tokens, whatever comes of it.
pub fn exchange_code(app: &App, code: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    answer(app.post("/oauth/token").form(&form).send().unwrap())
}
