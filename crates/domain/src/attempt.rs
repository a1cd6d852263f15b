//! A sign-up or sign-in that is under way: which steps are done and what comes next.

use serde::{Deserialize, Serialize};

use crate::{AttemptId, Instant, SessionId, SignInId, TokenHash, UserId};

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

/// What is still to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Possession of the e-mail address.
    VerifyEmail,
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
    /// Whose account it is about.
    pub user_id: UserId,
    /// The address as typed.
    pub email: String,
    /// How a sign-in began.
    pub method: Option<SignInMethod>,
    /// The other fields of a sign-up.
    pub form: SignUpForm,
    /// What is still to be proven; none once nothing is.
    pub step: Option<Step>,
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
    /// Whether it can still be completed.
    pub fn is_open(&self, now: Instant) -> bool {
        self.completed_at.is_none() && now < self.expires_at
    }
}
