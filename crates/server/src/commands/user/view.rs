//! Output of users: as JSON, whose members are stable for scripts, and as text.

use selfsame_application::{
    issuers::identities::LinkedIdentity,
    operator::{EndedStep, FactorsReset, UserPage},
};
use selfsame_domain::{Archive, Identifier, User, UserId, Username};
use serde_json::{Value, json};

use crate::commands::reply::Reply;

/// One user in full.
pub(super) fn account(user: &User) -> Reply {
    Reply::Done { json: account_json(user), text: account_text(user) }
}

/// One user in full, with the identities of other issuers that stand for it.
pub(super) fn account_with(user: &User, identities: &[LinkedIdentity]) -> Reply {
    let mut json = account_json(user);
    let linked = identities.iter().map(
        |identity| json!({ "issuer": identity.issuer, "subject": identity.subject, "linked_at": identity.linked_at }),
    );
    json["identities"] = linked.collect();
    let lines = identities.iter().map(|identity| format!("identity  {} of {}", identity.subject, identity.issuer));
    let text = std::iter::once(account_text(user)).chain(lines).collect::<Vec<_>>().join("\n");
    Reply::Done { json, text }
}

/// An identity that was unlinked, and the user that it stood for.
pub(super) fn unlinked(user: Option<UserId>, is_forgotten: bool) -> Reply {
    let done = if is_forgotten { "forgot the identity" } else { "its tokens are refused" };
    let text = match user {
        Some(user) => format!("unlinked the identity from user {user}; {done}"),
        None => format!("the identity stood for no user; {done}"),
    };
    let json = json!({ "id": user.map(|user| user.to_string()), "forgotten": is_forgotten });
    Reply::Done { json, text }
}

/// A page of users, in short form.
pub(super) fn page(page: &UserPage) -> Reply {
    let users: Vec<Value> = page.users.iter().map(line_json).collect();
    let next = page.next.map(|id| id.to_string());
    let header = line(["ID", "STATUS", "CREATED", "ADDRESS", "NAME"]);
    let mut lines: Vec<String> = std::iter::once(header).chain(page.users.iter().map(line_text)).collect();
    lines.extend(next.iter().map(|id| format!("there are more: --after {id}")));
    Reply::Done { json: json!({ "users": users, "next_after": next }), text: lines.join("\n") }
}

/// A user whose sign-ins were ended.
pub(super) fn revoked(user: &User, ended: usize) -> Reply {
    Reply::Done {
        json: json!({ "id": user.id.to_string(), "ended_sign_ins": ended }),
        text: format!("ended {ended} sign-ins of user {}", user.id),
    }
}

/// A user whose second factors were removed.
pub(super) fn factors_reset(user: &User, reset: FactorsReset) -> Reply {
    let FactorsReset { passkeys, sign_ins } = reset;
    Reply::Done {
        json: json!({ "id": user.id.to_string(), "removed_passkeys": passkeys, "ended_sign_ins": sign_ins }),
        text: format!(
            "removed the second factors of user {}, and {passkeys} passkeys; ended {sign_ins} sign-ins",
            user.id
        ),
    }
}

/// Some users whose sign-ins were ended.
pub(super) fn revoked_all(step: &EndedStep) -> Reply {
    let EndedStep { users, sign_ins, next } = step;
    Reply::Done {
        json: json!({ "users": users, "ended_sign_ins": sign_ins, "next_after": next.map(|id| id.to_string()) }),
        text: format!("ended {sign_ins} sign-ins of {users} users"),
    }
}

/// A deleted user.
pub(super) fn deleted(user: &User) -> Reply {
    Reply::Done {
        json: json!({ "id": user.id.to_string(), "deleted": true }),
        text: format!("removed user {} ({})", user.id, address(user)),
    }
}

/// An archive that was made.
pub(super) fn archive(user: &User, archive: &Archive) -> Reply {
    let Archive { name, parts, bytes } = archive;
    Reply::Done {
        json: json!({ "id": user.id.to_string(), "archive": name, "parts": parts, "bytes": bytes }),
        text: format!("exported user {} ({bytes} bytes)", user.id),
    }
}

fn account_json(user: &User) -> Value {
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
        "has_password": user.has_password(),
        "disabled_at": user.disabled_at,
        "frozen_at": user.frozen_at,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn account_text(user: &User) -> String {
    let mut lines = vec![
        format!("id        {}", user.id),
        format!("name      {}", user.display_name().unwrap_or_else(|| "-".to_owned())),
        format!("status    {}", status(user)),
        format!("password  {}", if user.has_password() { "set" } else { "none" }),
    ];
    for identifier in &user.identifiers {
        let state = if identifier.is_verified() { "verified" } else { "unverified" };
        let primary = if identifier.is_primary { ", primary" } else { "" };
        lines.push(format!("address   {} ({state}{primary})", identifier.value));
    }
    lines.join("\n")
}

fn line_json(user: &User) -> Value {
    let email = user.primary_email();
    json!({
        "id": user.id.to_string(),
        "name": user.display_name(),
        "email": email.map(|email| &email.value),
        "email_verified": email.is_some_and(Identifier::is_verified),
        "disabled_at": user.disabled_at,
        "frozen_at": user.frozen_at,
        "created_at": user.created_at,
    })
}

fn line_text(user: &User) -> String {
    let created = user.created_at.format("%Y-%m-%d").to_string();
    let name = user.display_name().unwrap_or_else(|| "-".to_owned());
    line([&user.id.to_string(), status(user), &created, &address(user), &name])
}

/// In columns, unless a text is too long.
fn line([id, status, created, address, name]: [&str; 5]) -> String {
    format!("{id:16}  {status:8}  {created:10}  {address:40}  {name}")
}

fn status(user: &User) -> &'static str {
    match (user.is_disabled(), user.is_frozen()) {
        (true, _) => "disabled",
        (false, true) => "frozen",
        (false, false) => "active",
    }
}

/// The primary address, marked if it is not proven.
fn address(user: &User) -> String {
    let Some(email) = user.primary_email() else { return "-".to_owned() };
    let mark = if email.is_verified() { "" } else { " (unverified)" };
    format!("{}{mark}", email.value)
}
