//! `selfsame keys …` on the command line.

use clap::{Args, Subcommand};

use crate::data_dir::RotatedKind;

/// `selfsame keys …`
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Show every key: when it was made, from when it is used, and whether it is pending, active or old
    #[command(after_help = "Example:\n  selfsame keys list --json")]
    List(ListKeys),
    /// Make a new key, which is published at once and used after keys.activate_after
    #[command(
        after_help = "Run it on one server and copy the new file to all others within keys.activate_after. Servers \
        that run take it up by themselves.

Example:
  selfsame keys rotate signing"
    )]
    Rotate(RotateKeys),
    /// Remove a key that is not used any more
    #[command(
        after_help = "The active key, a pending one, and one that tokens or mails may still depend on, need --force; \
        the only key of its kind stays. Remove it on every server.

Example:
  selfsame keys retire signing 20261121T192207Z-9c01"
    )]
    Retire(RetireKey),
}

/// `selfsame keys list`
#[derive(Debug, Args)]
pub(crate) struct ListKeys {
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame keys rotate`
#[derive(Debug, Args)]
pub(crate) struct RotateKeys {
    /// Which kind of key
    pub(crate) kind: RotatedKind,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame keys retire`
#[derive(Debug, Args)]
pub(crate) struct RetireKey {
    /// Which kind of key
    pub(crate) kind: RotatedKind,
    /// Its id, as `keys list` shows it
    pub(crate) id: String,
    /// Also a pending key, and one that something may still depend on
    #[arg(long)]
    pub(crate) force: bool,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
