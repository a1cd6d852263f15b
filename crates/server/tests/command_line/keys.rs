//! `keys list|rotate|retire`, which need neither a database nor a running server, and `config check` of key files.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf, time::Duration};

use selfsame_testing::{
    poll::eventually,
    server::{Backend, Server},
};
use serde_json::{Value, json};

use crate::{
    common::{options, text},
    shell::{DONE, FAILED, SETTINGS_REFUSED, Shell, USAGE, nobody_there},
};

/// A script beside the data of a server that ran once, without its database.
fn beside_keys(server: &Server) -> Shell {
    assert!(server.run(&["user", "show", "nobody@example.com"]).status.code().is_some());
    let data = server.folder().join("data").display().to_string();
    Shell::on(Backend::Sqlite)
        .with("data_dir", &data)
        .with("database.url", &format!("postgres://u:p@{}/db", nobody_there()))
}

fn keys(shell: &Shell) -> Vec<Value> {
    shell.run(&["keys", "list", "--json"]).expect(DONE).json().as_array().unwrap().clone()
}

fn states(shell: &Shell, kind: &str) -> Vec<String> {
    keys(shell).iter().filter(|key| key["kind"] == kind).map(|key| text(&key["state"])).collect()
}

#[test]
fn r95_keys_are_listed_rotated_and_retired() {
    let server = Server::prepare(options(Backend::Sqlite));
    let shell = beside_keys(&server);
    let first = keys(&shell);
    let kinds: Vec<&Value> = first.iter().map(|key| &key["kind"]).collect();
    assert_eq!(kinds, [&json!("mac"), &json!("sealing"), &json!("signing")]);
    assert!(first.iter().all(|key| key["state"] == "active" && key["made_at"] == key["active_from"]), "{first:?}");

    // The first key for RS256 is made like the next ones.
    shell.run(&["keys", "rotate", "rs256"]).expect(DONE);
    let first = keys(&shell);
    for kind in ["signing", "sealing", "rs256"] {
        let old = text(&first.iter().find(|key| key["kind"] == kind).unwrap()["id"]);
        let made = shell.run(&["keys", "rotate", kind, "--json"]).expect(DONE).json();
        let (new, path) = (text(&made[0]["id"]), PathBuf::from(text(&made[0]["path"])));
        assert_eq!((&made[0]["kind"], &made[0]["state"]), (&json!(kind), &json!("pending")));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(states(&shell, kind), ["active", "pending"]);
        let listed = shell.run(&["keys", "list"]).expect(DONE).stdout;
        assert!(listed.contains(&old) && listed.contains(&new) && listed.contains("pending"), "{listed}");

        shell.run(&["keys", "retire", kind, &old]).refused(FAILED, &["active", "rotate"]);
        shell.run(&["keys", "retire", kind, &new]).refused(FAILED, &["not in use yet", "--force"]);
        shell.run(&["keys", "retire", kind, "20200101T000000Z-0000"]).refused(FAILED, &["no", kind, "keys list"]);

        // As if the time had passed: what is the active key here is the old one there.
        let later = shell.clone_with("keys.activate_after", "0s");
        // A key that was made in the same second as the one before is dated a second later.
        let is_later = || (states(&later, kind) == ["old", "active"]).then_some(());
        eventually(Duration::from_secs(5), "the new key in use", is_later);
        later.run(&["keys", "retire", kind, &old]).refused(FAILED, &["may still be needed until", "--force"]);
        let retired = later.run(&["keys", "retire", kind, &old, "--force", "--json"]).expect(DONE).json();
        assert_eq!(retired[0]["id"], json!(old));
        assert_eq!(states(&shell, kind), ["active"]);
        assert!(path.exists() && !PathBuf::from(text(&retired[0]["path"])).exists());
    }
}

#[test]
fn r95_the_mac_key_is_never_rotated_or_retired() {
    let server = Server::prepare(options(Backend::Sqlite));
    let shell = beside_keys(&server);
    let id = text(&keys(&shell)[0]["id"]);
    shell.run(&["keys", "rotate", "mac"]).refused(USAGE, &["signing", "sealing"]);
    shell.run(&["keys", "retire", "mac", &id, "--force"]).refused(USAGE, &["signing", "sealing"]);
    assert_eq!(keys(&shell).len(), 3);
}

#[test]
fn keys_rotated_within_one_second_still_follow_each_other() {
    let server = Server::prepare(options(Backend::Sqlite));
    let shell = beside_keys(&server);
    let mut made: Vec<String> = Vec::new();
    for _ in 0..4 {
        made.push(text(&shell.run(&["keys", "rotate", "signing", "--json"]).expect(DONE).json()[0]["id"]));
    }
    let listed: Vec<String> =
        keys(&shell).iter().filter(|key| key["kind"] == "signing").map(|key| text(&key["id"])).collect();
    assert_eq!(listed[1..], made);
}

#[test]
fn where_there_are_no_keys_none_is_rotated_and_no_folder_is_made() {
    let shell = Shell::on(Backend::Sqlite);
    assert!(keys(&shell).is_empty());
    shell.run(&["keys", "rotate", "signing"]).refused(FAILED, &["no signing key", "data_dir"]);
    shell.run(&["keys", "retire", "sealing", "20200101T000000Z-0000"]).refused(FAILED, &["no sealing key"]);
    assert!(!shell.folder.path().join("data").exists());
}

#[test]
fn r96_config_check_finds_every_key_file_that_would_stop_the_server() {
    let server = Server::prepare(options(Backend::Sqlite));
    let shell = beside_keys(&server);
    shell.run(&["config", "check"]).expect(DONE);
    let path = |kind: &str| {
        let key = keys(&shell).into_iter().find(|key| key["kind"] == kind).unwrap();
        PathBuf::from(text(&key["path"]))
    };
    let (mac, sealing, signing) = (path("mac"), path("sealing"), path("signing"));
    fs::set_permissions(&mac, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&sealing, "c2hvcnQ").unwrap();
    fs::write(&signing, "-----BEGIN PRIVATE KEY-----").unwrap();
    let words = ["chmod 600", "43 characters", "P-256"];
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &words);

    fs::remove_file(&mac).unwrap();
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &["no mac key", "other keys", "backup"]);
    assert_eq!(server.run(&["serve"]).status.code(), Some(SETTINGS_REFUSED), "and the server says the same");
}
