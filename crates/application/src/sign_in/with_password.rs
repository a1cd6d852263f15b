//! Signing in with a password.

use selfsame_domain::{
    Attempt, AttemptKind, EmailAddress, Identifier, IdentifierKind, Password, RequestContext, Session, SignInMethod,
    SignUpForm, Step, User, Username,
};
use selfsame_ports::{PasswordError, SessionState, StorageError, UnitOfWork, Verdict};

use crate::{
    Core, Fault,
    attempts::{Handle, Holder, SignedIn},
    fault::faults,
    limits::{PasswordBudgets, Tried, email_name, username_name},
    sign_up::start::owner_of,
};

/// Whom the caller says to be.
#[derive(Clone, Debug)]
pub enum Identity {
    /// By e-mail address, as typed.
    Email(String),
    /// By username, as typed.
    Username(String),
}

/// Asks for a sign-in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Whom the caller says to be.
    pub identity: Identity,
    /// The proof of it.
    pub password: Password,
    /// Who will hold the sign-in.
    pub holder: Holder,
    /// Who asks.
    pub context: RequestContext,
}

/// The password was right.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "made once for a sign-in and taken apart at once")]
pub enum SignInOutcome {
    /// Signed in.
    Completed(Box<SignedIn>),
    /// The account's address has to be proven first.
    Unverified {
        /// The attempt that goes on with it.
        attempt: Attempt,
        /// What the client goes on with.
        handle: Handle,
        /// Whose account it is.
        user: User,
    },
}

/// Why there is no sign-in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Unknown account or wrong password; one answer for both.
    #[error("wrong credentials")]
    InvalidCredentials,
    /// The password was right, but the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignInError: StorageError, PasswordError);

/// An identity that somebody may have.
enum Name {
    Email(EmailAddress),
    Username(String),
}

/// Whose password it is.
struct Checked {
    user: User,
    verdict: Verdict,
    /// Whether the name is the account's own, not merely claimed by it.
    is_owner: bool,
}

impl SignIn {
    /// Checks the password and starts a sign-in.
    ///
    /// A right password of the account's own makes its budgets full again. One of a mere claim does not, whether or not
    /// there is an owner: whoever signs up for an address of somebody else's would get guesses at their password by it.
    pub fn execute(&self, core: &Core) -> Result<SignInOutcome, SignInError> {
        let browser = self.browser(core)?;
        let name = self.identity.parse();
        let owner = name.as_ref().map(|name| name.owner(core)).transpose()?.flatten();
        let budgets = self.budgets(core, name.as_ref(), owner.as_ref(), browser.as_ref());
        core.spend(budgets.all())?;
        let checked =
            self.check(core, name.as_ref(), owner).inspect_err(|_| core.refund(budgets.all()))?.ok_or_else(|| {
                tracing::info!(ip = ?self.context.ip, "sign-in refused");
                SignInError::InvalidCredentials
            })?;
        if checked.is_owner {
            core.forget(budgets.of_account());
        }
        if checked.user.is_disabled() {
            return Err(SignInError::Disabled);
        }
        self.rehash_if_weak(core, &checked);
        let session = browser.map(|browser| browser.session);
        let session = session.filter(|session| session.is_live(core.clock.now(), core.policy.idle));
        self.start(core, &checked.user, session.as_ref())
    }

    /// What is stored of the browser, live or not.
    fn browser(&self, core: &Core) -> Result<Option<SessionState>, StorageError> {
        match &self.holder {
            Holder::Browser(Some(cookie)) => core.storage.read()?.session(&cookie.hash(), core.clock.now()),
            Holder::Browser(None) | Holder::Tokens { .. } => Ok(None),
        }
    }

    fn budgets(
        &self,
        core: &Core,
        name: Option<&Name>,
        owner: Option<&User>,
        browser: Option<&SessionState>,
    ) -> PasswordBudgets {
        let Some(name) = name else {
            return core.password_budgets(None, &self.context);
        };
        let owner = owner.map(|owner| owner.id);
        let knows = |browser: &&SessionState| browser.sign_ins.iter().any(|(_, user)| Some(user.id) == owner);
        let device = browser.filter(knows).map(|browser| browser.session.id);
        core.password_budgets(Some(&Tried { name: &name.for_budgets(), owner, device }), &self.context)
    }

