//! [`WebAuthn`] by webauthn-rs-core, with nothing of OpenSSL.
//!
//! The core crate is used, and not the wrapper around it, because the wrapper has no way to ask for a discoverable credential
//! with user verification of any authenticator. This file decides what the wrapper would: user verification is required,
//! attestation is not asked for, a counter that goes back is refused, pages in frames of other sites are refused.
//!
//! Keys are ES256, ES384 and RS256: what the library verifies and all authenticators have one of.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod response;
#[cfg(test)]
mod tests;

use std::time::Duration;

use selfsame_domain::{CredentialId, Passkey};
use selfsame_ports::{
    AssertionClaims, Ceremony, NewCredential, NewPasskeyOwner, VerifiedAssertion, WebAuthn, WebAuthnError,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::{Host, Url};
use webauthn_rs_core::{
    WebauthnCore,
    error::WebauthnError as LibraryError,
    proto::{AttestationConveyancePreference, Credential, CredentialV3, UserVerificationPolicy},
};

use self::response::{assertion, client_data, registration, transports};

/// The settings of the relying party.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    /// Its id: a host name.
    pub id: String,
    /// Its name, which browsers may show.
    pub name: String,
    /// The origins whose pages may use its passkeys, as URLs.
    pub origins: Vec<Url>,
    /// How long a browser waits for the user.
    pub timeout: Duration,
}

/// A relying party without passkeys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host name: passkeys do not work with IP addresses")]
pub struct NotAHostName(pub String);

/// A relying party of WebAuthn.
pub struct WebauthnRs {
    core: WebauthnCore,
    rp_id: String,
}

impl WebauthnRs {
    /// A relying party; an error if its id is no host name.
    pub fn new(party: &RelyingParty) -> Result<Self, NotAHostName> {
        let is_name = matches!(Host::parse(&party.id), Ok(Host::Domain(name)) if name == party.id);
        if !is_name {
            return Err(NotAHostName(party.id.clone()));
        }
        let core = WebauthnCore::new_unsafe_experts_only(
            &party.name,
            &party.id,
            party.origins.clone(),
            party.timeout,
            Some(false),
            Some(false),
        );
        Ok(Self { core, rp_id: party.id.clone() })
    }
}

impl WebAuthn for WebauthnRs {
    fn rp_id(&self) -> &str {
        &self.rp_id
    }

    fn begin_registration(&self, owner: &NewPasskeyOwner<'_>) -> Result<Ceremony, WebAuthnError> {
        let existing = owner.existing.iter().map(|passkey| passkey.credential_id.as_bytes().to_vec()).collect();
        let builder = self
            .core
            .new_challenge_register_builder(owner.handle, owner.name, owner.display_name)
            .map_err(|error| internal(&error))?
            .attestation(AttestationConveyancePreference::None)
            .user_verification_policy(UserVerificationPolicy::Required)
            .require_resident_key(true)
            .exclude_credentials(Some(existing));
        let (options, state) = self.core.generate_challenge_register(builder).map_err(|error| internal(&error))?;
        let challenge = options.public_key.challenge.clone();
        let mut options = to_value(&options.public_key)?;
        set_descriptors(&mut options, "excludeCredentials", owner.existing);
        Ok(Ceremony { options, challenge, state: to_bytes(&state)? })
    }

    fn read_registration(&self, response: &Value) -> Result<Vec<u8>, WebAuthnError> {
        Ok(client_data(&registration(response)?.response.client_data_json)?.challenge)
    }

    fn finish_registration(&self, state: &[u8], response: &Value) -> Result<NewCredential, WebAuthnError> {
        let answer = registration(response)?;
        refuse_frames(&answer.response.client_data_json)?;
        let state = from_bytes(state)?;
        let credential = self.core.register_credential(&answer, &state, None).map_err(refusal)?;
        Ok(NewCredential {
            credential_id: CredentialId::from_bytes(credential.cred_id).ok_or(WebAuthnError::Malformed)?,
            public_key: to_text(&credential.cred)?,
            sign_count: credential.counter,
            is_backup_eligible: credential.backup_eligible,
            is_backed_up: credential.backup_state,
            transports: transports(response),
        })
    }

