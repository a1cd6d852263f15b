//! The control socket: through it the command line reaches the core of a running server.
//!
//! On SQLite one process has the database, so while the server runs a command cannot open it. The server listens on a Unix
//! socket in its data directory instead, and answers what the command asks with the same code that the command would have
//! run itself. Who may connect is decided by the file system: the socket has mode 0600.
//!
//! # Protocol
//! One connection, one request, one answer. The request is an [`Envelope`] as one line of JSON, the answer an [`Answer`] as
//! another. Both are bounded in size and in time. Command and server are of one version as a rule; a server that cannot
//! read a request says so.
//!
//! May know sockets, files and [`Request`]; knows no use case.

mod client;
mod listener;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
mod wire;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use selfsame_application::Core;

use self::wire::{Answer, Envelope};
pub(crate) use self::{
    client::{AskError, ask},
    listener::ControlSocket,
};
use crate::{commands::Request, settings::schema::Settings};

/// The name of the socket in the data directory.
pub(crate) const SOCKET: &str = "control.sock";

/// The SQLite file of these settings, by which command and server know that they mean the same; none on PostgreSQL. Both
/// spell it in full, for either may have been given a relative path.
pub(crate) fn database_file(settings: &Settings) -> Option<PathBuf> {
    let url = &settings.database.url;
    let file = (url.scheme() == "sqlite").then(|| Path::new(url.after_scheme()))?;
    Some(std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()))
}

/// What a server with this core and database answers. Logs the names of commands and nothing else of them.
pub(crate) fn answering(core: Arc<Core>, database: Option<PathBuf>) -> impl Fn(&Envelope<Request>) -> Answer {
    move |envelope| {
        if database.as_ref() != Some(&envelope.database) {
            return Answer::OtherDatabase;
        }
        let reply = envelope.request.execute(&core);
        tracing::info!(command = envelope.request.name(), exit = reply.exit() as i32, "ran a command of the operator");
        Answer::Reply(reply)
    }
}
