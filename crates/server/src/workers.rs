//! Background workers: delivery of jobs, mails, text messages, webhooks and exports, and purging. Each worker is a thread that ends only when it
//! is told to: a panic ends one round (R98).

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle, Thread},
    time::Duration,
};

use selfsame_application::{
    Core,
    data::purge::Purge,
    mail::deliver::{Deliver, DeliverError, Outlet},
    second_factors::reseal::ResealSecrets,
};
use selfsame_ports::Leased;

/// The interval of purging, and how long ended rows are kept.
const PURGE_EVERY: Duration = Duration::from_hours(1);
const PURGE_KEEP: chrono::Duration = chrono::Duration::days(7);

/// Messages of one channel that are sent at the same time, so that a server that hangs with some of them does not hold up
/// the others.
const CONVERSATIONS: usize = 8;

/// Exports that are made at the same time: they take more of the processor than a message.
const EXPORTS: usize = 2;

/// The running workers.
pub(crate) struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    senders: Vec<Arc<Senders>>,
}

/// Tells the workers to end.
#[derive(Clone)]
pub(crate) struct Stopper {
    stop: Arc<AtomicBool>,
    threads: Vec<Thread>,
}

impl Stopper {
    /// Tells them to finish their work, give their leases back (R89) and end. Returns at once.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.threads.iter().for_each(Thread::unpark);
    }
}

impl Workers {
    /// Starts them. Each outlet has senders of its own, so that no channel holds up another. `rounds` is for jobs.
    pub(crate) fn start(
        core: &Arc<Core>,
        outlets: impl IntoIterator<Item = (Outlet, Deliver)>,
        rounds: Deliver,
        poll: Duration,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let senders_of = |(outlet, rounds)| Arc::new(Senders::new(Arc::clone(core), outlet, rounds, Arc::clone(&stop)));
        let senders: Vec<_> = outlets.into_iter().map(senders_of).collect();
        let mut workers = Self { stop, threads: Vec::new(), senders: senders.clone() };
        let outbox_core = Arc::clone(core);
        workers.spawn("outbox", poll, move |stop| deliver(&outbox_core, rounds, &senders, stop))?;
        let purge_core = Arc::clone(core);
        workers.spawn("purge", PURGE_EVERY, move |stop| purge(&purge_core, stop))?;
        Ok(workers)
    }

    /// A handle for the signal handler.
    pub(crate) fn stopper(&self) -> Stopper {
        let threads = self.threads.iter().map(|thread| thread.thread().clone()).collect();
        Stopper { stop: Arc::clone(&self.stop), threads }
    }

    /// Tells them to end, if that was not done, and waits for them.
    pub(crate) fn join(self) {
        self.stopper().stop();
        let senders = || self.senders.iter().flat_map(|senders| std::mem::take(&mut *senders.threads()));
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a worker had panicked");
            }
        }
        for thread in senders() {
            if thread.join().is_err() {
                tracing::error!("the sending of a message had panicked");
            }
        }
    }

    /// Adds a worker: a round, a pause, and again.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        pause: Duration,
        round: impl Fn(&AtomicBool) + Send + 'static,
    ) -> io::Result<()> {
        let stop = Arc::clone(&self.stop);
        let run = move || {
            while !stop.load(Ordering::SeqCst) {
                // The unwinding drops what a round holds: its transaction is rolled back, its leases expire.
                if catch_unwind(AssertUnwindSafe(|| round(&stop))).is_err() {
                    tracing::error!(worker = name, "a round panicked; the worker goes on");
                }
                thread::park_timeout(pause);
            }
        };
        self.threads.push(thread::Builder::new().name(name.to_owned()).spawn(run)?);
        Ok(())
    }
}

/// Runs jobs and begins to send messages until nothing is due, or all senders are busy. Messages that this process enqueues
/// from now on end the pause after it, and so does a sender that ends.
fn deliver(core: &Core, rounds: Deliver, senders: &[Arc<Senders>], stop: &AtomicBool) {
    core.wake_me_for_outbox();
    let stopping = || stop.load(Ordering::SeqCst);
    while !stopping() {
        let begun = rounds.run_jobs(core, &stopping).and_then(|ran| {
            let mut is_idle = ran.is_idle();
            for senders in senders {
                is_idle &= !stopping() && senders.begin()? == 0;
            }
            Ok(is_idle)
        });
        match begun {
            Ok(false) => {}
            Ok(true) => return,
            Err(error) => return tracing::warn!(%error, "the outbox cannot be read"),
        }
    }
}

