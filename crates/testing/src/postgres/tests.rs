//! The harness on a real server.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, process, thread};

use super::Postgres;
use crate::poll::eventually;

const CREATE: &str = "CREATE TABLE notes (body text); INSERT INTO notes VALUES ('from the template')";

#[test]
fn two_fresh_databases_know_nothing_of_each_other_and_are_dropped() {
    let Some(postgres) = Postgres::shared() else { return };
    let (one, other) = (postgres.fresh_database(None), postgres.fresh_database(None));
    one.query(CREATE);
    assert_eq!(other.query("SELECT count(*) FROM pg_tables WHERE tablename = 'notes'"), "0");

    let exists = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", one.name);
    assert_eq!(other.query(&exists), "1");
    drop(one);
    assert_eq!(other.query(&exists), "0");
}

#[test]
fn a_template_is_migrated_once_and_copied_for_each_test() {
    let Some(postgres) = Postgres::shared() else { return };
    let migrate = |url: &str| drop(postgres.admin.run_in(url, CREATE).unwrap());
    let template = postgres.template("copied", migrate);
    let again = postgres.template("copied", |_| panic!("migrated twice"));
    assert_eq!(template, again);

    let (one, other) = (postgres.fresh_database(Some(&template)), postgres.fresh_database(Some(&template)));
    one.query("DELETE FROM notes");
    assert_eq!(other.query("SELECT body FROM notes"), "from the template");
}

#[test]
fn many_threads_may_ask_for_the_same_template_at_once() {
    let Some(postgres) = Postgres::shared() else { return };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let template = postgres.template("raced", |url| drop(postgres.admin.run_in(url, CREATE).unwrap()));
                let database = postgres.fresh_database(Some(&template));
                assert_eq!(database.query("SELECT count(*) FROM notes"), "1");
            });
        }
    });
}

#[test]
fn a_failed_migration_does_not_leave_a_half_made_template() {
    let Some(postgres) = Postgres::shared() else { return };
    let failed = thread::scope(|scope| scope.spawn(|| postgres.template("broken", |_| panic!("on purpose"))).join());
    assert!(failed.is_err());
    let template = postgres.template("broken", |url| drop(postgres.admin.run_in(url, CREATE).unwrap()));
    assert_eq!(postgres.fresh_database(Some(&template)).query("SELECT count(*) FROM notes"), "1");
}

#[test]
fn a_private_server_keeps_what_was_committed_over_a_stop_and_a_kill() {
    let Some(postgres) = Postgres::private(true) else {
        return;
    };
    let database = postgres.fresh_database(None);
    assert_eq!(database.query("SHOW fsync"), "on");
    database.query(CREATE);

    postgres.kill();
    assert!(!postgres.admin.answers());
    postgres.start();
    assert_eq!(database.query("SELECT body FROM notes"), "from the template");

    postgres.stop();
    assert!(!postgres.admin.answers());
    postgres.start();
    assert_eq!(database.query("SELECT body FROM notes"), "from the template");
}

#[test]
fn dropping_a_private_server_removes_its_folder() {
    let Some(postgres) = Postgres::private(false) else {
        return;
    };
    let root = postgres.cluster.as_ref().unwrap().root().to_owned();
    assert!(root.is_dir());
    drop(postgres);
    assert!(!root.exists());
}

/// Run as a process of its own by the test below; on its own it passes.
#[test]
fn helper_that_starts_a_private_server_and_never_ends() {
    let Some(report) = env::var_os("SELFSAME_TEST_NEVER_ENDING") else {
        return;
    };
    let postgres = Postgres::private(false).unwrap();
    let root = postgres.cluster.as_ref().unwrap().root().to_str().unwrap();
    fs::write(PathBuf::from(&report).with_extension("part"), root).unwrap();
    fs::rename(PathBuf::from(&report).with_extension("part"), &report).unwrap();
    loop {
        thread::park();
    }
}

#[test]
fn a_test_process_that_is_killed_leaves_no_server_behind() {
    if Postgres::shared().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let mut helper = Command::new(env::current_exe().unwrap())
        .args(["--exact", "postgres::tests::helper_that_starts_a_private_server_and_never_ends"])
        .env("SELFSAME_TEST_NEVER_ENDING", &report)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let root = eventually(Duration::from_mins(1), "the helper's server", || fs::read_to_string(&report).ok());
    let root = PathBuf::from(root);
    let server = fs::read_to_string(root.join("data/postmaster.pid")).unwrap();
    let server = server.lines().next().unwrap().to_owned();
    assert_ne!(server, process::id().to_string());

    helper.kill().unwrap();
    helper.wait().unwrap();
    eventually(Duration::from_secs(30), "the watchdog to remove the folder", || (!root.exists()).then_some(()));
    let alive = Command::new("/bin/sh").args(["-c", "kill -0 \"$1\"", "kill", &server]).stderr(Stdio::null()).status();
    assert!(!alive.unwrap().success(), "the server is still running");
}
