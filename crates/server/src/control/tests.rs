//! The control socket, from the side of the server and of the command.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::Shutdown,
    os::unix::{
        fs::PermissionsExt as _,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use selfsame_testing::core::TestCore;
use serde_json::json;
use tempfile::TempDir;

use super::{
    Answer, ControlSocket, Envelope, SOCKET, answering,
    listener::ListenError,
    send,
    wire::{MAX_REQUEST, read_line},
};
use crate::{
    cli::Exit,
    commands::{Reply, Request},
};

const SOON: Duration = Duration::from_secs(20);
const DATABASE: &str = "/data/selfsame.db";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn show(user: &str) -> Request {
    serde_json::from_value(json!({ "user": { "show": { "user": user } } })).unwrap()
}

fn done(text: &str) -> Reply {
    Reply::Done { json: json!(text), text: text.to_owned() }
}

/// A reply with the command's name.
fn named(envelope: &Envelope<Request>) -> Answer {
    Answer::Reply(done(envelope.request.name()))
}

fn asked(folder: &Path) -> Option<Reply> {
    send(folder, DATABASE.into(), &show("1")).unwrap()
}

/// The server's reply to these bytes.
fn raw(folder: &Path, bytes: &[u8]) -> String {
    let mut stream = UnixStream::connect(folder.join(SOCKET)).unwrap();
    // The server stops reading when the limit is reached.
    drop(stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write)));
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer));
    answer
}

#[test]
fn a_request_is_answered() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    assert_eq!(asked(folder.path()), Some(done("user show")));
    socket.close(SOON);
}

#[test]
fn without_a_server_there_is_nobody_to_ask() {
    let folder = folder();
    assert_eq!(asked(folder.path()), None);
    assert_eq!(asked(&folder.path().join("missing")), None);
    drop(UnixListener::bind(folder.path().join(SOCKET)).unwrap());
    assert_eq!(asked(folder.path()), None, "the socket of a dead server");
    assert_eq!(asked(&folder.path().join("x".repeat(200))), None, "no server can listen there");
}

#[test]
fn only_the_owner_may_connect() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(SOCKET), mode("control.lock")), (0o600, 0o600));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "the temporary folder is gone");
    socket.close(SOON);
}

#[test]
fn a_socket_that_a_dead_server_left_is_replaced() {
    let folder = folder();
    drop(UnixListener::bind(folder.path().join(SOCKET)).unwrap());
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    assert!(asked(folder.path()).is_some());
    socket.close(SOON);
}

#[test]
fn a_second_server_of_one_folder_has_no_socket_and_leaves_the_first_ones_alone() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    let second = ControlSocket::listen(folder.path(), |_: &Envelope<Request>| Answer::OtherDatabase);
    assert!(matches!(second, Err(ListenError::Taken(_))));
    assert!(asked(folder.path()).is_some());
    socket.close(SOON);
    ControlSocket::listen(folder.path(), named).unwrap().close(SOON);
}

#[test]
fn a_path_that_is_too_long_for_a_socket_is_said_to_be_so() {
    let folder = folder();
    let longest = 107 - folder.path().as_os_str().len() - 1 - "/control.sock".len();
    let fits = folder.path().join("d".repeat(longest));
    fs::create_dir(&fits).unwrap();
    ControlSocket::listen(&fits, named).unwrap().close(SOON);
    let long = folder.path().join("d".repeat(longest + 1));
    fs::create_dir(&long).unwrap();
    let Err(error) = ControlSocket::listen(&long, named) else { panic!("a socket with a path of 108 bytes") };
    assert!(matches!(error, ListenError::TooLong(_)), "{error}");
    assert!(error.to_string().contains("shorter data_dir"), "{error}");
}

#[test]
fn what_is_no_request_gets_an_answer_and_does_no_harm() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    let garbage: [&[u8]; 5] = [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\x00\n",
        b"",
        b"{}\n",
        br#"{"database":"/data/selfsame.db","request":{"user":{"forge":{"secret":"hunter2"}}}}"#,
    ];
    for bytes in garbage {
        let answer = raw(folder.path(), bytes);
        assert!(answer.contains("cannot read this request") && !answer.contains("hunter2"), "{answer}");
        assert!(asked(folder.path()).is_some());
    }
    socket.close(SOON);
}

