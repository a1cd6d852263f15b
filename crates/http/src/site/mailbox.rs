//! `/dev/mailbox`: the mails that a development server "sent". In production there is no mailbox, and so no page.
//!
//! With `Accept: application/json` the same comes as JSON, for scripts that want a code out of a mail.
//!
//! Whoever reads the mails can be anybody, so the page exists only under the names of this server: a foreign page that
//! points its own name at this address (DNS rebinding) still sends that name.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, HOST},
    web::{Data, Path},
};
use selfsame_ports::{MailError, Mailbox, StoredMail};
use serde_json::{Value, json};
use url::{Host, Url};

use super::{
    Site,
    html::{self, escape},
};
use crate::{
    HttpOptions,
    blocking::{Lane, LaneError, Lanes},
    errors::Failure,
};

/// Mails on the list.
const LISTED: usize = 100;

/// A mail is shown in a frame without scripts or an origin; it inherits this policy, and mails are styled inline.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The newest mails.
pub(super) async fn list(request: HttpRequest, site: Data<Site>, lanes: Data<Lanes>) -> HttpResponse {
    let mails = match asked(&request, &site, &lanes, |mailbox| mailbox.list(LISTED)).await {
        Ok(mails) => mails,
        Err(failure) => return failure.respond(&request),
    };
    if wants_json(&request) {
        return HttpResponse::Ok().json(mails.iter().map(as_json).collect::<Vec<_>>());
    }
    let mails = if mails.is_empty() {
        "<p>No mail yet. Mails appear about a second after what caused them.</p>".to_owned()
    } else {
        format!("<ul class=\"mails\">\n{}</ul>", mails.iter().map(as_item).collect::<String>())
    };
    let main = format!("<h1>Development mailbox</h1>\n<p>What this server would have sent, newest first.</p>\n{mails}");
    html::respond(html::page("Mailbox", &main, None), html::POLICY)
}

/// One mail, text and HTML.
pub(super) async fn show(request: HttpRequest, id: Path<String>, site: Data<Site>, lanes: Data<Lanes>) -> HttpResponse {
    let id = id.into_inner();
    let mail = match asked(&request, &site, &lanes, move |mailbox| mailbox.read(&id)).await {
        Ok(Some(mail)) => mail,
        Ok(None) => return Failure::NotFound.respond(&request),
        Err(failure) => return failure.respond(&request),
    };
    if wants_json(&request) {
        return HttpResponse::Ok().json(as_json(&mail));
    }
    // Links of the framed mail open beside it: the page they lead to refuses to be framed.
    let framed = escape(&format!("<base target=\"_blank\">{}", mail.html));
    let main = format!(
        "<p><a href=\"/dev/mailbox\">All mails</a></p>\n<h1>{subject}</h1>\n<p><small>to {to} · {at}</small></p>\n\
         <h2>Text</h2>\n<pre>{text}</pre>\n<h2>HTML</h2>\n\
         <iframe title=\"The mail as HTML\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"{framed}\"></iframe>",
        subject = escape(&mail.subject),
        to = escape(&mail.to),
        at = escape(&mail.sent_at),
        text = linked(&mail.text),
    );
    html::respond(html::page(&mail.subject, &main, None), POLICY)
}

/// Asks the mailbox, if there is one and it is called by its name, off the worker's thread.
async fn asked<T: Send + 'static>(
    request: &HttpRequest,
    site: &Site,
    lanes: &Lanes,
    question: impl FnOnce(&dyn Mailbox) -> Result<T, MailError> + Send + 'static,
) -> Result<T, Failure> {
    let mailbox = site.mailbox.as_ref().filter(|_| is_called_by_name(request)).ok_or(Failure::NotFound)?;
    let mailbox = Arc::clone(mailbox);
    let answer = lanes.run(Lane::Database, move || question(&*mailbox)).await;
    answer.map_err(|error: LaneError| Failure::from(error))?.map_err(|error| {
        tracing::error!(%error, "the mailbox cannot be read");
        Failure::Internal
    })
}

/// Whether `Host` is that of the public URL, or means this machine. No forwarded header is believed.
fn is_called_by_name(request: &HttpRequest) -> bool {
    let mut hosts = request.headers().get_all(HOST);
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(called) = host.to_str().ok().and_then(|host| Url::parse(&format!("http://{host}")).ok()) else {
        return false;
    };
    let is_loopback = match called.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let public = request.app_data::<Data<HttpOptions>>().map(|options| &options.public_url);
    is_loopback || public.is_some_and(|public| public.host() == called.host())
}

