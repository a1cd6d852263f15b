//! An archive in the file store: parts of a fixed size, each sealed, under names that begin with the random name of the
//! archive. So neither writing nor reading one needs more memory than a part, and a copy of the store tells nothing.
//!
//! No part means anything without the row of its export: only that says that an archive is complete.

use std::io::{self, Write};

use selfsame_domain::Archive;

use crate::{Core, Fault};

/// Bytes of a part. Sealed, it fits into one row of a file store in a database.
const PART: usize = 1_000_000;

/// Most parts of an archive.
const PARTS: i32 = 2000;

/// Hexadecimal digits of the name of an archive.
const NAME_DIGITS: usize = 32;

/// Parts whose names are read at once.
const PAGE: usize = 100;

/// The name of the file of a part. The names of an archive are in the order of its parts.
fn part_name(archive: &str, number: i32) -> String {
    format!("{archive}{number:08x}.sealed")
}

/// The context for sealing a part: it cannot be taken for another one.
fn part_context(archive: &str, number: i32) -> String {
    format!("export:{archive}:{number}")
}

/// The archive that a file is a part of; `None` for other files.
pub(crate) fn archive_of(file: &str) -> Option<&str> {
    file.strip_suffix(".sealed")?.get(..NAME_DIGITS)
}

/// Writes an archive, part by part.
pub(crate) struct PartWriter<'c> {
    core: &'c Core,
    written: Archive,
    buffer: Vec<u8>,
    /// After a failure, a panic of the store included, everything is ignored: the writer of the archive format writes once
    /// more when it is dropped.
    has_failed: bool,
}

impl<'c> PartWriter<'c> {
    /// An archive under a name that was never used.
    pub(crate) fn new(core: &'c Core, name: &str) -> Self {
        let written = Archive { name: name.to_owned(), parts: 0, bytes: 0 };
        Self { core, written, buffer: Vec::with_capacity(PART), has_failed: false }
    }

    /// Stores the last part.
    pub(crate) fn finish(mut self) -> Result<Archive, Fault> {
        self.store()?;
        Ok(self.written)
    }

    fn store(&mut self) -> Result<(), Fault> {
        let Archive { name, parts, bytes } = &mut self.written;
        if *parts == PARTS {
            return Err(Fault::Internal("the archive is too large".to_owned()));
        }
        let sealed = self.core.vault.seal(&part_context(name, *parts), &self.buffer)?;
        self.core.blobs.put(&part_name(name, *parts), &sealed, self.core.clock.now())?;
        *parts += 1;
        *bytes += i64::try_from(self.buffer.len()).unwrap_or(i64::MAX);
        self.buffer.clear();
        Ok(())
    }
}

impl Write for PartWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.has_failed {
            return Ok(bytes.len());
        }
        if self.buffer.len() == PART {
            self.has_failed = true;
            self.store().map_err(io::Error::other)?;
            self.has_failed = false;
        }
        let taken = bytes.len().min(PART - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Core {
    /// A new name for an archive.
    pub(crate) fn new_archive_name(&self) -> String {
        hex::encode(self.random::<{ NAME_DIGITS / 2 }>())
    }

    /// A part of an archive; `None` if there is no such file.
    pub(crate) fn read_part(&self, archive: &str, number: i32) -> Result<Option<Vec<u8>>, Fault> {
        let sealed = self.blobs.get(&part_name(archive, number))?;
        Ok(sealed.map(|sealed| self.vault.open(&part_context(archive, number), &sealed)).transpose()?)
    }

    /// Deletes every part of an archive, complete or not.
    pub(crate) fn delete_archive(&self, archive: &str) -> Result<(), Fault> {
        let mut after = archive.to_owned();
        loop {
            let page = self.blobs.list(Some(&after), PAGE)?;
            let own = page.iter().take_while(|entry| entry.name.starts_with(archive));
            let names: Vec<&str> = own.map(|entry| entry.name.as_str()).collect();
            for name in &names {
                self.blobs.delete(name)?;
            }
            match names.last() {
                Some(last) if names.len() == PAGE => (*last).clone_into(&mut after),
                _ => return Ok(()),
            }
        }
    }

    /// The same. A failure only wastes space, until the orphans are swept.
    pub(crate) fn discard_archive(&self, archive: &str) {
        if let Err(error) = self.delete_archive(archive) {
            tracing::warn!(archive, %error, "an archive that is not in use could not be deleted");
        }
    }
}