#[test]
fn a_request_that_is_too_long_is_not_read_to_its_end() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    assert_eq!(raw(folder.path(), &vec![b'x'; 4 * MAX_REQUEST]), "");
    assert!(asked(folder.path()).is_some());
    let long = show(&"x".repeat(MAX_REQUEST));
    assert!(send(folder.path(), DATABASE.into(), &long).is_err(), "nor is it sent");
    socket.close(SOON);
}

#[test]
fn r85_those_who_dawdle_hold_others_up_for_a_few_seconds_only() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    let mut dawdlers: Vec<_> = (0..2).map(|_| UnixStream::connect(folder.path().join(SOCKET)).unwrap()).collect();
    let (stop, stopped) = mpsc::channel::<()>();
    let dawdling = thread::spawn(move || {
        // Single bytes do not extend the deadline.
        while stopped.recv_timeout(Duration::from_millis(200)) == Err(mpsc::RecvTimeoutError::Timeout) {
            for stream in &mut dawdlers {
                drop(stream.write_all(b" "));
            }
        }
    });
    let began = Instant::now();
    assert!(asked(folder.path()).is_some());
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    drop(stop);
    dawdling.join().unwrap();
    socket.close(SOON);
}

#[test]
fn r98_a_panic_costs_the_command_its_result_and_the_server_nothing() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), |envelope: &Envelope<Request>| {
        assert!(!format!("{envelope:?}").contains("poison"), "cannot stand it");
        named(envelope)
    });
    let socket = socket.unwrap();
    for _ in 0..5 {
        let reply = send(folder.path(), DATABASE.into(), &show("poison")).unwrap().unwrap();
        assert_eq!(reply.exit(), Exit::Failure);
    }
    assert!(asked(folder.path()).is_some());
    socket.close(SOON);
}

#[test]
fn r89_the_end_waits_for_a_command_under_way_and_no_longer_than_it_may() {
    let (begun, has_begun) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), move |_: &Envelope<Request>| {
        begun.send(()).unwrap();
        released.lock().unwrap().recv().unwrap();
        Answer::Reply(done("late"))
    });
    let socket = socket.unwrap();
    let path = folder.path().to_owned();
    let asking = thread::spawn(move || asked(&path));
    has_begun.recv_timeout(SOON).unwrap();
    let began = Instant::now();
    socket.close(Duration::from_millis(100));
    assert!(began.elapsed() < SOON);
    assert_eq!(asked(folder.path()), None, "nobody is there any more");
    release.send(()).unwrap();
    assert_eq!(asking.join().unwrap(), Some(done("late")));
}

#[test]
fn a_server_that_rests_ends_at_once() {
    let folder = folder();
    let socket = ControlSocket::listen(folder.path(), named).unwrap();
    let began = Instant::now();
    socket.close(Duration::from_mins(1));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert!(!folder.path().join(SOCKET).exists());
}

#[test]
fn a_command_that_means_another_database_is_not_run() {
    let (folder, test) = (folder(), TestCore::new());
    let user = test.verified_user("ada@example.com");
    let answer = answering(test.core.clone(), Some(PathBuf::from(DATABASE)));
    let socket = ControlSocket::listen(folder.path(), answer).unwrap();
    let request = show(&user.id.to_string());
    let here = send(folder.path(), DATABASE.into(), &request).unwrap();
    assert!(matches!(here, Some(Reply::Done { .. })), "{here:?}");
    assert_eq!(send(folder.path(), "/data/other.db".into(), &request).unwrap(), None);
    socket.close(SOON);
}

#[test]
fn r51_a_password_crosses_the_socket_and_shows_in_no_log() {
    let set = json!({ "user": { "set_password": { "user": "1", "password": "hunter2hunter2" } } });
    let request: Request = serde_json::from_value(set.clone()).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), set);
    assert!(!format!("{request:?}").contains("hunter2"), "{request:?}");
}

#[test]
fn a_line_ends_with_the_line_break_or_with_the_sender() {
    for (sent, expected) in [(&b"one\ntwo"[..], &b"one"[..]), (b"one", b"one"), (b"\n", b"")] {
        let (mut one, other) = UnixStream::pair().unwrap();
        one.write_all(sent).unwrap();
        one.shutdown(Shutdown::Write).unwrap();
        assert_eq!(&*read_line(&other, 10, SOON).unwrap(), expected);
    }
}
