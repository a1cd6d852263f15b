//! What goes over the control socket, and how it is read and written: bounded in size, and in time as a whole.

use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::commands::Reply;

/// Most bytes of a request. The longest is a new user with a name and a password of full length.
pub(super) const MAX_REQUEST: usize = 64 << 10;
/// Most bytes of an answer. The longest is a full page of users.
pub(super) const MAX_ANSWER: usize = 4 << 20;

/// A request and the database it is meant for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope<R> {
    /// See [`super::database_file`].
    pub(super) database: PathBuf,
    /// What is asked.
    pub(super) request: R,
}

/// What comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// This server has another database: the command may open its own.
    OtherDatabase,
    /// What came of the request.
    Reply(Reply),
}

/// Reads up to the first line break, or to the end of what the other side sends. The buffer has its full size from the
/// start and is wiped when dropped, so that no copy of a secret is left where it once was.
pub(super) fn read_line(stream: &UnixStream, limit: usize, within: Duration) -> io::Result<Zeroizing<Vec<u8>>> {
    let deadline = Instant::now() + within;
    let mut line = Zeroizing::new(Vec::with_capacity(limit + 1));
    loop {
        stream.set_read_timeout(Some(left(deadline)?))?;
        let start = line.len();
        line.resize((start + (8 << 10)).min(limit + 1), 0);
        let read = retried(|| (&*stream).read(&mut line[start..]))?;
        line.truncate(start + read);
        if let Some(end) = line[start..].iter().position(|byte| *byte == b'\n') {
            line.truncate(start + end);
            return Ok(line);
        }
        if line.len() > limit {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
        }
        if read == 0 {
            return Ok(line);
        }
    }
}

/// Writes a value as one line.
pub(super) fn write_line(
    stream: &UnixStream,
    value: &impl Serialize,
    limit: usize,
    within: Duration,
) -> io::Result<()> {
    let deadline = Instant::now() + within;
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_REQUEST));
    serde_json::to_writer(&mut *line, value)?;
    if line.len() > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
    }
    line.push(b'\n');
    let mut rest = &line[..];
    while !rest.is_empty() {
        stream.set_write_timeout(Some(left(deadline)?))?;
        let written = retried(|| (&*stream).write(rest))?;
        rest = &rest[written..];
    }
    Ok(())
}

/// How long there is until a deadline; an error once it has passed.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Once more if a signal came in between.
fn retried(mut once: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match once() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What a socket says when its timeout is over.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(io::ErrorKind::TimedOut.into()),
            done => return done,
        }
    }
}
