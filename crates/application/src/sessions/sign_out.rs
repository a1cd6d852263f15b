//! Ends sign-ins of the caller's own.

use selfsame_domain::{OpaqueToken, RequestContext, Session, SessionId, SignIn, SignInId};
use selfsame_ports::{StorageError, UnitOfWork};

use crate::{Caller, Core, Fault, fault::faults, sign_in::start::lock_all};

/// Which sign-ins end.
#[derive(Clone, Debug)]
pub enum SignOut {
    /// The caller's own, of a client that holds tokens.
    Own(Box<Caller>),
    /// One of a browser's.
    One {
        /// The browser's cookie.
        cookie: OpaqueToken,
        /// The sign-in.
        sign_in: SignInId,
    },
    /// All of a browser's.
    All {
        /// The browser's cookie.
        cookie: OpaqueToken,
    },
}

/// Why nothing ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignOutError {
    /// Not a sign-in of this browser.
    #[error("no such sign-in")]
    UnknownSignIn,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SignOutError: StorageError);

impl SignOut {
    /// Ends them, with their cookies' use, access tokens and refresh chains (R50). In a browser that has others, the latest
    /// of those becomes active.
    pub fn execute(&self, core: &Core, context: &RequestContext) -> Result<(), SignOutError> {
        match self {
            Self::Own(caller) => core.unit(|unit| {
                if unit.users().lock(caller.user.id)?.is_some() {
                    core.end_sign_in(unit, &caller.sign_in, caller.user.id, context)?;
                }
                Ok(())
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
    core.unit(|unit| {
        let known = ending(unit, view.session.id, only)?;
        lock_all(unit, known.iter().map(|sign_in| sign_in.user_id))?;
        let Some(session) = unit.sessions().lock(view.session.id)? else {
            return Ok(());
        };
        for sign_in in ending(unit, session.id, only)? {
            if known.iter().all(|known| known.user_id != sign_in.user_id) {
                // Somebody signed in meanwhile, whose account is to be locked first.
                return Err(StorageError::Conflict.into());
            }
            core.end_sign_in(unit, &sign_in, sign_in.user_id, context)?;
        }
        activate_latest(core, unit, session)
    })
}

/// The sign-ins of a session, or the one of them, that are to end.
fn ending(unit: &mut dyn UnitOfWork, session: SessionId, only: Option<SignInId>) -> Result<Vec<SignIn>, StorageError> {
    let mut sign_ins = unit.sessions().sign_ins(session)?;
    sign_ins.retain(|sign_in| only.is_none_or(|only| only == sign_in.id));
    Ok(sign_ins)
}

/// If the active sign-in is over, the latest of the others takes its place.
fn activate_latest(core: &Core, unit: &mut dyn UnitOfWork, mut session: Session) -> Result<(), SignOutError> {
    let now = core.clock.now();
    let left = unit.sessions().sign_ins(session.id)?;
    let left: Vec<_> =
        left.into_iter().filter(|sign_in| sign_in.is_live(now, core.policy.idle)).map(|sign_in| sign_in.id).collect();
    if !session.active_sign_in.is_some_and(|active| left.contains(&active)) {
        session.active_sign_in = left.last().copied();
        unit.sessions().save(&session)?;
    }
    Ok(())
}
