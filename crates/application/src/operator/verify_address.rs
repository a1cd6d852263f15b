//! Marks an address as proven, on the operator's word.

use selfsame_domain::{Claim, EmailAddress, Identifier, IdentifierKind, RequestContext, Rule, User, UserId, Violation};

use super::users::ManageUserError;
use crate::{Core, identifiers::prove::Prover};

/// Marks an e-mail address of an account as proven, because the operator vouches for it.
#[derive(Clone, Debug)]
pub struct VerifyAddress {
    /// Whose.
    pub user: UserId,
    /// Which of its addresses, in any spelling; without one, the primary.
    pub address: Option<String>,
}

impl VerifyAddress {
    /// Marks the address, with all that a proof brings about: other accounts lose their claim to it (R2), and an account that
    /// had proven nothing before loses its sign-ins. Refused if another account has proven the address (R3). Done already is
    /// done.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        core.unit(|unit| {
            let mut user = unit.users().lock(self.user)?.ok_or(ManageUserError::NotFound)?;
            let address = self.find(&user).ok_or_else(|| refused(Rule::NotOwned))?.id;
            let context = RequestContext::default();
            if !core.prove_identifier(unit, &mut user, address, &Prover::operator(&context))? {
                return Err(refused(Rule::Taken));
            }
            Ok(user)
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
