//! The files of a store, page by page in the order of their names. Knows the layout of the folder.

use std::{fs, io, path::Path};

use selfsame_domain::Instant;
use selfsame_ports::{BlobEntry, is_blob_name};

use crate::if_there;

/// At most `limit` files whose names come after `after`. Reads one subfolder after the other, until there are enough: the
/// subfolders' order is that of the names.
pub(crate) fn page(folder: &Path, after: &str, limit: usize) -> io::Result<Vec<BlobEntry>> {
    let mut page = Vec::new();
    let is_subfolder = |name: &str| name.len() == 2 && folder.join(name).is_dir();
    // Names after `after` begin with its first two characters or with later ones.
    let first = after.get(..2).unwrap_or(after);
    for subfolder in sorted(folder, |name| is_subfolder(name) && name >= first)? {
        let path = folder.join(&subfolder);
        let is_next = |name: &str| is_blob_name(name) && name.starts_with(&subfolder) && name > after;
        for name in sorted(&path, is_next)? {
            if page.len() == limit {
                return Ok(page);
            }
            // It may have been deleted since the folder was read.
            if let Some(metadata) = if_there(fs::metadata(path.join(&name)))? {
                page.push(BlobEntry { stored_at: Instant::from(metadata.modified()?), name });
            }
        }
    }
    Ok(page)
}

/// The names in a folder that match, in order.
fn sorted(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        // Names that are not UTF-8 are not of this store.
        let name = entry?.file_name().into_string().ok().filter(|name| is_wanted(name));
        names.extend(name);
    }
    names.sort_unstable();
    Ok(names)
}
