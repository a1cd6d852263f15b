//! `selfsame audit …`: audit trails from the command line (R79, R80).

use std::io::Write;

use selfsame_application::{
    Core,
    operator::{
        audit::{AuditPage, AuditVerified, ShowAudit, VerifyAudit, VerifyAuditReceipt},
        users::ManageUserError,
    },
};
use selfsame_domain::{AuditReceipt, AuditRecord, Instant, UserId, audit::Details};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{executor::Executor, fail, reply::Reply, request::Request, say};
use crate::{
    cli::{self, AuditCommand, Exit},
    settings::schema::Settings,
};

/// Greatest number of broken trails that are shown; all are counted.
const SHOWN: usize = 100;

/// A request about audit trails. `user` is an e-mail address or an id, as typed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum AuditRequest {
    /// Show one trail.
    Show { user: String, since: Option<Instant>, after: i64, limit: u16 },
    /// Verify one trail.
    Verify { user: String },
    /// Verify a receipt, and the trail of its account.
    VerifyReceipt { receipt: AuditReceipt },
    /// Verify a portion of all trails.
    VerifyPortion { after: Option<UserId> },
}

/// Runs the command and prints the result.
pub(super) fn run(settings: &Settings, command: &AuditCommand, stdout: &mut dyn Write) -> Exit {
    let executor = &mut Executor::new(settings);
    let done = match command {
        AuditCommand::Show(show) => self::show(executor, show, stdout),
        AuditCommand::Verify(verify) => self::verify(executor, verify, stdout),
    };
    done.unwrap_or_else(|exit| exit)
}

fn show(executor: &mut Executor<'_>, show: &cli::ShowAudit, stdout: &mut dyn Write) -> Result<Exit, Exit> {
    let cli::ShowAudit { user, since, after, limit, json } = show;
    let request = AuditRequest::Show { user: user.clone(), since: *since, after: *after, limit: *limit };
    Ok(executor.execute(&Request::Audit(request))?.render(*json, stdout))
}

/// Repeats until every portion is verified.
fn verify(executor: &mut Executor<'_>, verify: &cli::VerifyAudit, stdout: &mut dyn Write) -> Result<Exit, Exit> {
    let mut total = Verified::default();
    let mut request = match (&verify.user, verify.receipt) {
        (_, Some(receipt)) => AuditRequest::VerifyReceipt { receipt },
        (Some(user), None) => AuditRequest::Verify { user: user.clone() },
        (None, None) => AuditRequest::VerifyPortion { after: None },
    };
    loop {
        let json = match executor.execute(&Request::Audit(request))? {
            Reply::Done { json, .. } => json,
            refused @ Reply::Refused { .. } => return Ok(refused.render(verify.json, stdout)),
        };
        let portion: Verified = serde_json::from_value(json).map_err(|error| fail(&error.to_string()))?;
        let next = portion.next_after.clone();
        total.add(portion);
        let Some(id) = next else { break };
        let after = id.parse().map_err(|_| fail(&format!("no id: {id}")))?;
        request = AuditRequest::VerifyPortion { after: Some(after) };
    }
    let text = if verify.json { format!("{:#}", json!(total)) } else { total.text() };
    let said = say(stdout, &text);
    let is_whole = total.broken_trails == 0 && total.receipt.as_ref().is_none_or(|receipt| receipt.holds);
    Ok(if is_whole { said } else { Exit::Failure })
}

impl AuditRequest {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Show { .. } => "audit show",
            Self::Verify { .. } | Self::VerifyReceipt { .. } | Self::VerifyPortion { .. } => "audit verify",
        }
    }

    pub(super) fn execute(&self, core: &Core) -> Reply {
        self.done(core).unwrap_or_else(Reply::from)
    }

    fn done(&self, core: &Core) -> Result<Reply, ManageUserError> {
        let done = |verified: Verified| Ok(Reply::Done { json: json!(verified), text: verified.text() });
        let verified = |verify: VerifyAudit| done(Verified::from(&verify.execute(core)?));
        match self {
            Self::Show { user, since, after, limit } => {
                let show = ShowAudit { user: user.clone(), since: *since, after: *after, limit: *limit };
                Ok(page(&show.execute(core)?))
            }
            Self::Verify { user } => verified(VerifyAudit::One(user.clone())),
            Self::VerifyPortion { after } => verified(VerifyAudit::Portion(*after)),
            Self::VerifyReceipt { receipt } => {
                let (trail, held) = VerifyAuditReceipt { receipt: *receipt }.execute(core)?;
                let flaw = held.err().map(|flaw| flaw.to_string());
                let receipt = CheckedReceipt { sequence: receipt.sequence, holds: flaw.is_none(), flaw };
                done(Verified { receipt: Some(receipt), ..Verified::from(&trail) })
            }
        }
    }
}

