//! The commands of README.md and docs/, as a reader pastes them.
//!
//! Blocks marked `bash` are run against a server with the settings of `config/local.toml`, twice, because the second run
//! finds the accounts of the first. Blocks marked `console` are lists of commands: each line must be whole, without an
//! operator of the shell that the reader does not see as one, and the server's own commands must exist.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use selfsame_testing::{
    programs::{are_there, repository},
    server::{Server, ServerOptions},
};
use serde_json::{Value, json};

/// The address of the server in the README.
const BASE: &str = "http://127.0.0.1:8080";

/// A fenced block of a Markdown file.
struct Block {
    heading: String,
    language: String,
    text: String,
}

fn blocks(file: &Path) -> Vec<Block> {
    let (mut blocks, mut heading, mut open): (Vec<Block>, _, _) = (Vec::new(), String::new(), false);
    for line in fs::read_to_string(file).unwrap().lines() {
        if let Some(language) = line.strip_prefix("```") {
            open = !open;
            if open {
                let (heading, language) = (heading.clone(), language.to_owned());
                blocks.push(Block { heading, language, text: String::new() });
            }
        } else if open {
            let text = &mut blocks.last_mut().unwrap().text;
            text.push_str(line);
            text.push('\n');
        } else if line.starts_with('#') {
            line.trim_start_matches('#').trim().clone_into(&mut heading);
        }
    }
    assert!(!open, "a block of {} has no end", file.display());
    blocks
}

fn readme() -> PathBuf {
    repository().join("README.md")
}

/// Runs a script as `bash` does when the first failure ends it, also one inside a pipe.
fn bash(script: &str, folder: &Path) -> Output {
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", script]).current_dir(folder).stdin(Stdio::null());
    // No settings of the person who runs the tests.
    command.env("CURL_HOME", folder).env("no_proxy", "*").output().unwrap()
}

/// A server with the settings of a developer's machine.
fn local_server() -> Server {
    let options = ServerOptions::new(env!("CARGO_BIN_EXE_selfsame"))
        .setting("passwords.argon2_memory_kib", 64)
        .setting("passwords.argon2_iterations", 1);
    let mut server = Server::prepare(options);
    let config = server.folder().join("config");
    fs::create_dir(&config).unwrap();
    fs::copy(repository().join("config/local.toml"), config.join("local.toml")).unwrap();
    server.start();
    server
}

/// The walk under a heading of the README.
#[track_caller]
fn walk(heading: &str) -> Block {
    let walks = blocks(&readme()).into_iter().filter(|block| block.language == "bash");
    let mut walks = walks.filter(|block| block.heading == heading);
    let walk = walks.next().unwrap_or_else(|| panic!("no walk under {heading}"));
    assert!(walks.next().is_none(), "two walks under {heading}");
    walk
}

/// The JSON values that a block writes.
#[track_caller]
fn run(block: &Block, server: &Server) -> Vec<Value> {
    assert!(block.text.contains(BASE), "{}: the block names no server", block.heading);
    let folder = tempfile::tempdir().unwrap();
    let output = bash(&block.text.replace(BASE, &server.url("")), folder.path());
    let (written, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}: {} {written}\n{errors}", block.heading, output.status);
    assert_eq!(errors, "", "{}", block.heading);
    let values = serde_json::Deserializer::from_str(&written).into_iter().collect::<Result<_, _>>();
    values.unwrap_or_else(|error| panic!("{}: {error} in {written}", block.heading))
}

#[test]
fn the_walk_through_all_contracts_works_as_often_as_it_is_pasted() {
    if !are_there(&["bash", "curl", "jq"]) {
        return;
    }
    let server = local_server();
    let walk = walk("A walk through all four contracts");
    for _ in 0..2 {
        let written = run(&walk, &server);
        let [
            merged,
            changed,
            read,
            completed,
            form,
            first_name,
            account,
            discovery,
            sign_ins @ ..,
            ended,
            code,
            data,
            email,
        ] = written.as_slice()
        else {
            panic!("{written:#?}")
        };
        assert_eq!(merged["data"]["display_name"], "Ada Lovelace");
        assert_eq!(merged["data"]["profile"]["bio"], "Analyst");
        assert_eq!(changed, read);
        assert_eq!((&read["first_name"], &read["phone"]), (&json!("Ada"), &json!("+31612345678")));
        assert_eq!((completed, &form["last_name"], first_name), (&json!(true), &json!("King"), &json!("Augusta")));
        assert_eq!((&account["name"], &account["given_name"]), (&json!("Countess of Lovelace"), first_name));
        assert_eq!(discovery["issuer"], server.url("").as_str());
        assert_eq!(sign_ins.iter().filter(|sign_in| sign_in["current"] == json!(true)).count(), 1);
        assert_eq!(sign_ins.len(), 2);
        assert_eq!((ended, code), (&json!(204), &json!("UNAUTHORIZED")));
        assert!(!data.is_null());
        assert!(email.as_str().unwrap().starts_with("grace"), "{email}");
    }
}

