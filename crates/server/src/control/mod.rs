//! The control socket: through it the command line reaches the core of a running server.
//!
//! On SQLite one process has the database, so while the server runs a command cannot open it. Instead the server
//! listens on a Unix socket in its data directory and executes requests with the same code that the command would run.
//! The file system decides who may connect: the socket has mode 0600.
//!
//! # Protocol
//! One connection, one request, one reply. The request is an [`Envelope`] as one line of JSON, the reply an [`Answer`]
//! as another. Both are limited in size and time. Command and server usually have the same version; a server that
//! cannot read a request replies that.
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
    client::{SendError, send},
    listener::ControlSocket,
};
use crate::{commands::Request, settings::schema::Settings};

/// The name of the socket in the data directory.
pub(crate) const SOCKET: &str = "control.sock";

/// The absolute path of the SQLite file of these settings, by which command and server check that they use the same
/// one; none on PostgreSQL. Both make it absolute, because either may have been given a relative path.
pub(crate) fn database_file(settings: &Settings) -> Option<PathBuf> {
    let url = &settings.database.url;
    let file = (url.scheme() == "sqlite").then(|| Path::new(url.after_scheme()))?;
    Some(std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()))
}

/// Serves requests with this core and database. Logs the names of commands and nothing else of them.
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
