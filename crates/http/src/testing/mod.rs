//! Tests of routes: [`TestServer`] is the whole server over a core in memory, [`Answer`] is a response.
//!
//! A test sends requests through a [`Client`] or a [`Browser`]. Each contract has a file here, with the form of its
//! responses as methods of [`Answer`]. The server dereferences to its [`TestCore`]: accounts, mails, the clock.

mod account;
mod client;
mod documented;
mod profile_api;
mod rivergen;
mod wacht;

use std::{ops::Deref, rc::Rc};

use actix_http::Request;
use actix_web::{
    body::BoxBody,
    dev::{Service as _, ServiceResponse},
    http::header::HeaderMap,
    test::{TestRequest, init_service, read_body},
    web::Bytes,
};
use futures_util::future::LocalBoxFuture;
use selfsame_application::devices::offer::OfferDevice;
use selfsame_domain::{EmailAddress, Identifier, IdentifierId, IdentifierKind, RequestContext, User, id::Id as _};
use selfsame_ports::{Clock as _, Storage as _};
use selfsame_testing::{
    builders::t0,
    core::TestCore,
    fakes::{code_of, link_of},
};
use serde_json::Value;

pub(crate) use self::{client::Client, wacht::Browser};
use crate::{HttpOptions, LaneOptions, Lanes, Services, Shared, app};

/// The whole server, at `http://localhost:8080`. A clone is the same server.
#[derive(Clone)]
pub(crate) struct TestServer {
    test_core: Rc<TestCore>,
    call: Rc<dyn Fn(Request) -> LocalBoxFuture<'static, ServiceResponse<BoxBody>>>,
}

impl TestServer {
    /// A server with the defaults.
    pub(crate) async fn new() -> Self {
        Self::over(TestCore::new()).await
    }

    /// A server over this core.
    pub(crate) async fn over(core: TestCore) -> Self {
        Self::with(core, |_| {}).await
    }

    /// A server over this core, with changed services.
    pub(crate) async fn with(core: TestCore, adjust: impl FnOnce(&mut Services)) -> Self {
        let shared = shared(&core, adjust);
        Self::serving(core, &shared).await
    }

    /// A server over this core, with other options.
    pub(crate) async fn with_options(core: TestCore, adjust: impl FnOnce(&mut HttpOptions)) -> Self {
        let shared = shared_with_options(&core, |_| {}, adjust);
        Self::serving(core, &shared).await
    }

    /// A server over this core, whose lanes have other capacities.
    pub(crate) async fn with_lanes(core: TestCore, lanes: LaneOptions) -> Self {
        let options = HttpOptions::new("http://localhost:8080".parse().unwrap());
        let shared = Shared::new(options, Lanes::new(lanes).unwrap(), Services::new(core.core.clone()));
        Self::serving(core, &shared).await
    }

