//! Passkeys: registration, management, and proofs by a user who is signed in. A sign-in with one is in
//! [`crate::sign_in::with_passkey`].

pub mod begin_registration;
pub(crate) mod ceremony;
pub mod error;
pub mod list;
pub mod prove;
pub mod register;
pub mod remove;
pub mod rename;
pub mod signals;
mod verify;

pub use self::{
    begin_registration::BeginPasskeyRegistration,
    error::PasskeyError,
    list::ListPasskeys,
    prove::{BeginPasskeyProof, ProveWithPasskey},
    register::RegisterPasskey,
    remove::RemovePasskey,
    rename::RenamePasskey,
    signals::PasskeySignals,
};

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{Identifier, IdentifierKind, User, UserId, id::Id as _};
use selfsame_ports::WebAuthn;

use crate::{Core, limits::Budget};

impl Core {
    /// Whether passkeys are on: the public address is a host name, and the operator has not switched them off.
    pub fn has_passkeys(&self) -> bool {
        self.webauthn.is_some()
    }

    /// Whether an account with this number of passkeys may have one more. A factor needs a proven primary address (R38).
    pub(crate) fn may_register_passkey(&self, user: &User, existing: usize) -> Result<(), PasskeyError> {
        let max = self.policy.max_passkeys;
        if !self.has_passkeys() {
            Err(PasskeyError::Off)
        } else if !user.primary_email().is_some_and(Identifier::is_verified) {
            Err(PasskeyError::UnverifiedEmail)
        } else if existing >= max {
            Err(PasskeyError::TooMany { max })
        } else {
            Ok(())
        }
    }

    pub(crate) fn webauthn(&self) -> Option<Arc<dyn WebAuthn>> {
        self.webauthn.clone()
    }

    /// The name of an account to authenticators: a MAC of its id, so that it tells nothing and needs no column.
    pub(crate) fn passkey_handle(&self, user: UserId) -> [u8; 32] {
        self.vault.mac("passkey user handle", &user.number().to_be_bytes())
    }

    /// The same in base64url, as browsers have it.
    pub(crate) fn passkey_handle_text(&self, user: UserId) -> String {
        URL_SAFE_NO_PAD.encode(self.passkey_handle(user))
    }

    /// The budget of every ceremony and change of one user, refused ones too.
    fn passkey_budget(&self, user: UserId) -> [Budget; 1] {
        [self.limits.passkey_per_user.of_user(user)]
    }
}

/// The name and the display name of an account, as a person tells accounts apart. Without claims that are off.
fn names(core: &Core, user: &User) -> (String, String) {
    let user = &*core.policy.fields.shown(user);
    let email = || user.primary_email().map(|email| email.value.clone());
    let handle = || user.preferred_username.as_ref().map(|name| name.as_str().to_owned());
    let name = email().or_else(handle).unwrap_or_else(|| user.id.to_string());
    let display_name = user.display_name().unwrap_or_else(|| name.clone());
    (name, display_name)
}

/// Whether an address, in its canonical form, is proven to be the account's.
pub(crate) fn owns_email(user: &User, canonical: &str) -> bool {
    user.identifiers_of(IdentifierKind::Email).any(|email| email.is_verified() && email.canonical == canonical)
}
