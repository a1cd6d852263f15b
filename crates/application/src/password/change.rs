//! Changes the password of a signed-in user who knows the current one.

use std::time::Duration;

use selfsame_domain::{
    Action, Claim, OpaqueToken, Password, RefreshToken, RequestContext, Rule, User, UserId, Violation, Violations,
};
use selfsame_ports::{Credentials, Mail, PasswordError, StorageError};

use crate::{
    Caller, Core, Fault, Principal,
    account::{Account, Event},
    attempts::TokenSet,
    core::Work,
    fault::faults,
    identifiers::prove::end_sign_ins_and_resets,
    limits::Budget,
    password::{current::CurrentPasswordError, rules::keep_password},
    sessions::principal::StepUpRequired,
};

/// Submits the current and the new password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The current one. Not checked for an account without a password.
    pub current_password: Password,
    /// The new one.
    pub new_password: Password,
    /// What happens to the caller's own sign-in.
    pub own_sign_in: OwnSignIn,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// What happens to the sign-in in which the password is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnSignIn {
    /// It ends like all others.
    Ends,
    /// It stays, with a new cookie or a new refresh token.
    GoesOn {
        /// Life of a new access token.
        access_ttl: Duration,
    },
}

/// The password was changed.
#[derive(Clone, Debug)]
pub struct PasswordChanged {
    /// The browser's new cookie; the earlier one is invalid (R21).
    pub new_cookie: Option<OpaqueToken>,
    /// The new tokens of a client of the user's own that holds tokens. The earlier refresh token is invalid (R21), also that of
    /// an application, which gets no other one.
    pub new_tokens: Option<TokenSet>,
}

/// Why the password was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current password is wrong.
    #[error("wrong password")]
    WrongPassword,
    /// The new password breaks rules.
    #[error(transparent)]
    Invalid(Violations),
    /// The account has no password, and the caller must prove who they are again.
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ChangePasswordError: StorageError, PasswordError);

impl ChangePassword {
    /// The rules that the new password breaks.
    pub fn violations(&self, core: &Core, user: &User) -> Violations {
        if core.spend(&budget(core, user.id)).is_err() {
            return Violations::default();
        }
        core.check_new_password(user, &self.new_password).err().unwrap_or_default()
    }

    /// Checks the current password (R20), sets the new one, ends every other sign-in with its refresh chain in the same
    /// unit, gives the caller's own sign-in a new secret (R21), and notifies every verified address, within
    /// the budget of notices (R25). Remembered devices become void.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<PasswordChanged, ChangePasswordError> {
        let principal = &caller.principal;
        // Spent before the password is judged, because that costs time (R83).
        let budget = budget(core, principal.user_id);
        core.spend(&budget)?;
        core.check_new_password(&caller.user, &self.new_password).map_err(ChangePasswordError::Invalid)?;
        // A full queue costs no try (R82).
        let refund = |error: &ChangePasswordError| {
            if matches!(error, ChangePasswordError::Fault(Fault::Unavailable(_))) {
                core.refund(&budget);
            }
        };
        let epoch = self.check_current(core, principal).inspect_err(refund)?;
        let hash = core.passwords.hash(&self.new_password).inspect_err(|_| core.refund(&budget))?;
        let replaced = core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ChangePasswordError::Unauthenticated)?;
            if account.credential_epoch != epoch {
                return Err(ChangePasswordError::WrongPassword);
            }
            let before = core.before_change(work, &account)?;
            keep_password(work, &account)?;
            account.change_password(true, core.clock.now());
            work.accounts().set_password(account.id, &hash)?;
            let replaced = core.end_after_password_change(work, &account, caller, self.own_sign_in)?;
            if core.may_notify(&mut account, |budgets| &mut budgets.password_notices) {
                core.notify(work, &account, &Mail::PasswordChanged, &before)?;
            }
            let event = Event::of_user(Action::PasswordChanged, account.id, principal.sign_in_id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok::<_, ChangePasswordError>(replaced)
        })?;
        Ok(replaced.hand_over(core)?)
    }

    /// Checks the current password, and that the new one is none of the last ones; returns the credential epoch in which
    /// that was so. An account without a password needs a recent proof instead.
    fn check_current(&self, core: &Core, principal: &Principal) -> Result<i64, ChangePasswordError> {
        let credentials = core.storage.read()?.credentials(principal.user_id)?;
        let credentials = credentials.ok_or(ChangePasswordError::Unauthenticated)?;
        let user = &credentials.user;
        if credentials.password.is_none() {
            core.authorize_first_password(principal, user)?;
        } else {
            core.check_current_password(principal, &credentials, &self.current_password, &self.context)?;
            if self.current_password.expose() == self.new_password.expose() {
                return Err(ChangePasswordError::Invalid(Violation::new(Claim::Password, Rule::Unchanged).into()));
            }
        }
        let earlier = Credentials { password: None, user: user.clone() };
        if core.was_used_before(&earlier, &self.new_password)? {
            return Err(ChangePasswordError::Invalid(Violation::new(Claim::Password, Rule::UsedBefore).into()));
        }
        Ok(user.credential_epoch)
    }
}

