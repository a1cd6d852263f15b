//! Every mail, word for word, in `snapshots/`; and what must hold whatever the words are.

use selfsame_ports::{Circumstances, UndoLink};
use unicode_width::UnicodeWidthStr as _;

use super::*;
use crate::wrap::WIDTH;

fn templates() -> Templates {
    templates_of("Selfsame")
}

fn templates_of(app_name: &str) -> Templates {
    let brand = Brand { app_name: app_name.to_owned(), logo_url: None, color: "#1f5fbf".to_owned() };
    Templates::new(brand, Language::English).unwrap()
}

/// A message without a known language.
fn message(mail: &Mail, name: Option<&str>) -> Message {
    Message {
        id: "1".to_owned(),
        to: "jane@example.com".to_owned(),
        name: name.map(str::to_owned),
        locale: None,
        mail: mail.clone(),
        circumstances: told(mail),
        undo: None,
    }
}

fn rendered(mail: &Mail, name: Option<&str>) -> Words {
    templates().render(&message(mail, name)).unwrap()
}

fn reset(link: &str) -> Mail {
    Mail::ResetPassword { code: Some("12345678".to_owned()), link: link.to_owned(), minutes: 30 }
}

fn email_change_requested(masked_email: String) -> Mail {
    let link = "https://id.example.com/cancel-email-change#token=abc".to_owned();
    Mail::EmailChangeRequested { masked_email, link, minutes: 10 }
}

/// The circumstances of a notice; a mail that was asked for has none.
fn told(mail: &Mail) -> Option<Circumstances> {
    let is_notice = matches!(
        mail,
        Mail::PasswordChanged
            | Mail::EmailChangeRequested { .. }
            | Mail::EmailChangeCancelled { .. }
            | Mail::EmailChanged { .. }
            | Mail::ContactChanged
            | Mail::PasswordRemoved
            | Mail::NewSignIn
            | Mail::ExportRequested
            | Mail::FactorsReset { .. }
    );
    is_notice.then(|| Circumstances {
        device: Some("Firefox on Linux".to_owned()),
        ip: Some("192.0.2.7".to_owned()),
        place: Some("Amsterdam, Netherlands".to_owned()),
        time: "14-03-26, 16:09:26 (Europe/Amsterdam, UTC+01:00)".to_owned(),
    })
}

