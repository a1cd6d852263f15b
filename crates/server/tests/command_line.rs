//! The command line as a script sees it: exit codes, standard output, standard error.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    collections::BTreeMap,
    io::Write,
    net::TcpListener,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::*;
use selfsame_testing::{
    postgres::{Postgres, TestDatabase},
    server::{Backend, Server, backends},
    smtp::{Behaviour, SmtpSink},
};
use serde_json::{Value, json};
use tempfile::TempDir;

const DONE: i32 = 0;
const FAILED: i32 = 1;
const NO_SUCH_USER: i32 = 3;
const SETTINGS_REFUSED: i32 = 4;
const TRY_AGAIN: i32 = 75;

/// A folder and an environment to run the binary in.
struct Shell {
    folder: TempDir,
    environment: BTreeMap<String, String>,
    _database: Option<TestDatabase>,
}

/// How a command ended, and what it said.
#[derive(Debug)]
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Shell {
    /// An empty database, and hashing that is quick.
    fn on(backend: Backend) -> Self {
        let postgres = || Postgres::shared().unwrap().fresh_database(None);
        let database = (backend == Backend::Postgres).then(postgres);
        let shell = Self { folder: tempfile::tempdir().unwrap(), environment: BTreeMap::new(), _database: None };
        let data = shell.folder.path().join("data").display().to_string();
        let url = database.as_ref().map(|database| database.url.clone()).unwrap_or_default();
        let shell = shell.with("data_dir", &data).with("database.url", &url);
        let shell = shell.with("passwords.argon2_memory_kib", "64").with("passwords.argon2_iterations", "1");
        Self { _database: database, ..shell }
    }

    fn with(self, key: &str, value: &str) -> Self {
        self.env(&format!("SELFSAME__{}", key.to_uppercase().replace('.', "__")), value)
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn migrated(self) -> Self {
        self.run(&["migrate"]).expect(DONE);
        self
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    /// With this on standard input.
    fn run_with(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selfsame"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELFSAME")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).envs(&self.environment).args(arguments);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // Who reads no input has closed it by now; that is no failure of theirs.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn create(&self, email: &str) -> Outcome {
        let arguments = ["user", "create", "--email", email, "--verified", "--password-stdin", "--json"];
        self.run_with(&arguments, &format!("{PASSWORD}\n"))
    }
}

impl Outcome {
    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Failed with this code, said why, and left standard output to those who succeed.
    #[track_caller]
    fn refused(self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{self:?}");
        assert!(words.iter().all(|word| self.stderr.contains(word)), "{words:?} in {}", self.stderr);
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A port of this machine that nobody listens on.
fn nobody_there() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn config_check_prints_the_settings_in_force_and_masks_secrets() {
    let shell = Shell::on(Backend::Sqlite)
        .with("mail.url", "smtps://mailer:hunter2hunter2@mail.example.com")
        .with("database.url", "postgres://selfsame:hunter2hunter2@db.example.com/selfsame");
    let outcome = shell.run(&["config", "check"]).expect(DONE);
    assert!(outcome.stdout.contains("url = \"smtps://mailer:***@mail.example.com\""), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("url = \"postgres://selfsame:***@db.example.com/selfsame\""), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("# environment variable SELFSAME__MAIL__URL"), "{}", outcome.stdout);
    assert!(!format!("{outcome:?}").contains("hunter2"));
    assert!(outcome.stderr.is_empty(), "{}", outcome.stderr);
    assert!(!shell.folder.path().join("data").exists(), "a look changes nothing");
}

#[test]
fn an_unknown_key_is_refused_with_a_hint_by_every_command() {
    let shell = Shell::on(Backend::Sqlite).with("server.bnd", "127.0.0.1:0");
    for arguments in [&["config", "check"][..], &["serve"], &[], &["migrate"], &["user", "show", "1"], &["health"]] {
        let words = ["SELFSAME__SERVER__BND", "did you mean SELFSAME__SERVER__BIND?"];
        shell.run(arguments).refused(SETTINGS_REFUSED, &words);
    }
}

#[test]
fn a_settings_file_is_read_from_the_working_directory_and_the_environment_wins() {
    let shell = Shell::on(Backend::Sqlite).with("mail.from", "env@example.com");
    let config = shell.folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    std::fs::write(config.join("local.toml"), "[mail]\nfrom = \"file@example.com\"\nfrom_name = \"File\"\n").unwrap();
    let outcome = shell.run(&["config", "check"]).expect(DONE);
    assert!(outcome.stdout.contains("from = \"env@example.com\"  # environment variable"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("from_name = \"File\"  # "), "{}", outcome.stdout);
    std::fs::write(config.join("local.toml"), "[mail]\nfrm = \"file@example.com\"\n").unwrap();
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &["mail.frm", "did you mean mail.from?", "local.toml"]);
}

#[test]
fn r96_production_refuses_every_unsafe_setting_at_once() {
    let shell = Shell::on(Backend::Sqlite).env("SELFSAME_ENV", "production");
    let keys = ["SELFSAME_ENV=production", "server.public_url", "mail.url", "mail.from"];
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &keys);
    shell.run(&["serve"]).refused(SETTINGS_REFUSED, &keys);
    assert!(!shell.folder.path().join("data").exists(), "nothing was begun");

    let shell = shell
        .with("server.public_url", "http://account.example.com")
        .with("server.allowed_origins", "http://app.example.com")
        .with("server.trusted_proxies", "0.0.0.0/0")
        .with("mail.url", "smtps://mailer:secret@mail.example.com")
        .with("mail.from", "account@example.com")
        .with("database.url", "postgres://postgres:postgres@db.example.com/selfsame")
        .with("passwords.min_length", "8")
        .with("limits.enabled", "false")
        .with("wacht.mode", "staging")
        .with("log.filter", "debug");
    let keys = [
        "server.public_url",
        "server.allowed_origins",
        "server.trusted_proxies",
        "mail.url",
        "database.url",
        "passwords.min_length",
        "passwords.argon2_memory_kib",
        "limits.enabled",
        "wacht.mode",
        "log.filter",
    ];
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &keys);
}