fn wants_json(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}

fn as_json(mail: &StoredMail) -> Value {
    let StoredMail { id, sent_at, to, subject, text, html } = mail;
    json!({ "id": id, "sent_at": sent_at, "to": to, "subject": subject, "text": text, "html": html })
}

fn as_item(mail: &StoredMail) -> String {
    format!(
        "<li><a href=\"/dev/mailbox/{id}\">{subject}</a><br><small>to {to} · {at}</small></li>\n",
        id = escape(&mail.id),
        subject = escape(&mail.subject),
        to = escape(&mail.to),
        at = escape(&mail.sent_at),
    )
}

/// Plain text as HTML in which addresses of pages can be followed.
fn linked(text: &str) -> String {
    let is_address = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let (address, space) = word.split_at(word.trim_end().len());
            let shown = escape(address);
            if is_address(address) {
                format!("<a href=\"{shown}\">{shown}</a>{space}")
            } else {
                format!("{shown}{space}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::Value;

    use super::*;
    use crate::site::testing::{MAIL, Setup, ask, get, local};

    #[actix_web::test]
    async fn the_list_names_each_mail_and_the_page_shows_it() {
        let list = get(&Setup::default(), "/dev/mailbox").await;
        assert!(list.body.contains(&format!("href=\"/dev/mailbox/{MAIL}\"")), "{}", list.body);
        let page = get(&Setup::default(), &format!("/dev/mailbox/{MAIL}")).await;
        assert_eq!(page.status, 200);
        let link = "https://id.example/verify-email#token=abc";
        assert!(page.body.contains(&format!("<a href=\"{link}\">{link}</a>\n")), "{}", page.body);
        assert_eq!(get(&Setup::default(), "/dev/mailbox/nothing").await.status, 404);
    }

    #[actix_web::test]
    async fn a_mail_can_do_nothing_to_the_page_it_is_shown_on() {
        let page = get(&Setup::default(), &format!("/dev/mailbox/{MAIL}")).await;
        assert!(!page.body.contains("<script"), "{}", page.body);
        assert!(
            page.body.contains("srcdoc=\"&lt;base target=&quot;_blank&quot;&gt;&lt;p&gt;&lt;script&gt;"),
            "{}",
            page.body
        );
        assert!(page.body.contains("<h1>Code &amp; &lt;b&gt;</h1>"));
        assert!(!page.body.contains("allow-scripts") && !page.body.contains("allow-same-origin"));
        assert!(!page.header("content-security-policy").contains("script-src"));
    }

    #[actix_web::test]
    async fn a_script_gets_json() {
        let accept = |path: &str| local(path).insert_header((ACCEPT, "application/json"));
        let list: Value = serde_json::from_str(&ask(&Setup::default(), accept("/dev/mailbox")).await.body).unwrap();
        assert_eq!(list[0]["id"], MAIL);
        let mail = ask(&Setup::default(), accept(&format!("/dev/mailbox/{MAIL}"))).await;
        let mail: Value = serde_json::from_str(&mail.body).unwrap();
        assert_eq!((&mail["to"], &mail["subject"]), (&"jane@example.com".into(), &"Code & <b>".into()));
        assert!(mail["text"].as_str().unwrap().contains("123456"));
    }

    #[actix_web::test]
    async fn r55_a_page_that_points_its_own_name_here_reads_no_mail() {
        let status = async |host: &str| {
            let request = TestRequest::with_uri("/dev/mailbox").insert_header((HOST, host));
            ask(&Setup::default(), request).await.status
        };
        for own in ["id.example", "ID.example:443", "localhost:8080", "127.0.0.1", "127.1.2.3:80", "[::1]:8080"] {
            assert_eq!(status(own).await, 200, "{own}");
        }
        for foreign in ["evil.example", "id.example.evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", ""] {
            assert_eq!(status(foreign).await, 404, "{foreign}");
        }
    }

    #[actix_web::test]
    async fn in_production_there_is_no_mailbox() {
        let production = Setup { has_mailbox: false, ..Setup::default() };
        for path in ["/dev/mailbox".to_owned(), format!("/dev/mailbox/{MAIL}")] {
            assert_eq!(get(&production, &path).await.status, 404, "{path}");
        }
    }
}
