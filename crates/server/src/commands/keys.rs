//! `selfsame keys …`: manages key files, without a database and while the server runs. Running servers reload the
//! files.

use std::{io::Write, path::PathBuf};

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use selfsame_application::LONGEST_MAIL_USE;
use selfsame_ports::Clock as _;
use serde::Serialize;

use super::{fail, say};
use crate::{
    cli::{Exit, KeysCommand, RetireKey, RotateKeys},
    compose::{
        SystemClock, duration,
        keys::{KeysError, activate_after, new_id, new_key},
    },
    data_dir::{
        DataDir, DataDirError, KeyId, KeyKind, RotatedKind,
        schedule::{KeyState, Standing, standings},
    },
    settings::schema::Settings,
};

/// Runs the command and prints its keys.
pub(super) fn run(settings: &Settings, command: &KeysCommand, stdout: &mut dyn Write) -> Exit {
    let keys = Keys { settings, folder: DataDir::at(&settings.data_dir), now: SystemClock.now() };
    let (result, as_json) = match command {
        KeysCommand::List(list) => (keys.list(), list.json),
        KeysCommand::Rotate(rotate) => (keys.rotate(rotate), rotate.json),
        KeysCommand::Retire(retire) => (keys.retire(retire), retire.json),
    };
    match result {
        Ok(answer) if as_json => match serde_json::to_string_pretty(&answer.keys) {
            Ok(json) => say(stdout, &json),
            Err(error) => fail(&error.to_string()),
        },
        Ok(answer) => say(stdout, &answer.text()),
        Err(error) => fail(&error.to_string()),
    }
}

/// Why a command was refused.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("{0}")]
    Not(String),
}

impl From<DataDirError> for Refusal {
    fn from(error: DataDirError) -> Self {
        Self::Keys(error.into())
    }
}

/// A key as it is printed.
#[derive(Serialize)]
struct Shown {
    kind: KeyKind,
    #[serde(flatten)]
    standing: Standing,
    path: PathBuf,
}

/// The keys of a command, and what to do next.
struct Answer {
    keys: Vec<Shown>,
    note: Option<String>,
}

impl Answer {
    fn text(&self) -> String {
        let row = |Shown { kind, standing, .. }: &Shown| {
            let Standing { id, made_at, active_from, state } = standing;
            let (kind, id, state) = (kind.to_string(), id.as_str(), state.to_string());
            format!("{kind:<8} {id:<22} {state:<8} made {}  used from {}", second(*made_at), second(*active_from))
        };
        self.keys.iter().map(row).chain(self.note.clone()).collect::<Vec<_>>().join("\n")
    }
}

/// The key files, and their use at an instant.
struct Keys<'s> {
    settings: &'s Settings,
    folder: DataDir,
    now: DateTime<Utc>,
}

