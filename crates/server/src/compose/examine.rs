//! Tries the settings against this machine, as the adapters would when they are opened, and changes nothing: for `serve`
//! and `config check`, which refuse the same settings with the same words. Nothing is connected.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::{
    ComposeError, database_options, gateway_options,
    keys::{KeyRings, needed_kinds},
    mailer_options, open_breached_passwords, open_places, policy, webhooks,
};
use crate::{data_dir::DataDir, settings::schema::Settings};

/// Everything that is wrong.
pub(crate) fn examine(settings: &Settings) -> Vec<ComposeError> {
    let mut found: Vec<ComposeError> = KeyRings::examine(settings).into_iter().map(ComposeError::from).collect();
    let database = database_options(settings).check();
    found.extend(database.err().map(|error| ComposeError::new("database.url", &error)));
    let mail = selfsame_mailer_lettre::check(&mailer_options(settings));
    found.extend(mail.err().map(|error| ComposeError::new("mail", &error)));
    if settings.sms.url.scheme().starts_with("http") {
        let sms = selfsame_sms_http::check(&gateway_options(settings));
        found.extend(sms.err().map(|error| ComposeError::new("sms", &error)));
    }
    found.extend(webhooks::open(settings).err());
    found.extend(policy::attributes_schema(settings).err());
    found.extend(open_breached_passwords(settings).err());
    found.extend(open_places(settings).err());
    for (key, folder) in folders(settings) {
        found.extend(unwritable(&folder).map(|error| ComposeError::new(key, &error)));
    }
    found
}

/// The folders that are written to.
fn folders(settings: &Settings) -> Vec<(&'static str, PathBuf)> {
    let data_dir = DataDir::at(&settings.data_dir);
    let is_missing = |kind| data_dir.key_ids(kind).is_ok_and(|ids| ids.is_empty());
    let makes_keys = settings.keys.create_missing && needed_kinds(settings).any(is_missing);
    // With all keys it may be read-only; only the control socket is missing then.
    let mut folders: Vec<_> = makes_keys.then(|| ("data_dir", data_dir.keys_folder())).into_iter().collect();
    if settings.database.url.scheme() == "sqlite" {
        let file = Path::new(settings.database.url.after_scheme());
        folders.extend(file.parent().map(|folder| ("database.url", folder.to_owned())));
    }
    for (key, url) in
        [("mail.url", &settings.mail.url), ("sms.url", &settings.sms.url), ("blobs.url", &settings.blobs.url)]
    {
        if url.scheme() == "file" {
            folders.push((key, url.after_scheme().into()));
        }
    }
    folders
}

/// Why nothing can be written to a folder, or where it is missing to the nearest one above, in which it would be made.
fn unwritable(folder: &Path) -> Option<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let nearest = folder.ancestors().find(|folder| folder.exists());
    let nearest = nearest.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: io::Error| Some(format!("{}: {error}", nearest.display()));
    if !nearest.is_dir() {
        return failed(io::ErrorKind::NotADirectory.into());
    }
    // A file without a name, where the file system has such; otherwise it is removed at once.
    let written: io::Result<File> = tempfile::tempfile_in(nearest);
    match written {
        // A full disk is not a matter of settings.
        Err(error) if error.kind() == io::ErrorKind::StorageFull => None,
        other => other.err().and_then(failed),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;

    use selfsame_ports::Clock as _;

    use super::*;
    use crate::{
        compose::SystemClock,
        settings::{Surroundings, load, schema::Sms},
    };

    #[test]
    fn the_folder_of_the_keys_is_written_to_only_for_a_missing_key() {
        let folder = tempfile::tempdir().unwrap();
        let settings = |create_missing: &str| {
            let variables = [
                ("SELFSAME__DATA_DIR", folder.path().to_str().unwrap()),
                ("SELFSAME__KEYS__CREATE_MISSING", create_missing),
                ("SELFSAME__DATABASE__URL", "postgres://127.0.0.1/x"),
            ];
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
            let directory = folder.path().to_owned();
            load(&Surroundings { directory, variables, ..Surroundings::default() }).unwrap().settings
        };
        let is_tried = |create_missing| folders(&settings(create_missing)).iter().any(|(key, _)| *key == "data_dir");
        assert!(is_tried("true") && !is_tried("false"));
        KeyRings::open(&settings("true"), SystemClock.now()).unwrap();
        assert!(!is_tried("true"));
    }

    #[test]
    fn a_folder_is_tried_and_one_that_is_missing_where_it_would_be_made() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        assert_eq!(unwritable(folder.path()), None);
        assert_eq!(unwritable(&folder.path().join("a/b/c")), None);
        for below in ["file", "file/a"] {
            let reason = unwritable(&folder.path().join(below)).unwrap();
            assert!(reason.contains("file"), "{reason}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left");
        assert!(unwritable(std::path::Path::new("/proc/selfsame")).is_some());
    }

    #[test]
    fn the_documented_gateways_are_accepted() {
        let document = include_str!("../../../../docs/sms.md");
        let blocks: Vec<&str> =
            document.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert_eq!(blocks.len(), 3);
        for block in blocks {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("config")).unwrap();
            fs::write(folder.path().join("config/local.toml"), block).unwrap();
            let variables = vec![("SELFSAME__SMS__SECRET".to_owned(), "user:secret".to_owned())];
            let surroundings =
                Surroundings { directory: folder.path().to_owned(), variables, ..Surroundings::default() };
            let settings = load(&surroundings).unwrap().settings;
            let found: Vec<String> = examine(&settings).iter().map(ToString::to_string).collect();
            assert!(!found.iter().any(|problem| problem.starts_with("sms")), "{found:?}\n{block}");
            let broken = Settings { sms: Sms { body: "To={to}".to_owned(), ..settings.sms.clone() }, ..settings };
            assert!(examine(&broken).iter().any(|problem| problem.key == "sms"));
        }
    }
}
