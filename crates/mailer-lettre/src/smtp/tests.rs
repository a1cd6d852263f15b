//! Conversations with a server that misbehaves on request.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicI64, Ordering},
};

use selfsame_ports::Mail;
use selfsame_testing::smtp::{Behaviour, SmtpSink};
use selfsame_texts::Language;

use super::*;

const JANE: &str = "Jane.Doe@example.com";

/// More time than a conversation takes.
const PLENTY: Duration = Duration::from_secs(10);

fn mailer(url: &str) -> SmtpMailer {
    mailer_within(url, PLENTY)
}

fn mailer_within(url: &str, timeout: Duration) -> SmtpMailer {
    SmtpMailer::connect(&MailerOptions {
        url: url.to_owned(),
        from: "no-reply@id.example.com".to_owned(),
        from_name: "Selfsame".to_owned(),
        app_name: "Selfsame".to_owned(),
        language: Language::English,
        logo_url: None,
        color: None,
        timeout,
    })
    .unwrap()
}

fn message(id: &str) -> Message {
    Message {
        circumstances: None,
        undo: None,
        id: id.to_owned(),
        to: JANE.to_owned(),
        name: None,
        locale: None,
        mail: Mail::ConfirmEmailChange { code: "12345678".to_owned(), minutes: 60 },
    }
}

fn send(mailer: &SmtpMailer, id: &str) -> Result<(), MailError> {
    static MILLIS: AtomicI64 = AtomicI64::new(1_780_000_000_000);
    let now = MILLIS.fetch_add(1000, Ordering::Relaxed);
    mailer.send(&message(id), selfsame_domain::Instant::from_timestamp_millis(now).unwrap())
}

/// The reason of a temporary failure, which has no personal data.
#[track_caller]
fn temporary(result: Result<(), MailError>) -> String {
    let Err(MailError::Temporary(reason)) = result else { panic!("{result:?}") };
    discreet(reason)
}

#[track_caller]
fn permanent(result: Result<(), MailError>) -> String {
    let Err(MailError::Permanent(reason)) = result else { panic!("{result:?}") };
    discreet(reason)
}

#[track_caller]
fn discreet(reason: String) -> String {
    for secret in ["Jane", "example.com", "12345678", "s3cret"] {
        assert!(!reason.contains(secret), "{reason}");
    }
    reason
}

#[test]
fn a_mail_arrives_in_the_envelope_that_its_header_tells() {
    let sink = SmtpSink::start();
    send(&mailer(&sink.url()), "421").unwrap();
    let mail = sink.wait_for(1, Duration::from_secs(10)).remove(0);
    assert_eq!(mail.from, "no-reply@id.example.com");
    assert_eq!(mail.to, [JANE]);
    assert_eq!(mail.header("To").unwrap(), JANE);
    assert_eq!(mail.message_id(), "<421@id.example.com>");
    assert_eq!(mail.code(), "12345678");
}

#[test]
fn one_connection_serves_many_mails_and_is_replaced_when_the_server_was_away() {
    let sink = SmtpSink::start();
    let mailer = mailer(&sink.url());
    for id in ["1", "2", "3"] {
        send(&mailer, id).unwrap();
    }
    assert_eq!((sink.connections(), sink.messages().len()), (1, 3));
    sink.restart();
    send(&mailer, "4").unwrap();
    assert_eq!((sink.connections(), sink.messages().len()), (2, 4));
}

