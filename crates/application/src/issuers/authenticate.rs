//! Authenticates the caller of a request by a token of another issuer.

use selfsame_domain::{Assurance, Factors, Instant, RequestContext, SignIn};
use selfsame_ports::{ExternalIdentityState, ForeignClaims, ForeignTokenError, SignInState};

use super::IssuerPolicy;
use crate::{Caller, Core, Fault, Principal, sessions::authenticate::AuthenticateError};

impl Core {
    /// The caller of a token that is none of this server; one statement, but for the first token of a sign-in. Where there are no
    /// other issuers the token is not valid.
    pub(crate) fn foreign_caller(
        &self,
        token: &str,
        with_attributes: bool,
        context: &RequestContext,
    ) -> Result<Caller, AuthenticateError> {
        let now = self.clock.now();
        let verifier = self.foreign_tokens.as_ref().ok_or(AuthenticateError::Unauthenticated)?;
        let claims = verifier.verify(token, now).map_err(|error| match error {
            ForeignTokenError::Invalid => AuthenticateError::Unauthenticated,
            ForeignTokenError::Expired => AuthenticateError::Expired,
            ForeignTokenError::Unavailable(_) => Fault::Unavailable(error.to_string()).into(),
        })?;
        let issuer = self.policy.issuer(&claims.issuer).ok_or(AuthenticateError::Unauthenticated)?;
        let find = || self.storage.read()?.external_identity(&claims.issuer, &claims.subject, with_attributes);
        let state = match find()?.and_then(|state| self.usable_state(state, now)) {
            Some(state) => state,
            None => {
                self.admit(&claims, issuer, context)?;
                let state = find()?.and_then(|state| self.usable_state(state, now));
                state.ok_or(AuthenticateError::Unauthenticated)?
            }
        };
        let (identity, SignInState { sign_in, user, attributes }) = state;
        if !identity.accepts(claims.issued_at) || !issuer.proves_enough(&claims, &user) {
            return Err(AuthenticateError::Unauthenticated);
        }
        let principal = Principal {
            user_id: user.id,
            sign_in_id: sign_in.id,
            browser: None,
            assurance: issuer.assurance(&claims, &sign_in),
            client: issuer.client(&claims),
        };
        Ok(Caller { principal, user, attributes, sign_in, session: None })
    }

    /// The identity and its sign-in, if that may be used.
    fn usable_state(
        &self,
        state: ExternalIdentityState,
        now: Instant,
    ) -> Option<(selfsame_domain::ExternalIdentity, SignInState)> {
        let ExternalIdentityState { identity, sign_in } = state;
        let sign_in = sign_in.filter(|state| identity.user_id == Some(state.user.id))?;
        self.is_usable(&sign_in.sign_in, &sign_in.user, now).then_some((identity, sign_in))
    }
}

impl IssuerPolicy {
    /// Whether a token proves every factor that the account asks for at a sign-in (R27).
    pub(super) fn proves_enough(&self, claims: &ForeignClaims, user: &selfsame_domain::User) -> bool {
        user.second_step(&self.methods(claims)) == Ok(None)
    }

    /// The last proof: the one of the token, or a later one by a factor here, in its sign-in. Without either it is never recent.
    fn assurance(&self, claims: &ForeignClaims, sign_in: &SignIn) -> Assurance {
        let trusted = claims.authenticated_at.filter(|_| self.trust_authentication);
        let of_token = trusted.map(|authenticated_at| Assurance { authenticated_at, methods: self.methods(claims) });
        let has_own = sign_in.assurance.methods != Factors::default();
        let own = has_own.then(|| sign_in.assurance.clone());
        let last = own.into_iter().chain(of_token).max_by_key(|proof| proof.authenticated_at);
        last.unwrap_or_else(|| Assurance { authenticated_at: Instant::UNIX_EPOCH, methods: Factors::default() })
    }
}