/// Sends the messages of one channel, or makes its exports, each on a thread of its own.
struct Senders {
    core: Arc<Core>,
    outlet: Outlet,
    rounds: Deliver,
    stop: Arc<AtomicBool>,
    /// Messages that are being sent.
    sending: AtomicUsize,
    /// For the end of the process.
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Senders {
    fn new(core: Arc<Core>, outlet: Outlet, rounds: Deliver, stop: Arc<AtomicBool>) -> Self {
        Self { core, outlet, rounds, stop, sending: AtomicUsize::new(0), threads: Mutex::default() }
    }

    /// Leases as many due messages as there are free senders, and begins to send them; returns how many.
    fn begin(self: &Arc<Self>) -> Result<usize, DeliverError> {
        let free = self.free();
        if free == 0 {
            return Ok(0);
        }
        let messages = self.rounds.lease_messages(&self.core, &self.outlet.channel(), free)?;
        let count = messages.len();
        for message in messages {
            self.send(message);
        }
        Ok(count)
    }

    /// How many messages may be begun now.
    fn free(&self) -> usize {
        let at_once = if matches!(self.outlet, Outlet::Exports) { EXPORTS } else { CONVERSATIONS };
        at_once.saturating_sub(self.sending.load(Ordering::SeqCst))
    }

    /// Begins to send a message. The calling thread is woken when it was sent.
    fn send(self: &Arc<Self>, message: Leased) {
        self.sending.fetch_add(1, Ordering::SeqCst);
        let sending = Sending { senders: Arc::clone(self), caller: thread::current() };
        let send = move || {
            let senders = &sending.senders;
            let stopping = || senders.stop.load(Ordering::SeqCst);
            if let Err(error) = senders.rounds.send_leased(&senders.core, &senders.outlet, &message, &stopping) {
                tracing::warn!(%error, "the outcome of a message could not be recorded");
            }
        };
        match thread::Builder::new().name(self.outlet.channel().to_text().into_owned()).spawn(send) {
            Ok(thread) => {
                let mut threads = self.threads();
                threads.retain(|thread| !thread.is_finished());
                threads.push(thread);
            }
            // Its lease ends, and another worker takes it.
            Err(error) => tracing::warn!(%error, "no thread to send a message"),
        }
    }

    fn threads(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sending of one message. Its end frees a sender first and wakes the caller then, which finds it free.
struct Sending {
    senders: Arc<Senders>,
    caller: Thread,
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.senders.sending.fetch_sub(1, Ordering::SeqCst);
        self.caller.unpark();
    }
}

fn purge(core: &Core, stop: &AtomicBool) {
    match (Purge { keep: PURGE_KEEP }).execute(core, &|| stop.load(Ordering::SeqCst)) {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "purged ended rows"),
        Err(error) => tracing::warn!(%error, "ended rows could not be purged"),
    }
    match ResealSecrets.execute(core, &|| stop.load(Ordering::SeqCst)) {
        Ok(0) => {}
        Ok(secrets) => tracing::info!(secrets, "sealed secrets with the active key"),
        Err(error) => tracing::warn!(%error, "secrets could not be sealed with the active key"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Mutex;

    use selfsame_application::password::request_reset::RequestPasswordReset;
    use selfsame_domain::{Instant, RequestContext};
    use selfsame_ports::{Channel, MailError, Mailer, Message};
    use selfsame_testing::{core::TestCore, fakes::RecordingMailer, poll::eventually};

    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    fn rounds() -> Deliver {
        let (lease, longest_send) = (chrono::Duration::minutes(2), chrono::Duration::seconds(20));
        let pause = Duration::from_secs(5);
        Deliver { batch: 20, lease, longest_send, max_attempts: 10, first_pause: pause, longest_pause: pause }
    }

    fn none() -> Workers {
        let (core, mailer) = (TestCore::new().core, Arc::new(RecordingMailer::new()));
        let senders = Senders::new(core, Outlet::Mail(mailer), rounds(), Arc::default());
        Workers { stop: Arc::default(), threads: Vec::new(), senders: vec![Arc::new(senders)] }
    }

    /// Waits with mail to addresses that begin with `slow` until it is told to go on.
    #[derive(Default)]
    struct Hanging {
        sent: Mutex<Vec<String>>,
        goes_on: AtomicBool,
    }

    impl Mailer for Hanging {
        fn send(&self, message: &Message, _now: Instant) -> Result<(), MailError> {
            while message.to.starts_with("slow") && !self.goes_on.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(2));
            }
            self.sent.lock().unwrap().push(message.to.clone());
            Ok(())
        }
    }

    #[test]
    fn r88_mails_that_hang_hold_up_no_other() {
        let test = TestCore::new();
        for name in ["slow1", "slow2", "slow3", "slow4", "ada", "grace"] {
            test.unverified_user(&format!("{name}@example.com"));
        }
        let mailer = Arc::new(Hanging::default());
        let workers =
            Workers::start(&test.core, [(Outlet::Mail(mailer.clone()), rounds())], rounds(), Duration::from_hours(1))
                .unwrap();
        eventually(SOON, "the others", || (mailer.sent.lock().unwrap().len() == 2).then_some(()));
        test.unverified_user("alan@example.com");
        eventually(SOON, "a later one", || (mailer.sent.lock().unwrap().len() == 3).then_some(()));
        mailer.goes_on.store(true, Ordering::SeqCst);
        eventually(SOON, "all of them", || (mailer.sent.lock().unwrap().len() == 7).then_some(()));
        workers.join();
        assert!(test.storage.outbox().is_empty());
    }

    #[test]
    fn r88_more_mails_than_senders_are_all_sent_once() {
        let test = TestCore::new();
        let count = 3 * CONVERSATIONS;
        for number in 0..count {
            test.unverified_user(&format!("user{number}@example.com"));
        }
        let mailer = Arc::new(Hanging::default());
        let workers =
            Workers::start(&test.core, [(Outlet::Mail(mailer.clone()), rounds())], rounds(), Duration::from_hours(1))
                .unwrap();
        eventually(SOON, "all of them", || test.storage.outbox().is_empty().then_some(()));
        workers.join();
        let mut sent = mailer.sent.lock().unwrap().clone();
        sent.sort_unstable();
        sent.dedup();
        assert_eq!(sent.len(), count);
    }

    #[test]
    fn a_sender_is_free_when_its_end_wakes_the_caller() {
        let test = TestCore::new();
        let mailer = Arc::new(RecordingMailer::new());
        let outlet = Outlet::Mail(mailer.clone());
        let senders = Arc::new(Senders::new(Arc::clone(&test.core), outlet, rounds(), Arc::default()));
        for number in 0..100 {
            test.unverified_user(&format!("user{number}@example.com"));
            rounds().run_jobs(&test.core, &|| false).unwrap();
            for mail in rounds().lease_messages(&test.core, &Channel::Mail, 1).unwrap() {
                senders.send(mail);
                assert!(senders.free() >= CONVERSATIONS - 1);
                thread::park_timeout(SOON);
                assert_eq!(senders.free(), CONVERSATIONS);
            }
        }
        assert_eq!(mailer.sent().len(), 100);
    }

    #[test]
    fn r98_a_round_that_panics_costs_that_round_and_not_the_worker() {
        let (mut workers, rounds) = (none(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&rounds);
        let round = move |_: &AtomicBool| assert!(counted.fetch_add(1, Ordering::SeqCst) > 1, "an early round panics");
        workers.spawn("test", Duration::from_millis(1), round).unwrap();
        eventually(SOON, "rounds after the panics", || (rounds.load(Ordering::SeqCst) > 4).then_some(()));
        workers.join();
    }

    /// Panics at mail to one address.
    #[derive(Default)]
    struct PanickingMailer(Mutex<Vec<String>>);

    impl Mailer for PanickingMailer {
        fn send(&self, message: &Message, _now: Instant) -> Result<(), MailError> {
            assert!(!message.to.starts_with("poison"), "panics on purpose");
            self.0.lock().unwrap().push(message.to.clone());
            Ok(())
        }
    }

    #[test]
    fn r98_a_mail_that_makes_the_mailer_panic_holds_up_no_other_and_is_given_up() {
        let test = TestCore::new();
        for name in ["poison", "ada", "grace"] {
            test.unverified_user(&format!("{name}@example.com"));
        }
        let mailer = Arc::new(PanickingMailer::default());
        let second = Duration::from_secs(1);
        let lease = chrono::Duration::hours(1);
        let rounds = Deliver { lease, max_attempts: 2, first_pause: second, longest_pause: second, ..rounds() };
        let workers =
            Workers::start(&test.core, [(Outlet::Mail(mailer.clone()), rounds)], rounds, Duration::from_millis(1))
                .unwrap();
        eventually(SOON, "the others", || (mailer.0.lock().unwrap().len() == 2).then_some(()));
        eventually(SOON, "its last try", || {
            test.clock.advance(2 * second);
            test.storage.outbox().is_empty().then_some(())
        });
        workers.join();
    }

    #[test]
    fn a_job_and_its_mail_do_not_wait_for_the_next_look_into_the_queue() {
        let test = TestCore::new();
        test.verified_user("ada@example.com");
        let mailer = Arc::new(RecordingMailer::new());
        let before = test.storage.commits();
        let workers =
            Workers::start(&test.core, [(Outlet::Mail(mailer.clone()), rounds())], rounds(), Duration::from_hours(1))
                .unwrap();
        eventually(SOON, "its first look", || (test.storage.commits() >= before + 2).then_some(()));
        let email = "ada@example.com".to_owned();
        RequestPasswordReset { email, context: RequestContext::default() }.execute(&test.core).unwrap();
        eventually(SOON, "the mail", || (mailer.sent().len() == 1).then_some(()));
        workers.join();
    }

    #[test]
    fn r89_a_worker_that_rests_ends_as_soon_as_it_is_told() {
        let mut workers = none();
        workers.spawn("test", Duration::from_hours(1), |_| ()).unwrap();
        workers.stopper().stop();
        eventually(SOON, "its end", || workers.threads[0].is_finished().then_some(()));
    }
}
