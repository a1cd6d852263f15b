//! `backup` and `restore`, and the end of every sign-in.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command, time::Duration};

use selfsame_testing::server::{Backend, backends};
use serde_json::json;

use crate::{
    common::{App, PASSWORD, answer, app},
    places::running_places,
    shell::{DONE, FAILED, SETTINGS_REFUSED, Shell, TRY_AGAIN},
};

fn stop(app: &mut App) {
    app.server.terminate();
    assert!(app.server.wait_exit(Duration::from_secs(20)).success());
}

#[test]
fn r94_a_backup_taken_while_users_sign_up_restores_to_a_working_server_without_what_had_ended() {
    let mut app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    let ada = app.user();
    let browser = app.browser(&ada.email, PASSWORD);
    app.post("/api/v1/auth/forgot-password").json(&json!({ "email": ada.email })).send().unwrap();
    let reset = app.link_token(&ada.email, 2);

    let file = shell.folder.path().join("backup.db");
    let path = file.to_str().unwrap();
    let outcome = std::thread::scope(|scope| {
        let writers = scope.spawn(|| (0..5).for_each(|_| drop(app.user())));
        let outcome = shell.run(&["backup", path]).expect(DONE);
        writers.join().unwrap();
        outcome
    });
    assert!(outcome.stdout.contains("not in it: the keys in "), "{}", outcome.stdout);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    shell.run(&["backup", path]).refused(FAILED, &["backup.db", "exists"]);

    let later = app.user();
    shell.run(&["restore", path]).refused(TRY_AGAIN, &["in use by another process"]);
    stop(&mut app);
    let outcome = shell.run(&["restore", path]).expect(DONE);
    let ended = outcome.stdout.split("ended ").nth(1).and_then(|rest| rest.split(" sign-ins of ").next());
    assert!(ended.unwrap().parse::<u32>().unwrap() >= 2, "{outcome:?}");
    assert!(outcome.stdout.contains(".before-restore-1"), "{}", outcome.stdout);
    app.server.start();

    assert_eq!(app.try_login(&later.email, PASSWORD).status(), 401, "it was made after the backup");
    assert_eq!(app.get("/api/v1/me").bearer_auth(&ada.access).send().unwrap().status(), 401);
    let refreshed = app.post("/api/v1/auth/refresh").json(&json!({ "refresh_token": ada.refresh })).send().unwrap();
    assert_eq!(refreshed.status(), 401);
    let signed_out = app.get("/api/v1/account").header("cookie", format!("session_id={browser}")).send().unwrap();
    assert_eq!(signed_out.status(), 401);
    let body = json!({ "token": reset, "new_password": "seven purple elephants juggle" });
    let (status, _) = answer(app.post("/api/v1/auth/reset-password").json(&body).send().unwrap());
    assert!((400..500).contains(&status), "{status}");
    let (access, _) = app.login(&ada.email, PASSWORD);
    assert_eq!(app.get("/api/v1/me").bearer_auth(access).send().unwrap().status(), 200);
    stop(&mut app);
    shell.run(&["audit", "verify"]).expect(DONE);
    let folder = app.server.folder();
    let left = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.contains("restoring")), "nothing is left of the copy");
}

#[test]
fn a_restore_keeps_sign_ins_when_it_is_told_to() {
    let mut app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    let ada = app.user();
    let file = shell.folder.path().join("backup.db");
    shell.run(&["backup", file.to_str().unwrap()]).expect(DONE);
    stop(&mut app);
    shell.run(&["restore", file.to_str().unwrap(), "--keep-sign-ins"]).expect(DONE);
    app.server.start();
    assert_eq!(app.get("/api/v1/me").bearer_auth(&ada.access).send().unwrap().status(), 200);
}

#[test]
fn r94_a_damaged_database_is_replaced_by_a_backup() {
    let mut app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    let ada = app.user();
    shell.run(&["backup", "backup.db"]).expect(DONE);
    stop(&mut app);
    let database = app.server.folder().join("selfsame.db");
    fs::write(&database, "a disk wrote something else here").unwrap();
    let outcome = shell.run(&["restore", "backup.db"]).expect(DONE);
    assert!(outcome.stdout.contains(".before-restore-1"), "{}", outcome.stdout);
    app.server.start();
    app.login(&ada.email, PASSWORD);
}

#[test]
fn r93_a_restore_refuses_its_own_working_file_and_leaves_that_of_another_one() {
    let mut app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    shell.run(&["backup", "backup.db"]).expect(DONE);
    let working = app.server.folder().join("selfsame.db.restoring");
    fs::copy(shell.folder.path().join("backup.db"), &working).unwrap();
    shell.run(&["restore", "backup.db"]).refused(TRY_AGAIN, &["in use by another process"]);
    assert!(working.exists(), "what holds the lock may be another restore");
    stop(&mut app);
    shell.run(&["restore", working.to_str().unwrap()]).refused(FAILED, &["selfsame.db.restoring"]);
    assert!(working.exists());
}

