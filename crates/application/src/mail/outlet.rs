//! Where the messages of a channel go, or what deals with them.

use std::sync::Arc;

use selfsame_ports::{Channel, MailError, Mailer, SmsError, SmsSender};

/// The adapter of a channel.
#[derive(Clone)]
pub enum Outlet {
    /// Mails.
    Mail(Arc<dyn Mailer>),
    /// Text messages.
    Sms(Arc<dyn SmsSender>),
    /// Exports, which this server makes.
    Exports,
}

/// Why a message was not sent.
pub(super) enum Unsent {
    /// Worth another try.
    Temporary(String),
    /// Not worth another try.
    Permanent(String),
}

impl Outlet {
    /// The channel that it drains.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Mail,
            Self::Sms(_) => Channel::Sms,
            Self::Exports => Channel::Export,
        }
    }
}

impl From<MailError> for Unsent {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Temporary(reason) => Self::Temporary(reason),
            MailError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

impl From<SmsError> for Unsent {
    fn from(error: SmsError) -> Self {
        match error {
            SmsError::Temporary(reason) => Self::Temporary(reason),
            SmsError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}
