//! Settings from files and variables, as an operator meets them. Each test has its own folder and its own variables.

mod issuers;
mod oauth;
mod output;
mod refusals;
mod sources;

use std::fs;

use tempfile::TempDir;

use super::{schema::Settings, *};

/// Loads settings with `files` under the working directory and `variables`.
fn loading(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Result<Loaded, SettingsError> {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    load(&Surroundings { directory: folder.path().to_owned(), variables, unreadable: Vec::new() })
}

fn local(variables: &[(&str, &str)]) -> Settings {
    loading(&[], variables).unwrap().settings
}

/// A production installation with nothing wrong, changed by `variables`.
fn production(variables: &[(&str, &str)]) -> Result<Loaded, SettingsError> {
    let sound = [
        ("SELFSAME_ENV", "production"),
        ("SELFSAME__SERVER__PUBLIC_URL", "https://account.example.com"),
        ("SELFSAME__MAIL__URL", "smtps://selfsame:kX3vQ9tLw2pZ@mail.example.com"),
        ("SELFSAME__MAIL__FROM", "account@example.com"),
    ];
    // Of two variables with one name the later would win, as in a shell.
    let kept = sound.iter().filter(|(name, _)| variables.iter().all(|(other, _)| other != name));
    loading(&[], &kept.chain(variables).copied().collect::<Vec<_>>())
}

fn refused_keys(result: Result<Loaded, SettingsError>) -> Vec<String> {
    result.unwrap_err().problems.into_iter().map(|problem| problem.key).collect()
}
