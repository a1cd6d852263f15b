//! Text messages, and the port that sends them.

use selfsame_domain::Instant;
use selfsame_texts::{Arg, Form, Language, TextError, text};
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
    /// The text in a language.
    pub fn text(&self, language: Language, app_name: &str) -> Result<String, TextError> {
        let app_name = ("app_name", Arg::from(app_name));
        let (key, code, minutes) = match self {
            Self::VerifyPhone { code, minutes } => ("sms-verify-phone", code, minutes),
            Self::SignIn { code, minutes } => ("sms-sign-in", code, minutes),
            Self::Test => return text(language, "sms-test", Form::Plain, &[app_name]),
        };
        // Not isolated: the code is to be copied, and some phones show the marks.
        let code = ("code", Arg::Words(code.into()));
        text(language, key, Form::Plain, &[code, app_name, ("minutes", (*minutes).into())])
    }
}

/// A text message to one number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextMessage {
    /// The same at every try, so that a gateway can recognise a repetition.
    pub id: String,
    /// The stored number of the recipient, in E.164.
    pub to: String,
    /// The language of the recipient (BCP 47), if known.
    #[serde(default)]
    pub locale: Option<String>,
    /// Its content.
    pub sms: Sms,
}

impl TextMessage {
    /// The text, the same in every adapter. `otherwise` is the language of readers whose language is not known.
    pub fn text(&self, app_name: &str, otherwise: Language) -> Result<String, TextError> {
        self.sms.text(Language::of_reader(self.locale.as_deref(), otherwise), app_name)
    }
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
        let text = sms.text(Language::English, "Selfsame").unwrap();
        assert_eq!(text, "1234567890 is your code for Selfsame. It is valid for 10 minutes. Share it with nobody.");
        assert!(sms.text(Language::English, &"x".repeat(70)).unwrap().len() <= 160);
        let sign_in = Sms::SignIn { code: "1234567890".to_owned(), minutes: 1 };
        let text = sign_in.text(Language::English, "Selfsame").unwrap();
        assert!(text.starts_with("1234567890 is your code to sign in to Selfsame. It is valid for 1 minute."));
        assert!(sign_in.text(Language::English, &"x".repeat(70)).unwrap().len() <= 160);
        let stored = serde_json::to_value(&sms).unwrap();
        assert_eq!(stored["sms"], "verify_phone");
    }
}
