//! What happened, in one sentence for each action. This table is the only place that has them, so that they can be
//! translated.

use selfsame_domain::Action;

/// The sentence of an action that this version does not know.
pub(super) const UNKNOWN: &str = "Something happened that this version of the server does not know.";

/// The sentence of an action.
pub(super) fn title(action: Action) -> &'static str {
    match action {
        Action::UserCreated => "The account was created.",
        Action::UserDisabled => "The account was disabled.",
        Action::UserEnabled => "The account was enabled again.",
        Action::UserDeleted => "The account was deleted.",
        Action::DeletionScheduled => "The deletion of the account was requested.",
        Action::DeletionCancelled => "The deletion of the account was called off.",
        Action::ProfileUpdated => "The profile was changed.",
        Action::EmailVerificationRequested => "A code was sent to verify an e-mail address.",
        Action::EmailVerified => "An e-mail address was verified.",
        Action::EmailChangeRequested => "Another primary e-mail address was requested.",
        Action::EmailChanged => "The primary e-mail address was changed.",
        Action::EmailClaimDropped => {
            "An unverified e-mail address was removed, because its owner verified it elsewhere."
        }
        Action::EmailChangeCancelled => "The change of the primary e-mail address was cancelled.",
        Action::EmailAdded => "An e-mail address was added.",
        Action::EmailRemoved => "An e-mail address was removed.",
        Action::PhoneAdded => "A phone number was added.",
        Action::PhoneVerificationRequested => "A code was sent to verify a phone number.",
        Action::PhoneVerified => "A phone number was verified.",
        Action::PhoneClaimDropped => "An unverified phone number was removed, because its owner verified it elsewhere.",
        Action::PhoneRemoved => "A phone number was removed.",
        Action::PasswordChanged => "The password was changed.",
        Action::PasswordResetRequested => "A password reset was requested.",
        Action::PasswordReset => "The password was reset by mail.",
        Action::PasswordSet => "The password was set by the operator.",
        Action::PasswordRemoved => "The password was removed.",
        Action::SignedIn => "Somebody signed in to the account.",
        Action::SignedOut => "A sign-in was ended.",
        Action::SignInsRevoked => "All other sign-ins were ended.",
        Action::SignInSwitched => "The browser switched to this account.",
        Action::TokenReused => "A sign-in was ended, because a refresh token was used twice.",
        Action::TotpBegun => "The set-up of an authenticator app was begun.",
        Action::TotpEnrolled => "An authenticator app was set up.",
        Action::TotpRemoved => "The authenticator app was removed.",
        Action::SmsFactorBegun => "The set-up of a phone number as second factor was begun.",
        Action::SmsFactorEnrolled => "A phone number was set up as second factor.",
        Action::SmsFactorRemoved => "The phone number is no second factor any more.",
        Action::SignInCodeSent => "A code for a sign-in was sent to a phone number.",
        Action::SecondFactorCodeSent => "A code of the second factor was sent to a phone number.",
        Action::FactorsReset => "The second factors were removed by the operator.",
        Action::BackupCodesMade => "New backup codes were made.",
        Action::BackupCodeUsed => "A backup code was used.",
        Action::ProvenAgain => "The user confirmed who they are.",
        Action::PasskeyAdded => "A passkey was added.",
        Action::PasskeyRenamed => "A passkey was renamed.",
        Action::PasskeyRemoved => "A passkey was removed.",
        Action::PasskeyRefused => "A passkey was refused, because it may be a copy.",
        Action::SignInNamed => "A sign-in was renamed.",
        Action::ApplicationAllowed => "An application was allowed to use the account.",
        Action::ApplicationSignedIn => "An application signed in to the account.",
        Action::ApplicationRemoved => "The access of an application was withdrawn.",
        Action::CodeReused => "An application was signed out, because its code was used twice.",
        Action::ExportRequested => "An export of the account was requested.",
        Action::ExportDownloaded => "An export of the account was downloaded.",
        Action::ExportRemoved => "An export of the account was removed.",
        Action::DeviceRemembered => "A device is remembered.",
        Action::DeviceForgotten => "A device was forgotten.",
        Action::DevicesForgotten => "All devices were forgotten.",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_a_sentence_of_its_own() {
        let titles: BTreeSet<&str> = Action::ALL.iter().map(|action| title(*action)).collect();
        assert_eq!(titles.len(), Action::ALL.len());
        assert!(titles.iter().all(|title| title.ends_with('.') && *title != UNKNOWN));
    }
}
