//! Answers an authorization request (RFC 6749 section 4.1, OpenID Connect Core section 3.1.2).

use selfsame_domain::{OpaqueToken, RequestContext, SignIn, User, UserId, oauth::AuthorizationRequest};
use selfsame_ports::StorageError;

use crate::{Core, Fault, SessionView, account::Account, fault::faults, sessions::open::OpenSession};

/// Asks for a code in the name of the user who is signed in in a browser.
#[derive(Clone, Debug)]
pub struct Authorize {
    /// The request of the application.
    pub request: AuthorizationRequest,
    /// The cookie that the browser sent, if any.
    pub cookie: Option<OpaqueToken>,
    /// The account whose user has just consented; none for a new request.
    pub consented: Option<UserId>,
    /// The request: for the audit trail.
    pub context: RequestContext,
}

/// What comes next.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "made once for a request and taken apart at once")]
pub enum Authorization {
    /// The user must sign in.
    SignIn {
        /// A cookie for a browser that had none, or an invalid one.
        new_cookie: Option<OpaqueToken>,
    },
    /// The user must consent.
    Consent(User),
    /// The code.
    Code(OpaqueToken),
}

/// Why there is no code for a request that may show no page (`prompt=none`), or that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeError {
    /// Nobody is signed in as the request asks.
    #[error("not signed in")]
    LoginRequired,
    /// The user has not consented.
    #[error("no consent")]
    ConsentRequired,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(AuthorizeError: StorageError);

impl Authorize {
    /// Finds out what is missing. If nothing is, remembers the consent and issues a code.
    pub fn execute(&self, core: &Core) -> Result<Authorization, AuthorizeError> {
        let prompt = self.request.prompt;
        let opened = OpenSession { cookie: self.cookie.clone() }.execute(core)?;
        let Some((sign_in, user)) = self.signed_in(core, &opened.view) else {
            let sign_in = Authorization::SignIn { new_cookie: opened.new_cookie };
            return if prompt.none { Err(AuthorizeError::LoginRequired) } else { Ok(sign_in) };
        };
        if self.consented != Some(user.id) && !self.is_consent_known(core, &user)? {
            return if prompt.none { Err(AuthorizeError::ConsentRequired) } else { Ok(Authorization::Consent(user)) };
        }
        let code = core.unit(&self.context, |work| {
            let account = Account::lock_usable(work, user.id)?;
            let mut account = account.ok_or(AuthorizeError::LoginRequired)?;
            if !work.sessions().is_live(user.id, sign_in.id)? {
                return Err(AuthorizeError::LoginRequired);
            }
            core.keep_consent(work, &mut account, &self.request, sign_in.id)?;
            account.save(work)?;
            Ok(core.issue_code(work, &self.request, &sign_in)?)
        });
        match code {
            // The sign-in has ended since it was read.
            Err(AuthorizeError::LoginRequired) if !prompt.none => Ok(Authorization::SignIn { new_cookie: None }),
            code => Ok(Authorization::Code(code?)),
        }
    }

    /// The active sign-in of the browser, if the request does not ask for another one.
    fn signed_in(&self, core: &Core, view: &SessionView) -> Option<(SignIn, User)> {
        let now = core.clock.now();
        let is_recent = |sign_in: &SignIn| {
            let max_age = self.request.max_age.map(|seconds| chrono::Duration::seconds(seconds.into()));
            max_age.is_none_or(|max_age| sign_in.assurance.is_fresh(now, max_age))
        };
        let active = view.active().filter(|(sign_in, _)| !self.request.prompt.login && is_recent(sign_in));
        active.filter(|(_, user)| self.is_expected(core, user.id)).cloned()
    }

    /// Whether the user is the one of `id_token_hint`. It decides only where no page may be shown: elsewhere the user decides.
    fn is_expected(&self, core: &Core, user: UserId) -> bool {
        let Some(hint) = self.request.id_token_hint.as_ref().filter(|_| self.request.prompt.none) else { return true };
        let hint = core.tokens.read_id_token(hint);
        hint.is_some_and(|hint| hint.user_id == user && hint.client_id == self.request.client.id)
    }

    /// Whether the user need not be asked: the application belongs to the operator, or was allowed everything before. Another
    /// program of the user's machine can pass for an application at a loopback address or a private scheme, so at these the
    /// user is always asked (RFC 8252 section 8.6).
    fn is_consent_known(&self, core: &Core, user: &User) -> Result<bool, StorageError> {
        let client = &self.request.client;
        if self.request.prompt.consent || !self.request.redirect_uri.starts_with("https://") {
            return Ok(false);
        }
        if client.skips_consent {
            return Ok(true);
        }
        let consents = core.storage.read()?.consents(user.id)?;
        let known = consents.into_iter().find(|consent| consent.client_id == client.id);
        Ok(known.is_some_and(|known| known.scopes.contains_all(&self.request.scopes)))
    }
}
