//! What the operator decides about accounts, sessions and proofs. Defaults are the shipped ones.

use std::time::Duration as StdDuration;

use chrono::Duration;
use selfsame_domain::{AttributesPolicy, PasswordPolicy, SignIn};
use url::Url;

/// For how long a mail may be of use: a notice is sent for that long, and no link lives longer. Whatever is sealed in the
/// outbox is over by then, so this is also how long a sealing key must be kept after its last use (R95).
pub const LONGEST_MAIL_USE: Duration = Duration::days(7);

/// The operator's decisions.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Where browsers find the server; links in mail are made of it and of nothing else (R14).
    pub public_url: Url,
    /// What the service is called; no password may be made of it.
    pub app_name: String,
    /// Rules of new passwords.
    pub passwords: PasswordPolicy,
    /// Limits of the free-form attributes.
    pub attributes: AttributesPolicy,
    /// Greatest size of a picture that comes in, in bytes.
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
    /// Life of a request for another address.
    pub email_change_ttl: Duration,
    /// Life of a sign-up or sign-in that is under way.
    pub attempt_ttl: Duration,
    /// How long an account is kept that nobody has proven or ever signed in to: it holds a username that others may want.
    pub unproven_keep: Duration,
    /// How old a proof of who is there may be for an operation that needs a recent one (R10).
    pub step_up: Duration,
    /// After how long without use a sign-in is over (R42).
    pub idle: Duration,
    /// After how long a sign-in is over in any case (R42).
    pub absolute: Duration,
    /// Accounts that one browser may be signed in to at once.
    pub max_sign_ins: usize,
    /// Audience of the access tokens that this server takes.
    pub audience: String,
    /// Life of an access token, where the contract has none of its own.
    pub access_ttl: StdDuration,
    /// Audience of the tokens made for other backends. Never the same as `audience` (R46).
    pub session_token_audience: String,
    /// How long an unused refresh token lives.
    pub refresh_idle: Duration,
    /// How long a chain of refresh tokens lives.
    pub refresh_absolute: Duration,
    /// How long a spent refresh token still answers with its successor (R47).
    pub refresh_grace: Duration,
}

impl Policy {
    /// The shipped decisions for a server at `public_url`.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            app_name: "Selfsame".to_owned(),
            passwords: PasswordPolicy::default(),
            attributes: AttributesPolicy::default(),
            picture_max_bytes: 5 << 20,
            require_verified_email: true,
            code_digits: 6,
            code_ttl: Duration::minutes(10),
            link_ttl: Duration::hours(24),
            reset_ttl: Duration::minutes(30),
            email_change_ttl: Duration::minutes(10),
            attempt_ttl: Duration::hours(1),
            unproven_keep: Duration::days(7),
            step_up: Duration::minutes(10),
            idle: Duration::hours(12),
            absolute: Duration::days(30),
            max_sign_ins: 5,
            audience: "selfsame".to_owned(),
            access_ttl: StdDuration::from_mins(5),
            session_token_audience: "selfsame-session".to_owned(),
            refresh_idle: Duration::days(7),
            refresh_absolute: Duration::days(30),
            refresh_grace: Duration::seconds(10),
        }
    }

    /// How long a sign-in may go unused: a browser's by [`Policy::idle`], a token client's by its refresh token.
    pub fn idle_of(&self, sign_in: &SignIn) -> Duration {
        if sign_in.session_id.is_some() { self.idle } else { self.refresh_idle }
    }

    /// After how long a sign-in's last use is written anew, so that reads hardly ever write: soon enough that one which is in
    /// use never counts as idle (R42).
    pub fn touch_after(&self, sign_in: &SignIn) -> Duration {
        Duration::minutes(5).min(self.idle_of(sign_in) / 10)
    }

    /// A page of this server, with a token in the fragment: a browser does not send that, so the token is in no request,
    /// log or `Referer`, and fetching the page changes nothing (R13, R51).
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// Where a stored picture is served.
    pub fn avatar_url(&self, name: &str) -> String {
        format!("{}/avatars/{name}", self.public_url.as_str().trim_end_matches('/'))
    }
}