/// The result of a verification, as it is printed and sent over the socket.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Verified {
    trails: usize,
    records: i64,
    broken_trails: usize,
    /// Up to [`SHOWN`] of them.
    broken: Vec<Broken>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receipt: Option<CheckedReceipt>,
}

/// Whether the record of a receipt is in its trail.
#[derive(Debug, Serialize, Deserialize)]
struct CheckedReceipt {
    sequence: i64,
    holds: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flaw: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Broken {
    user: String,
    /// The first broken place of a trail.
    place: i64,
    flaw: String,
}

impl From<&AuditVerified> for Verified {
    fn from(verified: &AuditVerified) -> Self {
        let broken = verified.broken.iter().take(SHOWN).map(|(user, link)| Broken {
            user: user.to_string(),
            place: link.sequence,
            flaw: link.flaw.to_string(),
        });
        Self {
            trails: verified.trails,
            records: verified.records,
            broken_trails: verified.broken.len(),
            broken: broken.collect(),
            next_after: verified.next.map(|id| id.to_string()),
            receipt: None,
        }
    }
}

impl Verified {
    fn add(&mut self, portion: Self) {
        self.trails += portion.trails;
        self.records += portion.records;
        self.broken_trails += portion.broken_trails;
        self.broken.extend(portion.broken);
        self.broken.truncate(SHOWN);
        self.receipt = portion.receipt.or(self.receipt.take());
    }

    fn text(&self) -> String {
        let mut lines = vec![format!("checked {} records in {} trails", self.records, self.trails)];
        lines.extend(self.broken.iter().map(|Broken { user, place, flaw }| format!("{user}  at {place}: {flaw}")));
        lines.push(match self.broken_trails {
            0 => "every trail is whole".to_owned(),
            count => format!("{count} trails are broken"),
        });
        lines.extend(self.receipt.iter().map(|CheckedReceipt { sequence, flaw, .. }| match flaw {
            None => format!("the receipt holds: the record at {sequence} is the one that it names"),
            Some(flaw) => format!("the receipt of the record at {sequence} does not hold: {flaw}"),
        }));
        lines.join("\n")
    }
}

/// A page of a trail.
fn page(page: &AuditPage) -> Reply {
    let records: Vec<Value> = page.records.iter().map(record).collect();
    let mut lines: Vec<String> = page.records.iter().map(line).collect();
    lines.extend(page.next.iter().map(|place| format!("there are more: --after {place}")));
    Reply::Done { json: json!({ "records": records, "next_after": page.next }), text: lines.join("\n") }
}

fn record(record: &AuditRecord) -> Value {
    let (ip, user_agent, changes) = details(record);
    json!({
        "place": record.sequence,
        "occurred_at": record.occurred_at,
        "action": record.action,
        "actor": record.actor,
        "sign_in_id": record.sign_in_id.map(|id| id.to_string()),
        "request_id": record.request_id,
        "ip": ip,
        "user_agent": user_agent,
        "changes": changes,
    })
}

fn line(record: &AuditRecord) -> String {
    let (ip, _, changes) = details(record);
    let pointers = changes.as_array().into_iter().flatten().filter_map(|change| change["pointer"].as_str());
    // Names of members that a user chose may contain anything.
    let changed: Vec<String> = pointers.map(|pointer| pointer.escape_debug().to_string()).collect();
    let line = format!(
        "{:5}  {}  {:28}  {:24}  {:15}  {}",
        record.sequence,
        record.occurred_at.format("%Y-%m-%dT%H:%M:%SZ"),
        record.action,
        record.actor,
        ip.as_str().unwrap_or("-"),
        changed.join(" "),
    );
    line.trim_end().to_owned()
}

/// Address, user agent and changes; all null where they were erased.
fn details(record: &AuditRecord) -> (Value, Value, Value) {
    match record.read_details() {
        Some(Details { ip, user_agent, changes }) => (json!(ip), json!(user_agent), json!(changes)),
        None => (Value::Null, Value::Null, Value::Null),
    }
}
