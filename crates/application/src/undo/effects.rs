//! What an undo does to an account, one thing at a time: a plan compared with the account as it is.

use selfsame_domain::{Identifier, IdentifierKind, SecondFactorPolicy, User};
use selfsame_ports::StorageError;

use super::restore::{Plan, missing_in};
use crate::{core::Work, identifiers::proofs::mask};

/// One thing that an undo does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What.
    pub kind: EffectKind,
    /// With which address, number, passkey or application (its name), or with how many.
    pub value: Option<String>,
}

/// Declares the kinds of effects with their names.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// What an undo does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EffectKind {
            $($(#[$doc])* $kind,)+
        }

        impl EffectKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// An address or number that was removed belongs to the account again.
    ContactRestored = "contact_restored",
    /// One that was added is removed. Masked.
    ContactRemoved = "contact_removed",
    /// One must be proven again.
    ContactUnproven = "contact_unproven",
    /// An address becomes the primary one.
    PrimaryEmail = "primary_email",
    /// A number becomes the primary one.
    PrimaryPhone = "primary_phone",
    /// A change of the primary address that is not confirmed is cancelled. Masked.
    EmailChangeCancelled = "email_change_cancelled",
    /// The password is the earlier one, until the reset.
    PasswordRestored = "password_restored",
    /// The password that was set is removed.
    PasswordRemoved = "password_removed",
    /// The earlier authenticator app is enrolled.
    TotpRestored = "totp_restored",
    /// The authenticator app is removed.
    TotpRemoved = "totp_removed",
    /// Text messages to a number are a second factor.
    SmsRestored = "sms_restored",
    /// Text messages to a number are no second factor any more. Masked.
    SmsRemoved = "sms_removed",
    /// A passkey that was removed is registered.
    PasskeyRestored = "passkey_restored",
    /// A passkey is removed.
    PasskeyRemoved = "passkey_removed",
    /// So many earlier backup codes are good, and no others.
    BackupCodesRestored = "backup_codes_restored",
    /// All backup codes are void.
    BackupCodesRemoved = "backup_codes_removed",
    /// A second factor is demanded.
    PolicyEnforced = "policy_enforced",
    /// No second factor is demanded.
    PolicyNone = "policy_none",
    /// What an application was allowed is withdrawn.
    ApplicationWithdrawn = "application_withdrawn",
    /// The scheduled deletion is called off.
    DeletionCancelled = "deletion_cancelled",
    /// Nothing of the above.
    Unchanged = "unchanged",
    /// So many sign-ins end.
    SignInsEnded = "sign_ins_ended",
    /// The way to a new password is mailed to this address.
    ResetMailed = "reset_mailed",
    /// It is mailed to nobody, because no proven address is left.
    ResetNotMailed = "reset_not_mailed",
}

impl EffectKind {
    pub(super) fn of(self, value: impl Into<String>) -> Effect {
        Effect { kind: self, value: Some(value.into()) }
    }

    pub(super) fn alone(self) -> Effect {
        Effect { kind: self, value: None }
    }
}

/// The effects of a plan on identifiers, password, factors and a scheduled deletion of a locked account.
pub(super) fn effects(work: &mut Work<'_>, account: &User, plan: &Plan) -> Result<Vec<Effect>, StorageError> {
    let mut effects = of_identifiers(account, &plan.account);
    let password = work.accounts().password(account.id)?;
    if password != plan.password {
        let is_restored = plan.password.is_some();
        effects.push(if is_restored { EffectKind::PasswordRestored } else { EffectKind::PasswordRemoved }.alone());
    }
    let enrolled_at = work.second_factors().totp(account.id)?.map(|totp| totp.created_at);
    if enrolled_at != plan.totp.as_ref().map(|totp| totp.created_at) {
        let is_restored = plan.totp.is_some();
        effects.push(if is_restored { EffectKind::TotpRestored } else { EffectKind::TotpRemoved }.alone());
    }
    let (old, new) = (account.second_factor_phone(), plan.account.second_factor_phone());
    if !same(old, new) {
        effects.extend(old.map(|old| EffectKind::SmsRemoved.of(mask(old))));
        effects.extend(new.map(|new| EffectKind::SmsRestored.of(&new.value)));
    }
    let (now, then) = (&plan.present_passkeys, &plan.passkeys);
    effects.extend(missing_in(now, then).map(|passkey| EffectKind::PasskeyRestored.of(&passkey.name)));
    effects.extend(missing_in(then, now).map(|passkey| EffectKind::PasskeyRemoved.of(&passkey.name)));
    let mut codes = work.second_factors().backup_codes(account.id)?;
    let mut restored = plan.backup_codes.clone();
    codes.sort_unstable();
    restored.sort_unstable();
    if codes != restored {
        effects.push(match restored.len() {
            0 => EffectKind::BackupCodesRemoved.alone(),
            count => EffectKind::BackupCodesRestored.of(count.to_string()),
        });
    }
    if account.second_factor_policy != plan.account.second_factor_policy {
        let is_enforced = plan.account.second_factor_policy == SecondFactorPolicy::Enforced;
        effects.push(if is_enforced { EffectKind::PolicyEnforced } else { EffectKind::PolicyNone }.alone());
    }
    effects.extend(account.deletion_at.map(|_| EffectKind::DeletionCancelled.alone()));
    Ok(effects)
}

fn of_identifiers(before: &User, after: &User) -> Vec<Effect> {
    let in_account = |account: &User, own: &Identifier| {
        account.identifiers.iter().find(|other| same(Some(other), Some(own))).cloned()
    };
    let mut effects = Vec::new();
    for own in &after.identifiers {
        let present = in_account(before, own);
        if present.is_none() {
            effects.push(EffectKind::ContactRestored.of(&own.value));
        }
        if !own.is_verified() && present.is_none_or(|present| present.is_verified()) {
            effects.push(EffectKind::ContactUnproven.of(&own.value));
        }
    }
    let removed = before.identifiers.iter().filter(|own| in_account(after, own).is_none());
    effects.extend(removed.map(|own| EffectKind::ContactRemoved.of(mask(own))));
    for (kind, effect) in
        [(IdentifierKind::Email, EffectKind::PrimaryEmail), (IdentifierKind::Phone, EffectKind::PrimaryPhone)]
    {
        let primary = |account: &User| account.identifiers_of(kind).find(|own| own.is_primary).cloned();
        let (old, new) = (primary(before), primary(after));
        if !same(old.as_ref(), new.as_ref()) {
            effects.extend(new.map(|new| effect.of(new.value)));
        }
    }
    effects
}

/// Whether both are the same address or number, or none.
fn same(one: Option<&Identifier>, other: Option<&Identifier>) -> bool {
    let canonical = |own: &Identifier| (own.kind, own.canonical.clone());
    one.map(canonical) == other.map(canonical)
}
