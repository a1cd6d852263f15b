//! Starts a sign-up. Until its address is proven, the new account only claims it.

use selfsame_domain::{
    Action, Attempt, AttemptId, AttemptKind, Claim, EmailAddress, Factor, Factors, Identifier, IdentifierKind,
    Password, PasswordHash, PhoneNumber, RequestContext, Rule, SignUpForm, User, Username, Violation, Violations, text,
};
use selfsame_ports::{Leased, Mail, PasswordError, StorageError, Unique};

use crate::{
    Core, Fault,
    account::{Account, Event},
    attempts::{Handle, Holder},
    core::Work,
    fault::faults,
    limits::Budget,
    mail::job::{Job, JobError, context_of, finish},
};

/// Life of the mail that tells the owner of an address about a sign-up with it.
const NOTICE: chrono::Duration = chrono::Duration::days(1);

/// Requests an account. Empty and absent values are the same.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The address to be proven.
    pub email: String,
    /// The password; none if the contract lets one sign up without.
    pub password: Password,
    /// Names, username, phone number.
    pub form: SignUpForm,
    /// The client that will continue it.
    pub holder: Holder,
    /// Whether the proof is mailed at once; otherwise the client requests it.
    pub send_proof: bool,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// A started sign-up. It looks the same whether or not the address has an account (R1).
#[derive(Clone, Debug)]
pub struct SignUpStarted {
    /// The attempt.
    pub attempt: Attempt,
    /// With what the client continues it.
    pub handle: Handle,
    /// The new account.
    pub user: User,
}

/// Why the sign-up was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// The input breaks rules: all violations.
    #[error(transparent)]
    Invalid(Violations),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignUpError: StorageError, PasswordError);

impl SignUp {
    /// The rules that the input breaks, without a look at other accounts.
    pub fn violations(&self, core: &Core) -> Violations {
        let may_judge = core.spend(&[self.judgement(core)]).is_ok();
        self.checked_user(core, may_judge).err().unwrap_or_default()
    }

    /// Makes an unproven account and an attempt to prove it, and enqueues one job. If the address has a proven account
    /// already, the new one can never be proven: the job notifies the owner and mails no proof. Neither the result nor
    /// the work here shows which of the two it is (R1).
    pub fn execute(&self, core: &Core) -> Result<SignUpStarted, SignUpError> {
        let budget = [core.limits.sign_up_per_ip.of_ip(&self.context)];
        core.spend(&budget)?;
        let (email, user) = match self.checked_user(core, true) {
            Ok(checked) => checked,
            // A refused one is no sign-up, as long as the budget for judging its password allows.
            Err(violations) => {
                if core.has_budget(&[self.judgement(core)])? {
                    core.refund(&budget);
                }
                return Err(SignUpError::Invalid(violations));
            }
        };
        let password = core.passwords.hash(&self.password).inspect_err(|_| core.refund(&budget))?;
        let session = core.session_of(&self.holder)?;
        let start = || {
            core.unit(&self.context, |work| {
                let user = insert_user(core, work, user.clone(), &email, &password)?;
                let held = core.hold(work, &self.holder, session.as_ref())?;
                let now = core.clock.now();
                let mut attempt = Attempt {
                    id: core.id(),
                    kind: AttemptKind::SignUp,
                    session_id: held.session_id,
                    token_hash: held.token_hash,
                    user_id: Some(user.id),
                    credential_epoch: user.credential_epoch,
                    email: Some(email.address().to_owned()),
                    phone_number: None,
                    method: None,
                    form: form_of(&user),
                    required: Factors::of([Factor::Email]),
                    satisfied: Factors::default(),
                    sealed: None,
                    sign_in_id: None,
                    completed_at: None,
                    created_at: now,
                    expires_at: now + core.policy.attempt_ttl,
                };
                if self.send_proof {
                    core.note_mail(&mut attempt)?;
                }
                work.proofs().insert_attempt(&attempt)?;
                let job = Job::SignedUp { attempt: attempt.id, send_proof: self.send_proof };
                core.enqueue_job(work, &job, attempt.expires_at)?;
                Ok(SignUpStarted { attempt, handle: held.handle, user })
            })
        };
        match (start(), &user.preferred_username) {
            (Err(SignUpError::Invalid(taken)), Some(name)) => {
                let is_free = core.release_username(name, session.as_ref(), &self.context)?;
                if is_free { start() } else { Err(SignUpError::Invalid(taken)) }
            }
            (started, _) => started,
        }
    }

    /// The budget of refused sign-ups from the client's address.
    fn judgement(&self, core: &Core) -> Budget {
        core.limits.new_password_per_ip.of_ip(&self.context)
    }

