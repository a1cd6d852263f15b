//! Seals the secrets of authenticator apps again after another sealing key became active (R95).

use selfsame_domain::{RequestContext, UserId};
use selfsame_ports::StorageError;

use crate::{Core, Fault, fault::faults};

/// One round over all secrets. Those that are sealed with the active key are only read.
#[derive(Clone, Copy, Debug)]
pub struct ResealSecrets;

/// Why a round was not complete. The next one continues.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResealError {
    /// Unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ResealError: StorageError);

/// Secrets that are read at once.
const PORTION: i64 = 500;

impl ResealSecrets {
    /// Seals them with the active key; returns how many. A secret that cannot be opened is logged and left as it is.
    pub fn execute(self, core: &Core, stop: &dyn Fn() -> bool) -> Result<usize, ResealError> {
        let (mut resealed, mut after) = (0, None);
        while !stop() {
            let portion = core.storage.read()?.list_totps(after, PORTION)?;
            let Some(last) = portion.last() else { break };
            after = Some(last.user_id);
            for totp in portion.iter().filter(|totp| !core.vault.is_current(&totp.sealed)) {
                match core.reseal(totp.user_id, &totp.sealed) {
                    Ok(is_done) => resealed += usize::from(is_done),
                    Err(ResealError::Fault(Fault::Internal(error))) => {
                        tracing::error!(user = %totp.user_id, error, "the secret of an authenticator app cannot be opened");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(resealed)
    }
}

impl Core {
    /// `false` if the secret was replaced, removed or sealed again meanwhile.
    fn reseal(&self, user: UserId, before: &[u8]) -> Result<bool, ResealError> {
        let sealed = self.seal_totp(user, &self.open_totp(user, before)?)?;
        self.unit(&RequestContext::default(), |work| Ok(work.second_factors().reseal_totp(user, before, &sealed)?))
    }
}
