//! Brings an account back to an earlier state: what becomes of it, which a preview shows too, and the writes.

use selfsame_domain::{
    Factor, Factors, Identifier, IdentifierId, IdentifierKind, Instant, Passkey, PasswordHash, Totp, User, profile,
    totp::step_at,
};
use selfsame_ports::StorageError;

use crate::{Core, account::Account, core::Work, password::rules::keep_password, undo::snapshot::Snapshot};

/// What an undo makes of an account.
pub(super) struct Plan {
    /// The account afterwards. A new credential epoch voids attempts in progress and remembered devices.
    pub(super) account: User,
    pub(super) password: Option<PasswordHash>,
    pub(super) totp: Option<Totp>,
    /// The MACs.
    pub(super) backup_codes: Vec<[u8; 32]>,
    /// The passkeys afterwards.
    pub(super) passkeys: Vec<Passkey>,
    /// The passkeys now.
    pub(super) present_passkeys: Vec<Passkey>,
    /// What applications were allowed since then is withdrawn.
    pub(super) established_until: Instant,
}

impl Snapshot {
    /// Decides what becomes of a locked account, and changes nothing. `at` is when the state was kept.
    pub(super) fn plan(
        self,
        core: &Core,
        work: &mut Work<'_>,
        account: &User,
        at: Instant,
    ) -> Result<Plan, StorageError> {
        let Self { identifiers, second_factor_policy, password, totp, backup_codes, passkeys } = self;
        let (now, since) = (core.clock.now(), core.established_until(at));
        let mut after = account.clone();
        after.identifiers = still_own(work, account, identifiers)?;
        let established = core.established(&after.identifiers, at);
        keep_proofs_of_emails(&mut after, &established);
        keep_proofs_of_phones(&mut after, since);
        let present_passkeys = work.passkeys().list(account.id)?;
        let established_passkeys = passkeys.into_iter().filter(|passkey| passkey.created_at <= since);
        let passkeys = still_free(work, &present_passkeys, established_passkeys)?;
        let totp = totp.filter(|totp| totp.created_at <= since);
        let totp = totp.map(|totp| Totp { last_step: totp.last_step.max(step_at(now)), ..totp });
        let factors = [
            (Factor::Totp, totp.is_some()),
            (Factor::Passkey, !passkeys.is_empty()),
            (Factor::Sms, after.second_factor_phone().is_some()),
        ];
        after.enrolled =
            Factors::of(factors.into_iter().filter_map(|(factor, is_enrolled)| is_enrolled.then_some(factor)));
        let backup_codes = still_good(work, &after, backup_codes)?;
        after.backup_codes_left = i64::try_from(backup_codes.len()).unwrap_or(i64::MAX);
        after.second_factor_policy = second_factor_policy;
        after.password_changed_at = password.as_ref().map(|(_, changed_at)| *changed_at);
        after.credential_epoch += 1;
        after.touch(now);
        let password = password.map(|(hash, _)| hash);
        Ok(Plan { account: after, password, totp, backup_codes, passkeys, present_passkeys, established_until: since })
    }
}

impl Plan {
    /// Carries it out.
    pub(super) fn apply(self, work: &mut Work<'_>, account: &mut Account) -> Result<(), StorageError> {
        let id = account.id;
        keep_password(work, account)?;
        match &self.password {
            Some(hash) => work.accounts().set_password(id, hash)?,
            None => work.accounts().remove_password(id)?,
        }
        match &self.totp {
            Some(totp) => work.second_factors().restore_totp(totp)?,
            None => work.second_factors().remove_totp(id)?,
        }
        for removed in missing_in(&self.passkeys, &self.present_passkeys) {
            work.passkeys().remove(id, removed.id)?;
        }
        for restored in missing_in(&self.present_passkeys, &self.passkeys) {
            work.passkeys().insert(restored)?;
        }
        work.second_factors().set_backup_codes(id, &self.backup_codes)?;
        work.consents().remove_since(id, self.established_until)?;
        **account = self.account;
        Ok(())
    }
}

/// The passkeys of `all` that are not in `some`.
pub(super) fn missing_in<'a>(some: &[Passkey], all: &'a [Passkey]) -> impl Iterator<Item = &'a Passkey> {
    all.iter().filter(|passkey| some.iter().all(|other| other.id != passkey.id))
}

/// Without those that another account has proven meanwhile: they stay there.
fn still_own(
    work: &mut Work<'_>,
    account: &User,
    identifiers: Vec<Identifier>,
) -> Result<Vec<Identifier>, StorageError> {
    let mut own = Vec::with_capacity(identifiers.len());
    for identifier in identifiers {
        let is_elsewhere = identifier.is_verified()
            && !is_proven_here(account, &identifier)
            && work.accounts().is_proven_by_another(identifier.kind, &identifier.canonical, account.id)?;
        if !is_elsewhere {
            own.push(identifier);
        }
    }
    Ok(own)
}

/// Addresses that were not established must be proven again: one of them may be the attacker's, and a reset must not go there.
fn keep_proofs_of_emails(account: &mut User, established: &[IdentifierId]) {
    let emails = account.identifiers.iter_mut().filter(|own| own.kind == IdentifierKind::Email);
    for young in emails.filter(|email| !established.contains(&email.id)) {
        (young.verified_at, young.is_primary) = (None, false);
    }
    if let (None, Some(first)) = (account.primary_email(), established.first()) {
        profile::make_primary(account, *first, IdentifierKind::Email);
    }
}

/// The same for phone numbers, which may be a way in or a second factor.
fn keep_proofs_of_phones(account: &mut User, since: Instant) {
    let phones = account.identifiers.iter_mut().filter(|own| own.kind == IdentifierKind::Phone);
    for young in phones.filter(|phone| phone.verified_at.is_some_and(|verified_at| verified_at > since)) {
        (young.verified_at, young.is_primary, young.is_second_factor) = (None, false, false);
    }
    let first = account.identifiers_of(IdentifierKind::Phone).find(|phone| phone.is_verified()).map(|phone| phone.id);
    if let (None, Some(first)) = (account.primary_phone(), first) {
        profile::make_primary(account, first, IdentifierKind::Phone);
    }
}

fn is_proven_here(account: &User, own: &Identifier) -> bool {
    let mut present = account.identifiers_of(own.kind);
    present.any(|present| present.canonical == own.canonical && present.is_verified())
}

/// Without those that another account has registered meanwhile. Those that are present keep their counters.
fn still_free(
    work: &mut Work<'_>,
    present: &[Passkey],
    passkeys: impl Iterator<Item = Passkey>,
) -> Result<Vec<Passkey>, StorageError> {
    let mut free = Vec::new();
    for passkey in passkeys {
        if let Some(own) = present.iter().find(|own| own.id == passkey.id) {
            free.push(own.clone());
        } else if work.passkeys().owner(&passkey.credential_id)?.is_none() {
            free.push(passkey);
        }
    }
    Ok(free)
}

/// Without those that were used. They take the place of a second factor, so there are none without one.
fn still_good(work: &mut Work<'_>, account: &User, mut codes: Vec<[u8; 32]>) -> Result<Vec<[u8; 32]>, StorageError> {
    if account.enrolled.has_second() && !codes.is_empty() {
        let used = work.second_factors().used_backup_codes(account.id)?;
        codes.retain(|code| !used.contains(code));
    } else {
        codes.clear();
    }
    Ok(codes)
}