    fn begin_authentication(&self, allowed: &[Passkey]) -> Result<Ceremony, WebAuthnError> {
        let builder = self
            .core
            .new_challenge_authenticate_builder(Vec::new(), Some(UserVerificationPolicy::Required))
            .map_err(|error| internal(&error))?;
        let (options, state) = self.core.generate_challenge_authenticate(builder).map_err(|error| internal(&error))?;
        let challenge = options.public_key.challenge.clone();
        let mut options = to_value(&options.public_key)?;
        set_descriptors(&mut options, "allowCredentials", allowed);
        Ok(Ceremony { options, challenge, state: to_bytes(&state)? })
    }

    fn read_assertion(&self, response: &Value) -> Result<AssertionClaims, WebAuthnError> {
        let answer = assertion(response)?;
        Ok(AssertionClaims {
            challenge: client_data(&answer.response.client_data_json)?.challenge,
            credential_id: CredentialId::from_bytes(answer.raw_id).ok_or(WebAuthnError::Malformed)?,
            user_handle: answer.response.user_handle.filter(|handle| !handle.is_empty()),
        })
    }

    fn finish_authentication(
        &self,
        state: &[u8],
        response: &Value,
        passkey: &Passkey,
    ) -> Result<VerifiedAssertion, WebAuthnError> {
        let answer = assertion(response)?;
        refuse_frames(&answer.response.client_data_json)?;
        let (state, credential) = (from_bytes(state)?, credential(passkey)?);
        let proven = self.core.authenticate_single_credential(&answer, &state, &credential).map_err(refusal)?;
        Ok(VerifiedAssertion { sign_count: proven.counter(), is_backed_up: proven.backup_state() })
    }
}

/// The library's form of a stored passkey.
fn credential(passkey: &Passkey) -> Result<Credential, WebAuthnError> {
    let stored = CredentialV3 {
        cred_id: passkey.credential_id.as_bytes().to_vec(),
        cred: from_bytes(passkey.public_key.as_bytes())?,
        counter: passkey.sign_count,
        verified: true,
        registration_policy: UserVerificationPolicy::Required,
    };
    let credential = Credential::from(stored);
    Ok(Credential { backup_eligible: passkey.is_backup_eligible, backup_state: passkey.is_backed_up, ..credential })
}

/// The library leaves out the transports, which tell a browser how to reach an authenticator.
fn set_descriptors(options: &mut Value, member: &str, passkeys: &[Passkey]) {
    let descriptors = passkeys.iter().map(|passkey| {
        json!({"type": "public-key", "id": passkey.credential_id.to_text(), "transports": passkey.transports})
    });
    options[member] = descriptors.collect();
}

/// Refuses a ceremony in a frame of another site: the user does not see who asks. The library does so for registrations only.
fn refuse_frames(client_data_json: &[u8]) -> Result<(), WebAuthnError> {
    match client_data(client_data_json)?.cross_origin {
        Some(true) => Err(WebAuthnError::Refused(LibraryError::CredentialCrossOrigin.to_string())),
        Some(false) | None => Ok(()),
    }
}

fn refusal(error: LibraryError) -> WebAuthnError {
    match error {
        LibraryError::CredentialPossibleCompromise => WebAuthnError::CounterWentBack,
        // The message of a parser may quote the input.
        LibraryError::ParseBase64Failure(_) | LibraryError::ParseCBORFailure(_) | LibraryError::ParseJSONFailure(_) => {
            WebAuthnError::Malformed
        }
        other => WebAuthnError::Refused(other.to_string()),
    }
}

fn internal(error: &LibraryError) -> WebAuthnError {
    WebAuthnError::Internal(error.to_string())
}

fn to_value(value: &impl Serialize) -> Result<Value, WebAuthnError> {
    serde_json::to_value(value).map_err(|error| WebAuthnError::Internal(error.to_string()))
}

fn to_text(value: &impl Serialize) -> Result<String, WebAuthnError> {
    serde_json::to_string(value).map_err(|error| WebAuthnError::Internal(error.to_string()))
}

fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, WebAuthnError> {
    to_text(value).map(String::into_bytes)
}

fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WebAuthnError> {
    serde_json::from_slice(bytes).map_err(|_| WebAuthnError::Internal("a stored value cannot be read".to_owned()))
}
