//! The identifiers and credentials of an account as they are sealed. Values of earlier builds must stay readable for as long
//! as a link lives.

use selfsame_domain::{
    CredentialId, Identifier, IdentifierId, IdentifierKind, Instant, Passkey, PasskeyId, PasswordHash,
    SecondFactorPolicy, Totp, UndoPoint, User, UserId, id::Id as _,
};
use selfsame_ports::StorageError;
use serde::{Deserialize, Serialize};

use crate::{Core, Fault, core::Work};

/// The state that an undo restores.
pub(super) struct Snapshot {
    pub(super) identifiers: Vec<Identifier>,
    pub(super) second_factor_policy: SecondFactorPolicy,
    /// With the instant at which it was set.
    pub(super) password: Option<(PasswordHash, Instant)>,
    pub(super) totp: Option<Totp>,
    /// The MACs.
    pub(super) backup_codes: Vec<[u8; 32]>,
    pub(super) passkeys: Vec<Passkey>,
}

impl Snapshot {
    /// Reads it. What the account does not have is not looked for.
    pub(super) fn of(work: &mut Work<'_>, user: &User) -> Result<Self, StorageError> {
        let id = user.id;
        let hash = if user.has_password() { work.accounts().password(id)? } else { None };
        Ok(Self {
            identifiers: user.identifiers.clone(),
            second_factor_policy: user.second_factor_policy,
            password: hash.zip(user.password_changed_at),
            totp: if user.has_totp() { work.second_factors().totp(id)? } else { None },
            backup_codes: if user.has_backup_codes() { work.second_factors().backup_codes(id)? } else { Vec::new() },
            passkeys: if user.has_passkey() { work.passkeys().list(id)? } else { Vec::new() },
        })
    }

    /// Sealed for one place of one account.
    pub(super) fn seal(&self, core: &Core, user: UserId, sequence: i64) -> Result<Vec<u8>, Fault> {
        let json = serde_json::to_vec(&Stored::from(self)).map_err(|error| Fault::Internal(error.to_string()))?;
        Ok(core.vault.seal(&context(user, sequence), &json)?)
    }

    /// The reverse of [`Snapshot::seal`].
    pub(super) fn open(core: &Core, point: &UndoPoint) -> Result<Self, Fault> {
        let json = core.vault.open(&context(point.user_id, point.sequence), &point.sealed)?;
        let stored: Stored = serde_json::from_slice(&json).map_err(|error| Fault::Internal(error.to_string()))?;
        stored
            .into_snapshot(point.user_id)
            .ok_or_else(|| Fault::Internal("an undo point has an impossible value".into()))
    }
}

fn context(user: UserId, sequence: i64) -> String {
    format!("undo:{user}:{sequence}")
}

#[derive(Serialize, Deserialize)]
struct Stored {
    identifiers: Vec<StoredIdentifier>,
    is_second_factor_enforced: bool,
    password: Option<StoredPassword>,
    totp: Option<StoredTotp>,
    backup_codes: Vec<[u8; 32]>,
    passkeys: Vec<StoredPasskey>,
}

#[derive(Serialize, Deserialize)]
struct StoredIdentifier {
    id: i64,
    is_phone: bool,
    value: String,
    canonical: String,
    is_primary: bool,
    is_second_factor: bool,
    verified_at: Option<Instant>,
    created_at: Instant,
}

#[derive(Serialize, Deserialize)]
struct StoredPassword {
    phc: String,
    changed_at: Instant,
}

#[derive(Serialize, Deserialize)]
struct StoredTotp {
    sealed: Vec<u8>,
    last_step: i64,
    created_at: Instant,
}

#[derive(Serialize, Deserialize)]
struct StoredPasskey {
    id: i64,
    credential_id: Vec<u8>,
    public_key: String,
    name: String,
    transports: Vec<String>,
    sign_count: u32,
    is_backup_eligible: bool,
    is_backed_up: bool,
    created_at: Instant,
    last_used_at: Option<Instant>,
    use_count: i64,
}

impl From<&Snapshot> for Stored {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            identifiers: snapshot.identifiers.iter().map(StoredIdentifier::from).collect(),
            is_second_factor_enforced: snapshot.second_factor_policy == SecondFactorPolicy::Enforced,
            password: snapshot
                .password
                .as_ref()
                .map(|(hash, changed_at)| StoredPassword { phc: hash.as_phc().to_owned(), changed_at: *changed_at }),
            totp: snapshot.totp.as_ref().map(|totp| StoredTotp {
                sealed: totp.sealed.clone(),
                last_step: totp.last_step,
                created_at: totp.created_at,
            }),
            backup_codes: snapshot.backup_codes.clone(),
            passkeys: snapshot.passkeys.iter().map(StoredPasskey::from).collect(),
        }
    }
}

impl Stored {
    /// `None` if a value is none that this server writes.
    fn into_snapshot(self, user_id: UserId) -> Option<Snapshot> {
        let enforced = self.is_second_factor_enforced;
        Some(Snapshot {
            identifiers: self.identifiers.into_iter().map(Identifier::from).collect(),
            second_factor_policy: if enforced { SecondFactorPolicy::Enforced } else { SecondFactorPolicy::None },
            password: self.password.map(|stored| (PasswordHash::from_phc(stored.phc), stored.changed_at)),
            totp: self.totp.map(|StoredTotp { sealed, last_step, created_at }| Totp {
                user_id,
                sealed,
                last_step,
                created_at,
            }),
            backup_codes: self.backup_codes,
            passkeys: self.passkeys.into_iter().map(|stored| stored.of(user_id)).collect::<Option<_>>()?,
        })
    }
}

impl From<&Identifier> for StoredIdentifier {
    fn from(own: &Identifier) -> Self {
        Self {
            id: own.id.number(),
            is_phone: own.kind == IdentifierKind::Phone,
            value: own.value.clone(),
            canonical: own.canonical.clone(),
            is_primary: own.is_primary,
            is_second_factor: own.is_second_factor,
            verified_at: own.verified_at,
            created_at: own.created_at,
        }
    }
}

impl From<StoredIdentifier> for Identifier {
    fn from(stored: StoredIdentifier) -> Self {
        Self {
            id: IdentifierId::from_number(stored.id),
            kind: if stored.is_phone { IdentifierKind::Phone } else { IdentifierKind::Email },
            value: stored.value,
            canonical: stored.canonical,
            is_primary: stored.is_primary,
            is_second_factor: stored.is_second_factor,
            verified_at: stored.verified_at,
            created_at: stored.created_at,
        }
    }
}

impl From<&Passkey> for StoredPasskey {
    fn from(passkey: &Passkey) -> Self {
        Self {
            id: passkey.id.number(),
            credential_id: passkey.credential_id.as_bytes().to_vec(),
            public_key: passkey.public_key.clone(),
            name: passkey.name.clone(),
            transports: passkey.transports.clone(),
            sign_count: passkey.sign_count,
            is_backup_eligible: passkey.is_backup_eligible,
            is_backed_up: passkey.is_backed_up,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
            use_count: passkey.use_count,
        }
    }
}

impl StoredPasskey {
    fn of(self, user_id: UserId) -> Option<Passkey> {
        Some(Passkey {
            id: PasskeyId::from_number(self.id),
            user_id,
            credential_id: CredentialId::from_bytes(self.credential_id)?,
            public_key: self.public_key,
            name: self.name,
            transports: self.transports,
            sign_count: self.sign_count,
            is_backup_eligible: self.is_backup_eligible,
            is_backed_up: self.is_backed_up,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
            use_count: self.use_count,
        })
    }
}
