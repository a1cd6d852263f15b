//! [`Mailer`](selfsame_ports::Mailer) with lettre: over SMTP, or into a folder for development.
//!
//! | file | idea |
//! |---|---|
//! | `options.rs` | what the operator says about mail |
//! | `words.rs` | from a [`Mail`](selfsame_ports::Mail) to subject, text and HTML: one exhaustive match |
//! | `composer.rs` | from a [`Message`](selfsame_ports::Message) to RFC 5322, the same bytes at every try |
//! | `smtp.rs` | hands it to an SMTP server; within a deadline; connections are used again |
//! | `mailbox.rs` | writes it to the development mailbox and reads that |
//!
//! A new mail is a variant of `Mail`, two files in `templates/` and the line that the compiler then asks for.

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod composer;
mod mailbox;
mod options;
mod smtp;
mod words;

pub use mailbox::FileMailbox;
pub use options::{MailerOptions, SetupError};
pub use smtp::SmtpMailer;