/// One of each, with the name of its snapshot.
fn every_mail() -> Vec<(&'static str, Mail)> {
    let code = || "12345678".to_owned();
    let masked_email = || "j***@example.org".to_owned();
    vec![
        (
            "verify_email",
            Mail::VerifyEmail {
                code: code(),
                link: Some("https://id.example.com/verify?token=abc".to_owned()),
                code_minutes: 10,
            },
        ),
        ("verify_email_by_code", Mail::VerifyEmail { code: code(), link: None, code_minutes: 1440 }),
        (
            "invitation",
            Mail::Invitation { link: "https://id.example.com/verify-email#token=abc".to_owned(), minutes: 1440 },
        ),
        ("already_registered", Mail::AlreadyRegistered),
        ("reset_password", reset("https://id.example.com/reset?token=abc&x=1")),
        (
            "reset_password_by_link",
            Mail::ResetPassword { code: None, link: "https://id.example.com/reset?token=abc".to_owned(), minutes: 30 },
        ),
        ("password_changed", Mail::PasswordChanged),
        ("confirm_email_change", Mail::ConfirmEmailChange { code: code(), minutes: 60 }),
        ("email_change_requested", email_change_requested(masked_email())),
        ("email_change_cancelled", Mail::EmailChangeCancelled { masked_email: masked_email() }),
        ("email_changed", Mail::EmailChanged { masked_email: masked_email() }),
        ("contact_changed", Mail::ContactChanged),
        (
            "deletion_scheduled",
            Mail::DeletionScheduled {
                on: "2026-06-11".to_owned(),
                link: "https://id.example.com/keep-account#token=abc".to_owned(),
            },
        ),
        (
            "deletion_reminder",
            Mail::DeletionReminder {
                on: "2026-06-11".to_owned(),
                minutes: 7 * 1440,
                link: "https://id.example.com/keep-account#token=abc".to_owned(),
            },
        ),
        ("deletion_cancelled", Mail::DeletionCancelled),
        ("account_deleted", Mail::AccountDeleted),
        ("change_undone", Mail::ChangeUndone { masked_email: Some(masked_email()) }),
        ("change_undone_without_address", Mail::ChangeUndone { masked_email: None }),
        ("authenticator_added", Mail::AuthenticatorAdded),
        ("authenticator_removed", Mail::AuthenticatorRemoved),
        ("sms_factor_added", Mail::SmsFactorAdded { masked: "+31*******78".to_owned() }),
        ("sms_factor_removed", Mail::SmsFactorRemoved { masked: "+31*******78".to_owned() }),
        ("backup_codes_made", Mail::BackupCodesMade),
        ("backup_code_used", Mail::BackupCodeUsed { left: 8 }),
        ("last_backup_code_used", Mail::BackupCodeUsed { left: 0 }),
        ("passkey_added", Mail::PasskeyAdded),
        ("application_allowed", Mail::ApplicationAllowed { application: "Example application".to_owned() }),
        ("passkey_removed", Mail::PasskeyRemoved),
        ("contact_added", Mail::ContactAdded { masked: masked_email() }),
        ("contact_verified", Mail::ContactVerified { masked: "+31*******78".to_owned() }),
        ("contact_removed", Mail::ContactRemoved { masked: masked_email() }),
        ("contact_claimed", Mail::ContactClaimed { masked: "+31*******78".to_owned() }),
        ("password_removed", Mail::PasswordRemoved),
        ("new_sign_in", Mail::NewSignIn),
        ("export_requested", Mail::ExportRequested),
        ("export_ready", Mail::ExportReady { link: "https://app.example.com/account".to_owned(), minutes: 1440 }),
        ("factors_reset", Mail::FactorsReset { passkeys: false }),
        ("factors_and_passkeys_reset", Mail::FactorsReset { passkeys: true }),
        ("test", Mail::Test),
    ]
}

#[test]
fn every_mail_reads_as_it_was_approved() {
    for (name, mail) in every_mail() {
        let Words { subject, text, html } = rendered(&mail, Some("Jane Doe"));
        insta::assert_snapshot!(name, format!("Subject: {subject}\n\n{text}\n\n{html}"));
    }
}

#[test]
fn no_subject_holds_a_code_and_every_mail_says_the_same_in_both_forms() {
    for (name, mail) in every_mail() {
        let words = rendered(&mail, None);
        assert!(!words.subject.contains("12345678"), "{name}");
        assert!(words.subject.contains("Selfsame") && words.subject.chars().count() <= 78, "{name}");
        assert!(words.text.starts_with("Hello,\n") && words.html.contains("<p>Hello,</p>"), "{name}");
        assert_eq!(words.text.contains("12345678"), words.html.contains("12345678"), "{name}");
        assert_eq!(words.text.contains("https:"), words.html.contains("https:"), "{name}");
    }
}

#[test]
fn a_code_and_a_link_each_have_a_line_of_their_own() {
    let link = "https://id.example.com/reset?token=abc";
    let text = rendered(&reset(link), None).text;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"12345678") && lines.contains(&link), "{text}");
}

#[test]
fn html_is_escaped_and_text_is_not() {
    let templates = templates_of("R&D <b>");
    let mail = reset("https://id.example.com/?a=1&b=\"><script>");
    let words = templates.render(&message(&mail, Some("O'Neil & Sons"))).unwrap();
    assert!(words.text.contains("Hello O'Neil & Sons,") && words.text.contains("\nR&D <b>\n"));
    assert!(words.html.contains("Hello O&#x27;Neil &amp; Sons,") && words.html.contains("R&amp;D &lt;b&gt;"));
    assert!(!words.html.contains("<script>") && !words.html.contains("<b>"));
}

