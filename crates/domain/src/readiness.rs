//! Readiness: which ways into the account remain when its owner loses a credential.
//!
//! A lost credential stays enrolled. So an account whose authenticator app is lost is still asked for a code of it.

use crate::{Factor, Factors, Identifier, IdentifierKind, User};

/// What an owner has and may lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// The password, which may be forgotten.
    Password,
    /// The mailbox of the primary address.
    Mailbox,
    /// The phone with the verified numbers, where a number signs in or is the second factor.
    Phone,
    /// The authenticator app.
    Totp,
    /// The backup codes.
    BackupCodes,
    /// A passkey: one of them, if there are several.
    Passkey,
}

/// A way into the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WayIn {
    /// By password, with the second factor that the account asks for.
    Password,
    /// By a new password that is set with a mailed code or link, with that second factor.
    Recovery,
    /// By a code in a text message, with that second factor.
    Phone,
    /// By a passkey alone.
    Passkey,
}

/// What the operator lets users sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    /// Whether a sign-in by password needs a proven address.
    pub requires_verified_email: bool,
    /// Whether a phone number signs in.
    pub signs_in_by_phone: bool,
}

/// The loss of one credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What is lost.
    pub credential: Credential,
    /// The ways in that remain. If there are none, the owner is locked out.
    pub remaining: Vec<WayIn>,
}

/// The ways into an account now, and after each loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The ways in.
    pub ways_in: Vec<WayIn>,
    /// The loss of each credential that the account has.
    pub losses: Vec<Loss>,
}

impl Credential {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Password, Self::Mailbox, Self::Phone, Self::Totp, Self::BackupCodes, Self::Passkey];
}

impl Readiness {
    /// Of an account with this number of passkeys that can be used.
    pub fn of(user: &User, passkeys: usize, means: Means) -> Self {
        let held: Vec<Credential> =
            Credential::ALL.into_iter().filter(|one| has(user, *one, passkeys, means)).collect();
        let without = |lost: Credential| {
            let is_kept = |one: &Credential| *one != lost || (lost == Credential::Passkey && passkeys > 1);
            ways_in(user, &held.iter().copied().filter(is_kept).collect::<Vec<_>>(), means)
        };
        Self {
            ways_in: ways_in(user, &held, means),
            losses: held.iter().map(|lost| Loss { credential: *lost, remaining: without(*lost) }).collect(),
        }
    }

    /// Whether the loss of any one credential leaves a way in.
    pub fn is_ready(&self) -> bool {
        !self.losses.iter().any(|loss| loss.remaining.is_empty())
    }
}

/// Whether the account has a credential.
fn has(user: &User, credential: Credential, passkeys: usize, means: Means) -> bool {
    match credential {
        Credential::Password => user.has_password(),
        // A reset is mailed to the primary address, if that is proven or nothing is.
        Credential::Mailbox => user.primary_email().is_some_and(|email| email.is_verified() || !user.is_verified()),
        Credential::Phone => {
            let mut phones = user.identifiers_of(IdentifierKind::Phone);
            phones.any(|phone| phone.is_verified() && (means.signs_in_by_phone || phone.is_second_factor))
        }
        Credential::Totp => user.has_totp(),
        Credential::BackupCodes => user.has_backup_codes(),
        Credential::Passkey => passkeys > 0,
    }
}

