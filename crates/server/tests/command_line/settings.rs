//! `config check`, and settings that are refused: exit code 4.

use selfsame_testing::server::Backend;

use crate::shell::{DONE, SETTINGS_REFUSED, Shell};

#[test]
fn config_check_prints_the_settings_in_force_and_masks_secrets() {
    let shell = Shell::on(Backend::Sqlite)
        .with("mail.url", "smtps://mailer:hunter2hunter2@mail.example.com")
        .with("database.url", "postgres://selfsame:hunter2hunter2@db.example.com/selfsame");
    let outcome = shell.run(&["config", "check"]).expect(DONE);
    assert!(outcome.stdout.contains("url = \"smtps://mailer:***@mail.example.com\""), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("url = \"postgres://selfsame:***@db.example.com/selfsame\""), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("# environment variable SELFSAME__MAIL__URL"), "{}", outcome.stdout);
    assert!(!format!("{outcome:?}").contains("hunter2"));
    assert!(outcome.stderr.is_empty(), "{}", outcome.stderr);
    assert!(!shell.folder.path().join("data").exists(), "a look changes nothing");
}

#[test]
fn an_unknown_key_is_refused_with_a_hint_by_every_command() {
    let shell = Shell::on(Backend::Sqlite).with("server.bnd", "127.0.0.1:0");
    for arguments in [&["config", "check"][..], &["serve"], &[], &["migrate"], &["user", "show", "1"], &["health"]] {
        let words = ["SELFSAME__SERVER__BND", "did you mean SELFSAME__SERVER__BIND?"];
        shell.run(arguments).refused(SETTINGS_REFUSED, &words);
    }
}

#[test]
fn a_settings_file_is_read_from_the_working_directory_and_the_environment_wins() {
    let shell = Shell::on(Backend::Sqlite).with("mail.from", "env@example.com");
    let config = shell.folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    std::fs::write(config.join("local.toml"), "[mail]\nfrom = \"file@example.com\"\nfrom_name = \"File\"\n").unwrap();
    let outcome = shell.run(&["config", "check"]).expect(DONE);
    assert!(outcome.stdout.contains("from = \"env@example.com\"  # environment variable"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("from_name = \"File\"  # "), "{}", outcome.stdout);
    std::fs::write(config.join("local.toml"), "[mail]\nfrm = \"file@example.com\"\n").unwrap();
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &["mail.frm", "did you mean mail.from?", "local.toml"]);
}

#[test]
fn r96_production_refuses_every_unsafe_setting_at_once() {
    let shell = Shell::on(Backend::Sqlite).env("SELFSAME_ENV", "production");
    let keys = ["SELFSAME_ENV=production", "server.public_url", "mail.url", "mail.from"];
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &keys);
    shell.run(&["serve"]).refused(SETTINGS_REFUSED, &keys);
    assert!(!shell.folder.path().join("data").exists(), "nothing was begun");

    let shell = shell
        .with("server.public_url", "http://account.example.com")
        .with("server.allowed_origins", "http://app.example.com")
        .with("server.trusted_proxies", "0.0.0.0/0")
        .with("mail.url", "smtps://mailer:secret@mail.example.com")
        .with("mail.from", "account@example.com")
        .with("database.url", "postgres://postgres:postgres@db.example.com/selfsame")
        .with("passwords.min_length", "8")
        .with("limits.enabled", "false")
        .with("wacht.mode", "staging")
        .with("log.filter", "debug");
    let keys = [
        "server.public_url",
        "server.allowed_origins",
        "server.trusted_proxies",
        "mail.url",
        "database.url",
        "passwords.min_length",
        "passwords.argon2_memory_kib",
        "limits.enabled",
        "wacht.mode",
        "log.filter",
    ];
    shell.run(&["config", "check"]).refused(SETTINGS_REFUSED, &keys);
}

#[test]
fn r96_production_takes_safe_settings() {
    let shell = Shell::on(Backend::Sqlite)
        .env("SELFSAME_ENV", "production")
        .with("server.public_url", "https://account.example.com")
        .with("mail.url", "smtps://mailer:nine-odd-geese-lodge@mail.example.com")
        .with("mail.from", "account@example.com")
        .with("passwords.argon2_memory_kib", "19456")
        .with("passwords.argon2_iterations", "2");
    shell.run(&["config", "check"]).expect(DONE);
}
