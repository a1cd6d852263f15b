//! The account itself.

use std::fmt;

use crate::{
    AuditHead, Factor, Factors, Identifier, IdentifierId, IdentifierKind, Instant, Meter, Picture, UserId, Username,
    profile,
};

/// Whether a second factor is required.
///
/// `Enforced` may be set while no factor is enrolled. It takes effect when one is, so it never locks anybody out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactorPolicy {
    /// Not required.
    #[default]
    None,
    /// Required if a factor is enrolled.
    Enforced,
}

impl SecondFactorPolicy {
    /// The stored value, which is also the audit trail's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Enforced => "enforced",
        }
    }
}

/// The state of the budgets that limit how much an account can write, and how many notices it can cause. They are columns
/// of its row, which every change writes anyway, so they need no statement, and a change that fails spends nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteBudgets {
    /// Changes.
    pub changes: Meter,
    /// Bytes of audit details.
    pub audit_bytes: Meter,
    /// Notices of changed phone numbers.
    pub phone_notices: Meter,
    /// Notices of another primary e-mail address.
    pub email_notices: Meter,
    /// Notices of a changed password.
    pub password_notices: Meter,
    /// Notices of a sign-in from a new device.
    pub sign_in_notices: Meter,
}

/// Why an identifier was not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalRefused {
    /// The account has no such identifier.
    Unknown,
    /// It is the primary e-mail address.
    Primary,
    /// It is the only e-mail address that is proven.
    LastVerified,
    /// It is the phone number that is enrolled as second factor.
    SecondFactor,
}

/// Every second factor of the account is of the channel that began the sign-in, and the same channel never serves as both
/// (R32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("every second factor is of the channel that began the sign-in")]
pub struct SameChannel;

/// One account with its identifiers. Its password and its free-form attributes are read separately.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its row, and `sub` of its tokens.
    pub id: UserId,
    /// Counts changes. Of two writers that read the same version, one fails.
    pub version: i64,
    /// Username, which is public.
    pub preferred_username: Option<Username>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// BCP 47 language tag.
    pub locale: Option<String>,
    /// IANA time zone.
    pub zoneinfo: Option<String>,
    /// Picture.
    pub picture: Option<Picture>,
    /// The user's second-factor policy.
    pub second_factor_policy: SecondFactorPolicy,
    /// The factors that are enrolled beside the password and the addresses: [`Factor::Totp`], [`Factor::Passkey`] and
    /// [`Factor::Sms`]. Kept in step with their rows by each change of them.
    pub enrolled: Factors,
    /// The number of backup codes that are left.
    pub backup_codes_left: i64,
    /// When the password was last set; none for an account without one.
    pub password_changed_at: Option<Instant>,
    /// Counts changes of credentials. Attempts that began in an earlier epoch are void.
    pub credential_epoch: i64,
    /// The number of sign-ins since the account was made.
    pub sign_in_count: i64,
    /// Where the account's audit chain ends.
    pub audit_head: AuditHead,
    /// The state of its write budgets.
    pub write_budgets: WriteBudgets,
    /// When the account was disabled, if it is.
    pub disabled_at: Option<Instant>,
    /// When the account was frozen, if it is: a change was undone, and nobody can sign in or change anything until the password
    /// is reset.
    pub frozen_at: Option<Instant>,
    /// When it will be deleted, if its owner asked for that.
    pub deletion_at: Option<Instant>,
    /// When the account was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Its e-mail addresses and phone numbers, oldest first.
    pub identifiers: Vec<Identifier>,
}

impl User {
    /// A new account with nothing but its id.
    pub fn new(id: UserId, now: Instant) -> Self {
        Self {
            id,
            version: 1,
            preferred_username: None,
            given_name: None,
            family_name: None,
            name: None,
            locale: None,
            zoneinfo: None,
            picture: None,
            second_factor_policy: SecondFactorPolicy::None,
            enrolled: Factors::default(),
            backup_codes_left: 0,
            password_changed_at: None,
            credential_epoch: 0,
            sign_in_count: 0,
            audit_head: AuditHead::default(),
            write_budgets: WriteBudgets::default(),
            disabled_at: None,
            frozen_at: None,
            deletion_at: None,
            created_at: now,
            updated_at: now,
            identifiers: Vec::new(),
        }
    }

