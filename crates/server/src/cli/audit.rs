//! `selfsame audit …` on the command line.

use clap::{Args, Subcommand};
use selfsame_application::operator::MAX_PAGE;
use selfsame_domain::{AuditReceipt, Instant};

/// `selfsame audit …`
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Show what happened to an account, oldest first
    #[command(after_help = "Example:\n  selfsame audit show ada@example.com --since 2026-01-31T00:00:00Z --json\n
An account that was deleted is named by its id. When there are more records, `next_after` is the place to pass as --after
for the next page; on the last page it is null.")]
    Show(ShowAudit),
    /// Check that no record was changed, and none removed
    #[command(
        after_help = "Every record has a MAC under a key that is not in the database, over itself and the record before; \
        the account's row says which is the last. With --receipt it also checks that a record is the one of which a user has \
        kept the receipt. Exits with 0 if every trail is whole, 1 if one is not: its first broken place is shown."
    )]
    Verify(VerifyAudit),
}

/// `selfsame audit show`
#[derive(Debug, Args)]
pub(crate) struct ShowAudit {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    pub(crate) user: String,
    /// Leave out what happened before, as RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Instant>,
    /// Most records to show
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_PAGE)))]
    pub(crate) limit: u16,
    /// Show those after this place
    #[arg(long, value_name = "PLACE", default_value_t = 0)]
    pub(crate) after: i64,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame audit verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyAudit {
    /// E-mail address or id; without it, every account, those included that were deleted
    #[arg(value_name = "USER")]
    pub(crate) user: Option<String>,
    /// A receipt, as JSON: its record must be in the trail of its account
    #[arg(long, value_name = "JSON", conflicts_with = "user", value_parser = receipt)]
    pub(crate) receipt: Option<AuditReceipt>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A receipt as the account contract hands it out.
fn receipt(text: &str) -> Result<AuditReceipt, String> {
    serde_json::from_str(text).map_err(|error| format!("not a receipt: {error}"))
}
