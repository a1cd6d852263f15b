//! Remembers the device of a caller who has given a second factor.

use selfsame_domain::{Action, Claim, Device, OpaqueToken, RequestContext, User, Violation, Violations, text};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    sessions::principal::StepUpRequired,
};

/// Asks that the client needs no second factor for a while.
#[derive(Clone, Debug)]
pub struct RememberDevice {
    /// The name of the device, as typed.
    pub name: Option<String>,
    /// The request: for the list of devices and the audit trail.
    pub context: RequestContext,
}

/// A device, and the token that its client holds from now on.
#[derive(Clone, Debug)]
pub struct RememberedDevice {
    /// The device.
    pub device: Device,
    /// Its token.
    pub token: OpaqueToken,
}

/// Why the device is not remembered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RememberDeviceError {
    /// The account has no second factor, so there is nothing to be asked for.
    #[error("no second factor is enrolled")]
    NoSecondFactor,
    /// The second factor was not given in this sign-in, or too long ago.
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The name breaks rules.
    #[error(transparent)]
    Invalid(Violations),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RememberDeviceError: StorageError);

impl RememberDevice {
    /// Remembers the device for [`Policy::device_ttl`](crate::Policy::device_ttl), within the account's write budgets. It is
    /// bound to the account and its credential epoch.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<RememberedDevice, RememberDeviceError> {
        let name = self.name.as_deref().map(text::label).transpose();
        let name = name.map_err(|rule| RememberDeviceError::Invalid(Violation::new(Claim::Name, rule).into()))?;
        may_remember(&caller.user)?;
        core.require_step_up(caller)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RememberDeviceError::Unauthenticated)?;
            if account.credential_epoch != caller.user.credential_epoch {
                return Err(RememberDeviceError::Unauthenticated);
            }
            let now = core.clock.now();
            let expires_at = now + core.policy.device_ttl;
            let device = Device { activated_at: Some(now), expires_at, ..core.new_device(work.context, &account) };
            let (device, token) = (Device { name: name.clone(), ..device }, core.token());
            work.devices().insert(&device, &token.hash())?;
            let event = Event::of_user(Action::DeviceRemembered, account.id, caller.sign_in.id);
            core.record_within_budget(work, &mut account, event)?;
            account.save(work)?;
            Ok(RememberedDevice { device, token })
        })
    }
}

/// Whether a device of an account can take the place of a second factor.
pub(crate) fn may_remember(user: &User) -> Result<(), RememberDeviceError> {
    if user.has_second_factor() { Ok(()) } else { Err(RememberDeviceError::NoSecondFactor) }
}

impl Core {
    /// A device of the client of a request, offered and already expired.
    pub(super) fn new_device(&self, context: &RequestContext, account: &Account) -> Device {
        let now = self.clock.now();
        Device {
            id: self.id(),
            user_id: account.id,
            credential_epoch: account.credential_epoch,
            name: None,
            ip: context.ip.map(|ip| ip.to_string()),
            user_agent: context.user_agent.clone(),
            created_at: now,
            activated_at: None,
            last_used_at: now,
            expires_at: now,
        }
    }
}
