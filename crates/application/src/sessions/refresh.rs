//! Exchanges a refresh token for a new pair of tokens (R47, R48).

use std::time::Duration;

use selfsame_domain::{
    Action, Instant, OpaqueToken, RefreshChain, RefreshToken, RequestContext, SignIn, SignInId, UserId,
};
use selfsame_ports::StorageError;
use subtle::ConstantTimeEq as _;

use crate::{
    Core, Fault,
    account::{Account, Event},
    attempts::TokenSet,
    fault::faults,
};

/// Submits the refresh token. It has no `Debug`, which would print it.
#[derive(Clone)]
pub struct RefreshAccess {
    /// As the client sent it.
    pub refresh_token: String,
    /// Life of the new access token.
    pub access_ttl: Duration,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why there are no new tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshAccessError {
    /// Unknown, expired, of an ended sign-in or a disabled account; or reused, which has ended the sign-in.
    #[error("the refresh token is not valid")]
    Invalid,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RefreshAccessError: StorageError);

impl RefreshAccess {
    /// Rotates the token and returns its successor, with a new access token. For the user's own sign-ins: the tokens of an
    /// application are exchanged at its token endpoint.
    pub fn execute(&self, core: &Core) -> Result<TokenSet, RefreshAccessError> {
        let found = core.find_refresh(&self.refresh_token, None, &self.context)?;
        let token = core.rotate_refresh(&found, &self.context)?;
        Ok(core.token_set(&token, self.access_ttl)?)
    }
}

/// A refresh token whose sign-in may be used, as it was read.
pub(crate) struct FoundRefresh {
    token: RefreshToken,
    pub(crate) sign_in: SignIn,
    chain: RefreshChain,
}

impl Core {
    /// Finds a refresh token of the application with this id, or without one of a sign-in of the user's own. It may be one that
    /// was rotated.
    pub(crate) fn find_refresh(
        &self,
        text: &str,
        client: Option<&str>,
        context: &RequestContext,
    ) -> Result<FoundRefresh, RefreshAccessError> {
        self.spend(&[self.limits.refresh_per_ip.of_ip(context)])?;
        let token = self.read_refresh_token(text).ok_or(RefreshAccessError::Invalid)?;
        let (sign_in, chain) = usable_chain(self, &token, client, self.clock.now())?;
        Ok(FoundRefresh { token, sign_in, chain })
    }

    /// Rotates a refresh token and returns its successor. Within the grace, the direct predecessor of the valid token returns that same token, so that a lost
    /// response does not end the sign-in. Any other reuse ends the sign-in, and that is committed although the request is
    /// refused.
    pub(crate) fn rotate_refresh(
        &self,
        found: &FoundRefresh,
        context: &RequestContext,
    ) -> Result<RefreshToken, RefreshAccessError> {
        let FoundRefresh { token, sign_in, chain } = found;
        let (now, mut chain) = (self.clock.now(), chain.clone());
        if chain.generation == token.generation {
            let is_rotated = self.unit::<_, RefreshAccessError>(context, |work| {
                Ok(work.sessions().rotate_refresh(token.user_id, token.sign_in_id, &chain, now)?)
            })?;
            if is_rotated {
                return Ok(token.successor());
            }
            // It was rotated, or the sign-in ended, since it was read.
            let client = sign_in.client.as_ref().map(|client| client.id.as_str());
            (_, chain) = usable_chain(self, token, client, now)?;
        }
        let is_parent = chain.generation == token.generation + 1;
        // The absolute difference, so that a clock that was set back does not extend the grace (R97).
        if is_parent && (now - chain.rotated_at).abs() < self.policy.refresh_grace {
            return Ok(token.successor());
        }
        if token.generation < chain.generation {
            self.end_reused(token, context, now)?;
        }
        Err(RefreshAccessError::Invalid)
    }