impl Keys<'_> {
    fn list(&self) -> Result<Answer, Refusal> {
        let mut keys = Vec::new();
        for kind in KeyKind::ALL {
            keys.extend(self.shown(kind)?);
        }
        let none =
            || format!("no keys in {}: the server makes them at its first start", self.folder.keys_folder().display());
        let note = keys.is_empty().then(none);
        Ok(Answer { keys, note })
    }

    fn rotate(&self, rotate: &RotateKeys) -> Result<Answer, Refusal> {
        let kind = rotate.kind.into();
        let _lock = self.lock(kind)?;
        let id = new_id(self.next_instant(kind)?);
        let path = self.folder.add(kind, &id, &new_key(kind)?)?;
        let keys: Vec<_> = self.shown(kind)?.into_iter().filter(|key| key.standing.id == id).collect();
        let until = keys.first().map(|key| second(key.standing.active_from)).unwrap_or_default();
        let note = format!("copy {} to every other server before {until}; running servers take it up", path.display());
        Ok(Answer { keys, note: Some(note) })
    }

    fn retire(&self, retire: &RetireKey) -> Result<Answer, Refusal> {
        let kind = retire.kind.into();
        let _lock = self.lock(kind)?;
        let mut keys = self.shown(kind)?;
        let unknown = || format!("there is no {kind} key with the id {:?}; `selfsame keys list` shows them", retire.id);
        let at = keys.iter().position(|key| key.standing.id.as_str() == retire.id);
        let at = at.ok_or_else(|| Refusal::Not(unknown()))?;
        let standings: Vec<_> = keys.iter().map(|key| key.standing.clone()).collect();
        let objection = objection(&standings, at, needed_for(self.settings, retire.kind), self.now);
        if let Some(objection) = objection
            && !(retire.force && objection.can_be_forced)
        {
            let hint = if objection.can_be_forced { "; --force removes it all the same" } else { "" };
            return Err(Refusal::Not(format!("the key {} {}{hint}", retire.id, objection.reason)));
        }
        let path = self.folder.remove(kind, &standings[at].id)?;
        let note = format!("removed {}: remove it on every other server too", path.display());
        Ok(Answer { keys: vec![keys.swap_remove(at)], note: Some(note) })
    }

    /// Locks the folder for one command at a time. Refuses a folder without keys, which is probably the wrong one.
    fn lock(&self, kind: KeyKind) -> Result<std::fs::File, Refusal> {
        // One kind may have been lost.
        if self.folder.key_ids(kind)?.is_empty() && self.folder.key_ids(KeyKind::Mac)?.is_empty() {
            let folder = self.folder.keys_folder();
            let reason = "is data_dir right? The server makes the first key when it starts";
            return Err(Refusal::Not(format!("there is no {kind} key in {}: {reason}", folder.display())));
        }
        Ok(self.folder.lock()?)
    }

    /// The instant of a new key, later than that of every other, because ids sort by whole seconds.
    fn next_instant(&self, kind: KeyKind) -> Result<DateTime<Utc>, Refusal> {
        let newest = self.folder.key_ids(kind)?.last().map(KeyId::made_at);
        let least = newest.map_or(self.now, |newest| newest + Duration::seconds(1));
        if least > self.now + Duration::minutes(1) {
            return Err(Refusal::Not(format!("the newest {kind} key was made later than now: is the clock right?")));
        }
        Ok(self.now.max(least))
    }

    fn shown(&self, kind: KeyKind) -> Result<Vec<Shown>, Refusal> {
        let ids = self.folder.key_ids(kind)?;
        let standings = standings(&ids, self.now, activate_after(self.settings));
        let shown = |standing: Standing| Shown { kind, path: self.folder.key_path(kind, &standing.id), standing };
        Ok(standings.into_iter().map(shown).collect())
    }
}

/// Why a key should not be removed.
#[derive(Debug, PartialEq, Eq)]
struct Objection {
    reason: String,
    can_be_forced: bool,
}

/// Why a key should not be removed at `now`, if so. An old key is needed until `needed_for` after the next newer key
/// became active.
fn objection(standings: &[Standing], at: usize, needed_for: Duration, now: DateTime<Utc>) -> Option<Objection> {
    let needed_until = standings.get(at + 1).map_or(now, |successor| successor.active_from + needed_for);
    let (reason, can_be_forced) = match standings[at].state {
        KeyState::Active => {
            ("is the active one: rotate, and wait until the new one is active".to_owned(), standings.len() > 1)
        }
        KeyState::Pending => ("is not in use yet".to_owned(), true),
        KeyState::Old if now < needed_until => (format!("may still be needed until {}", second(needed_until)), true),
        KeyState::Old => return None,
    };
    Some(Objection { reason, can_be_forced })
}

/// How long a key is needed after its last use: the longest life of an access token, or of a mail in the outbox, and
/// the time until every server uses another key.
fn needed_for(settings: &Settings, kind: RotatedKind) -> Duration {
    let tokens = &settings.tokens;
    let longest = tokens.access_ttl.max(tokens.rivergen_access_ttl).max(tokens.session_token_ttl);
    let used_for = match kind {
        RotatedKind::Signing | RotatedKind::Rs256 => duration(longest) + duration(tokens.leeway),
        RotatedKind::Sealing => LONGEST_MAIL_USE,
    };
    used_for + duration(settings.keys.reload)
}

fn second(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
