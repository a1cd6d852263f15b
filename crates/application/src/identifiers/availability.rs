//! Tells whether an identifier belongs to an account.

use selfsame_domain::{EmailAddress, RequestContext, Username};
use selfsame_ports::StorageError;

use crate::{Core, Fault, fault::faults, sign_up::start::owner_of};

/// Asks about an identifier, which tells a stranger who has an account. So it is limited, and for addresses the operator
/// decides whether it is answered at all.
#[derive(Clone, Debug)]
pub struct CheckAvailability {
    /// The identifier.
    pub identifier: Wanted,
    /// The request: for limits.
    pub context: RequestContext,
}

/// An identifier, as typed.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// An e-mail address.
    Email(String),
    /// A username.
    Username(String),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckAvailabilityError {
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(CheckAvailabilityError: StorageError);

impl CheckAvailability {
    /// Whether an account has it: for an address, has proven it. What is no identifier belongs to nobody.
    pub fn execute(&self, core: &Core) -> Result<bool, CheckAvailabilityError> {
        core.spend(&[core.limits.taken_per_ip.of_ip(&self.context)])?;
        Ok(match &self.identifier {
            Wanted::Email(typed) => match EmailAddress::parse(typed) {
                Ok(email) => owner_of(core, &email)?.is_some(),
                Err(_) => false,
            },
            Wanted::Username(typed) => match Username::parse(typed) {
                Ok(name) => core.storage.read()?.by_username(&name.canonical())?.is_some(),
                Err(_) => false,
            },
        })
    }
}
