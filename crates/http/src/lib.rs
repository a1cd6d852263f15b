//! HTTP: the wire contracts, and what they all stand on. It translates and decides nothing.
//!
//! | module | what it is |
//! |---|---|
//! | `contracts` | one folder per wire contract: routes, handlers, wire types, words |
//! | [`blocking`] | where a use case runs, and for how long |
//! | [`body`] | bodies within limits and deadlines |
//! | [`context`], [`credentials`], [`cookies`] | who calls, with what; the session cookie |
//! | [`errors`] | framework failures in the words of each contract |
//! | [`edge`] | what every request and every answer goes through |
//! | [`site`] | pages: landing, API reference, mailbox, pictures, health, confirmation |
//! | [`openapi`] | the OpenAPI document |
//! | [`server`] | the listening server |
//!
//! May know: actix-web, the application, the ports' and the domain's types. Must not know: any adapter.
//!
//! A handler is three statements: decode, run in a [`Lane`], encode. State comes as `web::Data` of [`Services`], [`Lanes`] or
//! [`HttpOptions`], whichever it needs.

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise"))]

pub mod blocking;
pub mod body;
pub mod context;
mod contracts;
pub mod cookies;
pub mod credentials;
pub mod edge;
pub mod errors;
pub mod openapi;
mod options;
pub mod server;
mod services;
pub mod site;

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use selfsame_ports::Mailbox;

use crate::body::LargeBodies;

pub use crate::{
    blocking::{Lane, LaneError, LaneOptions, LaneWidth, Lanes},
    contracts::{
        ContractSummary, contracts,
        rivergen::RiverGenOptions,
        wacht::{WachtMode, WachtOptions},
    },
    cookies::{removal_cookies, session_cookies},
    credentials::Credentials,
    edge::RequestId,
    errors::{ErrorStyle, Failure, Refusal},
    options::{CookieOptions, HttpOptions, SizeLimits, Timeouts},
    server::{Drain, ServerOptions, app, serve, stop},
    services::Services,
    site::Site,
};

/// The state of the whole server, shared by all its threads. A clone is the same state.
#[derive(Clone)]
pub struct Shared {
    options: Data<HttpOptions>,
    lanes: Data<Lanes>,
    large_bodies: Data<LargeBodies>,
    services: Data<Services>,
    site: Data<Site>,
}

impl Shared {
    /// Puts it together. In production there is no `mailbox`.
    pub fn new(options: HttpOptions, lanes: Lanes, services: Services, mailbox: Option<Arc<dyn Mailbox>>) -> Self {
        let site = Site {
            storage: Arc::clone(&services.core.storage),
            blobs: Arc::clone(&services.core.blobs),
            mailbox,
            drain: Drain::default(),
        };
        Self {
            options: Data::new(options),
            lanes: Data::new(lanes),
            large_bodies: Data::default(),
            services: Data::new(services),
            site: Data::new(site),
        }
    }

    /// The flag to [`stop`] the server with.
    pub fn drain(&self) -> Drain {
        self.site.drain.clone()
    }

    fn provide(&self, config: &mut ServiceConfig) {
        config
            .app_data(self.options.clone())
            .app_data(self.lanes.clone())
            .app_data(self.large_bodies.clone())
            .app_data(self.services.clone())
            .app_data(self.site.clone());
    }
}
