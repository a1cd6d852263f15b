//! The control socket of a running server, seen from outside.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::Shutdown,
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::PathBuf,
    time::Duration,
};

use selfsame_testing::{
    poll::eventually,
    server::{Backend, Server, backends},
};

use crate::{
    common::{App, app, app_with, fresh_email, options},
    shell::{DONE, FAILED, NO_SUCH_USER, Shell, TRY_AGAIN},
};

const SOON: Duration = Duration::from_secs(20);

fn socket(server: &Server) -> PathBuf {
    server.folder().join("data/control.sock")
}

#[test]
fn the_socket_is_its_owners_alone_and_goes_with_the_server() {
    for backend in backends() {
        let mut app = app(backend);
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(socket(&app.server)), 0o600);
        assert_eq!(mode(app.server.folder().join("data")), 0o700);
        app.server.terminate();
        assert!(app.server.wait_exit(SOON).success());
        assert!(!socket(&app.server).exists());
    }
}

#[test]
fn commands_work_before_while_and_after_a_server_was_killed() {
    for backend in backends() {
        let mut app = app(backend);
        let shell = Shell::beside(&app.server);
        let email = fresh_email();
        shell.create(&email).expect(DONE);
        app.server.kill_dash_nine();
        assert!(socket(&app.server).exists(), "a dead server takes nothing away");
        shell.run(&["user", "disable", &email]).expect(DONE);
        app.server.start();
        shell.run(&["user", "enable", &email]).expect(DONE);
        app.login(&email, crate::common::PASSWORD);
    }
}

#[test]
fn the_server_logs_the_name_of_a_command_and_how_it_ended() {
    let app = app(Backend::Sqlite);
    Shell::beside(&app.server).run(&["user", "show", "nobody@example.com"]).expect(NO_SUCH_USER);
    let line = eventually(SOON, "the line", || {
        app.server.stderr().lines().find(|line| line.contains("user show")).map(str::to_owned)
    });
    assert!(line.contains("\"exit\":3") && !line.contains("nobody"), "{line}");
}

#[test]
fn what_is_no_request_does_no_harm() {
    let app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    let talk = |bytes: &[u8]| {
        let mut stream = UnixStream::connect(socket(&app.server)).unwrap();
        drop(stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write)));
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        String::from_utf8(answer).unwrap()
    };
    assert!(talk(b"GET / HTTP/1.1\r\n\r\n").contains("cannot read this request"));
    assert_eq!(talk(&vec![b'{'; 1 << 20]), "", "too long");
    let slow: Vec<_> = (0..2).map(|_| UnixStream::connect(socket(&app.server)).unwrap()).collect();
    shell.create(&fresh_email()).expect(DONE);
    drop(slow);
    app.user();
}

#[test]
fn r89_idle_connections_do_not_keep_the_server_from_ending() {
    let mut app = app(Backend::Sqlite);
    let idle: Vec<_> = (0..20).map(|_| UnixStream::connect(socket(&app.server)).unwrap()).collect();
    app.server.terminate();
    assert!(app.server.wait_exit(SOON).success());
    drop(idle);
}

#[test]
fn r93_a_second_server_on_the_same_data_is_refused_on_sqlite() {
    let app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server).with("server.bind", "127.0.0.1:0");
    shell.run(&["serve"]).refused(TRY_AGAIN, &["in use by another process"]);
    shell.create(&fresh_email()).expect(DONE);
}

#[test]
fn a_second_server_on_postgres_serves_without_a_control_socket() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let first = app(Backend::Postgres);
    let data = first.server.folder().join("data").display().to_string();
    let url = first.server.database_url();
    let options = options(Backend::Sqlite).setting("database.url", url).setting("data_dir", data);
    let mut second = app_with(options);
    assert!(second.server.stderr().contains("another server has the control socket"), "{}", second.server);
    assert_eq!(second.get("/health/ready").send().unwrap().status(), 200);
    second.server.terminate();
    assert!(second.server.wait_exit(SOON).success());
    assert!(socket(&first.server).exists(), "it was not the second one's to remove");
    Shell::beside(&first.server).create(&fresh_email()).expect(DONE);
}

#[test]
fn a_server_whose_path_is_too_long_for_a_socket_says_so_and_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("d".repeat(100)).display().to_string();
    let app = app_with(options(Backend::Sqlite).setting("data_dir", &data));
    let log = app.server.stderr();
    assert!(log.contains("too long for a socket") && log.contains("shorter data_dir"), "{log}");
    assert_eq!(app.get("/health/ready").send().unwrap().status(), 200);
    let shell = Shell::beside(&app.server).with("data_dir", &data);
    shell.run(&["user", "list"]).refused(TRY_AGAIN, &["in use by another process"]);
}

#[test]
fn a_command_for_another_database_is_not_answered_by_the_server() {
    let app = app(Backend::Sqlite);
    let other = app.server.folder().join("other.db");
    let beside = Shell::beside(&app.server).with("database.url", &format!("sqlite://{}", other.display()));
    let email = fresh_email();
    beside.create(&email).expect(DONE);
    Shell::beside(&app.server).run(&["user", "show", &email]).expect(NO_SUCH_USER);
    beside.run(&["user", "show", &email]).expect(DONE);
}

#[test]
fn a_server_that_is_found_by_a_relative_path_is_the_same_server() {
    let app: App = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    let link = shell.folder.path().join("here");
    std::os::unix::fs::symlink(app.server.folder(), &link).unwrap();
    let shell = shell.with("data_dir", "here/data").with("database.url", "sqlite://here/selfsame.db");
    shell.create(&fresh_email()).expect(DONE);
}

#[test]
fn a_socket_that_nobody_answers_on_is_said_so() {
    let shell = Shell::on(Backend::Sqlite).migrated();
    let listener = std::os::unix::net::UnixListener::bind(shell.folder.path().join("data/control.sock")).unwrap();
    let mute = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 8192];
        assert!(stream.read(&mut request).unwrap() > 0);
    });
    let outcome = shell.run(&["user", "list"]).expect(FAILED);
    assert!(outcome.stderr.contains("did not answer") && outcome.stdout.is_empty(), "{outcome:?}");
    mute.join().unwrap();
}
