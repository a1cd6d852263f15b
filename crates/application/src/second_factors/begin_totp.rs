//! Begins the enrolment of an authenticator app (R28).

use selfsame_domain::{Action, Identifier, PendingTotp, RequestContext, TotpSecret, User, Username};
use selfsame_ports::StorageError;
use zeroize::Zeroizing;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    sessions::principal::StepUpRequired,
};

/// Requests a secret for an authenticator app. It has no effect until [`crate::second_factors::confirm_totp`].
#[derive(Clone, Debug)]
pub struct BeginTotp {
    /// Whether the app may take the place of an enrolled one.
    pub replaces: bool,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The secret, which is shown once.
#[derive(Clone, Debug)]
pub struct TotpBegun {
    /// The enrolment.
    pub pending: PendingTotp,
    /// For typing.
    pub secret: TotpSecret,
    /// The `otpauth` URL, for a QR code.
    pub url: Zeroizing<String>,
}

/// Why no enrolment began.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeginTotpError {
    /// An authenticator app is enrolled.
    #[error("an authenticator app is enrolled")]
    AlreadyEnrolled,
    /// The primary e-mail address is not verified, so its owner could be locked out of the account (R38).
    #[error("the primary e-mail address is not verified")]
    UnverifiedEmail,
    /// The caller must prove who they are again (R33).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(BeginTotpError: StorageError);

impl BeginTotp {
    /// Makes a secret. The earlier pending one is void.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<TotpBegun, BeginTotpError> {
        core.require_step_up(caller)?;
        core.spend(&[core.limits.totp_setup_per_user.of_user(caller.user.id)])?;
        let secret = TotpSecret::from_bytes(core.random());
        let pending = PendingTotp {
            user_id: caller.user.id,
            sign_in_id: caller.principal.sign_in_id,
            sealed: core.seal_totp(caller.user.id, &secret)?,
            created_at: core.clock.now(),
        };
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(BeginTotpError::Unauthenticated)?;
            core.require_step_up_to_change(caller, &account)?;
            may_begin(&account, self.replaces)?;
            work.second_factors().begin_totp(&pending)?;
            let event = Event::of_user(Action::TotpBegun, account.id, caller.principal.sign_in_id);
            core.record_within_budget(work, &mut account, event)?;
            Ok::<_, BeginTotpError>(account.save(work)?)
        })?;
        let url = secret.to_url(&core.policy.app_name, &account_name(&caller.user));
        Ok(TotpBegun { pending, secret, url })
    }
}

/// Whether an account may get an authenticator app, perhaps in place of another one.
pub(crate) fn may_begin(account: &User, replaces: bool) -> Result<(), BeginTotpError> {
    if account.has_totp() && !replaces {
        Err(BeginTotpError::AlreadyEnrolled)
    } else if !account.primary_email().is_some_and(Identifier::is_verified) {
        Err(BeginTotpError::UnverifiedEmail)
    } else {
        Ok(())
    }
}

/// What an authenticator app shows beside the name of the service.
fn account_name(user: &User) -> String {
    let email = user.primary_email().map(|email| email.value.clone());
    let username = || user.preferred_username.as_ref().map(Username::as_str).map(ToOwned::to_owned);
    email.or_else(username).unwrap_or_else(|| user.id.to_string())
}
