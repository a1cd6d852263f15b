//! The hold of new identifiers and factors: while one is new, the account cannot be deleted, and none that is older removed.

use chrono::Duration;
use selfsame_domain::{Identifier, Instant, Passkey, Totp, User};

use crate::{Core, Fault, core::Work};

/// What an operation removes.
#[derive(Clone, Copy)]
pub(crate) enum Removed {
    /// The account, or its password.
    Whole,
    /// The authenticator app.
    Totp,
    /// Another factor or an identifier, which was added or proven at an instant.
    Added(Option<Instant>),
}

impl Core {
    /// An error while an identifier was proven or a factor enrolled within `undo.new_credential_hold`, by which somebody may
    /// have got into the account. The identifier that was proven first is none: the account began with it, and this keeps it
    /// in the account meanwhile. What is removed is held only by what is newer than itself.
    pub(crate) fn require_hold(&self, work: &mut Work<'_>, account: &User, removed: Removed) -> Result<(), Fault> {
        if self.policy.new_credential_hold.is_zero() {
            return Ok(());
        }
        let totp = if account.has_totp() { work.second_factors().totp(account.id)? } else { None };
        let passkeys = if account.has_passkey() { work.passkeys().list(account.id)? } else { Vec::new() };
        self.check_hold(account, totp.as_ref(), &passkeys, removed)
    }

    /// The same for the proven identifiers that the account loses by a change.
    pub(crate) fn require_hold_of_identifiers(
        &self,
        work: &mut Work<'_>,
        before: &User,
        after: &User,
    ) -> Result<(), Fault> {
        let is_lost = |own: &&Identifier| after.identifier(own.id).is_none();
        match before.identifiers.iter().filter(is_lost).filter_map(|lost| lost.verified_at).min() {
            Some(proven_at) => self.require_hold(work, before, Removed::Added(Some(proven_at))),
            None => Ok(()),
        }
    }

    /// The same with the authenticator app and the passkeys of the account.
    pub(crate) fn check_hold(
        &self,
        account: &User,
        totp: Option<&Totp>,
        passkeys: &[Passkey],
        removed: Removed,
    ) -> Result<(), Fault> {
        let (now, hold) = (self.clock.now(), self.policy.new_credential_hold);
        if hold.is_zero() {
            return Ok(());
        }
        // A clock that was set back makes nothing old (R97).
        let left = |added: Instant| hold - (now - added).max(Duration::zero());
        let enrolled_at = totp.map(|totp| totp.created_at);
        let removed_at = match removed {
            Removed::Whole => None,
            Removed::Totp => enrolled_at,
            Removed::Added(at) => at,
        };
        let mut proven: Vec<Instant> = account.identifiers.iter().filter_map(|own| own.verified_at).collect();
        proven.sort_unstable();
        let registered = passkeys.iter().map(|passkey| passkey.created_at);
        let added = proven.into_iter().skip(1).chain(enrolled_at).chain(registered);
        let newer = added.filter(|added| removed_at.is_none_or(|removed| removed < *added));
        match newer.map(left).max().and_then(|left| left.to_std().ok()).filter(|left| !left.is_zero()) {
            Some(left) => Err(Fault::TooNew(left)),
            None => Ok(()),
        }
    }
}