#[test]
fn a_name_that_carries_a_message_is_not_repeated() {
    for name in ["Jane", "Dr. Jane Doe", "J.R.R. Tolkien", "Jean-Luc", "Ἀριστοτέλης", "St. John", "山田太郎"]
    {
        assert!(is_mere_name(name), "{name}");
    }
    for name in [
        "",
        "  ",
        "You won! https://evil.example",
        "evil.example",
        "go to evil.example now",
        "пример.рф",
        "jane@evil.example",
        "Jane\r\nBcc: x",
        "<b>Jane</b>",
    ] {
        assert!(!is_mere_name(name), "{name}");
        let words = rendered(&Mail::Test, Some(name));
        assert!(words.text.starts_with("Hello,\n") && words.html.contains("<p>Hello,</p>"), "{name}");
    }
    assert!(!is_mere_name(&"a".repeat(65)));
}

#[test]
fn a_template_that_names_an_unknown_value_fails() {
    let error = templates()
        .environments
        .of(Language::English)
        .render_str("{{ nmae }}", context! { name => "Jane" })
        .unwrap_err();
    assert_eq!(error.kind(), minijinja::ErrorKind::UndefinedError);
}

#[test]
fn lines_are_wrapped_after_the_values_were_inserted() {
    let masked_email = "m***************************************@e***.example.com".to_owned();
    for (name, mail) in every_mail().into_iter().chain([("long", email_change_requested(masked_email))]) {
        let text = rendered(&mail, Some("Jane Doe")).text;
        for (line, next) in text.lines().zip(text.lines().skip(1)) {
            assert!(line.chars().count() <= WIDTH || !line.contains(' '), "{name}: {line}");
            let word = next.split(' ').next().unwrap();
            let is_full = next.is_empty() || line.is_empty() || line.chars().count() + 1 + word.chars().count() > WIDTH;
            assert!(is_full, "{name}: {word} fits into {line}");
        }
    }
}

/// The mail to a reader of a language, with the name that mails to Jane have.
fn rendered_in(language: Language, mail: &Mail) -> Words {
    let message = Message { locale: Some(language.tag().to_owned()), ..message(mail, Some("Jane Doe")) };
    templates().render(&message).unwrap()
}

#[test]
fn every_mail_is_in_the_language_of_its_reader_with_the_same_structure() {
    for (name, mail) in every_mail() {
        let english = rendered(&mail, Some("Jane Doe"));
        for language in Language::ALL {
            let Words { subject, text, html } = rendered_in(*language, &mail);
            let (tag, direction) = (language.tag(), language.direction().as_str());
            assert!(html.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")), "{name} {tag}");
            let is_english = *language == Language::English;
            assert!(is_english == (subject == english.subject) && subject.contains("Selfsame"), "{name}: {subject}");
            assert_eq!(text.split("\n\n").count(), english.text.split("\n\n").count(), "{name} {tag}: {text}");
            assert_eq!(html.lines().count(), english.html.lines().count(), "{name} {tag}: {html}");
            for line in text.lines() {
                assert!(line.width() <= WIDTH || !line.contains(' '), "{name} {tag}: {line}");
            }
        }
    }
}

#[test]
fn a_code_and_a_link_can_be_copied_without_invisible_characters_in_every_language() {
    let link = "https://id.example.com/reset?token=abc";
    for language in Language::ALL {
        let text = rendered_in(*language, &reset(link)).text;
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.contains(&"12345678") && lines.contains(&link), "{text}");
    }
}

#[test]
fn from_right_to_left_every_value_in_a_sentence_is_isolated() {
    let masked = "j***@example.org".to_owned();
    let words = rendered_in(Language::Mirrored, &Mail::ContactRemoved { masked });
    assert!(words.html.contains("<bdi>j***@example.org</bdi>") && words.html.contains("<bdi>Jane Doe</bdi>"));
    assert!(words.text.contains("\u{2068}j***@example.org\u{2069}"), "{}", words.text);
    assert!(!rendered_in(Language::German, &Mail::PasskeyAdded).html.contains("<bdi>"));
}

