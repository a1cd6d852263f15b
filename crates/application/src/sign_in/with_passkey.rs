//! Sign-in with a passkey, by which a user is known without any other input. It has two factors by itself: the authenticator,
//! and what the user shows to it. So nothing else is asked for.

use selfsame_domain::{
    Attempt, AttemptKind, EmailAddress, Factor, Factors, OpaqueToken, Passkey, RequestContext, SessionId, SignInMethod,
    SignUpForm, TicketKind, User,
};
use selfsame_ports::{AssertionClaims, StorageError, VaultError, VerifiedAssertion};
use serde_json::Value;

use crate::{
    Core, Fault,
    attempts::{Holder, SignedIn},
    fault::faults,
    passkeys::{PasskeyError, ceremony::Bond, owns_email},
    undo::freeze::require_unfrozen,
};

/// Asks for the options of a sign-in.
#[derive(Clone, Debug)]
pub struct BeginPasskeySignIn {
    /// The address of the user, as typed, if the client has asked for it: only a passkey of its account is accepted then.
    pub email: Option<String>,
    /// The client that will hold the sign-in.
    pub holder: Holder,
    /// The request: for limits.
    pub context: RequestContext,
}

/// A sign-in was begun.
#[derive(Clone, Debug)]
pub struct BegunPasskeySignIn {
    /// The `publicKey` of `navigator.credentials.get`. It names no credential, with or without an address, so it does not
    /// tell who has an account or a passkey (R1): all passkeys are discoverable.
    pub options: Value,
    /// A cookie for a browser that had none; the sign-in is bound to it.
    pub new_cookie: Option<OpaqueToken>,
}

/// Submits what the browser answered to the options of [`BeginPasskeySignIn`].
#[derive(Clone, Debug)]
pub struct PasskeySignIn {
    /// The address, as at the beginning.
    pub email: Option<String>,
    /// The answer: `AuthenticationResponseJSON`.
    pub response: Value,
    /// The client that will hold the sign-in.
    pub holder: Holder,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the sign-in failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeySignInError {
    /// Passkeys are off on this server.
    #[error("passkeys are off")]
    Off,
    /// Not the response of an authenticator.
    #[error("not a WebAuthn response")]
    Malformed,
    /// No such challenge: unknown, used, expired, for another purpose, or of another client (R36).
    #[error("no such challenge")]
    UnknownChallenge,
    /// An unknown passkey, or a response that does not prove what it should: one error for both.
    #[error("the passkey was refused")]
    Refused,
    /// The passkey was right, but the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(PasskeySignInError: StorageError, VaultError);

impl From<PasskeyError> for PasskeySignInError {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Off => Self::Off,
            PasskeyError::Malformed => Self::Malformed,
            PasskeyError::UnknownChallenge => Self::UnknownChallenge,
            PasskeyError::Fault(fault) => Self::Fault(fault),
            PasskeyError::Refused
            | PasskeyError::StepUp(_)
            | PasskeyError::UnverifiedEmail
            | PasskeyError::TooMany { .. }
            | PasskeyError::Invalid(_)
            | PasskeyError::AlreadyRegistered
            | PasskeyError::UnknownPasskey
            | PasskeyError::LastWayIn
            | PasskeyError::FactorDemanded
            | PasskeyError::Unauthenticated => Self::Refused,
        }
    }
}

impl BeginPasskeySignIn {
    /// Makes a challenge for the client.
    pub fn execute(&self, core: &Core) -> Result<BegunPasskeySignIn, PasskeySignInError> {
        let webauthn = core.webauthn().ok_or(PasskeySignInError::Off)?;
        core.spend(&[core.limits.passkey_per_ip.of_ip(&self.context)])?;
        let ceremony = webauthn.begin_authentication(&[]).map_err(PasskeyError::from)?;
        let (session, new_cookie) = match &self.holder {
            Holder::Tokens { .. } => (None, None),
            Holder::Browser(cookie) => match core.session_id_of(cookie.as_ref())? {
                Some(session) => (Some(session), None),
                None => {
                    let (session, cookie) = core.new_anonymous_session();
                    (Some(session.id), Some(cookie))
                }
            },
        };
        let bond = bond(core, session, self.email.as_deref());
        core.unit(&self.context, |work| core.keep_ceremony::<PasskeySignInError>(work, &bond, &ceremony))?;
        Ok(BegunPasskeySignIn { options: ceremony.options, new_cookie })
    }
}

