//! A new account. Until its address is proven it is only a claim.

use selfsame_domain::{
    Action, Attempt, AttemptKind, Claim, EmailAddress, Identifier, IdentifierKind, Instant, Password, PasswordHash,
    PhoneNumber, RequestContext, Rule, SignUpForm, Step, User, Username, Violations, text,
};
use selfsame_ports::{Mail, PasswordError, StorageError, Unique, UnitOfWork};

use crate::{
    Core, Fault,
    attempts::{Handle, Holder},
    core::Event,
    fault::faults,
    limits::Budget,
};

/// Asks for an account. Empty and absent are the same here.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The address to be proven.
    pub email: String,
    /// The password; none if the contract lets one sign up without.
    pub password: Password,
    /// Names, handle, phone number.
    pub form: SignUpForm,
    /// Who will go on with it.
    pub holder: Holder,
    /// Whether the proof is mailed at once; else the client asks for it.
    pub send_proof: bool,
    /// Who asks.
    pub context: RequestContext,
}

/// A sign-up under way. It looks the same whether or not the address has an account (R1).
#[derive(Clone, Debug)]
pub struct SignUpStarted {
    /// The attempt.
    pub attempt: Attempt,
    /// What the client goes on with.
    pub handle: Handle,
    /// The account to be.
    pub user: User,
}

/// Why there is no sign-up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// The input breaks rules; here are all of them.
    #[error(transparent)]
    Invalid(Violations),
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignUpError: StorageError, PasswordError);

impl SignUp {
    /// Makes an unproven account and an attempt that proves it. If the address has a proven account already, its owner is
    /// told, and this one stays a claim that nobody can ever prove.
    pub fn execute(&self, core: &Core) -> Result<SignUpStarted, SignUpError> {
        let (email, user) = self.checked_user(core).map_err(SignUpError::Invalid)?;
        let budget = [core.limits.sign_up_per_ip.of_ip(&self.context)];
        core.spend(&budget)?;
        let password = core.passwords.hash(&self.password).inspect_err(|_| core.refund(&budget))?;
        let session = match &self.holder {
            Holder::Browser(cookie) => core.stored_session(cookie.as_ref())?,
            Holder::Tokens { .. } => None,
        };
        let owner = owner_of(core, &email)?;
        let may_mail = !self.send_proof || has_budget(core, core.limits.mail_per_address.of(email.canonical()))?;
        let may_tell = owner.is_none()
            || has_budget(core, core.limits.mail_per_address.of(format_args!("notice {}", email.canonical())))?;
        core.unit(|unit| {
            let user = self.insert_user(core, unit, user.clone(), &email, &password)?;
            let held = core.hold(unit, &self.holder, session.as_ref())?;
            let now = core.clock.now();
            let attempt = Attempt {
                id: core.id(),
                kind: AttemptKind::SignUp,
                session_id: held.session_id,
                token_hash: held.token_hash,
                user_id: user.id,
                email: email.address().to_owned(),
                method: None,
                form: form_of(&user),
                step: Some(Step::VerifyEmail),
                sign_in_id: None,
                completed_at: None,
                created_at: now,
                expires_at: now + core.policy.attempt_ttl,
            };
            unit.attempts().insert(&attempt)?;
            if self.send_proof {
                core.prove_by_mail(unit, &user, Some(&attempt), may_mail && owner.is_none())?;
            }
            if let Some(owner) = owner.as_ref().filter(|_| may_tell) {
                tell_owner(core, unit, owner, now)?;
            }
            Ok(SignUpStarted { attempt, handle: held.handle, user })
        })
    }

    /// The account as the input has it, or every rule that the input breaks.
    fn checked_user(&self, core: &Core) -> Result<(EmailAddress, User), Violations> {
        let mut violations = Violations::default();
        let mut user = User::new(core.id(), core.clock.now());
        let email = violations.take(Claim::Email, EmailAddress::parse(&self.email));
        let form = &self.form;
        let mut optional = |field: &Option<String>, claim, parse: fn(&str) -> Result<String, Rule>| {
            field.as_deref().and_then(|typed| violations.take(claim, parse(typed)))
        };
        user.given_name = optional(&form.given_name, Claim::GivenName, text::name);
        user.family_name = optional(&form.family_name, Claim::FamilyName, text::name);
        user.name = optional(&form.name, Claim::Name, text::name);
        user.preferred_username = form
            .preferred_username
            .as_deref()
            .and_then(|typed| violations.take(Claim::PreferredUsername, Username::parse(typed)));
        if let Some(phone) = form
            .phone_number
            .as_deref()
            .and_then(|typed| violations.take(Claim::PhoneNumber, PhoneNumber::parse(typed)))
        {
            user.identifiers.push(Identifier::phone(core.id(), &phone, true, user.created_at));
        }
        let mut context = user.context_words();
        context.push(&core.policy.app_name);
        if let Some(email) = &email {
            context.extend([email.address(), email.local_part()]);
        }
        violations.take(Claim::Password, core.policy.passwords.check(&self.password, &context));
        match email {
            Some(email) => violations.into_result().map(|()| (email, user)),
            None => Err(violations),
        }
    }

    fn insert_user(
        &self,
        core: &Core,
        unit: &mut dyn UnitOfWork,
        mut user: User,
        email: &EmailAddress,
        password: &PasswordHash,
    ) -> Result<User, SignUpError> {
        let now = core.clock.now();
        user.id = core.id();
        user.identifiers.iter_mut().for_each(|identifier| identifier.id = core.id());
        user.identifiers.push(Identifier::email(core.id(), email, true, now));
        user.password = Some(password.clone());
        user.password_changed_at = Some(now);
        unit.users().insert(&user).map_err(|error| match error {
            StorageError::Taken(Unique::PreferredUsername) => {
                SignUpError::Invalid(selfsame_domain::Violation::new(Claim::PreferredUsername, Rule::Taken).into())
            }
            other => other.into(),
        })?;
        core.record(unit, user.id, Event::anonymous(Action::UserCreated, &self.context))?;
        Ok(user)
    }
}

/// Whether the address may be mailed to again. If not, the sign-up goes on without: its answer must not depend on who
/// else signed up with the address.
fn has_budget(core: &Core, budget: Budget) -> Result<bool, Fault> {
    match core.spend(&[budget]) {
        Ok(()) => Ok(true),
        Err(Fault::Limited(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// What a sign-up form said, as the account has it.
fn form_of(user: &User) -> SignUpForm {
    SignUpForm {
        given_name: user.given_name.clone(),
        family_name: user.family_name.clone(),
        name: user.name.clone(),
        preferred_username: user.preferred_username.as_ref().map(|name| name.as_str().to_owned()),
        phone_number: user.primary_phone().map(|phone| phone.value.clone()),
    }
}

/// Who has proven the address.
pub(crate) fn owner_of(core: &Core, email: &EmailAddress) -> Result<Option<User>, StorageError> {
    let found = core.storage.read()?.user_by_identifier(IdentifierKind::Email, email.canonical())?;
    Ok(found.filter(|user| {
        user.identifiers_of(IdentifierKind::Email)
            .any(|known| known.canonical == email.canonical() && known.is_verified())
    }))
}

fn tell_owner(core: &Core, unit: &mut dyn UnitOfWork, owner: &User, now: Instant) -> Result<(), Fault> {
    match owner.primary_email() {
        Some(email) => core.post(unit, owner, email, Mail::AlreadyRegistered, now + chrono::Duration::days(1)),
        None => Ok(()),
    }
}
