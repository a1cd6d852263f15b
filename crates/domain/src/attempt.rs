//! A sign-up or sign-in in progress: the factors that it needs, and those that were proven.

use serde::{Deserialize, Serialize};

use crate::{AttemptId, Factor, Factors, Instant, SessionId, SignInId, TokenHash, UserId};

/// What the attempt leads to.
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
    /// A passkey.
    Passkey,
    /// A phone number, proven by a text message.
    PhoneCode,
}

/// The fields of a sign-up form that are shown again while the attempt lasts. Not the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Username.
    pub preferred_username: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
}

/// One sign-up or sign-in in progress, held by a browser session or by a temporary token.
///
/// A sign-up with an address that has an account looks like any other and has an unproven account too. No proof is
/// mailed for it, so it cannot be completed, and nobody learns which addresses have accounts (R1).
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Id of its row.
    pub id: AttemptId,
    /// Sign-up or sign-in.
    pub kind: AttemptKind,
    /// The browser session that began it. No other may continue it.
    pub session_id: Option<SessionId>,
    /// Hash of the temporary token with which a client without a session continues it.
    pub token_hash: Option<TokenHash>,
    /// The account; none while it is not known.
    pub user_id: Option<UserId>,
    /// The account's [`credential_epoch`](crate::User::credential_epoch) at the start. The attempt is void in any other
    /// epoch.
    pub credential_epoch: i64,
    /// The address as typed, if one was.
    pub email: Option<String>,
    /// The phone number that a sign-in began with, in E.164. Until it is proven the attempt names no account, so that
    /// nobody learns which numbers have one (R1).
    pub phone_number: Option<String>,
    /// How a sign-in began.
    pub method: Option<SignInMethod>,
    /// The other fields of a sign-up.
    pub form: SignUpForm,
    /// The factors that are required.
    pub required: Factors,
    /// The required factors that were proven.
    pub satisfied: Factors,
    /// State of a step in progress, sealed by the vault.
    pub sealed: Option<Vec<u8>>,
    /// The sign-in that completed it.
    pub sign_in_id: Option<SignInId>,
    /// When it was completed.
    pub completed_at: Option<Instant>,
    /// When it began.
    pub created_at: Instant,
    /// Until when it can be completed.
    pub expires_at: Instant,
}

impl Attempt {
    /// Whether it can still be completed. Checked at every use, because purging may be late (R12).
    pub fn is_open(&self, now: Instant) -> bool {
        self.completed_at.is_none() && now < self.expires_at
    }

    /// The next factor to prove; none when all are proven.
    pub fn next(&self) -> Option<Factor> {
        self.remaining().next()
    }

    /// The factors that are still to be proven, in order. One second factor takes the place of any other.
    pub fn remaining(&self) -> impl Iterator<Item = Factor> + '_ {
        let has_second = self.satisfied.has_second();
        let is_proven = move |factor: Factor| self.satisfied.contains(factor) || factor.is_second() && has_second;
        self.required.iter().filter(move |factor| !is_proven(*factor))
    }

    /// The attempt with one more required factor, if there is one.
    #[must_use]
    pub fn requiring(&self, factor: Option<Factor>) -> Self {
        let required = factor.map_or_else(|| self.required.clone(), |factor| self.required.with(factor));
        Self { required, ..self.clone() }
    }

    /// The attempt with one more factor proven, which ends the step in progress.
    #[must_use]
    pub fn satisfying(&self, factor: Factor) -> Self {
        Self { satisfied: self.satisfied.with(factor), sealed: None, ..self.clone() }
    }
}
