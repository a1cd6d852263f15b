//! Events that other services are told of: their types, the patterns by which an endpoint subscribes to them, and the name
//! of an endpoint.
//!
//! `EventType::of` is the one table from what is recorded to what is told. It is exhaustive, so a new [`Action`] decides
//! whether it concerns others.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Action, Difference};

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The type of an event: a subject and what happened to it, with a dot between them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventType { $($(#[$doc])* $name,)* }

        impl EventType {
            /// Every type, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The text that is sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

event_types! {
    /// An account was made. Its address may be unproven.
    UserCreated = "user.created",
    /// Profile claims, the primary address or the primary number changed.
    UserUpdated = "user.updated",
    /// An operator disabled the account.
    UserDisabled = "user.disabled",
    /// An operator enabled the account.
    UserEnabled = "user.enabled",
    /// The account is frozen, because a change of it was undone: addresses, password and factors are as they were before.
    UserFrozen = "user.frozen",
    /// The account is usable again.
    UserUnfrozen = "user.unfrozen",
    /// The account will be deleted.
    UserDeletionScheduled = "user.deletion_scheduled",
    /// The account will not be deleted after all.
    UserDeletionCancelled = "user.deletion_cancelled",
    /// The account is gone.
    UserDeleted = "user.deleted",
    /// An address was added, unproven.
    EmailAdded = "email.added",
    /// An address was proven.
    EmailVerified = "email.verified",
    /// Another address is the primary one.
    EmailChanged = "email.changed",
    /// The account lost an address.
    EmailRemoved = "email.removed",
    /// A phone number was added, unproven.
    PhoneAdded = "phone.added",
    /// A phone number was proven.
    PhoneVerified = "phone.verified",
    /// Another phone number is the primary one, or none is.
    PhoneChanged = "phone.changed",
    /// The account lost a phone number.
    PhoneRemoved = "phone.removed",
    /// The password was set, by whomever.
    PasswordChanged = "password.changed",
    /// The account has no password any more.
    PasswordRemoved = "password.removed",
    /// An authenticator app, a phone number as second factor, a passkey or backup codes were enrolled.
    FactorAdded = "factor.added",
    /// An authenticator app, a phone number as second factor or a passkey was removed.
    FactorRemoved = "factor.removed",
    /// A passkey was refused, because it may be a copy.
    FactorRefused = "factor.refused",
    /// The user signed in.
    SignInStarted = "sign_in.started",
    /// A sign-in ended.
    SignInEnded = "sign_in.ended",
    /// Every sign-in of the account ended, or every other one.
    SignInRevoked = "sign_in.revoked",
}

impl EventType {
    /// The types of event that an action with these changes is: the one of the table, and those of a primary address or
    /// number that is another one since a change of the profile.
    pub fn all_of(action: Action, changes: &[Difference]) -> Vec<Self> {
        let changed = |pointer: &str| changes.iter().any(|change| change.pointer == pointer);
        let mut types: Vec<Self> = Self::of(action).into_iter().collect();
        if action == Action::ProfileUpdated {
            types.extend(changed("/email").then_some(Self::EmailChanged));
            types.extend(changed("/phone_number").then_some(Self::PhoneChanged));
        }
        types
    }

    /// The type of event that an action is; `None` if it concerns nobody but the user.
    fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::UserCreated => Self::UserCreated,
            Action::ProfileUpdated => Self::UserUpdated,
            Action::UserDisabled => Self::UserDisabled,
            Action::UserEnabled => Self::UserEnabled,
            Action::AccountFrozen => Self::UserFrozen,
            Action::AccountUnfrozen => Self::UserUnfrozen,
            Action::DeletionScheduled => Self::UserDeletionScheduled,
            Action::DeletionCancelled => Self::UserDeletionCancelled,
            Action::UserDeleted => Self::UserDeleted,
            Action::EmailAdded => Self::EmailAdded,
            Action::EmailVerified => Self::EmailVerified,
            Action::EmailChanged => Self::EmailChanged,
            Action::EmailRemoved | Action::EmailClaimDropped => Self::EmailRemoved,
            Action::PhoneAdded => Self::PhoneAdded,
            Action::PhoneVerified => Self::PhoneVerified,
            Action::PhoneRemoved | Action::PhoneClaimDropped => Self::PhoneRemoved,
            Action::PasswordChanged | Action::PasswordReset | Action::PasswordSet => Self::PasswordChanged,
            Action::PasswordRemoved => Self::PasswordRemoved,
            Action::TotpEnrolled | Action::SmsFactorEnrolled | Action::PasskeyAdded | Action::BackupCodesMade => {
                Self::FactorAdded
            }
            Action::TotpRemoved | Action::SmsFactorRemoved | Action::PasskeyRemoved | Action::FactorsReset => {
                Self::FactorRemoved
            }
            Action::PasskeyRefused => Self::FactorRefused,
            Action::SignedIn | Action::ApplicationSignedIn => Self::SignInStarted,
            Action::SignedOut | Action::TokenReused | Action::CodeReused => Self::SignInEnded,
            Action::SignInsRevoked => Self::SignInRevoked,
            // Requests that changed nothing yet, what the user keeps for themselves, and an undo, which the freeze tells of.
            Action::ChangeUndone
            | Action::EmailVerificationRequested
            | Action::EmailChangeRequested
            | Action::EmailChangeCancelled
            | Action::PhoneVerificationRequested
            | Action::PasswordResetRequested
            | Action::TotpBegun
            | Action::SmsFactorBegun
            | Action::SignInCodeSent
            | Action::SecondFactorCodeSent
            | Action::BackupCodeUsed
            | Action::ProvenAgain
            | Action::PasskeyRenamed
            | Action::SignInNamed
            | Action::SignInSwitched
            | Action::ApplicationAllowed
            | Action::ApplicationRemoved
            | Action::IdentityLinked
            | Action::IdentityUnlinked
            | Action::ExportRequested
            | Action::ExportDownloaded
            | Action::ExportRemoved
            | Action::DeviceRemembered
            | Action::DeviceForgotten
            | Action::DevicesForgotten => return None,
        })
    }
}

/// What an endpoint subscribes to: `*`, every type of a subject (`user.*`), or one type (`email.changed`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPattern(String);

impl EventPattern {
    /// Whether it stands for this type.
    pub fn matches(&self, event: EventType) -> bool {
        let subject = self.0.strip_suffix('*');
        subject.map_or_else(|| self.0 == event.as_str(), |subject| event.as_str().starts_with(subject))
    }
}

/// A text is not a pattern that stands for any type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not *, a subject such as user.*, or a type of event such as email.changed")]
pub struct NotAPattern;

impl FromStr for EventPattern {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        let is_whole = text == "*" || text.ends_with(".*") || !text.contains('*');
        let pattern = Self(text.to_owned());
        let stands_for_some = EventType::ALL.iter().any(|event| pattern.matches(*event));
        if is_whole && stands_for_some { Ok(pattern) } else { Err(NotAPattern) }
    }
}

