//! What happens without anybody asking: mail leaves the outbox, and what is long over is cleared away. Each worker is a
//! thread that ends when it is told to.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use selfsame_application::{Core, deliver_mail::DeliverMail, purge::Purge};
use selfsame_ports::Mailer;

/// How often what is over is cleared away, and for how long it is kept before.
const PURGE_EVERY: Duration = Duration::from_hours(1);
const PURGE_KEEP: chrono::Duration = chrono::Duration::days(7);

/// The running workers.
pub(crate) struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts them.
    pub(crate) fn start(
        core: &Arc<Core>,
        mailer: Arc<dyn Mailer>,
        rounds: DeliverMail,
        poll: Duration,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut workers = Self { stop, threads: Vec::new() };
        let mail_core = Arc::clone(core);
        workers.spawn("mail", poll, move |stop| deliver(&mail_core, &*mailer, rounds, stop))?;
        let purge_core = Arc::clone(core);
        workers.spawn("purge", PURGE_EVERY, move |_| purge(&purge_core))?;
        Ok(workers)
    }

    /// Lets each finish what it is at, and waits for it: leases are given back (R89).
    pub(crate) fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("a worker had panicked");
            }
        }
    }

    fn spawn(&mut self, name: &str, pause: Duration, round: impl Fn(&AtomicBool) + Send + 'static) -> io::Result<()> {
        let stop = Arc::clone(&self.stop);
        let run = move || {
            while !stop.load(Ordering::SeqCst) {
                round(&stop);
                thread::park_timeout(pause);
            }
        };
        self.threads.push(thread::Builder::new().name(name.to_owned()).spawn(run)?);
        Ok(())
    }
}

/// Rounds until nothing is due.
fn deliver(core: &Core, mailer: &dyn Mailer, rounds: DeliverMail, stop: &AtomicBool) {
    let stopping = || stop.load(Ordering::SeqCst);
    loop {
        match rounds.execute(core, mailer, &stopping) {
            Ok(delivered) if delivered.is_idle() || stopping() => return,
            Ok(_) => {}
            Err(error) => return tracing::warn!(%error, "the outbox cannot be read"),
        }
    }
}

fn purge(core: &Core) {
    match (Purge { keep: PURGE_KEEP }).execute(core) {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "cleared away what was over"),
        Err(error) => tracing::warn!(%error, "could not clear away what is over"),
    }
}
