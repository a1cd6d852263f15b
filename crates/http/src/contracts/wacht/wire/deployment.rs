//! What the SDK asks first: which ways in there are, and where the pages are. Only what works is advertised.

use selfsame_application::Policy;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::contracts::wacht::{WachtMode, WachtOptions};

/// The deployment, as far as the SDK reads it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Deployment)]
pub(crate) struct Deployment {
    /// `production` or `staging`.
    #[schema(example = "production")]
    mode: &'static str,
    /// Host of the pages, with the port if it is not the usual one.
    #[schema(example = "app.example.com")]
    frontend_host: String,
    /// Address of this server.
    #[schema(example = "https://id.example.com")]
    backend_host: String,
    #[schema(value_type = Vec<Object>)]
    social_connections: [Value; 0],
    b2b_settings: B2bSettings,
    ui_settings: UiSettings,
    restrictions: Restrictions,
    auth_settings: AuthSettings,
}

/// Organizations and workspaces: none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::B2bSettings)]
pub(crate) struct B2bSettings {
    organizations_enabled: bool,
    workspaces_enabled: bool,
    allow_users_to_create_orgs: bool,
}

/// Who may sign up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Restrictions)]
pub(crate) struct Restrictions {
    #[schema(example = "public")]
    sign_up_mode: &'static str,
}

/// Names and absolute addresses; empty where there is no such page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::UiSettings)]
pub(crate) struct UiSettings {
    #[schema(example = "Selfsame")]
    app_name: String,
    logo_image_url: String,
    sign_in_page_url: String,
    sign_up_page_url: String,
    waitlist_page_url: String,
    support_page_url: String,
    tos_page_url: String,
    privacy_policy_url: String,
    #[schema(example = "https://app.example.com/")]
    after_signin_redirect_url: String,
    #[schema(example = "https://app.example.com/")]
    after_signup_redirect_url: String,
    #[schema(example = "https://app.example.com/")]
    after_sign_out_one_page_url: String,
    #[schema(example = "https://app.example.com/")]
    after_sign_out_all_page_url: String,
    #[schema(value_type = Object)]
    theme_tokens: Map<String, Value>,
}

/// Which fields and ways in there are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::AuthSettings)]
pub(crate) struct AuthSettings {
    email_address: Field,
    phone_number: Field,
    username: Field,
    first_name: Field,
    last_name: Field,
    password: Field,
    magic_link: MagicLink,
    passkey: Passkey,
    auth_factors_enabled: Factors,
    #[schema(example = "email_password")]
    first_factor: &'static str,
    multi_session_support: MultiSession,
}

/// A field of the forms.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Field)]
pub(crate) struct Field {
    #[schema(example = true)]
    enabled: bool,
    #[schema(example = true)]
    required: bool,
}

/// Sign-in by a mailed link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::MagicLink)]
pub(crate) struct MagicLink {
    enabled: bool,
}

/// Passkeys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Passkey)]
pub(crate) struct Passkey {
    enabled: bool,
    prompt_registration_on_auth: bool,
}

/// First and second factors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Factors)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's shape")]
pub(crate) struct Factors {
    #[schema(example = true)]
    email_password: bool,
    #[schema(example = true)]
    username_password: bool,
    email_otp: bool,
    email_magic_link: bool,
    phone_otp: bool,
    authenticator: bool,
    backup_code: bool,
}

/// Several accounts in one browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::MultiSession)]
pub(crate) struct MultiSession {
    #[schema(example = true)]
    enabled: bool,
}

impl Deployment {
    /// The deployment as the operator set it up.
    pub(crate) fn of(options: &WachtOptions, policy: &Policy) -> Self {
        Self {
            mode: match options.mode {
                WachtMode::Production => "production",
                WachtMode::Staging => "staging",
            },
            frontend_host: given(&options.frontend_host).unwrap_or_else(|| public_host(policy)),
            backend_host: policy.public_url.as_str().trim_end_matches('/').to_owned(),
            social_connections: [],
            b2b_settings: B2bSettings {
                organizations_enabled: false,
                workspaces_enabled: false,
                allow_users_to_create_orgs: false,
            },
            ui_settings: UiSettings::of(options, policy),
            restrictions: Restrictions { sign_up_mode: "public" },
            auth_settings: AuthSettings::of(options, policy),
        }
    }
}

impl UiSettings {
    fn of(options: &WachtOptions, policy: &Policy) -> Self {
        let front = match given(&options.frontend_host) {
            Some(host) if host != public_host(policy) => format!("https://{host}/"),
            // This very server, which may speak plain HTTP.
            _ => policy.public_url.to_string(),
        };
        // Without an address to go to the SDK shows an empty frame for ever.
        let afterwards = |address: &str| given(address).unwrap_or_else(|| front.clone());
        Self {
            app_name: options.app_name.clone(),
            logo_image_url: options.logo_image_url.clone(),
            sign_in_page_url: options.sign_in_page_url.clone(),
            sign_up_page_url: options.sign_up_page_url.clone(),
            waitlist_page_url: options.waitlist_page_url.clone(),
            support_page_url: options.support_page_url.clone(),
            tos_page_url: options.tos_page_url.clone(),
            privacy_policy_url: options.privacy_policy_url.clone(),
            after_signin_redirect_url: afterwards(&options.after_signin_redirect_url),
            after_signup_redirect_url: afterwards(&options.after_signup_redirect_url),
            after_sign_out_one_page_url: afterwards(&options.after_sign_out_one_page_url),
            after_sign_out_all_page_url: afterwards(&options.after_sign_out_all_page_url),
            theme_tokens: Map::new(),
        }
    }
}

impl AuthSettings {
    fn of(options: &WachtOptions, policy: &Policy) -> Self {
        Self {
            email_address: Field { enabled: true, required: true },
            phone_number: Field { enabled: false, required: false },
            username: Field { enabled: true, required: false },
            first_name: Field { enabled: true, required: false },
            last_name: Field { enabled: true, required: false },
            password: Field { enabled: true, required: true },
            magic_link: MagicLink { enabled: false },
            passkey: Passkey { enabled: false, prompt_registration_on_auth: false },
            auth_factors_enabled: Factors {
                email_password: true,
                username_password: true,
                email_otp: false,
                email_magic_link: false,
                phone_otp: false,
                authenticator: false,
                backup_code: false,
            },
            first_factor: "email_password",
            multi_session_support: MultiSession { enabled: options.multi_session && policy.max_sign_ins > 1 },
        }
    }
}

/// Host of this server, with the port if there has to be one.
fn public_host(Policy { public_url, .. }: &Policy) -> String {
    let host = public_url.host_str().unwrap_or_default();
    public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