/// The ways into the account for somebody who holds these credentials.
fn ways_in(user: &User, held: &[Credential], means: Means) -> Vec<WayIn> {
    let holds = |credential| held.contains(&credential);
    // Whether the holder can take the step after a first factor.
    let has_second_step = |first: Factor| match user.second_step(&Factors::of([first])) {
        Ok(None) => true,
        Ok(Some(_)) => user.second_factors_beside(&Factors::of([first])).iter().any(|second| match second {
            Factor::Totp => holds(Credential::Totp),
            Factor::Sms => holds(Credential::Phone),
            Factor::BackupCode => holds(Credential::BackupCodes),
            // A passkey is a way in by itself, and none beside another factor.
            _ => false,
        }),
        Err(_same_channel) => false,
    };
    let is_proven = user.primary_email().is_some_and(Identifier::is_verified);
    let needs_mail = means.requires_verified_email && !is_proven;
    let is_open = |way: &WayIn| match way {
        WayIn::Password => {
            let has_mail = !needs_mail || holds(Credential::Mailbox);
            holds(Credential::Password) && has_second_step(Factor::Password) && has_mail
        }
        WayIn::Recovery => holds(Credential::Mailbox) && has_second_step(Factor::Password),
        WayIn::Phone => means.signs_in_by_phone && holds(Credential::Phone) && has_second_step(Factor::Phone),
        WayIn::Passkey => holds(Credential::Passkey),
    };
    [WayIn::Password, WayIn::Recovery, WayIn::Phone, WayIn::Passkey].into_iter().filter(is_open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EmailAddress, IdentifierId, Instant, PhoneNumber, SecondFactorPolicy, UserId, id::Id as _};

    const SHIPPED: Means = Means { requires_verified_email: true, signs_in_by_phone: false };

    fn now() -> Instant {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn user(enrolled: &[Factor]) -> User {
        let mut user = User::new(UserId::from_number(7), now());
        let email = EmailAddress::parse("ada@example.com").unwrap();
        let mut email = Identifier::email(IdentifierId::from_number(8), &email, true, now());
        email.verified_at = Some(now());
        user.identifiers.push(email);
        user.change_password(true, now());
        for factor in enrolled {
            user.enrol(*factor, now());
        }
        user
    }

    fn locking(user: &User, passkeys: usize) -> Vec<Credential> {
        let losses = Readiness::of(user, passkeys, SHIPPED).losses;
        losses.into_iter().filter(|loss| loss.remaining.is_empty()).map(|loss| loss.credential).collect()
    }

    #[test]
    fn a_password_and_a_mailbox_stand_in_for_each_other() {
        let readiness = Readiness::of(&user(&[]), 0, SHIPPED);
        assert_eq!(readiness.ways_in, [WayIn::Password, WayIn::Recovery]);
        let remaining: Vec<_> = readiness.losses.iter().map(|loss| (loss.credential, &loss.remaining[..])).collect();
        assert_eq!(
            remaining,
            [(Credential::Password, &[WayIn::Recovery][..]), (Credential::Mailbox, &[WayIn::Password])]
        );
        assert!(readiness.is_ready());
    }

    #[test]
    fn r34_the_loss_of_the_authenticator_app_locks_out_unless_there_are_backup_codes_or_a_passkey() {
        let mut ada = user(&[Factor::Totp]);
        assert_eq!(locking(&ada, 0), [Credential::Totp]);
        assert!(!Readiness::of(&ada, 0, SHIPPED).is_ready());
        ada.backup_codes_left = 3;
        assert_eq!(locking(&ada, 0), []);
        ada.backup_codes_left = 0;
        ada.enrol(Factor::Passkey, now());
        assert_eq!(locking(&ada, 1), []);
    }

    #[test]
    fn r34_the_authenticator_app_and_the_phone_stand_in_for_each_other() {
        let mut ada = user(&[Factor::Totp, Factor::Sms]);
        let number = PhoneNumber::parse("+31612345678").unwrap();
        let mut phone = Identifier::phone(IdentifierId::from_number(9), &number, true, now());
        (phone.verified_at, phone.is_second_factor) = (Some(now()), true);
        ada.identifiers.push(phone);
        assert_eq!(locking(&ada, 0), []);
        ada.unenrol(Factor::Sms, now());
        ada.identifiers[1].is_second_factor = false;
        assert_eq!(locking(&ada, 0), [Credential::Totp]);
    }

    #[test]
    fn the_only_passkey_of_an_account_without_a_password_leaves_the_mailbox() {
        let mut ada = user(&[Factor::Passkey]);
        ada.change_password(false, now());
        assert_eq!(Readiness::of(&ada, 1, SHIPPED).ways_in, [WayIn::Recovery, WayIn::Passkey]);
        assert_eq!(locking(&ada, 1), []);
        ada.second_factor_policy = SecondFactorPolicy::Enforced;
        assert_eq!(locking(&ada, 1), [Credential::Passkey], "a new password would need the passkey beside it");
        assert_eq!(locking(&ada, 2), [], "there is another one");
    }

    #[test]
    fn a_password_without_a_proven_address_needs_the_mailbox() {
        let mut ada = user(&[]);
        ada.identifiers[0].verified_at = None;
        assert_eq!(locking(&ada, 0), [Credential::Mailbox]);
        assert!(Readiness::of(&ada, 0, Means { requires_verified_email: false, ..SHIPPED }).is_ready());
    }

    #[test]
    fn r32_a_phone_that_is_the_second_factor_locks_out_and_one_that_signs_in_is_a_way() {
        let with_phone = || {
            let mut ada = user(&[]);
            let phone = PhoneNumber::parse("+31612345678").unwrap();
            let mut phone = Identifier::phone(IdentifierId::from_number(9), &phone, true, now());
            phone.verified_at = Some(now());
            ada.identifiers.push(phone);
            ada
        };
        let by_phone = Means { signs_in_by_phone: true, ..SHIPPED };
        assert_eq!(Readiness::of(&with_phone(), 0, SHIPPED).losses.len(), 2, "the phone is of no use");
        let ways = Readiness::of(&with_phone(), 0, by_phone).ways_in;
        assert_eq!(ways, [WayIn::Password, WayIn::Recovery, WayIn::Phone]);
        let mut ada = with_phone();
        ada.enrol_phone(IdentifierId::from_number(9), now());
        assert_eq!(locking(&ada, 0), [Credential::Phone]);
        assert_eq!(Readiness::of(&ada, 0, by_phone).ways_in, [WayIn::Password, WayIn::Recovery], "not twice the phone");
        ada.backup_codes_left = 3;
        assert_eq!(locking(&ada, 0), []);
    }
}
