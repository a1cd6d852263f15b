//! An address is proven: what that settles, and for whom.

use selfsame_domain::{
    Action, Identifier, IdentifierId, IdentifierKind, Instant, Purpose, SignInId, TicketKind, UserId,
};
use selfsame_ports::StorageError;

use crate::{Core, Fault, Principal, account::Event, core::Work, sign_in::start::Locked};

/// What every change of password ends: other sign-ins with their refresh chains (R21), resets and address changes
/// under way (R22, R24).
pub(crate) fn end_what_a_password_guards(
    work: &mut Work<'_>,
    user: UserId,
    keep: Option<SignInId>,
    now: Instant,
) -> Result<(), StorageError> {
    work.sessions().end_sign_ins_of(user, keep, now)?;
    work.proofs().void_challenges(user, Purpose::ChangeEmail, now)?;
    void_resets(work, user, now)
}

/// Resets under way, by whichever of the account's addresses: they end with another address too (R24).
pub(crate) fn void_resets(work: &mut Work<'_>, user: UserId, now: Instant) -> Result<(), StorageError> {
    work.proofs().void_challenges(user, Purpose::ResetPassword, now)?;
    work.proofs().void_tickets(user, TicketKind::SetPassword, now)
}

/// How the proof of an address came.
pub(crate) enum Evidence<'p> {
    /// From the client that asked for it: with its attempt, or by a principal, whose sign-in goes on.
    OwnClient(Option<&'p Principal>),
    /// By a link, whose reader may never have seen the client that asked for it.
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

    /// The sign-in that goes on.
    fn sign_in(&self) -> Option<SignInId> {
        match self {
            Self::OwnClient(principal) => principal.map(|principal| principal.sign_in_id),
            Self::Link | Self::Operator => None,
        }
    }
}

/// Claims of other accounts that one proof removes; a flood of them is left to the purge.
const RIVALS: usize = 20;

/// The other accounts that claim an address which `user` is about to prove. They are locked together with that account, in
/// the order of all accounts.
pub(crate) fn rivals(work: &mut Work<'_>, user: UserId, canonical: &str) -> Result<Vec<UserId>, StorageError> {
    let mut rivals = work.accounts().rival_claims(IdentifierKind::Email, canonical, user)?;
    rivals.truncate(RIVALS);
    Ok(rivals)
}

impl Core {
    /// Marks an own identifier as proven, and saves the account. Only a consumed challenge, or the operator, leads here
    /// (R7). `Ok(false)` if another account was faster.
    ///
    /// The proof settles who has the address: accounts that merely claimed it lose the claim, and with it everything if
    /// they have proven nothing else. If this account itself had proven nothing before, whoever used it till now may have
    /// been somebody else: every other sign-in of it ends. And if the proof does not come from the client that
    /// registered, what was set up before it goes too, the password included: its owner sets a new one (R2).
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
            if matches!(evidence, Evidence::Link) {
                account.identifiers.retain(Identifier::is_verified);
                account.change_password(false, now);
                work.accounts().remove_password(user_id)?;
                work.proofs().void_challenges(user_id, Purpose::ChangeEmail, now)?;
            }
        }
        self.record(work, account, evidence.event(Action::EmailVerified, user_id));
        self.drop_claims(work, locked, user_id, &proven, evidence)?;
        let account = locked.get(user_id).ok_or(StorageError::Conflict)?;
        match account.save(work) {
            Err(StorageError::Taken(_)) => Ok(false),
            saved => Ok(saved.map(|()| true)?),
        }
    }

    /// Takes the unproven claims from the other accounts that are locked, and removes those that have nothing but claims.
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
            self.record(work, account, evidence.event_of_others(Action::EmailClaimDropped));
            if account.is_verified() {
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
