//! The options of a gateway, and their errors.

use std::time::Duration;

use selfsame_texts::Language;

/// Options of a gateway. No `Debug`, because they contain a secret.
#[derive(Clone)]
pub struct GatewayOptions {
    /// The address that messages are posted to, http or https. Redirects are not followed.
    pub url: String,
    /// The sender: a number, or a name that the provider has registered.
    pub from: String,
    /// How the body is written.
    pub format: BodyFormat,
    /// The body, with placeholders. `{to}`, the number in E.164, or `{to_digits}`, the same without the plus sign, and
    /// `{text}` must be in it; `{from}` and `{id}`, the same for each try of a message, may.
    pub body: String,
    /// The scheme of the header `Authorization`: `Basic`, `Bearer`, or a provider's own. Empty: no such header.
    pub scheme: String,
    /// What follows the scheme; for `Basic` the user and the password with a colon between them, not encoded.
    pub secret: String,
    /// The name of the service in the messages.
    pub app_name: String,
    /// Language of messages to readers whose language is not known.
    pub language: Language,
    /// Deadline of one request, from the look-up of the host to the last byte of the answer (R85).
    pub timeout: Duration,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`. Values are percent-encoded.
    Form,
    /// `application/json`. Values are escaped as parts of a string.
    Json,
}

/// Why the gateway could not be made. The text contains neither the address nor the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// `url` is not an http or https address.
    #[error("the address of the SMS gateway is not an http or https URL with a host")]
    Url,
    /// The body has no recipient or no text.
    #[error("the body for the SMS gateway needs the placeholders {{text}} and {{to}} or {{to_digits}}")]
    Placeholders,
    /// The body is not JSON.
    #[error("the body for the SMS gateway is not JSON; each placeholder must be part of a string")]
    Json,
    /// Scheme and secret are not a header.
    #[error("the scheme and the secret for the SMS gateway must be given together, without control characters")]
    Authorization,
}
