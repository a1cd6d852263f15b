//! A server of our own: initialised, started, stopped and killed.

use std::env;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::admin::Admin;
use super::binaries::Binaries;
use super::surroundings::{Identity, run_id, scratch, watch};
use crate::poll::{eventually, within};
use crate::process::signal;

const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(30);

const SETTINGS: &str = "
listen_addresses = ''
port = 5432
max_connections = 200
shared_buffers = 32MB
wal_level = minimal
max_wal_senders = 0
min_wal_size = 32MB
max_wal_size = 256MB
";
const NOT_DURABLE: &str = "
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
";

#[derive(Debug)]
pub(super) struct Cluster {
    root: PathBuf,
    admin: Admin,
    binaries: Binaries,
    run_as: Option<Identity>,
    owner: Owner,
    server: Mutex<Option<Child>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Owner {
    /// This process, exactly one [`Cluster`] value.
    Private,
    /// This run of the tests; its processes find the server by the owner's process id.
    Run,
}

impl Cluster {
    /// The server of this run: started by the first process that asks, found by the others.
    pub(super) fn shared(binaries: Binaries) -> Self {
        let owner = run_id();
        let cluster = Self::at(&format!("selfsame-postgres-{owner}"), binaries, Owner::Run);
        let _other_processes_wait = cluster.lock();
        if !cluster.admin.answers() {
            cluster.initialise(owner, false);
            cluster.start();
        }
        cluster
    }

    pub(super) fn private(binaries: Binaries, durable: bool) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let owner = process::id();
        let cluster = Self::at(&format!("selfsame-postgres-{owner}-{number}"), binaries, Owner::Private);
        cluster.initialise(owner, durable);
        cluster.start();
        cluster
    }

    fn at(name: &str, binaries: Binaries, owner: Owner) -> Self {
        let caller = tempfile::tempfile().and_then(|file| file.metadata()).expect("a temporary file").uid();
        let run_as = (caller == 0).then(Identity::unprivileged);
        let root = scratch(caller == 0).join(name);
        let url = format!("postgres:///postgres?host={}&port=5432&user=selfsame", root.display());
        let admin = Admin::new(binaries.program("psql"), url);
        Self { root, admin, binaries, run_as, owner, server: Mutex::default() }
    }

    pub(super) fn admin(&self) -> &Admin {
        &self.admin
    }

    #[cfg(test)]
    pub(super) fn root(&self) -> &std::path::Path {
        &self.root
    }

    pub(super) fn is_private(&self) -> bool {
        self.owner == Owner::Private
    }

    /// Held while something is set up that other processes of this run would set up too. Released when dropped,
    /// and by the kernel when the process dies.
    pub(super) fn lock(&self) -> File {
        let file = File::create(self.root.with_extension("lock")).expect("the lock file can be made");
        file.lock().expect("the lock file can be locked");
        file
    }

    fn initialise(&self, owner: u32, durable: bool) {
        match fs::remove_dir_all(&self.root) {
            Err(error) if error.kind() != ErrorKind::NotFound => panic!("{}: {error}", self.root.display()),
            _ => fs::create_dir(&self.root).expect("the temporary folder is writable"),
        }
        watch(owner, &self.root);
        if let Some(Identity { user, group }) = self.run_as {
            chown(&self.root, Some(user), Some(group)).expect("root may change owners");
        }
        let output = self
            .command("initdb")
            .args(["-U", "selfsame", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(self.data())
            .output()
            .expect("initdb runs");
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        let configuration = self.data().join("postgresql.auto.conf");
        let sockets = format!("unix_socket_directories = '{}'\n", self.root.display());
        let settings = [SETTINGS, &sockets, if durable { "" } else { NOT_DURABLE }].concat();
        fs::write(configuration, settings).expect("the new cluster can be configured");
    }

    /// Does nothing if it runs already.
    pub(super) fn start(&self) {
        let mut server = self.server.lock().unwrap();
        if server.is_some() {
            return;
        }
        let mut child = self.spawn();
        eventually(START_LIMIT, "PostgreSQL to answer", || {
            if let Some(status) = child.try_wait().expect("the server is our child") {
                // Processes of a server killed a moment ago may still be leaving.
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                assert!(log.contains("shared memory block"), "PostgreSQL ended with {status}:\n{log}");
                child = self.spawn();
            }
            self.admin.answers().then_some(())
        });
        *server = Some(child);
    }

    fn spawn(&self) -> Child {
        let log = File::create(self.log()).expect("the log can be written");
        self.command("postgres")
            .arg("-D")
            .arg(self.data())
            .stdout(log.try_clone().expect("a file handle"))
            .stderr(log)
            .process_group(0) // not ours, so that Ctrl-C reaches the tests first and the watchdog does the rest
            .spawn()
            .expect("postgres runs")
    }

    pub(super) fn stop(&self) {
        let Some(mut child) = self.server.lock().unwrap().take() else {
            return;
        };
        signal("INT", &[child.id()]);
        let ended = within(STOP_LIMIT, || child.try_wait().expect("the server is our child"));
        assert!(ended.is_some(), "PostgreSQL did not stop");
    }

    pub(super) fn kill(&self) {
        let Some(mut child) = self.server.lock().unwrap().take() else {
            return;
        };
        let parent = child.id();
        // Where /proc does not tell, its children notice by themselves that their parent is gone.
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        signal("KILL", &[parent].into_iter().chain(children).collect::<Vec<_>>());
        child.wait().expect("the server is our child");
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.program(program));
        command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C");
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        if let Some(Identity { user, group }) = self.run_as {
            command.uid(user).gid(group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    fn log(&self) -> PathBuf {
        self.root.join("log")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.is_private() {
            self.kill();
            if let Err(error) = fs::remove_dir_all(&self.root) {
                eprintln!("could not remove {}: {error}", self.root.display()); // the watchdog will
            }
        }
    }
}