    /// The identifiers of a kind, oldest first.
    pub fn identifiers_of(&self, kind: IdentifierKind) -> impl Iterator<Item = &Identifier> {
        self.identifiers.iter().filter(move |identifier| identifier.kind == kind)
    }

    /// One of the account's own identifiers.
    pub fn identifier(&self, id: IdentifierId) -> Option<&Identifier> {
        self.identifiers.iter().find(|identifier| identifier.id == id)
    }

    /// The primary e-mail address.
    pub fn primary_email(&self) -> Option<&Identifier> {
        self.identifiers_of(IdentifierKind::Email).find(|email| email.is_primary)
    }

    /// The primary phone number.
    pub fn primary_phone(&self) -> Option<&Identifier> {
        self.identifiers_of(IdentifierKind::Phone).find(|phone| phone.is_primary)
    }

    /// Makes an identifier the primary one, if the account has none of its kind.
    pub fn make_primary_if_none(&mut self, id: IdentifierId, kind: IdentifierKind) {
        if !self.identifiers_of(kind).any(|own| own.is_primary) {
            profile::make_primary(self, id, kind);
        }
    }

    /// Removes an identifier. The primary e-mail address and the last proven one cannot be removed (R11). A phone number
    /// can, because an account needs none, unless it is the second factor; no other one becomes primary in its place.
    pub fn remove_identifier(&mut self, id: IdentifierId) -> Result<Identifier, RemovalRefused> {
        let place = self.identifiers.iter().position(|own| own.id == id).ok_or(RemovalRefused::Unknown)?;
        let own = &self.identifiers[place];
        if own.is_second_factor {
            return Err(RemovalRefused::SecondFactor);
        }
        if own.kind == IdentifierKind::Email {
            let is_last = !self.identifiers_of(own.kind).any(|other| other.id != id && other.is_verified());
            if own.is_primary {
                return Err(RemovalRefused::Primary);
            }
            if own.is_verified() && is_last {
                return Err(RemovalRefused::LastVerified);
            }
        }
        Ok(self.identifiers.remove(place))
    }

    /// The addresses for security notices: every proven one, or the primary one while none is (R25).
    pub fn notice_addresses(&self) -> Vec<&Identifier> {
        let verified: Vec<_> = self.identifiers_of(IdentifierKind::Email).filter(|email| email.is_verified()).collect();
        if verified.is_empty() { self.primary_email().into_iter().collect() } else { verified }
    }

    /// Whether any identifier is proven. Until then the account only claims its identifiers.
    pub fn is_verified(&self) -> bool {
        self.identifiers.iter().any(Identifier::is_verified)
    }

    /// Whether the account is disabled.
    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Whether the account is frozen.
    pub fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// Whether anybody can be signed in to the account: it is neither disabled nor frozen.
    pub fn is_usable(&self) -> bool {
        !self.is_disabled() && !self.is_frozen()
    }

    /// Whether the account has a password.
    pub fn has_password(&self) -> bool {
        self.password_changed_at.is_some()
    }

    /// Records that the password was set or removed at `now`. Attempts in progress become void.
    pub fn change_password(&mut self, is_set: bool, now: Instant) {
        self.password_changed_at = is_set.then_some(now);
        self.credential_epoch += 1;
        self.touch(now);
    }

    /// Whether a second factor is enrolled, so that [`SecondFactorPolicy::Enforced`] takes effect.
    pub fn has_second_factor(&self) -> bool {
        self.enrolled.has_second()
    }

    /// Whether an authenticator app is enrolled.
    pub fn has_totp(&self) -> bool {
        self.enrolled.contains(Factor::Totp)
    }

    /// Whether the policy demands a second factor, and an account without this one would have none (R34).
    pub fn is_last_demanded(&self, factor: Factor) -> bool {
        self.second_factor_policy == SecondFactorPolicy::Enforced && !self.enrolled.without(factor).has_second()
    }