impl From<CurrentPasswordError> for ChangePasswordError {
    fn from(error: CurrentPasswordError) -> Self {
        match error {
            CurrentPasswordError::Wrong => Self::WrongPassword,
            CurrentPasswordError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// The budget of every change, refused ones too.
pub(super) fn budget(core: &Core, user: UserId) -> [Budget; 1] {
    [core.limits.password_change_per_user.of_user(user)]
}

/// The new secrets of the caller's own sign-in. The access token is signed after the commit.
pub(super) struct Replaced {
    new_cookie: Option<OpaqueToken>,
    new_token: Option<(RefreshToken, Duration)>,
}

impl Replaced {
    pub(super) fn hand_over(self, core: &Core) -> Result<PasswordChanged, Fault> {
        let tokens = self.new_token.map(|(token, access_ttl)| core.token_set(&token, access_ttl));
        Ok(PasswordChanged { new_cookie: self.new_cookie, new_tokens: tokens.transpose()? })
    }
}

impl Core {
    /// Whether a first password needs a recent proof, and the caller has none. A further one needs the current one instead.
    pub(crate) fn authorize_first_password(&self, principal: &Principal, user: &User) -> Result<(), StepUpRequired> {
        principal.require_step_up(&user.enrolled, self.clock.now(), self.policy.step_up)
    }

    /// Ends what every change of a password ends (R21, R22), and gives the caller's own sign-in new secrets if it goes on.
    pub(super) fn end_after_password_change(
        &self,
        work: &mut Work<'_>,
        account: &Account,
        caller: &Caller,
        own_sign_in: OwnSignIn,
    ) -> Result<Replaced, StorageError> {
        // None for an earlier cookie, which was replaced and is invalid (R40).
        let new_cookie = replace_cookie(self, work, &caller.principal)?;
        let (keep, new_token) = match own_sign_in {
            OwnSignIn::Ends => (None, None),
            OwnSignIn::GoesOn { access_ttl } => {
                // An application gets no token here, which would last longer and may do more than its own (R100).
                let token = self.restart_refresh(work, &caller.sign_in)?.filter(|_| caller.principal.client.is_none());
                (Some(caller.sign_in.id), token.map(|token| (token, access_ttl)))
            }
        };
        end_sign_ins_and_resets(work, account.id, keep, self.clock.now())?;
        Ok(Replaced { new_cookie, new_token })
    }
}

/// A new cookie for the browser, if it holds the current one.
pub(crate) fn replace_cookie(
    core: &Core,
    work: &mut Work<'_>,
    principal: &Principal,
) -> Result<Option<OpaqueToken>, StorageError> {
    let Some(browser) = principal.browser else {
        return Ok(None);
    };
    let cookie = core.token();
    let is_replaced = work.sessions().replace_token(browser.session, &browser.cookie, &cookie.hash())?;
    Ok(is_replaced.then_some(cookie))
}
