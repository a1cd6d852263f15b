//! [`Mailer`](selfsame_ports::Mailer) with lettre: over SMTP, or into a folder for development, which takes text messages too.
//!
//! | file | content |
//! |---|---|
//! | `options.rs` | the options of mail |
//! | `words.rs` | from a [`Message`](selfsame_ports::Message) to subject, text and HTML: one exhaustive match |
//! | `wrap.rs` | lines of a text |
//! | `composer.rs` | from a [`Message`](selfsame_ports::Message) to RFC 5322, the same bytes at every try |
//! | `smtp.rs` | sends it to an SMTP server within a deadline, over connections that are reused |
//! | `mailbox.rs` | writes it to the development mailbox, and reads that |
//!
//! To add a mail: a variant of `Mail`, two files in `templates/`, the line that the compiler then demands, and its sentences
//! in every language (`crates/texts`).

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod composer;
mod mailbox;
mod options;
mod smtp;
mod words;
mod wrap;

pub use mailbox::FileMailbox;
pub use options::{MailerOptions, SetupError};
pub use smtp::SmtpMailer;

/// Checks options without opening anything.
pub fn check(options: &MailerOptions) -> Result<(), SetupError> {
    if options.url.starts_with("file://") {
        return composer::Composer::new(options).map(drop);
    }
    SmtpMailer::connect(options).map(drop)
}
