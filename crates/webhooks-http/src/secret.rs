//! The secrets of an endpoint, and the signature of a message by each of them.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_ports::WebhookMessage;
use zeroize::Zeroizing;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret, after Standard Webhooks.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;
/// Secrets of one endpoint: the one in use, and while it is replaced the next or the last one.
pub const MAX_SECRETS: usize = 2;

/// The secrets of an endpoint. No `Debug`, because they are secrets.
pub struct Secrets(Vec<hmac::Key>);

/// Why a text is not a list of secrets. The error does not contain it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is none, or more than [`MAX_SECRETS`].
    #[error("must be one secret, or two with a comma between them")]
    Count,
    /// It is not of the form.
    #[error(
        "must be whsec_ and the base64 of 24 to 64 random bytes, such as the output of: \
         echo whsec_$(openssl rand -base64 32)"
    )]
    Form,
}

impl Secrets {
    /// Reads secrets with commas between them.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let keys = text.split(',').map(|secret| key(secret.trim())).collect::<Result<Vec<_>, _>>()?;
        if keys.len() > MAX_SECRETS { Err(SecretError::Count) } else { Ok(Self(keys)) }
    }

    /// The header `webhook-signature` of a message that is sent at `timestamp`, in Unix seconds: a signature by each secret.
    pub(crate) fn signature(&self, message: &WebhookMessage, timestamp: i64) -> String {
        let signed = format!("{}.{timestamp}.{}", message.id, message.body);
        let sign = |key: &hmac::Key| format!("v1,{}", STANDARD.encode(hmac::sign(key, signed.as_bytes())));
        self.0.iter().map(sign).collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &str) -> Result<hmac::Key, SecretError> {
    if secret.is_empty() {
        return Err(SecretError::Count);
    }
    let encoded = secret.strip_prefix(PREFIX).ok_or(SecretError::Form)?;
    let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_not_base64| SecretError::Form)?);
    if !LENGTHS.contains(&bytes.len()) {
        return Err(SecretError::Form);
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference implementations.
    const EXAMPLE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn message() -> WebhookMessage {
        let body = r#"{"test": 2432232314}"#.to_owned();
        WebhookMessage { id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(), event: "test".to_owned(), body }
    }

    #[test]
    fn a_message_is_signed_as_the_reference_implementations_sign_it() {
        let secrets = Secrets::parse(EXAMPLE).ok().unwrap();
        assert_eq!(secrets.signature(&message(), 1_614_265_330), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_a_secret_is_replaced_both_sign() {
        let other = format!("whsec_{}", STANDARD.encode([7; 32]));
        let both = Secrets::parse(&format!("{EXAMPLE}, {other}")).ok().unwrap().signature(&message(), 1);
        let each = [EXAMPLE, &other].map(|secret| Secrets::parse(secret).ok().unwrap().signature(&message(), 1));
        assert_eq!(both, each.join(" "));
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let short = format!("whsec_{}", STANDARD.encode([7; 23]));
        let long = format!("whsec_{}", STANDARD.encode([7; 65]));
        for text in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_not base64 at all!", &short, &long] {
            assert_eq!(Secrets::parse(text).err(), Some(SecretError::Form), "{text}");
        }
        let three = [EXAMPLE; 3].join(",");
        for text in ["", ",", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,", &three] {
            assert_eq!(Secrets::parse(text).err(), Some(SecretError::Count), "{text}");
        }
    }
}