    fn end_reused(
        &self,
        token: &RefreshToken,
        context: &RequestContext,
        now: Instant,
    ) -> Result<(), RefreshAccessError> {
        tracing::warn!(user = %token.user_id, sign_in = %token.sign_in_id, "a spent refresh token was used again; the sign-in is ended");
        self.unit(context, |work| {
            let Some(mut account) = Account::lock(work, token.user_id)? else { return Ok(()) };
            if work.sessions().end_sign_in(token.user_id, token.sign_in_id, now)? {
                let event = Event { sign_in: Some(token.sign_in_id), ..Event::anonymous(Action::TokenReused) };
                self.record(work, &mut account, event);
                account.save(work)?;
            }
            Ok(())
        })
    }
}

/// The sign-in of the token and its chain, if its sign-in and its account may be used (R48), and the application is the one that acts in the
/// sign-in.
fn usable_chain(
    core: &Core,
    token: &RefreshToken,
    client: Option<&str>,
    now: Instant,
) -> Result<(SignIn, RefreshChain), RefreshAccessError> {
    let state = core.storage.read()?.sign_in(token.user_id, token.sign_in_id, false)?;
    let is_of_client = |sign_in: &SignIn| sign_in.client.as_ref().map(|own| own.id.as_str()) == client;
    let state = state.filter(|state| core.is_usable(&state.sign_in, &state.user, now) && is_of_client(&state.sign_in));
    let sign_in = state.ok_or(RefreshAccessError::Invalid)?.sign_in;
    let chain = sign_in.refresh.clone().ok_or(RefreshAccessError::Invalid)?;
    let is_own = bool::from(chain.hash.0.ct_eq(&token.chain_hash().0));
    let is_in_time = now < chain.rotated_at + core.policy.refresh_idle;
    if is_own && is_in_time { Ok((sign_in, chain)) } else { Err(RefreshAccessError::Invalid) }
}

const CONTEXT: &str = "refresh token";

impl Core {
    /// The first token of a new chain, and the chain as its sign-in stores it.
    pub(crate) fn new_refresh_chain(&self, user_id: UserId, sign_in_id: SignInId) -> (RefreshToken, RefreshChain) {
        let token = RefreshToken { user_id, sign_in_id, generation: 0, nonce: self.random() };
        let chain = RefreshChain { hash: token.chain_hash(), generation: 0, rotated_at: self.clock.now() };
        (token, chain)
    }

    /// Decodes a token and checks that this server made it. Whether it is still valid is not checked.
    pub(crate) fn read_refresh_token(&self, text: &str) -> Option<RefreshToken> {
        let (token, tag) = RefreshToken::decode(text)?;
        let mac = self.vault.mac(CONTEXT, &token.body());
        bool::from(mac[..tag.len()].ct_eq(&tag)).then_some(token)
    }

    /// A new access token of a sign-in of the user's own, with the refresh token.
    pub(crate) fn token_set(&self, refresh: &RefreshToken, access_ttl: Duration) -> Result<TokenSet, Fault> {
        let audience = &self.policy.audience;
        let access_token = self.sign_access_token(refresh.user_id, refresh.sign_in_id, None, audience, access_ttl)?;
        Ok(TokenSet { access_token, refresh_token: self.encode_refresh(refresh) })
    }

    /// A refresh token as it is issued.
    pub(crate) fn encode_refresh(&self, refresh: &RefreshToken) -> OpaqueToken {
        refresh.encode(&self.vault.mac(CONTEXT, &refresh.body()))
    }

    /// Replaces the chain of the caller's sign-in, if it has one. Tokens of the earlier chain become invalid (R21).
    pub(crate) fn restart_refresh(
        &self,
        work: &mut crate::core::Work<'_>,
        sign_in: &SignIn,
    ) -> Result<Option<RefreshToken>, StorageError> {
        if sign_in.refresh.is_none() {
            return Ok(None);
        }
        let (token, chain) = self.new_refresh_chain(sign_in.user_id, sign_in.id);
        work.sessions().start_refresh(sign_in.user_id, sign_in.id, &chain)?;
        Ok(Some(token))
    }
}
