//! The mailbox in a folder of its own, read by itself and by the tests' reader, and attacked.

use std::{path::Path, thread, time::Duration};

use selfsame_ports::{Mail, Sms};
use selfsame_testing::mailbox::DevMailbox;
use selfsame_texts::Language;
use tempfile::TempDir;

use super::*;

fn options() -> MailerOptions {
    MailerOptions {
        url: String::new(),
        from: "no-reply@id.example.com".to_owned(),
        from_name: "Selfsame ☕".to_owned(),
        app_name: "Selfsame".to_owned(),
        language: Language::English,
        logo_url: None,
        color: None,
        timeout: Duration::from_secs(1),
    }
}

fn open(folder: &Path) -> FileMailbox {
    FileMailbox::open(folder, &options()).unwrap()
}

fn scratch() -> (TempDir, FileMailbox) {
    let folder = TempDir::new().unwrap();
    let mailbox = open(&folder.path().join("data/mailbox"));
    (folder, mailbox)
}

fn message(id: &str) -> Message {
    Message {
        circumstances: None,
        undo: None,
        id: id.to_owned(),
        to: "Jane.Doe@example.com".to_owned(),
        name: Some("Jürgen".to_owned()),
        locale: None,
        mail: Mail::VerifyEmail {
            code: "12345678".to_owned(),
            link: Some("https://id.example.com/verify?token=a&b=c".to_owned()),
            code_minutes: 10,
        },
    }
}

fn at(millis: i64) -> Instant {
    Instant::from_timestamp_millis(millis).unwrap()
}

#[test]
fn a_mail_is_read_back_as_it_was_sent() {
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &message("421"), at(1_780_000_000_123)).unwrap();
    let mails = mailbox.list(10).unwrap();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(mail.id, "001780000000123-421");
    assert_eq!(mail.sent_at, "2026-05-28T20:26:40.123Z");
    assert_eq!(mail.to, "Jane.Doe@example.com");
    assert_eq!(mail.subject, "Confirm your e-mail address for Selfsame");
    assert!(mail.text.starts_with("Hello Jürgen,\n\nPlease confirm"), "{}", mail.text);
    assert!(mail.text.lines().any(|line| line == "https://id.example.com/verify?token=a&b=c"));
    assert!(mail.html.contains("<p>Hello Jürgen,</p>") && mail.html.trim_end().ends_with("</html>"));
    assert_eq!(mailbox.read(&mail.id).unwrap().as_ref(), Some(mail));
}

#[test]
fn a_text_message_is_shown_among_the_mails_and_written_once() {
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &message("421"), at(1)).unwrap();
    let sms = Sms::VerifyPhone { code: "123456".to_owned(), minutes: 10 };
    let text = TextMessage { id: "422".to_owned(), to: "+31612345678".to_owned(), locale: None, sms };
    for _ in 0..2 {
        SmsSender::send(&mailbox, &text, at(2)).unwrap();
    }
    let listed = mailbox.list(10).unwrap();
    let [newest, _mail] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!(
        (newest.to.as_str(), newest.subject.as_str(), newest.html.as_str()),
        ("+31612345678", "Text message", "")
    );
    assert!(newest.text.starts_with("123456 is your code for Selfsame."), "{}", newest.text);
    assert_eq!(mailbox.read(&newest.id).unwrap().as_ref(), Some(newest));
    let escaping = TextMessage { id: "../x".to_owned(), ..text };
    assert!(matches!(SmsSender::send(&mailbox, &escaping, at(3)), Err(SmsError::Permanent(_))));
    assert_eq!(DevMailbox::at(&mailbox.folder).texts_to("+31612345678"), [newest.text.trim_end()]);
}

#[test]
fn the_tests_reader_finds_code_and_link() {
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &message("421"), at(1)).unwrap();
    let mail = DevMailbox::at(&mailbox.folder).latest_to("jane.doe@example.com").unwrap();
    assert_eq!(mail.code(), "12345678");
    assert_eq!(mail.link(), "https://id.example.com/verify?token=a&b=c");
    assert_eq!(mail.message_id(), "<421@id.example.com>");
}