#[test]
fn replies_of_4xx_are_temporary_failures_and_those_of_5xx_are_not() {
    let sink = SmtpSink::start();
    let mailer = mailer(&sink.url());
    sink.behave(Behaviour::RefuseTemporarily);
    assert_eq!(temporary(send(&mailer, "1")), "the server answered 451 4.7.1");
    sink.behave(Behaviour::RefusePermanently(None));
    assert_eq!(permanent(send(&mailer, "1")), "the server answered 550 5.1.1");
    sink.behave(Behaviour::Accept);
    send(&mailer, "1").unwrap();
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn r85_a_server_that_says_nothing_is_not_waited_for() {
    let sink = SmtpSink::start();
    let mailer = mailer_within(&sink.url(), Duration::from_millis(300));
    sink.behave(Behaviour::Hang);
    assert_eq!(temporary(send(&mailer, "1")), TOO_SLOW);
}

#[test]
fn r85_the_deadline_is_one_of_the_whole_conversation() {
    let sink = SmtpSink::start();
    let mailer = mailer_within(&sink.url(), Duration::from_secs(1));
    // Each reply comes well before the deadline, the sixth does not.
    sink.behave(Behaviour::Slow(Duration::from_millis(400)));
    temporary(send(&mailer, "1"));
    std::thread::sleep(Duration::from_secs(3));
    assert!(sink.messages().is_empty(), "nothing is sent after the deadline");
}

#[test]
fn r88_a_server_that_would_be_too_slow_with_its_last_reply_is_not_sent_the_mail() {
    let sink = SmtpSink::start();
    let mailer = mailer_within(&sink.url(), Duration::from_secs(2));
    // Five replies take 1.5 s. With the sixth, it would still be in time, but not by much.
    sink.behave(Behaviour::Slow(Duration::from_millis(300)));
    assert_eq!(temporary(send(&mailer, "1")), "the server is too slow to be sent a mail");
    sink.behave(Behaviour::Slow(Duration::from_millis(20)));
    send(&mailer, "1").unwrap();
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn r85_a_server_that_draws_its_reply_out_byte_by_byte_is_not_waited_for() {
    // Of TLS, it is the header of a long record.
    for (scheme, begin) in [("smtp", b"2".as_slice()), ("smtps", &[22, 3, 3, 0x40, 0])] {
        let dripping = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{scheme}://{}", dripping.local_addr().unwrap());
        let server = thread::spawn(move || {
            use std::io::Write;
            let (mut client, _) = dripping.accept().unwrap();
            let bytes = begin.iter().chain(std::iter::repeat(&b'2')).take(100);
            let is_written = bytes.copied().map(|byte| {
                thread::sleep(Duration::from_millis(100));
                client.write_all(&[byte]).is_ok()
            });
            is_written.into_iter().all(|is_written| is_written)
        });
        assert_eq!(temporary(send(&mailer_within(&url, Duration::from_millis(500)), "1")), TOO_SLOW);
        assert!(!server.join().unwrap(), "{scheme}: the connection is closed after the deadline");
    }
}

#[test]
fn r85_an_address_that_does_not_greet_leaves_time_for_the_next_one() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refusing = Scripted::start(&[("", b"554 no\r\n")]);
    let good = Scripted::start(&[]);
    let address = |server: &Scripted| server.url.trim_start_matches("smtp://").parse().unwrap();
    let open = |addresses: &[std::net::SocketAddr], tls| {
        Connection::open(addresses, "localhost", tls, Deadline::within(Duration::from_secs(4)))
    };
    let addresses = [silent.local_addr().unwrap(), closed, address(&refusing), address(&good)];
    open(&addresses, None).unwrap().hello().unwrap();
    assert_eq!(good.count("EHLO"), 1);
    assert!(open(&addresses[..3], None).is_err());

    let verified = tls::verified().unwrap();
    assert!(open(&addresses[3..], Some(&verified)).is_err(), "no TLS there");
    let failure = open(&[addresses[3], closed], Some(&verified)).err().unwrap().before_the_mail();
    assert!(format!("{failure:?}").contains("refused"), "the next one was tried: {failure:?}");
}

#[test]
fn r88_a_mail_that_was_taken_is_sent_whatever_becomes_of_the_connection() {
    let sink = SmtpSink::start();
    let mailer = mailer(&sink.url());
    sink.behave(Behaviour::CloseAfterAccepting);
    for id in ["1", "2"] {
        send(&mailer, id).unwrap();
    }
    assert_eq!((sink.connections(), sink.messages().len()), (2, 2));
}

#[test]
fn servers_that_are_down_are_temporary_failures() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let reason = temporary(send(&mailer(&format!("smtp://127.0.0.1:{port}")), "1"));
    assert!(reason.starts_with("no connection to the server: "), "{reason}");
}

