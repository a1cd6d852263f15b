//! The messages of the control socket, read and written within limits of size and total time.

use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::commands::Reply;

/// Greatest size of a request, in bytes. The longest is a new user with the longest names and password.
pub(super) const MAX_REQUEST: usize = 64 << 10;
/// Greatest size of a reply, in bytes. The longest is a full page of users.
pub(super) const MAX_ANSWER: usize = 4 << 20;

/// A request and its database.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope<R> {
    /// See [`super::database_file`].
    pub(super) database: PathBuf,
    /// The request.
    pub(super) request: R,
}

/// The reply on the socket.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// This server has another database: the command may open its own.
    OtherDatabase,
    /// The reply to the request.
    Reply(Reply),
}

/// Reads up to the first line break, or to the end of the stream. The buffer has its full size from the start and is
/// wiped when dropped, so that no copy of a secret is left in memory.
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

/// The time until a deadline; an error if it has passed.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Repeats after an interrupt by a signal.
fn retried(mut once: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match once() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // The error of a socket timeout.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(io::ErrorKind::TimedOut.into()),
            done => return done,
        }
    }
}
