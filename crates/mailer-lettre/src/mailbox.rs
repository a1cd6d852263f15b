//! The development mailbox: a folder with one `.eml` file per mail and one `.sms` file per text message, for programs, people
//! and `/dev/mailbox` to read.
//!
//! A file is named `<milliseconds since 1970, padded>-<message id>.<kind>`, so that names sort by time, and is written
//! atomically. The mails contain valid codes, so only the owner can read the folder. Production does not use it.

mod eml;
mod sms;

use std::{
    fs::{self, DirBuilder},
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use selfsame_domain::Instant;
use selfsame_ports::{MailError, Mailbox, Mailer, Message, SmsError, SmsSender, StoredMail, TextMessage};

use crate::{
    MailerOptions, SetupError,
    composer::{Composer, is_id},
};

/// A mailer and a sender of text messages that delivers into a folder.
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
        self.folder.join(format!("{}.{}", name.stem, name.kind.ending()))
    }

    /// All messages, unordered. Other files are ignored.
    fn names(&self) -> io::Result<Vec<FileName>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let file = entry?.file_name();
            let parts = file.to_str().and_then(|file| file.rsplit_once('.'));
            names.extend(parts.and_then(|(stem, ending)| FileName::parse(stem, Kind::of(ending)?)));
        }
        Ok(names)
    }

    fn write(&self, id: &str, kind: Kind, message: &[u8], now: Instant) -> io::Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.names()?.iter().any(|name| name.id() == id) {
            return Ok(());
        }
        // A temporary file has mode 0600 and a name that is not read as a mail.
        let file = tempfile::Builder::new().prefix(".").tempfile_in(&self.folder)?;
        fs::write(file.path(), message)?;
        file.persist_noclobber(self.path(&FileName::new(now, id, kind)))?;
        Ok(())
    }

    /// `None` if the file was removed, or was not written by this server.
    fn load(&self, name: FileName) -> io::Result<Option<StoredMail>> {
        match fs::read(self.path(&name)) {
            Ok(source) => Ok(match name.kind {
                Kind::Mail => eml::read(&source, name),
                Kind::Sms => sms::read(&source, name),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Mailer for FileMailbox {
    fn send(&self, message: &Message, now: Instant) -> Result<(), MailError> {
        let mail = self.composer.compose(message, now)?;
        self.write(&message.id, Kind::Mail, &mail.formatted(), now).map_err(|error| unusable(&error))
    }
}

impl SmsSender for FileMailbox {
    fn send(&self, message: &TextMessage, now: Instant) -> Result<(), SmsError> {
        if !is_id(&message.id) {
            return Err(SmsError::Permanent("its identifier cannot be a file name".to_owned()));
        }
        let text = self.composer.text_message(message).map_err(|error| SmsError::Permanent(error.to_string()))?;
        let source = sms::source(message, &text);
        self.write(&message.id, Kind::Sms, source.as_bytes(), now)
            .map_err(|error| SmsError::Temporary(format!("the mailbox folder cannot be used: {}", error.kind())))
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
        for kind in [Kind::Mail, Kind::Sms] {
            let Some(name) = FileName::parse(id, kind) else { return Ok(None) };
            if let Some(message) = self.load(name).map_err(|error| unusable(&error))? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }
}

/// What a file holds.
#[derive(Clone, Copy)]
enum Kind {
    Mail,
    Sms,
}

impl Kind {
    fn ending(self) -> &'static str {
        match self {
            Self::Mail => "eml",
            Self::Sms => "sms",
        }
    }

    fn of(ending: &str) -> Option<Self> {
        [Self::Mail, Self::Sms].into_iter().find(|kind| kind.ending() == ending)
    }
}

/// The name of a message in the folder. Every path is made from it, so none leads out of the folder.
struct FileName {
    /// Without the ending.
    stem: String,
    kind: Kind,
}

impl FileName {
    /// The number of digits of the greatest possible instant, so that names sort as text.
    const DIGITS: usize = 15;

    fn new(sent_at: Instant, id: &str, kind: Kind) -> Self {
        let millis = sent_at.timestamp_millis().max(0);
        Self { stem: format!("{millis:0digits$}-{id}", digits = Self::DIGITS), kind }
    }

    fn parse(stem: &str, kind: Kind) -> Option<Self> {
        let (millis, id) = stem.split_once('-')?;
        let is_time = millis.len() == Self::DIGITS && millis.bytes().all(|byte| byte.is_ascii_digit());
        (is_time && is_id(id)).then(|| Self { stem: stem.to_owned(), kind })
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
