//! The command's side of the control socket.

use std::{io, os::unix::net::UnixStream, path::Path, path::PathBuf, time::Duration};

use super::{
    SOCKET,
    wire::{Answer, Envelope, MAX_ANSWER, MAX_REQUEST, read_line, write_line},
};
use crate::commands::{Reply, Request};

/// Timeout for sending the request.
const SEND: Duration = Duration::from_secs(5);
/// Timeout for the reply: longer than all waits of a use case together.
const ANSWER: Duration = Duration::from_mins(1);

/// Why there is no reply although there is a server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// The socket belongs to another user.
    #[error("{path}: {source}; run the command as the user that runs the server")]
    Refused {
        /// The socket.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The server did not receive the request: nothing was done.
    #[error("the running server takes no commands just now: {0}")]
    NotSent(io::Error),
    /// The server received the request and did not reply.
    #[error(
        "the running server did not answer, so the command may or may not have been done ({0}); its log tells more"
    )]
    Unanswered(io::Error),
    /// The reply cannot be read.
    #[error("the answer of the running server cannot be read: is it of the same version as this command?")]
    Unreadable,
}

/// Sends a request to the server that listens in this data directory. `None` if there is none, or it has another
/// database.
pub(crate) fn send(data_dir: &Path, database: PathBuf, request: &Request) -> Result<Option<Reply>, SendError> {
    let path = data_dir.join(SOCKET);
    let stream = match UnixStream::connect(&path) {
        Ok(stream) => stream,
        Err(error) if is_nobody(&error) => return Ok(None),
        Err(source) => return Err(SendError::Refused { path, source }),
    };
    write_line(&stream, &Envelope { database, request }, MAX_REQUEST, SEND).map_err(SendError::NotSent)?;
    let line = read_line(&stream, MAX_ANSWER, ANSWER).map_err(SendError::Unanswered)?;
    if line.is_empty() {
        return Err(SendError::Unanswered(io::ErrorKind::UnexpectedEof.into()));
    }
    match serde_json::from_slice(&line).map_err(|_| SendError::Unreadable)? {
        Answer::OtherDatabase => Ok(None),
        Answer::Reply(reply) => Ok(Some(reply)),
    }
}

/// No socket, no listener, or a path that is too long for one.
fn is_nobody(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, InvalidInput, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | ConnectionRefused | InvalidInput | NotADirectory)
}
