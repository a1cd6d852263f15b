//! The keys of vault and access tokens: read from the data directory at the start, and again when its files change or
//! another key becomes active (R95).

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use selfsame_domain::Instant;
use selfsame_tokens_jwt::{JwtTokens, check_rs256_key, check_signing_key, generate_rs256_key, generate_signing_key};
use selfsame_vault_aws_lc::{AwsLcVault, check_key, generate_key};
use zeroize::Zeroizing;

use super::ComposeError;
use crate::{
    data_dir::{DataDir, DataDirError, KeyFile, KeyId, KeyKind, SECRET_BYTES, Stamp, encode_secret, schedule},
    settings::schema::Settings,
};

/// Why keys cannot be used. The message contains the key's id and never the key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    /// An error of the key files.
    #[error(transparent)]
    Files(#[from] DataDirError),
    /// The vault refuses the keys.
    #[error(transparent)]
    Vault(#[from] selfsame_vault_aws_lc::KeyError),
    /// The access tokens refuse the keys.
    #[error(transparent)]
    Tokens(#[from] selfsame_tokens_jwt::KeyError),
}

impl From<KeysError> for ComposeError {
    fn from(error: KeysError) -> Self {
        Self::new("data_dir", &error)
    }
}

/// Vault and access tokens, with the state of the files that their keys were last read from.
#[derive(Clone)]
pub(crate) struct KeyRings {
    folder: DataDir,
    activate_after: chrono::Duration,
    vault: Arc<AwsLcVault>,
    tokens: Arc<JwtTokens>,
    taken: Arc<Mutex<[Taken; 3]>>,
    /// The files that were made at the start.
    made: Vec<PathBuf>,
}

/// The state from which the ring of a kind was last made, and the last error.
struct Taken {
    kind: KeyKind,
    from: Option<(Stamp, KeyId)>,
    complaint: Option<String>,
}

impl Taken {
    fn nothing(kind: KeyKind) -> Self {
        Self { kind, from: None, complaint: None }
    }
}

/// Refuses a folder that has lost the keys of a kind. Another server that starts at the same time may be making them.
fn refuse_lost(folder: &DataDir) -> Result<(), KeysError> {
    let mut tries = 20;
    while let Some(kind) = folder.lost()? {
        if tries == 0 {
            return Err(DataDirError::Lost { kind, folder: folder.keys_folder() }.into());
        }
        tries -= 1;
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The keys of one kind for a ring, and the active one.
struct Ring<K> {
    keys: Vec<(String, K)>,
    active: KeyId,
}

impl KeyRings {
    /// Reads the keys of the data directory, and makes missing ones if that is allowed.
    pub(crate) fn open(settings: &Settings, now: Instant) -> Result<Self, KeysError> {
        let folder = DataDir::open(&settings.data_dir)?;
        refuse_lost(&folder)?;
        folder.begin()?;
        let mut made = Vec::new();
        for kind in needed_kinds(settings) {
            let (make, id) = (settings.keys.create_missing.then_some(|| new_key(kind)), new_id(now));
            let keys = folder.load_or_create(kind, &id, make)?;
            made.extend(keys.into_iter().filter(|key| key.id == id).map(|key| key.path));
        }
        folder.complete()?;
        Ok(Self { made, ..Self::read(settings, folder, now)? })
    }

    /// Removes the keys that this process has created: the database uses other keys.
    pub(crate) fn discard_made(&self) {
        for path in &self.made {
            if let Err(error) = std::fs::remove_file(path) {
                tracing::warn!(path = %path.display(), %error, "a key that was just made could not be removed");
            }
        }
    }

    /// Checks whether the server could start with the keys of its data directory, and changes nothing: for `selfsame
    /// config check`.
    pub(crate) fn examine(settings: &Settings) -> Vec<KeysError> {
        let folder = DataDir::at(&settings.data_dir);
        let mut found = Vec::new();
        let lost = folder.lost().ok().flatten();
        for kind in needed_kinds(settings) {
            match folder.keys(kind) {
                Ok(files) if files.is_empty() && lost == Some(kind) && settings.keys.create_missing => {
                    found.push(DataDirError::Lost { kind, folder: folder.keys_folder() }.into());
                }
                Ok(files) if files.is_empty() => {
                    let refused = folder.may_create(kind, settings.keys.create_missing).err();
                    found.extend(refused.map(KeysError::from));
                }
                Ok(files) => found.extend(files.iter().filter_map(|file| examine_file(kind, file).err())),
                Err(error) => found.push(error.into()),
            }
        }
        found
    }

    fn read(settings: &Settings, folder: DataDir, now: Instant) -> Result<Self, KeysError> {
        let activate_after = activate_after(settings);
        let macs = folder.keys(KeyKind::Mac)?;
        let missing = || DataDirError::Missing { kind: KeyKind::Mac, folder: folder.keys_folder() };
        let mac = macs.first().ok_or_else(missing)?.secret()?;
        let sealing = sealing(folder.keys(KeyKind::Sealing)?, now, activate_after)?;
        let vault = Arc::new(AwsLcVault::new(&mac, &sealing.keys, sealing.active.as_str())?);
        let signing = signing(folder.keys(KeyKind::Signing)?, now, activate_after)?;
        let options = selfsame_tokens_jwt::Options {
            issuer: settings.tokens.issuer.clone(),
            audiences: vec![settings.tokens.audience.clone()],
            leeway: settings.tokens.leeway.get(),
        };
        let tokens = JwtTokens::new(options, &signing.keys, signing.active.as_str(), vault.clone())?;
        let files = folder.keys(KeyKind::Rs256)?;
        if !files.is_empty() {
            let rs256 = rs256(files, now, activate_after)?;
            tokens.replace_rs256(&rs256.keys, &kid_of_rs256(&rs256.active))?;
        }
        let taken = [KeyKind::Sealing, KeyKind::Signing, KeyKind::Rs256].map(Taken::nothing);
        Ok(Self {
            folder,
            activate_after,
            vault,
            tokens: Arc::new(tokens),
            taken: Arc::new(Mutex::new(taken)),
            made: Vec::new(),
        })
    }

    /// The vault with these keys.
    pub(crate) fn vault(&self) -> Arc<AwsLcVault> {
        Arc::clone(&self.vault)
    }

    /// The access tokens with these keys.
    pub(crate) fn tokens(&self) -> Arc<JwtTokens> {
        Arc::clone(&self.tokens)
    }

    /// Reloads keys: new and removed files, and keys that become active. Keys that cannot be used are logged once, and
    /// the ring of their kind stays as it was. The mac key is never reloaded.
    pub(crate) fn reload(&self, now: Instant) {
        for taken in self.taken.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            let complaint = self.reload_kind(taken, now).err().map(|error| error.to_string());
            if let Some(error) = &complaint
                && taken.complaint != complaint
            {
                tracing::error!(kind = %taken.kind, error, "the keys on disk cannot be used; going on with those from before");
            }
            taken.complaint = complaint;
        }
    }

    fn reload_kind(&self, taken: &mut Taken, now: Instant) -> Result<(), KeysError> {
        // The stamp comes first: changes while the files are read are found in the next round.
        let (stamp, ids) = (self.folder.stamp(taken.kind)?, self.folder.key_ids(taken.kind)?);
        let active = schedule::active(&ids, now, self.activate_after);
        if taken.kind == KeyKind::Rs256 && active.is_none() && taken.from.is_none() {
            return Ok(());
        }
        if active.is_some_and(|active| taken.from.as_ref().is_some_and(|(seen, id)| *seen == stamp && id == active)) {
            return Ok(());
        }
        let files = self.folder.keys(taken.kind)?;
        let count = files.len();
        let active = match taken.kind {
            KeyKind::Signing => {
                let ring = signing(files, now, self.activate_after)?;
                self.tokens.replace(&ring.keys, ring.active.as_str())?;
                ring.active
            }
            KeyKind::Rs256 => {
                let ring = rs256(files, now, self.activate_after)?;
                self.tokens.replace_rs256(&ring.keys, &kid_of_rs256(&ring.active))?;
                ring.active
            }
            KeyKind::Sealing | KeyKind::Mac => {
                let ring = sealing(files, now, self.activate_after)?;
                self.vault.replace(&ring.keys, ring.active.as_str())?;
                ring.active
            }
        };
        tracing::info!(kind = %taken.kind, %active, count, "took up the keys on disk");
        taken.from = Some((stamp, active));
        Ok(())
    }
}

/// The kinds of keys that a server with these settings needs.
pub(crate) fn needed_kinds(settings: &Settings) -> impl Iterator<Item = KeyKind> {
    KeyKind::REQUIRED.into_iter().chain(settings.oauth.needs_rs256().then_some(KeyKind::Rs256))
}

/// How long a key is published before it is used.
pub(crate) fn activate_after(settings: &Settings) -> chrono::Duration {
    super::policy::duration(settings.keys.activate_after)
}

/// An id for a key that is made at `now`. Two random bytes distinguish keys of one second.
pub(crate) fn new_id(now: Instant) -> KeyId {
    let random = generate_key();
    KeyId::new(now, [random[0], random[1]])
}

/// The content of the file of a new key.
pub(crate) fn new_key(kind: KeyKind) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    match kind {
        KeyKind::Mac | KeyKind::Sealing => Ok(encode_secret(&generate_key())),
        KeyKind::Signing => Ok(generate_signing_key()?),
        KeyKind::Rs256 => Ok(generate_rs256_key()?),
    }
}

fn examine_file(kind: KeyKind, file: &KeyFile) -> Result<(), KeysError> {
    match kind {
        KeyKind::Mac | KeyKind::Sealing => Ok(check_key(file.id.as_str(), &*file.secret()?)?),
        KeyKind::Signing => Ok(check_signing_key(file.id.as_str(), &file.bytes)?),
        KeyKind::Rs256 => Ok(check_rs256_key(file.id.as_str(), &file.bytes)?),
    }
}

type SealingRing = Ring<Zeroizing<[u8; SECRET_BYTES]>>;

fn sealing(files: Vec<KeyFile>, now: Instant, activate_after: chrono::Duration) -> Result<SealingRing, KeysError> {
    let active = active(&files, now, activate_after).ok_or(selfsame_vault_aws_lc::KeyError::None)?;
    let decode = |file: KeyFile| Ok((file.id.to_string(), file.secret()?));
    Ok(Ring { keys: files.into_iter().map(decode).collect::<Result<_, DataDirError>>()?, active })
}

type SigningRing = Ring<Zeroizing<Vec<u8>>>;

fn signing(files: Vec<KeyFile>, now: Instant, activate_after: chrono::Duration) -> Result<SigningRing, KeysError> {
    let active = active(&files, now, activate_after).ok_or(selfsame_tokens_jwt::KeyError::None)?;
    Ok(Ring { keys: files.into_iter().map(|file| (file.id.to_string(), file.bytes)).collect(), active })
}

fn rs256(files: Vec<KeyFile>, now: Instant, activate_after: chrono::Duration) -> Result<SigningRing, KeysError> {
    let active = active(&files, now, activate_after).ok_or(selfsame_tokens_jwt::KeyError::None)?;
    Ok(Ring { keys: files.into_iter().map(|file| (kid_of_rs256(&file.id), file.bytes)).collect(), active })
}

/// `kid` of a key for RS256. Keys of both algorithms are published in one set, and two of one second may have the same id.
fn kid_of_rs256(id: &KeyId) -> String {
    format!("{}-{id}", KeyKind::Rs256)
}

fn active(files: &[KeyFile], now: Instant, activate_after: chrono::Duration) -> Option<KeyId> {
    let ids: Vec<KeyId> = files.iter().map(|file| file.id.clone()).collect();
    schedule::active(&ids, now, activate_after).cloned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
