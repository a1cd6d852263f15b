//! `selfsame user …`: manages accounts.

mod export;
mod input;
mod view;

pub(super) use input::run;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_application::{
    Core,
    exports::download::ReadPart,
    operator::{
        DeleteUser, EndEverything, ListUsers, ResetFactors, RevokeSignIns, SetPassword, UnfreezeUser, VerifyAddress,
        export::{DropArchive, ExportAccount},
        identities::{LinkIdentity, ShowIdentities, UnlinkIdentity},
        users::{CreateUser, FindUser, ManageUserError, SetDisabled},
    },
};
use selfsame_domain::{Password, SignUpForm, UserId};
use serde::{Deserialize, Serialize};

use super::{reply::Reply, request::Secret};

/// A request about users. `user` is an e-mail address or an id, as typed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum UserRequest {
    /// Make one.
    Create { email: String, verified: bool, password: Option<Secret>, form: SignUpForm },
    /// Show one.
    Show { user: String },
    /// List some.
    List { after: Option<UserId>, limit: u16 },
    /// Disable or enable one.
    SetDisabled { user: String, disabled: bool },
    /// End the freeze after an undo.
    Unfreeze { user: String },
    /// End every sign-in.
    Revoke { user: String },
    /// End every sign-in of some users after one, by ascending id.
    RevokeAll { after: Option<UserId> },
    /// Remove the second factors.
    ResetFactors { user: String, passkeys: bool },
    /// Remove one.
    Delete { user: String },
    /// Make an archive of everything that one holds.
    Export { user: String },
    /// Read a part of that archive.
    ReadExport { archive: String, part: i32 },
    /// Delete that archive.
    DropExport { archive: String },
    /// Set the password.
    SetPassword { user: String, password: Secret },
    /// Link an identity of another issuer.
    Link { user: String, issuer: String, subject: String },
    /// Unlink one, and perhaps forget it.
    Unlink { issuer: String, subject: String, forget: bool },
    /// Vouch for an address; without one, for the primary.
    Verify { user: String, address: Option<String> },
}

impl UserRequest {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "user create",
            Self::Show { .. } => "user show",
            Self::List { .. } => "user list",
            Self::SetDisabled { disabled: true, .. } => "user disable",
            Self::SetDisabled { disabled: false, .. } => "user enable",
            Self::Unfreeze { .. } => "user unfreeze",
            Self::Revoke { .. } => "user revoke",
            Self::RevokeAll { .. } => "user revoke --all",
            Self::ResetFactors { .. } => "user reset-factors",
            Self::Delete { .. } => "user delete",
            Self::Export { .. } => "user export",
            Self::ReadExport { .. } => "user export, a part",
            Self::DropExport { .. } => "user export, done",
            Self::SetPassword { .. } => "user set-password",
            Self::Link { .. } => "user link",
            Self::Unlink { .. } => "user unlink",
            Self::Verify { .. } => "user verify",
        }
    }

    pub(super) fn execute(&self, core: &Core) -> Reply {
        self.done(core).unwrap_or_else(Reply::from)
    }

    fn done(&self, core: &Core) -> Result<Reply, ManageUserError> {
        let find = |user: &String| FindUser { query: user.clone() }.execute(core);
        Ok(match self {
            Self::Create { email, verified, password, form } => {
                let password = password.as_ref().map(|typed| Password::new(typed.expose()));
                let (email, form) = (email.clone(), form.clone());
                view::account(&CreateUser { email, is_verified: *verified, password, form }.execute(core)?)
            }
            Self::Show { user } => {
                let user = find(user)?;
                view::account_with(&user, &ShowIdentities { user: user.id }.execute(core)?)
            }
            Self::List { after, limit } => view::page(&ListUsers { after: *after, limit: *limit }.execute(core)?),
            Self::SetDisabled { user, disabled } => {
                view::account(&SetDisabled { user: find(user)?.id, is_disabled: *disabled }.execute(core)?)
            }
            Self::Unfreeze { user } => view::account(&UnfreezeUser { user: find(user)?.id }.execute(core)?),
            Self::Revoke { user } => {
                let user = find(user)?;
                view::revoked(&user, RevokeSignIns { user: user.id }.execute(core)?)
            }
            Self::RevokeAll { after } => view::revoked_all(&EndEverything { after: *after }.execute(core)?),
            Self::ResetFactors { user, passkeys } => {
                let user = find(user)?;
                view::factors_reset(&user, ResetFactors { user: user.id, passkeys: *passkeys }.execute(core)?)
            }
            Self::Delete { user } => view::deleted(&DeleteUser { user: find(user)?.id }.execute(core)?),
            Self::Export { user } => {
                let user = find(user)?;
                view::archive(&user, &ExportAccount { user: user.id }.execute(core)?)
            }
            Self::ReadExport { archive, part } => {
                let bytes = ReadPart { archive: archive.clone(), number: *part }.execute(core)?;
                Reply::Done { json: STANDARD.encode(bytes).into(), text: String::new() }
            }
            Self::DropExport { archive } => {
                DropArchive { archive: archive.clone() }.execute(core)?;
                Reply::Done { json: serde_json::Value::Null, text: String::new() }
            }
            Self::SetPassword { user, password } => {
                let password = Password::new(password.expose());
                view::account(&SetPassword { user: find(user)?.id, password }.execute(core)?)
            }
            Self::Link { user, issuer, subject } => {
                let (issuer, subject) = (issuer.clone(), subject.clone());
                let user = LinkIdentity { user: find(user)?.id, issuer, subject }.execute(core)?;
                view::account_with(&user, &ShowIdentities { user: user.id }.execute(core)?)
            }
            Self::Unlink { issuer, subject, forget } => {
                let (issuer, subject) = (issuer.clone(), subject.clone());
                view::unlinked(UnlinkIdentity { issuer, subject, forget: *forget }.execute(core)?, *forget)
            }
            Self::Verify { user, address } => {
                let is_named_by_address = user.parse::<UserId>().is_err();
                let verify = VerifyAddress { user: find(user)?.id, address: address.clone(), is_named_by_address };
                view::account(&verify.execute(core)?)
            }
        })
    }
}
