//! A gateway that accepts, refuses, hangs and is not there, over TCP; and the three providers of `docs/sms.md`.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use selfsame_ports::Sms;
use selfsame_texts::Language;

use super::*;
use crate::BodyFormat;

/// A server that answers each request with one status, or not at all.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn answering(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !is_whole(&request) {
                    match stream.read(&mut buffer).unwrap() {
                        0 => break,
                        count => request.extend_from_slice(&buffer[..count]),
                    }
                }
                seen.lock().unwrap().push(String::from_utf8(request).unwrap());
                if status.is_empty() {
                    thread::sleep(Duration::from_secs(30));
                }
                let answer = format!(
                    "HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
                );
                drop(stream.write_all(answer.as_bytes()));
            }
        });
        Self { address, requests }
    }

    fn options(&self) -> GatewayOptions {
        GatewayOptions { url: format!("http://{}/messages", self.address), ..twilio() }
    }

    /// Head and body of the only request.
    fn request(&self) -> (String, String) {
        let requests = self.requests.lock().unwrap();
        let [request] = requests.as_slice() else { panic!("{requests:?}") };
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        (head.to_ascii_lowercase(), body.to_owned())
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.is_none_or(|length| body.len() >= length.trim().parse().unwrap())
}

fn twilio() -> GatewayOptions {
    GatewayOptions {
        url: "https://api.twilio.com/2010-04-01/Accounts/AC0123/Messages.json".to_owned(),
        from: "+15005550006".to_owned(),
        format: BodyFormat::Form,
        body: "To={to}&From={from}&Body={text}".to_owned(),
        scheme: "Basic".to_owned(),
        secret: "AC0123:token".to_owned(),
        app_name: "Selfsame".to_owned(),
        language: Language::English,
        timeout: Duration::from_secs(10),
    }
}

fn vonage() -> GatewayOptions {
    let body = r#"{"message_type": "text", "channel": "sms", "to": "{to_digits}", "from": "{from}", "text": "{text}"}"#;
    GatewayOptions { format: BodyFormat::Json, body: body.to_owned(), secret: "key:secret".to_owned(), ..twilio() }
}

fn messagebird() -> GatewayOptions {
    let body = r#"{"originator": "{from}", "recipients": ["{to_digits}"], "body": "{text}", "reference": "{id}"}"#;
    let (scheme, secret) = ("AccessKey".to_owned(), "live_0123".to_owned());
    GatewayOptions { format: BodyFormat::Json, body: body.to_owned(), scheme, secret, ..twilio() }
}

fn send(options: &GatewayOptions) -> Result<(), SmsError> {
    let sms = Sms::VerifyPhone { code: "123456".to_owned(), minutes: 10 };
    let message = TextMessage { id: "42".to_owned(), to: "+31612345678".to_owned(), locale: None, sms };
    HttpGateway::new(options).map_err(|error| error.to_string()).unwrap().send(&message, Instant::UNIX_EPOCH)
}

#[test]
fn twilio_gets_a_form_with_basic_credentials() {
    let server = Server::answering("201 Created");
    assert_eq!(send(&server.options()), Ok(()));
    let (head, body) = server.request();
    assert!(head.starts_with("post /messages http/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
    assert!(head.contains(&format!("authorization: basic {}", STANDARD.encode("AC0123:token").to_ascii_lowercase())));
    assert!(body.starts_with("To=%2B31612345678&From=%2B15005550006&Body=123456+is+your+code+for+Selfsame"), "{body}");
}

#[test]
fn vonage_and_messagebird_get_json_with_their_credentials() {
    for (options, authorization, pointer) in [
        (vonage(), format!("authorization: basic {}", STANDARD.encode("key:secret").to_ascii_lowercase()), "/text"),
        (messagebird(), "authorization: accesskey live_0123".to_owned(), "/body"),
    ] {
        let server = Server::answering("202 Accepted");
        assert_eq!(send(&GatewayOptions { url: server.options().url, ..options }), Ok(()));
        let (head, body) = server.request();
        assert!(head.contains(&authorization) && head.contains("content-type: application/json"), "{head}");
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(json.pointer(pointer).unwrap().as_str().unwrap().starts_with("123456 is your code"), "{body}");
        assert!(body.contains("\"31612345678\"") && body.contains("\"+15005550006\""), "{body}");
    }
}

#[test]
fn r88_what_may_pass_is_tried_again_and_a_refused_message_is_not() {
    for status in ["500 Oops", "503 Busy", "429 Slow down", "401 Unauthorized", "404 Not Found"] {
        let answered = send(&Server::answering(status).options());
        let code = &status[..3];
        assert_eq!(answered, Err(SmsError::Temporary(format!("the gateway answered {code}"))));
    }
    for status in ["400 Bad Request", "422 Unprocessable", "302 Found"] {
        let answered = send(&Server::answering(status).options());
        let code = &status[..3];
        assert_eq!(
            answered,
            Err(SmsError::Permanent(format!("the gateway answered {code}"))),
            "redirects are not followed"
        );
    }
}

#[test]
fn r85_a_gateway_that_hangs_is_left_at_the_deadline() {
    let server = Server::answering("");
    let answered = send(&GatewayOptions { timeout: Duration::from_millis(300), ..server.options() });
    assert_eq!(answered, Err(SmsError::Temporary("no answer within the deadline".to_owned())));
}

#[test]
fn a_gateway_that_is_away_is_tried_again() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let answered = send(&GatewayOptions { url: format!("http://{closed}/"), ..twilio() });
    assert!(matches!(answered, Err(SmsError::Temporary(_))), "{answered:?}");
}

#[test]
fn r51_no_error_contains_the_number_the_code_or_the_secret() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("http://{closed}/?key=token"), Server::answering("500 Oops").options().url] {
        let error = send(&GatewayOptions { url, ..twilio() }).unwrap_err().to_string();
        for secret in ["token", "123456", "31612345678"] {
            assert!(!error.contains(secret), "{error}");
        }
    }
}

#[test]
fn options_that_cannot_work_are_refused() {
    let refused = |options: GatewayOptions| HttpGateway::new(&options).err();
    for url in ["", "ftp://a.example/", "https://", "https://user:secret@a.example/", "api.example"] {
        assert_eq!(refused(GatewayOptions { url: url.to_owned(), ..twilio() }), Some(SetupError::Url), "{url}");
    }
    for (scheme, secret) in [("", "secret"), ("Bearer", ""), ("Bear er", "secret"), ("Bearer", "a\nb")] {
        let (scheme, secret) = (scheme.to_owned(), secret.to_owned());
        assert_eq!(refused(GatewayOptions { scheme, secret, ..twilio() }), Some(SetupError::Authorization));
    }
    let none = GatewayOptions { scheme: String::new(), secret: String::new(), ..twilio() };
    assert_eq!(refused(none), None);
}
