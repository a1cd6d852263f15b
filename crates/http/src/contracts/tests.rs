//! Tests of all contracts over real connections, because they are about bytes that are never received.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use actix_web::web;
use selfsame_testing::core::TestCore;

use crate::{ServerOptions, serve, testing::shared};

/// Sends a head that announces a large body, but no body. Returns the status line of the response.
fn ask(address: SocketAddr, patience: Duration, head: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    write!(stream, "{head}Host: localhost\r\nContent-Length: {}\r\n\r\n", 5 << 20).unwrap();
    let mut answer = [0; 512];
    let length = stream.read(&mut answer).unwrap_or_default();
    String::from_utf8_lossy(&answer[..length]).lines().next().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn r84_only_a_caller_who_is_known_may_send_a_large_body() {
    const JSON: &str = "Content-Type: application/json\r\n";
    const FORM: &str = "Content-Type: multipart/form-data; boundary=B\r\n";
    let world = TestCore::new();
    world.verified_user("ada@example.com");
    let token = world.tokens("ada@example.com").access_token.token;
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server =
        serve(listener, shared(&world, |_| {}), &ServerOptions { workers: 1, ..ServerOptions::default() }).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let forged_cookie = format!("Cookie: session_id={}\r\n", "A".repeat(43));
    // Less than the five seconds after which the server stops waiting for the body.
    let (long, short) = (Duration::from_secs(4), Duration::from_millis(500));
    let strangers = ["", "Authorization: Bearer a.b.c\r\n", &forged_cookie];
    let guarded =
        [("PUT /api/v1/auth/me/profile", JSON), ("PATCH /api/v1/account", JSON), ("POST /me/profile-picture", FORM)];
    for ((route, kind), who) in guarded.iter().flat_map(|route| strangers.map(|who| (route, who))) {
        let head = format!("{route} HTTP/1.1\r\n{kind}{who}");
        let status = web::block(move || ask(address, long, &head)).await.unwrap();
        assert_eq!(status, "HTTP/1.1 401 Unauthorized", "{route} {who}");
    }
    for (route, kind) in guarded {
        let head = format!("{route} HTTP/1.1\r\n{kind}Authorization: Bearer {token}\r\n");
        let status = web::block(move || ask(address, short, &head)).await.unwrap();
        assert_eq!(status, "", "{route}: the body of a known caller is waited for");
    }
    for (route, kind) in [("POST /auth/signup", FORM), ("POST /me", FORM), ("POST /api/v1/auth/signup", JSON)] {
        let head = format!("{route} HTTP/1.1\r\n{kind}{forged_cookie}");
        let status = web::block(move || ask(address, long, &head)).await.unwrap();
        assert_eq!(status, "HTTP/1.1 413 Payload Too Large", "{route}");
    }
    handle.stop(false).await;
}
