//! Ends sign-ins of the caller's own.

use selfsame_domain::{Action, Client, OpaqueToken, SessionId, SignInId};
use selfsame_ports::{StorageError, UnitOfWork};

use crate::{Caller, Core, Fault, core::Event, fault::faults};

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
    pub fn execute(&self, core: &Core, client: &Client) -> Result<(), SignOutError> {
        match self {
            Self::Own(caller) => core.unit(|unit| {
                if unit.users().lock(caller.user.id)?.is_some() {
                    end(core, unit, caller.user.id, caller.sign_in.id, client)?;
                }
                Ok(())
            }),
            Self::One { cookie, sign_in } => end_in_browser(core, cookie, Some(*sign_in), client),
            Self::All { cookie } => end_in_browser(core, cookie, None, client),
        }
    }
}

fn end_in_browser(
    core: &Core,
    cookie: &OpaqueToken,
    only: Option<SignInId>,
    client: &Client,
) -> Result<(), SignOutError> {
    let view = core.session_view(cookie, core.clock.now())?;
    let ending: Vec<_> = view.iter().flat_map(|view| &view.sign_ins).map(|(sign_in, _)| sign_in.clone()).collect();
    let ending: Vec<_> = ending.into_iter().filter(|sign_in| only.is_none_or(|only| only == sign_in.id)).collect();
    if only.is_some() && ending.is_empty() {
        return Err(SignOutError::UnknownSignIn);
    }
    let Some(view) = view else { return Ok(()) };
    core.unit(|unit| {
        for sign_in in &ending {
            if unit.users().lock(sign_in.user_id)?.is_some() {
                end(core, unit, sign_in.user_id, sign_in.id, client)?;
            }
        }
        activate_latest(core, unit, view.session.id)
    })
}

fn end(
    core: &Core,
    unit: &mut dyn UnitOfWork,
    user: selfsame_domain::UserId,
    sign_in: SignInId,
    client: &Client,
) -> Result<(), StorageError> {
    if unit.sessions().end_sign_in(sign_in, core.clock.now())? {
        core.record(unit, user, Event::of_user(Action::SignedOut, user, sign_in, client))?;
    }
    Ok(())
}

/// If the active sign-in is over, the latest of the others takes its place.
fn activate_latest(core: &Core, unit: &mut dyn UnitOfWork, session: SessionId) -> Result<(), SignOutError> {
    let Some(mut session) = unit.sessions().lock(session)? else {
        return Ok(());
    };
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
