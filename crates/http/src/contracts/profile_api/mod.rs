//! The Profile API contract: JSON under `/api/v1/me`, a Bearer JWT, and errors as FastAPI and pydantic write them.
//!
//! | method, path | what | body | 200 |
//! |---|---|---|---|
//! | `GET /api/v1/me` | read own profile | | the profile |
//! | `PATCH /api/v1/me` | change it | any of six strings; absent keeps, `null` and `""` clear, others are ignored | the profile |
//! | `POST /api/v1/me/password` | change own password | `current_password`, `new_password` | a message |
//! | `POST /api/v1/me/verify-email` | mail link and code | never read | a message |
//! | `POST /api/v1/me/verify-email/confirm` | prove the address | `token`, from anybody; or `code`, with a Bearer | a message |
//!
//! What goes wrong is told in this order: broken JSON (422, or 400 if it is no text at all), no valid token (401), fields
//! (422, all of them, in the model's order), what the core refuses. A 422 lists `type`, `loc`, `msg`, `input` and `ctx`; any
//! other error is `{"detail": "…"}`. JSON may come as `application/json`, `application/*+json`, or without a content
//! type.
//!
//! Two deliberate differences from the model: where passwords or codes are sent, `input` is masked, at any name; and what is
//! no JSON by RFC 8259 (`NaN`, lone surrogates, UTF-16) is refused. A path with a trailing slash is redirected; another
//! method is a 405 whose `Allow` names the path's first method only. Unknown paths below `/api/v1` are the server's 404
//! in this contract's shape.
//!
//! Must not know: other contracts, or any rule of the account.

mod body;
mod call;
mod handlers;
mod json;
mod rejection;
#[cfg(test)]
mod tests;
mod validation;
mod wire;

use actix_web::{
    HttpRequest, Route,
    web::{self, ServiceConfig},
};
use utoipa::OpenApi;

use super::{Contract, ContractSummary};

/// What the server mounts.
pub(crate) const CONTRACT: Contract = Contract { summary: SUMMARY, routes, document: Document::openapi };

const SUMMARY: ContractSummary = ContractSummary {
    name: "profile_api",
    mounts: &["/api/v1/me"],
    description: "Profile API: JSON with a Bearer token, errors as FastAPI writes them.",
};

#[derive(OpenApi)]
#[openapi(
    paths(
        handlers::get_profile,
        handlers::update_profile,
        handlers::change_password,
        handlers::request_email_verification,
        handlers::confirm_email,
    ),
    tags((name = SUMMARY.name, description = SUMMARY.description))
)]
struct Document;

fn routes(config: &mut ServiceConfig) {
    const ME: &str = "/api/v1/me";
    const PASSWORD: &str = "/api/v1/me/password";
    const VERIFY_EMAIL: &str = "/api/v1/me/verify-email";
    const CONFIRM: &str = "/api/v1/me/verify-email/confirm";

    let me = web::resource(ME).get(handlers::get_profile).patch(handlers::update_profile);
    let password = web::resource(PASSWORD).post(handlers::change_password);
    let verify_email = web::resource(VERIFY_EMAIL).post(handlers::request_email_verification);
    let confirm = web::resource(CONFIRM).post(handlers::confirm_email);
    config
        .service(me.default_service(only("GET")))
        .service(password.default_service(only("POST")))
        .service(verify_email.default_service(only("POST")))
        .service(confirm.default_service(only("POST")));

    let slashed: Vec<_> = [ME, PASSWORD, VERIFY_EMAIL, CONFIRM].iter().map(|path| format!("{path}/")).collect();
    config.service(web::resource(slashed).to(|request: HttpRequest| async move { handlers::without_slash(&request) }));
}

fn only(method: &'static str) -> Route {
    web::to(move |request: HttpRequest| async move { handlers::not_allowed(&request, method) })
}
