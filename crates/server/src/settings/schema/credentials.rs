//! `[passwords]`, `[passkeys]`, `[usernames]`, `[tokens]`, `[sessions]`, `[deletion]`, `[exports]`,
//! `[verification]`: credentials and accounts, and their lives.

use serde::{Deserialize, Serialize};

use crate::settings::units::{Span, list};

/// `[passwords]`: the rules (R17), the cost (R19) and the bounds on hashing (R82).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passwords {
    pub(crate) min_length: usize,
    pub(crate) min_length_with_second_factor: usize,
    pub(crate) max_length: usize,
    pub(crate) min_strength: u8,
    pub(crate) argon2_memory_kib: u32,
    pub(crate) argon2_iterations: u32,
    pub(crate) argon2_parallelism: u32,
    /// Never 0 once loaded.
    pub(crate) permits: usize,
    pub(crate) queue: usize,
    pub(crate) queue_wait: Span,
    /// Empty when breached passwords are not looked up.
    pub(crate) breach_url: String,
}

/// `[passkeys]`: the relying party of WebAuthn (R36).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passkeys {
    pub(crate) enabled: bool,
    pub(crate) rp_id: String,
    #[serde(deserialize_with = "list")]
    pub(crate) related_origins: Vec<String>,
    pub(crate) max_per_user: usize,
    pub(crate) enroll_url: String,
    pub(crate) manage_url: String,
}

/// `[usernames]`: those that users cannot choose (R6).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Usernames {
    pub(crate) reserved: Vec<String>,
    pub(crate) hold: Span,
}

/// `[identifiers]`: how many an account may have.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifiers {
    pub(crate) max_emails: usize,
    pub(crate) max_phones: usize,
}

/// `[tokens]`: access tokens (R45) and refresh tokens (R47).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tokens {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) session_token_audience: String,
    pub(crate) access_ttl: Span,
    pub(crate) rivergen_access_ttl: Span,
    pub(crate) session_token_ttl: Span,
    pub(crate) leeway: Span,
    pub(crate) refresh_idle: Span,
    pub(crate) refresh_absolute: Span,
    pub(crate) refresh_grace: Span,
}

/// `[sessions]`: browser sessions and their sign-ins (R42).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sessions {
    pub(crate) idle: Span,
    pub(crate) absolute: Span,
    pub(crate) step_up: Span,
    pub(crate) step_up_critical: Span,
    pub(crate) device_ttl: Span,
    pub(crate) max_sign_ins: u32,
    pub(crate) require_verified_email: bool,
}

/// `[deletion]`: of accounts by their owners (R77).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deletion {
    pub(crate) grace: Span,
}

/// `[exports]`: of accounts for their owners (R78).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exports {
    pub(crate) ttl: Span,
}

/// `[undo]`: of changes, by the links of their notices.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Undo {
    pub(crate) ttl: Span,
    pub(crate) new_credential_hold: Span,
}

/// `[verification]`: mailed codes and links (R12, R15).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verification {
    pub(crate) code_digits: u8,
    pub(crate) code_ttl: Span,
    pub(crate) sms_code_ttl: Span,
    pub(crate) link_ttl: Span,
    pub(crate) reset_ttl: Span,
    pub(crate) email_change_ttl: Span,
    pub(crate) attempt_ttl: Span,
    pub(crate) unproven_keep: Span,
}