#[test]
fn a_mail_whose_fate_is_unknown_is_sent_again_under_the_same_identifier() {
    let sink = SmtpSink::start();
    let mailer = mailer(&sink.url());
    sink.behave(Behaviour::DropAfterData);
    temporary(send(&mailer, "421"));
    sink.behave(Behaviour::Accept);
    send(&mailer, "421").unwrap();
    let ids: Vec<String> = sink.messages().iter().map(|mail| mail.message_id()).collect();
    assert_eq!(ids, ["<421@id.example.com>", "<421@id.example.com>"]);
}

#[test]
fn credentials_are_never_sent_in_clear_unless_the_url_says_so() {
    let sink = SmtpSink::start_with_auth("selfsame", "s3cret");
    let reason = temporary(send(&mailer(&sink.url()), "1"));
    assert!(reason.contains("STARTTLS"), "{reason}");
    let open = SmtpSink::start();
    let reason = temporary(send(&mailer(&format!("{}?tls=required", open.url())), "1"));
    assert!(reason.contains("STARTTLS"), "{reason}");

    send(&mailer(&format!("{}?tls=none", sink.url())), "1").unwrap();
    assert_eq!((open.messages().len(), sink.messages().len()), (0, 1));
}

#[test]
fn wrong_or_missing_credentials_bury_no_mail() {
    let sink = SmtpSink::start_with_auth("selfsame", "right");
    let host = sink.url().rsplit_once('@').unwrap().1.to_owned();
    let wrong = mailer(&format!("smtp://selfsame:s3cret@{host}?tls=none"));
    assert_eq!(temporary(send(&wrong, "1")), "the server answered 535 5.7.8");
    assert_eq!(temporary(send(&mailer(&format!("smtp://{host}")), "1")), "the server answered 530 5.7.0");
}

#[test]
fn servers_of_other_protocols_are_temporary_failures() {
    let sink = SmtpSink::start();
    let reason = temporary(send(&mailer(&sink.url().replace("smtp://", "smtps://")), "1"));
    assert!(reason.starts_with("no connection to the server: "), "{reason}");

    let other_protocol = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", other_protocol.local_addr().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            use std::io::Write;
            let (mut client, _) = other_protocol.accept().unwrap();
            client.write_all(format!("hello {JANE}\r\n").as_bytes()).unwrap();
        });
        temporary(send(&mailer(&url), "1"));
    });
}

#[test]
fn a_server_that_quotes_the_recipient_is_not_quoted() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", server.local_addr().unwrap());
    let reply = |to_rcpt: &'static str, smtputf8: &'static str| {
        let server = server.try_clone().unwrap();
        std::thread::spawn(move || {
            use std::io::{BufRead, BufReader, Write};
            let (client, _) = server.accept().unwrap();
            let mut out = client.try_clone().unwrap();
            out.write_all(b"220 quoting.test\r\n").unwrap();
            for line in BufReader::new(client).lines().map_while(Result::ok) {
                let reply = match line.split([' ', ':']).next().unwrap() {
                    "EHLO" => smtputf8,
                    "RCPT" => to_rcpt,
                    "QUIT" => return,
                    _ => "250 fine\r\n",
                };
                out.write_all(reply.as_bytes()).unwrap();
            }
        })
    };
    let plain = "250 quoting.test\r\n";
    let quoting = reply("550-5.1.1 <Jane.Doe@example.com>: no such\r\n550 5.1.1 user Jane.Doe@example.com\r\n", plain);
    assert_eq!(permanent(send(&mailer(&url), "1")), "the server answered 550 5.1.1");
    quoting.join().unwrap();
    let quoting = reply("450 Jane.Doe@example.com is over quota\r\n", plain);
    assert_eq!(temporary(send(&mailer(&url), "1")), "the server answered 450");
    quoting.join().unwrap();

    let old = reply("250 fine\r\n", plain);
    let abroad = Message { to: "jürgen@example.com".to_owned(), ..message("1") };
    let now = selfsame_domain::Instant::from_timestamp_millis(1).unwrap();
    assert_eq!(permanent(mailer(&url).send(&abroad, now)), "the server takes no such address");
    old.join().unwrap();
}