#[test]
fn r96_production_takes_safe_settings() {
    let shell = Shell::on(Backend::Sqlite)
        .env("SELFSAME_ENV", "production")
        .with("server.public_url", "https://account.example.com")
        .with("mail.url", "smtps://mailer:nine-odd-geese-lodge@mail.example.com")
        .with("mail.from", "account@example.com")
        .with("passwords.argon2_memory_kib", "19456")
        .with("passwords.argon2_iterations", "2");
    shell.run(&["config", "check"]).expect(DONE);
}

#[test]
fn migrate_applies_what_is_pending_once() {
    for backend in backends() {
        let shell = Shell::on(backend);
        let first = shell.run(&["migrate"]).expect(DONE);
        assert!(first.stdout.starts_with("applied ") && first.stdout.ends_with('\n'), "{first:?}");
        let second = shell.run(&["migrate"]).expect(DONE);
        assert_eq!(second.stdout, "the schema is up to date\n");
    }
}

#[test]
fn r92_serve_refuses_a_stale_schema_where_it_may_not_migrate() {
    for backend in backends() {
        let shell = Shell::on(backend).with("database.auto_migrate", "false").with("server.bind", "127.0.0.1:0");
        shell.run(&["serve"]).refused(FAILED, &["schema", "selfsame migrate", "database.auto_migrate"]);
        let mut server = Server::prepare(options(backend).setting("database.auto_migrate", false));
        assert!(server.run(&["migrate"]).status.success());
        server.start();
        assert_eq!(server.client().get(server.url("/health/ready")).send().unwrap().status(), 200);
    }
}

#[test]
fn users_are_created_shown_disabled_and_enabled() {
    for backend in backends() {
        let shell = Shell::on(backend).migrated();
        let email = fresh_email();
        let created = shell.create(&email).expect(DONE).json();
        assert_eq!((&created["has_password"], &created["disabled_at"]), (&json!(true), &Value::Null));
        assert_eq!(created["identifiers"][0]["value"], email);
        assert!(created["identifiers"][0]["verified_at"].is_string(), "{created}");

        let id = text(&created["id"]);
        for query in [email.as_str(), &email.to_uppercase(), &id] {
            assert_eq!(shell.run(&["user", "show", query, "--json"]).expect(DONE).json(), created, "{query}");
        }
        let disabled = shell.run(&["user", "disable", &email, "--json"]).expect(DONE).json();
        assert!(disabled["disabled_at"].is_string(), "{disabled}");
        let shown = shell.run(&["user", "show", &id]).expect(DONE).stdout;
        assert!(shown.contains("disabled") && shown.contains(&email) && shown.contains(&id), "{shown}");
        let enabled = shell.run(&["user", "enable", &id, "--json"]).expect(DONE).json();
        assert_eq!(enabled["disabled_at"], Value::Null);
    }
}

#[test]
fn a_user_that_there_is_not_has_an_exit_code_of_its_own() {
    for backend in backends() {
        let shell = Shell::on(backend).migrated();
        for command in ["show", "disable", "enable"] {
            for query in ["nobody@example.com", "1", "not an address"] {
                shell.run(&["user", command, query, "--json"]).refused(NO_SUCH_USER, &["no such user"]);
            }
        }
    }
}

