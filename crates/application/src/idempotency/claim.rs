//! Claims an idempotency key for a request.

use std::time::Duration as StdDuration;

use chrono::Duration;
use selfsame_domain::{IdempotencyClaim, IdempotencyKey, RequestContext};
use selfsame_ports::StorageError;

use super::seal_context;
use crate::{
    Authenticate, Core, Credential, Fault, Principal, fault::faults, limits::network,
    sessions::authenticate::AuthenticateError,
};

/// How long a key is known.
pub const KEY_LIFE: Duration = Duration::hours(24);
/// How long a request may be in progress. Longer than any request lasts.
const LEASE: Duration = Duration::minutes(1);

/// Asks whether a request may take effect.
#[derive(Clone)]
pub struct ClaimIdempotencyKey {
    /// As the client sent it. It counts only for this client.
    pub key: String,
    /// The client's credential, if it sent one that is well-formed.
    pub credential: Option<Credential>,
    /// What must be equal when the key is used again: method, target and body.
    pub request: Vec<u8>,
    /// The request.
    pub context: RequestContext,
}

/// What is to be done with the request.
pub enum Claimed {
    /// It is the first one with the key. [`super::complete::CompleteIdempotencyKey`] ends its claim.
    First(IdempotencyClaim),
    /// It was answered before, with this.
    Replay(Vec<u8>),
    /// The access token is not valid, so the request is not of anybody. It is refused without a key.
    Unauthenticated,
}

/// Why the request must not take effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimIdempotencyKeyError {
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    OtherRequest,
    /// The first request is in progress; the time until another one may take its place.
    #[error("a request with this idempotency key is in progress")]
    InProgress(StdDuration),
    /// The first request took effect, and its response was lost when the server stopped.
    #[error("the response to the request with this idempotency key was lost")]
    ResponseLost,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ClaimIdempotencyKeyError: StorageError, selfsame_ports::VaultError);

impl ClaimIdempotencyKey {
    /// Claims the key. Of parallel requests with one key one is the first.
    pub fn execute(&self, core: &Core) -> Result<Claimed, ClaimIdempotencyKeyError> {
        let Some(caller) = self.caller(core)? else { return Ok(Claimed::Unauthenticated) };
        let hash = core.vault.mac("idempotency key", &[caller.as_bytes(), b"\0", self.key.as_bytes()].concat());
        let fingerprint = core.vault.mac("idempotency request", &self.request);
        let context = RequestContext { idempotency: None, ..self.context.clone() };
        let claimed = core.unit(&context, |work| {
            let now = core.clock.now();
            let known = work.idempotency_keys().lock(&hash)?;
            if let Some(known) = known.as_ref().filter(|known| !known.is_free(now)) {
                return Self::of_known(known, &fingerprint, now).map(Err);
            }
            if let Some(free) = &known {
                work.idempotency_keys().remove(&free.claimed())?;
            }
            let key = IdempotencyKey {
                hash,
                fingerprint,
                claim: core.random(),
                applied_at: None,
                response: None,
                created_at: now,
                leased_until: now + LEASE,
                expires_at: now + KEY_LIFE,
            };
            work.idempotency_keys().insert(&key)?;
            Ok::<_, ClaimIdempotencyKeyError>(Ok(key.claimed()))
        })?;
        match claimed {
            Ok(claim) => Ok(Claimed::First(claim)),
            Err(sealed) => Ok(Claimed::Replay(core.vault.open(&seal_context(&hash), &sealed)?)),
        }
    }

    /// The sealed response to the request that has the key.
    fn of_known(
        known: &IdempotencyKey,
        fingerprint: &[u8; 32],
        now: selfsame_domain::Instant,
    ) -> Result<Vec<u8>, ClaimIdempotencyKeyError> {
        if known.fingerprint != *fingerprint {
            return Err(ClaimIdempotencyKeyError::OtherRequest);
        }
        match &known.response {
            Some(response) => Ok(response.clone()),
            None if now < known.leased_until => {
                let wait = (known.leased_until - now).to_std().unwrap_or_default();
                Err(ClaimIdempotencyKeyError::InProgress(wait))
            }
            None => Err(ClaimIdempotencyKeyError::ResponseLost),
        }
    }

    /// Whose key it is: that of the signed-in user, of the cookie, or of the network of the client's address. A sign-in
    /// replaces the cookie, and its request may be sent again with the earlier one. `None` if the access token is not
    /// valid.
    fn caller(&self, core: &Core) -> Result<Option<String>, Fault> {
        let Some(credential) = &self.credential else { return Ok(Some(format!("ip:{}", network(self.context.ip)))) };
        match Authenticate::new(credential.clone()).execute_in(core, &self.context) {
            Ok(caller) => Ok(Some(of_caller(&caller.principal))),
            Err(AuthenticateError::Fault(fault)) => Err(fault),
            Err(AuthenticateError::Unauthenticated | AuthenticateError::Expired) => Ok(match credential {
                Credential::Cookie(cookie) => Some(format!("cookie:{}", cookie.expose())),
                Credential::Bearer(_) => None,
            }),
        }
    }
}

/// An application has keys of its own: it must not be given a response that the user got.
fn of_caller(principal: &Principal) -> String {
    match &principal.client {
        Some(client) => format!("user:{}:{}:{}", principal.user_id, client.scopes.to_text(), client.id),
        None => format!("user:{}", principal.user_id),
    }
}
