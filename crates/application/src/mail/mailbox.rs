//! The development mailbox, to be looked into. Its mails hold working codes: who may look is for the caller to check.

use std::sync::Arc;

use selfsame_ports::Mailbox;

pub use selfsame_ports::StoredMail;

use crate::{Core, Fault};

/// Mails on the list.
const LISTED: usize = 100;

/// Lists the newest mails, at most a hundred, newest first.
#[derive(Clone, Copy, Debug)]
pub struct ListMails;

/// Reads one mail.
#[derive(Clone, Debug)]
pub struct ReadMail {
    /// Its name in the mailbox.
    pub id: String,
}

/// Why there is no mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadMailboxError {
    /// No such mail, or no mailbox: there is none in production.
    #[error("no such mail")]
    NotFound,
    /// No answer just now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ListMails {
    /// Lists them.
    pub fn execute(&self, core: &Core) -> Result<Vec<StoredMail>, ReadMailboxError> {
        Ok(mailbox(core)?.list(LISTED).map_err(Fault::from)?)
    }
}

impl ReadMail {
    /// Reads it.
    pub fn execute(&self, core: &Core) -> Result<StoredMail, ReadMailboxError> {
        mailbox(core)?.read(&self.id).map_err(Fault::from)?.ok_or(ReadMailboxError::NotFound)
    }
}

fn mailbox(core: &Core) -> Result<&Arc<dyn Mailbox>, ReadMailboxError> {
    core.mailbox.as_ref().ok_or(ReadMailboxError::NotFound)
}
