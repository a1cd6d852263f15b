//! What happened to an account, in a chain of hashes: each row's hash covers the row and the hash before it (R79, R80).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{AuditId, Instant, SignInId, UserId};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// The stored word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The reverse of [`Action::as_str`].
            pub fn from_word(word: &str) -> Option<Self> {
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
    /// An operator removed it; its trail stays.
    UserDeleted = "user.deleted",
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
    /// The password was changed by its owner.
    PasswordChanged = "password.changed",
    /// A password reset was asked for.
    PasswordResetRequested = "password.reset_requested",
    /// The password was set by a mailed proof.
    PasswordReset = "password.reset",
    /// The password was set by an operator.
    PasswordSet = "password.set",
    /// The user signed in.
    SignedIn = "sign_in.started",
    /// A sign-in was ended.
    SignedOut = "sign_in.ended",
    /// An operator ended every sign-in of the account.
    SignInsRevoked = "sign_in.revoked",
    /// Another sign-in of the browser became active.
    SignInSwitched = "sign_in.switched",
    /// A refresh token was rotated.
    TokenRefreshed = "token.refreshed",
    /// A spent refresh token came again: the sign-in was ended.
    TokenReused = "token.reused",
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

/// The old and the new value of one claim. Secrets never come here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Under its OpenID Connect name.
    pub claim: String,
    /// Before.
    pub old: Value,
    /// After.
    pub new: Value,
}

/// One thing that happened, to be written in the transaction that makes it so.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// Its row.
    pub id: AuditId,
    /// The account it happened to; each account has a chain of its own.
    pub subject: UserId,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub action: Action,
    /// When.
    pub occurred_at: Instant,
    /// From which address.
    pub ip: Option<String>,
    /// In which sign-in.
    pub sign_in_id: Option<SignInId>,
    /// In which request.
    pub request_id: String,
    /// What changed.
    pub differences: Vec<Difference>,
}

/// A written row: the event with its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// Place in the account's chain, from 1.
    pub sequence: i64,
    /// The hash of the row before; zeros for the first.
    pub previous_hash: [u8; 32],
    /// This row's hash.
    pub hash: [u8; 32],
    /// Account, actor, action, … as the row holds them.
    pub content: RecordContent,
}

/// What an audit row says, in the types in which it is stored, so that a row reads back into the very bytes that were hashed.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordContent {
    /// The account.
    pub subject: i64,
    /// See [`Actor::to_text`].
    pub actor: String,
    /// See [`Action::as_str`].
    pub action: String,
    /// Unix time in microseconds.
    pub occurred_at: i64,
    /// Address, if known.
    pub ip: Option<String>,
    /// Sign-in, if any.
    pub sign_in_id: Option<i64>,
    /// Request.
    pub request_id: String,
    /// What changed, as JSON.
    pub differences: Value,
}

impl RecordContent {
    /// The content of an event's row.
    pub fn of(event: &AuditEvent) -> Self {
        use crate::id::Id as _;
        Self {
            subject: event.subject.number(),
            actor: event.actor.to_text(),
            action: event.action.as_str().to_owned(),
            occurred_at: event.occurred_at.timestamp_micros(),
            ip: event.ip.clone(),
            sign_in_id: event.sign_in_id.map(crate::id::Id::number),
            request_id: event.request_id.clone(),
            differences: json!(event.differences),
        }
    }

    /// SHA-256 over the hash before, the place in the chain and the content as a canonical JSON array.
    ///
    /// The members of JSON objects are in the order of their names, so that a database which reorders them does not matter.
    pub fn chain_hash(&self, previous: &[u8; 32], sequence: i64) -> [u8; 32] {
        let line = json!([
            sequence,
            self.subject,
            self.actor,
            self.action,
            self.occurred_at,
            self.ip,
            self.sign_in_id,
            self.request_id,
            self.differences
        ]);
        Sha256::new().chain_update(previous).chain_update(line.to_string()).finalize().into()
    }
}

/// The place of the first row that does not follow from the one before, if any. `records` are a whole chain, in order.
pub fn first_broken_link(records: &[AuditRecord]) -> Option<i64> {
    let mut previous = [0; 32];
    for (record, sequence) in records.iter().zip(1..) {
        let follows = record.sequence == sequence
            && record.previous_hash == previous
            && record.hash == record.content.chain_hash(&previous, sequence);
        if !follows {
            return Some(sequence);
        }
        previous = record.hash;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    fn chain(length: i64) -> Vec<AuditRecord> {
        let mut previous_hash = [0; 32];
        let event = AuditEvent {
            id: AuditId::from_number(1),
            subject: UserId::from_number(7),
            actor: Actor::Anonymous,
            action: Action::ProfileUpdated,
            occurred_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            ip: Some("192.0.2.1".into()),
            sign_in_id: None,
            request_id: "r".into(),
            differences: vec![Difference { claim: "name".into(), old: Value::Null, new: json!({"b": 1, "a": 2}) }],
        };
        let link = |sequence| {
            let content = RecordContent::of(&event);
            let hash = content.chain_hash(&previous_hash, sequence);
            let record = AuditRecord { sequence, previous_hash, hash, content };
            previous_hash = hash;
            record
        };
        (1..=length).map(link).collect()
    }

    #[test]
    fn r80_a_whole_chain_holds() {
        assert_eq!(first_broken_link(&chain(5)), None);
    }

    #[test]
    fn r80_a_changed_removed_or_reordered_row_breaks_it() {
        let mut changed = chain(5);
        changed[2].content.actor = "operator".into();
        assert_eq!(first_broken_link(&changed), Some(3));
        let mut removed = chain(5);
        removed.remove(1);
        assert_eq!(first_broken_link(&removed), Some(2));
        let mut reordered = chain(5);
        reordered.swap(3, 4);
        assert_eq!(first_broken_link(&reordered), Some(4));
    }

    #[test]
    fn every_action_reads_back_from_its_word() {
        for action in [Action::UserCreated, Action::TokenReused, Action::EmailClaimDropped, Action::SignInsRevoked] {
            assert_eq!(Action::from_word(action.as_str()), Some(action));
        }
    }
}
