//! Text messages, and the port that sends them.

use selfsame_domain::Instant;
use serde::{Deserialize, Serialize};

/// The kind of a text message, with its data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sms", rename_all = "snake_case")]
pub enum Sms {
    /// Prove that this number is yours.
    VerifyPhone {
        /// For typing.
        code: String,
        /// Life of the code, in minutes.
        minutes: i64,
    },
    /// Sign in, or give the second factor, with this number.
    SignIn {
        /// For typing.
        code: String,
        /// Life of the code, in minutes.
        minutes: i64,
    },
    /// A test by the operator.
    Test,
}

impl Sms {
    /// The text, the same in every adapter. The code comes first, because it is what a phone shows of the message without
    /// opening it. Characters of GSM 03.38 only, apart from the name of the service, so that it is one message.
    pub fn text(&self, app_name: &str) -> String {
        let lifetime = |minutes: i64| format!("{minutes} {}", if minutes == 1 { "minute" } else { "minutes" });
        match self {
            Self::VerifyPhone { code, minutes } => {
                let lifetime = lifetime(*minutes);
                format!("{code} is your code for {app_name}. It is valid for {lifetime}. Share it with nobody.")
            }
            Self::SignIn { code, minutes } => {
                let lifetime = lifetime(*minutes);
                format!(
                    "{code} is your code to sign in to {app_name}. It is valid for {lifetime}. Share it with nobody."
                )
            }
            Self::Test => format!("This is a test message from {app_name}."),
        }
    }
}

/// A text message to one number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextMessage {
    /// The same at every try, so that a gateway can recognise a repetition.
    pub id: String,
    /// The stored number of the recipient, in E.164.
    pub to: String,
    /// Its content.
    pub sms: Sms,
}

/// Sends text messages: through a gateway, or into a development mailbox.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SmsSender: Send + Sync {
    /// Sends one message. `Ok` means that the other side has accepted it. A try that failed in between may have been
    /// accepted all the same, and is repeated.
    fn send(&self, message: &TextMessage, now: Instant) -> Result<(), SmsError>;
}

/// Why a message was not sent. The text contains neither the recipient nor the content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// Worth another try: no connection, time-out, overload, refused credentials.
    #[error("the text message could not be handed over yet: {0}")]
    Temporary(String),
    /// Not worth another try: the gateway refuses this message.
    #[error("the text message was refused: {0}")]
    Permanent(String),
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_code_comes_first_and_fits_into_one_message() {
        let sms = Sms::VerifyPhone { code: "1234567890".to_owned(), minutes: 10 };
        let text = sms.text("Selfsame");
        assert_eq!(text, "1234567890 is your code for Selfsame. It is valid for 10 minutes. Share it with nobody.");
        assert!(sms.text(&"x".repeat(70)).len() <= 160);
        let sign_in = Sms::SignIn { code: "1234567890".to_owned(), minutes: 1 };
        assert!(
            sign_in
                .text("Selfsame")
                .starts_with("1234567890 is your code to sign in to Selfsame. It is valid for 1 minute.")
        );
        assert!(sign_in.text(&"x".repeat(70)).len() <= 160);
        let stored = serde_json::to_value(&sms).unwrap();
        assert_eq!(stored["sms"], "verify_phone");
    }
}
