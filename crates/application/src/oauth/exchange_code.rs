//! Exchanges an authorization code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

use selfsame_domain::{
    Action, AuthorizedClient, OpaqueToken, RefreshToken, RequestContext, Scope, Scopes, SignIn, Ticket, TicketKind,
    UserId, oauth::Client,
};
use selfsame_ports::{AccessTokenError, StorageError, VaultError};

use super::{code::CodeState, tokens::ClientTokens};
use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
};

/// Submits a code. It has no `Debug`, which would print it.
#[derive(Clone)]
pub struct ExchangeCode {
    /// The client.
    pub client_id: String,
    /// The code.
    pub code: String,
    /// The address at which the code was received.
    pub redirect_uri: String,
    /// The verifier of PKCE.
    pub code_verifier: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No such client.
    #[error("no such client")]
    UnknownClient,
    /// The code or the refresh token is not valid: unknown, used, expired, of another client, or of a sign-in that has ended; or
    /// the address or the verifier is not the right one. One error for all.
    #[error("the grant is not valid")]
    InvalidGrant,
    /// More was asked for than was granted.
    #[error("the scope exceeds the grant")]
    InvalidScope,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(TokenError: StorageError, VaultError, AccessTokenError);

/// What a unit made.
struct Issued {
    sign_in: SignIn,
    scopes: Scopes,
    refresh: Option<RefreshToken>,
    nonce: Option<String>,
}

impl ExchangeCode {
    /// Consumes the code and starts a sign-in of the application. Of parallel uses one succeeds, and every other one ends that
    /// sign-in, because one of them was an attacker's (RFC 6749 section 4.1.2). A code that is presented with a wrong
    /// client, address or verifier is used up as well.
    pub fn execute(&self, core: &Core) -> Result<ClientTokens, TokenError> {
        core.spend(&[core.limits.refresh_per_ip.of_ip(&self.context)])?;
        let client = core.policy.oauth.client(&self.client_id).ok_or(TokenError::UnknownClient)?;
        let code = OpaqueToken::parse(&self.code).ok_or(TokenError::InvalidGrant)?;
        let user = code.user().ok_or(TokenError::InvalidGrant)?;
        let consumed = core.unit::<_, TokenError>(&self.context, |work| {
            let Some(mut account) = Account::lock(work, user)? else { return Ok(None) };
            let ticket = work.proofs().consume_ticket(&code.hash(), TicketKind::AuthorizationCode, core.clock.now())?;
            let Some(ticket) = ticket else { return Ok(None) };
            // Committed also when there are no tokens: the code is used up.
            self.use_ticket(core, work, &mut account, client, &ticket).map(Some)
        })?;
        match consumed {
            Some(Some(issued)) => {
                let Issued { sign_in, scopes, refresh, nonce } = issued;
                Ok(core.client_tokens(&sign_in, client, scopes, refresh.as_ref(), nonce)?)
            }
            Some(None) => Err(TokenError::InvalidGrant),
            None => {
                end_if_used(core, &code, user, &self.context)?;
                Err(TokenError::InvalidGrant)
            }
        }
    }

    /// The sign-in of the application, if the code is for this request and its user may still be signed in.
    fn use_ticket(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        account: &mut Account,
        client: &Client,
        ticket: &Ticket,
    ) -> Result<Option<Issued>, TokenError> {
        let state = core.open_code(ticket)?;
        let is_right = state.is_for(&self.client_id, &self.redirect_uri, &self.code_verifier);
        if !is_right || account.is_disabled() || !work.sessions().is_live(account.id, state.user_sign_in)? {
            return Ok(None);
        }
        let scopes = state.scopes().intersection(&client.scopes);
        let (sign_in, refresh) = new_sign_in(core, work, account.id, &state, client, &scopes);
        work.sessions().insert_sign_in(&sign_in)?;
        let event = Event::of_user(Action::ApplicationSignedIn, account.id, sign_in.id);
        core.record_within_budget(work, account, event)?;
        account.save(work)?;
        Ok(Some(Issued { sign_in, scopes, refresh, nonce: state.nonce }))
    }
}

/// The sign-in of the application. With a refresh token it lasts as long as a chain of them, otherwise as long as its access token.
fn new_sign_in(
    core: &Core,
    work: &Work<'_>,
    user: UserId,
    state: &CodeState,
    client: &Client,
    scopes: &Scopes,
) -> (SignIn, Option<RefreshToken>) {
    let assurance = state.assurance();
    let mut sign_in = SignIn {
        id: state.sign_in,
        client: Some(AuthorizedClient { id: client.id.clone(), scopes: scopes.clone() }),
        name: Some(client.name.clone()),
        ..core.new_sign_in(work, user, assurance.methods.clone())
    };
    sign_in.assurance = assurance;
    if scopes.contains(Scope::OfflineAccess) {
        let (token, chain) = core.new_refresh_chain(user, sign_in.id);
        sign_in.refresh = Some(chain);
        sign_in.expires_at = sign_in.created_at + core.policy.refresh_absolute;
        return (sign_in, Some(token));
    }
    let life = chrono::Duration::from_std(core.policy.access_ttl).unwrap_or_default();
    sign_in.expires_at = sign_in.created_at + life;
    (sign_in, None)
}

/// Ends the sign-in that a code has made, because the code came again.
fn end_if_used(core: &Core, code: &OpaqueToken, user: UserId, context: &RequestContext) -> Result<(), TokenError> {
    let ticket = core.storage.read()?.used_ticket(&code.hash(), TicketKind::AuthorizationCode)?;
    let Some(ticket) = ticket.filter(|ticket| ticket.user_id == Some(user)) else { return Ok(()) };
    let made = core.open_code(&ticket)?.sign_in;
    core.unit(context, |work| {
        let Some(mut account) = Account::lock(work, user)? else { return Ok(()) };
        if work.sessions().end_sign_in(user, made, core.clock.now())? {
            tracing::warn!(%user, sign_in = %made, "an authorization code was used again; the sign-in that it made is ended");
            let event = Event { sign_in: Some(made), ..Event::anonymous(Action::CodeReused) };
            core.record(work, &mut account, event);
            account.save(work)?;
        }
        Ok(())
    })
}
