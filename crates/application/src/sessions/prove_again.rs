//! Proves again who is there, so that sensitive operations are allowed (step-up; R10, R33).

use std::time::Duration;

use selfsame_domain::{Action, Assurance, Factor, OpaqueToken, Password, RequestContext};
use selfsame_ports::{PasswordError, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    password::{change::replace_cookie, current::CurrentPasswordError},
    second_factors::check::{SecondFactorRefusal, TextFor},
    sessions::principal::StepUpRequired,
};

/// Submits a proof.
#[derive(Clone)]
pub struct ProveAgain {
    /// The proof.
    pub proof: Proof,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// A proof by an enrolled factor.
#[derive(Clone)]
pub enum Proof {
    /// The password. It is not enough for an account with a second factor.
    Password(Password),
    /// A one-time password or a backup code, as typed.
    Code(String),
}

/// The proof was right.
#[derive(Clone, Debug)]
pub struct ProvenAgain {
    /// When and how the user was authenticated by now.
    pub assurance: Assurance,
    /// How long sensitive operations are allowed.
    pub valid_for: chrono::Duration,
    /// The browser's new cookie; the earlier one is invalid (R40).
    pub new_cookie: Option<OpaqueToken>,
}

/// Why the proof was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveAgainError {
    /// Wrong, used already, or of a factor that the account does not have.
    #[error("wrong password or code")]
    Invalid,
    /// A second factor is enrolled, and the proof is not by one.
    #[error(transparent)]
    TooWeak(#[from] StepUpRequired),
    /// Too many wrong codes were tried; the time until one more may be tried.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ProveAgainError: StorageError, PasswordError);

impl From<SecondFactorRefusal> for ProveAgainError {
    fn from(refusal: SecondFactorRefusal) -> Self {
        match refusal {
            SecondFactorRefusal::Invalid => Self::Invalid,
            SecondFactorRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl From<CurrentPasswordError> for ProveAgainError {
    fn from(error: CurrentPasswordError) -> Self {
        match error {
            CurrentPasswordError::Wrong => Self::Invalid,
            CurrentPasswordError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl ProveAgain {
    /// Checks the proof, within the budgets of the sign-in (R20, R35), and writes it to the caller's sign-in.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<ProvenAgain, ProveAgainError> {
        match &self.proof {
            Proof::Password(password) => self.by_password(core, caller, password),
            Proof::Code(code) => self.by_code(core, caller, code),
        }
    }

    fn by_password(&self, core: &Core, caller: &Caller, password: &Password) -> Result<ProvenAgain, ProveAgainError> {
        if caller.user.has_second_factor() {
            return Err(core.step_up_required(caller).into());
        }
        let credentials = core.storage.read()?.credentials(caller.user.id)?.ok_or(ProveAgainError::Unauthenticated)?;
        core.check_current_password(&caller.principal, &credentials, password, &self.context)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ProveAgainError::Unauthenticated)?;
            // The password was changed, or a second factor was enrolled, while it was compared.
            if account.credential_epoch != credentials.user.credential_epoch {
                return Err(ProveAgainError::Invalid);
            }
            write(core, work, &mut account, caller, Factor::Password)
        })
    }

    fn by_code(&self, core: &Core, caller: &Caller, code: &str) -> Result<ProvenAgain, ProveAgainError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let text = TextFor::SignIn(caller.principal.sign_in_id);
        let proven = core.try_second_factor(&caller.user, code, text, |proven| {
            core.unit(&self.context, |work| {
                let account = Account::lock_caller(work, caller)?;
                let mut account = account.ok_or(ProveAgainError::Unauthenticated)?;
                if !proven.consume(core, work, &mut account, Some(caller.principal.sign_in_id))? {
                    return Ok(None);
                }
                write(core, work, &mut account, caller, proven.factor()).map(Some)
            })
        })?;
        Ok(proven?)
    }
}

/// Writes the proof to the caller's sign-in and to the audit trail, within the write budgets of the account.
fn write(
    core: &Core,
    work: &mut Work<'_>,
    account: &mut Account,
    caller: &Caller,
    factor: Factor,
) -> Result<ProvenAgain, ProveAgainError> {
    let new_cookie = core.raise_assurance(work, caller, factor)?;
    let event = Event::of_user(Action::ProvenAgain, account.id, caller.principal.sign_in_id);
    core.record_within_budget(work, account, event)?;
    account.save(work)?;
    let assurance = caller.principal.assurance.proven_again(factor, core.clock.now());
    Ok(ProvenAgain { assurance, valid_for: core.policy.step_up, new_cookie })
}

impl Core {
    /// Writes another proof to the caller's sign-in, whose account is locked. A browser gets a new cookie, unless it has sent
    /// one that was replaced since (R40).
    pub(crate) fn raise_assurance(
        &self,
        work: &mut Work<'_>,
        caller: &Caller,
        factor: Factor,
    ) -> Result<Option<OpaqueToken>, StorageError> {
        let principal = &caller.principal;
        // The session is locked before its sign-ins.
        let new_cookie = replace_cookie(self, work, principal)?;
        let assurance = principal.assurance.proven_again(factor, self.clock.now());
        work.sessions().set_assurance(principal.user_id, principal.sign_in_id, &assurance)?;
        Ok(new_cookie)
    }
}