impl PasskeySignIn {
    /// Consumes the challenge, verifies the answer and starts a sign-in (R36, R40).
    pub fn execute(&self, core: &Core) -> Result<SignedIn, PasskeySignInError> {
        let webauthn = core.webauthn().ok_or(PasskeySignInError::Off)?;
        core.spend(&[core.limits.passkey_per_ip.of_ip(&self.context)])?;
        let claims = webauthn.read_assertion(&self.response).map_err(PasskeyError::from)?;
        let session = match &self.holder {
            Holder::Tokens { .. } => None,
            Holder::Browser(cookie) => {
                let session = core.session_id_of(cookie.as_ref())?;
                Some(session.ok_or(PasskeySignInError::UnknownChallenge)?)
            }
        };
        let bond = bond(core, session, self.email.as_deref());
        let state = core.take_ceremony::<PasskeySignInError>(&self.context, &bond, &claims.challenge)?;
        let state = state.ok_or(PasskeySignInError::UnknownChallenge)?;
        let (passkey, user) = self.owner(core, &claims)?.ok_or_else(|| {
            tracing::info!(
                ip = self.context.ip.map(tracing::field::display),
                "sign-in with an unknown passkey refused"
            );
            PasskeySignInError::Refused
        })?;
        let used = core.verify_assertion(&self.context, webauthn.as_ref(), &state, &self.response, &passkey)?;
        if user.is_disabled() {
            return Err(PasskeySignInError::Disabled);
        }
        require_unfrozen(&user)?;
        self.start(core, &user, &passkey, used)
    }

    /// The passkey that the answer names, and its account. The authenticator must name the same account, and so must the
    /// address, if one was typed (WebAuthn section 7.2, step 6).
    fn owner(&self, core: &Core, claims: &AssertionClaims) -> Result<Option<(Passkey, User)>, PasskeySignInError> {
        let mut queries = core.storage.read()?;
        let Some(passkey) = queries.passkey(&claims.credential_id)? else { return Ok(None) };
        let Some(user) = queries.user(passkey.user_id)? else { return Ok(None) };
        let is_named = claims.user_handle.as_deref() == Some(&core.passkey_handle(user.id)[..]);
        let is_typed = self
            .email
            .as_deref()
            .is_none_or(|typed| EmailAddress::parse(typed).is_ok_and(|email| owns_email(&user, email.canonical())));
        Ok((is_named && is_typed).then_some((passkey, user)))
    }

    fn start(
        &self,
        core: &Core,
        user: &User,
        passkey: &Passkey,
        used: VerifiedAssertion,
    ) -> Result<SignedIn, PasskeySignInError> {
        let methods = Factors::of([Factor::Passkey]);
        let session = core.session_of(&self.holder)?;
        let attempt = attempt(core, user, &methods);
        let (started, user) = core.unit(&self.context, |work| {
            let mut locked = core.lock_to_sign_in(work, user.id, session.as_ref(), [])?;
            require_unfrozen(locked.enabled(user.id).ok_or(PasskeySignInError::Disabled)?)?;
            let now = core.clock.now();
            // Removed meanwhile, or used at the same time with the same counter.
            if !work.passkeys().record_use(user.id, passkey.id, used.sign_count, used.is_backed_up, now)? {
                return Err(PasskeySignInError::Refused);
            }
            let started =
                core.start_sign_in(work, &mut locked, user.id, &self.holder, session.as_ref(), methods.clone())?;
            locked.save(work)?;
            let user = locked.get(user.id).ok_or(PasskeySignInError::Disabled)?;
            Ok((started, User::clone(user)))
        })?;
        let attempt = Attempt { completed_at: Some(attempt.created_at), sign_in_id: Some(started.id()), ..attempt };
        Ok(core.hand_over(started, &user, attempt)?)
    }
}

/// The sign-in as a completed attempt without a holder.
fn attempt(core: &Core, user: &User, methods: &Factors) -> Attempt {
    let now = core.clock.now();
    Attempt {
        id: core.id(),
        kind: AttemptKind::SignIn,
        session_id: None,
        token_hash: None,
        user_id: Some(user.id),
        credential_epoch: user.credential_epoch,
        email: user.primary_email().map(|email| email.value.clone()),
        phone_number: None,
        method: Some(SignInMethod::Passkey),
        form: SignUpForm::default(),
        required: methods.clone(),
        satisfied: methods.clone(),
        sealed: None,
        sign_in_id: None,
        completed_at: None,
        created_at: now,
        expires_at: now + core.policy.attempt_ttl,
    }
}

/// A sign-in is of one browser session, or of a client without one, and of the typed address if there is one.
fn bond(core: &Core, session: Option<SessionId>, email: Option<&str>) -> Bond {
    let holder = session.map_or_else(|| "tokens".to_owned(), |session| format!("session:{session}"));
    let bound_to = match email {
        None => holder,
        Some(typed) => {
            let canonical = EmailAddress::parse(typed).map(|email| email.canonical().to_owned());
            let mac = core.vault.mac("passkey sign-in address", canonical.unwrap_or_default().as_bytes());
            format!("{holder}:{}", hex::encode(mac))
        }
    };
    Bond { kind: TicketKind::SignInWithPasskey, user: None, bound_to }
}

impl Core {
    /// The session that a cookie names, with or without a row.
    fn session_id_of(&self, cookie: Option<&OpaqueToken>) -> Result<Option<SessionId>, StorageError> {
        let anonymous = cookie.and_then(|cookie| self.known_anonymous_session(cookie));
        match anonymous {
            Some(session) => Ok(Some(session.id)),
            None => Ok(self.stored_session(cookie)?.map(|session| session.id)),
        }
    }
}
