//! A connection to the server: commands out, replies in, each within the deadline of the conversation.

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    sync::{Arc, LazyLock},
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use super::{
    deadline::Deadline,
    failure::Failure,
    reply::{Incoming, Reply},
};

/// Bytes that are written between two looks at the clock.
const CHUNK: usize = 16 * 1024;

/// The name in EHLO: the host's, or an address literal (RFC 5321 section 4.1.4) if it has none that can be sent.
static HELLO: LazyLock<String> = LazyLock::new(|| {
    let name = hostname::get().ok().and_then(|name| name.into_string().ok()).unwrap_or_default();
    let is_sent = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if !name.is_empty() && name.bytes().all(is_sent) { name } else { "[127.0.0.1]".to_owned() }
});

enum Stream {
    Plain(TcpStream),
    Encrypted(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// An open connection.
pub(super) struct Connection {
    stream: Stream,
    /// Bytes that came after the last reply.
    unread: Vec<u8>,
    /// The lines of the reply to EHLO after the first, in capitals: keyword and parameters.
    extensions: Vec<String>,
}

impl Connection {
    /// Connects to the first address that answers, and reads the greeting.
    pub(super) fn open(
        host: &str,
        port: u16,
        tls: Option<&Arc<ClientConfig>>,
        deadline: Deadline,
    ) -> Result<Self, Failure> {
        let addresses = (host, port).to_socket_addrs().map_err(|error| Failure::io(&error))?;
        let mut failure = Failure::broken("the server's name has no address");
        for address in addresses {
            match TcpStream::connect_timeout(&address, deadline.left()?) {
                Ok(stream) => {
                    let mut connection =
                        Self { stream: Stream::Plain(stream), unread: Vec::new(), extensions: Vec::new() };
                    if let Some(tls) = tls {
                        connection.encrypt(host, tls)?;
                    }
                    connection.accepted(deadline)?;
                    return Ok(connection);
                }
                Err(error) => failure = Failure::io(&error),
            }
        }
        Err(failure)
    }

    /// EHLO, and HELO if the server does not know EHLO (RFC 5321 section 3.2).
    pub(super) fn hello(&mut self, deadline: Deadline) -> Result<(), Failure> {
        self.extensions.clear();
        match self.command(&format!("EHLO {}", *HELLO), deadline) {
            Ok(reply) => {
                self.extensions = reply.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
                Ok(())
            }
            Err(Failure::Refused(Reply { code: 500.., .. })) => {
                self.command(&format!("HELO {}", *HELLO), deadline).map(drop)
            }
            Err(other) => Err(other),
        }
    }

    /// Whether the reply to EHLO named this extension.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        self.extensions.iter().any(|line| line.split_ascii_whitespace().next() == Some(keyword))
    }

    /// The mechanisms of AUTH (RFC 4954) that the server takes. Old servers write `AUTH=`.
    pub(super) fn offers_auth(&self, mechanism: &str) -> bool {
        let lines = self.extensions.iter().filter_map(|line| line.strip_prefix("AUTH"));
        lines
            .filter(|rest| rest.starts_with([' ', '=', '\t']))
            .any(|rest| rest.split(|c: char| c.is_ascii_whitespace() || c == '=').any(|word| word == mechanism))
    }

    /// STARTTLS (RFC 3207), and EHLO again.
    pub(super) fn start_tls(&mut self, host: &str, tls: &Arc<ClientConfig>, deadline: Deadline) -> Result<(), Failure> {
        self.command("STARTTLS", deadline)?;
        // What came before the encryption may be from somebody else.
        if !self.unread.is_empty() {
            return Err(Failure::broken("the server sent more than its reply to STARTTLS"));
        }
        self.encrypt(host, tls)?;
        self.hello(deadline)
    }

    fn encrypt(&mut self, host: &str, tls: &Arc<ClientConfig>) -> Result<(), Failure> {
        let Stream::Plain(stream) = &self.stream else { return Ok(()) };
        let stream = stream.try_clone().map_err(|error| Failure::io(&error))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Failure::broken("no TLS with this host name"))?;
        let client = ClientConnection::new(Arc::clone(tls), name);
        let client = client.map_err(|error| Failure::broken(format!("no TLS with the server: {error}")))?;
        self.stream = Stream::Encrypted(Box::new(StreamOwned::new(client, stream)));
        Ok(())
    }