#[test]
fn what_is_no_backup_of_this_installation_leaves_the_database_as_it_is() {
    let mut app = app(Backend::Sqlite);
    let shell = Shell::beside(&app.server);
    let ada = app.user();
    let other = Shell::on(Backend::Sqlite).with("database.url", "sqlite://other.db");
    other.create("grace@example.com").expect(DONE);
    other.run(&["backup", "other-backup.db"]).expect(DONE);
    let folder = shell.folder.path();
    fs::copy(other.folder.path().join("other-backup.db"), folder.join("other.db")).unwrap();
    fs::write(folder.join("text.db"), "no database, but long enough to look like one").unwrap();
    let whole = fs::read(folder.join("other.db")).unwrap();
    fs::write(folder.join("half.db"), &whole[..whole.len() / 2]).unwrap();
    stop(&mut app);
    for (name, reason) in [
        ("other.db", "its mac key is not the one"),
        ("text.db", "file is not a database"),
        ("half.db", "half.db"),
        ("nowhere.db", "nowhere.db"),
    ] {
        shell.run(&["restore", name]).refused(FAILED, &[reason]);
    }
    app.server.start();
    app.login(&ada.email, PASSWORD);
}

#[test]
fn every_sign_in_ends_while_the_server_runs() {
    for (shell, app) in running_places() {
        let users = [app.user(), app.user()];
        let ended = shell.run(&["user", "revoke", "--all", "--json"]).expect(DONE).json();
        assert_eq!(ended, json!({ "users": 2, "ended_sign_ins": 2 }));
        for user in &users {
            assert_eq!(app.get("/api/v1/me").bearer_auth(&user.access).send().unwrap().status(), 401);
            app.login(&user.email, PASSWORD);
        }
        shell.run(&["user", "revoke"]).expect(crate::shell::USAGE);
        shell.run(&["user", "revoke", &users[0].email, "--all"]).expect(crate::shell::USAGE);
    }
}

#[test]
fn postgresql_has_tools_of_its_own() {
    let shell = Shell::on(Backend::Sqlite).with("database.url", "postgres://u@127.0.0.1:1/x");
    shell.run(&["backup", "x.db"]).refused(FAILED, &["pg_dump"]);
    shell.run(&["restore", "x.db"]).refused(FAILED, &["pg_restore", "selfsame user revoke --all"]);
}

#[test]
fn an_invited_user_proves_the_address_and_sets_a_password_by_one_link() {
    for backend in backends() {
        let app = app(backend);
        let shell = Shell::beside(&app.server);
        for verified in [true, false] {
            let email = format!("invited-{verified}@example.com");
            let mut create = vec!["user", "create", "--email", &email, "--invite", "--json"];
            create.extend(verified.then_some("--verified"));
            let created = shell.run(&create).expect(DONE).json();
            assert_eq!(created["has_password"], false);
            let mail = app.server.mailbox().wait_for_to(&email, 1).remove(0);
            assert!(mail.link().contains("#token="), "{mail:?}");
            let mut token = app.link_token(&email, 1);
            if !verified {
                let body = json!({ "token": token });
                let (status, proven) = answer(app.post("/api/v1/me/verify-email/confirm").json(&body).send().unwrap());
                assert!((200..300).contains(&status), "{status} {proven}");
                token = proven.to_string().split('"').filter(|part| part.len() > 30).map(str::to_owned).next().unwrap();
            }
            let body = json!({ "token": token, "new_password": PASSWORD });
            let (status, set) = answer(app.post("/api/v1/auth/reset-password").json(&body).send().unwrap());
            assert!((200..300).contains(&status), "{status} {set}");
            app.login(&email, PASSWORD);
        }
        for input in ["", "\n", "\r\n"] {
            let create = ["user", "create", "--email", "nobody@example.com", "--password-stdin"];
            shell.run_with(&create, input).refused(FAILED, &["no password came on standard input"]);
        }
    }
}

#[test]
fn serve_refuses_what_config_check_refuses_with_the_same_code() {
    for (key, value, reason) in [
        ("profile.schema", "/nope.json", "profile.schema: /nope.json"),
        ("database.url", "postgres://h/x?sslmod=verify-full", "sslmod is no parameter"),
        ("blobs.url", "file:///proc/nope", "blobs.url: /proc"),
    ] {
        let shell = Shell::on(Backend::Sqlite).with("database.url", "sqlite://x.db").with(key, value);
        for command in [&["config", "check"][..], &["serve"]] {
            shell.run(command).refused(SETTINGS_REFUSED, &[reason]);
        }
    }
    let shell = Shell::on(Backend::Sqlite).with("database.url", "sqlite://x.db");
    fs::write(shell.folder.path().join("x.db"), "no database, but long enough to look like one").unwrap();
    shell.run(&["serve"]).refused(SETTINGS_REFUSED, &["file is not a database"]);
    shell.run(&["migrate"]).refused(FAILED, &["file is not a database"]);
}

#[test]
fn help_is_a_command_and_a_reader_may_stop_reading() {
    let shell = Shell::on(Backend::Sqlite);
    assert!(shell.run(&["help"]).expect(DONE).stdout.contains("Exit codes"));
    assert!(shell.run(&["help", "user", "create"]).expect(DONE).stdout.contains("--invite"));
    let script = format!("{} openapi | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_selfsame"));
    let path = std::env::var_os("PATH").unwrap();
    let output = Command::new("bash").args(["-c", &script]).env_clear().env("PATH", path).output().unwrap();
    assert_eq!((String::from_utf8(output.stdout).unwrap().trim(), output.stderr.as_slice()), ("0", &b""[..]));
}
