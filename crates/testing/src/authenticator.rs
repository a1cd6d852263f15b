//! A software authenticator with one passkey, and the browser before it: answers the options of the server with the JSON that
//! pages send back (WebAuthn sections 5 and 6). Keys are ES256, attestation is `none`.
//!
//! It is written out here because a test has to misbehave in ways that no library offers, and because the one that was tried
//! turns on features of serde_json that the server does not have, for everything that is tested.

#![expect(clippy::disallowed_methods, reason = "it stands for a device that has its own randomness")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
};

use aws_lc_rs::{
    rand::{SystemRandom, fill},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The origin of the pages in front of the tests' servers.
pub const ORIGIN: &str = "http://localhost:8080";

/// Flags of authenticator data: user present, user verified, eligible for backup, attested credential data included.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const ATTESTED: u8 = 1 << 6;

/// An authenticator with one passkey, of the account that it was registered for last. A clone is the same authenticator.
#[derive(Clone)]
pub struct SoftwareKey {
    state: Arc<State>,
}

struct State {
    key: Arc<EcdsaKeyPair>,
    credential_id: [u8; 32],
    user_handle: Mutex<Option<String>>,
    /// Always 0 without a counter.
    counter: AtomicU32,
    has_counter: bool,
    is_careless: AtomicBool,
}

impl Default for SoftwareKey {
    fn default() -> Self {
        Self::new()
    }
}

impl SoftwareKey {
    /// An authenticator without a signature counter, as those of phones are.
    pub fn new() -> Self {
        Self::with(false)
    }

    /// An authenticator with a signature counter.
    pub fn with_counter() -> Self {
        Self::with(true)
    }

    fn with(has_counter: bool) -> Self {
        let mut credential_id = [0; 32];
        fill(&mut credential_id).unwrap();
        let state = State {
            key: Arc::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            credential_id,
            user_handle: Mutex::new(None),
            counter: AtomicU32::new(0),
            has_counter,
            is_careless: AtomicBool::new(false),
        };
        Self { state: Arc::new(state) }
    }

    /// From now on it does not verify the user, whatever it is asked for.
    pub fn be_careless(&self) {
        self.state.is_careless.store(true, Relaxed);
    }

    /// Another authenticator with the passkey as it is now.
    #[must_use]
    pub fn copy(&self) -> Self {
        let State { key, credential_id, user_handle, counter, has_counter, .. } = &*self.state;
        let state = State {
            key: Arc::clone(key),
            credential_id: *credential_id,
            user_handle: Mutex::new(user_handle.lock().unwrap().clone()),
            counter: AtomicU32::new(counter.load(Relaxed)),
            has_counter: *has_counter,
            is_careless: AtomicBool::new(false),
        };
        Self { state: Arc::new(state) }
    }

    /// Makes it know its account by another handle.
    pub fn set_user_handle(&self, handle: &[u8]) {
        *self.state.user_handle.lock().unwrap() = Some(URL_SAFE_NO_PAD.encode(handle));
    }

    /// Makes the passkey for the options of a registration, on a page of [`ORIGIN`].
    pub fn register(&self, options: &Value) -> Value {
        self.register_at(ORIGIN, options)
    }

    /// The same on a page of another origin.
    pub fn register_at(&self, origin: &str, options: &Value) -> Value {
        let id = URL_SAFE_NO_PAD.encode(self.state.credential_id);
        let excluded = options["excludeCredentials"].as_array().into_iter().flatten();
        assert!(
            excluded.map(|known| &known["id"]).all(|known| *known != id),
            "the authenticator has a passkey already"
        );
        *self.state.user_handle.lock().unwrap() = options["user"]["id"].as_str().map(ToOwned::to_owned);
        let client_data = client_data("webauthn.create", origin, options);
        let data = [
            self.data(options["rp"]["id"].as_str().unwrap(), ATTESTED, 0),
            [0; 16].to_vec(),
            vec![0, 32],
            self.state.credential_id.to_vec(),
            self.public_key_cbor(),
        ]
        .concat();
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "attestationObject": URL_SAFE_NO_PAD.encode(attestation_object(&data)),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// Signs the challenge of an authentication, on a page of [`ORIGIN`].
    pub fn sign(&self, options: &Value) -> Value {
        self.sign_at(ORIGIN, options)
    }

    /// The same on a page of another origin.
    pub fn sign_at(&self, origin: &str, options: &Value) -> Value {
        let id = URL_SAFE_NO_PAD.encode(self.state.credential_id);
        let allowed = options["allowCredentials"].as_array().filter(|allowed| !allowed.is_empty());
        let is_allowed = allowed.is_none_or(|allowed| allowed.iter().any(|known| known["id"] == id));
        assert!(is_allowed, "the authenticator has none of these passkeys");
        let counter = if self.state.has_counter { self.state.counter.fetch_add(1, Relaxed) + 1 } else { 0 };
        let client_data = client_data("webauthn.get", origin, options);
        let data = self.data(options["rpId"].as_str().unwrap(), 0, counter);
        let signed = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature = self.state.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature),
                "userHandle": *self.state.user_handle.lock().unwrap(),
            },
        })
    }

    /// Authenticator data without the credential (section 6.1).
    fn data(&self, rp_id: &str, flags: u8, counter: u32) -> Vec<u8> {
        let verified = if self.state.is_careless.load(Relaxed) { 0 } else { VERIFIED };
        let flags = flags | PRESENT | verified | BACKUP_ELIGIBLE;
        [&Sha256::digest(rp_id)[..], &[flags], &counter.to_be_bytes()].concat()
    }

    /// The public key in CBOR (RFC 9053 section 7.1): kty EC2, alg ES256, crv P-256, x, y.
    fn public_key_cbor(&self) -> Vec<u8> {
        let point = self.state.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        [&[0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat()
    }
}

/// The client data (section 5.8.1).
fn client_data(kind: &str, origin: &str, options: &Value) -> Vec<u8> {
    let data = json!({"type": kind, "challenge": options["challenge"], "origin": origin, "crossOrigin": false});
    data.to_string().into_bytes()
}

/// An attestation object of the format `none`, in CBOR (section 6.5.4).
fn attestation_object(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).unwrap();
    [&b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x58"[..], &[length], data].concat()
}
