//! The part of a conversation that sends one mail, and the deadline of the whole conversation.
//!
//! Before the content of the mail, a conversation can be aborted and repeated. After it, the server may have accepted
//! the mail even if no reply comes, and another try may be a second copy. So the content is only sent while at least
//! half of the time is left for that last reply, which is more than all earlier replies took.

use std::time::{Duration, Instant};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        client::SmtpConnection,
        commands::{Data, Mail, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use selfsame_ports::MailError;

use super::{failure, temporary};

pub(super) const TOO_SLOW: &str = "the server did not answer in time";

/// The deadline of a conversation.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    end: Instant,
    content_until: Instant,
}

impl Deadline {
    pub(super) fn after(timeout: Duration) -> Self {
        let now = Instant::now();
        Self { end: now + timeout, content_until: now + timeout / 2 }
    }

    /// The time that is left.
    pub(super) fn left(self) -> Result<Duration, MailError> {
        let left = self.end.saturating_duration_since(Instant::now());
        // The operating system has no timeout of zero.
        if left < Duration::from_millis(1) { Err(temporary(TOO_SLOW)) } else { Ok(left) }
    }

    /// Limits each read of the next step to the time that is left.
    pub(super) fn limit(self, connection: &mut SmtpConnection) -> Result<(), MailError> {
        let left = self.left()?;
        connection.set_timeout(Some(left)).map_err(|error| temporary(&format!("the connection broke: {error}")))
    }

    fn has_time_for_content(self) -> bool {
        Instant::now() < self.content_until
    }
}

/// Sends one mail. `Ok` means that the server has accepted it.
pub(super) fn hand_over(
    connection: &mut SmtpConnection,
    mail: &lettre::Message,
    deadline: Deadline,
) -> Result<(), MailError> {
    let (envelope, content) = (mail.envelope(), mail.formatted());
    let parameters = parameters(connection, envelope, &content)?;
    let of_the_mail = |error| failure::of_the_mail(&error);
    deadline.limit(connection)?;
    connection.command(Mail::new(envelope.from().cloned(), parameters)).map_err(of_the_mail)?;
    for recipient in envelope.to() {
        deadline.limit(connection)?;
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).map_err(of_the_mail)?;
    }
    deadline.limit(connection)?;
    connection.command(Data).map_err(of_the_mail)?;
    if !deadline.has_time_for_content() {
        return Err(temporary("the server is too slow to be sent a mail"));
    }
    deadline.limit(connection)?;
    connection.message(&content).map_err(of_the_mail)?;
    Ok(())
}

/// The parameters of RFC 6531 and RFC 6152 for a mail beyond ASCII, if the server supports them.
fn parameters(
    connection: &SmtpConnection,
    envelope: &Envelope,
    content: &[u8],
) -> Result<Vec<MailParameter>, MailError> {
    let offers = |extension| connection.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
        if !offers(Extension::SmtpUtfEight) {
            return Err(MailError::Permanent("the server takes no such address".to_owned()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !content.is_ascii() {
        if !offers(Extension::EightBitMime) {
            return Err(MailError::Permanent("the server takes no mail beyond ASCII".to_owned()));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}
