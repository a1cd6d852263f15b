//! `selfsame user …` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use selfsame_application::operator::MAX_PAGE;
use selfsame_domain::UserId;

/// `selfsame user …`
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Create a user; asks for the password unless it comes on standard input
    #[command(after_help = "Examples:
  selfsame user create --email ada@example.com --given-name Ada --family-name Lovelace --verified
  pwgen -s 24 1 | selfsame user create --email ada@example.com --password-stdin --json

A password is never taken from the command line, where other users of the machine could read it.")]
    Create(CreateUser),
    /// Show a user
    #[command(after_help = "Example:\n  selfsame user show ada@example.com --json")]
    Show(NamedUser),
    /// List users in the order in which they were created
    #[command(after_help = "Example:\n  selfsame user list --limit 1000 --json\n
When there are more, `next_after` is the id to pass as --after for the next page; on the last page it is null.")]
    List(ListUsers),
    /// Keep a user from signing in and end every session
    Disable(NamedUser),
    /// Let a disabled user sign in again
    Enable(NamedUser),
    /// Let a user sign in again whose account was frozen by an undo, without a new password
    #[command(
        after_help = "The password and the factors are those that the undo restored. Make sure whose account it is."
    )]
    Unfreeze(NamedUser),
    /// End every session of a user, or of all users
    #[command(after_help = "With --all, links, codes and tickets end too: for the time after the restore of a backup.")]
    Revoke(RevokeUsers),
    /// Remove the second factors of a user who lost them, and end every session
    #[command(after_help = "Example:\n  selfsame user reset-factors ada@example.com --passkeys\n
Make sure first that it is the user who asks. The user signs in with the password, or sets a new one by the link in a mail.")]
    ResetFactors(ResetFactors),
    /// Remove a user for good; asks for confirmation unless told not to
    #[command(after_help = "Removes profile, addresses, sessions and picture at once. The audit trail stays.")]
    Delete(DeleteUser),
    /// Write everything that a user's account holds to a new file, as a ZIP archive
    #[command(after_help = "Example:\n  selfsame user export ada@example.com --output ada.zip\n
It is the archive that users download themselves (docs/export.md). The audit trail of the account records that it was handed out.")]
    Export(ExportUser),
    /// Set a user's password and end every session; asks for it unless it comes on standard input
    #[command(after_help = "Example:\n  pwgen -s 24 1 | selfsame user set-password ada@example.com --password-stdin\n
The rules for passwords hold. The user's addresses are sent a notice. No command shows a password.")]
    SetPassword(SetPassword),
    /// Accept tokens that another issuer gives to a subject as those of a user
    #[command(
        after_help = "Example:\n  selfsame user link ada@example.com --issuer https://id.example.com --subject 248289761001\n
The issuer must be one of [[issuers]]. An identity that stands for another user must be unlinked first."
    )]
    Link(LinkIdentity),
    /// Refuse the tokens that another issuer gives to a subject, and end their session
    #[command(after_help = "Example:\n  selfsame user unlink --issuer https://id.example.com --subject 248289761001\n
The tokens stay refused, also after the user was removed, until the identity is linked again. With --forget the next token counts
as the first one, which makes a user or finds one by address where the settings say so.")]
    Unlink(UnlinkIdentity),
    /// Take an address of a user as verified, because you vouch for it
    #[command(after_help = "Refused if another user has proven the address. Users who only claim it lose it.")]
    Verify(VerifyUser),
}

/// `selfsame user create`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
pub(crate) struct CreateUser {
    /// Primary e-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: String,
    /// Read the password from standard input, up to the first line break
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Set no password: the user sets one by the link in a mail
    #[arg(long, conflicts_with = "password_stdin")]
    pub(crate) invite: bool,
    /// Take the address as verified; otherwise the user gets a mail with a link to verify it and to set a password
    #[arg(long)]
    pub(crate) verified: bool,
    /// User name
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Given name
    #[arg(long, value_name = "NAME")]
    pub(crate) given_name: Option<String>,
    /// Family name
    #[arg(long, value_name = "NAME")]
    pub(crate) family_name: Option<String>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A user on the command line.
#[derive(Debug, Args)]
pub(crate) struct NamedUser {
    /// E-mail address or numeric id
    #[arg(value_name = "EMAIL-OR-ID")]
    pub(crate) user: String,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame user revoke`
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("whom").required(true)))]
pub(crate) struct RevokeUsers {
    /// E-mail address or numeric id
    #[arg(value_name = "EMAIL-OR-ID", group = "whom")]
    pub(crate) user: Option<String>,
    /// All users
    #[arg(long, group = "whom")]
    pub(crate) all: bool,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame user reset-factors`
#[derive(Debug, Args)]
pub(crate) struct ResetFactors {
    #[command(flatten)]
    pub(crate) named: NamedUser,
    /// Remove the passkeys too
    #[arg(long)]
    pub(crate) passkeys: bool,
}

/// `selfsame user list`
#[derive(Debug, Args)]
pub(crate) struct ListUsers {
    /// Most users to list
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_PAGE)))]
    pub(crate) limit: u16,
    /// List those after this id
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<UserId>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame user delete`
#[derive(Debug, Args)]
pub(crate) struct DeleteUser {
    #[command(flatten)]
    pub(crate) named: NamedUser,
    /// Do not ask for confirmation
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `selfsame user export`
#[derive(Debug, Args)]
pub(crate) struct ExportUser {
    #[command(flatten)]
    pub(crate) named: NamedUser,
    /// The file to write; there must be none of this name
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// `selfsame user set-password`
#[derive(Debug, Args)]
pub(crate) struct SetPassword {
    #[command(flatten)]
    pub(crate) named: NamedUser,
    /// Read the password from standard input, up to the first line break
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// An identity of another issuer on the command line.
#[derive(Debug, Args)]
pub(crate) struct NamedIdentity {
    /// The issuer: `iss` of its tokens
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: String,
    /// The subject: `sub` of its tokens
    #[arg(long)]
    pub(crate) subject: String,
}

/// `selfsame user link`
#[derive(Debug, Args)]
pub(crate) struct LinkIdentity {
    #[command(flatten)]
    pub(crate) named: NamedUser,
    #[command(flatten)]
    pub(crate) identity: NamedIdentity,
}

/// `selfsame user unlink`
#[derive(Debug, Args)]
pub(crate) struct UnlinkIdentity {
    #[command(flatten)]
    pub(crate) identity: NamedIdentity,
    /// Forget the identity
    #[arg(long)]
    pub(crate) forget: bool,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame user verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyUser {
    #[command(flatten)]
    pub(crate) named: NamedUser,
    /// Which address; without one, the primary
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
}
