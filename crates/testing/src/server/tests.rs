//! The harness on a stand-in for the binary: a shell script that says it listens.

use std::time::Duration;

use super::{Backend, Server, ServerOptions, announced, backends};

const LIMIT: Duration = Duration::from_secs(10);
const STAND_IN: &str = r#"
trap 'echo ending >&2; exit 7' TERM
echo "starting in $SELFSAME__DATA_DIR" >&2
case $SELFSAME__SERVER__BIND in *:0) port=4711;; *) port=${SELFSAME__SERVER__BIND##*:};; esac
echo "bound $SELFSAME__SERVER__BIND"
echo "INFO listening on http://127.0.0.1:$port"
while :; do sleep 0.05; done
"#;

fn stand_in(script: &str) -> ServerOptions {
    ServerOptions::new("/bin/sh").with_arguments(&["-c", script])
}

#[test]
fn a_server_is_known_by_the_address_it_announces() {
    let server = Server::spawn(stand_in(STAND_IN));
    assert_eq!(server.url("/me"), "http://127.0.0.1:4711/me");
    assert!(server.stdout().starts_with("bound 127.0.0.1:0\n"));
    assert!(server.stderr().contains(server.folder().join("data").to_str().unwrap()));
}

#[test]
fn a_restart_is_orderly_and_keeps_the_port_and_the_folder() {
    let mut server = Server::spawn(stand_in(STAND_IN));
    let folder = server.folder().to_owned();
    server.restart();
    assert!(server.stderr().contains("ending"));
    assert!(server.stdout().contains("bound 127.0.0.1:4711\n"));
    assert_eq!((server.url(""), server.folder()), ("http://127.0.0.1:4711".to_owned(), folder.as_path()));
    server.terminate();
    assert_eq!(server.wait_exit(LIMIT).code(), Some(7));
}

#[test]
fn a_killed_server_has_no_time_to_say_anything() {
    let mut server = Server::spawn(stand_in(STAND_IN));
    server.kill_dash_nine();
    assert!(!server.stderr().contains("ending"));
    server.restart();
    assert_eq!(server.url(""), "http://127.0.0.1:4711");
}

#[test]
#[should_panic(expected = "no disk today")]
fn a_server_that_ends_instead_of_listening_fails_the_test_with_its_words() {
    drop(Server::spawn(stand_in("echo no disk today; sleep 0.2; exit 1")));
}

#[test]
fn settings_arrive_as_environment_variables_and_override_the_defaults() {
    let options = stand_in("").setting("limits.enabled", false).mail("smtp://127.0.0.1:25").env("EXTRA", 1);
    let server = Server::prepare(options);
    let output = server.run(&["-c", "echo $SELFSAME__LIMITS__ENABLED $SELFSAME__MAIL__URL $EXTRA"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "false smtp://127.0.0.1:25 1\n");
}

#[test]
fn each_backend_gives_the_server_a_database_url_of_its_kind() {
    for backend in backends() {
        let server = Server::prepare(stand_in("").backend(backend));
        let output = server.run(&["-c", "echo $SELFSAME__DATABASE__URL"]);
        let scheme = if backend == Backend::Sqlite { "sqlite:///" } else { "postgres" };
        assert!(String::from_utf8(output.stdout).unwrap().starts_with(scheme));
        assert_eq!(server.database().is_some(), backend == Backend::Postgres);
    }
}

#[test]
fn an_announcement_counts_once_its_line_is_whole() {
    assert_eq!(announced("listening on http://127.0.0.1:80"), None);
    assert_eq!(announced("x listening on http://127.0.0.1:80/ now\n"), Some("127.0.0.1:80".parse().unwrap()));
    assert_eq!(announced("listening on \u{1b}[1mhttp://[::1]:8080\u{1b}[0m\n"), Some("[::1]:8080".parse().unwrap()));
}
