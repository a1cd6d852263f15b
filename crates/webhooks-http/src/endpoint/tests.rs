//! An endpoint that accepts, refuses, redirects, hangs and is not there, over TCP.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread,
};

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A server that answers each request with one head, or not at all.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers with a status and headers; hangs if they are empty.
    fn answering(head: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !request.ends_with(b"}") {
                    match stream.read(&mut buffer).unwrap() {
                        0 => break,
                        count => request.extend_from_slice(&buffer[..count]),
                    }
                }
                seen.lock().unwrap().push(String::from_utf8(request).unwrap());
                if head.is_empty() {
                    thread::sleep(Duration::from_secs(30));
                }
                drop(stream.write_all(format!("HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\n{{}}").as_bytes()));
            }
        });
        Self { address, requests }
    }

    fn send(&self) -> Result<(), WebhookError> {
        send(&format!("http://{}/hooks?tenant=1", self.address))
    }
}

fn now() -> Instant {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn send(url: &str) -> Result<(), WebhookError> {
    let secrets = Secrets::parse(SECRET).ok().unwrap();
    let options = EndpointOptions { url: url.to_owned(), secrets, timeout: Duration::from_millis(500) };
    let body = r#"{"type":"user.created"}"#.to_owned();
    let message = WebhookMessage { id: "evt_1".to_owned(), event: "user.created".to_owned(), body };
    HttpEndpoint::new(options).unwrap().send(&message, now())
}

/// The reason and the pause of a failure that is worth another try.
fn temporary(result: Result<(), WebhookError>) -> (String, Option<Duration>) {
    match result {
        Err(WebhookError::Temporary { reason, retry_after }) => (reason, retry_after),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_is_posted_with_its_id_the_time_and_the_signature() {
    let server = Server::answering("204 No Content");
    assert_eq!(server.send(), Ok(()));
    let requests = server.requests.lock().unwrap();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert_eq!(body, r#"{"type":"user.created"}"#);
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /hooks?tenant=1 http/1.1\r\n"), "{head}");
    for header in ["content-type: application/json", "webhook-id: evt_1", "webhook-timestamp: 1767225600"] {
        assert!(head.contains(&format!("\r\n{header}")), "{head}");
    }
    assert!(head.contains("\r\nwebhook-signature: v1,"), "{head}");
}

#[test]
fn every_status_but_success_and_gone_is_worth_another_try() {
    for head in ["500 X", "503 X", "429 X", "400 X", "401 X", "404 X", "304 X"] {
        let (reason, pause) = temporary(Server::answering(head).send());
        assert!(reason.contains(&head[..3]) && pause.is_none(), "{head}: {reason}");
    }
    assert_eq!(Server::answering("410 Gone").send(), Err(WebhookError::Gone));
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Server::answering("200 OK");
    let location: &'static str = format!("307 X\r\nLocation: http://{}/", other.address).leak();
    let (reason, _) = temporary(Server::answering(location).send());
    assert_eq!(reason, "the endpoint answered 307");
    assert!(other.requests.lock().unwrap().is_empty());
}

#[test]
fn a_pause_that_the_endpoint_asks_for_is_read_in_both_forms() {
    let pause = |head: &'static str| temporary(Server::answering(head).send()).1;
    assert_eq!(pause("429 X\r\nRetry-After: 120"), Some(Duration::from_mins(2)));
    assert_eq!(pause("503 X\r\nRetry-After: Thu, 01 Jan 2026 00:01:00 GMT"), Some(Duration::from_mins(1)));
    for nothing in ["503 X\r\nRetry-After: soon", "503 X\r\nRetry-After: Wed, 31 Dec 2025 00:00:00 GMT", "503 X"] {
        assert_eq!(pause(nothing), None, "{nothing}");
    }
}

#[test]
fn r85_an_endpoint_that_hangs_or_is_not_there_is_not_waited_for() {
    assert_eq!(temporary(Server::answering("").send()).0, "no answer within the deadline");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (reason, _) = temporary(send(&format!("http://{free}/")));
    assert!(["the connection broke", "no connection"].contains(&reason.as_str()), "{reason}");
}

#[test]
fn a_url_without_a_host_or_with_credentials_is_refused() {
    for url in ["", "billing", "ftp://a.example/", "https://", "file:///etc/passwd"] {
        assert_eq!(check_url(url), Err(UrlError::Malformed), "{url}");
    }
    for url in ["https://u@a.example/", "https://u:p@a.example/", "https://a.example/#x"] {
        assert_eq!(check_url(url), Err(UrlError::Parts), "{url}");
    }
    for (url, is_open) in [
        ("https://10.0.0.7/hooks?tenant=1", false),
        ("http://127.0.0.1:9000/", false),
        ("http://localhost/", false),
        ("http://[::1]/", false),
        ("http://billing.internal/", true),
        ("http://10.0.0.7/", true),
    ] {
        assert_eq!(check_url(url), Ok(is_open), "{url}");
    }
}
