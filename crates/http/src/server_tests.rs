//! Tests of the server over real connections.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::Instant,
};

use actix_web::{
    HttpRequest, HttpResponse,
    middleware::Next,
    web::{self, Data},
};

use futures_util::stream;

use super::*;
use crate::{HttpOptions, body, contracts::refuse, failure::Failure};

fn quick() -> Timeouts {
    Timeouts { head: Duration::from_millis(300), body: Duration::from_millis(300), ..Timeouts::default() }
}

/// A server on a free port, with routes that panic, that are slow, and that read a body of at most 100 bytes.
fn start(timeouts: Timeouts) -> (SocketAddr, Server) {
    start_with(timeouts, mpsc::channel().0)
}

/// The same; it tells when the endless response is given up.
fn start_with(timeouts: Timeouts, given_up: mpsc::Sender<()>) -> (SocketAddr, Server) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let options = HttpOptions::new("http://127.0.0.1".parse().unwrap());
    let options = Data::new(HttpOptions { timeouts, ..options });
    let server = ServerOptions { workers: 1, ..ServerOptions::default() };
    let server = listen(listener, &server, timeouts, move || {
        let options = options.clone();
        App::new()
            .app_data(options.clone())
            .app_data(Data::new(given_up.clone()))
            .route("/session/panics", web::get().to(|| async { if true { panic!("on purpose") } else { "" } }))
            .route(
                "/slow",
                web::get().to(|| async {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    "done"
                }),
            )
            .route("/me", web::post().to(read_body))
            .route("/fine", web::get().to(|| async { "fine" }))
            .route("/endless", web::get().to(endless))
            .route("/unread", web::post().to(|| async { HttpResponse::ServiceUnavailable().body("unread") }))
            .wrap(from_fn(move |request, next| edge(options.clone(), request, next)))
    });
    (address, server.unwrap())
}

/// Tells when its response is given up.
struct GivenUp(mpsc::Sender<()>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        let _nobody_waits = self.0.send(());
    }
}

/// A response without end.
async fn endless(sender: Data<mpsc::Sender<()>>) -> HttpResponse {
    let given_up = GivenUp(mpsc::Sender::clone(&sender));
    let chunk = web::Bytes::from(vec![b'x'; 1 << 16]);
    HttpResponse::Ok().streaming(stream::repeat_with(move || {
        let _held = &given_up;
        Ok::<_, Error>(chunk.clone())
    }))
}

async fn read_body(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    match body::read(&request, payload, 100).await {
        Ok(body) => HttpResponse::Ok().body(body),
        Err(error) => refuse(&request, Failure::from(&error)),
    }
}

/// Sends bytes, and reads until the server closes the connection.
fn talk(address: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The same, up to the reset of the connection if there is one.
fn received(address: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let _reset = stream.write_all(sent.as_bytes());
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "the connection ends");
    }
    String::from_utf8(answer).unwrap()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

async fn in_thread<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    web::block(job).await.unwrap()
}

#[actix_web::test]
async fn r98_after_a_panic_the_same_worker_goes_on() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    for _ in 0..3 {
        let answer = in_thread(move || talk(address, &get("/session/panics"))).await;
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(
            answer.contains("\"code\":\"INTERNAL\"") && answer.contains("x-content-type-options: nosniff"),
            "{answer}"
        );
    }
    let answer = in_thread(move || talk(address, &get("/fine"))).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("fine"), "{answer}");
    handle.stop(false).await;
}

#[actix_web::test]
#[cfg(target_os = "linux")]
async fn r85_a_response_that_nobody_reads_is_given_up() {
    let (sender, given_up) = mpsc::channel();
    let timeouts = Timeouts { write: Duration::from_millis(500), ..Timeouts::default() };
    let (address, server) = start_with(timeouts, sender);
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let answer = in_thread(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(get("/endless").as_bytes()).unwrap();
        let answer = given_up.recv_timeout(Duration::from_secs(30));
        drop(stream);
        answer
    });
    assert_eq!(answer.await, Ok(()));
    handle.stop(false).await;
}

