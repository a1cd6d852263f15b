//! An SMTP server (RFC 5321) inside the test process: a real TCP conversation on the loopback interface, everything
//! kept, and misbehaviour on request.
//!
//! ```no_run
//! use selfsame_testing::smtp::{Behaviour, SmtpSink};
//!
//! let sink = SmtpSink::start();
//! sink.behave(Behaviour::RefuseTemporarily);
//! // … the program under test, told to send through sink.url(), tries in vain …
//! sink.behave(Behaviour::Accept);
//! let mail = sink.wait_for(1, std::time::Duration::from_secs(10)).remove(0);
//! println!("{}", mail.code());
//! ```

mod conversation;

use std::collections::HashMap;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::poll::eventually;
use crate::received::Received;

/// How the sink treats its clients from the next command on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Behaviour {
    /// Takes every mail.
    #[default]
    Accept,
    /// 451 to every recipient: try again later.
    RefuseTemporarily,
    /// 550 to this recipient, or to everyone if `None`: never try again.
    RefusePermanently(Option<String>),
    /// Waits this long before each reply.
    Slow(Duration),
    /// Says nothing until it is told to behave otherwise.
    Hang,
    /// Takes the mail, then closes the connection instead of saying so: the client cannot know, and sends it again.
    DropAfterData,
    /// Takes the mail, says so, and closes the connection at once.
    CloseAfterAccepting,
}

/// The server. Stops when dropped.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    credentials: Option<Credentials>,
    shared: Arc<Shared>,
    acceptor: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Clone)]
struct Credentials {
    user: String,
    password: String,
}

/// What the sink and the threads of its conversations share.
#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    running: bool,
    behaviour: Behaviour,
    received: Vec<Received>,
    connections: usize,
    open: HashMap<usize, TcpStream>,
}

impl SmtpSink {
    /// A sink that anyone may send to, on a free port.
    pub fn start() -> Self {
        Self::listening(None)
    }

    /// A sink that takes mail only after AUTH PLAIN (RFC 4954) with these credentials. They must need no escaping
    /// in a URL.
    pub fn start_with_auth(user: &str, password: &str) -> Self {
        Self::listening(Some(Credentials { user: user.to_owned(), password: password.to_owned() }))
    }

    fn listening(credentials: Option<Credentials>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let sink = Self { address, credentials, shared: Arc::default(), acceptor: Mutex::default() };
        sink.accept_from(listener);
        sink
    }

    /// `smtp://127.0.0.1:port`, with the credentials if there are any. The sink speaks no TLS.
    pub fn url(&self) -> String {
        match &self.credentials {
            Some(Credentials { user, password }) => format!("smtp://{user}:{password}@{}", self.address),
            None => format!("smtp://{}", self.address),
        }
    }

    /// Changes the behaviour, for open conversations too.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.lock().behaviour = behaviour;
        self.shared.changed.notify_all();
    }

    /// Everything received so far, oldest first.
    pub fn messages(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// Forgets what was received so far.
    pub fn clear(&self) {
        self.shared.lock().received.clear();
    }

    /// How many connections were accepted so far, those that brought no mail included.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// Everything received as soon as it is at least `count` mails; panics if that takes longer than `limit`.
    #[track_caller]
    pub fn wait_for(&self, count: usize, limit: Duration) -> Vec<Received> {
        let state = self.shared.lock();
        let too_few = |state: &mut State| state.received.len() < count;
        let (state, _) =
            self.shared.changed.wait_timeout_while(state, limit, too_few).unwrap_or_else(PoisonError::into_inner);
        let got = state.received.len();
        assert!(got >= count, "waited {limit:?} in vain for mail {count}, got {got}");
        state.received.clone()
    }

    /// Closes the port and all connections: the mail server is down. What was received stays.
    pub fn stop(&self) {
        let mut acceptor = self.acceptor.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(thread) = acceptor.take() else { return };
        self.shared.lock().running = false;
        self.shared.changed.notify_all();
        drop(TcpStream::connect(self.address)); // wakes the acceptor; if it is gone already, so much the better
        thread.join().expect("the acceptor does not panic");
        for (_, connection) in self.shared.lock().open.drain() {
            drop(connection.shutdown(Shutdown::Both)); // an error says that the client was quicker
        }
    }

    /// Listens again on the same port.
    pub fn restart(&self) {
        self.stop();
        let what = format!("port {} to be free again", self.address.port());
        let listener = eventually(Duration::from_secs(10), &what, || TcpListener::bind(self.address).ok());
        self.accept_from(listener);
    }

    fn accept_from(&self, listener: TcpListener) {
        self.shared.lock().running = true;
        let (shared, credentials) = (Arc::clone(&self.shared), self.credentials.clone());
        let acceptor = thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let Some(number) = shared.admit(&connection) else {
                    return;
                };
                let (shared, credentials) = (Arc::clone(&shared), credentials.clone());
                thread::spawn(move || {
                    // An error is a client that went away, or a sink that was stopped.
                    drop(conversation::hold(connection, &shared, credentials.as_ref()));
                    shared.dismiss(number);
                });
            }
        });
        *self.acceptor.lock().unwrap_or_else(PoisonError::into_inner) = Some(acceptor);
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` when the sink is being stopped.
    fn admit(&self, connection: &TcpStream) -> Option<usize> {
        let mut state = self.lock();
        let handle = connection.try_clone().ok()?;
        state.running.then(|| {
            state.connections += 1;
            let number = state.connections;
            state.open.insert(number, handle);
            number
        })
    }

    fn dismiss(&self, number: usize) {
        if let Some(connection) = self.lock().open.remove(&number) {
            drop(connection.shutdown(Shutdown::Both));
        }
    }

    fn record(&self, mail: Received) {
        self.lock().received.push(mail);
        self.changed.notify_all();
    }

    fn behaviour(&self) -> Behaviour {
        self.lock().behaviour.clone()
    }

    /// As slow as the present behaviour wants it.
    fn pause(&self) {
        let state = self.lock();
        let delay = match state.behaviour {
            Behaviour::Slow(delay) => delay,
            Behaviour::Hang => Duration::MAX,
            _ => return,
        };
        let before = state.behaviour.clone();
        drop(self.changed.wait_timeout_while(state, delay, |state| state.running && state.behaviour == before));
    }
}

#[cfg(test)]
mod tests;