impl fmt::Display for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name that the operator gives to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EndpointName(String);

/// The greatest length of a name.
const LONGEST_NAME: usize = 32;

impl EndpointName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text is not the name of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not a name of at most {LONGEST_NAME} lower-case letters, digits, hyphens and underscores that begins with a letter"
)]
pub struct NotAnEndpointName;

impl TryFrom<String> for EndpointName {
    type Error = NotAnEndpointName;

    fn try_from(text: String) -> Result<Self, NotAnEndpointName> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let is_name = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_plain);
        if is_name && text.len() <= LONGEST_NAME { Ok(Self(text)) } else { Err(NotAnEndpointName) }
    }
}

impl FromStr for EndpointName {
    type Err = NotAnEndpointName;

    fn from_str(text: &str) -> Result<Self, NotAnEndpointName> {
        text.to_owned().try_into()
    }
}

impl From<EndpointName> for String {
    fn from(name: EndpointName) -> Self {
        name.0
    }
}

impl fmt::Display for EndpointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &str) -> Vec<&'static str> {
        let pattern: EventPattern = pattern.parse().unwrap();
        EventType::ALL.iter().filter(|event| pattern.matches(**event)).map(|event| event.as_str()).collect()
    }

    #[test]
    fn a_pattern_stands_for_everything_a_subject_or_one_type() {
        assert_eq!(matched("*").len(), EventType::ALL.len());
        assert_eq!(matched("phone.*"), ["phone.added", "phone.verified", "phone.changed", "phone.removed"]);
        assert_eq!(matched("email.changed"), ["email.changed"]);
    }

    #[test]
    fn another_primary_address_is_told_as_such_by_whichever_action_it_became_one() {
        let change = Difference { pointer: "/email".to_owned(), old: "a@b.example".into(), new: "c@d.example".into() };
        let types = |action| EventType::all_of(action, std::slice::from_ref(&change));
        assert_eq!(types(Action::ProfileUpdated), [EventType::UserUpdated, EventType::EmailChanged]);
        assert_eq!(types(Action::EmailChanged), [EventType::EmailChanged]);
        assert_eq!(types(Action::ProvenAgain), []);
    }

    #[test]
    fn a_pattern_that_would_never_match_is_refused() {
        for text in ["", "user", "user.", "users.*", "user.creat*", "*.created", "email.change", "**", "User.*", ".*"] {
            assert_eq!(text.parse::<EventPattern>(), Err(NotAPattern), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_a_word_without_anything_that_separates_words() {
        for text in ["billing", "crm_2", "crm-eu", "a"] {
            assert_eq!(text.parse::<EndpointName>().unwrap().as_str(), text);
        }
        let long = "a".repeat(33);
        for text in ["", "Billing", "2crm", "_a", "a.b", "a b", "a=b", "é", &long] {
            assert_eq!(text.parse::<EndpointName>(), Err(NotAnEndpointName), "{text:?}");
        }
    }
}
