//! The texts that people read, in every language of this server: mails, text messages, pages, titles of problems and of
//! what happened to an account.
//!
//! | file | content |
//! |---|---|
//! | `locales/TAG/*.ftl` | the texts of a language, in Fluent; English has all keys that there are |
//! | `language.rs` | the languages, and which of them a language tag or a request means |
//! | `bundle.rs` | the text of a key, with its values |
//! | `isolation.rs` | values whose direction of writing is not that of the text around them |
//! | `templates.rs` | texts in the templates of mails and pages |
//!
//! May know: Fluent, the template engine. Must not know: what the texts are used for.
//!
//! To add a text: its key in the file of every language. To add a language: a variant of [`Language`], and its folder.

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod bundle;
mod isolation;
mod language;
#[cfg(feature = "templates")]
pub mod templates;
#[cfg(test)]
mod tests;

pub use bundle::{Arg, Form, TextError, text};
pub use language::{Direction, Language, PerLanguage};
