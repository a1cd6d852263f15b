//! The real binary as a black box: a child process with nothing but its environment, spoken to over TCP.
//!
//! ```no_run
//! use selfsame_testing::server::{Server, ServerOptions, backends};
//!
//! # let binary = "selfsame"; // env!("CARGO_BIN_EXE_selfsame") in the tests of the server's crate
//! for backend in backends() {
//!     let server = Server::spawn(ServerOptions::new(binary).backend(backend).setting("limits.enabled", false));
//!     assert!(server.client().get(server.url("/health/live")).send().unwrap().status().is_success());
//! }
//! ```
//!
//! The server listens on a free port and is asked for nothing but one line on its standard output, `listening on
//! http://ADDRESS:PORT`. Its data, its SQLite database and its mailbox lie in a folder that goes with it.

mod options;
mod output;

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::Duration;

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::redirect::Policy;
use tempfile::TempDir;

pub use self::options::{Backend, ServerOptions, backends};
use self::output::Captured;
use crate::mailbox::DevMailbox;
use crate::poll::{eventually, within};
use crate::postgres::TestDatabase;
use crate::process::signal;

const START_LIMIT: Duration = Duration::from_mins(1);
const ANSWER_LIMIT: Duration = Duration::from_mins(1);
const ANNOUNCEMENT: &str = "listening on ";

/// A server under test: its process, its folder, its database. All three end with the value.
#[derive(Debug)]
pub struct Server {
    child: Option<Child>,
    address: Option<SocketAddr>,
    stdout: Captured,
    stderr: Captured,
    options: ServerOptions,
    folder: TempDir,
}

impl Server {
    /// Starts the server and waits until it listens. Panics with its output if it does not.
    #[track_caller]
    pub fn spawn(options: ServerOptions) -> Self {
        let mut server = Self::prepare(options);
        server.start();
        server
    }

    /// Makes the server's surroundings and does not start it: for what is done [before](Self::run).
    pub fn prepare(options: ServerOptions) -> Self {
        let folder = tempfile::Builder::new().prefix("selfsame-").tempdir().expect("a temporary folder");
        Self { child: None, address: None, stdout: Captured::default(), stderr: Captured::default(), options, folder }
    }

    /// Runs the binary to its end with these `arguments` in the server's surroundings, whether the server runs or not.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).stdin(Stdio::null()).output().expect("the binary runs")
    }

    /// Starts the server; again on the same data and the same port, if it ran before.
    #[track_caller]
    pub fn start(&mut self) {
        assert!(self.child.is_none(), "the server runs already");
        let mut child = self
            .command()
            .args(self.options.arguments())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let already = self.stdout.text().len();
        self.stdout.follow(child.stdout.take().expect("a piped output"));
        self.stderr.follow(child.stderr.take().expect("a piped output"));
        let listening = within(START_LIMIT, || {
            let ended = child.try_wait().expect("our child").is_some();
            let address = announced(&self.stdout.text()[already..]);
            (ended || address.is_some()).then_some(address)
        });
        self.child = Some(child);
        let Some(Some(address)) = listening else { panic!("the server did not come to listen: {self}") };
        self.address = Some(address);
    }

    fn command(&self) -> Command {
        let mut command = self.options.command(self.folder.path());
        if let Some(address) = self.address {
            command.env("SELFSAME__SERVER__BIND", address.to_string());
        }
        command
    }

    /// The address of `path`, which starts with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address.expect("the server was started"))
    }

    /// A client without a memory: no cookies, no redirects.
    pub fn client(&self) -> Client {
        bare_client().build().expect("a client")
    }

    /// A client that keeps cookies as a browser does; no redirects either.
    pub fn browser(&self) -> Client {
        bare_client().cookie_store(true).build().expect("a client")
    }

    /// The development mailbox this server writes to, unless its options say otherwise.
    pub fn mailbox(&self) -> DevMailbox {
        DevMailbox::at(options::mailbox(self.folder.path()))
    }

    /// The server's folder: `SELFSAME__DATA_DIR` is `data` in it, and it is the working directory.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database of a server on PostgreSQL.
    pub fn database(&self) -> Option<&TestDatabase> {
        self.options.database()
    }

    /// Everything written to standard error so far, by all runs of this server.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Everything written to standard output so far, by all runs of this server.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// `kill -9`; returns when the process is gone.
    pub fn kill_dash_nine(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("our child can be killed");
            child.wait().expect("our child can be waited for");
        }
    }

    /// `kill -9` for another thread to call, while this one talks to the server. [`Self::kill_dash_nine`] cleans up.
    pub fn killer(&self) -> impl Fn() + Send + Sync + use<> {
        let pid = self.pid();
        move || signal("KILL", &[pid])
    }

    fn pid(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    /// The URL of the server's database.
    pub fn database_url(&self) -> String {
        options::database_url(&self.options, self.folder.path())
    }

    /// Asks the server to end (SIGTERM) and returns at once.
    pub fn terminate(&self) {
        signal("TERM", &[self.pid()]);
    }

    /// Sends the server signals by their names, such as `HUP`, at once.
    pub fn signal(&self, names: &[&str]) {
        let kill = |name: &&str| format!("kill -{name} {}", self.pid());
        let script = names.iter().map(kill).collect::<Vec<_>>().join("; ");
        assert!(Command::new("sh").args(["-c", &script]).status().expect("a shell").success(), "{script}");
    }

    /// Waits until the server has ended by itself, and until all that it wrote was read. Panics if that takes longer than
    /// `limit`.
    #[track_caller]
    pub fn wait_exit(&mut self, limit: Duration) -> ExitStatus {
        let child = self.child.as_mut().expect("the server runs");
        let status = eventually(limit, "the server to end", || child.try_wait().expect("our child"));
        self.child = None;
        self.stdout.join();
        self.stderr.join();
        status
    }

    /// Ends the server in an orderly way if it runs, and starts it on the same data and the same port.
    #[track_caller]
    pub fn restart(&mut self) {
        if self.child.is_some() {
            self.terminate();
            self.wait_exit(ANSWER_LIMIT);
        }
        self.start();
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout.text(), self.stderr.text())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill_dash_nine();
        if thread::panicking() {
            eprintln!("the server of the failed test wrote: {self}");
        }
    }
}

fn bare_client() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(ANSWER_LIMIT)
}

/// The address in the whole line that announces it.
fn announced(stdout: &str) -> Option<SocketAddr> {
    let (_, line) = stdout.split_once(ANNOUNCEMENT)?;
    let (line, _) = line.split_once('\n')?;
    let (_, address) = line.split_once("http://")?;
    let end = address.find(|char: char| !char.is_ascii_alphanumeric() && !".:[]".contains(char));
    let address = &address[..end.unwrap_or(address.len())];
    Some(address.parse().unwrap_or_else(|error| panic!("{address:?} in {line:?}: {error}")))
}

#[cfg(test)]
mod tests;
