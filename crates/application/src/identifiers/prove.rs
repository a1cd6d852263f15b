//! Steps that several use cases take on an account that they have locked.

use selfsame_domain::{
    Action, Identifier, IdentifierChange, IdentifierId, Instant, Purpose, RequestContext, SignInId, User, UserId,
};
use selfsame_ports::{StorageError, UnitOfWork};

use crate::{Caller, Core, Fault, core::Event};

/// The account, locked for change. Gone or disabled in the meantime: `None`.
pub(crate) fn lock_usable(unit: &mut dyn UnitOfWork, id: UserId) -> Result<Option<User>, StorageError> {
    Ok(unit.users().lock(id)?.filter(|user| !user.is_disabled()))
}

/// What every change of password ends: other sign-ins with their refresh chains (R21), resets and address changes
/// under way (R22, R24).
pub(crate) fn end_what_a_password_guards(
    unit: &mut dyn UnitOfWork,
    user: UserId,
    keep: Option<SignInId>,
    now: Instant,
) -> Result<(), StorageError> {
    unit.sessions().end_sign_ins_of(user, keep, now)?;
    unit.challenges().void(user, Purpose::ResetPassword, now)?;
    unit.challenges().void(user, Purpose::ChangeEmail, now)
}

/// Who brings the proof of an address.
pub(crate) struct Prover<'c> {
    /// The caller, if signed in; their sign-in goes on.
    caller: Option<&'c Caller>,
    /// Whether it is the operator, on the command line.
    is_operator: bool,
    /// Whether the proof came together with what the account's own client holds: its attempt, or a sign-in. A link by
    /// itself may be opened by somebody who never saw that client.
    is_bound: bool,
    context: &'c RequestContext,
}

impl<'c> Prover<'c> {
    /// The client that asked for the proof.
    pub(crate) fn bound(caller: Option<&'c Caller>, context: &'c RequestContext) -> Self {
        Self { caller, is_operator: false, is_bound: true, context }
    }

    /// The operator, who names the account and vouches for its address.
    pub(crate) fn operator(context: &'c RequestContext) -> Self {
        Self { caller: None, is_operator: true, is_bound: true, context }
    }

    /// Somebody who followed a link.
    pub(crate) fn unknown(context: &'c RequestContext) -> Self {
        Self { caller: None, is_operator: false, is_bound: false, context }
    }

    fn event(&self, action: Action, subject: UserId) -> Event<'c> {
        match self.caller {
            Some(caller) => Event::of_user(action, subject, caller.sign_in.id, self.context),
            None => self.event_of_others(action),
        }
    }

    /// An event of another account, which is not told who the caller is.
    fn event_of_others(&self, action: Action) -> Event<'c> {
        let by = if self.is_operator { Event::operator } else { Event::anonymous };
        by(action, self.context)
    }
}

/// Claims of other accounts that one proof clears away; a flood of them is left to the purge.
const RIVALS: usize = 20;

impl Core {
    /// Marks an own identifier as proven. Only a consumed challenge, or the operator, leads here (R7). `Ok(false)` if another account was
    /// faster.
    ///
    /// The proof settles who has the address: accounts that merely claimed it lose the claim, and with it everything if
    /// they have proven nothing else. If this account itself had proven nothing before, whoever used it till now may have
    /// been somebody else, and every other sign-in of it ends. If several accounts claimed the address and the proof is a
    /// link by itself, nobody can tell which claim its reader meant: then what the unproven phase left goes too, the
    /// password included, and a new one is had by mail (R2).
    pub(crate) fn prove_identifier(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &mut User,
        id: IdentifierId,
        prover: &Prover<'_>,
    ) -> Result<bool, Fault> {
        let now = self.clock.now();
        let was_unproven = !user.is_verified();
        let Some(identifier) = user.identifiers.iter_mut().find(|identifier| identifier.id == id) else {
            return Ok(false);
        };
        if identifier.is_verified() {
            return Ok(true);
        }
        identifier.verified_at = Some(now);
        let proven = identifier.clone();
        let rivals = unit.users().rival_claims(proven.kind, &proven.canonical, user.id)?;
        for rival in rivals.iter().take(RIVALS) {
            self.drop_claim(unit, *rival, &proven, prover)?;
        }
        let mut changes = vec![IdentifierChange::Update(proven)];
        if was_unproven && !rivals.is_empty() && !prover.is_bound {
            user.password = None;
            user.password_changed_at = Some(now);
            let others = user.identifiers.iter().filter(|other| !other.is_verified());
            changes.extend(others.map(|other| IdentifierChange::Delete(other.id)));
            user.identifiers.retain(Identifier::is_verified);
            unit.challenges().void(user.id, Purpose::ChangeEmail, now)?;
        }
        match unit.users().change_identifiers(user.id, &changes) {
            Err(StorageError::Taken(_)) => return Ok(false),
            other => other?,
        }
        if was_unproven {
            unit.sessions().end_sign_ins_of(user.id, prover.caller.map(|caller| caller.sign_in.id), now)?;
        }
        user.touch(now);
        unit.users().save(user)?;
        self.record(unit, user.id, prover.event(Action::EmailVerified, user.id))?;
        Ok(true)
    }

    /// Takes an unproven claim from an account, or removes the account if it has nothing but claims.
    fn drop_claim(
        &self,
        unit: &mut dyn UnitOfWork,
        rival: UserId,
        proven: &Identifier,
        prover: &Prover<'_>,
    ) -> Result<(), Fault> {
        let Some(mut rival) = unit.users().lock(rival)? else { return Ok(()) };
        let is_claim = |claim: &&Identifier| {
            claim.kind == proven.kind && claim.canonical == proven.canonical && !claim.is_verified()
        };
        let claims: Vec<_> = rival.identifiers.iter().filter(is_claim).map(|claim| claim.id).collect();
        if claims.is_empty() {
            return Ok(());
        }
        self.record(unit, rival.id, prover.event_of_others(Action::EmailClaimDropped))?;
        if !rival.is_verified() {
            return Ok(unit.users().delete(rival.id)?);
        }
        let claims: Vec<_> = claims.into_iter().map(IdentifierChange::Delete).collect();
        unit.users().change_identifiers(rival.id, &claims)?;
        rival.touch(self.clock.now());
        Ok(unit.users().save(&rival)?)
    }
}
