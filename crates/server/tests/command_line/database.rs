//! `migrate`, and every command on a database that is stale, down or in use.

use std::time::{Duration, Instant};

use selfsame_testing::server::{Backend, Server, backends};

use crate::{
    common::{app, options},
    shell::{DONE, FAILED, Shell, TRY_AGAIN, nobody_there},
};

#[test]
fn migrate_applies_what_is_pending_once() {
    for backend in backends() {
        let shell = Shell::on(backend);
        let first = shell.run(&["migrate"]).expect(DONE);
        assert!(first.stdout.starts_with("applied ") && first.stdout.ends_with('\n'), "{first:?}");
        let second = shell.run(&["migrate"]).expect(DONE);
        assert_eq!(second.stdout, "the schema is up to date\n");
    }
}

#[test]
fn r92_serve_refuses_a_stale_schema_where_it_may_not_migrate() {
    for backend in backends() {
        let shell = Shell::on(backend).with("database.auto_migrate", "false").with("server.bind", "127.0.0.1:0");
        shell.run(&["serve"]).refused(FAILED, &["schema", "selfsame migrate", "database.auto_migrate"]);
        let mut server = Server::prepare(options(backend).setting("database.auto_migrate", false));
        assert!(server.run(&["migrate"]).status.success());
        server.start();
        assert_eq!(server.client().get(server.url("/health/ready")).send().unwrap().status(), 200);
    }
}

#[test]
fn a_database_that_is_down_is_worth_another_try() {
    let down = format!("postgres://selfsame:nobody@{}/selfsame", nobody_there());
    let shell = Shell::on(Backend::Sqlite).with("database.url", &down).with("server.bind", "127.0.0.1:0");
    for arguments in [
        &["migrate"][..],
        &["user", "show", "ada@example.com", "--json"],
        &["user", "disable", "ada@example.com"],
        &["serve"],
    ] {
        let asked = Instant::now();
        shell.run(arguments).refused(TRY_AGAIN, &["database"]);
        assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    }
}

#[test]
fn no_command_says_the_databases_password() {
    let down = format!("postgres://selfsame:hunter2hunter2@{}/selfsame", nobody_there());
    let shell = Shell::on(Backend::Sqlite).with("database.url", &down).with("log.filter", "trace");
    for arguments in [&["migrate"][..], &["serve"], &["user", "show", "1"]] {
        let outcome = shell.run(arguments);
        assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
    }
}

#[test]
fn r93_a_second_process_on_a_sqlite_file_is_refused() {
    let app = app(Backend::Sqlite);
    let shell =
        Shell::on(Backend::Sqlite).with("database.url", &app.server.database_url()).with("server.bind", "127.0.0.1:0");
    for arguments in [&["serve"][..], &["migrate"], &["user", "show", "ada@example.com"]] {
        shell.run(arguments).refused(TRY_AGAIN, &["in use by another process", "selfsame.db"]);
    }
    // The first one does not mind.
    app.user();
}
