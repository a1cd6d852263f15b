//! What is acknowledged survives `kill -9` and nothing else does (R87), with units of many threads committed together.
//!
//! A child process, which is this test binary started once more, runs units and prints a line after each that has ended. It
//! is killed in the middle. What each unit was to do follows from a seed, so the parent knows what to find in the file.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use selfsame_domain::{User, UserId, id::Id as _};
use selfsame_ports::{Charge, RateLimits as _, Storage as _, StorageError};
use selfsame_storage_diesel::DieselStorage;
use selfsame_testing::builders::t0;

use support::{migrated, open, sqlite_url};

const KILLS: u64 = 20;
const THREADS: u64 = 16;
/// Units that end before each kill, on average.
const UNITS: u64 = 500;
/// Set in the child: the database, and which life of it this is.
const URL: &str = "SELFSAME_CRASH_URL";
const LIFE: &str = "SELFSAME_CRASH_LIFE";

/// What one unit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// Inserts so many accounts and commits.
    Commit(u64),
    /// Inserts so many, then one that exists.
    Fail(u64),
    /// Inserts so many, and is dropped.
    Drop(u64),
    /// Spends a budget.
    Take,
}

/// A unit: the `number`th of a thread in one life of the database.
#[derive(Clone, Copy, Debug)]
struct Unit {
    life: u64,
    thread: u64,
    number: u64,
}

impl Unit {
    fn plan(self) -> Plan {
        let random = mixed(self.key());
        let accounts = 1 + (random >> 8) % 4;
        match random % 10 {
            0 => Plan::Fail(accounts),
            1 => Plan::Drop(accounts),
            2 | 3 => Plan::Take,
            _ => Plan::Commit(accounts),
        }
    }

    fn key(self) -> u64 {
        (self.life * THREADS + self.thread) * 100_000 + self.number
    }

    fn account(self, index: u64) -> User {
        User::new(UserId::from_number(i64::try_from(self.key() * 8 + index).unwrap() + 1), t0())
    }

    fn budget(self) -> [Charge; 1] {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.key().to_be_bytes());
        [Charge { key, cost: Duration::from_hours(1), capacity: Duration::from_hours(1) }]
    }

    /// In the child. Whatever fails otherwise than planned ends the process without an acknowledgement.
    fn run(self, storage: &DieselStorage) -> Result<(), StorageError> {
        let insert = |accounts| {
            let mut unit = storage.begin()?;
            (0..accounts).try_for_each(|index| unit.accounts().insert(&self.account(index)))?;
            Ok::<_, StorageError>(unit)
        };
        match self.plan() {
            Plan::Commit(accounts) => insert(accounts)?.commit(),
            Plan::Drop(accounts) => insert(accounts).map(drop),
            Plan::Take => storage.take(&self.budget(), t0()).map(|taken| assert!(taken.is_ok())),
            Plan::Fail(accounts) => {
                let mut unit = insert(accounts)?;
                assert_eq!(unit.accounts().insert(&self.account(0)), Err(StorageError::Conflict));
                Ok(())
            }
        }
    }

    /// In the parent: how much of it is in the file, and how much should be if it ended.
    fn found(self, storage: &DieselStorage) -> (u64, u64) {
        let accounts = |count: u64| {
            let stored = |index: &u64| storage.read().unwrap().user(self.account(*index).id).unwrap().is_some();
            u64::try_from((0..count).filter(stored).count()).unwrap()
        };
        match self.plan() {
            Plan::Commit(count) => (accounts(count), count),
            Plan::Fail(count) | Plan::Drop(count) => (accounts(count), 0),
            Plan::Take => (u64::from(storage.take(&self.budget(), t0()).unwrap().is_err()), 1),
        }
    }
}

/// SplitMix64.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Not a test but the child: it runs units until it is killed.
#[test]
fn child() {
    let (Ok(url), Ok(life)) = (env::var(URL), env::var(LIFE)) else { return };
    let (storage, life) = (open(&url), life.parse().unwrap());
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let storage = &storage;
            scope.spawn(move || {
                for number in 0.. {
                    let unit = Unit { life, thread, number };
                    if let Err(error) = unit.run(storage) {
                        writeln!(std::io::stdout(), "failed {unit:?} {error}").unwrap();
                        std::process::exit(1);
                    }
                    writeln!(std::io::stdout(), "ended {thread} {number}").unwrap();
                }
            });
        }
    });
}

fn spawn_child(url: &str, life: u64) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(URL, url)
        .env(LIFE, life.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a child run until so many units have ended, and kills it. How many ended on each thread, those included that
/// ended between the decision and the kill.
fn run_and_kill(url: &str, life: u64, after: u64) -> Vec<u64> {
    let mut child = spawn_child(url, life);
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut ended = vec![0; usize::try_from(THREADS).unwrap()];
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        assert!(!line.contains("failed"), "{line}");
        // The first one stands behind what the test harness writes.
        let acknowledged = line.strip_suffix('\n').and_then(|line| line.split_once("ended "));
        if let Some((_, acknowledged)) = acknowledged
            && let Some((thread, number)) = acknowledged.split_once(' ')
        {
            let ended = &mut ended[thread.parse::<usize>().unwrap()];
            assert_eq!(number.parse(), Ok(*ended), "each thread acknowledges in order");
            *ended += 1;
        }
        if ended.iter().sum::<u64>() == after {
            child.kill().unwrap();
        }
        line.clear();
    }
    child.wait().unwrap();
    ended
}

#[test]
fn r87_after_kill_9_every_acknowledged_unit_is_there_whole_and_no_other_in_part() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder);
    drop(migrated(&url));
    let (mut all, mut together) = (0, 0);
    for life in 0..KILLS {
        let after = UNITS / 2 + mixed(life) % UNITS;
        let ended = run_and_kill(&url, life, after);
        let storage = open(&url);
        for (thread, ended) in (0..).zip(ended) {
            for number in 0..ended {
                let unit = Unit { life, thread, number };
                let (found, expected) = unit.found(&storage);
                assert_eq!(found, expected, "{unit:?} has ended: {:?}", unit.plan());
                together += u64::from(expected > 1);
            }
            let in_flight = Unit { life, thread, number: ended };
            let (found, expected) = in_flight.found(&storage);
            assert!(found == 0 || found == expected, "{found} of {expected}: {in_flight:?} {:?}", in_flight.plan());
            let next = Unit { number: ended + 1, ..in_flight };
            assert_eq!(next.found(&storage).0, 0, "{next:?} has not begun: {:?}", next.plan());
            all += ended;
        }
    }
    assert!(all >= KILLS * UNITS * 8 / 10, "{all} units ended");
    assert!(together > all / 4, "{together} of them wrote several rows");
}
