//! Text messages in the mailbox: `To: NUMBER`, an empty line, the text.

use selfsame_ports::{StoredMail, TextMessage};

use super::FileName;

/// The file of a message.
pub(super) fn source(message: &TextMessage, text: &str) -> String {
    format!("To: {}\n\n{text}\n", message.to)
}

/// `None` for a source that this server did not write.
pub(super) fn read(source: &[u8], name: FileName) -> Option<StoredMail> {
    let source = std::str::from_utf8(source).ok()?;
    let (to, text) = source.strip_prefix("To: ")?.split_once("\n\n")?;
    Some(StoredMail {
        sent_at: name.sent_at()?,
        to: to.to_owned(),
        subject: "Text message".to_owned(),
        text: text.to_owned(),
        html: String::new(),
        id: name.stem,
    })
}
