//! A sign-up or sign-in that is under way: which factors it needs, and which of them were shown.

use serde::{Deserialize, Serialize};

use crate::{AttemptId, Factor, Factors, Instant, SessionId, SignInId, TokenHash, UserId};

/// What the attempt is to end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptKind {
    /// A new account.
    SignUp,
    /// A sign-in to an existing one.
    SignIn,
}

/// How a sign-in began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// E-mail address and password.
    EmailPassword,
    /// Username and password.
    UsernamePassword,
}

/// What a sign-up form said, as far as it is shown again while the attempt lasts. No password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Handle.
    pub preferred_username: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
}

/// One sign-up or sign-in under way, held by a browser session or by a temporary token.
///
/// A sign-up with an address that has an account looks like any other, its unproven account included; but no proof is
/// ever mailed for it, so it can't be completed, and nobody learns which addresses have accounts (R1).
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Its row.
    pub id: AttemptId,
    /// Sign-up or sign-in.
    pub kind: AttemptKind,
    /// The browser session that made it and alone may go on with it.
    pub session_id: Option<SessionId>,
    /// Hash of the temporary token that a client without a session goes on with.
    pub token_hash: Option<TokenHash>,
    /// Whose account it is about; none before that is known.
    pub user_id: Option<UserId>,
    /// The account's [`credential_epoch`](crate::User::credential_epoch) when the attempt began. Under another one it is void.
    pub credential_epoch: i64,
    /// The address as typed, if one was.
    pub email: Option<String>,
    /// How a sign-in began.
    pub method: Option<SignInMethod>,
    /// The other fields of a sign-up.
    pub form: SignUpForm,
    /// What it needs.
    pub required: Factors,
    /// What of it was shown.
    pub satisfied: Factors,
    /// What a step under way needs to know, sealed by the vault.
    pub sealed: Option<Vec<u8>>,
    /// The sign-in it ended in.
    pub sign_in_id: Option<SignInId>,
    /// When it succeeded.
    pub completed_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// Until when it can be completed.
    pub expires_at: Instant,
}

impl Attempt {
    /// Whether it can still be completed. Asked at every use, for a clean-up may be late (R12).
    pub fn is_open(&self, now: Instant) -> bool {
        self.completed_at.is_none() && now < self.expires_at
    }

    /// The factor that is asked for next; none once all were shown.
    pub fn next(&self) -> Option<Factor> {
        self.required.iter().find(|factor| !self.satisfied.contains(*factor))
    }

    /// The attempt after a factor was shown.
    #[must_use]
    pub fn satisfying(&self, factor: Factor) -> Self {
        Self { satisfied: self.satisfied.with(factor), ..self.clone() }
    }
}
