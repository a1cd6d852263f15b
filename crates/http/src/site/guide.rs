//! `/docs/guide` and `/docs/verify-tokens`: the guides for developers, which are files of `docs/` in Markdown.
//!
//! The files are read on the web too, so they link to each other by file name. The pages have no scripts.

use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};
use serde::Serialize;

use super::{
    Call,
    page::{Page, respond},
};
use crate::call::HandlerResult;

const GUIDE: &str = include_str!("../../../../docs/guide.md");
const VERIFY_TOKENS: &str = include_str!("../../../../docs/verify-tokens.md");

/// Of Markdown files.
const EXTENSION: &str = concat!(".", "md");

/// A guide as HTML.
#[derive(Serialize)]
struct Guide {
    title: &'static str,
    html: &'static str,
}

impl Page for Guide {
    const TEMPLATE: &'static str = "guide.html";
}

pub(super) async fn guide(call: Call) -> HandlerResult {
    static HTML: LazyLock<String> = LazyLock::new(|| html(GUIDE));
    respond(&call, &Guide { title: "Guide for front ends", html: &HTML })
}

pub(super) async fn verify_tokens(call: Call) -> HandlerResult {
    static HTML: LazyLock<String> = LazyLock::new(|| html(VERIFY_TOKENS));
    respond(&call, &Guide { title: "Verify tokens", html: &HTML })
}

/// Renders Markdown. Headings get ids, and a link to another file becomes one to its page.
fn html(markdown: &str) -> String {
    let mut events: Vec<_> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    for index in 0..events.len() {
        let text = heading_text(&events[index..]);
        match &mut events[index] {
            Event::Start(Tag::Heading { id, .. }) => *id = Some(slug(&text).into()),
            Event::Start(Tag::Link { dest_url, .. }) => *dest_url = page_of(dest_url),
            _ => {}
        }
    }
    let mut html = String::with_capacity(markdown.len() * 2);
    push_html(&mut html, events.into_iter());
    html
}

/// The text of the heading that begins here; empty if none does.
fn heading_text(events: &[Event<'_>]) -> String {
    if !matches!(events, [Event::Start(Tag::Heading { .. }), ..]) {
        return String::new();
    }
    let inner = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    inner
        .filter_map(|event| if let Event::Text(text) | Event::Code(text) = event { Some(&**text) } else { None })
        .collect()
}

/// The id of a heading, by the rule of GitHub, so that links inside a file work there and here.
fn slug(text: &str) -> String {
    let kept =
        text.to_lowercase().chars().filter(|char| char.is_alphanumeric() || " -_".contains(*char)).collect::<String>();
    kept.replace(' ', "-")
}

/// The page of a linked file of `docs/`: the same name without its extension, which is beside this page.
fn page_of(link: &CowStr<'_>) -> CowStr<'static> {
    let is_file = !link.contains(':') && !link.starts_with('#');
    let page = if is_file { link.replacen(EXTENSION, "", 1) } else { link.to_string() };
    page.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::site::testing::{Setup, get};

    #[actix_web::test]
    async fn the_guides_are_pages_that_the_start_page_and_the_reference_lead_to() {
        for from in ["/", "/docs"] {
            assert!(get(&Setup::default(), from).await.body.contains("href=\"/docs/guide\""), "{from}");
        }
        let guide = get(&Setup::default(), "/docs/guide").await;
        assert!(guide.body.contains("<title>Guide for front ends · "), "{}", guide.body);
        assert!(guide.body.contains("<a href=\"verify-tokens\">"), "{}", guide.body);
        let verify = get(&Setup::default(), "/docs/verify-tokens").await;
        assert_eq!(verify.status, 200);
        assert!(verify.body.contains("/.well-known/jwks.json"));
        let without = Setup { docs_enabled: false, ..Setup::default() };
        assert_eq!(get(&without, "/docs/guide").await.status, 404);
    }

    #[test]
    fn every_link_leads_to_a_heading_or_to_a_page() {
        for markdown in [GUIDE, VERIFY_TOKENS] {
            let html = html(markdown);
            let targets: Vec<_> = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(!targets.is_empty());
            for target in targets {
                let is_known = match target.strip_prefix('#') {
                    Some(id) => html.contains(&format!("id=\"{id}\"")),
                    None => ["guide", "verify-tokens"].contains(&target) || target.starts_with("https://"),
                };
                assert!(is_known, "{target}");
            }
        }
    }

    /// `POST /api/v1/auth/login?x=y` in the text as method and segments; `ID` stands for any.
    fn calls(markdown: &str) -> BTreeSet<(&str, Vec<&str>)> {
        let spans = markdown.split('`').skip(1).step_by(2);
        let calls = spans.filter_map(|span| {
            let (method, path) = span.split_once(" /")?;
            let is_method = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method);
            is_method.then(|| (method, path.split(['?', ' ']).next().unwrap_or_default().split('/').collect()))
        });
        calls.collect()
    }

    #[test]
    fn every_call_in_the_guides_is_an_operation() {
        let document = serde_json::to_value(crate::document()).unwrap();
        let operations: Vec<(String, Vec<String>)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                let segments: Vec<_> = path.split('/').skip(1).map(ToOwned::to_owned).collect();
                item.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), segments.clone()))
            })
            .collect();
        let fits = |call: &[&str], operation: &[String]| {
            call.len() == operation.len()
                && call
                    .iter()
                    .zip(operation)
                    .all(|(sent, known)| sent == known || (*sent == "ID" && known.starts_with('{')))
        };
        let calls = calls(GUIDE).into_iter().chain(calls(VERIFY_TOKENS)).collect::<BTreeSet<_>>();
        assert!(calls.len() > 30, "{calls:?}");
        for (method, path) in calls {
            let is_operation = operations.iter().any(|(known, operation)| known == method && fits(&path, operation));
            // Pages, which the document does not have.
            let is_page = matches!((method, path.as_slice()), ("GET", ["oauth", "authorize" | "logout"]));
            assert!(is_operation || is_page, "{method} /{}", path.join("/"));
        }
    }

    #[test]
    fn text_of_the_files_is_not_markup() {
        assert_eq!(html("## `a` & B, c\n"), "<h2 id=\"a--b-c\"><code>a</code> &amp; B, c</h2>\n");
        assert_eq!(
            html("[x](README.md#y) [z](https://e.example/a.md)"),
            "<p><a href=\"README#y\">x</a> <a href=\"https://e.example/a.md\">z</a></p>\n"
        );
    }
}
