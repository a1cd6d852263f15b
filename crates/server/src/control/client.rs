//! The command's side of the control socket.

use std::{io, os::unix::net::UnixStream, path::Path, path::PathBuf, time::Duration};

use super::{
    SOCKET,
    wire::{Answer, Envelope, MAX_ANSWER, MAX_REQUEST, read_line, write_line},
};
use crate::commands::{Reply, Request};

/// For handing the request over.
const SEND: Duration = Duration::from_secs(5);
/// For the answer: longer than everything that a use case may have to wait for, taken together.
const ANSWER: Duration = Duration::from_mins(1);

/// Why there is no answer although there is a server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// The socket is another user's.
    #[error("{path}: {source}; run the command as the user that runs the server")]
    Refused {
        /// The socket.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The server did not take the request: nothing was done.
    #[error("the running server takes no commands just now: {0}")]
    NotSent(io::Error),
    /// The server took the request and did not answer.
    #[error(
        "the running server did not answer, so the command may or may not have been done ({0}); its log tells more"
    )]
    Unanswered(io::Error),
    /// The server answered something else.
    #[error("the answer of the running server cannot be read: is it of the same version as this command?")]
    Unreadable,
}

/// Asks the server that listens in this data directory. `None` if there is none, or it has another database than the command.
pub(crate) fn ask(data_dir: &Path, database: PathBuf, request: &Request) -> Result<Option<Reply>, AskError> {
    let path = data_dir.join(SOCKET);
    let stream = match UnixStream::connect(&path) {
        Ok(stream) => stream,
        Err(error) if is_nobody(&error) => return Ok(None),
        Err(source) => return Err(AskError::Refused { path, source }),
    };
    write_line(&stream, &Envelope { database, request }, MAX_REQUEST, SEND).map_err(AskError::NotSent)?;
    let line = read_line(&stream, MAX_ANSWER, ANSWER).map_err(AskError::Unanswered)?;
    if line.is_empty() {
        return Err(AskError::Unanswered(io::ErrorKind::UnexpectedEof.into()));
    }
    match serde_json::from_slice(&line).map_err(|_| AskError::Unreadable)? {
        Answer::OtherDatabase => Ok(None),
        Answer::Reply(reply) => Ok(Some(reply)),
    }
}

/// No socket, nobody behind it, or a path too long for one.
fn is_nobody(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, InvalidInput, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | ConnectionRefused | InvalidInput | NotADirectory)
}
