//! A connection to the server: commands out, replies in, within the deadline of the conversation.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, LazyLock},
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use super::{
    deadline::Deadline,
    failure::Failure,
    reply::{Incoming, Reply},
};

/// The host name for EHLO, or an address literal if it is not valid there (RFC 5321 section 4.1.4).
static HELLO: LazyLock<String> = LazyLock::new(|| {
    let name = hostname::get().ok().and_then(|name| name.into_string().ok()).unwrap_or_default();
    let is_sent = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if !name.is_empty() && name.bytes().all(is_sent) { name } else { "[127.0.0.1]".to_owned() }
});

/// A socket. Each of its reads and writes ends by the deadline, however many TLS makes of one.
struct Socket {
    stream: TcpStream,
    deadline: Deadline,
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.deadline.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.deadline.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

enum Stream {
    Plain(Socket),
    Encrypted(Box<StreamOwned<ClientConnection, Socket>>),
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
    /// Connects to the first address that greets.
    pub(super) fn open(
        addresses: &[SocketAddr],
        host: &str,
        tls: Option<&Arc<ClientConfig>>,
        deadline: Deadline,
    ) -> Result<Self, Failure> {
        let mut failure = Failure::broken("the server's name has no address");
        for (address, left) in addresses.iter().zip((1..=addresses.len()).rev()) {
            let share = deadline.of_one_of(u32::try_from(left).unwrap_or(u32::MAX / 2));
            match Self::greeted(*address, host, tls, share) {
                Ok(mut connection) => {
                    connection.limit(deadline);
                    return Ok(connection);
                }
                Err(other) => failure = other,
            }
        }
        Err(failure)
    }

    fn greeted(
        address: SocketAddr,
        host: &str,
        tls: Option<&Arc<ClientConfig>>,
        deadline: Deadline,
    ) -> Result<Self, Failure> {
        let stream = deadline.left().and_then(|left| TcpStream::connect_timeout(&address, left));
        let stream = stream.map_err(|error| Failure::io(&error))?;
        let stream = Stream::Plain(Socket { stream, deadline });
        let mut connection = Self { stream, unread: Vec::new(), extensions: Vec::new() };
        if let Some(tls) = tls {
            connection.encrypt(host, tls)?;
        }
        connection.accepted()?;
        Ok(connection)
    }

    /// Sets the deadline of what follows.
    pub(super) fn limit(&mut self, deadline: Deadline) {
        match &mut self.stream {
            Stream::Plain(socket) => socket.deadline = deadline,
            Stream::Encrypted(stream) => stream.sock.deadline = deadline,
        }
    }

    /// EHLO, and HELO if the server does not know EHLO (RFC 5321 section 3.2).
    pub(super) fn hello(&mut self) -> Result<(), Failure> {
        self.extensions.clear();
        match self.command(&format!("EHLO {}", *HELLO)) {
            Ok(reply) => {
                self.extensions = reply.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
                Ok(())
            }
            Err(Failure::Refused(Reply { code: 500.., .. })) => self.command(&format!("HELO {}", *HELLO)).map(drop),
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
    pub(super) fn start_tls(&mut self, host: &str, tls: &Arc<ClientConfig>) -> Result<(), Failure> {
        self.command("STARTTLS")?;
        // Data received before TLS is not authenticated.
        if !self.is_in_step() {
            return Err(Failure::broken("the server sent more than its reply to STARTTLS"));
        }
        self.encrypt(host, tls)?;
        self.hello()
    }

    fn encrypt(&mut self, host: &str, tls: &Arc<ClientConfig>) -> Result<(), Failure> {
        let Stream::Plain(Socket { stream, deadline }) = &self.stream else { return Ok(()) };
        let stream = stream.try_clone().map_err(|error| Failure::io(&error))?;
        let socket = Socket { stream, deadline: *deadline };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Failure::broken("no TLS with this host name"))?;
        let client = ClientConnection::new(Arc::clone(tls), name);
        let client = client.map_err(|error| Failure::broken(format!("no TLS with the server: {error}")))?;
        self.stream = Stream::Encrypted(Box::new(StreamOwned::new(client, socket)));
        Ok(())
    }

    /// Sends a command without its line break, and reads a reply with a code of 2xx.
    pub(super) fn command(&mut self, command: &str) -> Result<Reply, Failure> {
        self.write(format!("{command}\r\n").as_bytes())?;
        self.accepted()
    }

    /// Sends a command without its line break, and reads a reply that asks for more with this code.
    pub(super) fn begin(&mut self, command: &str, code: u16) -> Result<(), Failure> {
        self.write(format!("{command}\r\n").as_bytes())?;
        let reply = self.reply()?;
        if reply.code == code { Ok(()) } else { Err(Failure::Refused(reply)) }
    }

    /// Sends the content of a mail, and reads the reply to it.
    pub(super) fn content(&mut self, content: &[u8]) -> Result<Reply, Failure> {
        match self.write(&transparent(content)) {
            Ok(()) => self.accepted(),
            // A server that refuses the content may say why before it closes the connection.
            Err(failure) => match self.accepted() {
                Err(refused @ Failure::Refused(_)) => Err(refused),
                _ => Err(failure),
            },
        }
    }

    /// Whether the server has sent no more than one reply to each command, so that the next one is to the next command.
    pub(super) fn is_in_step(&self) -> bool {
        self.unread.is_empty()
    }

    fn accepted(&mut self) -> Result<Reply, Failure> {
        let reply = self.reply()?;
        if (200..300).contains(&reply.code) { Ok(reply) } else { Err(Failure::Refused(reply)) }
    }

    fn reply(&mut self) -> Result<Reply, Failure> {
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
                Err(_) => return Err(Failure::broken("the server's reply is invalid").heard(incoming.heard())),
            }
            match self.read(&mut buffer) {
                Ok(0) => {
                    return Err(Failure::broken("the server closed the connection").heard(incoming.heard()));
                }
                Ok(read) => bytes = buffer[..read].to_vec(),
                Err(error) => return Err(Failure::io(&error).heard(incoming.heard())),
            }
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.stream {
                Stream::Plain(socket) => socket.read(buffer),
                Stream::Encrypted(stream) => stream.read(buffer),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if !self.is_in_step() {
            return Err(Failure::broken("the server sent more than one reply to a command"));
        }
        let written = match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(bytes),
            Stream::Encrypted(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        };
        written.map_err(|error| Failure::io(&error))
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
