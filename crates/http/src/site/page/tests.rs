//! Tests of all templates, and of an invalid one.

use std::{collections::BTreeSet, fs, path::Path};

use actix_web::body::to_bytes;

use super::*;
use crate::site::testing::{self, MAIL, Setup, core, get};

#[actix_web::test]
async fn every_template_renders_in_the_frame() {
    let mail = format!("/dev/mailbox/{MAIL}");
    for path in
        ["/", "/docs", "/docs/guide", "/docs/verify-tokens", "/dev/mailbox", &mail, "/reset-password", "/verify-email"]
    {
        let page = get(&Setup::default(), path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(page.body.starts_with("<!doctype html>\n<html lang=\"en\">\n"), "{path}: {}", page.body);
        assert!(page.body.contains(" · Café &amp; &lt;b&gt;</title>"), "{path}: {}", page.body);
        assert!(page.body.ends_with("</body>\n</html>\n"), "{path}: {}", page.body);
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
    let (core, templates) = (core(&Setup::default()), environment(&[("inline.html", source)]).unwrap());
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
        let templates = environment(&[("inline.html", source)]).unwrap();
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
