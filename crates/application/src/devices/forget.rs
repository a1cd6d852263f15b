//! Forgets remembered devices of the caller's account.

use selfsame_domain::{Action, DeviceId, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Asks that one device needs a second factor again.
#[derive(Clone, Debug)]
pub struct ForgetDevice {
    /// Which.
    pub id: DeviceId,
    /// For the audit trail.
    pub context: RequestContext,
}

/// Asks the same for all devices.
#[derive(Clone, Debug)]
pub struct ForgetDevices {
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why nothing was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForgetDeviceError {
    /// Not a device of this account: one answer for unknown and foreign ones (R62).
    #[error("no such device")]
    UnknownDevice,
    /// The caller's own sign-in has ended meanwhile.
    #[error("not signed in")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ForgetDeviceError: StorageError);

impl ForgetDevice {
    /// Forgets it. Sign-ins of the device stay.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), ForgetDeviceError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ForgetDeviceError::Unauthenticated)?;
            if !work.devices().remove(account.id, self.id)? {
                return Err(ForgetDeviceError::UnknownDevice);
            }
            let event = Event::of_user(Action::DeviceForgotten, account.id, caller.sign_in.id);
            core.record(work, &mut account, event);
            Ok(account.save(work)?)
        })
    }
}

impl ForgetDevices {
    /// Forgets them. Nothing is written where there is none.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), ForgetDeviceError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ForgetDeviceError::Unauthenticated)?;
            if work.devices().remove_all(account.id)? > 0 {
                let event = Event::of_user(Action::DevicesForgotten, account.id, caller.sign_in.id);
                core.record(work, &mut account, event);
            }
            Ok(account.save(work)?)
        })
    }
}
