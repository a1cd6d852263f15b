//! The tables, and what one row does to another. The repositories' files hold the statements.

use std::collections::{BTreeMap, BTreeSet};

use selfsame_domain::{
    Attempt, AttemptId, AuditId, AuditRecord, Challenge, ChallengeId, RefreshToken, RefreshTokenId, Session, SessionId,
    SignIn, SignInId, TokenHash, User, UserId,
};
use selfsame_ports::StorageError;

use super::{challenges::ChallengeRow, outbox::OutboxTable};

/// A state of the database.
#[derive(Clone, Default)]
pub(super) struct Tables {
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) sessions: BTreeMap<SessionId, (Session, TokenHash)>,
    pub(super) sign_ins: BTreeMap<SignInId, SignIn>,
    pub(super) refresh_tokens: BTreeMap<RefreshTokenId, RefreshToken>,
    pub(super) attempts: BTreeMap<AttemptId, Attempt>,
    pub(super) challenges: BTreeMap<ChallengeId, ChallengeRow>,
    pub(super) audit: BTreeMap<UserId, Vec<AuditRecord>>,
    pub(super) audit_ids: BTreeSet<AuditId>,
    pub(super) outbox: OutboxTable,
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
    /// After rows were removed: whatever hung on them goes too, and whatever merely mentioned them forgets them.
    pub(super) fn cascade(&mut self) {
        let (users, sessions) = (&self.users, &self.sessions);
        let has_session = |id: Option<SessionId>| may_exist(sessions, id).is_ok();
        self.sign_ins.retain(|_, row| users.contains_key(&row.user_id) && has_session(row.session_id));
        self.attempts.retain(|_, row| users.contains_key(&row.user_id) && has_session(row.session_id));

        let (sign_ins, attempts) = (&self.sign_ins, &self.attempts);
        let has_identifier = |challenge: &Challenge| {
            let user = users.get(&challenge.user_id);
            user.is_some_and(|user| challenge.identifier_id.is_none_or(|id| user.identifier(id).is_some()))
        };
        self.refresh_tokens.retain(|_, row| sign_ins.contains_key(&row.sign_in_id));
        self.challenges.retain(|_, ChallengeRow { challenge, .. }| {
            has_identifier(challenge) && may_exist(attempts, challenge.attempt_id).is_ok()
        });
        for (session, _) in self.sessions.values_mut() {
            session.active_sign_in = session.active_sign_in.filter(|id| sign_ins.contains_key(id));
        }
        for row in self.attempts.values_mut() {
            row.sign_in_id = row.sign_in_id.filter(|id| sign_ins.contains_key(id));
        }
    }

    /// What is checked no sooner than at commit: a session and its first sign-in name each other.
    pub(super) fn check_deferred(&self) -> Result<(), StorageError> {
        let mut sessions = self.sessions.values();
        sessions.try_for_each(|(session, _)| may_exist(&self.sign_ins, session.active_sign_in))
    }
}

/// Removes up to `limit` rows that match; answers how many went.
pub(super) fn remove_where<K: Ord, V>(table: &mut BTreeMap<K, V>, limit: i64, matches: impl Fn(&V) -> bool) -> usize {
    let limit = usize::try_from(limit).unwrap_or(0);
    table.extract_if(.., |_, row| matches(row)).take(limit).count()
}
