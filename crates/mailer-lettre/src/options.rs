//! What the operator says about mail, and what is wrong with it.

use std::time::Duration;

/// How mail is written and where it goes. No `Debug`: the URL holds a password.
#[derive(Clone)]
pub struct MailerOptions {
    /// Where the SMTP server is; the development mailbox does not look at it.
    ///
    /// | URL | TLS | default port |
    /// |---|---|---|
    /// | `smtps://…` | from the first byte | 465 |
    /// | `smtp://user:password@host` | STARTTLS, or no mail | 587 |
    /// | `smtp://host` | STARTTLS if offered | 25 |
    /// | `smtp://…?tls=required` | STARTTLS, or no mail | |
    /// | `smtp://…?tls=opportunistic` | STARTTLS if offered | |
    /// | `smtp://…?tls=none` | none: for a relay on the same machine | |
    ///
    /// Reserved characters in user and password are percent-encoded.
    pub url: String,
    /// Address that every mail comes from.
    pub from: String,
    /// Name beside it. May be empty.
    pub from_name: String,
    /// What the mails call this service.
    pub app_name: String,
    /// Deadline of one whole conversation with the server, from the connection to the last reply (R85). A mail is only sent
    /// while half of it is left.
    pub timeout: Duration,
}

/// Why there is no mailer. Says nothing of what stands in the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// `from` is not an address.
    #[error("the sender of mails is not an e-mail address")]
    From,
    /// `url` is not understood.
    #[error("the mail URL is wrong: {0}")]
    Url(&'static str),
    /// The folder of the development mailbox cannot be made.
    #[error("the mailbox folder cannot be made: {0}")]
    Folder(std::io::ErrorKind),
    /// A fault in this crate: a layout that does not parse.
    #[error("the layout of mails is broken: {0}")]
    Layout(String),
}
