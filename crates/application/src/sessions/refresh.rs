//! A refresh token for a new pair of tokens (R47, R48).

use std::time::Duration;

use selfsame_domain::{Action, Instant, OpaqueToken, RefreshToken, RequestContext, SignIn, User};
use selfsame_ports::{StorageError, UnitOfWork};

use crate::{Core, Fault, attempts::TokenSet, core::Event, fault::faults, identifiers::prove::lock_usable};

/// Brings the refresh token. It has no `Debug`, which would show it.
#[derive(Clone)]
pub struct RefreshAccess {
    /// As sent.
    pub refresh_token: String,
    /// Life of the new access token.
    pub access_ttl: Duration,
    /// Who asks.
    pub context: RequestContext,
}

/// Why there are no new tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshAccessError {
    /// Unknown, expired, of an ended sign-in or a disabled account, or spent: then the sign-in has just been ended.
    #[error("the refresh token is not valid")]
    Invalid,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RefreshAccessError: StorageError);

/// What one unit found. A reuse is committed, and refused after that.
enum Outcome {
    Rotated(Box<SignIn>, OpaqueToken),
    Refused,
}

impl RefreshAccess {
    /// Uses the token up and hands out its successor. Within the grace, the direct parent of an unused successor answers
    /// with that same successor: an answer that got lost costs nobody the sign-in. Any other reuse ends the sign-in.
    pub fn execute(&self, core: &Core) -> Result<TokenSet, RefreshAccessError> {
        let token = OpaqueToken::parse(&self.refresh_token).ok_or(RefreshAccessError::Invalid)?;
        core.spend(&[core.limits.refresh_per_ip.of_ip(&self.context)])?;
        let outcome = core.unit::<_, RefreshAccessError>(|unit| self.rotate(core, unit, &token))?;
        match outcome {
            Outcome::Rotated(sign_in, refresh_token) => {
                Ok(TokenSet { access_token: core.sign_access_token(&sign_in, self.access_ttl)?, refresh_token })
            }
            Outcome::Refused => Err(RefreshAccessError::Invalid),
        }
    }

    fn rotate(
        &self,
        core: &Core,
        unit: &mut dyn UnitOfWork,
        token: &OpaqueToken,
    ) -> Result<Outcome, RefreshAccessError> {
        let now = core.clock.now();
        let Some(found) = unit.refresh_tokens().find(&token.hash())? else {
            return Ok(Outcome::Refused);
        };
        let Some((sign_in, user)) = usable(core, unit, &found, now)? else {
            return Ok(Outcome::Refused);
        };
        if now >= found.expires_at {
            return Ok(Outcome::Refused);
        }
        let successor = successor(core, token);
        if unit.refresh_tokens().rotate(found.id, now)? {
            core.insert_refresh_token(unit, &sign_in, successor.clone())?;
            unit.sessions().touch_sign_in(sign_in.id, now)?;
            core.record(unit, user.id, Event::of_user(Action::TokenRefreshed, user.id, sign_in.id, &self.context))?;
            return Ok(Outcome::Rotated(Box::new(sign_in), successor));
        }
        // Somebody may have rotated it since it was read: look again.
        let spent = unit.refresh_tokens().find(&token.hash())?;
        let in_grace =
            spent.and_then(|spent| spent.rotated_at).is_some_and(|rotated| now < rotated + core.policy.refresh_grace);
        let next = unit.refresh_tokens().find(&successor.hash())?;
        if in_grace && next.is_some_and(|next| next.rotated_at.is_none()) {
            return Ok(Outcome::Rotated(Box::new(sign_in), successor));
        }
        tracing::warn!(user = %user.id, sign_in = %sign_in.id, "a spent refresh token was used again; the sign-in is ended");
        unit.sessions().end_sign_in(sign_in.id, now)?;
        core.record(
            unit,
            user.id,
            Event { sign_in: Some(sign_in.id), ..Event::anonymous(Action::TokenReused, &self.context) },
        )?;
        Ok(Outcome::Refused)
    }
}

/// The sign-in and its account as they are now (R48), locked, the account first.
fn usable(
    core: &Core,
    unit: &mut dyn UnitOfWork,
    token: &RefreshToken,
    now: Instant,
) -> Result<Option<(SignIn, User)>, StorageError> {
    let Some(found) = unit.sessions().find_sign_in(token.sign_in_id)? else {
        return Ok(None);
    };
    let Some(user) = lock_usable(unit, found.user_id)? else {
        return Ok(None);
    };
    let Some(sign_in) = unit.sessions().lock_sign_in(found.id)? else {
        return Ok(None);
    };
    let is_live = sign_in.is_live(now, core.policy.idle_of(&sign_in));
    Ok(is_live.then_some((sign_in, user)))
}

/// The one token that can follow another: derived by a key that is not in the database, so it can be told again within
/// the grace although only its hash is stored.
fn successor(core: &Core, token: &OpaqueToken) -> OpaqueToken {
    OpaqueToken::from_bytes(&core.vault.mac("refresh successor", token.expose().as_bytes()))
}
