//! `selfsame config check`: prints the current settings, or everything that is wrong with them. It checks the key files
//! too, and changes nothing.

use std::io::Write;

use super::{fail, refused};
use crate::{
    cli::Exit,
    compose::keys::KeyRings,
    settings::{Loaded, Problem, SettingsError, effective},
};

/// Prints the settings to `stdout`, or to `stderr` why the server would not start with them.
pub(super) fn run(loaded: Result<Loaded, SettingsError>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Exit {
    let loaded = match loaded.and_then(with_usable_keys) {
        Ok(loaded) => loaded,
        Err(error) => return refused(&error, stderr),
    };
    let text = match effective(&loaded) {
        Ok(text) => text,
        Err(error) => return fail(&format!("the settings cannot be printed: {error}")),
    };
    match stdout.write_all(text.as_bytes()) {
        Ok(()) => Exit::Success,
        Err(error) => fail(&format!("standard output: {error}")),
    }
}

fn with_usable_keys(loaded: Loaded) -> Result<Loaded, SettingsError> {
    let found = KeyRings::examine(&loaded.settings);
    if found.is_empty() {
        return Ok(loaded);
    }
    let problem = |error: &dyn ToString| Problem {
        key: "data_dir".to_owned(),
        message: error.to_string(),
        source: loaded.sources.get("data_dir").cloned().unwrap_or_default(),
    };
    let problems = found.iter().map(|error| problem(error)).collect();
    Err(SettingsError { environment: Some(loaded.environment), problems })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::settings::{Surroundings, load};

    fn check(variables: &[(&str, &str)]) -> (Exit, String, String) {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data").to_str().unwrap().to_owned();
        let data = [("SELFSAME__DATA_DIR", data.as_str())];
        let variables = variables.iter().chain(&data).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let loaded = load(&Surroundings { directory: directory.path().to_owned(), variables: variables.collect() });
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let exit = run(loaded, &mut stdout, &mut stderr);
        assert!(!directory.path().join("data").exists(), "looking changes nothing");
        (exit, String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    #[test]
    fn good_settings_are_printed_and_succeed() {
        let (exit, stdout, stderr) = check(&[("SELFSAME__SERVER__BIND", "127.0.0.1:9090")]);
        assert_eq!((exit, stderr.as_str()), (Exit::Success, ""));
        assert!(
            stdout.contains("bind = \"127.0.0.1:9090\"  # environment variable SELFSAME__SERVER__BIND\n"),
            "{stdout}"
        );
    }

    #[test]
    fn bad_settings_are_explained_on_standard_error_and_have_their_own_exit_code() {
        let (exit, stdout, stderr) = check(&[("SELFSAME__SERVER__BND", "127.0.0.1:9090")]);
        assert_eq!((exit, stdout.as_str()), (Exit::Settings, ""));
        assert!(stderr.contains("did you mean SELFSAME__SERVER__BIND?"), "{stderr}");
    }

    #[test]
    fn r96_missing_keys_are_refused_where_none_may_be_made() {
        let (exit, stdout, stderr) = check(&[("SELFSAME__KEYS__CREATE_MISSING", "false")]);
        assert_eq!((exit, stdout.as_str()), (Exit::Settings, ""));
        for kind in ["mac", "sealing", "signing"] {
            assert!(stderr.contains(&format!("no {kind} key")), "{kind}: {stderr}");
        }
    }
}