    /// Sends a command without its line break, and reads a positive reply.
    pub(super) fn command(&mut self, command: &str, deadline: Deadline) -> Result<Reply, Failure> {
        self.write(format!("{command}\r\n").as_bytes(), deadline)?;
        self.accepted(deadline)
    }

    /// Sends the content of a mail, and reads the reply to it.
    pub(super) fn content(&mut self, content: &[u8], deadline: Deadline) -> Result<Reply, Failure> {
        match self.write(&transparent(content), deadline) {
            Ok(()) => self.accepted(deadline),
            // A server that refuses the content may say why before it closes the connection.
            Err(failure) => match self.accepted(deadline) {
                Err(refused @ Failure::Refused(_)) => Err(refused),
                _ => Err(failure),
            },
        }
    }

    fn accepted(&mut self, deadline: Deadline) -> Result<Reply, Failure> {
        let reply = self.reply(deadline)?;
        if reply.is_positive() { Ok(reply) } else { Err(Failure::Refused(reply)) }
    }

    fn reply(&mut self, deadline: Deadline) -> Result<Reply, Failure> {
        let mut incoming = Incoming::default();
        let mut bytes = std::mem::take(&mut self.unread);
        let mut buffer = [0; 4096];
        loop {
            match incoming.push(&bytes) {
                Ok(Some((reply, rest))) => {
                    self.unread = rest;
                    return Ok(reply);
                }
                Ok(None) => {}
                Err(_) => return Err(Failure::broken("the server's reply makes no sense").heard(incoming.heard())),
            }
            let read = self.limit(deadline).and_then(|()| self.read(&mut buffer));
            match read {
                Ok(0) => {
                    return Err(Failure::broken("the server closed the connection").heard(incoming.heard()));
                }
                Ok(read) => bytes = buffer[..read].to_vec(),
                Err(failure) => return Err(failure.heard(incoming.heard())),
            }
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        loop {
            let read = match &mut self.stream {
                Stream::Plain(stream) => stream.read(buffer),
                Stream::Encrypted(stream) => stream.read(buffer),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(|error| Failure::io(&error)),
            }
        }
    }

    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Result<(), Failure> {
        for chunk in bytes.chunks(CHUNK) {
            self.limit(deadline)?;
            let written = match &mut self.stream {
                Stream::Plain(stream) => stream.write_all(chunk),
                Stream::Encrypted(stream) => stream.write_all(chunk).and_then(|()| stream.flush()),
            };
            written.map_err(|error| Failure::io(&error))?;
        }
        Ok(())
    }

    /// Limits the next read or write to the time that is left.
    fn limit(&self, deadline: Deadline) -> Result<(), Failure> {
        let left = Some(deadline.left()?);
        let stream = match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Encrypted(stream) => stream.get_ref(),
        };
        let limited = stream.set_read_timeout(left).and_then(|()| stream.set_write_timeout(left));
        limited.map_err(|error| Failure::io(&error))
    }
}

/// The content with its end: a dot at the beginning of a line is doubled (RFC 5321 section 4.5.2).
fn transparent(content: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(content.len() + 64);
    for line in content.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            sent.push(b'.');
        }
        sent.extend_from_slice(line);
    }
    if !sent.is_empty() && !sent.ends_with(b"\r\n") {
        sent.extend_from_slice(b"\r\n");
    }
    sent.extend_from_slice(b".\r\n");
    sent
}

#[cfg(test)]
mod tests {
    use super::transparent;

    #[test]
    fn a_line_that_begins_with_a_dot_does_not_end_the_mail() {
        for (content, sent) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("", ".\r\n"),
            (".\r\n", "..\r\n.\r\n"),
            ("a\r\n.b\r\n..\r\n", "a\r\n..b\r\n...\r\n.\r\n"),
        ] {
            assert_eq!(String::from_utf8(transparent(content.as_bytes())).unwrap(), sent, "{content:?}");
        }
    }
}