#[test]
fn a_local_part_beyond_ascii_goes_to_a_server_that_takes_it() {
    let sink = SmtpSink::start();
    let abroad = Message { to: "jürgen@example.com".to_owned(), ..message("1") };
    mailer(&sink.url()).send(&abroad, selfsame_domain::Instant::from_timestamp_millis(1).unwrap()).unwrap();
    assert_eq!(sink.wait_for(1, Duration::from_secs(10))[0].to, ["jürgen@example.com"]);
}

/// A server with replies of its own: bytes for each command, by its verb; the greeting is `""`, the reply to the content
/// is `"."`. It closes the connection after a reply that does not end with a line break, and hangs after `...` before.
struct Scripted {
    url: String,
    /// Every command, and `"."` for each content.
    commands: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    fn start(replies: &[(&'static str, &'static [u8])]) -> Self {
        use std::io::{BufRead, BufReader, Write};
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (replies, commands) = (replies.to_vec(), Arc::<Mutex<Vec<String>>>::default());
        let heard = Arc::clone(&commands);
        let reply = move |verb: &str| {
            let own = replies.iter().find(|(of, _)| *of == verb).map(|(_, bytes)| *bytes);
            own.unwrap_or(match verb {
                "" => b"220 scripted.test\r\n",
                "DATA" => b"354 go\r\n",
                _ => b"250 fine\r\n",
            })
        };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let mut out = client.try_clone().unwrap();
                let mut say = |verb: &str| {
                    let bytes = reply(verb);
                    let is_written = out.write_all(bytes).is_ok();
                    if bytes.ends_with(b"...") {
                        thread::sleep(Duration::from_secs(5));
                    }
                    is_written && bytes.ends_with(b"\n")
                };
                let (mut is_open, mut in_content) = (say(""), false);
                let mut lines = BufReader::new(client).lines();
                while is_open && let Some(Ok(line)) = lines.next() {
                    if in_content && line != "." {
                        continue;
                    }
                    let verb = if in_content { "." } else { line.split([' ', ':']).next().unwrap() };
                    heard.lock().unwrap().push(verb.to_owned());
                    is_open = say(verb);
                    in_content = verb == "DATA";
                }
            }
        });
        Self { url, commands }
    }

    fn count(&self, verb: &str) -> usize {
        self.commands.lock().unwrap().iter().filter(|command| *command == verb).count()
    }
}

#[test]
fn r88_a_mail_is_accepted_by_its_code_whatever_the_text() {
    for accepted in [
        b"250 2.0.0 \xd3\xca\xbc\xfe\xd2\xd1\xbd\xd3\xca\xd5\r\n".as_slice(),
        b"250\r\n",
        b"250 \n",
        b"250-2.0.0 \xff\r\n250 queued\r\n",
        b"251 somewhere\r\n",
        b"250 queued as 4711",
        b"250-queued\r\nas \xe9 nobody knows",
        b"\xb2\xe2\xca\xd4\r\n",
        b"OK queued\r\n",
        b"25",
    ] {
        let server = Scripted::start(&[(".", accepted)]);
        let mailer = mailer_within(&server.url, Duration::from_secs(3));
        send(&mailer, "1").unwrap();
        send(&mailer, "2").unwrap();
        assert_eq!(server.count("."), 2, "{}", accepted.escape_ascii());
    }
}

#[test]
fn r88_a_mail_is_accepted_by_its_code_if_the_reply_has_no_end() {
    for accepted in [b"250 queued...".as_slice(), b"250-queued\r\n250-...", b"\xff..."] {
        let server = Scripted::start(&[(".", accepted)]);
        send(&mailer_within(&server.url, Duration::from_secs(1)), "1").unwrap();
    }
    let server = Scripted::start(&[(".", b"451 no...")]);
    assert_eq!(temporary(send(&mailer_within(&server.url, Duration::from_secs(1)), "1")), "the server answered 451");
}