    /// The factor that a sign-in needs beside those that were proven (R27); none once a second factor was proven. An enrolled authenticator app or phone number is
    /// always asked for. A passkey alone is asked for only if the policy demands a second factor: it is a way to sign in by
    /// itself, and its owner may be at a device without it.
    ///
    /// After a sign-in that the phone began, a backup code or a passkey takes the place of a text message (R32).
    pub fn second_step(&self, proven: &Factors) -> Result<Option<Factor>, SameChannel> {
        if proven.prove_second() {
            return Ok(None);
        }
        let is_enforced = self.second_factor_policy == SecondFactorPolicy::Enforced;
        let is_asked_for = |factor: &Factor| *factor != Factor::Passkey || is_enforced;
        let [totp, sms, passkey] = [Factor::Totp, Factor::Sms, Factor::Passkey];
        let enrolled = [totp, sms, passkey].into_iter().filter(|factor| self.enrolled.contains(*factor));
        let step = enrolled.clone().find(is_asked_for);
        if step != Some(sms) || !proven.contains(Factor::Phone) {
            return Ok(step);
        }
        let usable = self.second_factors_beside(proven);
        let other = [Factor::BackupCode, passkey].into_iter().find(|factor| usable.contains(*factor));
        other.map(Some).ok_or(SameChannel)
    }

    /// The second factors that can be given beside those that were proven, backup codes included. After a sign-in that the
    /// phone began, a text message cannot (R32).
    pub fn second_factors_beside(&self, proven: &Factors) -> Factors {
        let backup_code = self.has_backup_codes().then_some(Factor::BackupCode);
        let all = Factors::of(self.enrolled.iter().chain(backup_code));
        if proven.contains(Factor::Phone) { all.without(Factor::Sms) } else { all }
    }

    /// Adds an enrolled factor. Attempts in progress become void.
    pub fn enrol(&mut self, factor: Factor, now: Instant) {
        self.enrolled = self.enrolled.with(factor);
        self.credential_epoch += 1;
        self.touch(now);
    }

    /// Removes an enrolled factor, and with the last one the backup codes. Attempts in progress become void.
    pub fn unenrol(&mut self, factor: Factor, now: Instant) {
        self.enrolled = self.enrolled.without(factor);
        if !self.has_second_factor() {
            self.backup_codes_left = 0;
        }
        self.credential_epoch += 1;
        self.touch(now);
    }

    /// Whether a phone number is enrolled as second factor.
    pub fn has_sms(&self) -> bool {
        self.enrolled.contains(Factor::Sms)
    }

    /// The phone number that is enrolled as second factor.
    pub fn second_factor_phone(&self) -> Option<&Identifier> {
        self.identifiers_of(IdentifierKind::Phone).find(|phone| phone.is_second_factor && phone.is_verified())
    }

    /// Makes a proven number of the account its second factor, in place of another. Attempts in progress become void.
    pub fn enrol_phone(&mut self, id: IdentifierId, now: Instant) {
        for identifier in &mut self.identifiers {
            identifier.is_second_factor = identifier.id == id;
        }
        self.enrol(Factor::Sms, now);
    }

    /// Removes the phone number from the second factors. The account keeps the number.
    pub fn unenrol_phone(&mut self, now: Instant) {
        for identifier in &mut self.identifiers {
            identifier.is_second_factor = false;
        }
        self.unenrol(Factor::Sms, now);
    }

    /// Whether a passkey is enrolled.
    pub fn has_passkey(&self) -> bool {
        self.enrolled.contains(Factor::Passkey)
    }

    /// Whether there are backup codes left. They replace a second factor, so there are none without one.
    pub fn has_backup_codes(&self) -> bool {
        self.backup_codes_left > 0
    }

