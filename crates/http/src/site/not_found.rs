//! What is at no address: a page for browsers, outside of the contracts; an error for programs.

use actix_web::http::{Method, StatusCode, header::ACCEPT};
use serde::Serialize;

use super::{
    Call,
    confirm::app_url,
    page::{Page, respond_with},
};
use crate::{call::HandlerResult, contracts, failure::Failure};

#[derive(Serialize)]
struct NotFound {
    /// The application, or the landing page.
    way_on: String,
}

impl Page for NotFound {
    const TEMPLATE: &'static str = "not_found.html";
    const IS_TRANSLATED: bool = true;
}

/// 404, in the form of the contract whose path it is. Outside of all contracts, a page if the client asks for HTML.
pub(super) async fn not_found(call: Call) -> HandlerResult {
    let request = call.request();
    let accepts = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let wants_page = accepts.is_some_and(|accept| accept.contains("text/html"))
        && matches!(*request.method(), Method::GET | Method::HEAD)
        && !contracts::is_mounted(request.path());
    if !wants_page {
        return Ok(contracts::refuse(request, Failure::NotFound));
    }
    let way_on = app_url(&call).unwrap_or_else(|| "/".to_owned());
    respond_with(StatusCode::NOT_FOUND, &call, &NotFound { way_on })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::testing::{Setup, ask, local};

    #[actix_web::test]
    async fn a_browser_gets_a_page_and_a_program_an_error() {
        let browser = |path: &str| local(path).insert_header((ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8"));
        let page = ask(&Setup::default(), browser("/nothing")).await;
        assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
        assert!(page.body.contains("<h1>Not found</h1>") && !page.body.contains("nothing"), "{}", page.body);
        for request in [
            local("/nothing"),
            local("/nothing").insert_header((ACCEPT, "application/json")),
            browser("/nothing").method(Method::POST),
        ] {
            let error = ask(&Setup::default(), request).await;
            assert_eq!((error.status, error.header("content-type")), (404, "application/problem+json"));
        }
        for path in ["/me/nothing", "/api/v1/me/nothing", "/api/v1/auth/nothing", "/api/v1/account/nothing"] {
            let error = ask(&Setup::default(), browser(path)).await;
            assert_eq!(error.status, 404);
            assert!(error.header("content-type").ends_with("json"), "{path}");
        }
    }
}
