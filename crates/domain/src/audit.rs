//! The audit trail of an account, as a keyed chain: each record has a MAC over itself, over the MAC of its details and
//! over the MAC of the record before it (R79, R80).
//!
//! Somebody who can write the database but has no key can neither change a record nor add one. The account's row stores
//! the end of the chain, so that records removed at the end are detected. The details hold personal data (IP address,
//! old and new values). They may be erased: their MAC stays, and the chain stays valid (R77).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Instant, SignInId, UserId, id::Id};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stored value.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The reverse of [`Action::as_str`].
            pub fn from_stored(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

actions! {
    /// The account was made.
    UserCreated = "user.created",
    /// An operator disabled it.
    UserDisabled = "user.disabled",
    /// An operator enabled it.
    UserEnabled = "user.enabled",
    /// It was removed, by an operator or because its owner asked for that; its trail stays.
    UserDeleted = "user.deleted",
    /// Its owner asked for its deletion, after the grace.
    DeletionScheduled = "deletion.scheduled",
    /// The deletion was called off.
    DeletionCancelled = "deletion.cancelled",
    /// A change and all later ones were undone by the link of its notice.
    ChangeUndone = "change.undone",
    /// The account was frozen, because a change of it was undone.
    AccountFrozen = "account.frozen",
    /// It is usable again, by a reset of the password or by an operator.
    AccountUnfrozen = "account.unfrozen",
    /// Profile claims changed.
    ProfileUpdated = "profile.updated",
    /// A proof of an address was mailed.
    EmailVerificationRequested = "email.verification_requested",
    /// An address was proven.
    EmailVerified = "email.verified",
    /// Another primary address was asked for.
    EmailChangeRequested = "email.change_requested",
    /// Another primary address is in force.
    EmailChanged = "email.changed",
    /// A claim to an address was dropped, because somebody else proved it.
    EmailClaimDropped = "email.claim_dropped",
    /// A pending change of the primary address was cancelled.
    EmailChangeCancelled = "email.change_cancelled",
    /// An address was added, unproven.
    EmailAdded = "email.added",
    /// An address was removed.
    EmailRemoved = "email.removed",
    /// A phone number was added, unproven.
    PhoneAdded = "phone.added",
    /// A proof of a phone number was sent.
    PhoneVerificationRequested = "phone.verification_requested",
    /// A phone number was proven.
    PhoneVerified = "phone.verified",
    /// A claim to a phone number was dropped, because somebody else proved it.
    PhoneClaimDropped = "phone.claim_dropped",
    /// A phone number was removed.
    PhoneRemoved = "phone.removed",
    /// The password was changed by its owner.
    PasswordChanged = "password.changed",
    /// A password reset was asked for.
    PasswordResetRequested = "password.reset_requested",
    /// The password was set by a mailed proof.
    PasswordReset = "password.reset",
    /// The password was set by an operator.
    PasswordSet = "password.set",
    /// The password was removed by its owner.
    PasswordRemoved = "password.removed",
    /// The user signed in.
    SignedIn = "sign_in.started",
    /// A sign-in was ended.
    SignedOut = "sign_in.ended",
    /// An operator removed the second factors, for a user who lost them.
    FactorsReset = "factors.reset",
    /// Several sign-ins ended at once: every one by the operator or the user, or all others by the user.
    SignInsRevoked = "sign_in.revoked",
    /// Another sign-in of the browser became active.
    SignInSwitched = "sign_in.switched",
    /// A spent refresh token came again: the sign-in was ended.
    TokenReused = "token.reused",
    /// The enrolment of an authenticator app began.
    TotpBegun = "totp.begun",
    /// An authenticator app was enrolled, perhaps in place of another.
    TotpEnrolled = "totp.enrolled",
    /// The authenticator app was removed.
    TotpRemoved = "totp.removed",
    /// The enrolment of a phone number as second factor began.
    SmsFactorBegun = "sms.begun",
    /// A phone number was enrolled as second factor.
    SmsFactorEnrolled = "sms.enrolled",
    /// The phone number is no second factor any more.
    SmsFactorRemoved = "sms.removed",
    /// A code for a sign-in was sent to a phone number.
    SignInCodeSent = "sign_in.code_sent",
    /// A code of the second factor was sent to a phone number, for a user who is signed in.
    SecondFactorCodeSent = "sign_in.second_factor_code_sent",
    /// New backup codes were made; the earlier ones are void.
    BackupCodesMade = "backup_codes.made",
    /// A backup code was used.
    BackupCodeUsed = "backup_codes.used",
    /// The user proved again who they are.
    ProvenAgain = "sign_in.proven_again",
    /// A passkey was registered.
    PasskeyAdded = "passkey.added",
    /// A passkey got another name.
    PasskeyRenamed = "passkey.renamed",
    /// A passkey was removed.
    PasskeyRemoved = "passkey.removed",
    /// A passkey was used whose signature counter went back: it may be a copy.
    PasskeyRefused = "passkey.refused",
    /// A sign-in got another name.
    SignInNamed = "sign_in.named",
    /// A device is remembered.
    DeviceRemembered = "device.remembered",
    /// A remembered device was forgotten.
    DeviceForgotten = "device.forgotten",
    /// All remembered devices were forgotten.
    DevicesForgotten = "device.all_forgotten",
    /// An export of everything that the account holds was asked for.
    ExportRequested = "export.requested",
    /// The archive of an export was handed out, to the owner or to an operator.
    ExportDownloaded = "export.downloaded",
    /// An export was removed by its owner, made or not.
    ExportRemoved = "export.removed",
    /// The user allowed an application something, or more than before.
    ApplicationAllowed = "application.allowed",
    /// An application signed in for the user.
    ApplicationSignedIn = "application.signed_in",
    /// The user withdrew what an application was allowed.
    ApplicationRemoved = "application.removed",
    /// An authorization code came again: the tokens that it gave were revoked.
    CodeReused = "code.reused",
    /// An identity of another issuer was linked: its tokens stand for the account.
    IdentityLinked = "identity.linked",
    /// An identity of another issuer was unlinked: its tokens are refused.
    IdentityUnlinked = "identity.unlinked",
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user, signed in.
    User(UserId),
    /// Somebody who is not signed in.
    Anonymous,
    /// The operator, on the command line.
    Operator,
}

impl Actor {
    /// The stored text: the user's id, or a word.
    pub fn to_text(self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Anonymous => "anonymous".to_owned(),
            Self::Operator => "operator".to_owned(),
        }
    }
}

