//! `selfsame outbox …` on the command line.

use clap::{ArgGroup, Args, Subcommand};
use selfsame_domain::OutboxId;

/// `selfsame outbox …`
#[derive(Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// Count the messages that wait and those that were given up
    Status(OutboxStatus),
    /// List messages, oldest first; addresses are masked, codes and links are not shown
    #[command(after_help = "Example:\n  selfsame outbox list --dead --json\n
When there may be more, `next_after` is the id to pass as --after for the next page; on the last page it is null.")]
    List(ListOutbox),
    /// Make messages due now; their tries start over
    Requeue(RequeueMessages),
    /// Remove a message unsent
    Drop(DropMessage),
}

/// `selfsame outbox status`
#[derive(Debug, Args)]
pub(crate) struct OutboxStatus {
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame outbox list`
#[derive(Debug, Args)]
pub(crate) struct ListOutbox {
    /// Only those that were given up
    #[arg(long)]
    pub(crate) dead: bool,
    /// Most messages to list
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,
    /// List those after this id
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<OutboxId>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame outbox requeue`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true)))]
pub(crate) struct RequeueMessages {
    /// Which message
    #[arg(value_name = "ID", group = "which")]
    pub(crate) id: Option<OutboxId>,
    /// Every message that was given up and is not past its use
    #[arg(long, group = "which")]
    pub(crate) all_dead: bool,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame outbox drop`
#[derive(Debug, Args)]
pub(crate) struct DropMessage {
    /// Which message
    #[arg(value_name = "ID")]
    pub(crate) id: OutboxId,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
