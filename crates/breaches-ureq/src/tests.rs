//! Look-ups over real HTTP, in a server of this process.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
};

use super::*;

/// SHA-1 of `password`: 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8.
const KNOWN: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

/// A server that gives one answer to every request, and the requests that it got. It hangs if there is no answer.
fn service(answer: Option<String>) -> (RangeClient, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/range", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            let mut head = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
            sender.send(head).ok();
            match &answer {
                Some(answer) => stream.write_all(answer.as_bytes()).unwrap(),
                None => held.push(stream),
            }
        }
    });
    (RangeClient::new(&url).unwrap(), requests)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn contains(client: &RangeClient) -> Result<bool, BreachedPasswordsError> {
    client.contains(&Password::new("password"))
}

#[test]
fn r18_a_breached_password_is_found_by_five_digits_of_its_hash() {
    let (client, requests) =
        service(Some(ok(&format!("0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n{KNOWN}:9545824\r\n"))));
    assert_eq!(contains(&client), Ok(true));
    let request = requests.recv().unwrap().to_lowercase();
    assert!(request.starts_with("get /range/5baa6 http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nadd-padding: true\r\n"), "{request}");
    assert!(!request.contains(&KNOWN.to_lowercase()) && !request.contains("password"), "{request}");
}

#[test]
fn a_password_that_is_not_in_its_range_or_is_padding_is_not_breached() {
    let padding = format!("{KNOWN}:0\r\n");
    for body in ["", "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n", &padding, "nonsense\r\n:\r\n"] {
        assert_eq!(contains(&service(Some(ok(body))).0), Ok(false), "{body:?}");
    }
}

#[test]
fn a_service_that_fails_redirects_hangs_or_is_away_is_an_error_within_its_time() {
    let answers = [
        Some("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()),
        Some("HTTP/1.1 302 Found\r\nLocation: /range/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()),
        Some("nonsense\r\n\r\n".to_owned()),
        Some(ok(&"0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n".repeat(40_000))),
        None,
    ];
    for answer in answers {
        let shown: String = answer.clone().unwrap_or_default().chars().take(40).collect();
        let error = contains(&service(answer).0).unwrap_err();
        assert!(!error.to_string().contains("5BAA6"), "R51: {shown}: {error}");
    }
    let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(contains(&RangeClient::new(&format!("http://{away}/")).unwrap()).is_err());
}

#[test]
fn a_service_is_reached_over_tls_or_on_this_machine() {
    let refused = |url: &str| RangeClient::new(url).err();
    for url in
        ["https://api.pwnedpasswords.com/range/", "http://localhost:8080", "http://[::1]/range", "http://127.0.0.1/"]
    {
        assert_eq!(refused(url), None, "{url}");
    }
    for url in ["http://api.pwnedpasswords.com/range/", "ftp://localhost/", "file:///x"] {
        assert!(refused(url).is_some(), "{url}");
    }
    assert_eq!(refused("range"), Some(ServiceUrlError::Malformed));
    for url in ["https://u:p@example.com/", "https://example.com/?a", "https://example.com/#a"] {
        assert_eq!(refused(url), Some(ServiceUrlError::Parts), "{url}");
    }
}
