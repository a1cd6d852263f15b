//! Webhooks over TCP, on both databases: at least once, under one id, each endpoint by itself, and verified with the Python
//! library of Standard Webhooks (R88).

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod receiver;

use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::*;
use receiver::{Behaviour, Message, Receiver};
use selfsame_testing::{
    poll::eventually,
    programs::{find, repository, require},
    server::{Backend, ServerOptions, backends},
};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_mins(1);
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// A server with endpoints, each of a name, an address and what it subscribes to.
fn with_endpoints(backend: Backend, endpoints: &[(&str, String, &[&str])]) -> ServerOptions {
    let endpoint = |(name, url, events): &(&str, String, &[&str])| json!({"name": name, "url": url, "events": events});
    let secrets: Vec<String> = endpoints.iter().map(|(name, ..)| format!("{name}={SECRET}")).collect();
    options(backend)
        .setting("webhooks.endpoints", endpoints.iter().map(endpoint).collect::<Value>())
        .setting("webhooks.secrets", secrets.join("\n"))
        .setting("webhooks.retry_first", "100ms")
        .setting("webhooks.retry_longest", "200ms")
        .setting("webhooks.timeout", "1s")
        .setting("mail.timeout", "1s")
        .setting("mail.lease", "2s")
}

fn ids(messages: &[Message]) -> BTreeSet<&str> {
    messages.iter().map(|message| message.id.as_str()).collect()
}

