//! `selfsame backup` and `selfsame restore`: copies of a SQLite database. On PostgreSQL its own tools do that.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use selfsame_application::{
    Core,
    operator::{
        EndEverything,
        outbox::{DropMessage, ListOutbox, ManageOutboxError},
    },
};
use selfsame_storage_diesel::{ConnectError, backup};

use super::{bring_up_to_date, composition_failed, fail, reply::Reply, say};
use crate::{
    cli::{Exit, RestoreDatabase},
    compose::compose,
    settings::schema::Settings,
};

/// Copies the database to a new file, whether the server runs or not.
pub(super) fn back_up(settings: &Settings, target: &Path, stdout: &mut dyn Write) -> Exit {
    let done = sqlite_file(settings, POSTGRES_BACKUP)
        .and_then(|source| backup::copy(&source, target).map_err(|error| failed(&error)));
    match done {
        Ok(()) => say(stdout, &format!("wrote {}\n{}", target.display(), not_included(settings))),
        Err(exit) => exit,
    }
}

/// Puts a backup in the place of the database. Everything is done to a copy of it first; the database is replaced last.
pub(super) fn restore(settings: &Settings, restore: &RestoreDatabase, stdout: &mut dyn Write) -> Exit {
    match restored(settings, restore) {
        Ok(text) => say(stdout, &text),
        Err(exit) => exit,
    }
}

fn restored(settings: &Settings, restore: &RestoreDatabase) -> Result<String, Exit> {
    let target = sqlite_file(settings, POSTGRES_RESTORE)?;
    // First, so that no server starts meanwhile, and no other restore uses the same copy.
    let lock = backup::lock(&target).map_err(|error| failed(&error))?;
    let copy = PathBuf::from(format!("{}.restoring", target.display()));
    if is_same_file(&restore.file, &copy) {
        return Err(fail(&format!("{}: a restore uses this name itself; rename the file", copy.display())));
    }
    backup::verify(&restore.file).map_err(|error| failed(&error))?;
    remove_copy(&copy);
    let done = backup::copy(&restore.file, &copy).map_err(|error| failed(&error)).and_then(|()| {
        let text = prepare(settings, &copy, restore.keep_sign_ins)?;
        Ok((text, backup::replace(&copy, &target, &lock).map_err(|error| failed(&error))?))
    });
    remove_copy(&copy);
    let (text, kept) = done?;
    let kept = kept.map_or_else(String::new, |old| format!("\nthe database that was there is now {}", old.display()));
    Ok(format!("restored {} to {}{text}{kept}", restore.file.display(), target.display()))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// Brings the copy up to date, refuses one of other keys, and ends what was ended since the backup was made.
fn prepare(settings: &Settings, copy: &Path, keeps_sign_ins: bool) -> Result<String, Exit> {
    let mut settings = settings.clone();
    settings.database.url = settings.database.url.with_path(copy);
    // A new key would be another than that of the backup.
    settings.keys.create_missing = false;
    settings.database.auto_migrate = true;
    let composed = compose(&settings).map_err(|error| composition_failed(&error))?;
    bring_up_to_date(&settings, &composed)?;
    if keeps_sign_ins {
        return Ok(
            "\nkept every sign-in: those that had ended, and codes that were used, since the backup work again".into()
        );
    }
    let core = &composed.core;
    let (mut users, mut sign_ins, mut after) = (0, 0, None);
    loop {
        let step = EndEverything { after }.execute(core).map_err(|error| temporary_or_not(&error.into()))?;
        users += step.users;
        sign_ins += step.sign_ins;
        after = step.next;
        if after.is_none() {
            break;
        }
    }
    let mails = drop_mails(core).map_err(|error| temporary_or_not(&error.into()))?;
    Ok(format!(
        "\nended {sign_ins} sign-ins of {users} users, and every link, code and ticket; removed {mails} mails that waited"
    ))
}

/// Removes all queued messages: they were sent after the backup, or are void.
fn drop_mails(core: &Core) -> Result<usize, ManageOutboxError> {
    let mut removed = 0;
    loop {
        let page = ListOutbox { dead_only: false, limit: 1000, after: None }.execute(core)?;
        if page.is_empty() {
            return Ok(removed);
        }
        for entry in page {
            DropMessage(entry.id).execute(core)?;
            removed += 1;
        }
    }
}

fn temporary_or_not(reply: &Reply) -> Exit {
    match reply {
        Reply::Refused { exit, reason } => {
            fail(reason);
            *exit
        }
        Reply::Done { .. } => Exit::Success,
    }
}

const POSTGRES_BACKUP: &str = "PostgreSQL has its own: pg_dump --format=custom";
const POSTGRES_RESTORE: &str =
    "PostgreSQL has its own: stop the server, pg_restore, then `selfsame user revoke --all`, then start it";

fn sqlite_file(settings: &Settings, otherwise: &str) -> Result<PathBuf, Exit> {
    let url = &settings.database.url;
    if url.scheme() == "sqlite" { Ok(url.after_scheme().into()) } else { Err(fail(otherwise)) }
}

fn not_included(settings: &Settings) -> String {
    let keys = settings.data_dir.join("keys");
    let pictures = match settings.blobs.url.scheme() {
        "file" => format!(", and the pictures in {}", settings.blobs.url.after_scheme()),
        _ => String::new(),
    };
    format!("not in it: the keys in {}, without which it cannot be used{pictures}", keys.display())
}

fn remove_copy(copy: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
        // It need not be there.
        let _: std::io::Result<()> = fs::remove_file(format!("{}{suffix}", copy.display()));
    }
}

fn failed(error: &ConnectError) -> Exit {
    let exit = fail(&error.to_string());
    if matches!(error, ConnectError::InUse(_)) { Exit::Temporary } else { exit }
}