#[test]
fn r17_r18_the_operators_users_obey_the_same_rules() {
    for backend in backends() {
        let shell = Shell::on(backend).migrated();
        let create = ["user", "create", "--email", "ada@example.com", "--password-stdin"];
        for weak in ["short", "passwordpassword"] {
            let outcome = shell.run_with(&create, weak).expect(FAILED);
            let said = outcome.stderr.lines().last().unwrap().to_lowercase();
            assert!(said.starts_with("selfsame: ") && said.replace(weak, "…").contains("password"), "{outcome:?}");
            assert!(!said.contains(&format!("{weak}\"")), "a password is not echoed: {said}");
        }
        shell.run_with(&["user", "create", "--email", "Ada <ada@example.com>", "--password-stdin"], PASSWORD).expect(FAILED);
        shell.create("ada@example.com").expect(DONE);
        shell.create("ADA@example.com").refused(FAILED, &["Email", "Taken"]);
    }
}

#[test]
fn the_password_is_the_first_line_of_standard_input() {
    let inputs = [
        ("unix@example.com", format!("{PASSWORD}\nmore")),
        ("dos@example.com", format!("{PASSWORD}\r\n")),
        ("bare@example.com", PASSWORD.to_owned()),
    ];
    for backend in backends() {
        let mut server = Server::prepare(options(backend));
        assert!(server.run(&["migrate"]).status.success());
        let data = server.folder().join("data").display().to_string();
        let shell = Shell::on(backend).with("database.url", &server.database_url()).with("data_dir", &data);
        for (email, input) in &inputs {
            let create = ["user", "create", "--email", email, "--verified", "--password-stdin"];
            shell.run_with(&create, input).expect(DONE);
        }
        server.start();
        let app = App { client: server.client(), server };
        for (email, _) in &inputs {
            app.login(email, PASSWORD);
        }
    }
}

#[test]
fn a_user_without_password_and_verification_is_told_how_to_go_on() {
    let mut server = Server::prepare(options(Backend::Sqlite));
    assert!(server.run(&["migrate"]).status.success());
    let created = server.run(&["user", "create", "--email", "ada@example.com", "--password-stdin", "--json"]);
    assert!(created.status.success(), "{created:?}");
    let created: Value = serde_json::from_slice(&created.stdout).unwrap();
    assert_eq!((&created["has_password"], &created["identifiers"][0]["verified_at"]), (&json!(false), &Value::Null));
    server.start();
    assert!(!server.mailbox().wait_for_to("ada@example.com", 1)[0].link().is_empty());
}

#[test]
fn a_database_that_is_down_is_worth_another_try() {
    let down = format!("postgres://selfsame:nobody@{}/selfsame", nobody_there());
    let shell = Shell::on(Backend::Sqlite).with("database.url", &down).with("server.bind", "127.0.0.1:0");
    for arguments in [
        &["migrate"][..],
        &["user", "show", "ada@example.com", "--json"],
        &["user", "disable", "ada@example.com"],
        &["serve"],
    ] {
        let asked = Instant::now();
        shell.run(arguments).refused(TRY_AGAIN, &["database"]);
        assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    }
}

#[test]
fn no_command_says_the_databases_password() {
    let down = format!("postgres://selfsame:hunter2hunter2@{}/selfsame", nobody_there());
    let shell = Shell::on(Backend::Sqlite).with("database.url", &down).with("log.filter", "trace");
    for arguments in [&["migrate"][..], &["serve"], &["user", "show", "1"]] {
        let outcome = shell.run(arguments);
        assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
    }
}

#[test]
fn r93_a_second_process_on_a_sqlite_file_is_refused() {
    let app = app(Backend::Sqlite);
    let shell = Shell::on(Backend::Sqlite).with("database.url", &app.server.database_url()).with("server.bind", "127.0.0.1:0");
    for arguments in [&["serve"][..], &["migrate"], &["user", "show", "ada@example.com"]] {
        shell.run(arguments).refused(TRY_AGAIN, &["in use by another process", "selfsame.db"]);
    }
    // The first one does not mind.
    app.user();
}

#[test]
fn a_port_that_is_taken_is_said_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let shell = Shell::on(Backend::Sqlite).with("server.bind", &address);
    shell.run(&["serve"]).refused(FAILED, &["cannot listen on", &address]);
    assert!(!shell.folder.path().join("data").exists(), "nothing was begun");
}

