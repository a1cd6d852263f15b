//! Reads of what was committed.

use std::collections::BTreeSet;

use selfsame_domain::{
    Attempt, AttemptId, Attributes, AuditRecord, Challenge, Consent, CredentialId, Device, Export, ExportId,
    ExternalIdentity, IdentifierKind, Instant, OutboxId, Passkey, PasswordHash, PendingTotp, Picture, Purpose,
    SessionId, SignIn, SignInId, Ticket, TicketKind, TokenHash, Totp, User, UserId, Username,
};
use selfsame_ports::{
    ActivityFilter, Credentials, ExternalIdentityState, OutboxRow, OutboxStatus, Queries, SessionState, SignInState,
    StorageError,
};

use super::{MemoryStorage, locked, tables::Tables};

/// A connection for reading.
pub(super) struct MemoryQueries<'s>(pub(super) &'s MemoryStorage);

impl MemoryQueries<'_> {
    fn look<T>(&self, query: impl FnOnce(&Tables) -> T) -> Result<T, StorageError> {
        self.0.up()?;
        Ok(query(&locked(&self.0.committed)))
    }
}

impl Queries for MemoryQueries<'_> {
    fn session(
        &mut self,
        token: &TokenHash,
        now: Instant,
        with_attributes: bool,
    ) -> Result<Option<SessionState>, StorageError> {
        self.look(|tables| tables.session_state(token, now, with_attributes))
    }

    fn sign_in(
        &mut self,
        user: UserId,
        id: SignInId,
        with_attributes: bool,
    ) -> Result<Option<SignInState>, StorageError> {
        self.look(|tables| {
            let sign_in = tables.sign_ins.get(&id).filter(|sign_in| sign_in.user_id == user)?.clone();
            let attributes = with_attributes.then(|| tables.attributes_of(user));
            Some(SignInState { sign_in, user: tables.users.get(&user)?.clone(), attributes })
        })
    }

    fn external_identity(
        &mut self,
        issuer: &str,
        subject: &str,
        with_attributes: bool,
    ) -> Result<Option<ExternalIdentityState>, StorageError> {
        self.look(|tables| {
            let identity = tables.identity(issuer, subject)?.clone();
            let sign_in = identity.sign_in_id.and_then(|id| {
                let sign_in = tables.sign_ins.get(&id)?.clone();
                let user = tables.users.get(&sign_in.user_id)?.clone();
                let attributes = with_attributes.then(|| tables.attributes_of(user.id));
                Some(SignInState { sign_in, user, attributes })
            });
            Some(ExternalIdentityState { identity, sign_in })
        })
    }

    fn external_identities(&mut self, user: UserId) -> Result<Vec<ExternalIdentity>, StorageError> {
        self.look(|tables| tables.identities_of(user))
    }

    fn user(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        self.look(|tables| tables.users.get(&id).cloned())
    }

    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError> {
        self.look(|tables| tables.attributes_of(id))
    }

    fn credentials(&mut self, id: UserId) -> Result<Option<Credentials>, StorageError> {
        self.look(|tables| tables.users.get(&id).map(|user| tables.credentials_of(user)))
    }

    fn by_identifier(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<Credentials>, StorageError> {
        self.look(|tables| tables.best_claim(kind, canonical, false))
    }

    fn list_users(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        self.look(|tables| {
            let later = tables.users.values().filter(|user| after.is_none_or(|after| user.id > after));
            later.take(limit).cloned().collect()
        })
    }

    fn unproven_claim(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<Credentials>, StorageError> {
        self.look(|tables| tables.best_claim(kind, canonical, true))
    }

    fn by_username(&mut self, canonical: &str) -> Result<Option<Credentials>, StorageError> {
        self.look(|tables| {
            let is_meant = |user: &&User| {
                let name = user.preferred_username.as_ref().map(Username::canonical);
                name.as_deref() == Some(canonical)
            };
            tables.users.values().find(is_meant).map(|user| tables.credentials_of(user))
        })
    }

    fn open_attempts(&mut self, session: SessionId, now: Instant) -> Result<Vec<Attempt>, StorageError> {
        self.look(|tables| tables.open_attempts(session, now))
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        self.look(|tables| tables.attempts.get(&id).cloned())
    }

    fn attempt_by_token(&mut self, token: &TokenHash) -> Result<Option<Attempt>, StorageError> {
        self.look(|tables| {
            let mut attempts = tables.attempts.values();
            attempts.find(|attempt| attempt.token_hash.as_ref() == Some(token)).cloned()
        })
    }

    fn challenges(&mut self, user: UserId, purpose: Purpose) -> Result<Vec<Challenge>, StorageError> {
        self.look(|tables| {
            tables.live_challenges(|challenge| challenge.user_id == user && challenge.purpose == purpose)
        })
    }

    fn challenge_of_attempt(&mut self, attempt: AttemptId) -> Result<Option<Challenge>, StorageError> {
        self.look(|tables| tables.live_challenges(|challenge| challenge.attempt_id == Some(attempt)).into_iter().next())
    }

    fn challenge_by_link(&mut self, user: UserId, link: &TokenHash) -> Result<Option<Challenge>, StorageError> {
        self.look(|tables| {
            let is_meant = |challenge: &Challenge| challenge.user_id == user && challenge.link_hash == Some(*link);
            tables.live_challenges(is_meant).into_iter().next()
        })
    }

    fn used_link(&mut self, user: UserId, link: &TokenHash) -> Result<Option<Challenge>, StorageError> {
        self.look(|tables| {
            tables.used_challenge(|challenge| challenge.user_id == user && challenge.link_hash == Some(*link))
        })
    }

    fn ticket(&mut self, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError> {
        self.look(|tables| tables.live_ticket(hash, kind))
    }

    fn used_ticket(&mut self, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError> {
        self.look(|tables| tables.used_ticket(hash, kind))
    }

    fn consents(&mut self, user: UserId) -> Result<Vec<Consent>, StorageError> {
        self.look(|tables| {
            let mut own: Vec<_> = tables.consents.values().filter(|consent| consent.user_id == user).cloned().collect();
            own.sort_by(|one, other| (one.created_at, &one.client_id).cmp(&(other.created_at, &other.client_id)));
            own
        })
    }

    fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StorageError> {
        self.look(|tables| tables.totps.get(&user).cloned())
    }

    fn pending_totp(&mut self, user: UserId) -> Result<Option<PendingTotp>, StorageError> {
        self.look(|tables| tables.pending_totps.get(&user).cloned())
    }

    fn list_totps(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<Totp>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        self.look(|tables| {
            let later = tables.totps.values().filter(|totp| after.is_none_or(|after| totp.user_id > after));
            later.take(limit).cloned().collect()
        })
    }

    fn passkeys(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError> {
        self.look(|tables| tables.passkeys_of(user))
    }

    fn passkey(&mut self, credential: &CredentialId) -> Result<Option<Passkey>, StorageError> {
        self.look(|tables| tables.passkeys.values().find(|passkey| passkey.credential_id == *credential).cloned())
    }

    fn live_sign_ins(
        &mut self,
        user: UserId,
        now: Instant,
        after: Option<(Instant, SignInId)>,
        limit: i64,
    ) -> Result<Vec<SignIn>, StorageError> {
        self.look(|tables| {
            let own = tables.sign_ins.values().filter(|sign_in| sign_in.user_id == user);
            let live = own.filter(|sign_in| sign_in.ended_at.is_none() && now < sign_in.expires_at);
            let place = |sign_in: &SignIn| (sign_in.last_active_at, sign_in.id);
            let later = live.filter(|sign_in| after.is_none_or(|after| place(sign_in) < after));
            let mut live: Vec<_> = later.cloned().collect();
            live.sort_by_key(|sign_in| std::cmp::Reverse(place(sign_in)));
            live.truncate(usize::try_from(limit).unwrap_or_default());
            live
        })
    }

    fn count_live_sign_ins(&mut self, user: UserId, now: Instant) -> Result<i64, StorageError> {
        self.look(|tables| {
            let own = tables.sign_ins.values().filter(|sign_in| sign_in.user_id == user);
            let live = own.filter(|sign_in| sign_in.ended_at.is_none() && now < sign_in.expires_at);
            live.map(|_| 1).sum()
        })
    }

    fn audit_trail(&mut self, user: UserId, after: i64, limit: i64) -> Result<Vec<AuditRecord>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or(0);
        self.look(|tables| {
            let chain = tables.audit.values().filter(|record| record.subject == user && record.sequence > after);
            chain.take(limit).cloned().collect()
        })
    }

    fn activity(&mut self, user: UserId, filter: &ActivityFilter) -> Result<Vec<AuditRecord>, StorageError> {
        let is_meant = |record: &&AuditRecord| {
            record.subject == user
                && (filter.first..filter.before).contains(&record.sequence)
                && (filter.since..filter.until).contains(&record.occurred_at)
                && filter.actions.as_ref().is_none_or(|actions| actions.contains(&record.action.as_str()))
        };
        let limit = usize::try_from(filter.limit).unwrap_or(0);
        self.look(|tables| tables.audit.values().rev().filter(is_meant).take(limit).cloned().collect())
    }

    fn audit_subjects(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<UserId>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or(0);
        self.look(|tables| {
            let subjects: BTreeSet<UserId> = tables.audit.values().map(|record| record.subject).collect();
            subjects.into_iter().filter(|subject| after.is_none_or(|after| *subject > after)).take(limit).collect()
        })
    }

    fn outbox_page(
        &mut self,
        dead_only: bool,
        after: Option<OutboxId>,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, StorageError> {
        self.look(|tables| tables.outbox.page(dead_only, after, limit))
    }

    fn outbox_status(&mut self) -> Result<OutboxStatus, StorageError> {
        self.look(|tables| tables.outbox.status())
    }

    fn earlier_passwords(&mut self, user: UserId) -> Result<Vec<PasswordHash>, StorageError> {
        self.look(|tables| {
            let own = tables.password_history.iter().filter(|((id, _), _)| *id == user);
            own.rev().map(|(_, hash)| hash.clone()).collect()
        })
    }

    fn device(&mut self, user: UserId, token: &TokenHash) -> Result<Option<Device>, StorageError> {
        self.look(|tables| tables.device_by(token).filter(|device| device.user_id == user).cloned())
    }

    fn devices(&mut self, user: UserId, epoch: i64, now: Instant, limit: i64) -> Result<Vec<Device>, StorageError> {
        self.look(|tables| {
            let is_listed = |device: &&Device| {
                device.user_id == user
                    && device.credential_epoch == epoch
                    && device.activated_at.is_some()
                    && now < device.expires_at
            };
            let mut devices: Vec<_> =
                tables.devices.values().map(|(device, _)| device).filter(is_listed).cloned().collect();
            devices.sort_by_key(|device| std::cmp::Reverse((device.last_used_at, device.id)));
            devices.truncate(usize::try_from(limit).unwrap_or_default());
            devices
        })
    }

    fn export(&mut self, user: UserId, id: ExportId) -> Result<Option<Export>, StorageError> {
        self.look(|tables| tables.exports.get(&id).filter(|export| export.user_id == user).cloned())
    }

    fn exports(&mut self, user: UserId, limit: i64) -> Result<Vec<Export>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        self.look(|tables| tables.exports_of(user).into_iter().take(limit).collect())
    }

    fn expired_exports(&mut self, now: Instant, limit: i64) -> Result<Vec<Export>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        self.look(|tables| {
            let exports = tables.exports.values();
            let mut expired: Vec<_> =
                exports.filter(|export| export.expires_at <= now && export.archive.is_some()).cloned().collect();
            expired.sort_by_key(|export| (export.expires_at, export.id));
            expired.truncate(limit);
            expired
        })
    }

    fn archives_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError> {
        self.look(|tables| {
            let archives = tables.exports.values().filter_map(|export| export.archive.as_ref());
            let in_use: BTreeSet<&str> = archives.map(|archive| archive.name.as_str()).collect();
            names.iter().filter(|name| in_use.contains(name.as_str())).cloned().collect()
        })
    }

    fn pictures_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError> {
        self.look(|tables| {
            let pictures = tables.users.values().filter_map(|user| user.picture.as_ref()).map(Picture::as_str);
            let own: BTreeSet<&str> = pictures.collect();
            names.iter().filter(|name| own.contains(name.as_str())).cloned().collect()
        })
    }
}

impl Tables {
    fn session_state(&self, token: &TokenHash, now: Instant, with_attributes: bool) -> Option<SessionState> {
        let (session, _) = self.sessions.values().find(|(_, stored)| stored == token)?;
        let active = self.active_sign_in(session.id);
        let with_user = |sign_in: selfsame_domain::SignIn| {
            let user = self.users.get(&sign_in.user_id)?.clone();
            Some((sign_in, user))
        };
        let account = active.filter(|active| with_attributes && active.ended_at.is_none());
        Some(SessionState {
            session: session.clone(),
            active: active.map(|active| active.id),
            sign_ins: self.sign_ins_of(session.id).into_iter().filter_map(with_user).collect(),
            attributes: account.map(|active| self.attributes_of(active.user_id)),
            has_open_attempts: !self.open_attempts(session.id, now).is_empty(),
        })
    }

    fn credentials_of(&self, user: &User) -> Credentials {
        Credentials { user: user.clone(), password: self.passwords.get(&user.id).cloned() }
    }

    /// Who has proven an address or number; if nobody has, or if only claims are wanted, who claimed it last.
    fn best_claim(&self, kind: IdentifierKind, canonical: &str, unproven_only: bool) -> Option<Credentials> {
        let all = self.users.values().flat_map(|user| user.identifiers_of(kind).map(move |own| (own, user)));
        let same = all.filter(|(own, _)| own.canonical == canonical && !(unproven_only && own.is_verified()));
        let best = same.max_by_key(|(own, _)| (own.is_verified(), own.created_at, own.id));
        best.map(|(_, user)| self.credentials_of(user))
    }
}
