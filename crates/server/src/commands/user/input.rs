//! Makes requests about users from the command line and the prompts.

use std::io::Write;

use selfsame_domain::SignUpForm;

use super::UserRequest;
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
        UserCommand::Revoke(named) => UserRequest::Revoke { user: named.user.clone() },
        UserCommand::Delete(delete) => UserRequest::Delete { user: delete.named.user.clone() },
        UserCommand::SetPassword(set) => UserRequest::SetPassword {
            user: set.named.user.clone(),
            password: prompt::password("New password: ", set.password_stdin)?,
        },
        UserCommand::Verify(verify) => {
            UserRequest::Verify { user: verify.named.user.clone(), address: verify.address.clone() }
        }
    })
}

fn create(create: &cli::CreateUser) -> Result<UserRequest, Exit> {
    let question = "Password (empty: the user sets one by mail): ";
    let password = prompt::password(question, create.password_stdin)?;
    Ok(UserRequest::Create {
        email: create.email.clone(),
        verified: create.verified,
        password: (!password.expose().is_empty()).then_some(password),
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

fn as_json(command: &UserCommand) -> bool {
    match command {
        UserCommand::Create(create) => create.json,
        UserCommand::List(list) => list.json,
        UserCommand::Show(named)
        | UserCommand::Disable(named)
        | UserCommand::Enable(named)
        | UserCommand::Revoke(named)
        | UserCommand::Delete(cli::DeleteUser { named, .. })
        | UserCommand::SetPassword(cli::SetPassword { named, .. })
        | UserCommand::Verify(cli::VerifyUser { named, .. }) => named.json,
    }
}
