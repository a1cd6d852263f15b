//! One client's conversation with the sink, from the greeting to QUIT. Replies come in the order of the commands,
//! so a client may send several without waiting (RFC 2920).

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Behaviour, Credentials, Shared};
use crate::received::Received;

/// Speaks with `client` until one of the two has enough.
pub(super) fn hold(client: TcpStream, sink: &Shared, credentials: Option<&Credentials>) -> io::Result<()> {
    let lines = BufReader::new(client.try_clone()?);
    let mut conversation =
        Conversation { lines, client, sink, credentials, trusted: credentials.is_none(), mail: None };
    conversation.reply("220 sink.test ESMTP")?;
    while let Some(line) = conversation.read_line()? {
        if conversation.obey(&line)? == Next::Close {
            break;
        }
    }
    Ok(())
}

struct Conversation<'a> {
    lines: BufReader<TcpStream>,
    client: TcpStream,
    sink: &'a Shared,
    credentials: Option<&'a Credentials>,
    trusted: bool,
    mail: Option<Received>,
}

#[derive(PartialEq, Eq)]
enum Next {
    Command,
    Close,
}

impl Conversation<'_> {
    fn obey(&mut self, line: &str) -> io::Result<Next> {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.mail = None;
                self.reply(if self.credentials.is_some() {
                    "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SMTPUTF8"
                } else {
                    "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8"
                })?;
            }
            "HELO" => {
                self.mail = None;
                self.reply("250 sink.test")?;
            }
            "AUTH" => self.authenticate(argument)?,
            "MAIL" => self.sender(argument)?,
            "RCPT" => self.recipient(argument)?,
            "DATA" => return self.data(),
            "RSET" => {
                self.mail = None;
                self.reply("250 2.0.0 forgotten")?;
            }
            "NOOP" => self.reply("250 2.0.0 nothing done")?,
            "QUIT" => {
                self.reply("221 2.0.0 bye")?;
                return Ok(Next::Close);
            }
            _ => self.reply("502 5.5.1 no such command here")?,
        }
        Ok(Next::Command)
    }

    fn authenticate(&mut self, argument: &str) -> io::Result<()> {
        let (mechanism, initial) = argument.split_once(' ').unwrap_or((argument, ""));
        let Some(expected) = self.credentials.filter(|_| mechanism.eq_ignore_ascii_case("PLAIN")) else {
            return self.reply("504 5.5.4 no such mechanism here");
        };
        let response = if initial.is_empty() {
            self.reply("334 ")?;
            self.read_line()?.unwrap_or_default()
        } else {
            initial.to_owned()
        };
        let given = STANDARD.decode(response).unwrap_or_default();
        self.trusted = given == format!("\0{}\0{}", expected.user, expected.password).as_bytes();
        self.reply(if self.trusted { "235 2.7.0 welcome" } else { "535 5.7.8 wrong credentials" })
    }

    fn sender(&mut self, argument: &str) -> io::Result<()> {
        let reply = match path("FROM:", argument) {
            _ if !self.trusted => "530 5.7.0 authenticate first",
            _ if self.mail.is_some() => "503 5.5.1 one mail at a time",
            Some(from) => {
                self.mail = Some(Received { from, to: Vec::new(), data: String::new() });
                "250 2.1.0 sender is fine"
            }
            None => "501 5.5.4 MAIL FROM:<address>",
        };
        self.reply(reply)
    }

    fn recipient(&mut self, argument: &str) -> io::Result<()> {
        let reply = match (&mut self.mail, path("TO:", argument), self.sink.behaviour()) {
            (None, ..) => "503 5.5.1 MAIL first",
            (_, None, _) => "501 5.5.4 RCPT TO:<address>",
            (.., Behaviour::RefuseTemporarily) => "451 4.7.1 try again later",
            (_, Some(to), Behaviour::RefusePermanently(who))
                if who.as_ref().is_none_or(|who| who.eq_ignore_ascii_case(&to)) =>
            {
                "550 5.1.1 no such mailbox"
            }
            (Some(mail), Some(to), _) => {
                mail.to.push(to);
                "250 2.1.5 recipient is fine"
            }
        };
        self.reply(reply)
    }

    fn data(&mut self) -> io::Result<Next> {
        let Some(mut mail) = self.mail.take_if(|mail| !mail.to.is_empty()) else {
            self.reply("503 5.5.1 RCPT first")?;
            return Ok(Next::Command);
        };
        self.reply("354 end with a dot")?;
        let Some(data) = self.read_data()? else {
            return Ok(Next::Close);
        };
        mail.data = data;
        // Once, and before the mail can be seen: whoever waited for it may ask for another behaviour at once.
        let behaviour = self.sink.behaviour();
        self.sink.record(mail);
        if behaviour == Behaviour::DropAfterData {
            return Ok(Next::Close);
        }
        self.reply("250 2.0.0 taken")?;
        Ok(if behaviour == Behaviour::CloseAfterAccepting { Next::Close } else { Next::Command })
    }

    /// The mail without the transparency of RFC 5321 section 4.5.2; `None` if the client left in the middle.
    fn read_data(&mut self) -> io::Result<Option<String>> {
        let mut data = Vec::new();
        loop {
            let start = data.len();
            if self.lines.read_until(b'\n', &mut data)? == 0 {
                return Ok(None);
            }
            if &data[start..] == b".\r\n" {
                data.truncate(start);
                return Ok(Some(String::from_utf8_lossy(&data).into_owned()));
            }
            if data[start] == b'.' {
                data.remove(start);
            }
        }
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn reply(&mut self, reply: &str) -> io::Result<()> {
        self.sink.pause();
        self.client.write_all(format!("{reply}\r\n").as_bytes())
    }
}

/// `FROM:<address> PARAMETER=…` to `address`.
fn path(keyword: &str, argument: &str) -> Option<String> {
    let (head, rest) = argument.split_at_checked(keyword.len())?;
    let (address, _) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    head.eq_ignore_ascii_case(keyword).then(|| address.to_owned())
}