#[test]
fn openapi_prints_the_routes_of_every_contract() {
    let outcome = Shell::on(Backend::Sqlite).run(&["openapi"]).expect(DONE);
    let document = outcome.json();
    assert!(text(&document["openapi"]).starts_with("3.1"), "{}", document["openapi"]);
    for (path, method, contract) in [
        ("/me", "post", "wacht"),
        ("/me", "patch", "wacht"),
        ("/session/switch-sign-in", "post", "wacht"),
        ("/.well-known/jwks.json", "get", "wacht"),
        ("/api/v1/me", "patch", "profile_api"),
        ("/api/v1/me/verify-email/confirm", "post", "profile_api"),
        ("/api/v1/auth/me/profile", "put", "rivergen"),
        ("/api/v1/auth/verify-otp", "post", "rivergen"),
        ("/api/v1/account", "patch", "account"),
    ] {
        let operation = &document["paths"][path][method];
        assert_eq!(operation["tags"], json!([contract]), "{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
    }
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert!(schemes.contains_key("bearer") && schemes.contains_key("session_id"), "{schemes:?}");
}

#[test]
fn openapi_needs_neither_a_database_nor_a_folder() {
    let shell = Shell::on(Backend::Sqlite).with("database.url", &format!("postgres://u:p@{}/db", nobody_there()));
    shell.run(&["openapi"]).expect(DONE);
    assert_eq!(std::fs::read_dir(shell.folder.path()).unwrap().count(), 0);
}

#[test]
fn mail_test_says_what_the_mail_server_answered() {
    let sink = SmtpSink::start();
    let shell = Shell::on(Backend::Sqlite).with("mail.url", &format!("{}?tls=none", sink.url())).with("mail.timeout", "2s");
    let test = ["mail", "test", "ada@example.com"];
    let outcome = shell.run(&test).expect(DONE);
    assert!(outcome.stdout.contains("handed over"), "{outcome:?}");
    assert!(sink.wait_for(1, Duration::from_secs(5))[0].is_to("ada@example.com"));

    for (behaviour, code) in [
        (Behaviour::RefusePermanently(None), FAILED),
        (Behaviour::RefuseTemporarily, TRY_AGAIN),
        (Behaviour::Hang, TRY_AGAIN),
    ] {
        sink.behave(behaviour.clone());
        let outcome = shell.run(&test).expect(code);
        assert!(outcome.stdout.is_empty() && outcome.stderr.starts_with("selfsame: "), "{behaviour:?}: {outcome:?}");
    }
    sink.stop();
    shell.run(&test).expect(TRY_AGAIN);
    shell.run(&["mail", "test", "not an address"]).refused(FAILED, &["not an e-mail address"]);
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn mail_test_writes_to_the_development_mailbox() {
    let server = Server::prepare(options(Backend::Sqlite));
    assert!(server.run(&["mail", "test", "ada@example.com"]).status.success());
    assert_eq!(server.mailbox().messages_to("ada@example.com").len(), 1);
}

#[test]
fn health_says_whether_the_server_at_the_configured_address_is_ready() {
    let mut app = app(Backend::Sqlite);
    let bind = app.server.url("").replace("http://", "");
    let shell = Shell::on(Backend::Sqlite).with("server.bind", &bind);
    let outcome = shell.run(&["health"]).expect(DONE);
    assert_eq!(outcome.stdout, "");
    app.server.terminate();
    app.server.wait_exit(Duration::from_secs(20));
    shell.run(&["health"]).refused(FAILED, &["no answer", &bind]);
}

#[test]
fn health_is_bad_while_the_server_cannot_reach_its_database() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let postgres = Postgres::private(false).unwrap();
    let app = app_with(options(Backend::Sqlite).on_database(postgres.fresh_database(None)));
    let bind = app.server.url("").replace("http://", "");
    let shell = Shell::on(Backend::Sqlite).with("server.bind", &bind);
    shell.run(&["health"]).expect(DONE);
    postgres.kill();
    shell.run(&["health"]).refused(FAILED, &["not ready", "503"]);
    postgres.start();
}

#[test]
fn a_stranger_finds_the_way() {
    let shell = Shell::on(Backend::Sqlite);
    let help = shell.run(&["--help"]).expect(DONE).stdout;
    for word in ["serve", "migrate", "user", "openapi", "config", "mail", "health", "Exit codes", "SELFSAME__SECTION__KEY"] {
        assert!(help.contains(word), "{word} in {help}");
    }
    assert!(shell.run(&["--version"]).expect(DONE).stdout.starts_with("selfsame "));
    shell.run(&["frobnicate"]).refused(2, &["Usage"]);
    assert!(!shell.folder.path().join("data").exists());
}
