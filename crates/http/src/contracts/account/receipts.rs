//! `/api/v1/account/activity/receipts/verify`: receipts of the audit trail (R80).

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::activity::verify::VerifyReceipt;
use selfsame_domain::{AuditReceipt, ChainMac, ReceiptFlaw, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Call;
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    failure::Failure,
};

/// A receipt of a record of the trail. Whoever keeps it can show later whether the record was left as it was.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Receipt)]
pub(super) struct ReceiptObject {
    /// `sub` of the account.
    #[schema(example = "445301278613501")]
    account: String,
    #[schema(example = 42)]
    sequence: i64,
    /// The keyed MAC of the record, in hexadecimal digits.
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        min_length = 64,
        max_length = 64
    )]
    mac: String,
    /// The MAC of the record before it; absent for the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        example = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        min_length = 64,
        max_length = 64
    )]
    previous: Option<String>,
}

/// A receipt to be verified.
#[derive(ToSchema)]
#[schema(as = account::ReceiptToVerify)]
struct ReceiptForm {
    /// `sub` of the account, which must be the caller's.
    #[schema(value_type = String, example = "445301278613501")]
    account: Option<UserId>,
    #[schema(value_type = i64, example = 42)]
    sequence: Option<i64>,
    #[schema(value_type = String, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    mac: Option<ChainMac>,
    #[schema(
        value_type = Option<String>,
        required = false,
        example = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    )]
    previous: Option<ChainMac>,
}

/// The result for a receipt.
#[derive(Serialize, ToSchema)]
#[schema(as = account::VerifiedReceipt)]
struct VerifiedReceipt {
    /// Whether the record is in the trail as it was written.
    #[schema(example = true)]
    included: bool,
    /// Why not, for programs: `missing`, `replaced`, `other_previous`, `record_changed`, `details_changed`.
    #[schema(required, example = json!(null), pattern = "^(missing|replaced|other_previous|record_changed|details_changed)$")]
    flaw: Option<&'static str>,
    /// A sentence for people.
    #[schema(example = "The record is in the trail as it was written.")]
    detail: &'static str,
}

impl ReceiptForm {
    fn read(members: &mut Members<'_>) -> Self {
        let account = members.required_id("account");
        let sequence = members.required_id("sequence");
        let mac = members.required_text("mac");
        let previous = members.optional_text("previous");
        let form = Self {
            account: value(members, "account", account.as_deref(), "an id", |text| text.parse().ok()),
            sequence: value(members, "sequence", sequence.as_deref(), "a whole number from 1 on", |text| {
                text.parse().ok().filter(|sequence| *sequence > 0)
            }),
            mac: value(members, "mac", Some(&mac), "64 hexadecimal digits", |text| text.parse().ok()),
            previous: match previous {
                Some(text) => {
                    value(members, "previous", Some(&text), "64 hexadecimal digits", |text| text.parse().ok())
                }
                None => None,
            },
        };
        members.reject_unknown(&["account", "sequence", "mac", "previous"]);
        form
    }

    /// `None` if a member is missing, which is reported as such.
    fn into_receipt(self) -> Option<AuditReceipt> {
        let Self { account, sequence, mac, previous } = self;
        Some(AuditReceipt { account: account?, sequence: sequence?, mac: mac?, previous })
    }
}

/// A required value of a member. The problem of a member is reported once.
fn value<T>(
    members: &mut Members<'_>,
    name: &str,
    text: Option<&str>,
    expected: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let parsed = text.and_then(parse);
    if parsed.is_none() && !members.has_problem(name) {
        let problem = if text.is_some() { MemberProblem::Value(expected) } else { MemberProblem::Missing };
        members.add_problem(name, problem);
    }
    parsed
}

impl From<AuditReceipt> for ReceiptObject {
    fn from(receipt: AuditReceipt) -> Self {
        Self {
            account: receipt.account.to_string(),
            sequence: receipt.sequence,
            mac: receipt.mac.to_string(),
            previous: receipt.previous.map(|mac| mac.to_string()),
        }
    }
}

impl VerifiedReceipt {
    fn of(held: Result<(), ReceiptFlaw>) -> Self {
        let flaw = held.err();
        Self {
            included: flaw.is_none(),
            flaw: flaw.map(|flaw| match flaw {
                ReceiptFlaw::Missing => "missing",
                ReceiptFlaw::Replaced => "replaced",
                ReceiptFlaw::OtherPrevious => "other_previous",
                ReceiptFlaw::RecordChanged => "record_changed",
                ReceiptFlaw::DetailsChanged => "details_changed",
            }),
            detail: match flaw {
                None => "The record is in the trail as it was written.",
                Some(ReceiptFlaw::Missing) => "The trail has no record at this place.",
                Some(ReceiptFlaw::Replaced) => "The trail has another record at this place.",
                Some(ReceiptFlaw::OtherPrevious) => "The trail has another record before this place.",
                Some(ReceiptFlaw::RecordChanged) => "The record was changed.",
                Some(ReceiptFlaw::DetailsChanged) => "The details of the record were changed.",
            },
        }
    }
}

/// Verify a receipt
///
/// Whether the record of a receipt that the client has kept is in the trail of the account as it was written. It changes
/// nothing. `selfsame audit verify --receipt` checks the same and the whole trail.
#[utoipa::path(
    post, path = "/api/v1/account/activity/receipts/verify", operation_id = "account_verify_receipt", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = ReceiptForm,
    responses((status = 200, description = "The result.", body = VerifiedReceipt)),
)]
pub(super) async fn verify(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let held = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let receipt = body?.read(ReceiptForm::read)?.into_receipt().ok_or(Failure::Internal)?;
            Ok(VerifyReceipt { receipt }.execute(core, &caller)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(VerifiedReceipt::of(held)))
}
