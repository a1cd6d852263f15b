//! What browsers may be told of the passkeys of an account, so that their lists stay true: the arguments of
//! `PublicKeyCredential.signalAllAcceptedCredentials` and `signalCurrentUserDetails` (WebAuthn Level 3, section 5.1.10).

use selfsame_domain::{Passkey, User};

use super::names;
use crate::Core;

/// The arguments of both signals. Ids are in base64url.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeySignals {
    /// The relying party.
    pub rp_id: String,
    /// The account, as authenticators know it.
    pub user_id: String,
    /// The credentials that still work.
    pub credential_ids: Vec<String>,
    /// The name of the account.
    pub name: String,
    /// The name of the person.
    pub display_name: String,
}

impl Core {
    pub(super) fn passkey_signals(&self, rp_id: &str, user: &User, passkeys: &[Passkey]) -> PasskeySignals {
        let (name, display_name) = names(self, user);
        PasskeySignals {
            rp_id: rp_id.to_owned(),
            user_id: self.passkey_handle_text(user.id),
            credential_ids: passkeys.iter().map(|passkey| passkey.credential_id.to_text()).collect(),
            name,
            display_name,
        }
    }
}
