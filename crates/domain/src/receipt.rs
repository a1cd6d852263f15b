//! Receipts of audit records: what a user keeps to show later that a record was, or was not, left as it was (R80).
//!
//! A receipt names a record by its place and its MAC. Whoever changes the record, removes it or puts another one in its
//! place cannot keep that MAC, whether or not they have the key.

use std::{fmt, str::FromStr};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::{
    AuditHead, AuditRecord, UserId,
    audit::{Flaw, Mac},
};

/// The MAC of a record. Written in hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ChainMac(pub [u8; 32]);

impl fmt::Display for ChainMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// The text is not a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 64 hexadecimal digits")]
pub struct NoChainMac;

impl FromStr for ChainMac {
    type Err = NoChainMac;
    fn from_str(text: &str) -> Result<Self, NoChainMac> {
        let bytes = HEXLOWER.decode(text.to_ascii_lowercase().as_bytes()).map_err(|_| NoChainMac)?;
        Ok(Self(bytes.try_into().map_err(|_| NoChainMac)?))
    }
}

impl From<ChainMac> for String {
    fn from(mac: ChainMac) -> Self {
        mac.to_string()
    }
}

impl TryFrom<String> for ChainMac {
    type Error = NoChainMac;
    fn try_from(text: String) -> Result<Self, NoChainMac> {
        text.parse()
    }
}

/// A receipt of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditReceipt {
    /// The account, as decimal digits in a text.
    #[serde(with = "decimal")]
    pub account: UserId,
    /// The place of the record in the account's chain, from 1.
    pub sequence: i64,
    /// The MAC of the record.
    pub mac: ChainMac,
    /// The MAC of the record before it; none for the first record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ChainMac>,
}

/// Why a chain does not have the record of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFlaw {
    /// The chain has no record at this place.
    #[error("the record is missing")]
    Missing,
    /// The chain has another record at this place.
    #[error("another record is in its place")]
    Replaced,
    /// The chain has another record before it.
    #[error("another record is before it")]
    OtherPrevious,
    /// The record is not the one that was written.
    #[error("the record was changed")]
    RecordChanged,
    /// The details of the record are not those that were written.
    #[error("the details of the record were changed")]
    DetailsChanged,
}

impl AuditReceipt {
    /// The receipt of a record, with the one before it if there is one.
    pub fn of(record: &AuditRecord, previous: Option<&AuditRecord>) -> Self {
        Self {
            account: record.subject,
            sequence: record.sequence,
            mac: ChainMac(record.mac),
            previous: previous.map(|previous| ChainMac(previous.mac)),
        }
    }

    /// Checks it against the record at its place and the record before that, as they are stored now. A receipt without
    /// `previous` says nothing of the record before.
    pub fn check(
        &self,
        record: Option<&AuditRecord>,
        previous: Option<&AuditRecord>,
        mac: Mac<'_>,
    ) -> Result<(), ReceiptFlaw> {
        let record = record.ok_or(ReceiptFlaw::Missing)?;
        if record.mac != self.mac.0 {
            return Err(ReceiptFlaw::Replaced);
        }
        let head = previous.map_or_else(AuditHead::default, AuditRecord::head);
        if self.previous.is_some_and(|before| before.0 != head.mac) {
            return Err(ReceiptFlaw::OtherPrevious);
        }
        record.follows(&head, mac).map_err(|flaw| match flaw {
            Flaw::Details => ReceiptFlaw::DetailsChanged,
            Flaw::Missing => ReceiptFlaw::OtherPrevious,
            Flaw::Record | Flaw::End => ReceiptFlaw::RecordChanged,
        })
    }
}

mod decimal {
    //! An id as decimal digits in a text, because JavaScript has no exact integers of 64 bits.

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::UserId;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(id: &UserId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UserId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| D::Error::custom("must be an id in decimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::{Action, Actor, AuditEvent, audit::Details, id::Id as _};

    fn mac(context: &str, data: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update("key").chain_update(context).chain_update(data).finalize().into()
    }

    fn chain() -> [AuditRecord; 3] {
        let mut head = AuditHead::default();
        [Action::UserCreated, Action::SignedIn, Action::PasswordChanged].map(|action| {
            let event = AuditEvent {
                subject: UserId::from_number(7),
                actor: Actor::Anonymous,
                action,
                occurred_at: "2026-01-01T00:00:00Z".parse().unwrap(),
                sign_in_id: None,
                request_id: "r".into(),
                details: Details { ip: Some("192.0.2.1".into()), ..Details::default() },
            };
            let record = AuditRecord::chained(&head, &event, &mac);
            head = record.head();
            record
        })
    }

    #[test]
    fn r80_a_receipt_holds_for_its_record_also_after_the_details_are_erased() {
        let [first, second, _] = chain();
        assert_eq!(AuditReceipt::of(&first, None).check(Some(&first), None, &mac), Ok(()));
        let receipt = AuditReceipt::of(&second, Some(&first));
        assert_eq!(receipt.check(Some(&second), Some(&first), &mac), Ok(()));
        let erased = AuditRecord { details: None, ..second };
        assert_eq!(receipt.check(Some(&erased), Some(&first), &mac), Ok(()));
        let brief = AuditReceipt { previous: None, ..receipt };
        assert_eq!(brief.check(Some(&erased), Some(&first), &mac), Ok(()));
    }

    #[test]
    fn r80_a_receipt_shows_what_was_removed_changed_or_replaced_with_the_key_or_without() {
        let [first, second, third] = chain();
        let receipt = AuditReceipt::of(&second, Some(&first));
        let changed = |change: fn(&mut AuditRecord)| {
            let mut record = second.clone();
            change(&mut record);
            receipt.check(Some(&record), Some(&first), &mac)
        };
        assert_eq!(receipt.check(None, Some(&first), &mac), Err(ReceiptFlaw::Missing));
        assert_eq!(receipt.check(Some(&second), Some(&third), &mac), Err(ReceiptFlaw::OtherPrevious));
        assert_eq!(receipt.check(Some(&third), Some(&second), &mac), Err(ReceiptFlaw::Replaced));
        assert_eq!(changed(|record| record.actor = "operator".into()), Err(ReceiptFlaw::RecordChanged));
        assert_eq!(changed(|record| record.details = Some("{}".into())), Err(ReceiptFlaw::DetailsChanged));
        // Whoever has the key can write a whole chain again, but not with the same MAC.
        let event = AuditEvent {
            subject: second.subject,
            actor: Actor::Operator,
            action: Action::SignedIn,
            occurred_at: second.occurred_at,
            sign_in_id: None,
            request_id: "r".into(),
            details: Details::default(),
        };
        let rewritten = AuditRecord::chained(&first.head(), &event, &mac);
        assert_eq!(receipt.check(Some(&rewritten), Some(&first), &mac), Err(ReceiptFlaw::Replaced));
    }

    #[test]
    fn a_receipt_is_json_that_reads_back() {
        let [first, second, _] = chain();
        for receipt in [AuditReceipt::of(&first, None), AuditReceipt::of(&second, Some(&first))] {
            let json = serde_json::to_string(&receipt).unwrap();
            assert!(json.starts_with(r#"{"account":"7","sequence":"#), "{json}");
            assert_eq!(serde_json::from_str::<AuditReceipt>(&json).unwrap(), receipt);
        }
        for text in ["", "zz", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64)] {
            assert_eq!(text.parse::<ChainMac>(), Err(NoChainMac), "{text}");
        }
        assert_eq!("AB".repeat(32).parse::<ChainMac>(), Ok(ChainMac([0xab; 32])));
    }
}
