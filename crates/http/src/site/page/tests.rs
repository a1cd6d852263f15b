//! Tests of all templates, and of an invalid one.

use std::{collections::BTreeSet, fs, path::Path};

use actix_web::{
    body::to_bytes,
    http::header::{ACCEPT, ACCEPT_LANGUAGE},
};

use super::*;
use crate::site::testing::{self, MAIL, Setup, ask, core, get, local};

#[actix_web::test]
async fn every_template_renders_in_the_frame() {
    let mail = format!("/dev/mailbox/{MAIL}");
    for path in
        ["/", "/docs", "/docs/guide", "/docs/verify-tokens", "/dev/mailbox", &mail, "/reset-password", "/verify-email"]
    {
        let page = get(&Setup::default(), path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(page.body.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n"), "{path}: {}", page.body);
        assert!(page.body.contains(" · Café &amp; &lt;b&gt;</title>"), "{path}: {}", page.body);
        assert!(page.body.ends_with("</body>\n</html>\n"), "{path}: {}", page.body);
    }
}

/// A page in the language that a browser accepts.
async fn page_in(path: &str, accepted: &str) -> testing::Answer {
    ask(&Setup::default(), local(path).insert_header((ACCEPT, "text/html")).insert_header((ACCEPT_LANGUAGE, accepted)))
        .await
}

const TRANSLATED: [&str; 4] = ["/verify-email", "/reset-password", "/keep-account", "/nothing"];

#[actix_web::test]
async fn a_page_is_in_the_language_that_its_reader_accepts_and_says_so() {
    for path in TRANSLATED {
        let english = page_in(path, "tlh").await;
        for language in Language::ALL {
            let page = page_in(path, &format!("tlh, {};q=0.9, en;q=0.5", language.tag())).await;
            let (tag, direction) = (language.tag(), language.direction().as_str());
            assert_eq!(page.header("content-language"), tag, "{path}");
            assert_eq!(page.header("vary"), "Accept-Language", "{path}");
            assert!(page.body.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")), "{path}: {}", page.body);
            assert_eq!(page.body == english.body, *language == Language::English, "{path} {tag}");
            assert_eq!(page.body.lines().count(), english.body.lines().count(), "the same structure");
        }
    }
}

#[actix_web::test]
async fn a_page_that_is_written_from_right_to_left_isolates_the_name_of_the_service() {
    let page = page_in("/nothing", "ar").await;
    assert!(page.body.contains("<bdi>Café &amp; &lt;b&gt;</bdi>"), "{}", page.body);
}

#[actix_web::test]
async fn a_page_for_developers_is_in_english_whatever_they_accept() {
    let page = page_in("/", "de").await;
    assert!(page.body.contains("<html lang=\"en\" dir=\"ltr\">") && page.header("content-language").is_empty());
}

/// All sentences of the translated pages are texts: their templates have no words outside of tags.
#[test]
fn a_translated_page_has_no_words_of_its_own() {
    for name in [
        "authorization_error.html",
        "cancel_email_change.html",
        "confirm.html",
        "consent.html",
        "keep_account.html",
        "not_found.html",
        "reset_password.html",
        "second_step.html",
        "sign_in.html",
        "sign_out.html",
        "signed_out.html",
        "undo.html",
        "verify_email.html",
    ] {
        let (_, source) = SOURCES.iter().find(|(known, _)| *known == name).unwrap();
        let mut rest = (*source).to_owned();
        for (begin, end) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<", ">")] {
            while let Some((before, after)) = rest.split_once(begin) {
                rest = format!("{before}{}", after.split_once(end).unwrap().1);
            }
        }
        assert!(!rest.contains(char::is_alphabetic), "{name}: {rest}");
    }
}

#[test]
fn every_file_is_a_template() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/site/templates");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let known = SOURCES.iter().map(|(name, _)| (*name).to_owned());
    assert_eq!(files.collect::<BTreeSet<_>>(), known.collect());
}

#[derive(Serialize)]
struct Inline {
    word: &'static str,
}

impl Page for Inline {
    const TEMPLATE: &'static str = "inline.html";
    const POLICY: ContentPolicy = ContentPolicy { scripts: "'nonce'", ..ContentPolicy::STATIC };
}

#[test]
fn r56_an_inline_script_carries_a_nonce_that_no_other_answer_has() {
    let source = r#"<script nonce="{{ nonce }}">start();</script>"#;
    let (core, templates) =
        (core(&Setup::default()), environment(&[("inline.html", source)], Language::English).unwrap());
    let nonces: BTreeSet<String> = (0..3)
        .map(|_| {
            let (html, policy) = render(&core, &templates, &Inline { word: "" }).unwrap();
            let nonce = html.split('"').nth(1).unwrap().to_owned();
            assert!(nonce.len() >= 22, "{nonce}");
            assert!(policy.contains(&format!("script-src 'nonce-{nonce}';")), "{policy}");
            nonce
        })
        .collect();
    assert_eq!(nonces.len(), 3);
}

#[test]
fn what_stands_in_a_template_is_escaped_and_what_does_not_exist_fails() {
    let render = |source| {
        let templates = environment(&[("inline.html", source)], Language::English).unwrap();
        super::render(&core(&Setup::default()), &templates, &Inline { word: "<a href=\"x\" id='y'>&" })
            .map(|(html, _)| html)
    };
    assert_eq!(render("{{ word }}").unwrap(), "&lt;a href=&quot;x&quot; id=&#x27;y&#x27;&gt;&amp;");
    render("{{ missing }}").unwrap_err();
}

#[actix_web::test]
async fn r98_a_page_that_cannot_be_rendered_is_a_500_that_says_nothing_of_it() {
    let call = testing::call(&Setup::default()).await;
    let answer = respond(&call, &Inline { word: "" }).unwrap_err().error_response();
    assert_eq!(answer.status(), 500);
    let body = to_bytes(answer.into_body()).await.unwrap();
    assert!(!String::from_utf8_lossy(&body).contains("inline.html"), "{body:?}");
}
