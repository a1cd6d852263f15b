//! The options of mail, and their errors.

use std::time::Duration;

use selfsame_texts::Language;

/// Options of mail. No `Debug`, because the URL contains a password.
#[derive(Clone)]
pub struct MailerOptions {
    /// URL of the SMTP server; the development mailbox ignores it.
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
    /// Address of the sender.
    pub from: String,
    /// Name of the sender. May be empty.
    pub from_name: String,
    /// Name of the service in the mails.
    pub app_name: String,
    /// Language of mails to readers whose language is not known.
    pub language: Language,
    /// https address of a picture that stands at the head of the mails.
    pub logo_url: Option<String>,
    /// Colour of the button, as CSS has it.
    pub color: Option<String>,
    /// Deadline of one conversation with the server, from the connection to the last reply (R85). The content of a mail
    /// is only sent while half of it is left.
    pub timeout: Duration,
}

/// Why the mailer could not be made. The text does not contain the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// `from` is not an address.
    #[error("the sender of mails is not an e-mail address")]
    From,
    /// `url` is not valid.
    #[error("the mail URL is wrong: {0}")]
    Url(&'static str),
    /// The folder of the development mailbox cannot be created.
    #[error("the mailbox folder cannot be made: {0}")]
    Folder(std::io::ErrorKind),
    /// A fault in this crate: a template that does not parse.
    #[error("the layout of mails is broken: {0}")]
    Layout(String),
}
