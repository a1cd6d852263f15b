//! What the operator decides about this contract: the section `[wacht]` of the settings, as plain values.

use std::time::Duration;

/// What `GET /deployment` tells the SDK. An empty address means that there is no such page.
#[derive(Clone, Debug)]
pub struct WachtOptions {
    /// How the SDK carries its session.
    pub mode: WachtMode,
    /// Host of the pages, with a port if need be; they are served over TLS, unless this is the host of the server's public
    /// URL. Empty: that one.
    pub frontend_host: String,
    /// Whether the SDK offers to sign in to several accounts at once.
    pub multi_session: bool,
    /// What the service is called on the SDK's forms.
    pub app_name: String,
    /// Picture on the SDK's forms.
    pub logo_image_url: String,
    /// Page with the sign-in form.
    pub sign_in_page_url: String,
    /// Page with the sign-up form.
    pub sign_up_page_url: String,
    /// Page of the waiting list.
    pub waitlist_page_url: String,
    /// Page for who needs help.
    pub support_page_url: String,
    /// Terms of service.
    pub tos_page_url: String,
    /// Privacy policy.
    pub privacy_policy_url: String,
    /// Where the SDK goes after a sign-in. Empty, as for the next three: the pages' host.
    pub after_signin_redirect_url: String,
    /// Where the SDK goes after a sign-up.
    pub after_signup_redirect_url: String,
    /// Where the SDK goes after signing out of one account of several.
    pub after_sign_out_one_page_url: String,
    /// Where the SDK goes after signing out of the last account.
    pub after_sign_out_all_page_url: String,
    /// Life of a token of `GET /session/token`, which is made for other backends.
    pub session_token_ttl: Duration,
}

impl Default for WachtOptions {
    fn default() -> Self {
        Self {
            mode: WachtMode::Production,
            frontend_host: String::new(),
            multi_session: true,
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

/// How the SDK carries its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WachtMode {
    /// In a cookie, and in nothing else.
    Production,
    /// Also in the query parameter `__dev_session__`, for pages that cannot use cookies. That puts a credential into
    /// addresses, so it is for development only.
    Staging,
}
