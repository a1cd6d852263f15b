//! Sign-in with a password.

use selfsame_domain::{
    Attempt, AttemptKind, EmailAddress, Factor, Factors, Identifier, IdentifierKind, Password, RequestContext, Session,
    SignInMethod, SignUpForm, User, Username,
};
use selfsame_ports::{Credentials, PasswordError, SessionState, StorageError, Verdict};

use crate::{
    Core, Fault,
    attempts::{Handle, Holder, SignedIn},
    fault::faults,
    limits::{PasswordBudgets, PasswordTry, email_name, username_name},
    sign_in::start::Locked,
    sign_up::start::is_owner_of,
    undo::freeze::require_unfrozen,
};

/// The identifier that the caller claims.
#[derive(Clone, Debug)]
pub enum Identity {
    /// By e-mail address, as typed.
    Email(String),
    /// By username, as typed.
    Username(String),
}

/// Requests a sign-in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Whom the caller says to be.
    pub identity: Identity,
    /// The password.
    pub password: Password,
    /// The client that will hold the sign-in.
    pub holder: Holder,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The password was right.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "made once for a sign-in and taken apart at once")]
pub enum SignInOutcome {
    /// Signed in.
    Completed(Box<SignedIn>),
    /// More must be proven first: the account's address, a second factor (R27), or both.
    Incomplete {
        /// The attempt that continues the sign-in.
        attempt: Attempt,
        /// With what the client continues it.
        handle: Handle,
        /// The account.
        user: User,
    },
}

/// Why the sign-in failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Unknown account or wrong password; one error for both.
    #[error("wrong credentials")]
    InvalidCredentials,
    /// The password was right, but the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignInError: StorageError, PasswordError);

/// A well-formed identifier.
enum Name {
    Email(EmailAddress),
    Username(String),
}

/// An account with the result of the password comparison.
struct Checked {
    credentials: Credentials,
    verdict: Verdict,
    /// Whether the account has proven the identifier, or only claims it.
    is_owner: bool,
}

impl SignIn {
    /// Checks the password and starts a sign-in.
    ///
    /// A right password of an account that has proven the identifier makes its budgets full again. That of an account
    /// which only claims it does not: otherwise a sign-up with somebody else's address would allow more guesses at the
    /// owner's password.
    pub fn execute(&self, core: &Core) -> Result<SignInOutcome, SignInError> {
        let browser = self.browser(core)?;
        let name = self.identity.parse();
        let owner = name.as_ref().map(|name| name.owner(core)).transpose()?.flatten();
        let budgets = self.budgets(core, name.as_ref(), owner.as_ref(), browser.as_ref());
        core.spend(budgets.all())?;
        let checked =
            self.check(core, name.as_ref(), owner).inspect_err(|_| core.refund(budgets.all()))?.ok_or_else(|| {
                tracing::info!(ip = self.context.ip.map(tracing::field::display), "sign-in refused");
                SignInError::InvalidCredentials
            })?;
        if checked.is_owner {
            core.restore(budgets.of_account());
        }
        if checked.credentials.user.is_disabled() {
            return Err(SignInError::Disabled);
        }
        require_unfrozen(&checked.credentials.user)?;
        self.rehash_if_weak(core, &checked);
        let session = browser.map(|browser| browser.session);
        let session = session.filter(|session| session.is_live(core.clock.now(), core.policy.idle));
        self.start(core, &checked.credentials.user, session.as_ref())
    }

    /// The stored session of the browser, live or not.
    fn browser(&self, core: &Core) -> Result<Option<SessionState>, StorageError> {
        match &self.holder {
            Holder::Browser(Some(cookie)) => core.storage.read()?.session(&cookie.hash(), core.clock.now(), false),
            Holder::Browser(None) | Holder::Tokens { .. } => Ok(None),
        }
    }

    fn budgets(
        &self,
        core: &Core,
        name: Option<&Name>,
        owner: Option<&Credentials>,
        browser: Option<&SessionState>,
    ) -> PasswordBudgets {
        let Some(name) = name else {
            return core.password_budgets(None, &self.context);
        };
        let owner = owner.map(|owner| owner.user.id);
        let knows = |browser: &&SessionState| browser.sign_ins.iter().any(|(_, user)| Some(user.id) == owner);
        let device = browser.filter(knows).map(|browser| browser.session.id);
        core.password_budgets(Some(&PasswordTry { name: &name.for_budgets(), owner, device }), &self.context)
    }

    /// Compares with the password of the account that has the identifier. Each comparison costs the same, whether or
    /// not there is a hash to compare with (R83).
    ///
    /// Another account may claim an e-mail address too, after a sign-up that did not learn that it was taken. The last
    /// such account can be signed in to like one with a free address, so that nobody learns whether the address has an
    /// owner (R1).
    fn check(
        &self,
        core: &Core,
        name: Option<&Name>,
        owner: Option<Credentials>,
    ) -> Result<Option<Checked>, SignInError> {
        let compare = |found: Option<Credentials>, is_owner| -> Result<Option<Checked>, SignInError> {
            let hash = found.as_ref().and_then(|found| found.password.as_ref());
            let verdict = core.passwords.verify(&self.password, hash)?;
            let found = found.filter(|_| verdict != Verdict::Wrong);
            Ok(found.map(|credentials| Checked { credentials, verdict, is_owner }))
        };
        let checked = compare(owner, true)?;
        if checked.is_some() || matches!(self.identity, Identity::Username(_)) {
            return Ok(checked);
        }
        let claimant = match name {
            Some(Name::Email(email)) => {
                core.storage.read()?.unproven_claim(IdentifierKind::Email, email.canonical())?
            }
            _ => None,
        };
        compare(claimant, false)
    }

