//! The site over ports that a test can break.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{HOST, HeaderMap},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use selfsame_domain::Instant;
use selfsame_ports::{
    BlobEntry, BlobError, Blobs, MailError, Mailbox, Queries, Storage, StorageError, StoredMail, UnitOfWork,
};

use super::Site;
use crate::{Drain, HttpOptions, LaneOptions, Lanes, edge::edge};

pub(super) const PICTURE: &str = "0a1b2c.png";
pub(super) const MAIL: &str = "20261121-1";

/// What there is, and what of it works.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) has_mailbox: bool,
    pub(super) docs_enabled: bool,
    pub(super) is_broken: bool,
    pub(super) drain: Drain,
}

impl Default for Setup {
    fn default() -> Self {
        Self { has_mailbox: true, docs_enabled: true, is_broken: false, drain: Drain::default() }
    }
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    headers: HeaderMap,
}

impl Answer {
    /// A header's text; empty if it is not there.
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
    let world = World { is_broken: setup.is_broken };
    let site = Site {
        storage: Arc::new(world),
        blobs: Arc::new(world),
        mailbox: setup.has_mailbox.then(|| Arc::new(world) as Arc<dyn Mailbox>),
        drain: setup.drain.clone(),
    };
    let mut options = HttpOptions::new("https://id.example".parse().unwrap());
    options.docs_enabled = setup.docs_enabled;
    let options = Data::new(options);
    let app = App::new()
        .app_data(Data::new(site))
        .app_data(options.clone())
        .app_data(Data::new(Lanes::new(LaneOptions::default()).unwrap()))
        .configure(|config| super::routes(config, setup.docs_enabled))
        .wrap(from_fn(move |request, next| edge(options.clone(), request, next)));
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = String::from_utf8_lossy(&read_body(response).await).into_owned();
    Answer { status, body, headers }
}

/// One picture, one mail, and a database that is only asked whether it is there.
#[derive(Clone, Copy)]
struct World {
    is_broken: bool,
}

impl Storage for World {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        Err(StorageError::Internal("not asked for by pages".to_owned()))
    }

    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        Err(StorageError::Internal("not asked for by pages".to_owned()))
    }

    fn ready(&self) -> Result<(), StorageError> {
        if self.is_broken { Err(StorageError::Unavailable("on purpose".to_owned())) } else { Ok(()) }
    }
}

impl Blobs for World {
    fn put(&self, _: &str, _: &[u8], _: Instant) -> Result<(), BlobError> {
        Err(BlobError::Name)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        if self.is_broken {
            return Err(BlobError::Unavailable("on purpose".to_owned()));
        }
        Ok((name == PICTURE).then(|| b"\x89PNG".to_vec()))
    }

    fn delete(&self, _: &str) -> Result<(), BlobError> {
        Err(BlobError::Name)
    }

    fn list(&self, _: Option<&str>, _: usize) -> Result<Vec<BlobEntry>, BlobError> {
        Err(BlobError::Unavailable("not asked for by pages".to_owned()))
    }
}

impl Mailbox for World {
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
