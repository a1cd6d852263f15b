//! Whether a client is a remembered device of an account.

use selfsame_domain::{RequestContext, User};
use selfsame_ports::StorageError;

use crate::Core;

impl Core {
    /// Whether the client of a request holds a remembered device of this account, in place of a second factor.
    ///
    /// A sign-in asks after the first factor was right and before it demands the second. The sign-in then has the first
    /// factor only among its methods, so whatever needs a step-up still asks for a second one (R33). Its use is noted by
    /// `Core::start_sign_in`. A change of a password or a factor begins another credential epoch, which voids the device.
    pub fn remembered(&self, user: &User, context: &RequestContext) -> Result<bool, StorageError> {
        let Some(token) = &context.device else { return Ok(false) };
        let device = self.storage.read()?.device(user.id, token)?;
        Ok(device.is_some_and(|device| device.is_valid_for(user, self.clock.now())))
    }
}