    /// Replaces a hash with weaker parameters by one with the current ones (R19). A failure does not fail the sign-in.
    fn rehash_if_weak(&self, core: &Core, checked: &Checked) {
        let Credentials { user, password } = &checked.credentials;
        let (Verdict::RightButWeak, Some(old)) = (checked.verdict, password) else {
            return;
        };
        let rehashed = core.passwords.hash(&self.password).map_err(SignInError::from).and_then(|new| {
            core.unit(&self.context, |work| Ok::<_, SignInError>(work.accounts().rehash(user.id, old, &new)?))
        });
        if let Err(error) = rehashed {
            tracing::warn!(%error, "a weak password hash could not be made stronger");
        }
    }

    fn start(&self, core: &Core, user: &User, session: Option<&Session>) -> Result<SignInOutcome, SignInError> {
        let is_proven = user.primary_email().is_some_and(Identifier::is_verified);
        let email = (core.policy.require_verified_email && !is_proven).then_some(Factor::Email);
        let attempt = self.attempt(core, user);
        let second = match user.second_step(&attempt.satisfied).map_err(|same| Fault::Internal(same.to_string()))? {
            Some(factor) if !core.remembered(user, &self.context)? => Some(factor),
            _ => None,
        };
        let attempt = attempt.requiring(email).requiring(second);
        if attempt.next().is_some() {
            return self.ask_for_more(core, user, session, &attempt);
        }
        let (started, user) = core.unit(&self.context, |work| {
            let mut locked = core.lock_to_sign_in(work, user.id, session, [])?;
            still_right(&mut locked, user)?;
            let methods = attempt.satisfied.clone();
            let started = core.start_sign_in(work, &mut locked, user.id, &self.holder, session, methods)?;
            locked.save(work)?;
            let user = locked.get(user.id).ok_or(SignInError::Disabled)?;
            Ok::<_, SignInError>((started, User::clone(user)))
        })?;
        let completed_at = Some(attempt.created_at);
        let attempt = Attempt { completed_at, sign_in_id: Some(started.id()), ..attempt };
        Ok(SignInOutcome::Completed(Box::new(core.hand_over(started, &user, attempt)?)))
    }

    /// Stores the sign-in as an attempt until the other factors are proven.
    fn ask_for_more(
        &self,
        core: &Core,
        user: &User,
        session: Option<&Session>,
        attempt: &Attempt,
    ) -> Result<SignInOutcome, SignInError> {
        core.unit(&self.context, |work| {
            let held = core.hold(work, &self.holder, session)?;
            let attempt =
                Attempt { id: core.id(), session_id: held.session_id, token_hash: held.token_hash, ..attempt.clone() };
            work.proofs().insert_attempt(&attempt)?;
            Ok(SignInOutcome::Incomplete { attempt, handle: held.handle, user: user.clone() })
        })
    }

    /// The sign-in as a completed attempt without a holder: the password was the only required factor.
    fn attempt(&self, core: &Core, user: &User) -> Attempt {
        let now = core.clock.now();
        let password = Factors::of([Factor::Password]);
        Attempt {
            id: core.id(),
            kind: AttemptKind::SignIn,
            session_id: None,
            token_hash: None,
            user_id: Some(user.id),
            credential_epoch: user.credential_epoch,
            email: user.primary_email().map(|email| email.value.clone()),
            phone_number: None,
            method: Some(self.identity.method()),
            form: SignUpForm::default(),
            required: password.clone(),
            satisfied: password,
            sealed: None,
            sign_in_id: None,
            completed_at: None,
            created_at: now,
            expires_at: now + core.policy.attempt_ttl,
        }
    }
}

impl Identity {
    /// `None` for what is not a well-formed identifier.
    fn parse(&self) -> Option<Name> {
        match self {
            Self::Email(typed) => EmailAddress::parse(typed).ok().map(Name::Email),
            Self::Username(typed) => Username::parse(typed).ok().map(|name| Name::Username(name.canonical())),
        }
    }

    fn method(&self) -> SignInMethod {
        match self {
            Self::Email(_) => SignInMethod::EmailPassword,
            Self::Username(_) => SignInMethod::UsernamePassword,
        }
    }
}

impl Name {
    fn owner(&self, core: &Core) -> Result<Option<Credentials>, StorageError> {
        let mut queries = core.storage.read()?;
        match self {
            Self::Email(email) => {
                let found = queries.by_identifier(IdentifierKind::Email, email.canonical())?;
                Ok(found.filter(|found| is_owner_of(&found.user, email)))
            }
            Self::Username(canonical) => queries.by_username(canonical),
        }
    }

    fn for_budgets(&self) -> String {
        match self {
            Self::Email(email) => email_name(email.canonical()),
            Self::Username(canonical) => username_name(canonical),
        }
    }
}

/// Checks that the credentials were not changed while the password was compared.
fn still_right(locked: &mut Locked, checked: &User) -> Result<(), SignInError> {
    let account = locked.enabled(checked.id).ok_or(SignInError::Disabled)?;
    require_unfrozen(account)?;
    if account.credential_epoch == checked.credential_epoch { Ok(()) } else { Err(SignInError::InvalidCredentials) }
}
