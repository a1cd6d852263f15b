//! Where the messages of a channel go, or what deals with them.

use std::{sync::Arc, time::Duration};

use selfsame_domain::EndpointName;
use selfsame_ports::{Channel, MailError, Mailer, SmsError, SmsSender, WebhookError, WebhookSender};

/// The adapter of a channel.
#[derive(Clone)]
pub enum Outlet {
    /// Mails.
    Mail(Arc<dyn Mailer>),
    /// Text messages.
    Sms(Arc<dyn SmsSender>),
    /// Events to one endpoint.
    Webhook(EndpointName, Arc<dyn WebhookSender>),
    /// Exports, which this server makes.
    Exports,
}

/// Why a message was not sent.
pub(super) enum Unsent {
    /// Worth another try.
    Temporary {
        reason: String,
        /// The least time until then, if the other side named one.
        retry_after: Option<Duration>,
    },
    /// Not worth another try.
    Permanent(String),
}

impl Outlet {
    /// The channel that it drains.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Mail,
            Self::Sms(_) => Channel::Sms,
            Self::Webhook(endpoint, _) => Channel::Webhook(endpoint.clone()),
            Self::Exports => Channel::Export,
        }
    }
}

impl From<MailError> for Unsent {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Temporary(reason) => Self::Temporary { reason, retry_after: None },
            MailError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

impl From<SmsError> for Unsent {
    fn from(error: SmsError) -> Self {
        match error {
            SmsError::Temporary(reason) => Self::Temporary { reason, retry_after: None },
            SmsError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

impl From<WebhookError> for Unsent {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Temporary { reason, retry_after } => Self::Temporary { reason, retry_after },
            WebhookError::Gone => Self::Permanent(error.to_string()),
        }
    }
}