/// Runs a command in the surroundings of the server.
#[track_caller]
fn run(app: &App, arguments: &[&str]) -> String {
    let output = app.server.run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn r88_a_message_is_repeated_under_one_id_until_it_is_accepted() {
    for backend in backends() {
        let receiver = Receiver::start();
        receiver.behave(Behaviour::Answer(503));
        let app = app_with(with_endpoints(backend, &[("billing", receiver.url(), &["user.created"])]));
        let email = fresh_email();
        app.sign_up(&email);
        let refused = receiver.wait_for(2);
        receiver.behave(Behaviour::Answer(204));
        let all = receiver.wait_for(refused.len() + 1);
        assert_eq!(ids(&all).len(), 1);
        let last = all.last().unwrap();
        assert_eq!((last.event(), &last.body["data"]["user"]["email"]), ("user.created", &json!(email)));
        assert_eq!(last.text, refused[0].text);
        let waiting = || run(&app, &["webhook", "list"]).contains("0 waiting");
        eventually(SOON, "an empty queue", || waiting().then_some(()));
        assert!(!app.server.stderr().contains(&email), "what is sent is not logged");
    }
}

#[test]
fn r88_a_server_that_crashes_between_the_answer_and_its_record_sends_again_under_the_same_id() {
    for backend in backends() {
        let receiver = Receiver::start();
        receiver.behave(Behaviour::Hang);
        let mut app = app_with(with_endpoints(backend, &[("billing", receiver.url(), &["user.created"])]));
        app.sign_up(&fresh_email());
        receiver.wait_for(1);
        app.server.kill_dash_nine();
        receiver.behave(Behaviour::Answer(200));
        app.server.start();
        let all = receiver.wait_for(2);
        assert_eq!(ids(&all).len(), 1);
        assert_eq!(all[0].text, all[1].text);
    }
}

#[test]
fn r88_a_slow_endpoint_holds_up_no_other() {
    for backend in backends() {
        let (slow, quick) = (Receiver::start(), Receiver::start());
        slow.behave(Behaviour::Hang);
        let endpoints: [(&str, String, &[&str]); 2] =
            [("slow", slow.url(), &["user.created"]), ("quick", quick.url(), &["user.created"])];
        let app = app_with(
            with_endpoints(backend, &endpoints).setting("webhooks.timeout", "30s").setting("mail.lease", "60s"),
        );
        // More than are sent to one endpoint at the same time.
        for _ in 0..12 {
            app.sign_up(&fresh_email());
        }
        assert_eq!(ids(&quick.wait_for(12)).len(), 12);
        assert!(ids(&slow.messages()).len() < 12);
    }
}

#[test]
fn while_a_secret_is_replaced_each_message_has_two_signatures() {
    let receiver = Receiver::start();
    let secrets = format!("billing={SECRET},{OTHER_SECRET}");
    let options = with_endpoints(Backend::Sqlite, &[("billing", receiver.url(), &["*"])]);
    let app = app_with(options.setting("webhooks.secrets", secrets));
    app.sign_up(&fresh_email());
    let message = receiver.wait_for(1).remove(0);
    let signatures: Vec<&str> = message.signature.split(' ').collect();
    assert_eq!(signatures.len(), 2);
    assert!(signatures[0] != signatures[1] && signatures.iter().all(|signature| signature.starts_with("v1,")));
}

#[test]
fn the_operator_lists_tests_and_replays() {
    for backend in backends() {
        let receiver = Receiver::start();
        let app = app_with(with_endpoints(backend, &[("billing", receiver.url(), &["user.*"])]));
        assert!(app.server.stdout().contains("webhooks   billing"), "{}", app.server.stdout());
        assert!(run(&app, &["webhook", "test", "billing"]).contains("billing has accepted test_"));
        assert_eq!(receiver.wait_for(1)[0].event(), "webhook.test");
        app.sign_up(&fresh_email());
        let told = receiver.wait_for(2).remove(1);
        run(&app, &["webhook", "replay", &told.id]);
        assert_eq!(receiver.wait_for(3)[2].text, told.text);
        let replayed: Value = serde_json::from_str(&run(
            &app,
            &["webhook", "replay", "--since", "1h", "--endpoint", "billing", "--json"],
        ))
        .unwrap();
        assert_eq!(replayed, json!({"events": 1, "messages": 1}));
        assert_eq!(receiver.wait_for(4)[3].id, told.id);
        let list: Value = serde_json::from_str(&run(&app, &["webhook", "list", "--json"])).unwrap();
        let endpoint = &list["endpoints"][0];
        assert_eq!((&endpoint["name"], &endpoint["events"]), (&json!("billing"), &json!(["user.*"])));
        assert_eq!(endpoint["url"], json!(receiver.url()));

        let code = |arguments: &[&str]| app.server.run(arguments).status.code();
        assert_eq!(code(&["webhook", "test", "crm"]), Some(3));
        assert_eq!(code(&["webhook", "replay", "evt_1"]), Some(3));
        assert_eq!(code(&["webhook", "replay", "--since", "1h", "--endpoint", "crm"]), Some(3));
        assert_eq!(code(&["webhook", "replay", "--since", "yesterday"]), Some(2));
        assert_eq!(code(&["webhook", "replay"]), Some(2));
        receiver.behave(Behaviour::Answer(500));
        assert_eq!(code(&["webhook", "test", "billing"]), Some(75));
        receiver.behave(Behaviour::Answer(410));
        assert_eq!(code(&["webhook", "test", "billing"]), Some(1));
    }
}

/// The receiver of the documentation, in Python.
struct PythonReceiver {
    child: Child,
    port: u16,
    lines: BufReader<std::process::ChildStdout>,
}

impl PythonReceiver {
    /// `None` where there is no Python with the library.
    fn start(folder: &std::path::Path, secret: &str) -> Option<Self> {
        let python = python()?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = fs::read_to_string(repository().join("docs/webhooks.md")).unwrap();
        let (_, example) = file.split_once("```python\n").unwrap();
        let script = folder.join("receiver.py");
        fs::write(&script, example.split_once("```\n").unwrap().0).unwrap();
        let environment = [("PORT", port.to_string()), ("WEBHOOK_SECRET", secret.to_owned())];
        let mut child = Command::new(python)
            .arg(script)
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let receiver = Self { child, port, lines };
        let is_listening = || std::net::TcpStream::connect(("127.0.0.1", port)).ok().map(drop);
        eventually(SOON, "the receiver", is_listening);
        Some(receiver)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    /// The next event that it has verified.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for PythonReceiver {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A Python with `standardwebhooks`: the one that `SELFSAME_TEST_WEBHOOKS_PYTHON` names, or that of the machine.
fn python() -> Option<PathBuf> {
    let has_library = |python: &PathBuf| {
        let import = Command::new(python).args(["-c", "import standardwebhooks"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    let named = env::var_os("SELFSAME_TEST_WEBHOOKS_PYTHON").map(PathBuf::from);
    let python = [named, find("python3")].into_iter().flatten().find(has_library);
    require("python3 with standardwebhooks", python.is_some());
    python
}

#[test]
fn the_python_receiver_of_the_documentation_verifies_messages_by_either_secret_and_refuses_those_of_another() {
    for secret in [SECRET, OTHER_SECRET] {
        let folder = tempfile::tempdir().unwrap();
        let Some(mut receiver) = PythonReceiver::start(folder.path(), secret) else { return };
        let options = with_endpoints(Backend::Sqlite, &[("billing", receiver.url(), &["*"])]);
        let both = format!("billing={SECRET},{OTHER_SECRET}");
        let app = app_with(options.setting("webhooks.secrets", both));
        let user = app.user();
        let told: BTreeSet<String> = (0..3).map(|_| receiver.line()).collect();
        let expected =
            ["user.created", "email.verified", "sign_in.started"].map(|event| format!("{event} {}", user.id));
        assert_eq!(told, BTreeSet::from(expected));
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(receiver) = PythonReceiver::start(folder.path(), OTHER_SECRET) else { return };
    let options = with_endpoints(Backend::Sqlite, &[("billing", receiver.url(), &["user.created"])]);
    let app = app_with(options.setting("webhooks.max_attempts", 1));
    app.sign_up(&fresh_email());
    let is_dead = || run(&app, &["webhook", "list"]).contains("1 dead");
    eventually(SOON, "a dead message", || is_dead().then_some(()));
    assert!(run(&app, &["outbox", "list", "--dead"]).contains("the endpoint answered 400"));
}
