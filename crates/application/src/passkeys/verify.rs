//! Verifies an assertion, and keeps a record of one whose counter went back.

use selfsame_domain::{Action, Passkey, RequestContext};
use selfsame_ports::{VerifiedAssertion, WebAuthn, WebAuthnError};
use serde_json::Value;

use super::PasskeyError;
use crate::{
    Core,
    account::{Account, Event},
};

impl Core {
    /// Verifies an assertion of a passkey. One whose counter is not greater than the stored one may be of a copy: it is
    /// refused, logged and recorded (WebAuthn section 7.2, step 22).
    pub(crate) fn verify_assertion(
        &self,
        context: &RequestContext,
        webauthn: &dyn WebAuthn,
        state: &[u8],
        response: &Value,
        passkey: &Passkey,
    ) -> Result<VerifiedAssertion, PasskeyError> {
        let verified = webauthn.finish_authentication(state, response, passkey);
        if verified == Err(WebAuthnError::CounterWentBack) {
            tracing::warn!(user = %passkey.user_id, passkey = %passkey.id, "the signature counter of a passkey went back");
            self.unit::<_, PasskeyError>(context, |work| {
                if let Some(mut account) = Account::lock(work, passkey.user_id)? {
                    self.record(work, &mut account, Event::anonymous(Action::PasskeyRefused));
                    account.save(work)?;
                }
                Ok(())
            })?;
        }
        Ok(verified?)
    }
}
