//! `selfsame user export`: makes an archive, fetches it part by part, because a reply has a limit, and writes it to a file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::UserRequest;
use crate::{
    cli::{Exit, ExportUser},
    commands::{executor::Executor, fail, reply::Reply, request::Request},
};

/// Writes the file, which only its owner can read. If that fails, there is none.
pub(super) fn export(executor: &mut Executor<'_>, wanted: &ExportUser) -> Result<Reply, Exit> {
    let path = &wanted.output;
    let unwritable = |error: io::Error| fail(&format!("{}: {error}", path.display()));
    // First, so that nothing is recorded as handed out that cannot be written.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(unwritable)?;
    let exported = fetch(executor, &wanted.named.user, &mut file, &unwritable);
    if !matches!(exported, Ok(Reply::Done { .. })) {
        // Why nothing was exported is reported, and matters more.
        let _: io::Result<()> = fs::remove_file(path);
    }
    Ok(match exported? {
        Reply::Done { mut json, text } => {
            json["file"] = path.display().to_string().into();
            Reply::Done { json, text: format!("{text} to {}", path.display()) }
        }
        refused @ Reply::Refused { .. } => refused,
    })
}

fn fetch(
    executor: &mut Executor<'_>,
    user: &str,
    file: &mut File,
    unwritable: &dyn Fn(io::Error) -> Exit,
) -> Result<Reply, Exit> {
    let mut ask = |request| executor.execute(&Request::User(request));
    let (mut json, text) = match ask(UserRequest::Export { user: user.to_owned() })? {
        Reply::Done { json, text } => (json, text),
        refused @ Reply::Refused { .. } => return Ok(refused),
    };
    let archive = json["archive"].as_str().unwrap_or_default().to_owned();
    let parts = json["parts"].as_i64().and_then(|parts| i32::try_from(parts).ok()).unwrap_or_default();
    for part in 0..parts {
        let bytes = match ask(UserRequest::ReadExport { archive: archive.clone(), part })? {
            Reply::Done { json: Value::String(bytes), .. } => STANDARD.decode(bytes),
            refused @ Reply::Refused { .. } => return Ok(refused),
            Reply::Done { .. } => return Ok(Reply::failed("a part of the archive cannot be read")),
        };
        let Ok(bytes) = bytes else { return Ok(Reply::failed("a part of the archive cannot be read")) };
        file.write_all(&bytes).map_err(unwritable)?;
    }
    file.sync_all().map_err(unwritable)?;
    if let refused @ Reply::Refused { .. } = ask(UserRequest::DropExport { archive })? {
        return Ok(refused);
    }
    // What names the archive on the server is of no use any more.
    if let Some(members) = json.as_object_mut() {
        members.retain(|name, _| name != "archive" && name != "parts");
    }
    Ok(Reply::Done { json, text })
}
