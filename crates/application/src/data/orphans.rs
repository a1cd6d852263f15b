//! Deletes orphans: files that are neither the picture of an account nor a part of an archive in use. A crash between storing
//! a picture and committing its account leaves such a file, and so do a crash while an archive is written and a failed
//! deletion.

use selfsame_domain::Instant;
use selfsame_ports::BlobEntry;

use crate::{Core, Fault, exports::parts::archive_of};

/// Files younger than this are never deleted: 24 hours.
///
/// An update stores its file first and then commits the account (`profile/update.rs`). Until then the file is an
/// orphan, so this age must be longer than any request and than the difference between the clocks of replicas; both are
/// seconds. An archive is named by its export before it is written. An old orphan stays one, because each name is used by one update only. So no lock is needed: no file
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
                tracing::warn!(%error, "the files could not be swept");
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
    let (parts, pictures): (Vec<String>, Vec<String>) = old.into_iter().partition(|name| archive_of(name).is_some());
    let in_use = core.storage.read()?.pictures_in_use(&pictures)?;
    let orphaned_pictures = pictures.iter().filter(|name| !in_use.contains(name));
    let mut archives: Vec<String> = parts.iter().filter_map(|name| archive_of(name)).map(ToOwned::to_owned).collect();
    archives.dedup();
    let in_use = core.storage.read()?.archives_in_use(&archives)?;
    let is_in_use = |name: &str| archive_of(name).is_some_and(|archive| in_use.iter().any(|used| used == archive));
    let orphaned_parts = parts.iter().filter(|name| !is_in_use(name));
    Ok((last, orphaned_pictures.chain(orphaned_parts).filter(|name| delete(core, name)).count()))
}

/// Deletes one file; returns whether that succeeded.
fn delete(core: &Core, name: &str) -> bool {
    let deleted = core.blobs.delete(name);
    if let Err(error) = &deleted {
        tracing::warn!(name, %error, "a file that is not in use could not be deleted");
    }
    deleted.is_ok()
}
