//! Mails as the common libraries write them.

use super::Received;

const ALTERNATIVE: &str = "From: Selfsame <no-reply@example.com>\r\n\
To: \"Doe, Jane\" <jane@example.com>, joe@example.com\r\n\
Subject: =?utf-8?B?RGVpbiBDb2Rl?= =?utf-8?Q?_f=C3=BCr?= Selfsame\r\n\
Message-ID: <1.2@example.com>\r\n\
X-Long: first\r\n\tsecond\r\n third\r\n\
Content-Type: multipart/mixed; boundary=\"outer\"\r\n\
\r\n\
a preamble nobody reads\r\n\
--outer\r\n\
Content-Type: multipart/alternative;\r\n boundary=\"outer-inner\"\r\n\
\r\n\
--outer-inner\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
Gr=C3=BC=C3=9Fe! Your order 123456 is not a code, this is:\r\n\
\r\n\
    00482913\r\n\
\r\n\
or follow https://id.example.com/verify?token=3Dabc&x=3D1, a very long li=\r\n\
ne.\r\n\
--outer-inner\r\n\
Content-Type: text/html; charset=utf-8\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
PGI+R3LDvMOf\r\n\
ZTwvYj4=\r\n\
--outer-inner--\r\n\
--outer--\r\n";

fn alternative() -> Received {
    Received::from_source(ALTERNATIVE)
}

#[test]
fn parts_are_found_however_deep_and_decoded() {
    let mail = alternative();
    let text = mail.text_part();
    assert!(text.starts_with("Grüße! Your order 123456"), "{text}");
    assert!(text.ends_with("a very long line."), "{text}");
    assert_eq!(mail.html_part(), "<b>Grüße</b>");
    assert_eq!(mail.part("text/calendar"), None);
}

#[test]
fn header_fields_are_unfolded_decoded_and_found_in_any_case() {
    let mail = alternative();
    assert_eq!(mail.header("subject").unwrap(), "Dein Code für Selfsame");
    assert_eq!(mail.header("X-Long").unwrap(), "first second third");
    assert_eq!(mail.header("Bcc"), None);
    assert_eq!(mail.message_id(), "<1.2@example.com>");
}

#[test]
fn the_envelope_of_a_bare_source_comes_from_its_header() {
    let mail = alternative();
    assert_eq!(mail.from, "no-reply@example.com");
    assert_eq!(mail.to, ["jane@example.com", "joe@example.com"]);
    assert!(mail.is_to("Joe@Example.com") && !mail.is_to("doe@example.com"));
}

#[test]
fn a_code_stands_on_a_line_of_its_own_and_a_link_ends_before_punctuation() {
    let mail = alternative();
    assert_eq!(mail.code(), "00482913");
    assert_eq!(mail.link(), "https://id.example.com/verify?token=abc&x=1");
}

#[test]
fn a_source_with_bare_line_feeds_reads_the_same() {
    assert_eq!(Received::from_source(&ALTERNATIVE.replace('\r', "")), alternative());
}

#[test]
fn a_mail_without_mime_is_its_own_text_part() {
    let mail = Received::from_source("From: a@b.c\r\nTo: d@e.f\r\n\r\nnothing to see\r\n12345678901\r\n");
    assert_eq!(mail.text_part(), "nothing to see\n12345678901\n");
    assert_eq!((mail.find_code(), mail.find_link(), mail.part("text/html")), (None, None, None));
}

#[test]
#[should_panic(expected = "no code in")]
fn asking_for_a_code_that_is_not_there_shows_the_mail() {
    Received::from_source("To: d@e.f\r\n\r\nno code\r\n").code();
}
