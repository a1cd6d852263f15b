//! Marks an address as proven, with all consequences for this account and for others.

use selfsame_domain::{
    Action, Challenge, Factors, Identifier, IdentifierId, IdentifierKind, Instant, Purpose, SignInId, TicketKind,
    UserId,
};
use selfsame_ports::StorageError;

use crate::{Core, Fault, Principal, account::Event, core::Work, sign_in::start::Locked};

/// Ends what every change of password ends: other sign-ins with their refresh chains (R21), pending resets and address
/// changes (R22, R24).
pub(crate) fn end_sign_ins_and_resets(
    work: &mut Work<'_>,
    user: UserId,
    keep: Option<SignInId>,
    now: Instant,
) -> Result<(), StorageError> {
    work.sessions().end_sign_ins_of(user, keep, now)?;
    work.proofs().void_challenges(user, Purpose::ChangeEmail, now)?;
    void_resets(work, user, now)
}

/// Voids pending resets of all addresses of the account. A change of address does the same (R24).
pub(crate) fn void_resets(work: &mut Work<'_>, user: UserId, now: Instant) -> Result<(), StorageError> {
    work.proofs().void_challenges(user, Purpose::ResetPassword, now)?;
    work.proofs().void_tickets(user, TicketKind::SetPassword, now)
}

/// How an address was proven.
pub(crate) enum Evidence<'p> {
    /// By the client that requested the proof: in its attempt, or as a principal, whose sign-in stays.
    OwnClient(Option<&'p Principal>),
    /// By a link, whose reader may be somebody else than the client that requested it.
    Link,
    /// The operator vouches for the address.
    Operator,
}

impl Evidence<'_> {
    fn event(&self, action: Action, subject: UserId) -> Event {
        match self {
            Self::OwnClient(Some(principal)) => Event::of_user(action, subject, principal.sign_in_id),
            other => other.event_of_others(action),
        }
    }

    /// An event of another account, whose trail does not name the principal.
    fn event_of_others(&self, action: Action) -> Event {
        match self {
            Self::Operator => Event::operator(action),
            Self::OwnClient(_) | Self::Link => Event::anonymous(action),
        }
    }

    /// The sign-in that stays.
    fn sign_in(&self) -> Option<SignInId> {
        match self {
            Self::OwnClient(principal) => principal.map(|principal| principal.sign_in_id),
            Self::Link | Self::Operator => None,
        }
    }
}

/// The greatest number of claims of other accounts that one proof removes; further ones are left to the purge.
const RIVALS: usize = 20;

/// The other accounts that claim an address which `user` is about to prove. They are locked together with that account,
/// by ascending id.
pub(crate) fn rivals(work: &mut Work<'_>, user: UserId, canonical: &str) -> Result<Vec<UserId>, StorageError> {
    rivals_of(work, user, IdentifierKind::Email, canonical)
}

/// The same for an identifier of any kind.
pub(crate) fn rivals_of(
    work: &mut Work<'_>,
    user: UserId,
    kind: IdentifierKind,
    canonical: &str,
) -> Result<Vec<UserId>, StorageError> {
    let mut rivals = work.accounts().rival_claims(kind, canonical, user)?;
    rivals.truncate(RIVALS);
    Ok(rivals)
}

