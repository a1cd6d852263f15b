//! Replies of the server. Only the code counts (RFC 5321 section 4.2); the text may be missing, and may be in any
//! encoding.

/// Longest reply that is read.
const MOST_BYTES: usize = 100_000;

/// One line of a reply.
struct Line<'a> {
    code: u16,
    is_last: bool,
    text: &'a [u8],
}

/// A complete reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// The text of each line. Bytes that are not UTF-8 are replaced.
    pub(super) lines: Vec<String>,
}

/// A reply that is being read.
#[derive(Default)]
pub(super) struct Incoming {
    bytes: Vec<u8>,
    /// Where the line begins that is not yet complete.
    line: usize,
    lines: Vec<String>,
}

/// The received part of an incomplete reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// No byte was received, or the first digit of a refusal without a complete code.
    Nothing,
    /// A code other than 2xx.
    Refusal(u16),
    /// A code of 2xx, or what is no reply. That is not taken for a refusal.
    Acceptance,
}

/// The reply has no code, or has no end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoReply;

impl Incoming {
    /// Adds bytes. Returns the reply when it is complete, with the bytes after it.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Option<(Reply, Vec<u8>)>, NoReply> {
        self.bytes.extend_from_slice(bytes);
        while let Some(length) = self.bytes[self.line..].iter().position(|&byte| byte == b'\n') {
            let end = self.line + length + 1;
            match parse(&self.bytes[self.line..end]) {
                Some(Line { code, is_last, text }) => {
                    self.lines.push(String::from_utf8_lossy(text).into_owned());
                    if is_last {
                        let reply = Reply { code, lines: std::mem::take(&mut self.lines) };
                        return Ok(Some((reply, self.bytes.split_off(end))));
                    }
                }
                None if self.lines.is_empty() => return Err(NoReply),
                // A line without a code inside a reply has no meaning.
                None => {}
            }
            self.line = end;
        }
        if self.bytes.len() > MOST_BYTES { Err(NoReply) } else { Ok(None) }
    }

    /// Classifies the received part.
    pub(super) fn heard(&self) -> Heard {
        match (self.bytes.first(), parse(&self.bytes)) {
            (_, Some(Line { code: code @ 300.., .. })) => Heard::Refusal(code),
            (None | Some(b'4' | b'5'), None) => Heard::Nothing,
            _ => Heard::Acceptance,
        }
    }
}

/// `None` if the line does not begin with a code. What follows the code is optional.
fn parse(line: &[u8]) -> Option<Line<'_>> {
    let line = line.trim_ascii_end();
    let (digits, rest) = line.split_at_checked(3)?;
    if !matches!(digits[0], b'2'..=b'5') || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    match rest.split_first() {
        None => Some(Line { code, is_last: true, text: rest }),
        Some((byte, _)) if byte.is_ascii_alphanumeric() => None,
        Some((&byte, text)) => Some(Line { code, is_last: byte != b'-', text }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<(Reply, Vec<u8>)>, NoReply> {
        Incoming::default().push(bytes)
    }

    fn heard(bytes: &[u8]) -> Heard {
        let mut incoming = Incoming::default();
        drop(incoming.push(bytes));
        incoming.heard()
    }

    #[test]
    fn only_the_code_counts() {
        for (bytes, code, text) in [
            (b"250 2.0.0 queued\r\n".as_slice(), 250, "2.0.0 queued"),
            (b"250\r\n", 250, ""),
            (b"250 \r\n", 250, ""),
            (b"250\n", 250, ""),
            (b"250\tfine\r\n", 250, "fine"),
            (b"250 2.0.0 \xd3\xca\xbc\xfe\r\n", 250, "2.0.0 \u{fffd}\u{02bc}\u{fffd}"),
            (b"220 Gr\xfc\xdfe\r\n", 220, "Gr\u{fffd}\u{fffd}e"),
            (b"599 odd\r\n", 599, "odd"),
            (b"250 a\0b\r\n", 250, "a\0b"),
        ] {
            let expected = Reply { code, lines: vec![text.to_owned()] };
            assert_eq!(read(bytes), Ok(Some((expected, Vec::new()))), "{bytes:?}");
        }
    }

    #[test]
    fn a_reply_of_several_lines_ends_with_the_line_without_a_hyphen() {
        let lines = ["sink.test", "8BITMIME", ""].map(str::to_owned).to_vec();
        let bytes = b"250-sink.test\r\nno code\r\n250-8BITMIME\n250\r\n354 go";
        assert_eq!(read(bytes), Ok(Some((Reply { code: 250, lines: lines.clone() }, b"354 go".to_vec()))));
        let mut incoming = Incoming::default();
        for byte in &bytes[..bytes.len() - 7] {
            assert_eq!(incoming.push(&[*byte]), Ok(None));
        }
        assert_eq!(incoming.push(b"\n"), Ok(Some((Reply { code: 250, lines }, Vec::new()))));
    }

    #[test]
    fn what_has_no_code_is_no_reply() {
        for bytes in [b"hello\r\n".as_slice(), b"\r\n", b"2500\r\n", b"25 fine\r\n", b"199 odd\r\n", b"\xff\xfe\r\n"] {
            assert_eq!(read(bytes), Err(NoReply), "{bytes:?}");
        }
        assert_eq!(read(&b"250-more\r\n".repeat(20_000)), Err(NoReply));
    }

    #[test]
    fn the_beginning_of_a_reply_tells_what_it_can() {
        for (bytes, expected) in [
            (b"".as_slice(), Heard::Nothing),
            (b"250", Heard::Acceptance),
            (b"250-2.0.0 que", Heard::Acceptance),
            (b"250-queued\r\n250-\xff", Heard::Acceptance),
            (b"554 5.7.1 no", Heard::Refusal(554)),
            (b"354 go", Heard::Refusal(354)),
            (b"45", Heard::Nothing),
            (b"5", Heard::Nothing),
            (b"25", Heard::Acceptance),
            (b"\xb2\xe2\r\n", Heard::Acceptance),
        ] {
            assert_eq!(heard(bytes), expected, "{bytes:?}");
        }
    }
}
