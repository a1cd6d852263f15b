//! The sink, spoken to over a bare socket.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Behaviour, SmtpSink};

const SOON: Duration = Duration::from_secs(10);
const MAIL: &str = "Subject: hello\r\n\r\nfirst\r\n..second\r\n.\r\n";

struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(sink: &SmtpSink) -> Self {
        let stream = TcpStream::connect(sink.address).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        Self(BufReader::new(stream))
    }

    fn greeted(sink: &SmtpSink) -> Self {
        let mut client = Self::connect(sink);
        assert_eq!(client.code(), 220);
        assert_eq!(client.say("EHLO client.test\r\n"), 250);
        client
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// The code of the next reply, all its lines read; 0 if the connection is closed.
    fn code(&mut self) -> u16 {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                return 0;
            }
            if line.as_bytes()[3] == b' ' {
                return line[..3].parse().unwrap();
            }
        }
    }

    fn say(&mut self, command: &str) -> u16 {
        self.send(command);
        self.code()
    }

    fn mail(&mut self, to: &str) -> [u16; 4] {
        let from = self.say("MAIL FROM:<server@example.com> BODY=8BITMIME\r\n");
        let to = self.say(&format!("RCPT TO:<{to}>\r\n"));
        let data = self.say("DATA\r\n");
        [from, to, data, if data == 354 { self.say(MAIL) } else { 0 }]
    }
}

#[test]
fn a_mail_is_kept_with_its_envelope_and_without_its_dot_stuffing() {
    let sink = SmtpSink::start();
    let mut client = Client::greeted(&sink);
    assert_eq!(client.mail("jane@example.com"), [250, 250, 354, 250]);
    assert_eq!(client.say("NOOP\r\n"), 250);
    assert_eq!(client.say("QUIT\r\n"), 221);
    assert_eq!(client.code(), 0);

    let received = sink.wait_for(1, SOON).remove(0);
    assert_eq!(received.from, "server@example.com");
    assert_eq!(received.to, ["jane@example.com"]);
    assert_eq!(received.data, "Subject: hello\r\n\r\nfirst\r\n.second\r\n");
}

#[test]
fn commands_sent_at_once_are_answered_one_by_one() {
    let sink = SmtpSink::start();
    let mut client = Client::greeted(&sink);
    client.send("MAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nRCPT TO:<g@h.i>\r\nDATA\r\n");
    assert_eq!([client.code(), client.code(), client.code(), client.code()], [250, 250, 250, 354]);
    assert_eq!(client.say(MAIL), 250);
    assert_eq!(sink.messages()[0].to, ["d@e.f", "g@h.i"]);
}

#[test]
fn rset_forgets_the_envelope_and_the_order_of_commands_is_kept() {
    let sink = SmtpSink::start();
    let mut client = Client::greeted(&sink);
    assert_eq!(client.say("RCPT TO:<d@e.f>\r\n"), 503);
    assert_eq!(client.say("MAIL FROM:<a@b.c>\r\n"), 250);
    assert_eq!(client.say("DATA\r\n"), 503);
    assert_eq!(client.say("RSET\r\n"), 250);
    assert_eq!(client.say("RCPT TO:<d@e.f>\r\n"), 503);
    assert_eq!(client.say("VRFY jane\r\n"), 502);
    assert!(sink.messages().is_empty());
}

#[test]
fn recipients_are_refused_for_now_or_for_good_as_told() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::RefuseTemporarily);
    assert_eq!(Client::greeted(&sink).mail("jane@example.com"), [250, 451, 503, 0]);

    sink.behave(Behaviour::RefusePermanently(Some("Gone@example.com".to_owned())));
    assert_eq!(Client::greeted(&sink).mail("gone@example.com"), [250, 550, 503, 0]);
    assert_eq!(Client::greeted(&sink).mail("jane@example.com"), [250, 250, 354, 250]);

    sink.behave(Behaviour::RefusePermanently(None));
    assert_eq!(Client::greeted(&sink).mail("jane@example.com"), [250, 550, 503, 0]);
    assert_eq!(sink.messages().len(), 1);
    assert_eq!(sink.connections(), 4);
}

#[test]
fn a_mail_whose_confirmation_is_lost_is_kept_all_the_same() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::DropAfterData);
    assert_eq!(Client::greeted(&sink).mail("jane@example.com"), [250, 250, 354, 0]);
    assert_eq!(sink.wait_for(1, SOON)[0].to, ["jane@example.com"]);
}

#[test]
fn a_connection_may_be_closed_as_soon_as_a_mail_is_taken() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::CloseAfterAccepting);
    let mut client = Client::greeted(&sink);
    assert_eq!(client.mail("jane@example.com"), [250, 250, 354, 250]);
    assert_eq!(client.say("QUIT\r\n"), 0);
}

#[test]
fn a_hanging_sink_says_nothing_until_it_is_told_to_go_on() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::Hang);
    let mut client = Client::connect(&sink);
    client.0.get_ref().set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let silence = client.0.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(silence, ErrorKind::WouldBlock | ErrorKind::TimedOut));

    client.0.get_ref().set_read_timeout(Some(SOON)).unwrap();
    sink.behave(Behaviour::Accept);
    assert_eq!(client.code(), 220);
}

#[test]
fn a_slow_sink_takes_its_time_before_each_reply() {
    let sink = SmtpSink::start();
    sink.behave(Behaviour::Slow(Duration::from_millis(60)));
    let before = Instant::now();
    let mut client = Client::greeted(&sink);
    assert!(before.elapsed() >= Duration::from_millis(120));
    sink.behave(Behaviour::Accept);
    assert_eq!(client.say("NOOP\r\n"), 250);
}

#[test]
fn a_stopped_sink_ends_conversations_refuses_connections_and_comes_back_on_its_port() {
    let sink = SmtpSink::start();
    let url = sink.url();
    let mut client = Client::greeted(&sink);
    assert_eq!(client.mail("jane@example.com")[3], 250);
    sink.stop();
    assert_eq!(client.code(), 0);
    assert_eq!(TcpStream::connect(sink.address).unwrap_err().kind(), ErrorKind::ConnectionRefused);

    sink.restart();
    assert_eq!(sink.url(), url);
    assert_eq!(Client::greeted(&sink).mail("joe@example.com")[3], 250);
    assert_eq!(sink.messages().len(), 2);
}

#[test]
fn a_sink_with_credentials_wants_them_before_any_mail() {
    let sink = SmtpSink::start_with_auth("selfsame", "open-sesame");
    assert!(sink.url().starts_with("smtp://selfsame:open-sesame@127.0.0.1:"));
    let mut client = Client::greeted(&sink);
    assert_eq!(client.say("MAIL FROM:<a@b.c>\r\n"), 530);
    assert_eq!(client.say("AUTH PLAIN AGEAYg==\r\n"), 535);
    assert_eq!(client.say("AUTH LOGIN\r\n"), 504);
    assert_eq!(client.say("AUTH PLAIN AHNlbGZzYW1lAG9wZW4tc2VzYW1l\r\n"), 235);
    assert_eq!(client.mail("jane@example.com"), [250, 250, 354, 250]);

    let mut in_two_steps = Client::greeted(&sink);
    assert_eq!(in_two_steps.say("AUTH PLAIN\r\n"), 334);
    assert_eq!(in_two_steps.say("AHNlbGZzYW1lAG9wZW4tc2VzYW1l\r\n"), 235);
}

#[test]
#[should_panic(expected = "waited 50ms in vain for mail 1, got 0")]
fn waiting_for_a_mail_that_never_comes_fails() {
    SmtpSink::start().wait_for(1, Duration::from_millis(50));
}
