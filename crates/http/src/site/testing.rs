//! The site over ports that can fail.

use std::sync::Arc;

use actix_web::{
    App, FromRequest as _,
    http::header::{HOST, HeaderMap},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use selfsame_application::{AppUrls, Core, Look};
use selfsame_ports::{BlobError, MailError, Mailbox, StorageError, StoredMail};
use selfsame_testing::core::TestCore;

use crate::{Drain, HttpOptions, LaneOptions, Lanes, Services, edge::edge};

pub(super) const PICTURE: &str = "0123456789abcdef.png";
pub(super) const MAIL: &str = "20261121-1";

/// The features that are enabled, and whether the ports fail.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) has_mailbox: bool,
    pub(super) app_url: Option<&'static str>,
    pub(super) look: Look,
    pub(super) docs_enabled: bool,
    pub(super) is_broken: bool,
    pub(super) drain: Drain,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            has_mailbox: true,
            app_url: None,
            look: Look::default(),
            docs_enabled: true,
            is_broken: false,
            drain: Drain::default(),
        }
    }
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    /// The body as it was sent.
    pub(super) bytes: Vec<u8>,
    headers: HeaderMap,
}

impl Answer {
    /// The text of a header; empty if it is absent.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(super) async fn get(setup: &Setup, path: &str) -> Answer {
    ask(setup, local(path)).await
}

/// A request from a browser on this machine.
pub(super) fn local(path: &str) -> TestRequest {
    TestRequest::with_uri(path).insert_header((HOST, "localhost:8080"))
}

pub(super) async fn ask(setup: &Setup, request: TestRequest) -> Answer {
    let mut options = HttpOptions::new("https://id.example".parse().unwrap());
    options.docs_enabled = setup.docs_enabled;
    let options = Data::new(options);
    let app = App::new()
        .app_data(Data::new(setup.drain.clone()))
        .app_data(Data::new(Services::new(core(setup))))
        .app_data(options.clone())
        .app_data(Data::new(Lanes::new(LaneOptions::default()).unwrap()))
        .configure(|config| super::routes(config, setup.docs_enabled))
        .wrap(from_fn(move |request, next| edge(options.clone(), request, next)));
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = read_body(response).await.to_vec();
    Answer { status, body: String::from_utf8_lossy(&bytes).into_owned(), bytes, headers }
}

/// A request of a page, as its handler receives it.
pub(super) async fn call(setup: &Setup) -> super::Call {
    let request = local("/")
        .app_data(Data::new(HttpOptions::new("https://id.example".parse().unwrap())))
        .app_data(Data::new(Services::new(core(setup))))
        .app_data(Data::new(Lanes::new(LaneOptions::default()).unwrap()));
    super::Call::extract(&request.to_http_request()).await.unwrap()
}

/// The escaped form of a text without special characters other than slashes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('/', "&#x2f;")
}

/// A core with one picture and, if enabled, a mailbox with one mail.
pub(super) fn core(setup: &Setup) -> Arc<Core> {
    let test = TestCore::with(|policy, _| {
        policy.app_name = "Café & <b>".to_owned();
        policy.app_urls = AppUrls::parse(setup.app_url.as_slice()).unwrap();
        policy.look = setup.look.clone();
    });
    test.ports.blobs.put(PICTURE, b"\x89PNG", test.ports.clock.now()).unwrap();
    if setup.is_broken {
        test.blobs.fail_with(Some(BlobError::Unavailable("on purpose".to_owned())));
        test.storage.fail_with(StorageError::Unavailable("on purpose".to_owned()));
    }
    let mailbox = setup.has_mailbox.then(|| Arc::new(OneMail) as Arc<dyn Mailbox>);
    test.over(|ports| ports.mailbox = mailbox).core
}

/// One mail.
struct OneMail;

impl Mailbox for OneMail {
    fn list(&self, limit: usize) -> Result<Vec<StoredMail>, MailError> {
        Ok(vec![mail()].into_iter().take(limit).collect())
    }

    fn read(&self, id: &str) -> Result<Option<StoredMail>, MailError> {
        Ok((id == MAIL).then(mail))
    }
}

fn mail() -> StoredMail {
    StoredMail {
        id: MAIL.to_owned(),
        sent_at: "2026-11-21T19:12:00Z".to_owned(),
        to: "jane@example.com".to_owned(),
        subject: "Code & <b>".to_owned(),
        text: "Your code is 123456, or follow\nhttps://id.example/verify-email#token=abc\n".to_owned(),
        html: "<p><script>alert(1)</script>Your code is <b>123456</b></p>".to_owned(),
    }
}
