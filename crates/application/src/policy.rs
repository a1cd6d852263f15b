//! The operator's policy for accounts, sessions and proofs, with the shipped defaults.

use std::time::Duration as StdDuration;

use chrono::Duration;
use selfsame_domain::{
    AttributesPolicy, FieldRights, IdentifierKind, PasswordPolicy, PhoneNumber, Picture, ReservedNames, SignIn,
};
use selfsame_texts::Language;
use url::Url;

use crate::{AppUrls, IssuerPolicy, Look, OAuthPolicy, webhooks::Webhooks};

/// The longest life of a mail in the outbox: a notice is sent for that long, and no link lives longer. So it is also
/// how long a sealing key must be kept after its last use (R95). Webhooks are sent, and their events kept, no longer.
pub const LONGEST_MAIL_USE: Duration = Duration::days(7);

/// The operator's policy.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a decision of its own")]
pub struct Policy {
    /// The public address of the server. Links in mail are made from it and from nothing else (R14).
    pub public_url: Url,
    /// The name of the service. A password must not be made of it.
    pub app_name: String,
    /// The language of readers whose language is not known.
    pub language: Language,
    /// The look of pages.
    pub look: Look,
    /// Addresses of the application, to which mailed links and pages may lead.
    pub app_urls: AppUrls,
    /// Rules of new passwords.
    pub passwords: PasswordPolicy,
    /// Usernames that users cannot choose.
    pub reserved_names: ReservedNames,
    /// What users may do with each claim of their profile.
    pub fields: FieldRights,
    /// Limits of the free-form attributes.
    pub attributes: AttributesPolicy,
    /// Greatest size of an uploaded picture, in bytes.
    pub picture_max_bytes: usize,
    /// Whether a sign-in needs a proven e-mail address.
    pub require_verified_email: bool,
    /// Digits of a mailed code.
    pub code_digits: u32,
    /// Life of a mailed code.
    pub code_ttl: Duration,
    /// Life of a mailed link that proves an address.
    pub link_ttl: Duration,
    /// Life of a password reset.
    pub reset_ttl: Duration,
    /// Life of a pending change of address.
    pub email_change_ttl: Duration,
    /// Life of a code in a text message, 10 minutes at most (R15).
    pub sms_code_ttl: Duration,
    /// Whether text messages can be sent. If not, no phone number can be proven.
    pub sends_sms: bool,
    /// Whether a verified phone number and a code in a text message sign in.
    pub sms_sign_in: bool,
    /// Whether a verified phone number can be enrolled as second factor.
    pub sms_second_factor: bool,
    /// Regions to whose numbers text messages are sent (R16); empty for all.
    pub sms_countries: Vec<String>,
    /// Greatest number of e-mail addresses of an account.
    pub max_emails: usize,
    /// Greatest number of phone numbers of an account.
    pub max_phones: usize,
    /// The endpoints that are told of events.
    pub webhooks: Webhooks,
    /// How long a username that was given up is held for its former owner.
    pub username_hold: Duration,
    /// Life of a sign-up or sign-in in progress.
    pub attempt_ttl: Duration,
    /// How long an account without a proven identifier and without any sign-in is kept. It blocks its username.
    pub unproven_keep: Duration,
    /// Greatest age of the last proof for operations that need a recent one (R10).
    pub step_up: Duration,
    /// The same for deletion and export.
    pub step_up_critical: Duration,
    /// Time between the request for a deletion and the deletion, in which it can be called off.
    pub deletion_grace: Duration,
    /// How long the archive of an export can be downloaded, 24 hours at most (R78), and how long making it may take.
    pub export_ttl: Duration,
    /// How long a change can be undone by the link of its notice; at most [`LONGEST_MAIL_USE`].
    pub undo_ttl: Duration,
    /// How long a new identifier or factor prevents the deletion of the account and the removal of older factors; zero for
    /// not at all.
    pub new_credential_hold: Duration,
    /// Greatest number of passkeys of an account.
    pub max_passkeys: usize,
    /// How long a remembered device takes the place of a second factor.
    pub device_ttl: Duration,
    /// Idle limit of a sign-in (R42).
    pub idle: Duration,
    /// Absolute limit of a sign-in (R42).
    pub absolute: Duration,
    /// Greatest number of accounts that are signed in at once in one browser.
    pub max_sign_ins: usize,
    /// Audience of the access tokens that this server accepts.
    pub audience: String,
    /// Life of an access token, unless the contract has its own.
    pub access_ttl: StdDuration,
    /// Audience of the tokens for other backends. Never equal to `audience` (R46).
    pub session_token_audience: String,
    /// Idle limit of a refresh token.
    pub refresh_idle: Duration,
    /// Absolute limit of a chain of refresh tokens.
    pub refresh_absolute: Duration,
    /// How long a rotated refresh token still returns its successor (R47).
    pub refresh_grace: Duration,
    /// The applications and resource servers.
    pub oauth: OAuthPolicy,
    /// The other issuers whose tokens are accepted.
    pub issuers: Vec<IssuerPolicy>,
}