    /// Compares with the password of the account that has the name; each comparison costs the same, whether or not there
    /// is anything to compare with (R83).
    ///
    /// An e-mail address may be claimed by another account, too: by a sign-up that did not learn that it was taken. Such a
    /// claim can be signed in to like one of a free address, and so tells nobody which of the two it is (R1); the last one
    /// counts.
    fn check(&self, core: &Core, name: Option<&Name>, owner: Option<User>) -> Result<Option<Checked>, SignInError> {
        let compare = |user: Option<User>, is_owner| -> Result<Option<Checked>, SignInError> {
            let verdict =
                core.passwords.verify(&self.password, user.as_ref().and_then(|user| user.password.as_ref()))?;
            let user = user.filter(|_| verdict != Verdict::Wrong);
            Ok(user.map(|user| Checked { user, verdict, is_owner }))
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

    /// Today's parameters for a hash made with weaker ones (R19). Not worth failing a sign-in for.
    fn rehash_if_weak(&self, core: &Core, checked: &Checked) {
        let (Verdict::RightButWeak, Some(old)) = (checked.verdict, &checked.user.password) else {
            return;
        };
        let rehashed =
            core.passwords.hash(&self.password).map_err(SignInError::from).and_then(|new| {
                core.unit(|unit| Ok::<_, SignInError>(unit.users().rehash(checked.user.id, old, &new)?))
            });
        if let Err(error) = rehashed {
            tracing::warn!(%error, "a weak password hash could not be made stronger");
        }
    }

    fn start(&self, core: &Core, user: &User, session: Option<&Session>) -> Result<SignInOutcome, SignInError> {
        let method = self.identity.method();
        let needs_proof =
            core.policy.require_verified_email && !user.primary_email().is_some_and(Identifier::is_verified);
        if needs_proof {
            return core.unit(|unit| {
                let held = core.hold(unit, &self.holder, session)?;
                let mut attempt = new_attempt(core, user, method);
                (attempt.session_id, attempt.token_hash) = (held.session_id, held.token_hash);
                attempt.step = Some(Step::VerifyEmail);
                unit.attempts().insert(&attempt)?;
                Ok(SignInOutcome::Unverified { attempt, handle: held.handle, user: user.clone() })
            });
        }
        let (started, user) = core.unit(|unit| {
            let user = still_right(core, unit, user, session)?;
            let started = core.start_sign_in(unit, &user, &self.holder, session, &self.context)?;
            Ok::<_, SignInError>((started, user))
        })?;
        let mut attempt = new_attempt(core, &user, method);
        (attempt.completed_at, attempt.sign_in_id) = (Some(attempt.created_at), Some(started.id()));
        Ok(SignInOutcome::Completed(Box::new(core.hand_over(started, user, attempt)?)))
    }
}

impl Identity {
    /// `None` for what cannot be anybody's.
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
    fn owner(&self, core: &Core) -> Result<Option<User>, StorageError> {
        match self {
            Self::Email(email) => owner_of(core, email),
            Self::Username(canonical) => core.storage.read()?.user_by_username(canonical),
        }
    }

    fn for_budgets(&self) -> String {
        match self {
            Self::Email(email) => email_name(email.canonical()),
            Self::Username(canonical) => username_name(canonical),
        }
    }
}

/// The account, locked; its password must not have been changed while this one was being checked.
fn still_right(
    core: &Core,
    unit: &mut dyn UnitOfWork,
    checked: &User,
    session: Option<&Session>,
) -> Result<User, SignInError> {
    let user = core.lock_to_sign_in(unit, checked.id, session)?.ok_or(SignInError::Disabled)?;
    if user.password_changed_at == checked.password_changed_at {
        Ok(user)
    } else {
        Err(SignInError::InvalidCredentials)
    }
}

fn new_attempt(core: &Core, user: &User, method: SignInMethod) -> Attempt {
    let now = core.clock.now();
    Attempt {
        id: core.id(),
        kind: AttemptKind::SignIn,
        session_id: None,
        token_hash: None,
        user_id: user.id,
        email: user.primary_email().map(|email| email.value.clone()).unwrap_or_default(),
        method: Some(method),
        form: SignUpForm::default(),
        step: None,
        sign_in_id: None,
        completed_at: None,
        created_at: now,
        expires_at: now + core.policy.attempt_ttl,
    }
}
