//! Creating, disabling, enabling and finding accounts for the operator.

use selfsame_domain::{
    Action, Claim, EmailAddress, Identifier, IdentifierKind, Password, RequestContext, Rule, SignUpForm, User, UserId,
    Username, Violation, Violations, text,
};
use selfsame_ports::{PasswordError, StorageError, Unique};

use crate::{
    Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::prove::{Evidence, rivals},
};

/// Makes an account.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// Its address.
    pub email: String,
    /// Whether the operator vouches for the address.
    pub is_verified: bool,
    /// Its password; without one the user sets it by the invitation.
    pub password: Option<Password>,
    /// Names and username.
    pub form: SignUpForm,
}

/// Disables or enables an account.
#[derive(Clone, Debug)]
pub struct SetDisabled {
    /// Which.
    pub user: UserId,
    /// Whether it is disabled.
    pub is_disabled: bool,
}

/// Finds an account by its id or by an e-mail address.
#[derive(Clone, Debug)]
pub struct FindUser {
    /// As the user typed it.
    pub query: String,
}

/// Why a request of the operator was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManageUserError {
    /// No such account.
    #[error("no such user")]
    NotFound,
    /// Several accounts claim the address.
    #[error("several users claim this address: name the one you mean by id")]
    Ambiguous,
    /// The issuer is not configured.
    #[error("no such issuer is configured: see [[issuers]] in the settings")]
    UnknownIssuer,
    /// The text is no subject.
    #[error("a subject has 1 to 255 characters and no control characters")]
    InvalidSubject,
    /// The identity stands for another account.
    #[error("this identity stands for another user: unlink it first")]
    IdentityTaken,
    /// No such identity was ever linked.
    #[error("no such identity")]
    UnknownIdentity,
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(Violations),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ManageUserError: StorageError, PasswordError);

impl CreateUser {
    /// Creates the account. An address that the operator vouches for must not belong to another account. Any other, and
    /// an account without a password, is mailed an invitation.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let (user, email) = self.checked(core).map_err(ManageUserError::Invalid)?;
        let hash = self.password.as_ref().map(|password| core.passwords.hash(password)).transpose()?;
        core.unit(&RequestContext::default(), |work| {
            let now = core.clock.now();
            let mut user = Account::unlocked(User { id: core.id(), ..user.clone() });
            let mut identifier = Identifier::email(core.id(), &email, true, now);
            identifier.verified_at = self.is_verified.then_some(now);
            user.identifiers.push(identifier.clone());
            user.password_changed_at = hash.is_some().then_some(now);
            core.record(work, &mut user, Event::operator(Action::UserCreated));
            user.insert(work).map_err(|error| match error {
                StorageError::Taken(Unique::PreferredUsername) => taken(Claim::PreferredUsername),
                StorageError::Taken(Unique::Identifier) => taken(Claim::Email),
                other => other.into(),
            })?;
            if let Some(hash) = &hash {
                work.accounts().set_password(user.id, hash)?;
            }
            if !self.is_verified {
                core.invite(work, &user)?;
                return Ok(user.into_user());
            }
            let rivals = rivals(work, user.id, &identifier.canonical)?;
            let mut locked = core.lock_to_sign_in(work, user.id, None, rivals)?;
            core.drop_claims(work, &mut locked, user.id, &identifier, &Evidence::Operator)?;
            if hash.is_none() {
                core.invite(work, &user)?;
            }
            Ok(user.into_user())
        })
    }

    fn checked(&self, core: &Core) -> Result<(User, EmailAddress), Violations> {
        let mut violations = Violations::default();
        let mut user = User::new(core.id(), core.clock.now());
        let email = violations.take(Claim::Email, EmailAddress::parse(&self.email));
        let form = &self.form;
        let mut name = |field: &Option<String>, claim| {
            field.as_deref().and_then(|typed| violations.take(claim, text::name(typed)))
        };
        user.given_name = name(&form.given_name, Claim::GivenName);
        user.family_name = name(&form.family_name, Claim::FamilyName);
        user.name = name(&form.name, Claim::Name);
        user.preferred_username = form
            .preferred_username
            .as_deref()
            .and_then(|typed| violations.take(Claim::PreferredUsername, Username::parse(typed)));
        if let Some(password) = &self.password
            && let Err(Violations(more)) = core.check_password_of(&user, email.as_ref(), password)
        {
            violations.0.extend(more);
        }
        match email {
            Some(email) => violations.into_result().map(|()| (user, email)),
            None => Err(violations),
        }
    }
}

fn taken(claim: Claim) -> ManageUserError {
    ManageUserError::Invalid(Violation::new(claim, Rule::Taken).into())
}

impl SetDisabled {
    /// Disables: every sign-in ends at once. Enables: the user may sign in again. Both are idempotent.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let action = if self.is_disabled { Action::UserDisabled } else { Action::UserEnabled };
        let (user, ()) = core.change_as_operator(self.user, action, |work, account| {
            let now = core.clock.now();
            if account.is_disabled() == self.is_disabled {
                return Ok(());
            }
            account.disabled_at = self.is_disabled.then_some(now);
            account.touch(now);
            if self.is_disabled {
                work.sessions().end_sign_ins_of(account.id, None, now)?;
            }
            Ok(())
        })?;
        Ok(user)
    }
}

impl FindUser {
    /// Looks the account up.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let mut queries = core.storage.read()?;
        let found = match self.query.parse::<UserId>() {
            Ok(id) => queries.user(id)?,
            Err(_) => {
                let email = EmailAddress::parse(&self.query).map_err(|_| ManageUserError::NotFound)?;
                queries.by_identifier(IdentifierKind::Email, email.canonical())?.map(|found| found.user)
            }
        };
        found.ok_or(ManageUserError::NotFound)
    }
}
