//! Makes one of the caller's addresses or numbers the primary one.

use selfsame_domain::{IdentifierId, IdentifierKind, ProfilePatch, RequestContext, Rule, User};

use crate::{
    Caller, Core, Fault,
    identifiers::send_code::own,
    profile::update::{UpdateProfile, UpdateProfileError},
    sessions::principal::StepUpRequired,
};

/// Chooses the primary one.
#[derive(Clone, Debug)]
pub struct MakePrimary {
    /// Which identifier.
    pub id: IdentifierId,
    /// Its kind.
    pub kind: IdentifierKind,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakePrimaryError {
    /// Not an identifier of this account: one answer for those of others too (R62).
    #[error("no such identifier")]
    Unknown,
    /// It is not proven (R11).
    #[error("not verified")]
    NotVerified,
    /// The caller must prove who they are again (R10).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MakePrimary {
    /// Changes it, as a change of the profile does: recorded, told to all verified addresses (R25), pending resets void
    /// (R24). Without a change nothing is written.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<User, MakePrimaryError> {
        own(&caller.user, self.id, self.kind).ok_or(MakePrimaryError::Unknown)?;
        let patch = match self.kind {
            IdentifierKind::Email => ProfilePatch { primary_email: Some(self.id), ..ProfilePatch::default() },
            IdentifierKind::Phone => ProfilePatch { primary_phone: Some(self.id), ..ProfilePatch::default() },
        };
        let update = UpdateProfile { patch, context: self.context, ..UpdateProfile::default() };
        update.execute(core, caller).map(|updated| updated.user).map_err(|error| match error {
            UpdateProfileError::Invalid(violations) => {
                let is_own = violations.0.iter().all(|violation| violation.rule == Rule::NotVerified);
                if is_own { MakePrimaryError::NotVerified } else { MakePrimaryError::Unknown }
            }
            // No version was expected.
            UpdateProfileError::VersionMismatch { .. } => Fault::Contended.into(),
            UpdateProfileError::StepUp(required) => required.into(),
            // An application needs the scope for this route already.
            UpdateProfileError::InsufficientScope | UpdateProfileError::Unauthenticated => {
                MakePrimaryError::Unauthenticated
            }
            UpdateProfileError::Fault(fault) => fault.into(),
        })
    }
}