#[actix_web::test]
async fn r56_what_the_framework_refuses_itself_is_an_empty_answer_and_the_end_of_the_connection() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let long = format!("GET /fine HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(140_000));
    for sent in [
        "NONSENSE\r\n\r\n",
        "GET /fine HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /fine HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        "GET /fine HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /fine HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n",
        &long,
    ] {
        let request = sent.to_owned();
        let answer = in_thread(move || received(address, &request)).await;
        // The rest of a head that is too long is not read, so its answer may be lost in a reset.
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or(("HTTP/1.1 4", ""));
        assert!(head.starts_with("HTTP/1.1 4") && body.is_empty(), "{sent:.40}: {answer}");
    }
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_response_to_a_large_body_that_is_not_read_arrives() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    for _ in 0..20 {
        let answer = in_thread(move || {
            let head = format!("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 6 << 20);
            talk(address, &(head + &"x".repeat(6 << 20)))
        });
        assert!(answer.await.starts_with("HTTP/1.1 503 "));
    }
    handle.stop(false).await;
}

#[actix_web::test]
async fn r85_a_head_that_does_not_arrive_is_not_waited_for() {
    let (address, server) = start(quick());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let begun = Instant::now();
    let answer = in_thread(move || talk(address, "GET /fine HTTP/1.1\r\nHost:")).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    handle.stop(false).await;
}

#[actix_web::test]
async fn r84_a_head_beyond_what_the_parser_holds_is_431() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let head = "x: 1\r\n".repeat(100);
    let answer = in_thread(move || talk(address, &format!("GET /fine HTTP/1.1\r\nHost: x\r\n{head}\r\n"))).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    handle.stop(false).await;
}

/// A request that announces `length` bytes of body and sends five.
fn post(length: usize) -> String {
    format!("POST /me HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nhello")
}

#[actix_web::test]
async fn r85_a_body_that_does_not_arrive_is_a_408_and_the_end_of_the_connection() {
    let (address, server) = start(quick());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let answer = in_thread(move || talk(address, &post(50))).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"code\":\"REQUEST_TIMEOUT\""), "{answer}");
    handle.stop(false).await;
}

#[actix_web::test]
async fn r84_a_body_that_is_too_large_is_a_413_before_it_arrives() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let answer = in_thread(move || talk(address, &post(101))).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"code\":\"PAYLOAD_TOO_LARGE\""), "{answer}");
    handle.stop(false).await;
}

#[actix_web::test]
async fn r56_no_answer_names_the_software() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let answer = in_thread(move || talk(address, &get("/nowhere"))).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    assert!(!answer.to_lowercase().contains("\r\nserver:") && !answer.to_lowercase().contains("actix"), "{answer}");
    handle.stop(false).await;
}

#[actix_web::test]
async fn r89_every_answer_during_a_drain_closes_its_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let options = ServerOptions { workers: 1, ..ServerOptions::default() };
    let server = listen(listener, &options, Timeouts::default(), || {
        App::new().route("/fine", web::get().to(|| async { "fine" })).wrap(from_fn(
            |request: ServiceRequest, next: Next<BoxBody>| async move {
                let is_error = request.path() == "/error";
                let answer = next.call(request).await?;
                let refused = || Err(actix_web::error::ErrorImATeapot("an error"));
                last_of_its_connection(if is_error { refused() } else { Ok(answer) })
            },
        ))
    });
    let server = server.unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    for (path, status) in [("/fine", "200"), ("/error", "418")] {
        // The client would keep it open.
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = in_thread(move || talk(address, &request)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains("connection: close"), "{path}: {answer}");
    }
    handle.stop(false).await;
}

#[actix_web::test]
async fn r89_what_is_in_flight_finishes_and_then_nobody_listens() {
    let (address, server) = start(Timeouts::default());
    let handle = server.handle();
    let ended = actix_web::rt::spawn(server);
    let drain = Drain::default();
    let in_flight = thread::spawn(move || talk(address, &get("/slow")));
    tokio::time::sleep(Duration::from_millis(100)).await;

    stop(&handle, &drain, Duration::from_millis(50)).await;

    assert!(drain.has_begun());
    ended.await.unwrap().unwrap();
    let answer = in_flight.join().unwrap();
    assert!(answer.ends_with("done"), "{answer}");
    TcpStream::connect(address).unwrap_err();
}
