//! Authenticates the caller of a request, from the database on every request (R43).

use selfsame_domain::{Attributes, AuthorizedClient, Instant, OpaqueToken, RequestContext, Scopes, SignIn, User};
use selfsame_ports::{AccessClaims, AccessTokenError, StorageError};

use crate::{
    Core, Fault, Principal, SessionView,
    fault::faults,
    sessions::principal::{Browser, StepUpRequired},
};

/// The caller's credential. It has no `Debug`, which would print it.
#[derive(Clone)]
pub enum Credential {
    /// The session cookie.
    Cookie(OpaqueToken),
    /// A Bearer access token.
    Bearer(String),
}

/// Authenticates a request.
#[derive(Clone)]
pub struct Authenticate {
    /// The credential.
    pub credential: Credential,
    /// Whether to read the account's attributes too, in the same statement.
    pub with_attributes: bool,
}

/// An authenticated caller, with what was read to authenticate them.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The principal.
    pub principal: Principal,
    /// The account, as of this request.
    pub user: User,
    /// Its attributes, if they were requested.
    pub attributes: Option<Attributes>,
    /// The sign-in of the request.
    pub sign_in: SignIn,
    /// The browser session, if the credential was its cookie.
    pub session: Option<SessionView>,
}

/// Why the caller was not authenticated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticateError {
    /// No live sign-in. One error for forged and ended credentials and disabled accounts.
    #[error("not signed in")]
    Unauthenticated,
    /// A valid access token that has expired.
    #[error("the access token has expired")]
    Expired,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(AuthenticateError: StorageError);

impl Authenticate {
    /// Authenticates without reading attributes.
    pub fn new(credential: Credential) -> Self {
        Self { credential, with_attributes: false }
    }

    /// Authenticates and reads the attributes too.
    pub fn with_attributes(credential: Credential) -> Self {
        Self { credential, with_attributes: true }
    }

    /// Authenticates. One statement; at intervals more, which write the last use of the sign-in.
    pub fn execute(&self, core: &Core) -> Result<Caller, AuthenticateError> {
        self.execute_in(core, &RequestContext::default())
    }

    /// The same in a request, for the audit trail of a sign-in that the token of another issuer starts.
    pub fn execute_in(&self, core: &Core, context: &RequestContext) -> Result<Caller, AuthenticateError> {
        let now = core.clock.now();
        let caller = match &self.credential {
            Credential::Cookie(token) => self.by_cookie(core, token, now)?,
            Credential::Bearer(token) => self.by_token(core, token, now, context)?,
        };
        if caller.sign_in.last_active_at + core.policy.touch_after(&caller.sign_in) <= now {
            touch(core, &caller.principal, now);
        }
        Ok(caller)
    }

    fn by_cookie(&self, core: &Core, token: &OpaqueToken, now: Instant) -> Result<Caller, AuthenticateError> {
        let found = core.session_view_with(token, now, self.with_attributes)?;
        let (view, attributes) = found.ok_or(AuthenticateError::Unauthenticated)?;
        let (sign_in, user) = view.active().cloned().ok_or(AuthenticateError::Unauthenticated)?;
        let browser = Browser { session: view.session.id, cookie: token.hash() };
        Ok(Caller { principal: principal(&sign_in, Some(browser)), user, attributes, sign_in, session: Some(view) })
    }

    fn by_token(
        &self,
        core: &Core,
        token: &str,
        now: Instant,
        context: &RequestContext,
    ) -> Result<Caller, AuthenticateError> {
        let claims = match core.tokens.verify(token, now) {
            Ok(claims) => claims,
            Err(AccessTokenError::Expired) => return Err(AuthenticateError::Expired),
            // The issuer is part of the signed claims, so a token is valid for one of the two at most.
            Err(AccessTokenError::Invalid) => return core.foreign_caller(token, self.with_attributes, context),
            Err(AccessTokenError::Signing) => return Err(AuthenticateError::Unauthenticated),
        };
        let found = core.storage.read()?.sign_in(claims.user_id, claims.sign_in_id, self.with_attributes)?;
        let state = found
            .filter(|state| core.is_usable(&state.sign_in, &state.user, now))
            .ok_or(AuthenticateError::Unauthenticated)?;
        let client = core.client_of_token(&claims, &state.sign_in)?;
        Ok(Caller {
            principal: Principal { client, ..principal(&state.sign_in, None) },
            user: state.user,
            attributes: state.attributes,
            sign_in: state.sign_in,
            session: None,
        })
    }
}

impl Core {
    /// What the application of a token may do: what the token says, and its sign-in and its registration still allow. None for
    /// a token of the user's own. A token whose application is not that of its sign-in, or not registered any more, is not
    /// valid.
    fn client_of_token(
        &self,
        claims: &AccessClaims,
        sign_in: &SignIn,
    ) -> Result<Option<AuthorizedClient>, AuthenticateError> {
        if claims.client_id.as_ref() != sign_in.client.as_ref().map(|client| &client.id) {
            return Err(AuthenticateError::Unauthenticated);
        }
        let Some(stored) = &sign_in.client else { return Ok(None) };
        let allowed = self.allowed_client(stored).ok_or(AuthenticateError::Unauthenticated)?;
        let scopes = Scopes::known_in(claims.scope.as_deref().unwrap_or_default()).intersection(&allowed.scopes);
        Ok(Some(AuthorizedClient { scopes, ..allowed }))
    }

    /// An error unless the caller's last proof is recent enough for a sensitive operation, by [`Policy::step_up`], and
    /// strong enough (R10, R33).
    ///
    /// [`Policy::step_up`]: crate::Policy::step_up
    pub(crate) fn require_step_up(&self, caller: &Caller) -> Result<(), StepUpRequired> {
        self.require_step_up_to_change(caller, &caller.user)
    }

    /// The same by the factors that are enrolled now, in the unit that has locked the account.
    pub(crate) fn require_step_up_to_change(&self, caller: &Caller, account: &User) -> Result<(), StepUpRequired> {
        caller.principal.require_step_up(&account.enrolled, self.clock.now(), self.policy.step_up)
    }

    /// What a proof of the caller must be for a sensitive operation.
    pub(crate) fn step_up_required(&self, caller: &Caller) -> StepUpRequired {
        caller.principal.step_up_required(&caller.user.enrolled, self.policy.step_up)
    }
}

fn principal(sign_in: &SignIn, browser: Option<Browser>) -> Principal {
    Principal {
        user_id: sign_in.user_id,
        sign_in_id: sign_in.id,
        browser,
        assurance: sign_in.assurance.clone(),
        client: None,
    }
}

fn touch(core: &Core, principal: &Principal, now: Instant) {
    let session = principal.browser.map(|browser| browser.session);
    let written = core.unit(&RequestContext::default(), |work| {
        work.sessions().touch(principal.user_id, principal.sign_in_id, session, now)?;
        Ok::<(), AuthenticateError>(())
    });
    if let Err(error) = written {
        tracing::warn!(%error, "the last use of a sign-in could not be written");
    }
}