    async fn serving(core: TestCore, shared: &Shared) -> Self {
        let service = Rc::new(init_service(app(shared)).await);
        let call = move |request| -> LocalBoxFuture<'static, ServiceResponse<BoxBody>> {
            let service = Rc::clone(&service);
            Box::pin(async move { service.call(request).await.unwrap() })
        };
        Self { test_core: Rc::new(core), call: Rc::new(call) }
    }

    /// Sends a request unchanged. Fails the test if the OpenAPI document does not have the status for the route.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let response = (self.call)(request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let route = response.request().match_pattern().unwrap_or_default();
        documented::check(response.request().method(), &route, status);
        let body = read_body(response).await;
        Answer { status, headers, json: serde_json::from_slice(&body).ok(), body }
    }

    /// The account with this address. If there is none, it is created with a verified address.
    pub(crate) fn account(&self, email: &str) -> User {
        let known = self.test_core.storage.read().unwrap().by_identifier(IdentifierKind::Email, email).unwrap();
        known.map_or_else(|| self.verified_user(email), |known| known.user)
    }

    /// Whether there is an account with this address.
    pub(crate) fn has_account(&self, email: &str) -> bool {
        self.test_core.storage.read().unwrap().by_identifier(IdentifierKind::Email, email).unwrap().is_some()
    }

    /// Gives an account another address under this id.
    pub(crate) fn add_email(&self, email: &str, id: i64, address: &str, is_verified: bool) {
        let user = self.account(email);
        let address = EmailAddress::parse(address).unwrap();
        let mut second = Identifier::email(IdentifierId::from_number(id), &address, false, t0());
        second.verified_at = is_verified.then(t0);
        let mut with_second = user.clone();
        with_second.identifiers.push(second);
        with_second.touch(t0());
        let mut unit = self.test_core.storage.begin().unwrap();
        unit.accounts().save(&user, &with_second).unwrap();
        unit.commit().unwrap();
    }

    /// The code in the newest mail to an address that has one.
    pub(crate) fn mailed_code(&self, address: &str) -> Option<String> {
        self.mails_to(address).iter().rev().find_map(code_of).map(ToOwned::to_owned)
    }

    /// The token in the undo link of the newest mail to an address that has one.
    pub(crate) fn undo_token(&self, address: &str) -> Option<String> {
        let links = self.undo_links_to(address);
        Some(links.last()?.split_once("#token=")?.1.to_owned())
    }

    /// The token in the link of the newest mail to an address that has one.
    pub(crate) fn mailed_token(&self, address: &str) -> Option<String> {
        let mails = self.mails_to(address);
        let (_, token) = mails.iter().rev().find_map(link_of)?.split_once("#token=")?;
        Some(token.to_owned())
    }
}

impl Deref for TestServer {
    type Target = TestCore;

    fn deref(&self) -> &TestCore {
        &self.test_core
    }
}

/// The state of a server over this core.
pub(crate) fn shared(core: &TestCore, adjust: impl FnOnce(&mut Services)) -> Shared {
    shared_with_options(core, adjust, |_| {})
}

fn shared_with_options(
    core: &TestCore,
    adjust: impl FnOnce(&mut Services),
    adjust_options: impl FnOnce(&mut HttpOptions),
) -> Shared {
    let mut services = Services::new(core.core.clone());
    adjust(&mut services);
    let mut options = HttpOptions::new("http://localhost:8080".parse().unwrap());
    adjust_options(&mut options);
    Shared::new(options, Lanes::new(LaneOptions::default()).unwrap(), services)
}

/// A response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    json: Option<Value>,
}

impl Answer {
    /// The text of a header; empty if it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether `Vary` names a header.
    pub(crate) fn varies_by(&self, name: &str) -> bool {
        let mut values = self.headers.get_all("vary").map(|value| value.to_str().unwrap());
        values.any(|value| value.split(',').any(|varying| varying.trim() == name))
    }

    /// The new value of a cookie; empty if it was removed.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let mut set = self.headers.get_all("set-cookie").map(|value| value.to_str().unwrap());
        set.find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')?.split(';').next())
    }

    /// The text of the body; empty if there is none.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The JSON body.
    #[track_caller]
    pub(crate) fn json(&self) -> &Value {
        self.json.as_ref().unwrap_or_else(|| panic!("{}, and no JSON: {}", self.status, self.text()))
    }
}

/// The token of an offer to remember the device of the newest sign-in of an account, as the second step of a sign-in makes
/// it.
pub(crate) fn offered_device(server: &TestServer, email: &str) -> String {
    let user = server.account(email);
    let sign_ins = server.storage.read().unwrap().live_sign_ins(user.id, server.clock.now(), None, 1).unwrap();
    let offer = OfferDevice { name: Some("Laptop".to_owned()), context: RequestContext::default() };
    offer.execute(&server.core, &sign_ins[0]).unwrap().token.expose().to_owned()
}

/// The names of an object's members, sorted.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// A text that is not empty.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("{value} is no text"))
}

/// Another code.
pub(crate) fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}
