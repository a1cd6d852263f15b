//! The ceremonies of WebAuthn: options for the browser, and verification of what an authenticator answers.

use selfsame_domain::{CredentialId, Passkey};
use serde_json::Value;

/// The account that a passkey is registered for.
#[derive(Clone, Debug)]
pub struct NewPasskeyOwner<'a> {
    /// Names the account to authenticators. No personal data, at most 64 bytes.
    pub handle: &'a [u8],
    /// Tells accounts apart: the address or the username.
    pub name: &'a str,
    /// The name of the person.
    pub display_name: &'a str,
    /// The passkeys that the account has. Their authenticators do not make another one.
    pub existing: &'a [Passkey],
}

/// A ceremony that was begun.
#[derive(Clone)]
pub struct Ceremony {
    /// The options for the browser, as `publicKey` of `navigator.credentials`, bytes in base64url.
    pub options: Value,
    /// The challenge in them: at least 128 random bits (R36).
    pub challenge: Vec<u8>,
    /// What is needed to finish it. To be kept on the server.
    pub state: Vec<u8>,
}

/// What a registration proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// The id of the credential.
    pub credential_id: CredentialId,
    /// Its public key, in the form of the adapter.
    pub public_key: String,
    /// The signature counter.
    pub sign_count: u32,
    /// Whether the credential may be copied to other devices.
    pub is_backup_eligible: bool,
    /// Whether it is copied now.
    pub is_backed_up: bool,
    /// The transports that the browser reported.
    pub transports: Vec<String>,
}

/// What an assertion claims, before it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertionClaims {
    /// The challenge that it answers.
    pub challenge: Vec<u8>,
    /// The credential that signed it.
    pub credential_id: CredentialId,
    /// The account, as the authenticator knows it.
    pub user_handle: Option<Vec<u8>>,
}

/// What a verified assertion says of its passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedAssertion {
    /// The signature counter.
    pub sign_count: u32,
    /// Whether the credential is copied now.
    pub is_backed_up: bool,
}

/// A relying party of WebAuthn (R36). User verification is always required; attestation is neither asked for nor checked.
///
/// The implementation checks type, challenge, origin, relying party, user presence and verification, algorithm, signature
/// and counter (WebAuthn sections 7.1 and 7.2). The caller keeps the state of a ceremony, consumes it before it finishes the
/// ceremony, checks the owner of a credential and stores it under a unique credential id (R37).
pub trait WebAuthn: Send + Sync {
    /// The id of the relying party: a host name.
    fn rp_id(&self) -> &str;
    /// Begins the registration of a discoverable credential.
    fn begin_registration(&self, owner: &NewPasskeyOwner<'_>) -> Result<Ceremony, WebAuthnError>;
    /// The challenge that a registration answers, before it is verified.
    fn read_registration(&self, response: &Value) -> Result<Vec<u8>, WebAuthnError>;
    /// Verifies a registration (`RegistrationResponseJSON`).
    fn finish_registration(&self, state: &[u8], response: &Value) -> Result<NewCredential, WebAuthnError>;
    /// Begins an authentication with one of these passkeys, or with any discoverable one if there are none.
    fn begin_authentication(&self, allowed: &[Passkey]) -> Result<Ceremony, WebAuthnError>;
    /// What an assertion claims, before it is verified.
    fn read_assertion(&self, response: &Value) -> Result<AssertionClaims, WebAuthnError>;
    /// Verifies an assertion (`AuthenticationResponseJSON`) of a passkey.
    fn finish_authentication(
        &self,
        state: &[u8],
        response: &Value,
        passkey: &Passkey,
    ) -> Result<VerifiedAssertion, WebAuthnError>;
}

/// Why a ceremony failed. The text contains no data of the response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebAuthnError {
    /// Not the JSON of a response.
    #[error("not a WebAuthn response")]
    Malformed,
    /// The response does not prove what it should.
    #[error("refused: {0}")]
    Refused(String),
    /// The signature counter is not greater than the stored one: the authenticator may have been copied.
    #[error("the signature counter went back")]
    CounterWentBack,
    /// An internal fault: a state or a stored key that cannot be read.
    #[error("internal: {0}")]
    Internal(String),
}
