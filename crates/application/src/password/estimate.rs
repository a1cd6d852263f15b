//! Estimates a password that a user is about to choose.

use selfsame_domain::{Password, RequestContext, Rule, Strength, User, UserId, id::Id as _};

use crate::{Caller, Core, Fault};

/// Asks how strong a password is, and whether it would be taken.
#[derive(Clone, Debug)]
pub struct EstimatePassword {
    /// The password.
    pub password: Password,
    /// The request: for limits.
    pub context: RequestContext,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordEstimate {
    /// How hard it is to guess.
    pub strength: Strength,
    /// The rule that it breaks, if it would be refused.
    pub broken: Option<Rule>,
}

impl EstimatePassword {
    /// Estimates for the caller, whose names add nothing to the strength, or for a new account. Whether it is one of the
    /// caller's earlier passwords is not told. Charged like a refused sign-up, because it costs time (R83).
    pub fn execute(&self, core: &Core, caller: Option<&Caller>) -> Result<PasswordEstimate, Fault> {
        core.spend(&[core.limits.new_password_per_ip.of_ip(&self.context)])?;
        let nobody = User::new(UserId::from_number(0), core.clock.now());
        let user = caller.map_or(&nobody, |caller| &caller.user);
        let strength = Strength::of(&self.password, &core.password_context(user, None));
        let broken = core.check_password(user, None, &self.password).err();
        Ok(PasswordEstimate { strength, broken })
    }
}