#[test]
fn a_day_is_written_as_the_reader_writes_it() {
    let mail = Mail::DeletionScheduled { on: "2026-06-11".to_owned(), link: "https://id.example.com/".to_owned() };
    assert!(rendered_in(Language::German, &mail).text.contains(" am 11.06.2026 "));
    assert!(rendered_in(Language::Japanese, &mail).html.contains("2026年06月11日"));
}

#[test]
fn a_reader_whose_language_is_not_known_gets_the_language_of_the_operator() {
    let brand = Brand { app_name: "Selfsame".to_owned(), logo_url: None, color: "#1f5fbf".to_owned() };
    let templates = Templates::new(brand, Language::Dutch).unwrap();
    for (locale, hello) in [(None, "Hallo,\n"), (Some("tlh"), "Hallo,\n"), (Some("fr-CA"), "Bonjour,\n")] {
        let message = Message { locale: locale.map(str::to_owned), ..message(&Mail::Test, None) };
        assert!(templates.render(&message).unwrap().text.starts_with(hello), "{locale:?}");
    }
}

/// All sentences are texts: the templates have no words outside of tags.
#[test]
fn no_template_has_words_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let mut rest = std::fs::read_to_string(&path).unwrap();
        for (begin, end) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<", ">")] {
            while let Some((before, after)) = rest.split_once(begin) {
                rest = format!("{before}{}", after.split_once(end).unwrap().1);
            }
        }
        assert!(!rest.contains(char::is_alphabetic), "{}: {rest}", path.display());
    }
}

#[test]
fn a_notice_tells_of_its_circumstances_what_is_known_and_no_more() {
    let known = Circumstances { time: "2026-03-14, 15:09:26 (UTC)".to_owned(), ..Circumstances::default() };
    let told_of = |circumstances: &Circumstances| {
        let message = Message { circumstances: Some(circumstances.clone()), ..message(&Mail::NewSignIn, None) };
        templates().render(&message).unwrap()
    };
    let text = |circumstances: &Circumstances| {
        let words = told_of(circumstances);
        assert_eq!(words.text.contains("Device:"), words.html.contains("Device:"));
        words.text
    };
    assert!(text(&known).contains("\n\nWhen: 2026-03-14, 15:09:26 (UTC)\n\nSelfsame\n"), "{}", text(&known));
    let known = Circumstances { ip: Some("192.0.2.7".to_owned()), ..known };
    assert!(text(&known).contains("\n\nIP address: 192.0.2.7\n\nSelfsame\n"), "{}", text(&known));
    let escaped = Circumstances { place: Some("<b>here</b>".to_owned()), ..known };
    let words = told_of(&escaped);
    assert!(words.html.contains("&lt;b&gt;here&lt;/b&gt;") || words.html.contains("&lt;b&gt;here&lt;&#x2f;b&gt;"));
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn r25_a_notice_offers_its_undo_link_in_place_of_other_advice() {
    let link = "https://id.example.com/undo#token=a_b-c";
    let undo = UndoLink { link: link.to_owned(), minutes: 4320 };
    for (name, mail) in every_mail().into_iter().filter(|(_, mail)| told(mail).is_some()) {
        let render = |undo| templates().render(&Message { undo, ..message(&mail, None) }).unwrap();
        let (with, without) = (render(Some(undo.clone())), render(None));
        assert_eq!(with.text.lines().filter(|line| *line == link).count(), 1, "{name}: {}", with.text);
        assert!(with.html.contains("This was not me") && in_one_line(&with.text).contains("within 3 days"), "{name}");
        for (with, without) in [(&with.text, &without.text), (&with.html, &without.html)] {
            let advises = |text: &String| {
                let words = in_one_line(text);
                words.contains("forgot password") || words.contains("for help at once")
            };
            assert_eq!((advises(with), advises(without)), (false, true), "{name}: {with}");
            assert!(!without.contains("undo"), "{name}: {without}");
        }
    }
    let notice = Message { circumstances: None, undo: Some(undo), ..message(&Mail::PasswordChanged, Some("Jane Doe")) };
    insta::assert_snapshot!("password_changed_with_undo", templates().render(&notice).unwrap().text);
}
