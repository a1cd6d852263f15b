//! The tables and their foreign keys. The statements are in the files of the repositories.

use std::collections::{BTreeMap, BTreeSet};

use selfsame_domain::{
    Attempt, AttemptId, Attributes, AuditRecord, Challenge, ChallengeId, Consent, Device, DeviceId, Export, ExportId,
    ExternalIdentity, ExternalIdentityId, IdempotencyKey, Instant, Passkey, PasskeyId, PasswordHash, PendingTotp,
    Session, SessionId, SignIn, SignInId, TokenHash, Totp, UndoPoint, User, UserId, WebhookEventId,
};
use selfsame_ports::{StorageError, WebhookEvent};

use super::{challenges::ChallengeRow, outbox::OutboxTable, tickets::TicketRow};

/// A state of the database.
#[derive(Clone, Default)]
pub(super) struct Tables {
    pub(super) users: BTreeMap<UserId, User>,
    /// Usernames that were given up, by skeleton.
    pub(super) username_holds: BTreeMap<String, UsernameHold>,
    pub(super) passwords: BTreeMap<UserId, PasswordHash>,
    /// Earlier passwords, by account and credential epoch.
    pub(super) password_history: BTreeMap<(UserId, i64), PasswordHash>,
    pub(super) devices: BTreeMap<DeviceId, (Device, TokenHash)>,
    /// When an account was last signed in to from an origin.
    pub(super) origins: BTreeMap<(UserId, [u8; 32]), Instant>,
    /// By account and application.
    pub(super) consents: BTreeMap<(UserId, String), Consent>,
    pub(super) external_identities: BTreeMap<ExternalIdentityId, ExternalIdentity>,
    pub(super) attributes: BTreeMap<UserId, Attributes>,
    pub(super) sessions: BTreeMap<SessionId, (Session, TokenHash)>,
    pub(super) sign_ins: BTreeMap<SignInId, SignIn>,
    pub(super) attempts: BTreeMap<AttemptId, Attempt>,
    pub(super) challenges: BTreeMap<ChallengeId, ChallengeRow>,
    /// By the hash of their secrets.
    pub(super) tickets: BTreeMap<[u8; 32], TicketRow>,
    pub(super) totps: BTreeMap<UserId, Totp>,
    pub(super) pending_totps: BTreeMap<UserId, PendingTotp>,
    pub(super) backup_codes: BTreeSet<(UserId, [u8; 32])>,
    /// When a backup code was used, by account and MAC.
    pub(super) used_backup_codes: BTreeMap<(UserId, [u8; 32]), Instant>,
    /// By account and place in its audit chain.
    pub(super) undo_points: BTreeMap<(UserId, i64), UndoPoint>,
    pub(super) passkeys: BTreeMap<PasskeyId, Passkey>,
    /// By account and place in its chain.
    pub(super) audit: BTreeMap<(UserId, i64), AuditRecord>,
    pub(super) exports: BTreeMap<ExportId, Export>,
    pub(super) outbox: OutboxTable,
    /// By their hashes.
    pub(super) idempotency_keys: BTreeMap<[u8; 32], IdempotencyKey>,
    pub(super) webhook_events: BTreeMap<WebhookEventId, WebhookEvent>,
}

/// A username that was given up.
#[derive(Clone)]
pub(super) struct UsernameHold {
    pub(super) user_id: UserId,
    pub(super) held_until: Instant,
}

/// A row under an id that must be new.
pub(super) fn insert_new<K: Ord, V>(table: &mut BTreeMap<K, V>, id: K, row: V) -> Result<(), StorageError> {
    if table.contains_key(&id) {
        return Err(StorageError::Conflict);
    }
    table.insert(id, row);
    Ok(())
}

/// What a foreign key says of a row whose parent isn't there: somebody removed it since the unit looked.
pub(super) fn must_exist<K: Ord + Copy, V>(table: &BTreeMap<K, V>, id: K) -> Result<(), StorageError> {
    if table.contains_key(&id) { Ok(()) } else { Err(StorageError::Conflict) }
}

/// As [`must_exist`], for a column that may be empty.
pub(super) fn may_exist<K: Ord + Copy, V>(table: &BTreeMap<K, V>, id: Option<K>) -> Result<(), StorageError> {
    id.map_or(Ok(()), |id| must_exist(table, id))
}

impl Tables {
    /// After rows were removed: removes rows that refer to them (ON DELETE CASCADE), or clears the references (SET
    /// NULL). The audit trail refers to nothing.
    pub(super) fn cascade(&mut self) {
        let (users, sessions) = (&self.users, &self.sessions);
        let has_user = |id: Option<UserId>| may_exist(users, id).is_ok();
        let has_session = |id: Option<SessionId>| may_exist(sessions, id).is_ok();
        self.username_holds.retain(|_, hold| users.contains_key(&hold.user_id));
        self.passwords.retain(|id, _| users.contains_key(id));
        self.password_history.retain(|(id, _), _| users.contains_key(id));
        self.devices.retain(|_, (device, _)| users.contains_key(&device.user_id));
        self.origins.retain(|(id, _), _| users.contains_key(id));
        self.exports.retain(|_, export| users.contains_key(&export.user_id));
        self.consents.retain(|(id, _), _| users.contains_key(id));
        self.attributes.retain(|id, _| users.contains_key(id));
        self.passkeys.retain(|_, row| has_user(Some(row.user_id)));
        self.sign_ins.retain(|_, row| has_user(Some(row.user_id)) && has_session(row.session_id));
        self.attempts.retain(|_, row| has_user(row.user_id) && has_session(row.session_id));
        self.totps.retain(|id, _| users.contains_key(id));
        self.pending_totps.retain(|id, _| users.contains_key(id));
        self.backup_codes.retain(|(id, _)| users.contains_key(id));
        self.used_backup_codes.retain(|(id, _), _| users.contains_key(id));
        self.undo_points.retain(|(id, _), _| users.contains_key(id));
        self.tickets.retain(|_, row| has_user(row.ticket.user_id));

        let (sign_ins, attempts) = (&self.sign_ins, &self.attempts);
        let has_identifier = |challenge: &Challenge| {
            let user = users.get(&challenge.user_id);
            user.is_some_and(|user| challenge.identifier_id.is_none_or(|id| user.identifier(id).is_some()))
        };
        self.challenges.retain(|_, ChallengeRow { challenge, .. }| {
            has_identifier(challenge)
                && may_exist(attempts, challenge.attempt_id).is_ok()
                && may_exist(sign_ins, challenge.sign_in_id).is_ok()
        });
        for row in self.external_identities.values_mut() {
            row.user_id = row.user_id.filter(|id| users.contains_key(id));
            row.sign_in_id = row.sign_in_id.filter(|id| sign_ins.contains_key(id));
        }
        for row in self.attempts.values_mut() {
            row.sign_in_id = row.sign_in_id.filter(|id| sign_ins.contains_key(id));
        }
    }
}

/// Removes up to `limit` rows that match; returns how many went.
pub(super) fn remove_where<K: Ord, V>(table: &mut BTreeMap<K, V>, limit: i64, matches: impl Fn(&V) -> bool) -> usize {
    let limit = usize::try_from(limit).unwrap_or(0);
    table.extract_if(.., |_, row| matches(row)).take(limit).count()
}