#[test]
fn r88_a_refusal_after_the_content_is_one_whatever_the_text() {
    for (refused, reason) in [
        (b"451 \xff\xfe\r\n".as_slice(), "the server answered 451"),
        (b"451\r\n", "the server answered 451"),
        (b"452 4.3.1 no ro", "the server answered 452"),
        (b"4", "the server closed the connection"),
        (b"", "the server closed the connection"),
    ] {
        let server = Scripted::start(&[(".", refused)]);
        assert_eq!(temporary(send(&mailer_within(&server.url, Duration::from_secs(3)), "1")), reason);
    }
    for refused in [b"554 5.6.0 \xc4\xe3\r\n".as_slice(), b"554\r\n", b"554-5.6.0 no\r\n554 no\r\n", b"552 too lar"] {
        let server = Scripted::start(&[(".", refused)]);
        permanent(send(&mailer_within(&server.url, Duration::from_secs(3)), "1"));
    }
}

#[test]
fn every_reply_is_read_by_its_code() {
    let greeting = b"220-Gr\xfc\xdf Gott\r\n220 \xa4\r\n".as_slice();
    let server = Scripted::start(&[
        ("", greeting),
        ("EHLO", b"250\r\n"),
        ("MAIL", b"250 \xe4\xbd\r\n"),
        ("RCPT", b"250\r\n"),
        ("DATA", b"354\r\n"),
        ("NOOP", b"250 \xff\r\n"),
    ]);
    let mailer = mailer_within(&server.url, Duration::from_secs(3));
    send(&mailer, "1").unwrap();
    send(&mailer, "2").unwrap();
    assert_eq!((server.count("EHLO"), server.count("NOOP"), server.count(".")), (1, 1, 2));
}

#[test]
fn replies_are_never_taken_for_those_to_other_commands() {
    let server = Scripted::start(&[(".", b"250 fine\r\n250 fine\r\n")]);
    let two = mailer(&server.url);
    send(&two, "1").unwrap();
    send(&two, "2").unwrap();
    assert_eq!((server.count("EHLO"), server.count(".")), (2, 2), "the connection was not used again");
    for (verb, replies) in [
        ("MAIL", b"250 fine\r\n250 fine\r\n".as_slice()),
        ("RCPT", b"250 fine\r\n250 fine\r\n"),
        ("DATA", b"354 go\r\n250 fine\r\n"),
    ] {
        let server = Scripted::start(&[(verb, replies)]);
        let reason = temporary(send(&mailer(&server.url), "1"));
        assert_eq!((reason.as_str(), server.count(".")), ("the server sent more than one reply to a command", 0));
    }
}

#[test]
fn r88_the_content_is_sent_after_a_354_only_and_a_354_accepts_nothing() {
    for verb in ["", "EHLO", "MAIL", "RCPT", "."] {
        let server = Scripted::start(&[(verb, b"354 go\r\n")]);
        assert_eq!(temporary(send(&mailer(&server.url), "1")), "the server answered 354", "{verb}");
    }
    for reply in [b"250 fine\r\n".as_slice(), b"334 go\r\n"] {
        let server = Scripted::start(&[("DATA", reply)]);
        temporary(send(&mailer(&server.url), "1"));
        assert_eq!(server.count("."), 0);
    }
}

#[test]
fn a_server_without_ehlo_is_greeted_with_helo() {
    for refused in [b"502 5.5.1 what?\r\n".as_slice(), b"500\r\n", b"550 \xff\r\n", b"504 no\r\n"] {
        let server = Scripted::start(&[("EHLO", refused)]);
        send(&mailer_within(&server.url, Duration::from_secs(3)), "1").unwrap();
        assert_eq!((server.count("EHLO"), server.count("HELO"), server.count(".")), (1, 1, 1));
    }
    let server = Scripted::start(&[("EHLO", b"421 busy\r\n")]);
    assert_eq!(temporary(send(&mailer(&server.url), "1")), "the server answered 421");
    assert_eq!(server.count("HELO"), 0);
    let server = Scripted::start(&[("EHLO", b"502 no\r\n"), ("HELO", b"550 no\r\n")]);
    assert_eq!(temporary(send(&mailer(&server.url), "1")), "the server answered 550");
}

