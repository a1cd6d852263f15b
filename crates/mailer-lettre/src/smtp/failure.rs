//! Why a step of a conversation failed. The text contains neither recipient nor content: servers quote the address in
//! their replies, so of a reply only the code and the enhanced status (RFC 3463) are kept.

use std::io;

use selfsame_ports::MailError;

use super::reply::{Heard, Reply};

pub(super) const TOO_SLOW: &str = "the server did not answer in time";

/// A step that failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server refused it.
    Refused(Reply),
    /// There was no complete reply.
    Broken {
        /// Why.
        reason: String,
        /// The received part of it.
        heard: Heard,
    },
}

impl Failure {
    pub(super) fn broken(reason: impl Into<String>) -> Self {
        Self::Broken { reason: reason.into(), heard: Heard::Nothing }
    }

    /// Of a connection that could not be opened, written to or read from.
    pub(super) fn io(error: &io::Error) -> Self {
        Self::broken(match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => TOO_SLOW.to_owned(),
            _ => format!("no connection to the server: {error}"),
        })
    }

    pub(super) fn heard(self, heard: Heard) -> Self {
        match self {
            Self::Broken { reason, .. } => Self::Broken { reason, heard },
            refused @ Self::Refused(_) => refused,
        }
    }

    /// No connection, no TLS, wrong credentials: the failure is not about this mail, which is tried again.
    pub(super) fn before_the_mail(self) -> MailError {
        MailError::Temporary(self.describe())
    }

    /// A 5xx reply to the mail itself is permanent; everything else is temporary.
    pub(super) fn of_the_mail(self) -> MailError {
        match &self {
            // RFC 4954 section 6: about our credentials, not about the mail.
            Self::Refused(Reply { code: 530..=538, .. }) => MailError::Temporary(self.describe()),
            Self::Refused(Reply { code: 500.., .. }) => MailError::Permanent(self.describe()),
            _ => MailError::Temporary(self.describe()),
        }
    }

    /// The result of the step after which the server may have accepted the mail. An answer that cannot be read is not
    /// taken for a refusal: the mail would be sent again, up to ten times. Without any answer it is sent again.
    pub(super) fn after_the_mail(self) -> Result<(), MailError> {
        match self {
            Self::Broken { heard: Heard::Acceptance, .. } => Ok(()),
            Self::Broken { heard: Heard::Refusal(code), .. } => {
                Err(Self::Refused(Reply { code, lines: Vec::new() }).of_the_mail())
            }
            other => Err(other.of_the_mail()),
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Broken { reason, .. } => reason.clone(),
            Self::Refused(Reply { code, lines }) => {
                let word = lines.first().and_then(|line| line.split_ascii_whitespace().next());
                match word.filter(|word| is_enhanced_status(word)) {
                    Some(status) => format!("the server answered {code} {status}"),
                    None => format!("the server answered {code}"),
                }
            }
        }
    }
}

/// `5.1.1`
fn is_enhanced_status(word: &str) -> bool {
    let mut parts = word.split('.');
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(|class| matches!(class, "2" | "4" | "5"))
        && parts.by_ref().take(2).filter(|part| is_number(part)).count() == 2
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_enhanced_status;

    #[test]
    fn only_a_status_is_taken_for_a_status() {
        for status in ["5.1.1", "4.7.25", "2.0.0"] {
            assert!(is_enhanced_status(status), "{status}");
        }
        for other in
            ["", "5", "5.1", "5.1.1.1", "5.1.", "3.1.1", "5.1.1234", "5.a.1", "<jane@example.com>:", "192.0.2.1"]
        {
            assert!(!is_enhanced_status(other), "{other}");
        }
    }
}
