//! Signing in with a password.

use selfsame_domain::{
    Attempt, AttemptKind, Client, EmailAddress, IdentifierKind, Password, SignInMethod, SignUpForm, Step, User, UserId,
    Username,
};
use selfsame_ports::{PasswordError, StorageError, UnitOfWork, Verdict};

use crate::{
    Core, Fault,
    account::lock_usable,
    attempts::{Handle, Holder, SignedIn},
    fault::faults,
    limits::Budget,
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
    pub client: Client,
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

impl Core {
    /// The budgets in front of every check of a password: one set for an account, whichever route asks (R35).
    pub(crate) fn password_budgets(&self, user: Option<UserId>, canonical: &str, client: &Client) -> [Budget; 3] {
        let account = user.map_or_else(|| canonical.to_owned(), |id| id.to_string());
        [
            Budget::of_ip("password-ip", client, self.limits.password_per_ip),
            Budget::of_ip(&format!("password-account-ip:{account}"), client, self.limits.password_per_account_and_ip),
            Budget::new("password-account", &account, self.limits.password_per_account),
        ]
    }
}

impl SignIn {
    /// Checks the password, at the same cost for an account that does not exist (R83), and starts a sign-in.
    pub fn execute(&self, core: &Core) -> Result<SignInOutcome, SignInError> {
        let (canonical, method) = self.canonical_identity();
        let found = self.find(core, &canonical)?;
        let budgets = core.password_budgets(found.as_ref().map(|user| user.id), &canonical, &self.client);
        core.spend(&budgets)?;
        let hash = found.as_ref().and_then(|user| user.password.as_ref());
        let verdict = core.passwords.verify(&self.password, hash).inspect_err(|_| core.refund(&budgets))?;
        let Some(user) = found.filter(|_| verdict != Verdict::Wrong) else {
            tracing::info!(ip = ?self.client.ip, "sign-in refused");
            return Err(SignInError::InvalidCredentials);
        };
        core.refund(&budgets);
        if user.is_disabled() {
            return Err(SignInError::Disabled);
        }
        self.rehash_if_weak(core, &user, verdict)?;
        self.start(core, &user, method)
    }

    fn canonical_identity(&self) -> (String, SignInMethod) {
        match &self.identity {
            Identity::Email(typed) => {
                let email = EmailAddress::parse(typed);
                (
                    email.map_or_else(|_| String::new(), |email| email.canonical().to_owned()),
                    SignInMethod::EmailPassword,
                )
            }
            Identity::Username(typed) => {
                let name = Username::parse(typed);
                (name.map_or_else(|_| String::new(), |name| name.canonical()), SignInMethod::UsernamePassword)
            }
        }
    }

    fn find(&self, core: &Core, canonical: &str) -> Result<Option<User>, StorageError> {
        let mut queries = core.storage.read()?;
        match self.identity {
            Identity::Email(_) => queries.user_by_identifier(IdentifierKind::Email, canonical),
            Identity::Username(_) => queries.user_by_username(canonical),
        }
    }

    /// Today's parameters for a hash made with weaker ones (R19). Not worth failing a sign-in for.
    fn rehash_if_weak(&self, core: &Core, user: &User, verdict: Verdict) -> Result<(), SignInError> {
        let (Verdict::RightButWeak, Some(old)) = (verdict, &user.password) else {
            return Ok(());
        };
        let new = core.passwords.hash(&self.password)?;
        core.unit(|unit| Ok(unit.users().rehash(user.id, old, &new)?))
    }

    fn start(&self, core: &Core, user: &User, method: SignInMethod) -> Result<SignInOutcome, SignInError> {
        let needs_proof = core.policy.require_verified_email
            && !user.primary_email().is_some_and(selfsame_domain::Identifier::is_verified);
        let session = match &self.holder {
            Holder::Browser(cookie) => core.stored_session(cookie.as_ref())?,
            Holder::Tokens { .. } => None,
        };
        if needs_proof {
            return core.unit(|unit| {
                let held = core.hold(unit, &self.holder, session.as_ref())?;
                let mut attempt = new_attempt(core, user, method);
                (attempt.session_id, attempt.token_hash) = (held.session_id, held.token_hash);
                attempt.step = Some(Step::VerifyEmail);
                unit.attempts().insert(&attempt)?;
                Ok(SignInOutcome::Unverified { attempt, handle: held.handle, user: user.clone() })
            });
        }
        let (started, user) = core.unit(|unit| {
            let user = still_right(unit, user)?;
            let started = core.start_sign_in(unit, &user, &self.holder, session.as_ref(), &self.client)?;
            Ok::<_, SignInError>((started, user))
        })?;
        let mut attempt = new_attempt(core, &user, method);
        (attempt.completed_at, attempt.sign_in_id) = (Some(attempt.created_at), Some(started.id()));
        Ok(SignInOutcome::Completed(Box::new(core.hand_over(started, user, attempt)?)))
    }
}

/// The account, locked; its password must not have been changed while this one was being checked.
fn still_right(unit: &mut dyn UnitOfWork, checked: &User) -> Result<User, SignInError> {
    let user = lock_usable(unit, checked.id)?.ok_or(SignInError::Disabled)?;
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
