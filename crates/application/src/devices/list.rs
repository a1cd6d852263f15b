//! The remembered devices of the caller's account.

use selfsame_domain::{Device, DeviceId};

use crate::{Caller, Core, Fault};

/// Most devices that are listed.
const LISTED: i64 = 1000;

/// Asks for the devices that need no second factor now.
#[derive(Clone, Copy, Debug)]
pub struct ListDevices;

/// The devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Devices {
    /// The one used last first.
    pub devices: Vec<Device>,
    /// The one that this request came from, if it is one of them.
    pub current: Option<DeviceId>,
}

impl ListDevices {
    /// Reads them. `device` is the hash of the token that the client sent, if it sent one.
    pub fn execute(
        self,
        core: &Core,
        caller: &Caller,
        device: Option<&selfsame_domain::TokenHash>,
    ) -> Result<Devices, Fault> {
        let (user, now) = (&caller.user, core.clock.now());
        let mut queries = core.storage.read()?;
        let devices = queries.devices(user.id, user.credential_epoch, now, LISTED)?;
        let current = match device {
            Some(token) => queries.device(user.id, token)?.filter(|device| device.is_valid_for(user, now)),
            None => None,
        };
        Ok(Devices { devices, current: current.map(|device| device.id) })
    }
}
