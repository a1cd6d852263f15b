//! `/verify-email`, `/reset-password`, `/keep-account`, `/cancel-email-change` and `/undo`: the pages of mailed links.
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
use crate::{call::HandlerResult, contracts::profile_api::ALREADY_VERIFIED};

/// The page that verifies an address.
#[derive(Serialize)]
struct VerifyEmail {
    /// Where to go on from here, if the operator has named the application.
    app_url: Option<String>,
    /// The message of the route for a link that was used.
    already_verified: &'static str,
}

impl Page for VerifyEmail {
    const TEMPLATE: &'static str = "verify_email.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
    const IS_TRANSLATED: bool = true;
}

/// The page that sets a new password.
#[derive(Serialize)]
struct ResetPassword {
    /// Where to go on from here, if the operator has named the application.
    app_url: Option<String>,
    /// The least length of a password, in characters.
    min_length: usize,
}

impl Page for ResetPassword {
    const TEMPLATE: &'static str = "reset_password.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
    const IS_TRANSLATED: bool = true;
}

/// The page that keeps an account whose deletion is scheduled.
#[derive(Serialize)]
struct KeepAccount {
    /// Where to go on from here, if the operator has named the application.
    app_url: Option<String>,
}

impl Page for KeepAccount {
    const TEMPLATE: &'static str = "keep_account.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
    const IS_TRANSLATED: bool = true;
}

/// The page that cancels a change of the primary address.
#[derive(Serialize)]
struct CancelEmailChange {
    /// Where to go on from here, if the operator has named the application.
    app_url: Option<String>,
}

impl Page for CancelEmailChange {
    const TEMPLATE: &'static str = "cancel_email_change.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
    const IS_TRANSLATED: bool = true;
}

pub(super) async fn cancel_email_change(call: Call) -> HandlerResult {
    respond(&call, &CancelEmailChange { app_url: app_url(&call) })
}

/// The page that undoes a change. It says what will happen.
#[derive(Serialize)]
struct Undo {
    /// Where to go on from here, if the operator has named the application.
    app_url: Option<String>,
}

impl Page for Undo {
    const TEMPLATE: &'static str = "undo.html";
    const POLICY: ContentPolicy = ContentPolicy::SCRIPTED;
    const IS_TRANSLATED: bool = true;
}

pub(super) async fn undo(call: Call) -> HandlerResult {
    respond(&call, &Undo { app_url: app_url(&call) })
}

pub(super) async fn keep_account(call: Call) -> HandlerResult {
    respond(&call, &KeepAccount { app_url: app_url(&call) })
}

pub(super) async fn verify_email(call: Call) -> HandlerResult {
    respond(&call, &VerifyEmail { app_url: app_url(&call), already_verified: ALREADY_VERIFIED })
}

pub(super) async fn reset_password(call: Call) -> HandlerResult {
    let min_length = call.services().core.policy.passwords.min_length;
    respond(&call, &ResetPassword { app_url: app_url(&call), min_length })
}

/// The application, as the way on from the pages of this server.
pub(super) fn app_url(call: &Call) -> Option<String> {
    call.services().core.policy.app_urls.first().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use actix_web::{http::Method, test::TestRequest};

    use crate::site::testing::{Setup, ask, escaped, get};

    const PAGES: [&str; 5] = ["/verify-email", "/reset-password", "/keep-account", "/cancel-email-change", "/undo"];

    #[actix_web::test]
    async fn r13_fetching_a_mailed_link_does_nothing_and_takes_no_token() {
        for path in PAGES {
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
        for path in PAGES {
            let page = get(&Setup::default(), path).await;
            assert!(page.body.contains("<form id=\"confirmation\" method=\"post\" data-action="), "{path}");
            assert!(page.header("content-security-policy").contains("form-action 'none'"));
            let post = ask(&Setup::default(), TestRequest::with_uri(path).method(Method::POST)).await;
            assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
        }
    }

    #[actix_web::test]
    async fn the_page_of_a_reset_has_the_rule_a_place_for_each_reason_and_a_field_for_password_managers() {
        let page = get(&Setup::default(), "/reset-password").await.body;
        for part in [
            "At least 15 characters.",
            "id=\"new-password-error\"",
            "id=\"repeated-error\"",
            "autocomplete=\"username\"",
            "autocomplete=\"new-password\"",
            "id=\"show-password\"",
            "id=\"another-mail\"",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("name=\"username\""), "it is not sent");
    }

    #[actix_web::test]
    async fn the_pages_lead_on_to_the_application_if_the_operator_names_it() {
        for path in PAGES {
            assert!(get(&Setup::default(), path).await.body.contains("You can close this page."), "{path}");
            let with_app = Setup { app_url: Some("https://app.example/account"), ..Setup::default() };
            let link = escaped("https://app.example/account");
            assert!(get(&with_app, path).await.body.contains(&format!("<a href=\"{link}\">Continue to ")), "{path}");
        }
    }

    #[actix_web::test]
    async fn r57_the_pages_are_not_kept() {
        assert_eq!(get(&Setup::default(), "/reset-password").await.header("cache-control"), "no-store");
    }
}