impl Policy {
    /// The shipped policy for a server at `public_url`.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            app_name: "Selfsame".to_owned(),
            language: Language::default(),
            look: Look::default(),
            app_urls: AppUrls::default(),
            passwords: PasswordPolicy::default(),
            reserved_names: ReservedNames::default(),
            fields: FieldRights::default(),
            attributes: AttributesPolicy::default(),
            picture_max_bytes: 12 << 20,
            require_verified_email: true,
            code_digits: 6,
            code_ttl: Duration::minutes(10),
            link_ttl: Duration::hours(24),
            reset_ttl: Duration::minutes(30),
            email_change_ttl: Duration::minutes(10),
            sms_code_ttl: Duration::minutes(10),
            sends_sms: true,
            sms_sign_in: false,
            sms_second_factor: false,
            sms_countries: Vec::new(),
            max_emails: 10,
            max_phones: 10,
            webhooks: Webhooks::default(),
            username_hold: Duration::days(30),
            attempt_ttl: Duration::hours(1),
            unproven_keep: Duration::days(7),
            step_up: Duration::minutes(10),
            step_up_critical: Duration::minutes(5),
            deletion_grace: Duration::days(14),
            export_ttl: Duration::hours(24),
            undo_ttl: Duration::hours(72),
            new_credential_hold: Duration::zero(),
            max_passkeys: 20,
            device_ttl: Duration::days(30),
            idle: Duration::hours(12),
            absolute: Duration::days(30),
            max_sign_ins: 5,
            audience: "selfsame".to_owned(),
            access_ttl: StdDuration::from_mins(5),
            session_token_audience: "selfsame-session".to_owned(),
            refresh_idle: Duration::days(7),
            refresh_absolute: Duration::days(30),
            refresh_grace: Duration::seconds(10),
            oauth: OAuthPolicy::default(),
            issuers: Vec::new(),
        }
    }

    /// The other issuer with this `iss`.
    pub fn issuer(&self, issuer: &str) -> Option<&IssuerPolicy> {
        self.issuers.iter().find(|known| known.issuer == issuer)
    }

    /// Greatest number of identifiers of a kind.
    pub fn max_identifiers(&self, kind: IdentifierKind) -> usize {
        match kind {
            IdentifierKind::Email => self.max_emails,
            IdentifierKind::Phone => self.max_phones,
        }
    }

    /// Whether a phone number signs in, which needs text messages.
    pub fn signs_in_by_phone(&self) -> bool {
        self.sms_sign_in && self.sends_sms
    }

    /// Whether text messages are sent to a number, by its country (R16).
    pub fn allows_sms_to(&self, phone: &PhoneNumber) -> bool {
        self.sms_countries.is_empty() || phone.is_of(&self.sms_countries)
    }

    /// The idle limit of a sign-in: [`Policy::idle`] for a browser, that of the refresh token for a client with tokens.
    pub fn idle_of(&self, sign_in: &SignIn) -> Duration {
        if sign_in.session_id.is_some() { self.idle } else { self.refresh_idle }
    }

    /// The interval at which the last use of a sign-in is written: long, so that reads rarely write, and short enough
    /// that one in use never counts as idle (R42).
    pub fn touch_after(&self, sign_in: &SignIn) -> Duration {
        Duration::minutes(5).min(self.idle_of(sign_in) / 10)
    }

    /// Words of the service that add nothing to a password: its name, and that of its host.
    pub fn context_words(&self) -> [&str; 2] {
        [&self.app_name, self.public_url.host_str().unwrap_or_default()]
    }

    /// The address of a path of this server. The path begins with a slash, or is empty for the server itself.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// A page of this server with a token in the fragment. Browsers do not send the fragment, so the token is in no
    /// request, log or `Referer`, and fetching the page changes nothing (R13, R51).
    pub fn link(&self, page: &str, token: &str) -> String {
        self.address(&format!("/{page}#token={token}"))
    }

    /// The same for a page of the application, if the flow was begun with an address of it that is on the list.
    pub fn link_of_app(&self, app: Option<&str>, page: &str, token: &str) -> String {
        match app.and_then(|app| self.app_urls.allowed(app)) {
            Some(app) => format!("{app}#token={token}"),
            None => self.link(page, token),
        }
    }

    /// The application, or this server if the operator has named none.
    pub fn app_link(&self) -> String {
        self.app_urls.first().unwrap_or(&self.public_url).to_string()
    }

    /// The URL of a stored picture.
    pub fn avatar_url(&self, name: &str) -> String {
        self.address(&format!("/avatars/{name}"))
    }

    /// Where a picture is served: a stored one by this server, a link where it points.
    pub fn picture_url(&self, picture: &Picture) -> String {
        match picture {
            Picture::Stored(name) => self.avatar_url(name),
            Picture::Link(url) => url.clone(),
        }
    }
}
