//! Offers to remember the device of a sign-in that has just been completed with a second factor.

use chrono::Duration;
use selfsame_domain::{Device, RequestContext, SignIn};
use selfsame_ports::StorageError;

use super::remember::RememberedDevice;
use crate::{Core, Fault, account::Account, fault::faults};

/// How long an offer can be accepted.
const OFFER_TTL: Duration = Duration::minutes(5);

/// Asks for an offer, which the client accepts with [`ActivateDevice`](super::activate::ActivateDevice).
#[derive(Clone, Debug)]
pub struct OfferDevice {
    /// The name of the device; it must be a label already.
    pub name: Option<String>,
    /// The request: for the list of devices.
    pub context: RequestContext,
}

/// Why there is no offer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferDeviceError {
    /// The sign-in has no second factor, or has ended.
    #[error("the sign-in has no second factor")]
    NotProven,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(OfferDeviceError: StorageError);

impl OfferDevice {
    /// Stores the offer under a token of its own. It takes no second factor's place until it is accepted.
    pub fn execute(&self, core: &Core, sign_in: &SignIn) -> Result<RememberedDevice, OfferDeviceError> {
        if !sign_in.assurance.methods.prove_second() {
            return Err(OfferDeviceError::NotProven);
        }
        core.unit(&self.context, |work| {
            let account = Account::lock_usable(work, sign_in.user_id)?.ok_or(OfferDeviceError::NotProven)?;
            if !work.sessions().is_live(account.id, sign_in.id)? {
                return Err(OfferDeviceError::NotProven);
            }
            let expires_at = core.clock.now() + OFFER_TTL;
            let device = Device { name: self.name.clone(), expires_at, ..core.new_device(work.context, &account) };
            let token = core.token();
            work.devices().insert(&device, &token.hash())?;
            Ok(RememberedDevice { device, token })
        })
    }
}
