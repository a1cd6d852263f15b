//! The options of the operator for this contract: the section `[wacht]` of the settings, as plain values.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

/// The options. An empty URL means that there is no such page.
#[derive(Clone, Debug)]
pub struct WachtOptions {
    /// How the SDK sends its session token.
    pub mode: WachtMode,
    /// Host of the pages, with the port if it is not the default. If it is empty, the pages are on the host of the
    /// server's public URL. Pages on another host are served over TLS.
    pub frontend_host: String,
    /// Whether the SDK offers to sign in to several accounts at once.
    pub multi_session: bool,
    /// Whether `GET /auth/identifier-availability` answers for e-mail addresses too.
    pub email_availability: bool,
    /// Whether a sign-up or sign-in needs a solved challenge.
    pub challenge: bool,
    /// Name of the service in the SDK's forms.
    pub app_name: String,
    /// Logo in the SDK's forms.
    pub logo_image_url: String,
    /// Page with the sign-in form.
    pub sign_in_page_url: String,
    /// Page with the sign-up form.
    pub sign_up_page_url: String,
    /// Page of the waiting list.
    pub waitlist_page_url: String,
    /// Page of the support.
    pub support_page_url: String,
    /// Terms of service.
    pub tos_page_url: String,
    /// Privacy policy.
    pub privacy_policy_url: String,
    /// Redirect of the SDK after a sign-in. If this or one of the next three is empty, it is the host of the pages.
    pub after_signin_redirect_url: String,
    /// Redirect of the SDK after a sign-up.
    pub after_signup_redirect_url: String,
    /// Redirect of the SDK after a sign-out from one of several accounts.
    pub after_sign_out_one_page_url: String,
    /// Redirect of the SDK after a sign-out from the last account.
    pub after_sign_out_all_page_url: String,
    /// Lifetime of a token of `GET /session/token`, which is for other backends.
    pub session_token_ttl: Duration,
}

impl Default for WachtOptions {
    fn default() -> Self {
        Self {
            mode: WachtMode::Production,
            frontend_host: String::new(),
            multi_session: true,
            email_availability: false,
            challenge: false,
            app_name: "Selfsame".to_owned(),
            logo_image_url: String::new(),
            sign_in_page_url: String::new(),
            sign_up_page_url: String::new(),
            waitlist_page_url: String::new(),
            support_page_url: String::new(),
            tos_page_url: String::new(),
            privacy_policy_url: String::new(),
            after_signin_redirect_url: String::new(),
            after_signup_redirect_url: String::new(),
            after_sign_out_one_page_url: String::new(),
            after_sign_out_all_page_url: String::new(),
            session_token_ttl: Duration::from_mins(1),
        }
    }
}

/// How the SDK sends its session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = wacht::Mode)]
#[serde(rename_all = "snake_case")]
pub enum WachtMode {
    /// Only in a cookie.
    Production,
    /// Also in the query parameter `__dev_session__`, for pages that cannot use cookies. The URL then has a credential,
    /// so it is only for development.
    Staging,
}
