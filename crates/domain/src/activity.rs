//! The kinds of activity: groups of [`Action`]s by which a user looks through the trail of the account.

use crate::Action;

/// A group of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// The account as a whole.
    Account,
    /// Sign-ins, their ends, and proofs within them.
    SignIn,
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
    /// The password.
    Password,
    /// The authenticator app, the phone number that is a second factor, and the backup codes.
    SecondFactor,
    /// Passkeys.
    Passkey,
    /// Claims of the profile.
    Profile,
    /// Remembered devices.
    Device,
    /// Applications that may use the account.
    Application,
    /// Exports of the account.
    Export,
    /// The deletion of the account.
    Deletion,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Account,
        Self::SignIn,
        Self::Email,
        Self::Phone,
        Self::Password,
        Self::SecondFactor,
        Self::Passkey,
        Self::Profile,
        Self::Device,
        Self::Application,
        Self::Export,
        Self::Deletion,
    ];

    /// Its name, which is stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::SignIn => "sign_in",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Password => "password",
            Self::SecondFactor => "second_factor",
            Self::Passkey => "passkey",
            Self::Profile => "profile",
            Self::Device => "device",
            Self::Application => "application",
            Self::Export => "export",
            Self::Deletion => "deletion",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The actions of this kind.
    pub fn actions(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| action.kind() == self)
    }
}

impl Action {
    /// The kind that it is of.
    pub fn kind(self) -> ActivityKind {
        match self {
            Self::UserCreated
            | Self::UserDisabled
            | Self::UserEnabled
            | Self::ChangeUndone
            | Self::AccountFrozen
            | Self::AccountUnfrozen => ActivityKind::Account,
            Self::UserDeleted | Self::DeletionScheduled | Self::DeletionCancelled => ActivityKind::Deletion,
            Self::ProfileUpdated => ActivityKind::Profile,
            Self::EmailVerificationRequested
            | Self::EmailVerified
            | Self::EmailChangeRequested
            | Self::EmailChanged
            | Self::EmailClaimDropped
            | Self::EmailChangeCancelled
            | Self::EmailAdded
            | Self::EmailRemoved => ActivityKind::Email,
            Self::PhoneAdded
            | Self::PhoneVerificationRequested
            | Self::PhoneVerified
            | Self::PhoneClaimDropped
            | Self::PhoneRemoved => ActivityKind::Phone,
            Self::PasswordChanged
            | Self::PasswordResetRequested
            | Self::PasswordReset
            | Self::PasswordSet
            | Self::PasswordRemoved => ActivityKind::Password,
            Self::SignedIn
            | Self::SignedOut
            | Self::SignInsRevoked
            | Self::SignInSwitched
            | Self::SignInNamed
            | Self::ProvenAgain
            | Self::SignInCodeSent
            | Self::SecondFactorCodeSent
            | Self::TokenReused
            | Self::IdentityLinked
            | Self::IdentityUnlinked => ActivityKind::SignIn,
            Self::TotpBegun
            | Self::TotpEnrolled
            | Self::TotpRemoved
            | Self::SmsFactorBegun
            | Self::SmsFactorEnrolled
            | Self::SmsFactorRemoved
            | Self::FactorsReset
            | Self::BackupCodesMade
            | Self::BackupCodeUsed => ActivityKind::SecondFactor,
            Self::PasskeyAdded | Self::PasskeyRenamed | Self::PasskeyRemoved | Self::PasskeyRefused => {
                ActivityKind::Passkey
            }
            Self::DeviceRemembered | Self::DeviceForgotten | Self::DevicesForgotten => ActivityKind::Device,
            Self::ApplicationAllowed | Self::ApplicationSignedIn | Self::ApplicationRemoved | Self::CodeReused => {
                ActivityKind::Application
            }
            Self::ExportRequested | Self::ExportDownloaded | Self::ExportRemoved => ActivityKind::Export,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_of_one_kind_and_every_kind_has_actions() {
        let of_kinds: usize = ActivityKind::ALL.into_iter().map(|kind| kind.actions().count()).sum();
        assert_eq!(of_kinds, Action::ALL.len());
        for kind in ActivityKind::ALL {
            assert_ne!(kind.actions().count(), 0, "{kind:?}");
            assert_eq!(ActivityKind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(ActivityKind::from_name("Email"), None);
    }

    #[test]
    fn every_stored_action_is_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::from_stored(action.as_str()), Some(*action));
        }
    }
}
