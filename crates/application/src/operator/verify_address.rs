//! Marks an address as proven because the operator vouches for it.

use selfsame_domain::{Claim, EmailAddress, Identifier, IdentifierKind, RequestContext, Rule, User, UserId, Violation};

use super::users::ManageUserError;
use crate::{
    Core,
    identifiers::prove::{Evidence, rivals},
};

/// Marks an e-mail address of an account as proven, because the operator vouches for it.
#[derive(Clone, Debug)]
pub struct VerifyAddress {
    /// The account.
    pub user: UserId,
    /// The address, in any spelling; without one, the primary address.
    pub address: Option<String>,
    /// Whether the operator named the account by an address and not by its id. If several accounts claim the address,
    /// it is not known which one is meant.
    pub is_named_by_address: bool,
}

impl VerifyAddress {
    /// Marks the address as proven, with the same effects as a proof: other accounts lose their claim to it (R2), and
    /// the sign-ins of an account that had proven nothing before end. Refused if another account has proven the address
    /// (R3), or if it is not known which account is meant, because anybody may claim an address and set the password.
    /// Idempotent.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let user = core.storage.read()?.user(self.user)?.ok_or(ManageUserError::NotFound)?;
        let address = self.find(&user).ok_or_else(|| refused(Rule::NotOwned))?.clone();
        core.unit(&RequestContext::default(), |work| {
            let rivals = rivals(work, user.id, &address.canonical)?;
            if self.is_named_by_address && !rivals.is_empty() {
                return Err(ManageUserError::Ambiguous);
            }
            let mut locked = core.lock_to_sign_in(work, user.id, None, rivals)?;
            let account = locked.get(user.id).ok_or(ManageUserError::NotFound)?;
            if account.identifier(address.id).is_none() {
                return Err(refused(Rule::NotOwned));
            }
            if !core.prove_identifier(work, &mut locked, user.id, address.id, &Evidence::Operator)? {
                return Err(refused(Rule::Taken));
            }
            let account = locked.get(user.id).ok_or(ManageUserError::NotFound)?;
            Ok(User::clone(account))
        })
    }

    fn find<'u>(&self, user: &'u User) -> Option<&'u Identifier> {
        let Some(typed) = &self.address else { return user.primary_email() };
        let meant = EmailAddress::parse(typed).ok()?;
        user.identifiers_of(IdentifierKind::Email).find(|own| own.canonical == meant.canonical())
    }
}

fn refused(rule: Rule) -> ManageUserError {
    ManageUserError::Invalid(Violation::new(Claim::Email, rule).into())
}
