//! Ends sign-ins of the caller.

use selfsame_domain::{Action, OpaqueToken, RequestContext, SessionId, SignIn, SignInId, UserId};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault, Principal,
    account::{Account, Event},
    core::Work,
    fault::faults,
};

/// The sign-ins to end.
#[derive(Clone, Debug)]
pub enum SignOut {
    /// The sign-in of a client that holds tokens.
    Own(Principal),
    /// One sign-in of a browser.
    One {
        /// The browser's cookie.
        cookie: OpaqueToken,
        /// The sign-in.
        sign_in: SignInId,
    },
    /// All sign-ins of a browser.
    All {
        /// The browser's cookie.
        cookie: OpaqueToken,
    },
}

/// Why no sign-in was ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignOutError {
    /// Not a sign-in of this browser.
    #[error("no such sign-in")]
    UnknownSignIn,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignOutError: StorageError);

impl SignOut {
    /// Ends them with their cookie use, access tokens and refresh chains (R50). In a browser with further sign-ins, the
    /// one that was active before becomes active.
    pub fn execute(&self, core: &Core, context: &RequestContext) -> Result<(), SignOutError> {
        match self {
            Self::Own(Principal { user_id, sign_in_id, .. }) => core.unit(context, |work| {
                let Some(mut account) = Account::lock(work, *user_id)? else { return Ok(()) };
                core.end_sign_in(work, &mut account, *sign_in_id, *user_id)?;
                Ok(account.save(work)?)
            }),
            Self::One { cookie, sign_in } => end_in_browser(core, cookie, Some(*sign_in), context),
            Self::All { cookie } => end_in_browser(core, cookie, None, context),
        }
    }
}

fn end_in_browser(
    core: &Core,
    cookie: &OpaqueToken,
    only: Option<SignInId>,
    context: &RequestContext,
) -> Result<(), SignOutError> {
    let view = core.session_view(cookie, core.clock.now())?;
    let mut live = view.iter().flat_map(|view| &view.sign_ins);
    if only.is_some_and(|only| live.all(|(sign_in, _)| sign_in.id != only)) {
        return Err(SignOutError::UnknownSignIn);
    }
    let Some(view) = view else { return Ok(()) };
    core.unit(context, |work| {
        let known = ending(work, view.session.id, only)?;
        let mut accounts = Account::lock_all(work, known.iter().map(|sign_in| sign_in.user_id))?;
        if work.sessions().lock(view.session.id)?.is_none() {
            return Ok(());
        }
        for sign_in in ending(work, view.session.id, only)? {
            // Another account was signed in meanwhile: it must be locked first.
            let account = accounts.iter_mut().find(|account| account.id == sign_in.user_id);
            let account = account.ok_or(StorageError::Conflict)?;
            core.end_sign_in(work, account, sign_in.id, sign_in.user_id)?;
        }
        Ok(accounts.iter_mut().try_for_each(|account| account.save(work))?)
    })
}

/// The sign-ins of a session to end: all of them, or one.
fn ending(work: &mut Work<'_>, session: SessionId, only: Option<SignInId>) -> Result<Vec<SignIn>, StorageError> {
    let mut sign_ins = work.sessions().sign_ins(session)?;
    sign_ins.retain(|sign_in| only.is_none_or(|only| only == sign_in.id));
    Ok(sign_ins)
}

impl Core {
    /// Ends a sign-in and records it in the trail of its account (R79), which was locked in this unit and is still to be
    /// saved. `false` if the account has no such sign-in that has not been ended.
    pub(crate) fn end_sign_in(
        &self,
        work: &mut Work<'_>,
        account: &mut Account,
        sign_in: SignInId,
        by: UserId,
    ) -> Result<bool, StorageError> {
        let has_ended = work.sessions().end_sign_in(account.id, sign_in, self.clock.now())?;
        if has_ended {
            self.record(work, account, Event::of_user(Action::SignedOut, by, sign_in));
        }
        Ok(has_ended)
    }
}
