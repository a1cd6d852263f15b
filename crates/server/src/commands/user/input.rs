//! Makes requests about users from the command line and the prompts.

use std::io::Write;

use selfsame_domain::SignUpForm;

use super::{UserRequest, export::export};
use crate::{
    cli::{self, Exit, UserCommand},
    commands::{executor::Executor, prompt, reply::Reply, request::Request},
    settings::schema::Settings,
};

/// Runs the command and prints the result.
pub(in crate::commands) fn run(settings: &Settings, command: &UserCommand, stdout: &mut dyn Write) -> Exit {
    let mut executor = Executor::new(settings);
    let reply = match command {
        UserCommand::Delete(delete) => self::delete(&mut executor, delete),
        UserCommand::Revoke(revoke) if revoke.all => revoke_all(&mut executor),
        UserCommand::Export(wanted) => export(&mut executor, wanted),
        other => request(other).and_then(|request| executor.execute(&Request::User(request))),
    };
    match reply {
        Ok(reply) => reply.render(as_json(command), stdout),
        Err(exit) => exit,
    }
}

/// The request, after a prompt for the password where one is needed.
fn request(command: &UserCommand) -> Result<UserRequest, Exit> {
    Ok(match command {
        UserCommand::Create(create) => self::create(create)?,
        UserCommand::Show(named) => UserRequest::Show { user: named.user.clone() },
        UserCommand::List(list) => UserRequest::List { after: list.after, limit: list.limit },
        UserCommand::Disable(named) => UserRequest::SetDisabled { user: named.user.clone(), disabled: true },
        UserCommand::Enable(named) => UserRequest::SetDisabled { user: named.user.clone(), disabled: false },
        UserCommand::Unfreeze(named) => UserRequest::Unfreeze { user: named.user.clone() },
        UserCommand::Revoke(revoke) => UserRequest::Revoke { user: revoke.user.clone().unwrap_or_default() },
        UserCommand::ResetFactors(reset) => {
            UserRequest::ResetFactors { user: reset.named.user.clone(), passkeys: reset.passkeys }
        }
        UserCommand::Delete(delete) => UserRequest::Delete { user: delete.named.user.clone() },
        UserCommand::Export(wanted) => UserRequest::Export { user: wanted.named.user.clone() },
        UserCommand::SetPassword(set) => UserRequest::SetPassword {
            user: set.named.user.clone(),
            password: prompt::password("New password: ", set.password_stdin)?,
        },
        UserCommand::Link(link) => UserRequest::Link {
            user: link.named.user.clone(),
            issuer: link.identity.issuer.clone(),
            subject: link.identity.subject.clone(),
        },
        UserCommand::Unlink(unlink) => UserRequest::Unlink {
            issuer: unlink.identity.issuer.clone(),
            subject: unlink.identity.subject.clone(),
            forget: unlink.forget,
        },
        UserCommand::Verify(verify) => {
            UserRequest::Verify { user: verify.named.user.clone(), address: verify.address.clone() }
        }
    })
}

fn create(create: &cli::CreateUser) -> Result<UserRequest, Exit> {
    let question = "Password (empty: the user sets one by the link in a mail): ";
    let asked = if create.invite { None } else { Some(prompt::password(question, create.password_stdin)?) };
    Ok(UserRequest::Create {
        email: create.email.clone(),
        verified: create.verified,
        password: asked.filter(|password| !password.expose().is_empty()),
        form: SignUpForm {
            given_name: create.given_name.clone(),
            family_name: create.family_name.clone(),
            preferred_username: create.username.clone(),
            ..SignUpForm::default()
        },
    })
}

/// Shows the user and asks for confirmation, unless told not to. Deletes the user who was shown, even if the address
/// belongs to another one by then.
fn delete(executor: &mut Executor<'_>, delete: &cli::DeleteUser) -> Result<Reply, Exit> {
    let user = delete.named.user.clone();
    if delete.yes {
        return executor.execute(&Request::User(UserRequest::Delete { user }));
    }
    let (json, text) = match executor.execute(&Request::User(UserRequest::Show { user }))? {
        Reply::Done { json, text } => (json, text),
        refused @ Reply::Refused { .. } => return Ok(refused),
    };
    prompt::confirm(&format!("{text}\nThis user will be removed for good."))?;
    let user = json["id"].as_str().unwrap_or_default().to_owned();
    executor.execute(&Request::User(UserRequest::Delete { user }))
}

/// Ends every sign-in, in steps that are short enough for one request each.
fn revoke_all(executor: &mut Executor<'_>) -> Result<Reply, Exit> {
    let (mut users, mut sign_ins, mut after) = (0, 0, None);
    loop {
        let json = match executor.execute(&Request::User(UserRequest::RevokeAll { after }))? {
            Reply::Done { json, .. } => json,
            refused @ Reply::Refused { .. } => return Ok(refused),
        };
        users += json["users"].as_u64().unwrap_or(0);
        sign_ins += json["ended_sign_ins"].as_u64().unwrap_or(0);
        after = json["next_after"].as_str().and_then(|id| id.parse().ok());
        if after.is_none() {
            let text = format!("ended {sign_ins} sign-ins of {users} users, and every link, code and ticket");
            return Ok(Reply::Done { json: serde_json::json!({ "users": users, "ended_sign_ins": sign_ins }), text });
        }
    }
}

fn as_json(command: &UserCommand) -> bool {
    match command {
        UserCommand::Create(create) => create.json,
        UserCommand::List(list) => list.json,
        UserCommand::Revoke(revoke) => revoke.json,
        UserCommand::Unlink(unlink) => unlink.json,
        UserCommand::Show(named)
        | UserCommand::Disable(named)
        | UserCommand::Enable(named)
        | UserCommand::ResetFactors(cli::ResetFactors { named, .. })
        | UserCommand::Unfreeze(named)
        | UserCommand::Delete(cli::DeleteUser { named, .. })
        | UserCommand::Export(cli::ExportUser { named, .. })
        | UserCommand::SetPassword(cli::SetPassword { named, .. })
        | UserCommand::Link(cli::LinkIdentity { named, .. })
        | UserCommand::Verify(cli::VerifyUser { named, .. }) => named.json,
    }
}