    /// The new account, or every rule that the input breaks; of the password only if it may be judged.
    fn checked_user(&self, core: &Core, may_judge: bool) -> Result<(EmailAddress, User), Violations> {
        let mut violations = Violations::default();
        let mut user = User::new(core.id(), core.clock.now());
        let email = violations.take(Claim::Email, EmailAddress::parse(&self.email));
        let form = &self.form;
        violations.0.extend(core.policy.fields.check_form(form).0);
        let mut optional = |field: &Option<String>, claim, parse: fn(&str) -> Result<String, Rule>| {
            field.as_deref().and_then(|typed| violations.take(claim, parse(typed)))
        };
        user.given_name = optional(&form.given_name, Claim::GivenName, text::name);
        user.family_name = optional(&form.family_name, Claim::FamilyName, text::name);
        user.name = optional(&form.name, Claim::Name, text::name);
        user.preferred_username = form
            .preferred_username
            .as_deref()
            .and_then(|typed| violations.take(Claim::PreferredUsername, core.new_username(typed)));
        if let Some(phone) = form
            .phone_number
            .as_deref()
            .and_then(|typed| violations.take(Claim::PhoneNumber, PhoneNumber::parse(typed)))
        {
            user.identifiers.push(Identifier::phone(core.id(), &phone, true, user.created_at));
        }
        if may_judge {
            violations.take(Claim::Password, core.check_password(&user, email.as_ref(), &self.password));
        }
        match email {
            Some(email) => violations.into_result().map(|()| (email, user)),
            None => Err(violations),
        }
    }
}

fn insert_user(
    core: &Core,
    work: &mut Work<'_>,
    mut user: User,
    email: &EmailAddress,
    password: &PasswordHash,
) -> Result<User, SignUpError> {
    let now = core.clock.now();
    user.id = core.id();
    user.identifiers.iter_mut().for_each(|identifier| identifier.id = core.id());
    user.identifiers.push(Identifier::email(core.id(), email, true, now));
    user.password_changed_at = Some(now);
    let mut user = Account::unlocked(user);
    core.record(work, &mut user, Event::anonymous(Action::UserCreated));
    let inserted = user.insert(work).and_then(|()| core.change_username(work, &user, None));
    inserted.map_err(|error| match error {
        StorageError::Taken(Unique::PreferredUsername) => {
            SignUpError::Invalid(Violation::new(Claim::PreferredUsername, Rule::Taken).into())
        }
        other => other.into(),
    })?;
    work.accounts().set_password(user.id, password)?;
    Ok(user.into_user())
}

/// The form of a sign-up, from the account.
fn form_of(user: &User) -> SignUpForm {
    SignUpForm {
        given_name: user.given_name.clone(),
        family_name: user.family_name.clone(),
        name: user.name.clone(),
        preferred_username: user.preferred_username.as_ref().map(|name| name.as_str().to_owned()),
        phone_number: user.primary_phone().map(|phone| phone.value.clone()),
    }
}

/// The account that has proven the address.
pub(crate) fn owner_of(core: &Core, email: &EmailAddress) -> Result<Option<User>, StorageError> {
    let found = core.storage.read()?.by_identifier(IdentifierKind::Email, email.canonical())?;
    Ok(found.map(|found| found.user).filter(|user| is_owner_of(user, email)))
}

/// Whether an account has proven the address.
pub(crate) fn is_owner_of(user: &User, email: &EmailAddress) -> bool {
    let mut addresses = user.identifiers_of(IdentifierKind::Email);
    addresses.any(|known| known.canonical == email.canonical() && known.is_verified())
}

impl Core {
    /// The worker's part of a sign-up: makes the proof of the address, if the client requested it, and mails it within
    /// the budget of the address; or notifies the owner of the address about the sign-up.
    pub(crate) fn follow_sign_up(&self, attempt: AttemptId, send_proof: bool, job: &Leased) -> Result<(), JobError> {
        let open = self.open_proof(attempt)?;
        let may_mail = match &open {
            Some(open) if send_proof => self.has_budget(&[self.limits.mail_per_address.of(open.canonical())])?,
            _ => false,
        };
        let told = match open.as_ref().and_then(|open| Some((open, open.owner.as_ref()?))) {
            Some((open, owner)) => {
                let budget = self.limits.mail_per_address.of(format_args!("notice {}", open.canonical()));
                self.has_budget(&[budget])?.then_some(owner)
            }
            None => None,
        };
        self.unit(&context_of(job), |work| {
            if let Some(open) = open.as_ref().filter(|_| send_proof) {
                self.make_proof(work, open, may_mail, None)?;
            }
            if let Some((owner, email)) = told.and_then(|owner| Some((owner, owner.primary_email()?))) {
                self.post(work, owner, email, Mail::AlreadyRegistered, self.clock.now() + NOTICE)?;
            }
            finish(work, job)
        })
    }

    /// A username that a user chooses.
    fn new_username(&self, typed: &str) -> Result<Username, Rule> {
        self.policy.reserved_names.check(Username::parse(typed)?)
    }

    /// Takes one from a budget and returns whether there was one. The job is done in both cases: its effects must not
    /// depend on who else caused mail to the address.
    pub(crate) fn has_budget(&self, budget: &[Budget; 1]) -> Result<bool, Fault> {
        match self.spend(budget) {
            Ok(()) => Ok(true),
            Err(Fault::Limited(_)) => Ok(false),
            Err(fault) => Err(fault),
        }
    }
}
