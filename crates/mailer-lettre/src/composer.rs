//! Composes a mail (RFC 5322, MIME) from a [`Message`]: alternative text and HTML, in UTF-8. Except for `Date`, the
//! same message gives the same bytes at every try, so that a mail server can recognise a repetition by its Message-ID.
//!
//! No input reaches a header field unchecked: the recipient must be a bare address (R5), the identifier consists of
//! letters, digits and `-_.`, the name is in the body only.

use std::time::SystemTime;

use lettre::{
    Address,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use selfsame_domain::Instant;
use selfsame_ports::{MailError, Message};
use url::Host;

use crate::{
    MailerOptions, SetupError,
    words::{Brand, Templates},
};

/// Longest identifier of a message, in bytes.
const ID_MAX: usize = 64;

/// The colour of buttons, unless the operator has another.
const DEFAULT_COLOR: &str = "#1f5fbf";

/// Composes mails from one sender.
pub(crate) struct Composer {
    from: Mailbox,
    templates: Templates,
}

impl Composer {
    pub(crate) fn new(options: &MailerOptions) -> Result<Self, SetupError> {
        let name = one_line(&options.from_name);
        let address = sender(&options.from).ok_or(SetupError::From)?;
        Ok(Self {
            from: Mailbox::new(Some(name).filter(|name| !name.is_empty()), address),
            templates: Templates::new(Brand {
                app_name: one_line(&options.app_name),
                logo_url: options.logo_url.clone(),
                color: options.color.clone().unwrap_or_else(|| DEFAULT_COLOR.to_owned()),
            })
            .map_err(|error| SetupError::Layout(error.to_string()))?,
        })
    }

    /// The name of the service.
    pub(crate) fn app_name(&self) -> &str {
        self.templates.app_name()
    }

    /// Composes a mail, dated `now`.
    pub(crate) fn compose(&self, message: &Message, now: Instant) -> Result<lettre::Message, MailError> {
        if !is_id(&message.id) {
            return Err(refused("its identifier cannot stand in a header field"));
        }
        let to = recipient(&message.to).ok_or_else(|| refused("the address cannot be written"))?;
        let words = self
            .templates
            .render(&message.mail, message.name.as_deref(), message.circumstances.as_ref(), message.undo.as_ref())
            .map_err(|error| refused(&format!("a template failed ({:?})", error.kind())))?;
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(words.subject)
            // A clock that is not set must not panic the encoder, which has no time before 1970.
            .date(SystemTime::from(now.max(Instant::UNIX_EPOCH)))
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .raw_header(auto_submitted())
            .multipart(
                MultiPart::alternative()
                    // `=_` occurs neither in quoted-printable nor in the templates.
                    .boundary(format!("=_{}", message.id))
                    .singlepart(SinglePart::plain(words.text))
                    .singlepart(SinglePart::html(words.html)),
            )
            .map_err(|_| refused("it cannot be put together"))
    }
}

/// Whether `id` may be part of a Message-ID, a MIME boundary and a file name.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=ID_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && id.split('.').all(|atom| !atom.is_empty())
}

/// The stored address, unchanged (R4), if it is a bare one.
fn recipient(address: &str) -> Option<Address> {
    let smuggles = |char: char| char.is_control() || char.is_whitespace() || ",;:<>()[]\\\"".contains(char);
    if address.contains(smuggles) {
        return None;
    }
    address.parse().ok()
}

/// The sender's address, with its host name in ASCII, for the Message-ID.
fn sender(address: &str) -> Option<Address> {
    let (local, host) = address.rsplit_once('@')?;
    recipient(&format!("{local}@{}", Host::parse(host).ok()?))
}

/// Text for a header field: control characters become spaces.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ").trim().to_owned()
}

/// Tells automatic responders not to reply (RFC 3834).
fn auto_submitted() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

fn refused(reason: &str) -> MailError {
    MailError::Permanent(reason.to_owned())
}

#[cfg(test)]
mod tests;
