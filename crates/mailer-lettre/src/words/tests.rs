//! Every mail, word for word, in `snapshots/`; and what must hold whatever the words are.

use super::*;

fn templates() -> Templates {
    templates_of("Selfsame")
}

fn templates_of(app_name: &str) -> Templates {
    Templates::new(Brand { app_name: app_name.to_owned(), logo_url: None, color: "#1f5fbf".to_owned() }).unwrap()
}

fn reset(link: &str) -> Mail {
    Mail::ResetPassword { code: Some("12345678".to_owned()), link: link.to_owned(), minutes: 30 }
}

/// The circumstances of a notice; a mail that was asked for has none.
fn told(mail: &Mail) -> Option<Circumstances> {
    let is_notice = matches!(
        mail,
        Mail::PasswordChanged
            | Mail::EmailChangeRequested { .. }
            | Mail::EmailChanged { .. }
            | Mail::ContactChanged
            | Mail::PasswordRemoved
            | Mail::NewSignIn
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
        ("email_change_requested", Mail::EmailChangeRequested { masked_email: masked_email() }),
        ("email_changed", Mail::EmailChanged { masked_email: masked_email() }),
        ("contact_changed", Mail::ContactChanged),
        (
            "deletion_scheduled",
            Mail::DeletionScheduled {
                on: "2026-06-11".to_owned(),
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
        ("passkey_removed", Mail::PasskeyRemoved),
        ("contact_added", Mail::ContactAdded { masked: masked_email() }),
        ("contact_verified", Mail::ContactVerified { masked: "+31*******78".to_owned() }),
        ("contact_removed", Mail::ContactRemoved { masked: masked_email() }),
        ("contact_claimed", Mail::ContactClaimed { masked: "+31*******78".to_owned() }),
        ("password_removed", Mail::PasswordRemoved),
        ("new_sign_in", Mail::NewSignIn),
        ("test", Mail::Test),
    ]
}

#[test]
fn every_mail_reads_as_it_was_approved() {
    for (name, mail) in every_mail() {
        let Words { subject, text, html } =
            templates().render(&mail, Some("Jane Doe"), told(&mail).as_ref(), None).unwrap();
        insta::assert_snapshot!(name, format!("Subject: {subject}\n\n{text}\n\n{html}"));
    }
}

#[test]
fn no_subject_holds_a_code_and_every_mail_says_the_same_in_both_forms() {
    for (name, mail) in every_mail() {
        let words = templates().render(&mail, None, told(&mail).as_ref(), None).unwrap();
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
    let text = templates().render(&reset(link), None, None, None).unwrap().text;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"12345678") && lines.contains(&link), "{text}");
}

#[test]
fn html_is_escaped_and_text_is_not() {
    let templates = templates_of("R&D <b>");
    let words = templates
        .render(&reset("https://id.example.com/?a=1&b=\"><script>"), Some("O'Neil & Sons"), None, None)
        .unwrap();
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
        let words = templates().render(&Mail::Test, Some(name), None, None).unwrap();
        assert!(words.text.starts_with("Hello,\n") && words.html.contains("<p>Hello,</p>"), "{name}");
    }
    assert!(!is_mere_name(&"a".repeat(65)));
}

#[test]
fn a_template_that_names_an_unknown_value_fails() {
    let error = templates().environment.render_str("{{ nmae }}", context! { name => "Jane" }).unwrap_err();
    assert_eq!(error.kind(), minijinja::ErrorKind::UndefinedError);
}

#[test]
fn lifetimes_are_told_in_the_greatest_fitting_unit() {
    for (minutes, told) in [
        (0, "0 minutes"),
        (1, "1 minute"),
        (10, "10 minutes"),
        (60, "1 hour"),
        (90, "90 minutes"),
        (1440, "24 hours"),
        (2880, "2 days"),
        (3000, "50 hours"),
    ] {
        assert_eq!(lifetime(minutes), told);
    }
}

#[test]
fn lines_are_wrapped_after_the_values_were_inserted() {
    let masked_email = "m***************************************@e***.example.com".to_owned();
    for (name, mail) in every_mail().into_iter().chain([("long", Mail::EmailChangeRequested { masked_email })]) {
        let text = templates().render(&mail, Some("Jane Doe"), told(&mail).as_ref(), None).unwrap().text;
        for (line, next) in text.lines().zip(text.lines().skip(1)) {
            assert!(line.chars().count() <= WIDTH || !line.contains(' '), "{name}: {line}");
            let word = next.split(' ').next().unwrap();
            let is_full = next.is_empty() || line.is_empty() || line.chars().count() + 1 + word.chars().count() > WIDTH;
            assert!(is_full, "{name}: {word} fits into {line}");
        }
    }
    assert_eq!(wrapped("a\nb\n\nhttps://x.example/y"), "a b\n\nhttps://x.example/y");
}

#[test]
fn a_notice_tells_of_its_circumstances_what_is_known_and_no_more() {
    let known = Circumstances { time: "2026-03-14, 15:09:26 (UTC)".to_owned(), ..Circumstances::default() };
    let text = |circumstances: &Circumstances| {
        let words = templates().render(&Mail::NewSignIn, None, Some(circumstances), None).unwrap();
        assert_eq!(words.text.contains("Device:"), words.html.contains("Device:"));
        words.text
    };
    assert!(text(&known).contains("\n\nWhen: 2026-03-14, 15:09:26 (UTC)\n\nSelfsame\n"), "{}", text(&known));
    let known = Circumstances { ip: Some("192.0.2.7".to_owned()), ..known };
    assert!(text(&known).contains("\n\nIP address: 192.0.2.7\n\nSelfsame\n"), "{}", text(&known));
    let escaped = Circumstances { place: Some("<b>here</b>".to_owned()), ..known };
    let words = templates().render(&Mail::NewSignIn, None, Some(&escaped), None).unwrap();
    assert!(words.html.contains("&lt;b&gt;here&lt;/b&gt;") || words.html.contains("&lt;b&gt;here&lt;&#x2f;b&gt;"));
}

#[test]
fn r25_a_notice_offers_its_undo_link_in_place_of_other_advice() {
    let link = "https://id.example.com/undo#token=a_b-c";
    let undo = UndoLink { link: link.to_owned(), minutes: 4320 };
    for (name, mail) in every_mail().into_iter().filter(|(_, mail)| told(mail).is_some()) {
        let render = |undo| templates().render(&mail, None, told(&mail).as_ref(), undo).unwrap();
        let (with, without) = (render(Some(&undo)), render(None));
        assert_eq!(with.text.lines().filter(|line| *line == link).count(), 1, "{name}: {}", with.text);
        assert!(with.html.contains("This was not me") && with.text.contains("within 3 days"), "{name}");
        for (with, without) in [(&with.text, &without.text), (&with.html, &without.html)] {
            let advises = |text: &String| {
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                words.contains("forgot password") || words.contains("for help at once")
            };
            assert_eq!((advises(with), advises(without)), (false, true), "{name}: {with}");
            assert!(!without.contains("undo"), "{name}: {without}");
        }
    }
    let notice = templates().render(&Mail::PasswordChanged, Some("Jane Doe"), None, Some(&undo)).unwrap();
    insta::assert_snapshot!("password_changed_with_undo", notice.text);
}
