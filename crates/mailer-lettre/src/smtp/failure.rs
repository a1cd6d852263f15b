//! Classifies failed conversations. The text contains neither recipient nor content: servers quote the address in their
//! replies, so of a reply only the code and the enhanced status (RFC 3463) are kept.

use std::{error::Error as _, io};

use lettre::transport::smtp::Error;
use selfsame_ports::MailError;

/// No connection, no TLS, wrong credentials: the failure is not about this mail, which is tried again.
pub(super) fn before_the_mail(error: &Error) -> MailError {
    MailError::Temporary(describe(error))
}

/// A 5xx reply to the mail itself is permanent; everything else is temporary.
pub(super) fn of_the_mail(error: &Error) -> MailError {
    let code = error.status().map(u16::from);
    match code {
        // RFC 4954 section 6: about our credentials, not about the mail.
        Some(530..=538) => MailError::Temporary(describe(error)),
        Some(500..) => MailError::Permanent(describe(error)),
        _ => MailError::Temporary(describe(error)),
    }
}

fn describe(error: &Error) -> String {
    if let Some(code) = error.status() {
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        return match text.split_ascii_whitespace().next().filter(|word| is_enhanced_status(word)) {
            Some(status) => format!("the server answered {code} {status}"),
            None => format!("the server answered {code}"),
        };
    }
    let mut sources = std::iter::successors(error.source(), |&error| error.source());
    if let Some(error) = sources.find_map(|error| error.downcast_ref::<io::Error>()) {
        return match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "the server did not answer in time".to_owned(),
            _ => format!("no connection to the server: {error}"),
        };
    }
    if error.is_client() {
        // A message of lettre, for instance that STARTTLS is not offered.
        return error.source().map_or_else(|| "no common ground with the server".to_owned(), ToString::to_string);
    }
    "the connection broke, or the server's reply makes no sense".to_owned()
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
