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
    /// The operator lets no user change the identifiers of this kind.
    #[error("users cannot change this")]
    ReadOnly,
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
        Ok(self.into_update().execute(core, caller).map(|updated| updated.user)?)
    }

    /// Whether it would be changed now, as far as the caller's account shows.
    pub(crate) fn check(self, core: &Core, caller: &Caller) -> Result<(), MakePrimaryError> {
        Ok(self.into_update().check(core, caller)?)
    }

    fn into_update(self) -> UpdateProfile {
        let patch = match self.kind {
            IdentifierKind::Email => ProfilePatch { primary_email: Some(self.id), ..ProfilePatch::default() },
            IdentifierKind::Phone => ProfilePatch { primary_phone: Some(self.id), ..ProfilePatch::default() },
        };
        UpdateProfile { patch, context: self.context, ..UpdateProfile::default() }
    }
}

impl From<UpdateProfileError> for MakePrimaryError {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Invalid(violations) => {
                let breaks = |rule: &Rule| violations.0.iter().any(|violation| violation.rule == *rule);
                if breaks(&Rule::ReadOnly) || breaks(&Rule::NotOffered) {
                    Self::ReadOnly
                } else if breaks(&Rule::NotVerified) {
                    Self::NotVerified
                } else {
                    Self::Unknown
                }
            }
            // No version was expected.
            UpdateProfileError::VersionMismatch { .. } => Fault::Contended.into(),
            UpdateProfileError::StepUp(required) => required.into(),
            // An application needs the scope for this route already.
            UpdateProfileError::InsufficientScope | UpdateProfileError::Unauthenticated => Self::Unauthenticated,
            UpdateProfileError::Fault(fault) => fault.into(),
        }
    }
}
