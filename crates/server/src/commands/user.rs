//! `selfsame user …`: accounts from the command line.

use std::io::{self, BufRead, Write};

use selfsame_application::{
    Core,
    fault::Fault,
    operator::users::{CreateUser, FindUser, ManageUserError, SetDisabled},
};
use selfsame_domain::{Identifier, Password, SignUpForm, User, Username};
use serde_json::json;

use super::{bring_up_to_date, composition_failed, fail, say};
use crate::{
    cli::{self, Exit, UserCommand},
    compose::compose,
    settings::schema::Settings,
};

/// Does what was asked and shows the account as it is then.
pub(super) fn run(settings: &Settings, command: &UserCommand, stdout: &mut dyn Write) -> Exit {
    let composed = match compose(settings) {
        Ok(composed) => composed,
        Err(error) => return composition_failed(&error),
    };
    if let Err(exit) = bring_up_to_date(settings, &*composed.schema) {
        return exit;
    }
    let core = composed.core;
    let (result, as_json) = match command {
        UserCommand::Create(create) => (self::create(&core, create), create.json),
        UserCommand::Show(named) => (find(&core, named), named.json),
        UserCommand::Disable(named) => (set_disabled(&core, named, true), named.json),
        UserCommand::Enable(named) => (set_disabled(&core, named, false), named.json),
    };
    match result {
        Ok(user) if as_json => say(stdout, &format!("{:#}", to_json(&user))),
        Ok(user) => say(stdout, &to_text(&user)),
        Err(Refusal::Password(error)) => fail(&format!("no password could be read: {error}")),
        Err(Refusal::User(error)) => refused(&error),
    }
}

enum Refusal {
    Password(io::Error),
    User(ManageUserError),
}

impl From<ManageUserError> for Refusal {
    fn from(error: ManageUserError) -> Self {
        Self::User(error)
    }
}

fn create(core: &Core, create: &cli::CreateUser) -> Result<User, Refusal> {
    let typed = if create.password_stdin {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    } else {
        rpassword::prompt_password("Password (empty: the user sets one by mail): ")
    };
    let typed = zeroize::Zeroizing::new(typed.map_err(Refusal::Password)?);
    let typed = typed.trim_end_matches(['\r', '\n']);
    let user = CreateUser {
        email: create.email.clone(),
        is_verified: create.verified,
        password: (!typed.is_empty()).then(|| Password::new(typed)),
        form: SignUpForm {
            given_name: create.given_name.clone(),
            family_name: create.family_name.clone(),
            preferred_username: create.username.clone(),
            ..SignUpForm::default()
        },
    };
    Ok(user.execute(core)?)
}

fn find(core: &Core, named: &cli::NamedUser) -> Result<User, Refusal> {
    Ok(FindUser { query: named.user.clone() }.execute(core)?)
}

fn set_disabled(core: &Core, named: &cli::NamedUser, is_disabled: bool) -> Result<User, Refusal> {
    let user = find(core, named)?.id;
    Ok(SetDisabled { user, is_disabled }.execute(core)?)
}

fn refused(error: &ManageUserError) -> Exit {
    let exit = fail(&error.to_string());
    match error {
        ManageUserError::NotFound => Exit::NotFound,
        ManageUserError::Fault(Fault::Unavailable(_) | Fault::Contended) => Exit::Temporary,
        ManageUserError::Invalid(_) | ManageUserError::Fault(_) => exit,
    }
}

fn to_json(user: &User) -> serde_json::Value {
    let identifier = |identifier: &Identifier| {
        json!({
            "id": identifier.id.to_string(),
            "value": identifier.value,
            "is_primary": identifier.is_primary,
            "verified_at": identifier.verified_at,
        })
    };
    json!({
        "id": user.id.to_string(),
        "username": user.preferred_username.as_ref().map(Username::as_str),
        "given_name": user.given_name,
        "family_name": user.family_name,
        "name": user.name,
        "identifiers": user.identifiers.iter().map(identifier).collect::<Vec<_>>(),
        "has_password": user.password.is_some(),
        "disabled_at": user.disabled_at,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn to_text(user: &User) -> String {
    let mut lines = vec![
        format!("id        {}", user.id),
        format!("name      {}", user.display_name().unwrap_or_else(|| "-".to_owned())),
        format!("status    {}", if user.is_disabled() { "disabled" } else { "active" }),
        format!("password  {}", if user.password.is_some() { "set" } else { "none" }),
    ];
    for identifier in &user.identifiers {
        let state = if identifier.is_verified() { "verified" } else { "unverified" };
        let primary = if identifier.is_primary { ", primary" } else { "" };
        lines.push(format!("address   {} ({state}{primary})", identifier.value));
    }
    lines.join("\n")
}
