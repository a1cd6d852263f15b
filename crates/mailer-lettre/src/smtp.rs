//! Hands mail to an SMTP server (RFC 5321), one conversation after the other over the same connection while it lasts.
//!
//! lettre's own pool hides whether a failure came before the mail or because of it, and that is the difference between
//! waiting and giving up: a wrong password must not bury every mail in the queue. So connections are kept here.

mod failure;
mod relay;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lettre::transport::smtp::client::SmtpConnection;
use selfsame_ports::{MailError, Mailer, Message};

use self::relay::Relay;
use crate::{MailerOptions, SetupError, composer::Composer};

/// Connections kept for later.
const IDLE_MOST: usize = 2;
/// How long one is kept. Servers close idle connections after some minutes, some after one.
const IDLE_LONGEST: Duration = Duration::from_secs(30);

/// A mailer over SMTP.
pub struct SmtpMailer {
    composer: Composer,
    relay: Relay,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: SmtpConnection,
    since: Instant,
}

impl SmtpMailer {
    /// Reads the options. The server is called with the first mail only: it may be down when this one starts.
    pub fn connect(options: &MailerOptions) -> Result<Self, SetupError> {
        Ok(Self {
            composer: Composer::new(options)?,
            relay: Relay::parse(&options.url, options.timeout)?,
            idle: Mutex::default(),
        })
    }

    /// A connection that has just answered.
    fn connection(&self) -> Result<SmtpConnection, MailError> {
        loop {
            // A statement of its own: the lock is gone before the server is asked.
            let idle = self.idle().pop();
            let Some(mut idle) = idle else { break };
            if idle.since.elapsed() < IDLE_LONGEST && idle.connection.test_connected() {
                return Ok(idle.connection);
            }
        }
        self.relay.connect().map_err(|error| failure::before_the_mail(&error))
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

impl Mailer for SmtpMailer {
    fn send(&self, message: &Message, now: selfsame_domain::Instant) -> Result<(), MailError> {
        let mail = self.composer.compose(message, now)?;
        let mut connection = self.connection()?;
        connection.send(mail.envelope(), &mail.formatted()).map_err(|error| failure::of_the_mail(&error))?;
        self.keep(connection);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
