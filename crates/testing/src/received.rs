//! A mail as a test wants to read it, whether it came over SMTP or lies in the development mailbox.

mod mime;

use self::mime::Entity;

/// A received mail: its envelope, and its source as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The sender's address, from the envelope (empty for a bounce).
    pub from: String,
    /// The recipients' addresses, from the envelope.
    pub to: Vec<String>,
    /// Header and body (RFC 5322), lines ending in CRLF.
    pub data: String,
}

impl Received {
    /// A mail of which only the source is left: the envelope is taken from `From`, `To`, `Cc` and `Bcc`.
    /// Bare line feeds, as an editor may have left them, become line ends.
    pub fn from_source(source: &str) -> Self {
        let data = source.replace("\r\n", "\n").replace('\n', "\r\n");
        let mut mail = Self { from: String::new(), to: Vec::new(), data };
        mail.from = mail.header("From").and_then(|from| addresses(&from).pop()).unwrap_or_default();
        mail.to =
            ["To", "Cc", "Bcc"].iter().filter_map(|name| mail.header(name)).flat_map(|to| addresses(&to)).collect();
        mail
    }

    /// Whether `address` is among the recipients, in whatever case.
    pub fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }

    /// The first header field of this name: unfolded, encoded words (RFC 2047) decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        Entity::parse(&self.data).header(name).map(str::to_owned)
    }

    /// The decoded `text/plain` part; lines end in `\n`. Panics if there is none.
    #[track_caller]
    pub fn text_part(&self) -> String {
        self.part("text/plain").unwrap_or_else(|| panic!("no text part in\n{}", self.data))
    }

    /// The decoded `text/html` part; lines end in `\n`. Panics if there is none.
    #[track_caller]
    pub fn html_part(&self) -> String {
        self.part("text/html").unwrap_or_else(|| panic!("no HTML part in\n{}", self.data))
    }

    /// The decoded first part of this media type.
    pub fn part(&self, media_type: &str) -> Option<String> {
        Entity::parse(&self.data).text(media_type)
    }

    /// The `Message-ID`, angle brackets included. Panics if there is none.
    #[track_caller]
    pub fn message_id(&self) -> String {
        self.header("Message-ID").unwrap_or_else(|| panic!("no Message-ID in\n{}", self.data))
    }

    /// The code that the mail brings. Panics if there is none.
    #[track_caller]
    pub fn code(&self) -> String {
        self.find_code().unwrap_or_else(|| panic!("no code in\n{}", self.text_part()))
    }

    /// The first run of six to ten digits on a line of its own in the text part.
    pub fn find_code(&self) -> Option<String> {
        let text = self.part("text/plain")?;
        let code = |line: &&str| (6..=10).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit());
        text.lines().map(str::trim).find(code).map(str::to_owned)
    }

    /// The link that the mail brings. Panics if there is none.
    #[track_caller]
    pub fn link(&self) -> String {
        self.find_link().unwrap_or_else(|| panic!("no link in\n{}", self.text_part()))
    }

    /// The first http or https URL in the text part, without the punctuation of the sentence around it.
    pub fn find_link(&self) -> Option<String> {
        let text = self.part("text/plain")?;
        let start = [text.find("http://"), text.find("https://")].into_iter().flatten().min()?;
        let link = text[start..].split(|char: char| char.is_whitespace() || "<>\"".contains(char)).next()?;
        Some(link.trim_end_matches(['.', ',', ';', ')', '!', '?']).to_owned())
    }
}

/// The bare addresses in a header field such as `"Doe, Jane" <jane@example.com>, joe@example.com`.
fn addresses(field: &str) -> Vec<String> {
    let mut quoted = false;
    let mailboxes = field.split(|char: char| {
        quoted ^= char == '"';
        char == ',' && !quoted
    });
    mailboxes
        .map(|mailbox| match mailbox.rsplit_once('<') {
            Some((_, address)) => address.trim_end().trim_end_matches('>'),
            None => mailbox.trim(),
        })
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect()
}
