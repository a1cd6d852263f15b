//! The routes outside of contracts: landing page, API reference, guides, development mailbox, pictures, health, and
//! the pages of mailed links.
//!
//! They run use cases, as contracts do. A page is a struct of values with a template (`page.rs`) and a content security
//! policy (`policy.rs`). The default policy forbids inline scripts and styles. A page with another policy states why.

mod assets;
mod avatars;
mod confirm;
mod constant;
pub(crate) mod docs;
mod guide;
mod health;
mod landing;
mod mailbox;
mod not_found;
pub(crate) mod page;
pub(crate) mod policy;
mod well_known;

use actix_web::{Route, guard, web};
use utoipa::{OpenApi, openapi};

use crate::{contracts::account::Account, document::completed};

/// A request of a page. Its errors are problem details, as in the account contract.
type Call = crate::call::Call<Account>;
type Fails<T> = crate::document::Fails<Account, T>;

/// The routes for programs, as part of the OpenAPI document.
pub(crate) fn document() -> openapi::OpenApi {
    completed::<Account>(Document::openapi())
}

#[derive(OpenApi)]
#[openapi(
    paths(health::live, health::ready, avatars::avatar, docs::openapi, well_known::passkey_endpoints, well_known::related_origins, well_known::change_password, well_known::security_txt),
    tags((name = "server", description = "Routes outside of contracts: health, pictures, what is published under /.well-known/, this document."))
)]
struct Document;

/// Mounts the pages.
pub(crate) fn routes(config: &mut web::ServiceConfig, docs_enabled: bool) {
    config
        .service(web::resource("/").route(readable().to(landing::page)))
        .service(web::resource("/assets/{name}").route(readable().to(assets::asset)))
        .service(web::resource("/avatars/{name}").route(readable().to(avatars::avatar)))
        .service(web::resource("/cancel-email-change").route(readable().to(confirm::cancel_email_change)))
        .service(web::resource("/dev/mailbox").route(readable().to(mailbox::list)))
        .service(web::resource("/dev/mailbox/{id}").route(readable().to(mailbox::show)))
        .service(web::resource("/health/live").route(readable().to(health::live)))
        .service(web::resource("/health/ready").route(readable().to(health::ready)))
        .service(web::resource("/keep-account").route(readable().to(confirm::keep_account)))
        .service(web::resource("/reset-password").route(readable().to(confirm::reset_password)))
        .service(web::resource("/.well-known/change-password").route(readable().to(well_known::change_password)))
        .service(web::resource("/.well-known/security.txt").route(readable().to(well_known::security_txt)))
        .service(web::resource("/.well-known/passkey-endpoints").route(readable().to(well_known::passkey_endpoints)))
        .service(web::resource("/.well-known/webauthn").route(readable().to(well_known::related_origins)))
        .service(web::resource("/undo").route(readable().to(confirm::undo)))
        .service(web::resource("/verify-email").route(readable().to(confirm::verify_email)))
        .default_service(web::to(not_found::not_found));
    if docs_enabled {
        config
            .service(web::resource("/docs").route(readable().to(docs::page)))
            .service(web::resource("/docs/guide").route(readable().to(guide::guide)))
            .service(web::resource("/docs/verify-tokens").route(readable().to(guide::verify_tokens)))
            .service(web::resource("/docs/{name}").route(readable().to(docs::asset)))
            .service(web::resource("/openapi.json").route(readable().to(docs::openapi)));
    }
}

/// A route for GET and HEAD (RFC 9110, section 9.3.2).
fn readable() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

#[cfg(test)]
mod testing;
