//! The development mailbox: a folder with one `.eml` file per mail, for programs, people and `/dev/mailbox` to read.
//!
//! A file is named `<milliseconds since 1970, padded>-<message id>.eml`, so that names sort by time, and is written
//! atomically. The mails contain valid codes, so only the owner can read the folder. Production does not use it.

mod eml;

use std::{
    fs::{self, DirBuilder},
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use selfsame_domain::Instant;
use selfsame_ports::{MailError, Mailbox, Mailer, Message, StoredMail};

use crate::{
    MailerOptions, SetupError,
    composer::{Composer, is_id},
};

/// A mailer that delivers into a folder.
pub struct FileMailbox {
    folder: PathBuf,
    composer: Composer,
    /// Held while a mail is searched for and then written, so that a message is not written twice.
    writing: Mutex<()>,
}

impl FileMailbox {
    /// The mailbox in the folder `path`, which is created with mode 0700 if it is missing.
    pub fn open(path: impl Into<PathBuf>, options: &MailerOptions) -> Result<Self, SetupError> {
        let folder = path.into();
        make_private(&folder).map_err(|error| SetupError::Folder(error.kind()))?;
        Ok(Self { folder, composer: Composer::new(options)?, writing: Mutex::default() })
    }

    fn path(&self, name: &FileName) -> PathBuf {
        self.folder.join(format!("{}.eml", name.stem))
    }

    /// All mails, unordered. Other files are ignored.
    fn names(&self) -> io::Result<Vec<FileName>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let file = entry?.file_name();
            names.extend(file.to_str().and_then(|file| file.strip_suffix(".eml")).and_then(FileName::parse));
        }
        Ok(names)
    }

    fn write(&self, id: &str, mail: &[u8], now: Instant) -> io::Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.names()?.iter().any(|name| name.id() == id) {
            return Ok(());
        }
        // A temporary file has mode 0600 and a name that is not read as a mail.
        let file = tempfile::Builder::new().prefix(".").tempfile_in(&self.folder)?;
        fs::write(file.path(), mail)?;
        file.persist_noclobber(self.path(&FileName::new(now, id)))?;
        Ok(())
    }

    /// `None` if the file was removed, or was not written by this server.
    fn load(&self, name: FileName) -> io::Result<Option<StoredMail>> {
        match fs::read(self.path(&name)) {
            Ok(source) => Ok(eml::read(&source, name)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Mailer for FileMailbox {
    fn send(&self, message: &Message, now: Instant) -> Result<(), MailError> {
        let mail = self.composer.compose(message, now)?;
        self.write(&message.id, &mail.formatted(), now).map_err(|error| unusable(&error))
    }
}

impl Mailbox for FileMailbox {
    fn list(&self, limit: usize) -> Result<Vec<StoredMail>, MailError> {
        let mut names = self.names().map_err(|error| unusable(&error))?;
        names.sort_unstable_by(|left, right| right.stem.cmp(&left.stem));
        let mails = names.into_iter().take(limit).filter_map(|name| self.load(name).transpose());
        mails.collect::<Result<_, _>>().map_err(|error| unusable(&error))
    }

    fn read(&self, id: &str) -> Result<Option<StoredMail>, MailError> {
        let Some(name) = FileName::parse(id) else { return Ok(None) };
        self.load(name).map_err(|error| unusable(&error))
    }
}

/// The name of a mail in the folder, without `.eml`. Every path is made from it, so none leads out of the folder.
struct FileName {
    stem: String,
}

impl FileName {
    /// The number of digits of the greatest possible instant, so that names sort as text.
    const DIGITS: usize = 15;

    fn new(sent_at: Instant, id: &str) -> Self {
        Self { stem: format!("{:0digits$}-{id}", sent_at.timestamp_millis().max(0), digits = Self::DIGITS) }
    }

    fn parse(stem: &str) -> Option<Self> {
        let (millis, id) = stem.split_once('-')?;
        let is_time = millis.len() == Self::DIGITS && millis.bytes().all(|byte| byte.is_ascii_digit());
        (is_time && is_id(id)).then(|| Self { stem: stem.to_owned() })
    }

    fn id(&self) -> &str {
        self.stem.split_once('-').map_or("", |(_, id)| id)
    }

    /// RFC 3339.
    fn sent_at(&self) -> Option<String> {
        let (millis, _) = self.stem.split_once('-')?;
        let sent_at = Instant::from_timestamp_millis(millis.parse().ok()?)?;
        Some(sent_at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    }
}

fn make_private(folder: &std::path::Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unusable(error: &io::Error) -> MailError {
    MailError::Temporary(format!("the mailbox folder cannot be used: {}", error.kind()))
}

#[cfg(test)]
mod tests;