#[test]
fn r85_a_reply_without_an_end_is_not_waited_for() {
    let endless = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", endless.local_addr().unwrap());
    thread::spawn(move || {
        use std::io::Write;
        for client in endless.incoming().map_while(Result::ok) {
            let mut client = client;
            while client.write_all(b"250-more\r\n").is_ok() {
                thread::sleep(Duration::from_millis(1));
            }
        }
    });
    assert_eq!(temporary(send(&mailer_within(&url, Duration::from_secs(1)), "1")), TOO_SLOW);
}

#[test]
fn auth_login_answers_questions_in_any_language() {
    let login = [
        ("EHLO", b"250-a\r\n250 AUTH=LOGIN\r\n".as_slice()),
        ("AUTH", b"334 VXRpbGlzYXRldXI6\r\n"),
        ("c2VsZnNhbWU=", b"334\r\n"),
        ("czNjcmV0", b"235 \xff\r\n"),
    ];
    let server = Scripted::start(&login);
    let url = format!("{}?tls=none", server.url.replace("smtp://", "smtp://selfsame:s3cret@"));
    send(&mailer_within(&url, Duration::from_secs(3)), "1").unwrap();
    assert_eq!((server.count("c2VsZnNhbWU="), server.count("czNjcmV0"), server.count(".")), (1, 1, 1));
}

#[test]
fn tls_is_begun_where_it_is_offered_and_what_was_slipped_in_before_it_is_refused() {
    let offer = b"250-a\r\n250 starttls\r\n".as_slice();
    let slipped = [("EHLO", offer), ("STARTTLS", b"220 go\r\n250-a\r\n250 AUTH PLAIN\r\n".as_slice())];
    let server = Scripted::start(&slipped);
    let reason = temporary(send(&mailer_within(&server.url, Duration::from_secs(3)), "1"));
    assert_eq!(reason, "the server sent more than its reply to STARTTLS");
    assert_eq!(server.count("MAIL"), 0);

    let openssl = SelfSigned::start();
    send(&mailer_within(&openssl.url, Duration::from_secs(5)), "1").unwrap();
    let verified = format!("{}?tls=required", openssl.url);
    let reason = temporary(send(&mailer_within(&verified, Duration::from_secs(5)), "1"));
    assert!(reason.contains("certificate"), "{reason}");
}

trait ReadWrite: std::io::Read + std::io::Write {}
impl<T: std::io::Read + std::io::Write> ReadWrite for T {}

/// A server with STARTTLS and a self-signed certificate.
struct SelfSigned {
    url: String,
}

impl SelfSigned {
    fn start() -> Self {
        use std::io::{BufRead, BufReader, Write as _};

        use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
        let certificate = CertificateDer::from_pem_slice(include_bytes!("test_certificate.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("test_key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.unwrap().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let converse = |stream: &mut dyn ReadWrite, is_encrypted: bool| -> std::io::Result<()> {
            let mut lines = BufReader::new(stream);
            let mut in_content = false;
            loop {
                let mut line = String::new();
                if lines.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                let line = line.trim_end();
                let reply = match (in_content, line.split([' ', ':']).next().unwrap()) {
                    (true, ".") => "250",
                    (true, _) => continue,
                    (_, "STARTTLS") => {
                        lines.get_mut().write_all(b"220 go\r\n")?;
                        return Ok(());
                    }
                    (_, "EHLO") if !is_encrypted => "250-a\r\n250 STARTTLS",
                    (_, "DATA") => "354",
                    _ => "250",
                };
                in_content = reply == "354";
                lines.get_mut().write_all(format!("{reply}\r\n").as_bytes())?;
            }
        };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let mut client = client;
                drop(client.write_all(b"220\r\n"));
                drop(converse(&mut client, false));
                let server = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                drop(converse(&mut rustls::StreamOwned::new(server, client), true));
            }
        });
        Self { url }
    }
}
