//! Ends the claim of a request that was answered.

use selfsame_domain::{IdempotencyClaim, RequestContext};
use selfsame_ports::StorageError;

use super::seal_context;
use crate::{Core, Fault};

/// What came of a request.
pub enum Completed {
    /// It succeeded, with this response.
    Succeeded(Vec<u8>),
    /// It was refused, with this response. It may have changed something all the same.
    Refused(Vec<u8>),
    /// It failed, and may succeed when it is sent again.
    Failed,
}

/// Ends a claim.
pub struct CompleteIdempotencyKey {
    /// The claim.
    pub claim: IdempotencyClaim,
    /// What came of it.
    pub completed: Completed,
}

impl CompleteIdempotencyKey {
    /// Keeps the response of a request that succeeded, or that was refused after it had changed something. A request that
    /// changed nothing gives its key back, so that it can be sent again. After a failed one that has changed something
    /// the key stays, without a response.
    pub fn execute(&self, core: &Core) -> Result<(), Fault> {
        let seal = |response: &[u8]| core.vault.seal(&seal_context(&self.claim.key), response);
        let response = match &self.completed {
            Completed::Succeeded(response) | Completed::Refused(response) => Some(seal(response)?),
            Completed::Failed => None,
        };
        let is_success = matches!(self.completed, Completed::Succeeded(_));
        core.unit(&RequestContext::default(), |work| {
            let key = work.idempotency_keys().lock(&self.claim.key)?;
            let Some(key) = key.filter(|key| key.claimed() == self.claim) else { return Ok(()) };
            let is_kept = is_success || key.applied_at.is_some();
            let done = match &response {
                Some(response) if is_kept => work.idempotency_keys().keep_response(&self.claim, response),
                None if is_kept => Ok(true),
                _ => work.idempotency_keys().remove(&self.claim),
            };
            done.map(drop).map_err(|error: StorageError| Fault::from(error))
        })
    }
}
