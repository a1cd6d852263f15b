//! `/verify-email` and `/reset-password`: where mailed links lead.
//!
//! A link's token sits in its fragment, which browsers do not send: it is in no log, no `Referer`, no proxy (R51), and
//! fetching the page, as mail scanners do, changes nothing (R13). The page's script takes the token out of the
//! address bar and sends it when the button is pressed, to the same routes that any client uses.

use actix_web::HttpResponse;

use super::html;

const NEEDS_SCRIPT: &str = "<noscript><p class=\"failure\">This page needs JavaScript. Without it, type the code from the mail \
    where you asked for it.</p></noscript>";

/// Proves an address.
pub(super) async fn verify_email() -> HttpResponse {
    respond(
        "Verify your e-mail address",
        "<p>Confirm that this mailbox is yours and that you asked for the mail.</p>\n\
         <form method=\"post\" data-action=\"/api/v1/me/verify-email/confirm\" \
         data-success=\"Your address is verified. You can close this page.\">\n\
         <button type=\"submit\">Verify address</button>\n</form>",
    )
}

/// Sets a new password.
pub(super) async fn reset_password() -> HttpResponse {
    respond(
        "Choose a new password",
        "<p>A long one that you use nowhere else. You will be signed out everywhere.</p>\n\
         <form method=\"post\" data-action=\"/api/v1/auth/reset-password\" \
         data-success=\"Your password is set. You can sign in with it now.\">\n\
         <label for=\"new-password\">New password</label>\n\
         <input id=\"new-password\" name=\"new_password\" type=\"password\" autocomplete=\"new-password\" required>\n\
         <label for=\"repeated\">The same again</label>\n\
         <input id=\"repeated\" type=\"password\" autocomplete=\"new-password\" required>\n\
         <button type=\"submit\">Set password</button>\n</form>",
    )
}

fn respond(title: &str, form: &str) -> HttpResponse {
    let main = format!(
        "<h1>{title}</h1>\n{form}\n<p id=\"outcome\" role=\"status\" aria-live=\"polite\"></p>\n{NEEDS_SCRIPT}"
    );
    html::respond(html::page(title, &main, Some("/assets/confirm.js")), html::POLICY)
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
