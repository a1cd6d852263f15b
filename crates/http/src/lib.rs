//! HTTP: the wire contracts and the code that they share. It translates between wire formats and use cases and has no
//! rules.
//!
//! | module | what it is |
//! |---|---|
//! | `contract` | the trait of a wire contract |
//! | `contracts` | one folder for each wire contract: routes, handlers, wire types, reasons |
//! | `call` | one request of any contract: its sender, its body, its one hop to a lane |
//! | `rate_limits` | `RateLimit`, for contracts that show it |
//! | `rejection`, `reason`, `failure` | refused requests |
//! | `blocking` | lanes: the threads that run use cases, and their deadlines |
//! | `body` | receives bodies within limits and deadlines, and reads their members |
//! | `conditions` | `If-None-Match` |
//! | `context`, `credentials`, `cookies`, `request_id` | client, credentials, session cookie and id of a request |
//! | `language` | the language of a response |
//! | `idempotency` | `Idempotency-Key`, for contracts that honour it |
//! | `edge` | the middleware of every request and response |
//! | `site` | pages: landing, API reference, mailbox, pictures, health, confirmation |
//! | `document` | the OpenAPI document |
//! | `scopes` | which scope the token of an application needs for a route |
//! | `server` | the listening server |
//!
//! May know: actix-web, the application and the types of the domain. Must not know: ports, adapters.
//!
//! The path of a request: `edge` → a handler in `contracts` → `call` → a use case in a [`Lane`] → the handler's wire
//! type, or a rejection → `edge`. The application state has [`Services`], [`Lanes`] and
//! [`HttpOptions`].

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise"))]

mod blocking;
mod body;
mod call;
mod conditions;
mod context;
mod contract;
mod contracts;
mod cookies;
mod credentials;
mod document;
mod edge;
mod failure;
mod idempotency;
mod language;
mod options;
mod qr;
mod rate_limits;
mod reason;
mod rejection;
mod request_id;
mod scopes;
mod server;
mod services;
mod site;
#[cfg(test)]
mod testing;
mod time;

use actix_web::web::{Data, ServiceConfig};

use crate::body::LargeBodies;

pub use crate::{
    blocking::{Lane, LaneError, LaneOptions, LaneWidth, Lanes},
    contract::ContractSummary,
    contracts::{
        account::AccountOptions,
        contracts, document,
        rivergen::RiverGenOptions,
        wacht::{WachtMode, WachtOptions},
    },
    options::{CookieOptions, HttpOptions, PasskeyPages, SizeLimits, Timeouts, WellKnown},
    server::{AppService, Drain, ServerOptions, app, serve, stop},
    services::Services,
};

/// The state of the whole server, shared by all its threads. A clone is the same state.
#[derive(Clone)]
pub struct Shared {
    options: Data<HttpOptions>,
    lanes: Data<Lanes>,
    large_bodies: Data<LargeBodies>,
    services: Data<Services>,
    drain: Data<Drain>,
}

impl Shared {
    /// The state of a server with these parts.
    pub fn new(options: HttpOptions, lanes: Lanes, services: Services) -> Self {
        Self {
            large_bodies: Data::new(LargeBodies::new(options.limits.bodies_in_flight)),
            options: Data::new(options),
            lanes: Data::new(lanes),
            services: Data::new(services),
            drain: Data::default(),
        }
    }

    /// The flag that [`stop`] sets.
    pub fn drain(&self) -> Drain {
        self.drain.as_ref().clone()
    }

    fn provide(&self, config: &mut ServiceConfig) {
        config
            .app_data(self.options.clone())
            .app_data(self.lanes.clone())
            .app_data(self.large_bodies.clone())
            .app_data(self.services.clone())
            .app_data(self.drain.clone());
    }
}
