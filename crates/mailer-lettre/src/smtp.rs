//! Sends mail to an SMTP server (RFC 5321), over connections that are reused.
//!
//! The client is our own, over rustls, with lettre for the content only. It reads replies as RFC 5321 section 4.2 says: the
//! code counts and the text does not. A library that refuses a reply because of its text would send accepted mail again.
//! It also tells a failure before the mail from one because of it, which decides between another try and giving up: a
//! wrong password must not make every mail in the queue dead.
//!
//! Each conversation has its own thread. The caller stops waiting at the deadline; the thread does not send the content
//! later (see [`deadline`]).

mod connection;
mod conversation;
mod deadline;
mod failure;
mod relay;
mod reply;
mod tls;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use selfsame_ports::{MailError, Mailer, Message};

use self::{connection::Connection, conversation::hand_over, deadline::Deadline, failure::TOO_SLOW, relay::Relay};
use crate::{MailerOptions, SetupError, composer::Composer};

/// Idle connections that are kept.
const IDLE_MOST: usize = 4;
/// How long an idle connection is kept. Servers close idle connections after minutes, some after one.
const IDLE_LONGEST: Duration = Duration::from_secs(30);
/// Greatest number of conversations at once, those past their deadline included.
const CONVERSATIONS_MOST: usize = 32;

/// A mailer over SMTP.
pub struct SmtpMailer {
    composer: Composer,
    timeout: Duration,
    server: Arc<Server>,
}

/// The server and its connections, shared by the conversations.
struct Server {
    relay: Relay,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl SmtpMailer {
    /// Makes a mailer from the options. It connects with the first mail only, because the server may be down now.
    pub fn connect(options: &MailerOptions) -> Result<Self, SetupError> {
        Ok(Self {
            composer: Composer::new(options)?,
            timeout: options.timeout,
            server: Arc::new(Server { relay: Relay::parse(&options.url)?, idle: Mutex::default() }),
        })
    }
}

impl Mailer for SmtpMailer {
    /// Returns before [`MailerOptions::timeout`] is over.
    fn send(&self, message: &Message, now: selfsame_domain::Instant) -> Result<(), MailError> {
        let mail = self.composer.compose(message, now)?;
        if Arc::strong_count(&self.server) > CONVERSATIONS_MOST {
            return Err(temporary("earlier conversations with the server have not ended"));
        }
        let (server, deadline) = (Arc::clone(&self.server), Deadline::within(self.timeout));
        let (answer, answered) = mpsc::sync_channel(1);
        let converse = move || server.converse(&mail, deadline, &answer);
        let started = thread::Builder::new().name("smtp".to_owned()).spawn(converse);
        started.map_err(|error| temporary(&format!("no thread for a conversation: {error}")))?;
        match answered.recv_timeout(self.timeout) {
            Ok(answer) => answer,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(temporary(TOO_SLOW)),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(temporary("the conversation broke off")),
        }
    }
}

impl Server {
    /// Sends one mail. Nobody may be waiting for the result any more.
    fn converse(&self, mail: &lettre::Message, deadline: Deadline, answer: &mpsc::SyncSender<Result<(), MailError>>) {
        let connected = self.connection(deadline);
        let sent = connected.and_then(|connection| hand_over(connection, mail, deadline));
        // The server has accepted the mail, whatever happens to the connection.
        let sent = sent.map(|connection| connection.into_iter().for_each(|connection| self.keep(connection)));
        drop(answer.send(sent));
    }

    /// A connection that works: it has just replied.
    fn connection(&self, deadline: Deadline) -> Result<Connection, MailError> {
        loop {
            // A statement of its own, so that the lock is released before the server is asked.
            let idle = self.idle().pop();
            let Some(Idle { mut connection, since }) = idle else { break };
            let is_young = since.elapsed() < IDLE_LONGEST;
            connection.limit(deadline);
            if is_young && connection.command("NOOP").is_ok() && connection.is_in_step() {
                return Ok(connection);
            }
        }
        self.relay.connect(deadline)
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < IDLE_MOST {
            idle.push(Idle { connection, since: Instant::now() });
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn temporary(reason: &str) -> MailError {
    MailError::Temporary(reason.to_owned())
}

#[cfg(test)]
mod tests;
