//! `/dev/mailbox`: the mails of a development server. In production there is no mailbox and no page.
//!
//! With `Accept: application/json` the response is JSON, for scripts that need the code in a mail.
//!
//! The page needs no sign-in, so it is served only if `Host` is a name of this server. That protects against DNS
//! rebinding: a foreign page whose name resolves to this server sends its own name.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    http::header::{ACCEPT, HOST},
    web::Path,
};
use selfsame_application::mail::mailbox::{ListMails, ReadMail, ReadMailboxError, StoredMail};
use serde::Serialize;
use url::{Host, Url};

use super::{
    Call,
    page::{Page, respond},
    policy::ContentPolicy,
};
use crate::{
    HttpOptions, Lane, call::HandlerResult, contracts::account::Account, failure::Failure, rejection::Rejection,
};

#[derive(Serialize)]
struct MailsPage {
    mails: Vec<StoredMail>,
}

impl Page for MailsPage {
    const TEMPLATE: &'static str = "mails.html";
}

#[derive(Serialize)]
struct MailPage {
    words: Vec<Word>,
    mail: StoredMail,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "mail.html";
    /// The frame of the mail inherits this policy, and mails have inline styles. The frame has no scripts and no
    /// origin.
    const POLICY: ContentPolicy = ContentPolicy { styles: "'self' 'unsafe-inline'", ..ContentPolicy::STATIC };
}

/// The newest mails.
pub(super) async fn list(call: Call) -> HandlerResult {
    require_own_host(&call)?;
    let mails = call.run(Lane::Database, |core, _sender| Ok(ListMails.execute(core)?)).await?;
    if wants_json(call.request()) { Ok(HttpResponse::Ok().json(mails)) } else { respond(&call, &MailsPage { mails }) }
}

/// One mail, as text and HTML.
pub(super) async fn show(call: Call, id: Path<String>) -> HandlerResult {
    require_own_host(&call)?;
    let read = ReadMail { id: id.into_inner() };
    let mail = call.run(Lane::Database, move |core, _sender| Ok(read.execute(core)?)).await?;
    if wants_json(call.request()) {
        return Ok(HttpResponse::Ok().json(mail));
    }
    respond(&call, &MailPage { words: words(&mail.text), mail })
}

impl From<ReadMailboxError> for Rejection<Account> {
    fn from(error: ReadMailboxError) -> Self {
        match error {
            ReadMailboxError::NotFound => Failure::NotFound.into(),
            ReadMailboxError::Fault(fault) => fault.into(),
        }
    }
}

/// Refuses a request whose `Host` is not a name of this server.
fn require_own_host(call: &Call) -> Result<(), Error> {
    if is_own_host(call.request(), call.options()) { Ok(()) } else { Err(call.refuse(Failure::NotFound)) }
}

/// Whether `Host` is that of the public URL or a loopback name. Forwarded headers are ignored.
fn is_own_host(request: &HttpRequest, options: &HttpOptions) -> bool {
    let mut hosts = request.headers().get_all(HOST);
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(url) = host.to_str().ok().and_then(|host| Url::parse(&format!("http://{host}")).ok()) else {
        return false;
    };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    is_loopback || options.public_url.host() == url.host()
}

fn wants_json(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}

/// A word of a text, and the white space after it.
#[derive(Serialize)]
struct Word {
    text: String,
    space: String,
    /// Whether it is a URL.
    is_link: bool,
}

fn words(text: &str) -> Vec<Word> {
    let word = |word: &str| {
        let (text, space) = word.split_at(word.trim_end().len());
        let is_link = text.starts_with("http://") || text.starts_with("https://");
        Word { text: text.to_owned(), space: space.to_owned(), is_link }
    };
    text.split_inclusive(char::is_whitespace).map(word).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::Value;

    use super::*;
    use crate::site::testing::{MAIL, Setup, ask, escaped, get, local};

    #[actix_web::test]
    async fn the_list_names_each_mail_and_the_page_shows_it() {
        let list = get(&Setup::default(), "/dev/mailbox").await;
        assert!(list.body.contains(&format!("href=\"/dev/mailbox/{MAIL}\"")), "{}", list.body);
        let page = get(&Setup::default(), &format!("/dev/mailbox/{MAIL}")).await;
        assert_eq!(page.status, 200);
        let link = escaped("https://id.example/verify-email#token=abc");
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
        assert!(page.header("content-security-policy").contains("script-src 'none'"));
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