#[test]
fn a_local_part_beyond_ascii_survives() {
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &Message { to: "jürgen@example.com".to_owned(), ..message("1") }, at(1)).unwrap();
    assert_eq!(mailbox.list(1).unwrap().pop().unwrap().to, "jürgen@example.com");
    assert!(DevMailbox::at(&mailbox.folder).latest_to("jürgen@example.com").is_some());
}

#[test]
fn mails_are_listed_newest_first_and_no_more_than_asked_for() {
    let (_folder, mailbox) = scratch();
    for (id, millis) in [("b", 9), ("a", 1_780_000_000_000), ("c", 100), ("d", -5)] {
        Mailer::send(&mailbox, &message(id), at(millis)).unwrap();
    }
    let ids = |limit| -> Vec<String> {
        let mails = mailbox.list(limit).unwrap();
        mails.iter().map(|mail| mail.id.split_once('-').unwrap().1.to_owned()).collect()
    };
    assert_eq!(ids(10), ["a", "c", "b", "d"]);
    assert_eq!(ids(2), ["a", "c"]);
    assert!(ids(0).is_empty());
}

#[test]
fn the_same_message_sent_again_is_one_file_even_from_two_threads() {
    let (_folder, mailbox) = scratch();
    thread::scope(|scope| {
        for millis in 0..8 {
            let mailbox = &mailbox;
            scope.spawn(move || Mailer::send(mailbox, &message("421"), at(millis)).unwrap());
        }
    });
    Mailer::send(&mailbox, &message("421"), at(99)).unwrap();
    assert_eq!(mailbox.list(10).unwrap().len(), 1);
    Mailer::send(&mailbox, &message("x-421"), at(99)).unwrap();
    assert_eq!(mailbox.list(10).unwrap().len(), 2, "another identifier with the same end is another mail");
}

#[test]
fn a_mailbox_opened_again_has_its_mails() {
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &message("421"), at(1)).unwrap();
    let again = open(&mailbox.folder);
    Mailer::send(&again, &message("421"), at(2)).unwrap();
    assert_eq!(again.list(10).unwrap(), mailbox.list(10).unwrap());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_look_in() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &message("421"), at(1)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&mailbox.folder), 0o700);
    let files: Vec<_> = fs::read_dir(&mailbox.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "no temporary file stays: {files:?}");
    assert_eq!(mode(&files[0]), 0o600);
}

#[test]
fn no_identifier_leads_out_of_the_folder() {
    let (_folder, mailbox) = scratch();
    Mailer::send(&mailbox, &message("421"), at(1)).unwrap();
    let outside = mailbox.folder.parent().unwrap();
    fs::copy(mailbox.folder.join("000000000000001-421.eml"), outside.join("000000000000001-x.eml")).unwrap();
    for id in [
        "",
        ".",
        "..",
        "../000000000000001-x",
        "000000000000001-../000000000000001-x",
        "000000000000001-/../../000000000000001-x",
        "/etc/passwd",
        "000000000000001-421.eml",
        "000000000000001-421\0",
        "1-421",
        "000000000000001",
        "000000000000001-",
        "00000000000000²-421",
        "000000000000002-421",
    ] {
        assert_eq!(mailbox.read(id), Ok(None), "{id:?}");
    }
}

#[test]
fn what_others_put_there_is_left_alone() {
    let (_folder, mailbox) = scratch();
    for name in [".tmp1", "note.txt", "mail.eml", "1-a.eml", "000000000000001-..eml"] {
        fs::write(mailbox.folder.join(name), "To: eve@example.com\r\n\r\nhello").unwrap();
    }
    fs::write(mailbox.folder.join("000000000000001-broken.eml"), [0xff, 0, 0xfe]).unwrap();
    Mailer::send(&mailbox, &message("421"), at(1)).unwrap();
    assert_eq!(mailbox.list(10).unwrap().len(), 1);
    assert_eq!(mailbox.read("000000000000001-broken"), Ok(None));
}

#[test]
fn a_folder_that_is_none_is_reported() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(FileMailbox::open(&file, &options()).err(), Some(SetupError::Folder(_))));

    let (folder, mailbox) = scratch();
    folder.close().unwrap();
    let Err(MailError::Temporary(reason)) = Mailer::send(&mailbox, &message("421"), at(1)) else {
        panic!("sent to nowhere")
    };
    assert_eq!(reason, "the mailbox folder cannot be used: entity not found");
    assert!(mailbox.list(1).is_err());
}
