//! Accepts an offer to remember a device.

use selfsame_domain::{Action, OpaqueToken, RequestContext};
use selfsame_ports::StorageError;

use super::remember::RememberedDevice;
use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Submits the token of the offer.
#[derive(Clone)]
pub struct ActivateDevice {
    /// The token.
    pub token: String,
    /// The request: for the audit trail.
    pub context: RequestContext,
}

/// Why the device is not remembered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivateDeviceError {
    /// Unknown, of another account, accepted already, expired, or void since a credential was changed.
    #[error("the offer is not valid")]
    InvalidToken,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ActivateDeviceError: StorageError);

impl ActivateDevice {
    /// Brings the device into force under another token. Of parallel uses one succeeds (R12).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<RememberedDevice, ActivateDeviceError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let offered = OpaqueToken::parse(&self.token).ok_or(ActivateDeviceError::InvalidToken)?.hash();
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ActivateDeviceError::Unauthenticated)?;
            let (token, now) = (core.token(), core.clock.now());
            let expires_at = now + core.policy.device_ttl;
            let device = work.devices().activate(account.id, &offered, &token.hash(), now, expires_at)?;
            let device = device.filter(|device| device.is_valid_for(&account, now));
            let device = device.ok_or(ActivateDeviceError::InvalidToken)?;
            let event = Event::of_user(Action::DeviceRemembered, account.id, caller.sign_in.id);
            core.record_within_budget(work, &mut account, event)?;
            account.save(work)?;
            Ok(RememberedDevice { device, token })
        })
    }
}
