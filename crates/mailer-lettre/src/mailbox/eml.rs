//! Parses a mail that this server wrote.

use mail_parser::MessageParser;
use selfsame_ports::StoredMail;

use super::FileName;

/// `None` for a source that this server did not write.
pub(super) fn read(source: &[u8], name: FileName) -> Option<StoredMail> {
    let mail = MessageParser::default().parse(source)?;
    let lines = |part: std::borrow::Cow<'_, str>| part.replace("\r\n", "\n");
    Some(StoredMail {
        sent_at: name.sent_at()?,
        to: mail.to()?.first()?.address()?.to_owned(),
        subject: mail.subject()?.to_owned(),
        text: lines(mail.body_text(0)?),
        html: lines(mail.body_html(0)?),
        id: name.stem,
    })
}
