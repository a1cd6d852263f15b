//! `[pictures]`, `[profile]`, `[wacht]`: limits on what users store and may change, and the deployment for the Wacht SDK.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::settings::units::{Size, Span, choice};

/// `[pictures]`: bounds on decoding (R73) and the size of what is kept.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pictures {
    pub(crate) max_upload: Size,
    pub(crate) max_side: u32,
    pub(crate) max_megapixels: u32,
    pub(crate) output_side: u32,
    pub(crate) max_memory: Size,
    pub(crate) permits: usize,
    pub(crate) timeout: Span,
}

/// `[profile]`: bounds on the free-form profile object (R66).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// A path; empty when the operator sets no schema.
    pub(crate) schema: String,
    pub(crate) max_bytes: Size,
    pub(crate) max_depth: usize,
    pub(crate) max_keys: usize,
    pub(crate) max_key_length: usize,
    pub(crate) max_string: Size,
    pub(crate) max_array: usize,
    pub(crate) fields: ProfileFields,
}

/// `[profile.fields]`: what users may do with each claim.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileFields {
    #[serde(deserialize_with = "choice")]
    pub(crate) given_name: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) family_name: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) name: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) preferred_username: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) email: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) phone_number: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) locale: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) zoneinfo: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) picture: FieldRight,
    #[serde(deserialize_with = "choice")]
    pub(crate) attributes: FieldRight,
}

/// What a user may do with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum FieldRight {
    /// Not shown, and refused.
    Off,
    /// Shown; only the operator sets it.
    Read,
    /// The user may change it.
    Edit,
    /// The user may change it after a recent proof of who they are.
    StepUp,
}

/// `[notices]`: what security notices tell (R25).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notices {
    /// A path; empty when places are not told.
    pub(crate) geoip_file: String,
}

/// `[brand]`: what users see of the service.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Brand {
    pub(crate) name: String,
    pub(crate) logo_url: String,
    pub(crate) color: String,
    /// A language tag.
    pub(crate) locale: String,
}

/// `[account]`: the account contract.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) require_if_match: bool,
}

/// `[wacht]`: the deployment as its SDK sees it. An empty URL means that there is no such page.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wacht {
    #[serde(deserialize_with = "choice")]
    pub(crate) mode: WachtMode,
    pub(crate) frontend_host: String,
    pub(crate) multi_session: bool,
    pub(crate) email_availability: bool,
    pub(crate) challenge: bool,
    pub(crate) app_name: String,
    pub(crate) logo_image_url: String,
    pub(crate) sign_in_page_url: String,
    pub(crate) sign_up_page_url: String,
    pub(crate) waitlist_page_url: String,
    pub(crate) support_page_url: String,
    pub(crate) tos_page_url: String,
    pub(crate) privacy_policy_url: String,
    pub(crate) after_signin_redirect_url: String,
    pub(crate) after_signup_redirect_url: String,
    pub(crate) after_sign_out_one_page_url: String,
    pub(crate) after_sign_out_all_page_url: String,
}

impl Wacht {
    /// Every URL with the name of its key.
    pub(in crate::settings) fn urls(&self) -> [(&'static str, &str); 11] {
        [
            ("wacht.logo_image_url", &self.logo_image_url),
            ("wacht.sign_in_page_url", &self.sign_in_page_url),
            ("wacht.sign_up_page_url", &self.sign_up_page_url),
            ("wacht.waitlist_page_url", &self.waitlist_page_url),
            ("wacht.support_page_url", &self.support_page_url),
            ("wacht.tos_page_url", &self.tos_page_url),
            ("wacht.privacy_policy_url", &self.privacy_policy_url),
            ("wacht.after_signin_redirect_url", &self.after_signin_redirect_url),
            ("wacht.after_signup_redirect_url", &self.after_signup_redirect_url),
            ("wacht.after_sign_out_one_page_url", &self.after_sign_out_one_page_url),
            ("wacht.after_sign_out_all_page_url", &self.after_sign_out_all_page_url),
        ]
    }
}

/// How the SDK carries its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WachtMode {
    /// In a cookie.
    Production,
    /// In a query parameter.
    Staging,
}
