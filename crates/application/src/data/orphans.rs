//! Deletes orphans: files that are not the picture of any account. A crash between storing a picture and committing its
//! account leaves such a file, and so does a failed deletion.

use selfsame_domain::Instant;
use selfsame_ports::BlobEntry;

use crate::{Core, Fault};

/// Files younger than this are never deleted: 24 hours.
///
/// An update stores its file first and then commits the account (`profile/update.rs`). Until then the file is an
/// orphan, so this age must be longer than any request and than the difference between the clocks of replicas; both are
/// seconds. An old orphan stays one, because each name is used by one update only. So no lock is needed: no file
/// becomes a picture between the check whether it is in use and its deletion.
const ORPHAN_AGE: chrono::Duration = chrono::Duration::hours(24);

/// Files in one page.
const PAGE: usize = 500;

/// Goes through all files in pages, until `stop` returns true; returns the number of deleted files.
///
/// It starts at the first name each time, so the next round finds what one round leaves. A failure of the store or the
/// database is logged and ends the round. A file that cannot be deleted does not prevent the deletion of others.
pub(super) fn sweep(core: &Core, stop: &dyn Fn() -> bool) -> usize {
    let before = core.clock.now() - ORPHAN_AGE;
    let (mut after, mut deleted) = (None, 0);
    while !stop() {
        let swept = page(core, after.as_deref(), before);
        let (last, count) = match swept {
            Ok(swept) => swept,
            Err(error) => {
                tracing::warn!(%error, "the pictures could not be swept");
                break;
            }
        };
        deleted += count;
        after = last;
        if after.is_none() {
            break;
        }
    }
    deleted
}

/// Sweeps the page after a name; returns the last name of it, `None` if there are no more pages, and how many files it
/// deleted.
fn page(core: &Core, after: Option<&str>, before: Instant) -> Result<(Option<String>, usize), Fault> {
    let page = core.blobs.list(after, PAGE)?;
    let last = page.last().filter(|_| page.len() == PAGE).map(|entry| entry.name.clone());
    let is_old = |entry: &BlobEntry| entry.stored_at < before;
    let old: Vec<String> = page.into_iter().filter(is_old).map(|entry| entry.name).collect();
    if old.is_empty() {
        return Ok((last, 0));
    }
    let in_use = core.storage.read()?.pictures_in_use(&old)?;
    let orphans = old.iter().filter(|name| !in_use.contains(name));
    Ok((last, orphans.filter(|name| delete(core, name)).count()))
}

/// Deletes one file; returns whether that succeeded.
fn delete(core: &Core, name: &str) -> bool {
    let deleted = core.blobs.delete(name);
    if let Err(error) = &deleted {
        tracing::warn!(name, %error, "a picture that no account has could not be deleted");
    }
    deleted.is_ok()
}