    /// A name for the user: the display name, else given and family name, else the username, else the address.
    pub fn display_name(&self) -> Option<String> {
        let full_name = || {
            let parts: Vec<&str> =
                [&self.given_name, &self.family_name].into_iter().flatten().map(String::as_str).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        self.name
            .clone()
            .or_else(full_name)
            .or_else(|| self.preferred_username.as_ref().map(|name| name.as_str().to_owned()))
    }

    /// Words that add nothing to the strength of this account's password (R18).
    pub fn context_words(&self) -> Vec<&str> {
        let names = [&self.given_name, &self.family_name, &self.name].into_iter().flatten().map(String::as_str);
        let handle = self.preferred_username.iter().map(Username::as_str);
        let emails = self.identifiers_of(IdentifierKind::Email);
        let emails = emails.flat_map(|email| [email.value.as_str(), email.value.split('@').next().unwrap_or_default()]);
        names.chain(handle).chain(emails).collect()
    }

    /// Increments the version and sets `updated_at`, in whole milliseconds and later than before.
    pub fn touch(&mut self, now: Instant) {
        self.version += 1;
        self.updated_at = now.max(self.updated_at + chrono::Duration::milliseconds(1));
    }
}

impl fmt::Display for SecondFactorPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    #[test]
    fn r27_what_is_enrolled_decides_the_second_step_and_the_policy_for_passkeys_alone() {
        let now = Instant::from_timestamp(1_800_000_000, 0).unwrap();
        let step = |enrolled: &[Factor], policy| {
            let mut user = User::new(UserId::from_number(7), now);
            for factor in enrolled {
                user.enrol(*factor, now);
            }
            User { second_factor_policy: policy, ..user }.second_step(&Factors::of([Factor::Password])).unwrap()
        };
        let (none, enforced) = (SecondFactorPolicy::None, SecondFactorPolicy::Enforced);
        assert_eq!([none, enforced].map(|policy| step(&[], policy)), [None, None]);
        assert_eq!([none, enforced].map(|policy| step(&[Factor::Totp], policy)), [Some(Factor::Totp); 2]);
        assert_eq!([none, enforced].map(|policy| step(&[Factor::Passkey], policy)), [None, Some(Factor::Passkey)]);
        assert_eq!(step(&[Factor::Passkey, Factor::Totp], enforced), Some(Factor::Totp));
        assert_eq!(
            [none, enforced].map(|policy| step(&[Factor::Sms, Factor::Passkey], policy)),
            [Some(Factor::Sms); 2]
        );
    }

    #[test]
    fn r32_after_a_sign_in_by_phone_a_text_message_is_no_second_step() {
        let now = Instant::from_timestamp(1_800_000_000, 0).unwrap();
        let step = |enrolled: &[Factor], backup_codes_left| {
            let mut user = User::new(UserId::from_number(7), now);
            for factor in enrolled {
                user.enrol(*factor, now);
            }
            User { backup_codes_left, ..user }.second_step(&Factors::of([Factor::Phone]))
        };
        assert_eq!(step(&[], 0), Ok(None));
        assert_eq!(step(&[Factor::Sms], 0), Err(SameChannel));
        assert_eq!(step(&[Factor::Sms], 1), Ok(Some(Factor::BackupCode)));
        assert_eq!(step(&[Factor::Sms, Factor::Passkey], 0), Ok(Some(Factor::Passkey)));
        assert_eq!(step(&[Factor::Sms, Factor::Totp], 0), Ok(Some(Factor::Totp)));
        let mut user = User::new(UserId::from_number(7), now);
        user.enrol(Factor::Sms, now);
        let proven = Factors::of([Factor::Phone, Factor::BackupCode]);
        assert_eq!(user.second_step(&proven), Ok(None), "it was the last backup code");
    }

    #[test]
    fn the_number_of_the_second_factor_stays_until_it_is_none_any_more() {
        let now = Instant::from_timestamp(1_800_000_000, 0).unwrap();
        let mut user = User::new(UserId::from_number(7), now);
        for (id, number) in [(8, "+31612345678"), (9, "+31687654321")] {
            let phone = crate::PhoneNumber::parse(number).unwrap();
            let phone = Identifier::phone(IdentifierId::from_number(id), &phone, id == 8, now);
            user.identifiers.push(Identifier { verified_at: Some(now), ..phone });
        }
        let [first, second] = [8, 9].map(IdentifierId::from_number);
        user.enrol_phone(first, now);
        user.enrol_phone(second, now);
        assert_eq!(user.second_factor_phone().map(|phone| phone.id), Some(second));
        assert_eq!(user.remove_identifier(second), Err(RemovalRefused::SecondFactor));
        assert!(user.remove_identifier(first).is_ok());
        user.unenrol_phone(now);
        assert!(!user.has_sms() && user.second_factor_phone().is_none() && user.credential_epoch == 3);
        assert!(user.remove_identifier(second).is_ok());
    }

    #[test]
    fn backup_codes_go_with_the_last_second_factor() {
        let now = Instant::from_timestamp(1_800_000_000, 0).unwrap();
        let mut user = User::new(UserId::from_number(7), now);
        for factor in [Factor::Totp, Factor::Passkey] {
            user.enrol(factor, now);
        }
        user.backup_codes_left = 10;
        user.unenrol(Factor::Totp, now);
        assert_eq!((user.has_second_factor(), user.backup_codes_left), (true, 10));
        user.unenrol(Factor::Passkey, now);
        assert_eq!((user.has_second_factor(), user.backup_codes_left, user.credential_epoch), (false, 0, 4));
    }
}
