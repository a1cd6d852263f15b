//! The pages that are no contract: landing, API reference, development mailbox, pictures, health, and where mailed links
//! lead.
//!
//! They need ports only, and get them as [`Site`]. Pages have no inline script or style, so their content policy can forbid
//! both; the few that need more say why.

mod assets;
mod avatars;
mod confirm;
mod docs;
mod health;
mod html;
mod landing;
mod mailbox;

use std::sync::Arc;

use actix_web::{Route, guard, web};
use selfsame_ports::{Blobs, Mailbox, Storage};

use crate::Drain;

/// What the pages need of the world.
pub struct Site {
    /// For readiness.
    pub storage: Arc<dyn Storage>,
    /// Pictures.
    pub blobs: Arc<dyn Blobs>,
    /// The development mailbox; none in production.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Whether the server is about to stop.
    pub drain: Drain,
}

/// Mounts the pages.
pub(crate) fn routes(config: &mut web::ServiceConfig, docs_enabled: bool) {
    config
        .service(web::resource("/").route(readable().to(landing::page)))
        .service(web::resource("/assets/{name}").route(readable().to(assets::asset)))
        .service(web::resource("/avatars/{name}").route(readable().to(avatars::avatar)))
        .service(web::resource("/dev/mailbox").route(readable().to(mailbox::list)))
        .service(web::resource("/dev/mailbox/{id}").route(readable().to(mailbox::show)))
        .service(web::resource("/health/live").route(readable().to(health::live)))
        .service(web::resource("/health/ready").route(readable().to(health::ready)))
        .service(web::resource("/reset-password").route(readable().to(confirm::reset_password)))
        .service(web::resource("/verify-email").route(readable().to(confirm::verify_email)));
    if docs_enabled {
        config
            .service(web::resource("/docs").route(readable().to(docs::page)))
            .service(web::resource("/docs/{name}").route(readable().to(docs::asset)))
            .service(web::resource("/openapi.json").route(readable().to(docs::openapi)));
    }
}

/// GET, and HEAD, which is the same without a body (RFC 9110, section 9.3.2).
fn readable() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

#[cfg(test)]
mod testing;
