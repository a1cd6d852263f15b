//! Sends mail to an SMTP server (RFC 5321), over connections that are reused.
//!
//! lettre's own pool hides whether a failure came before the mail or because of it, which decides between another try
//! and giving up: a wrong password must not make every mail in the queue dead. So connections are kept here.
//!
//! lettre's timeouts are for single reads. A conversation has many, so it runs on a thread of its own, for which nobody
//! waits after the deadline. That thread does no harm: it never sends the content of a mail when too little time is
//! left (see [`conversation`]).

mod conversation;
mod failure;
mod relay;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use lettre::transport::smtp::client::SmtpConnection;
use selfsame_ports::{MailError, Mailer, Message};

use self::{
    conversation::{Deadline, hand_over},
    relay::Relay,
};
use crate::{MailerOptions, SetupError, composer::Composer};

/// Idle connections that are kept.
const IDLE_MOST: usize = 2;
/// How long an idle connection is kept. Servers close idle connections after minutes, some after one.
const IDLE_LONGEST: Duration = Duration::from_secs(30);
/// Greatest number of conversations past their deadline, each with a server that replies byte by byte.
const OVERDUE_MOST: usize = 8;

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
    connection: SmtpConnection,
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
        if Arc::strong_count(&self.server) > OVERDUE_MOST {
            return Err(temporary("earlier conversations with the server have not ended"));
        }
        let (server, deadline) = (Arc::clone(&self.server), Deadline::after(self.timeout));
        let (answer, answered) = mpsc::sync_channel(1);
        let converse = move || server.converse(&mail, deadline, &answer);
        let started = thread::Builder::new().name("smtp".to_owned()).spawn(converse);
        started.map_err(|error| temporary(&format!("no thread for a conversation: {error}")))?;
        match answered.recv_timeout(self.timeout) {
            Ok(answer) => answer,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(temporary(conversation::TOO_SLOW)),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(temporary("the conversation broke off")),
        }
    }
}

impl Server {
    /// Sends one mail. Nobody may be waiting for the result any more.
    fn converse(&self, mail: &lettre::Message, deadline: Deadline, answer: &mpsc::SyncSender<Result<(), MailError>>) {
        let connected = self.connection(deadline);
        let sent = connected.and_then(|mut connection| {
            let sent = hand_over(&mut connection, mail, deadline);
            // The server has accepted the mail, whatever happens to the connection.
            sent.map(|()| self.keep(connection))
        });
        drop(answer.send(sent));
    }

    /// A connection that works: it has just replied.
    fn connection(&self, deadline: Deadline) -> Result<SmtpConnection, MailError> {
        loop {
            // A statement of its own, so that the lock is released before the server is asked.
            let idle = self.idle().pop();
            let Some(Idle { mut connection, since }) = idle else { break };
            let is_young = since.elapsed() < IDLE_LONGEST;
            if is_young && deadline.limit(&mut connection).is_ok() && connection.test_connected() {
                return Ok(connection);
            }
        }
        self.relay.connect(deadline)
    }

    fn keep(&self, connection: SmtpConnection) {
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