/// The old and the new value of one member that changed. Never a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Where the member is: a JSON Pointer (RFC 6901) whose first token is an OpenID Connect claim.
    pub pointer: String,
    /// Before.
    pub old: Value,
    /// After.
    pub new: Value,
}

/// The part of a record that may be erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// The client's IP address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The client's `User-Agent`, shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The members that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Difference>,
}

/// An event to be recorded, in the transaction of the change.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// The account it happened to; each account has a chain of its own.
    pub subject: UserId,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub action: Action,
    /// When.
    pub occurred_at: Instant,
    /// In which sign-in.
    pub sign_in_id: Option<SignInId>,
    /// In which request.
    pub request_id: String,
    /// The part that may be erased.
    pub details: Details,
}

/// Where a chain ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// Records in the chain.
    pub sequence: i64,
    /// The MAC of the last one; zeros if there is none.
    pub mac: [u8; 32],
}

/// A record as it is stored, byte for byte as it was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// The account.
    pub subject: UserId,
    /// Place in the account's chain, from 1.
    pub sequence: i64,
    /// See [`Actor::to_text`].
    pub actor: String,
    /// See [`Action::as_str`].
    pub action: String,
    /// When, in whole milliseconds.
    pub occurred_at: Instant,
    /// Sign-in, if any.
    pub sign_in_id: Option<SignInId>,
    /// Request.
    pub request_id: String,
    /// [`Details`] as JSON; none once they are erased.
    pub details: Option<String>,
    /// MAC of the details.
    pub details_mac: [u8; 32],
    /// MAC of the record.
    pub mac: [u8; 32],
}

/// Makes a MAC for a context under a key that is not in the database.
pub type Mac<'a> = &'a dyn Fn(&str, &[u8]) -> [u8; 32];

const DETAILS: &str = "audit details";
const RECORD: &str = "audit record";

impl AuditRecord {
    /// The record of an event, chained to the end of its account's chain.
    pub fn chained(head: &AuditHead, event: &AuditEvent, mac: Mac<'_>) -> Self {
        let details = serde_json::to_string(&event.details).unwrap_or_default();
        let mut record = Self {
            subject: event.subject,
            sequence: head.sequence + 1,
            actor: event.actor.to_text(),
            action: event.action.as_str().to_owned(),
            occurred_at: event.occurred_at,
            sign_in_id: event.sign_in_id,
            request_id: event.request_id.clone(),
            details_mac: mac(DETAILS, &details_text(event.subject, head.sequence + 1, &details)),
            details: Some(details),
            mac: [0; 32],
        };
        record.mac = mac(RECORD, &record.text(&head.mac));
        record
    }

    /// The end of a chain whose last record is this one.
    pub fn head(&self) -> AuditHead {
        AuditHead { sequence: self.sequence, mac: self.mac }
    }

    /// The details; `None` once they are erased, or if another build wrote them.
    pub fn read_details(&self) -> Option<Details> {
        serde_json::from_str(self.details.as_deref()?).ok()
    }

    /// The input of the MAC: every field with its length before it, so that no two records have the same input.
    fn text(&self, previous: &[u8; 32]) -> Vec<u8> {
        let mut text = Vec::with_capacity(256);
        let mut field = |bytes: &[u8]| {
            text.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            text.extend_from_slice(bytes);
        };
        field(previous);
        field(&self.subject.number().to_be_bytes());
        field(&self.sequence.to_be_bytes());
        field(self.actor.as_bytes());
        field(self.action.as_bytes());
        field(&self.occurred_at.timestamp_millis().to_be_bytes());
        field(&self.sign_in_id.map_or(0, Id::number).to_be_bytes());
        field(self.request_id.as_bytes());
        field(&self.details_mac);
        text
    }