#[test]
fn the_walk_through_one_account_works_as_often_as_it_is_pasted() {
    if !are_there(&["bash", "curl", "jq"]) {
        return;
    }
    let server = local_server();
    let walk = walk("A walk through one account");
    for _ in 0..2 {
        let written = run(&walk, &server);
        let [
            signed_up,
            capabilities,
            merged,
            patched,
            schema,
            activity,
            included,
            claims,
            application,
            archive,
            reset_mailed_to,
            signed_in,
            deletion,
            signed_in_again,
            kept,
        ] = written.as_slice()
        else {
            panic!("{written:#?}")
        };
        assert_eq!((signed_up, signed_in, signed_in_again), (&json!(true), &json!(true), &json!(true)));
        assert_eq!(capabilities["name"]["allowed"], true);
        assert_eq!(capabilities["removal"]["reasons"], json!(["no-alternative"]));
        assert_eq!(capabilities["readiness"]["ready"], true);
        assert_eq!(merged, &json!({"theme": "dark", "tags": ["a"]}));
        assert_eq!(patched, &json!({"theme": "dark", "tags": ["a", "b"]}));
        assert_eq!(schema["type"], "object");
        assert_eq!(activity["title"], "Das Profil wurde geändert.");
        assert_eq!(activity["changes"][0]["pointer"], "/attributes/tags");
        assert_eq!((included, &claims["email_verified"]), (&json!(true), &json!(true)));
        assert_eq!(application, &json!({"id": "example-app", "scopes": ["openid", "email"]}));
        assert!(archive["archive_bytes"].as_u64().unwrap() > 1000, "{archive}");
        assert!(reset_mailed_to.as_str().unwrap().starts_with("a***@"), "{reset_mailed_to}");
        assert!(!deletion["deletion_at"].is_null());
        assert_eq!(kept, &json!(204));
    }
}

#[test]
fn every_listed_command_can_be_pasted_and_exists() {
    let docs = fs::read_dir(repository().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let files = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let mut count = 0;
    for file in files.chain([readme()]) {
        for block in blocks(&file).iter().filter(|block| block.language == "console") {
            for line in block.text.lines() {
                check_command(line);
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}

/// Checks one line of a `console` block.
#[track_caller]
fn check_command(line: &str) {
    let command = line.split('#').next().unwrap();
    let (command, redirected) = command.split_once('>').unwrap_or((command, ""));
    assert!(!line.starts_with(['$', ' ']), "{line}: a prompt is pasted too");
    assert!(!format!("{command}{redirected}").contains(['|', ';', '&', '<', '`']), "{line}: an operator of the shell");
    // Values for the placeholders of an id and of a receipt.
    let receipt = json!({"account": "1", "sequence": 1, "mac": "0".repeat(64), "previous": "0".repeat(64)});
    let command = command.replace(" ID", " 1").replace(" JSON", &format!(" '{receipt}'"));
    let words = shlex::split(&command).unwrap_or_else(|| panic!("{line}: quotes"));
    match words.first().map(String::as_str) {
        None => {}
        Some("selfsame") => {
            let help = Command::new(env!("CARGO_BIN_EXE_selfsame")).args(&words[1..]).arg("--help").output().unwrap();
            assert!(help.status.success(), "{line}: {}", String::from_utf8_lossy(&help.stderr));
        }
        Some("cp") => assert!(repository().join(&words[1]).is_file(), "{line}: no such file"),
        Some(program) => assert!(["cargo", "docker"].contains(&program), "{line}: {program}"),
    }
}
