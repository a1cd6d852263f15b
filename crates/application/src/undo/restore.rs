//! Brings an account back to an earlier state. The account is locked, and still to be saved.

use selfsame_domain::{
    Factor, Factors, Identifier, IdentifierId, IdentifierKind, Instant, Passkey, User, profile, totp::step_at,
};
use selfsame_ports::StorageError;

use crate::{Core, account::Account, core::Work, password::rules::keep_password, undo::snapshot::Snapshot};

impl Snapshot {
    /// Restores everything. Voids attempts in progress and remembered devices of the account by a new credential epoch.
    ///
    /// `at` is when the state was kept.
    pub(super) fn restore(
        self,
        core: &Core,
        work: &mut Work<'_>,
        account: &mut Account,
        at: Instant,
    ) -> Result<(), StorageError> {
        let Self { identifiers, second_factor_policy, password, totp, backup_codes, passkeys } = self;
        let now = core.clock.now();
        restore_identifiers(work, account, identifiers)?;
        let established = core.established(&account.identifiers, at);
        keep_proofs_of_emails(account, &established);
        let since = core.established_until(at);
        keep_proofs_of_phones(account, since);
        keep_password(work, account)?;
        account.password_changed_at = password.as_ref().map(|(_, changed_at)| *changed_at);
        match password {
            Some((hash, _)) => work.accounts().set_password(account.id, &hash)?,
            None => work.accounts().remove_password(account.id)?,
        }
        let mut enrolled = Factors::default();
        match totp.filter(|totp| totp.created_at <= since) {
            Some(mut totp) => {
                totp.last_step = totp.last_step.max(step_at(now));
                work.second_factors().restore_totp(&totp)?;
                enrolled = enrolled.with(Factor::Totp);
            }
            None => work.second_factors().remove_totp(account.id)?,
        }
        let passkeys: Vec<Passkey> = passkeys.into_iter().filter(|passkey| passkey.created_at <= since).collect();
        if restore_passkeys(work, account, &passkeys)? {
            enrolled = enrolled.with(Factor::Passkey);
        }
        if account.second_factor_phone().is_some() {
            enrolled = enrolled.with(Factor::Sms);
        }
        work.consents().remove_since(account.id, since)?;
        account.second_factor_policy = second_factor_policy;
        account.backup_codes_left = restore_backup_codes(work, account, backup_codes, enrolled.has_second())?;
        account.enrolled = enrolled;
        account.credential_epoch += 1;
        account.touch(now);
        Ok(())
    }
}

/// What another account has proven meanwhile stays there.
fn restore_identifiers(
    work: &mut Work<'_>,
    account: &mut Account,
    identifiers: Vec<Identifier>,
) -> Result<(), StorageError> {
    let mut restored = Vec::with_capacity(identifiers.len());
    for own in identifiers {
        let is_elsewhere = own.is_verified()
            && !is_proven_here(account, &own)
            && work.accounts().is_proven_by_another(own.kind, &own.canonical, account.id)?;
        if !is_elsewhere {
            restored.push(own);
        }
    }
    account.identifiers = restored;
    Ok(())
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

/// Leaves exactly these, and returns whether there are any. Those that it still has keep their counters.
fn restore_passkeys(work: &mut Work<'_>, account: &User, passkeys: &[Passkey]) -> Result<bool, StorageError> {
    let mut present = work.passkeys().list(account.id)?;
    for later in present.extract_if(.., |own| passkeys.iter().all(|passkey| passkey.id != own.id)) {
        work.passkeys().remove(account.id, later.id)?;
    }
    let mut has_any = !present.is_empty();
    for passkey in passkeys.iter().filter(|passkey| present.iter().all(|own| own.id != passkey.id)) {
        if work.passkeys().owner(&passkey.credential_id)?.is_none() {
            work.passkeys().insert(passkey)?;
            has_any = true;
        }
    }
    Ok(has_any)
}

/// Returns how many there are then. They take the place of a second factor, so there are none without one.
fn restore_backup_codes(
    work: &mut Work<'_>,
    account: &User,
    mut codes: Vec<[u8; 32]>,
    has_second_factor: bool,
) -> Result<i64, StorageError> {
    if has_second_factor && !codes.is_empty() {
        let used = work.second_factors().used_backup_codes(account.id)?;
        codes.retain(|code| !used.contains(code));
    } else {
        codes.clear();
    }
    work.second_factors().set_backup_codes(account.id, &codes)?;
    Ok(i64::try_from(codes.len()).unwrap_or(i64::MAX))
}
