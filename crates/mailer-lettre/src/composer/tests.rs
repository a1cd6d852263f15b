//! Mails as they go over the wire, read back by a reader that shares no code with the writer.

use std::time::Duration;

use selfsame_ports::Mail;
use selfsame_testing::received::Received;
use selfsame_texts::Language;

use super::*;

fn options() -> MailerOptions {
    MailerOptions {
        url: String::new(),
        from: "no-reply@id.example.com".to_owned(),
        from_name: "Selfsame".to_owned(),
        app_name: "Selfsame".to_owned(),
        language: Language::English,
        logo_url: None,
        color: None,
        timeout: Duration::from_secs(1),
    }
}

fn message(to: &str) -> Message {
    Message {
        circumstances: None,
        undo: None,
        id: "421".to_owned(),
        to: to.to_owned(),
        name: Some("Jürgen".to_owned()),
        locale: None,
        mail: Mail::ResetPassword {
            code: Some("12345678".to_owned()),
            link: format!("https://id.example.com/reset?token={}", "x".repeat(120)),
            minutes: 30,
        },
    }
}

fn now() -> Instant {
    Instant::from_timestamp_millis(1_780_000_000_123).unwrap()
}

fn source(options: &MailerOptions, message: &Message) -> String {
    let mail = Composer::new(options).unwrap().compose(message, now()).unwrap();
    String::from_utf8(mail.formatted()).unwrap()
}

#[test]
fn the_logo_and_the_colour_of_the_operator_are_in_the_html() {
    let message = message("ada@example.com");
    let plain = Received::from_source(&source(&options(), &message));
    assert!(!plain.html_part().contains("<img") && plain.html_part().contains("background:#1f5fbf"));
    let logo_url = Some("https://cdn.example/logo.png?a=1&b=2".to_owned());
    let options = MailerOptions { logo_url, color: Some("#7a1fa2".to_owned()), ..options() };
    let html = Received::from_source(&source(&options, &message)).html_part();
    assert!(
        html.contains(r#"<img src="https:&#x2f;&#x2f;cdn.example&#x2f;logo.png?a=1&amp;b=2" alt="Selfsame""#),
        "{html}"
    );
    assert!(html.contains("background:#7a1fa2"), "{html}");
}

#[test]
fn a_mail_has_the_header_fields_of_a_transactional_mail() {
    let mail = Received::from_source(&source(&options(), &message("Jane.Doe@example.com")));
    let header = |name| mail.header(name).unwrap_or_else(|| panic!("no {name} in\n{}", mail.data));
    assert_eq!(header("From"), "Selfsame <no-reply@id.example.com>");
    assert_eq!(header("To"), "Jane.Doe@example.com");
    assert_eq!(header("Subject"), "Choose a new password for Selfsame");
    assert_eq!(header("Date"), "Thu, 28 May 2026 20:26:40 +0000");
    assert_eq!(header("Message-ID"), "<421@id.example.com>");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("MIME-Version"), "1.0");
    assert!(header("Content-Type").starts_with("multipart/alternative"));
    assert_eq!(mail.code(), "12345678");
    assert_eq!(mail.link(), format!("https://id.example.com/reset?token={}", "x".repeat(120)));
    assert!(mail.text_part().starts_with("Hello Jürgen,\n"));
    assert!(mail.html_part().contains("<p>Hello Jürgen,</p>"));
}

#[test]
fn a_mail_is_ascii_on_the_wire_and_its_lines_are_short() {
    let options = MailerOptions { from_name: "Düsseldorf ☕".to_owned(), app_name: "Café".to_owned(), ..options() };
    let source = source(&options, &message("jane@example.com"));
    assert!(source.is_ascii());
    assert!(source.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    let mail = Received::from_source(&source);
    assert_eq!(mail.header("Subject").unwrap(), "Choose a new password for Café");
    assert!(mail.header("From").unwrap().contains("Düsseldorf ☕"));
}

#[test]
fn the_same_message_gives_the_same_bytes() {
    let message = message("jane@example.com");
    assert_eq!(source(&options(), &message), source(&options(), &message));
}

#[test]
fn r4_the_address_is_written_as_it_is_stored() {
    for to in ["Jane.Doe+tag@example.com", "o'neil@xn--bcher-kva.example", "jürgen@example.com", "root@localhost"] {
        let mail = Composer::new(&options()).unwrap().compose(&message(to), now()).unwrap();
        let envelope: Vec<&str> = mail.envelope().to().iter().map(AsRef::as_ref).collect();
        assert_eq!(envelope, [to]);
        let source = String::from_utf8(mail.formatted()).unwrap();
        assert!(Received::from_source(&source).is_to(to), "{source}");
    }
}

#[test]
fn r5_nothing_can_be_smuggled_in_by_the_address() {
    for to in [
        "",
        "jane",
        "jane@",
        "@example.com",
        "jane@example.com\r\nBcc: eve@example.com",
        "jane@example.com\nX: y",
        "jane\0@example.com",
        "jane@example.com, eve@example.com",
        "jane@example.com;eve@example.com",
        "Jane <jane@example.com>",
        "\"jane\\\r\n\"@example.com",
        "jane(comment)@example.com",
        "<jane@example.com>",
        "jane doe@example.com",
        "jane@exam\u{a0}ple.com",
    ] {
        let refused = Composer::new(&options()).unwrap().compose(&message(to), now());
        let Err(MailError::Permanent(reason)) = refused else { panic!("{to:?} was taken") };
        assert_eq!(reason, "the address cannot be written");
    }
}

#[test]
fn nothing_can_be_smuggled_in_by_names_and_identifiers() {
    let evil = "Eve\r\nBcc: eve@example.com\r\n\r\nbody \u{85}";
    let options = MailerOptions { from_name: evil.to_owned(), app_name: evil.to_owned(), ..options() };
    let mail = Message { name: Some(evil.to_owned()), ..message("jane@example.com") };
    let source = source(&options, &mail);
    let head = source.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert_eq!(Received::from_source(&source).to, ["jane@example.com"]);

    for id in ["", "a b", "a\r\nb", "a@b", "a>b", "../a", "a/b", ".a", "a..b", "ä", &"a".repeat(65)] {
        let mail = Message { id: id.to_owned(), ..message("jane@example.com") };
        assert!(matches!(Composer::new(&options).unwrap().compose(&mail, now()), Err(MailError::Permanent(_))), "{id}");
    }
}

#[test]
fn the_sender_is_an_address_on_an_ascii_host() {
    let from = |from: &str| Composer::new(&MailerOptions { from: from.to_owned(), ..options() });
    assert_eq!(from("mail@Bücher.example").unwrap().from.email.to_string(), "mail@xn--bcher-kva.example");
    assert_eq!(from("selfsame@localhost").unwrap().from.email.to_string(), "selfsame@localhost");
    for wrong in ["", "selfsame", "Selfsame <a@b.example>", "a@b.example\r\nBcc: c@d.example", "a@b c.example"] {
        assert_eq!(from(wrong).err(), Some(SetupError::From), "{wrong:?}");
    }
}
