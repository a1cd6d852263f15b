//! Names of keys: the kind, and an id that begins with the time of creation.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, SubsecRound as _, Utc};
use clap::ValueEnum;
use serde::{Serialize, Serializer};

/// The format of the time in an id.
const TIME: &str = "%Y%m%dT%H%M%SZ";
/// Characters of the time.
const TIME_LENGTH: usize = 16;
/// The longest id that the vault accepts.
const LONGEST: usize = 64;

/// The kind of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyKind {
    /// The one root key of all MACs. Made once; never rotated.
    Mac,
    /// Seals secrets in the database.
    Sealing,
    /// Signs access tokens, and ID tokens with ES256.
    Signing,
    /// Signs ID tokens with RS256. Only made where an application gets such.
    Rs256,
}

/// The kinds with several keys, of which one is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RotatedKind {
    /// Signs access tokens, and ID tokens with ES256
    Signing,
    /// Seals mails in the outbox
    Sealing,
    /// Signs ID tokens with RS256
    Rs256,
}

impl From<RotatedKind> for KeyKind {
    fn from(kind: RotatedKind) -> Self {
        match kind {
            RotatedKind::Signing => Self::Signing,
            RotatedKind::Sealing => Self::Sealing,
            RotatedKind::Rs256 => Self::Rs256,
        }
    }
}

impl KeyKind {
    /// Every kind, in the order of creation: if there is a key of another kind, the root key of MACs was made before.
    pub(crate) const ALL: [Self; 4] = [Self::Mac, Self::Sealing, Self::Signing, Self::Rs256];

    /// The kinds that every server has.
    pub(crate) const REQUIRED: [Self; 3] = [Self::Mac, Self::Sealing, Self::Signing];

    /// The name of the file of a key.
    pub(super) fn file_name(self, id: impl fmt::Display) -> String {
        format!("{self}-{id}.{}", self.extension())
    }

    /// `5f` of `signing-5f.pem`; `None` for a name that is not of this kind.
    pub(super) fn id_in(self, file_name: &str) -> Option<&str> {
        let rest = file_name.strip_prefix(&format!("{self}-"))?;
        rest.strip_suffix(&format!(".{}", self.extension()))
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Mac | Self::Sealing => "key",
            Self::Signing | Self::Rs256 => "pem",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mac => "mac",
            Self::Sealing => "sealing",
            Self::Signing => "signing",
            Self::Rs256 => "rs256",
        })
    }
}

/// The id of a key, such as `20261121T192207Z-5f3a`: its time of creation in whole seconds, and a part that
/// distinguishes keys of one second. Ids sort by that time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyId {
    text: String,
    made_at: DateTime<Utc>,
}

impl KeyId {
    /// The id of a key that is made at `now`.
    pub(crate) fn new(now: DateTime<Utc>, random: [u8; 2]) -> Self {
        let text = format!("{}-{:04x}", now.format(TIME), u16::from_be_bytes(random));
        Self { text, made_at: now.trunc_subsecs(0) }
    }

    /// Parses an id: the time, `-`, then letters and digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (time, rest) = text.split_at_checked(TIME_LENGTH)?;
        let rest = rest.strip_prefix('-')?;
        let is_plain = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let made_at = NaiveDateTime::parse_from_str(time, TIME).ok()?.and_utc();
        (is_plain && text.len() <= LONGEST).then(|| Self { text: text.to_owned(), made_at })
    }

    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// When the key was made.
    pub(crate) fn made_at(&self) -> DateTime<Utc> {
        self.made_at
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
