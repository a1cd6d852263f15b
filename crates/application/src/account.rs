//! Steps that several use cases take on an account that they have locked.

use selfsame_domain::{Action, Client, IdentifierChange, IdentifierId, Instant, Purpose, SignInId, User, UserId};
use selfsame_ports::{StorageError, UnitOfWork};

use crate::{Core, Fault, core::Event};

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

impl Core {
    /// Marks an own identifier as proven. Only a consumed challenge leads here (R7).
    ///
    /// The proof settles who has the address: accounts that merely claimed it lose the claim, and with it everything if
    /// they have proven nothing else. If this account itself had proven nothing before, whoever used it till now may have
    /// been somebody else, and every other sign-in of it ends (R2). `Ok(false)` if another account was faster.
    pub(crate) fn prove_identifier(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &mut User,
        id: IdentifierId,
        keep: Option<SignInId>,
        client: &Client,
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
        for rival in unit.users().rival_claims(proven.kind, &proven.canonical, user.id)? {
            self.drop_claim(unit, rival, &proven.canonical, client)?;
        }
        match unit.users().change_identifiers(user.id, &[IdentifierChange::Update(proven)]) {
            Err(StorageError::Taken(_)) => return Ok(false),
            other => other?,
        }
        if was_unproven {
            unit.sessions().end_sign_ins_of(user.id, keep, now)?;
        }
        user.touch(now);
        unit.users().save(user)?;
        self.record(unit, user.id, Event::anonymous(Action::EmailVerified, client))?;
        Ok(true)
    }

    /// Takes an unproven claim from an account, or removes the account if it has nothing but claims.
    fn drop_claim(
        &self,
        unit: &mut dyn UnitOfWork,
        rival: UserId,
        canonical: &str,
        client: &Client,
    ) -> Result<(), Fault> {
        let Some(mut rival) = unit.users().lock(rival)? else {
            return Ok(());
        };
        self.record(unit, rival.id, Event::anonymous(Action::EmailClaimDropped, client))?;
        if !rival.is_verified() {
            return Ok(unit.users().delete(rival.id)?);
        }
        let claims = rival.identifiers.iter().filter(|identifier| identifier.canonical == canonical);
        let claims: Vec<_> = claims.map(|claim| IdentifierChange::Delete(claim.id)).collect();
        unit.users().change_identifiers(rival.id, &claims)?;
        rival.touch(self.clock.now());
        Ok(unit.users().save(&rival)?)
    }
}
