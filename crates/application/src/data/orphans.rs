//! Deletes the files that no account has as its picture. A crash between storing a picture and the commit of its account
//! leaves such a file, and so does a deletion that failed.

use selfsame_domain::Instant;
use selfsame_ports::BlobEntry;

use crate::{Core, Fault};

/// A file younger than this is left alone, whoever has it: 24 hours.
///
/// An update stores its file first and then commits the account that has it (`profile/update.rs`). Until then the file is
/// nobody's, so this age must be longer than any request takes and than the clocks of replicas are apart; both are
/// seconds. Once it is old, a file that is nobody's stays nobody's, because a name is given to one update only. So nothing
/// has to be locked: no file comes into force between the question whether it is in use and its deletion.
const ORPHAN_AGE: chrono::Duration = chrono::Duration::hours(24);

/// Files that are looked at in one go.
const PAGE: usize = 500;

/// Goes through all files in pages, until `stop` says so; answers how many it deleted.
///
/// It starts at the first name each time, so what one round leaves the next one finds. A failure is logged and ends the
/// round: when the store or the database does not answer, neither will it for the next page. A file that cannot be deleted
/// keeps nobody from deleting the others.
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

/// Sweeps the page after a name; answers the last name of it, `None` if there are no more pages, and how many files it
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

/// Deletes one file; whether it did.
fn delete(core: &Core, name: &str) -> bool {
    let deleted = core.blobs.delete(name);
    if let Err(error) = &deleted {
        tracing::warn!(name, %error, "a picture that no account has could not be deleted");
    }
    deleted.is_ok()
}
