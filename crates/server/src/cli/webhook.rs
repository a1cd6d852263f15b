//! `selfsame webhook …` on the command line.

use clap::{ArgGroup, Args, Subcommand};
use selfsame_domain::EndpointName;

/// `selfsame webhook …`
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// List the endpoints with what they subscribe to, and count their messages
    List(ListEndpoints),
    /// Send a message of the type webhook.test at once, without the outbox, and print the answer
    #[command(after_help = "Example:\n  selfsame webhook test billing")]
    Test {
        /// The name of the endpoint
        #[arg(value_name = "NAME")]
        name: EndpointName,
    },
    /// Send events again, under the ids that they had, to the endpoints that subscribe to them
    #[command(after_help = "Events are kept as long as webhooks.keep says.\n
Examples:
  selfsame webhook replay evt_456789012345678
  selfsame webhook replay --since 2h --endpoint billing
  selfsame webhook replay --since 2026-01-31T08:00:00Z")]
    Replay(ReplayEvents),
}

/// `selfsame webhook list`
#[derive(Debug, Args)]
pub(crate) struct ListEndpoints {
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame webhook replay`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true)))]
pub(crate) struct ReplayEvents {
    /// The webhook-id of one event
    #[arg(value_name = "MESSAGE-ID", group = "which")]
    pub(crate) id: Option<String>,
    /// Every event since an instant (RFC 3339), or for so long (30m, 2h, 1d)
    #[arg(long, value_name = "TIME", group = "which")]
    pub(crate) since: Option<String>,
    /// Send them to this endpoint only
    #[arg(long, value_name = "NAME")]
    pub(crate) endpoint: Option<EndpointName>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
