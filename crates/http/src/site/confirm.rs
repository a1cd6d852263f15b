//! `/verify-email` and `/reset-password`: the pages of mailed links.
//!
//! The token is in the fragment of the link, which browsers do not send. So it is in no log, no `Referer` and no proxy
//! (R51), and a mail scanner that fetches the page changes nothing (R13). The script of the page removes the token from
//! the address bar, and sends it to a route of a contract when the user presses the button.

use serde::Serialize;

use super::{
    Call,
    page::{Page, respond},
    policy::ContentPolicy,
};
use crate::call::HandlerResult;

/// The page that verifies an address.
#[derive(Serialize)]
struct VerifyEmail {}

impl Page for VerifyEmail {
    const TEMPLATE: &'static str = "verify_email.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
}

/// The page that sets a new password.
#[derive(Serialize)]
struct ResetPassword {}

impl Page for ResetPassword {
    const TEMPLATE: &'static str = "reset_password.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
}

pub(super) async fn verify_email(call: Call) -> HandlerResult {
    respond(&call, &VerifyEmail {})
}

pub(super) async fn reset_password(call: Call) -> HandlerResult {
    respond(&call, &ResetPassword {})
}

#[cfg(test)]
mod tests {
    use actix_web::{http::Method, test::TestRequest};

    use crate::site::testing::{Setup, ask, get};

    #[actix_web::test]
    async fn r13_fetching_a_mailed_link_does_nothing_and_takes_no_token() {
        for path in ["/verify-email", "/reset-password"] {
            let plain = get(&Setup::default(), path).await;
            let with_token = get(&Setup::default(), &format!("{path}?token=abc")).await;
            assert_eq!((plain.status, &plain.body), (200, &with_token.body));
            assert!(!plain.body.contains("abc"));
            let head = ask(&Setup::default(), TestRequest::with_uri(path).method(Method::HEAD)).await;
            assert_eq!(head.status, 200);
        }
    }

    #[actix_web::test]
    async fn r51_without_its_script_a_form_sends_no_password_anywhere() {
        for path in ["/verify-email", "/reset-password"] {
            let page = get(&Setup::default(), path).await;
            assert!(page.body.contains("<form method=\"post\" data-action="), "{path}");
            assert!(page.header("content-security-policy").contains("form-action 'none'"));
            let post = ask(&Setup::default(), TestRequest::with_uri(path).method(Method::POST)).await;
            assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
        }
    }

    #[actix_web::test]
    async fn r57_the_pages_are_not_kept() {
        assert_eq!(get(&Setup::default(), "/reset-password").await.header("cache-control"), "no-store");
    }
}
