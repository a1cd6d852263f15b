//! The JSON of browsers: what is read of it before it is verified.

use selfsame_ports::WebAuthnError;
use serde_json::Value;
use webauthn_rs_core::proto::{CollectedClientData, PublicKeyCredential, RegisterPublicKeyCredential};

/// The type of every credential.
const PUBLIC_KEY: &str = "public-key";

/// Most transports of a passkey, and the greatest length of one. Today there are six.
const TRANSPORTS: usize = 8;
const TRANSPORT_MAX: usize = 32;

/// A registration. Transports are read by [`transports`].
pub(crate) fn registration(response: &Value) -> Result<RegisterPublicKeyCredential, WebAuthnError> {
    let mut response = response.clone();
    if let Some(members) = response.get_mut("response").and_then(Value::as_object_mut) {
        members.remove("transports");
    }
    let read: RegisterPublicKeyCredential = read(response)?;
    if read.type_ == PUBLIC_KEY { Ok(read) } else { Err(WebAuthnError::Malformed) }
}

/// An assertion.
pub(crate) fn assertion(response: &Value) -> Result<PublicKeyCredential, WebAuthnError> {
    let read: PublicKeyCredential = read(response.clone())?;
    if read.type_ == PUBLIC_KEY { Ok(read) } else { Err(WebAuthnError::Malformed) }
}

/// The client data.
pub(crate) fn client_data(json: &[u8]) -> Result<CollectedClientData, WebAuthnError> {
    serde_json::from_slice(json).map_err(|_| WebAuthnError::Malformed)
}

/// The transports that a browser reported. Words of later standards are kept, anything else is dropped.
pub(crate) fn transports(response: &Value) -> Vec<String> {
    let reported = response.pointer("/response/transports").and_then(Value::as_array);
    let words = reported.into_iter().flatten().filter_map(Value::as_str);
    let is_word = |word: &&str| {
        (1..=TRANSPORT_MAX).contains(&word.len()) && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'-'))
    };
    words.filter(is_word).take(TRANSPORTS).map(str::to_owned).collect()
}

fn read<T: serde::de::DeserializeOwned>(response: Value) -> Result<T, WebAuthnError> {
    serde_json::from_value(response).map_err(|_| WebAuthnError::Malformed)
}
