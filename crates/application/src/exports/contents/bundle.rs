//! The ZIP file: files one after the other, each hashed as it is written, and a manifest with a signature at the end.

use std::io::{BufWriter, Write};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{Archive, Instant, User, timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    result::ZipError,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{super::make::MakeError, super::parts::PartWriter, VERSION};
use crate::{Core, Fault};

/// `typ` of the signed manifest; no token of this server has it.
const MANIFEST_TYPE: &str = "export-manifest+jws";

/// An archive that is being written.
pub(super) struct Bundle<'c> {
    zip: ZipWriter<StreamWriter<PartWriter<'c>>>,
    options: SimpleFileOptions,
    exported_at: Instant,
    files: Vec<FileEntry>,
}

/// A file in the manifest.
#[derive(Serialize)]
struct FileEntry {
    name: String,
    bytes: u64,
    /// In hexadecimal digits.
    sha256: String,
}

/// `manifest.json`. The place in the audit chain says how far the activity goes.
#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    version: u32,
    issuer: String,
    jwks_uri: String,
    subject: String,
    exported_at: String,
    audit: Place,
    files: &'a [FileEntry],
}

/// The end of the activity in the account's audit chain.
#[derive(Serialize)]
struct Place {
    sequence: i64,
    /// In base64url.
    mac: String,
}

impl<'c> Bundle<'c> {
    pub(super) fn new(parts: PartWriter<'c>, exported_at: Instant) -> Self {
        let made_at = DateTime::try_from(exported_at.naive_utc()).unwrap_or_default();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(made_at)
            .unix_permissions(0o600);
        Self { zip: ZipWriter::new_stream(parts), options, exported_at, files: Vec::new() }
    }

    /// Adds a file.
    pub(super) fn add(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), MakeError>,
    ) -> Result<(), MakeError> {
        self.zip.start_file(name, self.options)?;
        let mut hashed = Hashed { out: &mut self.zip, hash: Sha256::new(), bytes: 0 };
        let mut buffered = BufWriter::new(&mut hashed);
        let written = write(&mut buffered).and_then(|()| Ok(buffered.flush()?));
        // What is buffered is not wanted after an error.
        drop(buffered.into_parts());
        written?;
        let Hashed { hash, bytes, .. } = hashed;
        self.files.push(FileEntry { name: name.to_owned(), bytes, sha256: hex::encode(hash.finalize()) });
        Ok(())
    }

    /// Adds the manifest and its signature, and ends the archive. The payload of the signature is the manifest, byte for
    /// byte.
    pub(super) fn finish(mut self, core: &Core, user: &User) -> Result<Archive, MakeError> {
        let issuer = core.policy.address("");
        let manifest = Manifest {
            format: "selfsame-export",
            version: VERSION,
            jwks_uri: core.policy.address("/.well-known/jwks.json"),
            issuer,
            subject: user.id.to_string(),
            exported_at: timestamp(self.exported_at),
            audit: Place { sequence: user.audit_head.sequence, mac: URL_SAFE_NO_PAD.encode(user.audit_head.mac) },
            files: &self.files,
        };
        let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| Fault::Internal(error.to_string()))?;
        let signed = core.tokens.sign(MANIFEST_TYPE, &manifest).map_err(Fault::from)?;
        self.add("manifest.json", |out| Ok(out.write_all(&manifest)?))?;
        self.add("manifest.jws", |out| Ok(out.write_all(signed.as_bytes())?))?;
        Ok(self.zip.finish()?.into_inner().finish()?)
    }
}

impl From<ZipError> for MakeError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            other => Fault::Internal(other.to_string()).into(),
        }
    }
}

/// Counts and hashes what is written.
struct Hashed<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