    /// Whether it is what was written, after a record with the MAC of `head`.
    pub(crate) fn follows(&self, head: &AuditHead, mac: Mac<'_>) -> Result<(), Flaw> {
        let details = self.details.as_ref().map(|details| details_text(self.subject, self.sequence, details));
        if self.sequence != head.sequence + 1 {
            Err(Flaw::Missing)
        } else if details.is_some_and(|details| mac(DETAILS, &details) != self.details_mac) {
            Err(Flaw::Details)
        } else if mac(RECORD, &self.text(&head.mac)) != self.mac {
            Err(Flaw::Record)
        } else {
            Ok(())
        }
    }
}

/// The input of the MAC of the details, with their place: equal details in two places have different MACs.
fn details_text(subject: UserId, sequence: i64, details: &str) -> Vec<u8> {
    [&subject.number().to_be_bytes()[..], &sequence.to_be_bytes(), details.as_bytes()].concat()
}

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A record is missing before this place.
    #[error("a record is missing")]
    Missing,
    /// The details are not those that were written.
    #[error("the details were changed")]
    Details,
    /// The record is not the one that was written, or follows another one.
    #[error("the record was changed")]
    Record,
    /// The account's row says that the chain ends elsewhere: its last records were removed or replaced.
    #[error("the chain does not end where the account says")]
    End,
}

/// The first place at which a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenLink {
    /// The place.
    pub sequence: i64,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// Checks a chain record by record, in order and from the first one on.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChainCheck {
    head: AuditHead,
}

impl ChainCheck {
    /// Checks that a record follows the one before.
    pub fn next(&mut self, record: &AuditRecord, mac: Mac<'_>) -> Result<(), BrokenLink> {
        record.follows(&self.head, mac).map_err(|flaw| BrokenLink { sequence: self.head.sequence + 1, flaw })?;
        self.head = record.head();
        Ok(())
    }

    /// Checks that the last record is the one that the account's row names. Not called for an account that was deleted.
    pub fn end(&self, anchor: &AuditHead) -> Result<(), BrokenLink> {
        if self.head == *anchor {
            Ok(())
        } else {
            Err(BrokenLink { sequence: self.head.sequence + 1, flaw: Flaw::End })
        }
    }

    /// The number of records that were checked.
    pub fn length(&self) -> i64 {
        self.head.sequence
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn mac(context: &str, data: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update("key").chain_update(context).chain_update(data).finalize().into()
    }

    fn chain(length: i64) -> Vec<AuditRecord> {
        let mut head = AuditHead::default();
        let difference = Difference { pointer: "/name".into(), old: Value::Null, new: json!({"b": 1, "a": 2}) };
        let event = AuditEvent {
            subject: UserId::from_number(7),
            actor: Actor::Anonymous,
            action: Action::ProfileUpdated,
            occurred_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            sign_in_id: None,
            request_id: "r".into(),
            details: Details { ip: Some("192.0.2.1".into()), user_agent: None, changes: vec![difference] },
        };
        let link = |_| {
            let record = AuditRecord::chained(&head, &event, &mac);
            head = record.head();
            record
        };
        (0..length).map(link).collect()
    }

    fn check(records: &[AuditRecord], anchor: AuditHead) -> Option<(i64, Flaw)> {
        let mut check = ChainCheck::default();
        let checked = records.iter().try_for_each(|record| check.next(record, &mac)).and_then(|()| check.end(&anchor));
        checked.err().map(|broken| (broken.sequence, broken.flaw))
    }

    #[test]
    fn r80_a_whole_chain_holds_also_after_its_details_are_erased() {
        let mut records = chain(5);
        let anchor = records[4].head();
        assert_eq!(check(&records, anchor), None);
        records[2].details = None;
        assert_eq!(check(&records, anchor), None);
    }

    #[test]
    fn r80_a_changed_removed_or_reordered_record_breaks_it() {
        let anchor = chain(5)[4].head();
        let broken = |change: &dyn Fn(&mut Vec<AuditRecord>)| {
            let mut records = chain(5);
            change(&mut records);
            check(&records, anchor)
        };
        assert_eq!(broken(&|records| records[2].actor = "operator".into()), Some((3, Flaw::Record)));
        assert_eq!(broken(&|records| records[2].details = Some("{}".into())), Some((3, Flaw::Details)));
        assert_eq!(broken(&|records| drop(records.remove(1))), Some((2, Flaw::Missing)));
        assert_eq!(broken(&|records| records.swap(3, 4)), Some((4, Flaw::Missing)));
    }

    #[test]
    fn r80_records_that_were_cut_off_the_end_are_missed() {
        let records = chain(5);
        assert_eq!(check(&records[..4], records[4].head()), Some((5, Flaw::End)));
        assert_eq!(check(&[], records[4].head()), Some((1, Flaw::End)));
    }

    #[test]
    fn every_action_reads_back_from_its_word() {
        for action in [Action::UserCreated, Action::TokenReused, Action::EmailClaimDropped, Action::SignInsRevoked] {
            assert_eq!(Action::from_stored(action.as_str()), Some(action));
        }
    }
}