impl Core {
    /// Marks an identifier of the account as proven, and saves the account. It is called only after a challenge was
    /// consumed, or by the operator (R7). `Ok(false)` if another account has proven it first.
    ///
    /// It becomes primary if the account has no primary one of its kind. Other accounts lose their claim to it; an account
    /// that has proven nothing and claims it as its primary address is removed. If this
    /// account had proven nothing before, somebody else may have used it until now: every other sign-in of it ends. If
    /// moreover the proof does not come from the client that registered, what was set before is removed too, the
    /// password included, and the owner sets a new one (R2).
    pub(crate) fn prove_identifier(
        &self,
        work: &mut Work<'_>,
        locked: &mut Locked,
        user_id: UserId,
        id: IdentifierId,
        evidence: &Evidence<'_>,
    ) -> Result<bool, Fault> {
        let now = self.clock.now();
        let Some(account) = locked.get(user_id) else { return Ok(false) };
        let was_unproven = !account.is_verified();
        let Some(identifier) = account.identifiers.iter_mut().find(|identifier| identifier.id == id) else {
            return Ok(false);
        };
        if identifier.is_verified() {
            return Ok(true);
        }
        identifier.verified_at = Some(now);
        let proven = identifier.clone();
        account.touch(now);
        if was_unproven {
            work.sessions().end_sign_ins_of(user_id, evidence.sign_in(), now)?;
            // Who comes with the token of another issuer has registered by it, and is nobody else.
            if matches!(evidence, Evidence::Link) && work.external_identities().of_user(user_id)?.is_empty() {
                account.identifiers.retain(Identifier::is_verified);
                account.change_password(false, now);
                work.accounts().remove_password(user_id)?;
                work.proofs().void_challenges(user_id, Purpose::ChangeEmail, now)?;
                if account.has_second_factor() {
                    account.enrolled = Factors::default();
                    account.backup_codes_left = 0;
                    work.second_factors().remove_totp(user_id)?;
                    work.second_factors().set_backup_codes(user_id, &[])?;
                }
            }
        }
        account.make_primary_if_none(id, proven.kind);
        let action = match proven.kind {
            IdentifierKind::Email => Action::EmailVerified,
            IdentifierKind::Phone => Action::PhoneVerified,
        };
        self.record(work, account, evidence.event(action, user_id));
        self.drop_claims(work, locked, user_id, &proven, evidence)?;
        let account = locked.get(user_id).ok_or(StorageError::Conflict)?;
        match account.save(work) {
            Err(StorageError::Taken(_)) => Ok(false),
            saved => Ok(saved.map(|()| true)?),
        }
    }

    /// Proves the address that a consumed reset was mailed to, if it was only claimed until now. Whoever reads that mail
    /// may be somebody else than who registered, as with a link. `Ok(false)` as for [`Core::prove_identifier`].
    pub(crate) fn prove_by_reset(
        &self,
        work: &mut Work<'_>,
        locked: &mut Locked,
        reset: &Challenge,
    ) -> Result<bool, Fault> {
        match reset.identifier_id {
            Some(id) => self.prove_identifier(work, locked, reset.user_id, id, &Evidence::Link),
            None => Ok(false),
        }
    }

    /// Removes the unproven claims of the other locked accounts, and the accounts that can no longer be proven: without any
    /// proof, and with the claimed address as the primary one.
    pub(crate) fn drop_claims(
        &self,
        work: &mut Work<'_>,
        locked: &mut Locked,
        owner: UserId,
        proven: &Identifier,
        evidence: &Evidence<'_>,
    ) -> Result<(), Fault> {
        let is_claim = |claim: &Identifier| {
            claim.kind == proven.kind && claim.canonical == proven.canonical && !claim.is_verified()
        };
        for rival in locked.ids().into_iter().filter(|id| *id != owner) {
            let Some(account) = locked.get(rival).filter(|rival| rival.identifiers.iter().any(is_claim)) else {
                continue;
            };
            let action = match proven.kind {
                IdentifierKind::Email => Action::EmailClaimDropped,
                IdentifierKind::Phone => Action::PhoneClaimDropped,
            };
            self.record(work, account, evidence.event_of_others(action));
            let is_needed = proven.kind == IdentifierKind::Email
                && account.identifiers.iter().any(|identifier| is_claim(identifier) && identifier.is_primary);
            if account.is_verified() || !is_needed {
                account.identifiers.retain(|identifier| !is_claim(identifier));
                account.touch(self.clock.now());
                account.save(work)?;
            } else {
                account.delete(work)?;
                locked.remove(rival);
            }
        }
        Ok(())
    }
}
