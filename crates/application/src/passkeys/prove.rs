//! Proves with a passkey that the user of a sign-in is still there.

use selfsame_domain::{Action, Assurance, Factor, OpaqueToken, Passkey, RequestContext, TicketKind};
use serde_json::Value;

use super::{PasskeyError, ceremony::Bond};
use crate::{
    Caller, Core,
    account::{Account, Event},
};

/// Asks for the options of a proof.
#[derive(Clone, Debug)]
pub struct BeginPasskeyProof {
    /// The request: for limits.
    pub context: RequestContext,
}

/// Submits what the browser answered to the options of [`BeginPasskeyProof`].
#[derive(Clone, Debug)]
pub struct ProveWithPasskey {
    /// The answer: `AuthenticationResponseJSON`.
    pub response: Value,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The proof was right.
#[derive(Clone, Debug)]
pub struct Proven {
    /// When and how the user was authenticated, as of now.
    pub assurance: Assurance,
    /// The browser's new cookie; the earlier one is invalid (R40).
    pub new_cookie: Option<OpaqueToken>,
}

impl BeginPasskeyProof {
    /// Makes a challenge for the caller's sign-in, and returns the `publicKey` of `navigator.credentials.get` with the
    /// caller's passkeys.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Value, PasskeyError> {
        let webauthn = core.webauthn().ok_or(PasskeyError::Off)?;
        core.spend(&core.passkey_budget(caller.user.id))?;
        let passkeys = core.storage.read()?.passkeys(caller.user.id)?;
        if passkeys.is_empty() {
            return Err(PasskeyError::UnknownPasskey);
        }
        let ceremony = webauthn.begin_authentication(&passkeys)?;
        let bond = proof_bond(caller);
        core.unit(&self.context, |work| core.keep_ceremony::<PasskeyError>(work, &bond, &ceremony))?;
        Ok(ceremony.options)
    }
}

impl ProveWithPasskey {
    /// Consumes the challenge, verifies the answer, and writes the proof to the sign-in, whose browser gets a new cookie
    /// (R36, R40).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Proven, PasskeyError> {
        let webauthn = core.webauthn().ok_or(PasskeyError::Off)?;
        let (user, sign_in) = (caller.user.id, caller.principal.sign_in_id);
        core.spend(&core.passkey_budget(user))?;
        let claims = webauthn.read_assertion(&self.response)?;
        let state = core.take_ceremony::<PasskeyError>(&self.context, &proof_bond(caller), &claims.challenge)?;
        let state = state.ok_or(PasskeyError::UnknownChallenge)?;
        let passkey = core.storage.read()?.passkey(&claims.credential_id)?;
        // An authenticator that names an account must name this one (WebAuthn section 7.2, step 6).
        let is_named = claims.user_handle.is_none_or(|handle| handle == core.passkey_handle(user));
        let passkey: Passkey =
            passkey.filter(|passkey| is_named && passkey.user_id == user).ok_or(PasskeyError::Refused)?;
        let used = core.verify_assertion(&self.context, webauthn.as_ref(), &state, &self.response, &passkey)?;
        core.unit(&self.context, |work| {
            let mut account = Account::lock_caller(work, caller)?.ok_or(PasskeyError::Unauthenticated)?;
            let now = core.clock.now();
            if !work.passkeys().record_use(user, passkey.id, used.sign_count, used.is_backed_up, now)? {
                return Err(PasskeyError::Refused);
            }
            let new_cookie = core.raise_assurance(work, caller, Factor::Passkey)?;
            core.record(work, &mut account, Event::of_user(Action::ProvenAgain, user, sign_in));
            account.save(work)?;
            let assurance = caller.principal.assurance.proven_again(Factor::Passkey, now);
            Ok(Proven { assurance, new_cookie })
        })
    }
}

/// A proof is of one sign-in.
fn proof_bond(caller: &Caller) -> Bond {
    Bond::to_sign_in(TicketKind::ProveWithPasskey, caller.user.id, caller.principal.sign_in_id)
}
