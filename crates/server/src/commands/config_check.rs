//! `selfsame config check`: prints the current settings, or everything that is wrong with them. It checks the key files,
//! folders and other files too, and changes nothing.

use std::io::Write;

use super::{fail, refused, say};
use crate::{
    cli::Exit,
    compose::{ComposeError, examine},
    settings::{Loaded, Problem, SettingsError, effective, warnings},
};

/// Prints the settings to `stdout`, or to `stderr` why the server would not start with them.
pub(super) fn run(loaded: Result<Loaded, SettingsError>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Exit {
    let loaded = match loaded.and_then(usable) {
        Ok(loaded) => loaded,
        Err(error) => return refused(&error, stderr),
    };
    let text = match effective(&loaded) {
        Ok(text) => text,
        Err(error) => return fail(&format!("the settings cannot be printed: {error}")),
    };
    for warning in warnings(&loaded) {
        // As in `refused`.
        let _: std::io::Result<()> = writeln!(stderr, "selfsame: warning: {warning}");
    }
    say(stdout, text.trim_end_matches('\n'))
}

/// The settings, if a server could start with them on this machine.
pub(super) fn usable(loaded: Loaded) -> Result<Loaded, SettingsError> {
    let found = examine(&loaded.settings);
    if found.is_empty() {
        return Ok(loaded);
    }
    let problem = |error: &ComposeError| Problem {
        key: error.key.to_owned(),
        message: error.message.clone(),
        source: loaded.sources.get(error.key).cloned().unwrap_or_default(),
    };
    let mut problems: Vec<Problem> = found.iter().map(problem).collect();
    problems.dedup();
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
        let loaded = load(&Surroundings {
            directory: directory.path().to_owned(),
            variables: variables.collect(),
            ..Surroundings::default()
        });
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
    fn what_serve_would_refuse_is_refused() {
        let schema = tempfile::NamedTempFile::new().unwrap();
        for (name, value, reason) in [
            ("SELFSAME__PROFILE__SCHEMA", "/nope.json", "profile.schema: /nope.json"),
            ("SELFSAME__PROFILE__SCHEMA", schema.path().to_str().unwrap(), "profile.schema: "),
            ("SELFSAME__DATABASE__URL", "postgres://h/x?sslmod=verify-full", "sslmod is no parameter"),
            ("SELFSAME__DATABASE__URL", "sqlite:///proc/nope/x.db", "database.url: /proc"),
            ("SELFSAME__BLOBS__URL", "file:///proc/nope", "blobs.url: /proc"),
            ("SELFSAME__MAIL__URL", "file:///proc/nope", "mail.url: /proc"),
            ("SELFSAME__MAIL__URL", "smtp://h?tls=perhaps", "mail: "),
        ] {
            let (exit, stdout, stderr) = check(&[(name, value)]);
            assert_eq!((exit, stdout.as_str()), (Exit::Settings, ""), "{value}: {stderr}");
            assert!(stderr.contains(reason), "{value}: {stderr}");
        }
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
