//! The recipes of docs/proxies.md in front of the server: the real proxies with the files of `docs/proxies/`, in which only
//! ports, names and paths are replaced.
//!
//! Clients are told apart by their addresses on the loopback network: 127.0.0.2 and so on are clients, 127.0.0.1 is the
//! trusted proxy. Without the proxies on the machine these tests are skipped (`selfsame_testing::programs`).

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    fs::{self, File},
    io::Cursor,
    net::{IpAddr, Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::*;
use image::{ImageFormat, RgbImage};
use reqwest::{
    blocking::{
        Client, RequestBuilder, Response,
        multipart::{Form, Part},
    },
    redirect::Policy,
};
use selfsame_testing::{
    poll::eventually,
    programs::{are_there, find, repository},
    server::{Backend, ServerOptions},
};
use serde_json::json;

/// A timeout that is long enough on a loaded machine.
const SOON: Duration = Duration::from_secs(20);

/// A recipe, with everything in it that belongs to one machine.
struct Recipe {
    text: String,
}

impl Recipe {
    fn read(name: &str) -> Self {
        Self { text: fs::read_to_string(repository().join("docs/proxies").join(name)).unwrap() }
    }

    /// Replaces a text that the recipe has once.
    #[track_caller]
    fn with(self, from: &str, to: &str) -> Self {
        assert_eq!(self.text.matches(from).count(), 1, "{from:?} in {}", self.text);
        Self { text: self.text.replace(from, to) }
    }
}

/// A proxy in front of a server.
struct Proxied {
    app: App,
    proxy: Child,
    port: u16,
    /// The port that redirects to https.
    plain_port: u16,
    folder: PathBuf,
}

impl Drop for Proxied {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
        if std::thread::panicking() {
            let log = fs::read_to_string(self.folder.join("proxy.log")).unwrap_or_default();
            eprintln!("the proxy of the failed test wrote:\n{log}");
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A client at 127.0.0.`host`.
fn client(host: u8) -> Client {
    let address = IpAddr::from([127, 0, 0, host]);
    Client::builder().no_proxy().redirect(Policy::none()).local_address(address).timeout(SOON).build().unwrap()
}

/// A server as production has it behind a proxy on the same machine, as far as a test can do that without TLS.
fn server() -> App {
    let options = ServerOptions::new(env!("CARGO_BIN_EXE_selfsame"))
        .backend(Backend::Sqlite)
        .setting("passwords.argon2_memory_kib", 64)
        .setting("passwords.argon2_iterations", 1)
        .setting("server.public_url", "https://account.example.com")
        .setting("server.trusted_proxies", "127.0.0.1")
        .setting("log.format", "json");
    app_with(options)
}

/// Starts a proxy, and returns when it serves.
#[track_caller]
fn start(app: App, mut command: Command, port: u16, plain_port: u16) -> Proxied {
    let folder = app.server.folder().to_owned();
    let log = File::create(folder.join("proxy.log")).unwrap();
    command.current_dir(&folder).env("HOME", &folder).env("XDG_DATA_HOME", &folder).env("XDG_CONFIG_HOME", &folder);
    let proxy = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
    let proxied = Proxied { app, proxy, port, plain_port, folder };
    let live = || client(2).get(proxied.url("/health/live")).send().ok();
    eventually(SOON, "the proxy to serve", || live().filter(|response| response.status() == 200));
    proxied
}

/// nginx with the recipe; its surroundings are those of Debian's nginx.conf in a folder of the test.
fn nginx(edit: impl FnOnce(Recipe) -> Recipe) -> Proxied {
    let (app, port, plain_port) = (server(), free_port(), free_port());
    let folder = app.server.folder().to_owned();
    let recipe = edit(nginx_recipe(&app, &folder, plain_port))
        .with("listen 443 ssl http2;", &format!("listen 127.0.0.1:{port};"))
        .with("    ssl_certificate /etc/ssl/account.example.com/fullchain.pem;\n", "")
        .with("    ssl_certificate_key /etc/ssl/account.example.com/privkey.pem;\n", "");
    let config = nginx_files(&folder, &recipe);
    let mut command = Command::new(find("nginx").unwrap());
    command.arg("-p").arg(&folder).arg("-c").arg(config).arg("-e").arg("stderr");
    start(app, command, port, plain_port)
}

fn nginx_recipe(app: &App, folder: &Path, plain_port: u16) -> Recipe {
    Recipe::read("nginx.conf")
        .with("127.0.0.1:8080", &app.server.url("").replace("http://", ""))
        .with("listen 80;", &format!("listen 127.0.0.1:{plain_port};"))
        .with("/var/log/nginx/selfsame.log", folder.join("access.log").to_str().unwrap())
}

/// Writes the recipe and the configuration that includes it; returns the latter's path.
fn nginx_files(folder: &Path, recipe: &Recipe) -> PathBuf {
    fs::write(folder.join("selfsame.conf"), &recipe.text).unwrap();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/nginx-{name};", folder.display()))
        .join(" ");
    // One process, which ends when it is killed.
    let config = format!(
        "daemon off; master_process off; pid {0}/nginx.pid;\nevents {{}}\nhttp {{ {temporary} include {0}/selfsame.conf; }}\n",
        folder.display()
    );
    let path = folder.join("nginx.conf");
    fs::write(&path, config).unwrap();
    path
}

/// Caddy with the recipe, without TLS and without its administration interface.
fn caddy(edit: impl FnOnce(Recipe) -> Recipe) -> Proxied {
    let (app, port) = (server(), free_port());
    let folder = app.server.folder().to_owned();
    let recipe = edit(Recipe::read("Caddyfile"))
        .with("127.0.0.1:8080", &app.server.url("").replace("http://", ""))
        .with("account.example.com {", &format!("http://:{port} {{"))
        .with("{\n\tservers {", "{\n\tadmin off\n\tservers {");
    fs::write(folder.join("Caddyfile"), recipe.text).unwrap();
    let mut command = Command::new(find("caddy").unwrap());
    command.args(["run", "--adapter", "caddyfile", "--config", "Caddyfile"]);
    start(app, command, port, port)
}

/// A picture of more than 2 MB: noise, which does not compress.
fn large_picture() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let picture = RgbImage::from_fn(900, 900, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let [red, green, blue, ..] = state.to_le_bytes();
        image::Rgb([red, green, blue])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Proxied {
    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn sign_up(&self, client: &Client, email: &str) -> RequestBuilder {
        let body = json!({"email": email, "password": PASSWORD, "display_name": "Ada"});
        client.post(self.url("/api/v1/auth/signup")).json(&body)
    }

    /// Signs a user up by RiverGen and in by the cookie of Wacht; `prepare` adds headers. Returns the cookie.
    #[track_caller]
    fn sign_in(&self, client: &Client, prepare: impl Fn(RequestBuilder) -> RequestBuilder) -> String {
        let email = fresh_email();
        let started = expect_success(prepare(self.sign_up(client, &email)).send().unwrap());
        let code = self.app.code(&email, 1);
        let body = json!({"temporary_token": started["data"]["temporary_token"], "otp_code": code});
        expect_success(prepare(client.post(self.url("/api/v1/auth/verify-otp")).json(&body)).send().unwrap());
        let form = [("strategy", "plain_email"), ("email", &email), ("password", PASSWORD)];
        let answer = prepare(client.post(self.url("/auth/signin")).form(&form)).send().unwrap();
        let cookie = session_cookie(&answer).unwrap();
        assert_eq!(expect_success(answer)["data"]["signin_attempts"][0]["completed"], true);
        format!("session_id={cookie}")
    }

    /// The addresses of the account's sign-ins, as this server has them.
    #[track_caller]
    fn addresses(&self, client: &Client, cookie: &str) -> Vec<String> {
        let answer = client.get(self.url("/me/signins")).header("cookie", cookie).send().unwrap();
        let sign_ins = expect_success(answer)["data"].as_array().unwrap().clone();
        sign_ins.iter().map(|sign_in| text(&sign_in["ip_address"])).collect()
    }

    fn upload(&self, client: &Client, cookie: &str, bytes: Vec<u8>) -> reqwest::Result<Response> {
        let form = Form::new().part("file", Part::bytes(bytes).file_name("me.png").mime_str("image/png").unwrap());
        let request = client.post(self.url("/me/profile-picture")).header("cookie", cookie);
        request.multipart(form).send()
    }

    /// What holds behind every proxy. `keeps_bodies`: it receives a body as a whole before it passes it on.
    fn check(&self, keeps_bodies: bool) {
        let (ada, eve) = (client(2), client(3));

        // What a client says of its address is not believed.
        let forged = |request: RequestBuilder| request.header("x-forwarded-for", "198.51.100.7");
        let cookie = self.sign_in(&ada, forged);
        assert_eq!(self.addresses(&ada, &cookie), ["127.0.0.2", "127.0.0.2"]);

        let picture = large_picture();
        assert!(picture.len() > 2_000_000, "{}", picture.len());
        assert_eq!(self.upload(&ada, &cookie, picture).unwrap().status(), 200);
        let me = expect_success(ada.get(self.url("/me")).header("cookie", &cookie).send().unwrap());
        let address = text(&me["data"]["image_url"]);
        let path = address.strip_prefix("https://account.example.com").unwrap_or_else(|| panic!("{address}"));
        let served = ada.get(self.url(path)).send().unwrap();
        assert_eq!(
            (served.status().as_u16(), &served.headers()["content-type"]),
            (200, &"image/webp".parse().unwrap())
        );

        // Above the limit of the server and below that of the proxy. A proxy that does not keep the body passes the answer
        // on before it has all of it, and a client that still writes may see the closed connection first.
        let refused = self.upload(&ada, &cookie, vec![0; 14 << 20]);
        let in_log = || self.app.server.stderr().contains("PAYLOAD_TOO_LARGE").then_some(());
        eventually(SOON, "the refusal of the server", in_log);
        if keeps_bodies || refused.is_ok() {
            let (status, body) = answer(refused.unwrap());
            assert_eq!((status, &body["errors"][0]["code"]), (413, &json!("PAYLOAD_TOO_LARGE")), "{body}");
        }

        // One address spends its own budget (3 sign-ups), whatever it says; another one has another.
        let tries: Vec<_> = (1..=3)
            .map(|number| {
                let request = self.sign_up(&ada, &fresh_email());
                request.header("x-forwarded-for", format!("198.51.100.{number}")).send().unwrap().status().as_u16()
            })
            .collect();
        assert_eq!(tries, [201, 201, 429]);
        assert_eq!(self.sign_up(&eve, &fresh_email()).send().unwrap().status(), 201);

        self.check_request_id(&ada);

        // The document comes compressed by the server.
        let document = ada.get(self.url("/openapi.json")).header("accept-encoding", "gzip").send().unwrap();
        assert_eq!(document.headers()["content-encoding"], "gzip");
        let session = ada.get(self.url("/session")).header("accept-encoding", "gzip").send().unwrap();
        assert!(!session.headers().contains_key("content-encoding"));
    }

    /// The id of a request is the proxy's, in the answer and in the log of the server; a client cannot choose it.
    fn check_request_id(&self, client: &Client) {
        let answer = client.get(self.url("/session")).header("x-request-id", "chosen").send().unwrap();
        let ids: Vec<_> = answer.headers().get_all("x-request-id").iter().map(|id| id.to_str().unwrap()).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_ne!(ids[0], "chosen");
        let in_log = |log: String| log.contains(ids[0]).then_some(());
        eventually(SOON, "the id in the log of the server", || in_log(self.app.server.stderr()));
        let access_log = ["access.log", "proxy.log"].map(|name| self.folder.join(name));
        let proxy_log =
            || access_log.iter().map(|path| fs::read_to_string(path).unwrap_or_default()).collect::<String>();
        eventually(SOON, "the id in the log of the proxy", || in_log(proxy_log()));
    }

    /// Two clients of a load balancer at 127.0.0.1, in front of this proxy.
    fn check_chain(&self) {
        let balancer = client(1);
        for client in ["203.0.113.7", "203.0.113.8"] {
            let chain = format!("198.51.100.7, {client}");
            let through = |request: RequestBuilder| request.header("x-forwarded-for", &chain);
            let cookie = self.sign_in(&balancer, through);
            assert_eq!(self.addresses(&balancer, &cookie), [client, client]);
            let status = || through(self.sign_up(&balancer, &fresh_email())).send().unwrap().status().as_u16();
            assert_eq!([status(), status(), status()], [201, 201, 429], "{client}");
        }
    }
}

#[test]
fn r59_the_recipe_of_nginx_serves_sign_in_pictures_and_true_addresses() {
    if !are_there(&["nginx"]) {
        return;
    }
    let proxied = nginx(|recipe| recipe);
    proxied.check(true);
    let plain = format!("http://127.0.0.1:{}/me?x=y", proxied.plain_port);
    let redirect = client(2).get(plain).header("host", "account.example.com").send().unwrap();
    assert_eq!(redirect.status(), 308);
    assert_eq!(redirect.headers()["location"], "https://account.example.com/me?x=y");
}

#[test]
fn r59_the_recipe_of_nginx_passes_on_the_addresses_of_a_load_balancer_in_front() {
    if are_there(&["nginx"]) {
        nginx(|recipe| recipe).check_chain();
    }
}

#[test]
fn r59_the_recipe_of_caddy_serves_sign_in_pictures_and_true_addresses() {
    if are_there(&["caddy"]) {
        caddy(|recipe| recipe).check(false);
    }
}

#[test]
fn r59_the_recipe_of_caddy_passes_on_the_addresses_of_a_load_balancer_that_it_trusts() {
    if are_there(&["caddy"]) {
        let trusting = "transport http {";
        caddy(|recipe| recipe.with(trusting, &format!("trusted_proxies 127.0.0.1/32\n{trusting}"))).check_chain();
    }
}

#[test]
fn the_recipes_are_valid_with_tls() {
    if !are_there(&["nginx", "caddy", "openssl"]) {
        return;
    }
    let app = server();
    let folder = app.server.folder();
    let key =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/"];
    let mut openssl = Command::new("openssl");
    let certificate = openssl.args(key).args(["-keyout", "privkey.pem", "-out", "fullchain.pem"]).current_dir(folder);
    assert!(certificate.output().unwrap().status.success());
    let recipe = nginx_recipe(&app, folder, free_port())
        .with("listen 443 ssl", &format!("listen 127.0.0.1:{} ssl", free_port()))
        .with("/etc/ssl/account.example.com/fullchain.pem", folder.join("fullchain.pem").to_str().unwrap())
        .with("/etc/ssl/account.example.com/privkey.pem", folder.join("privkey.pem").to_str().unwrap());
    let mut nginx = Command::new(find("nginx").unwrap());
    nginx.arg("-t").arg("-p").arg(folder).arg("-c").arg(nginx_files(folder, &recipe)).arg("-e").arg("stderr");
    let caddyfile = repository().join("docs/proxies/Caddyfile");
    let mut caddy = Command::new(find("caddy").unwrap());
    caddy.args(["validate", "--adapter", "caddyfile", "--config"]).arg(caddyfile).env("HOME", folder);
    caddy.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
    for mut check in [nginx, caddy] {
        let output = check.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
