//! The server's side of the control socket: two threads, each of which serves one connection after the other.

use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::{
        fs::{OpenOptionsExt as _, PermissionsExt as _},
        net::{SocketAddr, UnixListener, UnixStream},
    },
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    SOCKET,
    wire::{Answer, Envelope, MAX_ANSWER, MAX_REQUEST, read_line, write_line},
};
use crate::commands::{Reply, Request};

/// Number of requests that are served at once. Others wait in the system's queue.
const THREADS: usize = 2;
/// Timeout for reading a request, and for writing its reply.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why there is no control socket.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    /// The path is too long for a Unix socket: 107 bytes on Linux.
    #[error("{0}: this path is too long for a socket; choose a shorter data_dir")]
    TooLong(PathBuf),
    /// Another server listens there.
    #[error("{0}: another server has the control socket of this data_dir")]
    Taken(PathBuf),
    /// An error of the file system.
    #[error("{path}: {source}")]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// The socket, as long as the server runs.
pub(crate) struct ControlSocket {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    #[expect(dead_code, reason = "it is held, not read")]
    lock: File,
}

impl ControlSocket {
    /// Listens in a data directory and serves requests by `answer`. The socket of a crashed server is replaced.
    pub(crate) fn listen(
        data_dir: &Path,
        answer: impl Fn(&Envelope<Request>) -> Answer + Send + Sync + 'static,
    ) -> Result<Self, ListenError> {
        let path = data_dir.join(SOCKET);
        if SocketAddr::from_pathname(&path).is_err() {
            return Err(ListenError::TooLong(path));
        }
        let lock = lock(&data_dir.join("control.lock"))?;
        let listener = bind(data_dir, &path).map_err(|source| ListenError::Io { path: path.clone(), source })?;
        let mut socket = Self { path, stop: Arc::default(), threads: Vec::new(), lock };
        let (listener, answer) = (Arc::new(listener), Arc::new(answer));
        for number in 1..=THREADS {
            let (listener, answer, stop) = (Arc::clone(&listener), Arc::clone(&answer), Arc::clone(&socket.stop));
            let serve = move || serve(&listener, &*answer, &stop);
            let thread = thread::Builder::new().name(format!("control-{number}")).spawn(serve);
            let thread = thread.map_err(|source| ListenError::Io { path: socket.path.clone(), source })?;
            socket.threads.push(thread);
        }
        Ok(socket)
    }

    /// Accepts no further requests, and waits for those in progress, but no longer than `limit`.
    pub(crate) fn close(self, limit: Duration) {
        self.stop.store(true, Ordering::SeqCst);
        let (path, threads) = (self.path.clone(), self.threads.len());
        // Wakes each thread that waits for a connection, by connecting. On a thread of its own, because connecting also
        // waits when the system's queue is full.
        thread::spawn(move || (0..threads).try_for_each(|_| UnixStream::connect(&path).map(drop)));
        let deadline = Instant::now() + limit;
        while !self.threads.iter().all(JoinHandle::is_finished) {
            if Instant::now() >= deadline {
                tracing::warn!("a command of the operator is still running; it ends with the process");
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "the control socket could not be removed");
        }
    }
}

/// A lock of the server that has the socket; the system releases it when the process ends.
fn lock(path: &Path) -> Result<File, ListenError> {
    let io = |source| ListenError::Io { path: path.to_owned(), source };
    let file = File::options().create(true).append(true).mode(0o600).open(path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ListenError::Taken(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(io(source)),
    }
}

/// Makes the socket in a temporary folder with mode 0700, and renames it when it has its mode. The temporary path is
/// shorter than the final one.
fn bind(data_dir: &Path, path: &Path) -> io::Result<UnixListener> {
    let private = Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().prefix(".c").rand_bytes(6).permissions(private).tempdir_in(data_dir)?;
    let temporary = folder.path().join("s");
    let listener = UnixListener::bind(&temporary)?;
    fs::set_permissions(&temporary, Permissions::from_mode(0o600))?;
    fs::rename(&temporary, path)?;
    Ok(listener)
}

fn serve(listener: &UnixListener, answer: &impl Fn(&Envelope<Request>) -> Answer, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        match listener.accept() {
            Ok(_) if stop.load(Ordering::SeqCst) => {}
            Ok((stream, _)) => {
                if let Err(error) = converse(&stream, answer) {
                    tracing::warn!(%error, "a connection to the control socket failed");
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the control socket takes no connection");
                thread::sleep(Duration::from_millis(200));
            }
        }
    }
}

/// Serves one request. A panic ends this connection only (R98).
fn converse(stream: &UnixStream, answer: &impl Fn(&Envelope<Request>) -> Answer) -> io::Result<()> {
    let line = read_line(stream, MAX_REQUEST, PATIENCE)?;
    let envelope = serde_json::from_slice(&line);
    drop(line);
    let answer = match envelope {
        // The use case's unit of work is dropped by the unwinding, which rolls it back.
        Ok(envelope) => catch_unwind(AssertUnwindSafe(|| answer(&envelope)))
            .unwrap_or_else(|_| failed("the server panicked; its log tells more".to_owned())),
        // Without serde's message, which may quote the request.
        Err(_) => failed(format!("the server cannot read this request; its version is {}", env!("CARGO_PKG_VERSION"))),
    };
    write_line(stream, &answer, MAX_ANSWER, PATIENCE)
}

fn failed(reason: String) -> Answer {
    Answer::Reply(Reply::failed(reason))
}
