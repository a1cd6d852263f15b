//! An export of a whole account, on both databases and in both file stores: read back and compared with what the API answers.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Duration,
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use common::*;
use jsonwebtoken::{Algorithm, DecodingKey, jwk::Jwk};
use reqwest::Method;
use selfsame_domain::{Action, AuditRecord, ExportState};
use selfsame_ports::Storage as _;
use selfsame_testing::{
    archive::unzip,
    builders::{an_event, test_mac},
    poll::eventually,
    server::{Backend, backends},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A timeout that is long enough on a loaded machine.
const SOON: Duration = Duration::from_mins(1);

/// In hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap());
    bytes.iter().flat_map(digits).collect()
}

/// A picture of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Records of a long activity.
const RECORDS: usize = 6000;

const ACCOUNT: &str = "/api/v1/account";

/// What an import of an account may write.
const WRITABLE: [&str; 6] = ["given_name", "family_name", "name", "locale", "zoneinfo", "attributes"];

impl App {
    fn read(&self, access: &str, path: &str) -> Value {
        expect_success(self.get(&format!("{ACCOUNT}{path}")).bearer_auth(access).send().unwrap())
    }

    fn send(&self, access: &str, (method, path): (Method, &str), body: &Value) -> Value {
        let request = self.request(method, &format!("{ACCOUNT}{path}")).bearer_auth(access);
        expect_success(if body.is_null() { request } else { request.json(body) }.send().unwrap())
    }

    /// Requests an export, waits for it and downloads it.
    fn export(&self, access: &str) -> BTreeMap<String, Vec<u8>> {
        let requested = self.send(access, (Method::POST, "/exports"), &Value::Null);
        let path = format!("/exports/{}", text(&requested["id"]));
        let ready = eventually(SOON, "the export", || {
            Some(self.read(access, &path)).filter(|export| export["status"] == "ready")
        });
        let head = self.request(Method::HEAD, &text(&ready["archive"])).bearer_auth(access).send().unwrap();
        assert_eq!(
            (head.status().as_u16(), head.headers()["content-length"].to_str().unwrap().parse()),
            (200, Ok(ready["bytes"].as_i64().unwrap()))
        );
        let archive = self.get(&text(&ready["archive"])).bearer_auth(access).send().unwrap();
        assert_eq!(archive.status().as_u16(), 200);
        let bytes = archive.bytes().unwrap();
        assert_eq!(json!(bytes.len()), ready["bytes"]);
        unzip(&bytes)
    }
}

fn json_of(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

/// A copy without these members, in an object or in each item of a list.
fn without(value: &Value, members: &[&str]) -> Value {
    let mut value = value.clone();
    let items: Vec<&mut Value> = match &mut value {
        Value::Array(items) => items.iter_mut().collect(),
        other => vec![other],
    };
    for item in items {
        item.as_object_mut().unwrap().retain(|name, _| !members.contains(&name.as_str()));
    }
    value
}

/// The manifest lists the files as they are, and its signature verifies with the published keys.
fn check_manifest(app: &App, files: &BTreeMap<String, Vec<u8>>, subject: &str) {
    let manifest = json_of(files, "manifest.json");
    assert_eq!(manifest["subject"], subject);
    let listed: BTreeMap<String, Value> = manifest["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (text(&file["name"]), json!([file["bytes"], file["sha256"]])))
        .collect();
    let others = files.iter().filter(|(name, _)| !name.starts_with("manifest."));
    let expected: BTreeMap<String, Value> =
        others.map(|(name, content)| (name.clone(), json!([content.len(), hex(&Sha256::digest(content))]))).collect();
    assert_eq!(listed, expected);

    let signed = String::from_utf8(files["manifest.jws"].clone()).unwrap();
    let (message, signature) = signed.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    assert_eq!(decode(payload), files["manifest.json"]);
    let header: Value = serde_json::from_slice(&decode(header)).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&json!("export-manifest+jws"), &json!("ES256")));
    let path = text(&manifest["jwks_uri"]).replace(&text(&manifest["issuer"]), "");
    let keys = expect_success(app.get(&path).send().unwrap());
    let mut keys = keys["keys"].as_array().unwrap().iter();
    let key: Jwk = serde_json::from_value(keys.find(|key| key["kid"] == header["kid"]).unwrap().clone()).unwrap();
    let key = DecodingKey::from_jwk(&key).unwrap();
    assert!(jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::ES256).unwrap());
    assert_eq!(app.get(ACCOUNT).bearer_auth(&signed).send().unwrap().status().as_u16(), 401, "it is no token");
}

/// What the document says is what the API answers.
fn compare(app: &App, access: &str, document: &Value) {
    assert_eq!(without(&document["account"], &["sign_in_count", "disabled_at", "frozen_at"]), app.read(access, ""));
    for list in ["emails", "phones"] {
        assert_eq!(document[list], app.read(access, &format!("/{list}"))[list], "{list}");
    }
    let answered = |path: &str, list: &str| without(&app.read(access, path)[list], &["current"]);
    assert_eq!(without(&document["sign_ins"], &["application"]), answered("/sign-ins", "sign_ins"));
    assert_eq!(document["devices"], answered("/devices", "devices"));
    assert_eq!(document["identities"], answered("/identities", "identities"));
    let applications = without(&document["applications"], &["extended_at"]);
    assert_eq!(applications, answered("/applications", "applications"));
    assert_eq!(without(&document["passkeys"], &["use_count"]), answered("/passkeys", "passkeys"));
    assert_eq!(without(&document["second_factors"], &["totp_enrolled_at"]), app.read(access, "/second-factors"));
    assert_eq!(document["email_change"], app.read(access, "/email-change"));
    assert_eq!(document["deletion"], app.read(access, "/deletion"));
}

/// The application is named with what it was allowed, and so is the sign-in in which it acts.
fn check_application(document: &Value) {
    let application = &document["applications"][0];
    let scopes = json!(["openid", "offline_access"]);
    assert_eq!((&application["name"], &application["scopes"]), (&json!("App"), &scopes));
    assert_eq!(application["allowed_at"], application["extended_at"]);
    let acting = document["sign_ins"].as_array().unwrap().iter().map(|sign_in| &sign_in["application"]);
    let acting: Vec<&Value> = acting.filter(|application| !application.is_null()).collect();
    assert_eq!(acting, [&json!({"id": "app", "scopes": scopes})]);
}

/// Writes what can be written of an export into another account, and returns that account.
fn import(app: &App, files: &BTreeMap<String, Vec<u8>>, document: &Value) -> Value {
    let other = app.user();
    let mut patch = json!({});
    for name in WRITABLE {
        patch[name] = document["account"][name].clone();
    }
    let picture = &files[&text(&document["picture_file"])];
    patch["picture"] = format!("data:image/webp;base64,{}", STANDARD.encode(picture)).into();
    app.send(&other.access, (Method::PATCH, ""), &patch)
}

fn r78_on(backend: Backend, blobs: &str) {
    let app = app_with(options(backend).setting("blobs.url", blobs).setting("oauth.clients", applications()));
    let user = app.user();
    let access = &user.access;
    let attributes = json!({"theme": "dark", "ids": [1, 2.5, null], "note": "=HYPERLINK(\"x\")"});
    let patch = json!({
        "name": "Ada <Lovelace>", "given_name": "Ada", "locale": "en-GB", "zoneinfo": "Europe/London", "attributes": attributes,
        "phone_number": "+31612345678", "picture": format!("data:image/png;base64,{PIXEL}"),
    });
    app.send(access, (Method::PATCH, ""), &patch);
    app.send(access, (Method::POST, "/emails"), &json!({"email": fresh_email()}));
    let body = json!({"new_email": fresh_email()});
    expect_success(app.post("/api/v1/auth/me/email/request").bearer_auth(access).json(&body).send().unwrap());
    let (status, tokens) = exchange_code(&app, &authorization_code(&app, &user.email));
    assert_eq!(status, 200);
    let secret = enrol_totp(&app, access);
    let codes = app.send(access, (Method::POST, "/backup-codes"), &Value::Null);
    let device = app.send(access, (Method::POST, "/devices"), &json!({"name": "Laptop"}));

    let files = app.export(access);
    let document = json_of(&files, "account.json");
    let schema = jsonschema::validator_for(&json_of(&files, "account.schema.json")).unwrap();
    let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    check_manifest(&app, &files, &user.id);
    compare(&app, access, &document);
    check_application(&document);
    let imported = import(&app, &files, &document);
    for name in WRITABLE {
        assert_eq!(imported[name], document["account"][name], "{name}");
    }
    assert_eq!(imported["picture"].is_string(), document["account"]["picture"].is_string());

    let hash = |token: &str| Sha256::digest(token);
    let mut secrets =
        vec![secret.to_base32().to_string(), PASSWORD.to_owned(), "argon2".to_owned(), text(&device["device_token"])];
    for token in [access, &user.refresh, &text(&tokens["access_token"]), &text(&tokens["refresh_token"])] {
        secrets.extend([
            token.clone(),
            hex(&hash(token)),
            URL_SAFE_NO_PAD.encode(hash(token)),
            STANDARD.encode(hash(token)),
        ]);
    }
    secrets.extend(codes["backup_codes"].as_array().unwrap().iter().map(text));
    for (name, content) in &files {
        let content = String::from_utf8_lossy(content);
        assert!(secrets.iter().all(|secret| !content.contains(secret)), "{name}");
    }
}

#[test]
fn r78_an_export_is_the_whole_account_signed_and_without_secrets_from_the_database() {
    for backend in backends() {
        r78_on(backend, "database://");
    }
}

#[test]
fn r78_an_export_is_the_whole_account_signed_and_without_secrets_from_a_folder() {
    for backend in backends() {
        let folder = tempfile::tempdir().unwrap();
        r78_on(backend, &format!("file://{}", folder.path().display()));
    }
}

/// Adds records to the activity of an account, with details that can hardly be compressed, so that an export takes a while
/// and has several parts.
fn add_activity(app: &mut App, user: &str) {
    app.server.terminate();
    app.server.wait_exit(SOON);
    in_storage(app, |storage| {
        let mut unit = storage.begin().unwrap();
        let before = unit.accounts().lock(user.parse().unwrap()).unwrap().unwrap();
        let mut after = before.clone();
        for number in 0..RECORDS {
            let noise: String = (0..16).map(|part| hex(&Sha256::digest(format!("{number} {part}")))).collect();
            let mut event = an_event(before.id, Action::ProfileUpdated);
            event.details.changes[0].new = noise.into();
            let record = AuditRecord::chained(&after.audit_head, &event, &test_mac);
            unit.audit().append(&record).unwrap();
            after.audit_head = record.head();
        }
        unit.accounts().save(&before, &after).unwrap();
        unit.commit().unwrap();
    });
    app.server.start();
}

/// The files in a folder and its subfolders.
fn files_in(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    files
}

#[test]
fn r87_an_export_that_kill_9_interrupts_is_made_by_the_next_process_once() {
    for backend in backends() {
        let folder = tempfile::tempdir().unwrap();
        let options = options(backend).setting("blobs.url", format!("file://{}", folder.path().display()));
        // What a killed worker had leased is due again soon.
        let mut app = app_with(options.setting("mail.timeout", "1s").setting("mail.lease", "2s"));
        let user = app.user();
        add_activity(&mut app, &user.id);
        let requested = app.send(&user.access, (Method::POST, "/exports"), &Value::Null);
        let path = format!("/exports/{}", text(&requested["id"]));
        // In the middle: a part is in the store.
        eventually(SOON, "the export to have a part", || (!files_in(folder.path()).is_empty()).then_some(()));
        app.server.kill_dash_nine();
        let stored = |app: &App| {
            let user = user.id.parse().unwrap();
            in_storage(app, |storage| storage.read().unwrap().exports(user, 10).unwrap().remove(0))
        };
        let interrupted = stored(&app);
        assert_eq!(interrupted.state, ExportState::Running);

        app.server.start();
        let ready = eventually(SOON, "the export", || {
            Some(app.read(&user.access, &path)).filter(|export| export["status"] == "ready")
        });
        let archive = app.get(&text(&ready["archive"])).bearer_auth(&user.access).send().unwrap().bytes().unwrap();
        let document = json_of(&unzip(&archive), "account.json");
        let noise = document["activity"].as_array().unwrap().iter().filter(|entry| entry["request_id"] == "req-test");
        assert_eq!(noise.count(), RECORDS);
        // Verification, request, ready. Another notice would have been enqueued with the archive.
        app.server.mailbox().wait_for_to(&user.email, 3);
        app.server.terminate();
        app.server.wait_exit(SOON);
        let made = stored(&app).archive.unwrap();
        assert_ne!(interrupted.archive.unwrap().name, made.name);
        let files = files_in(folder.path());
        assert_eq!(files.len(), usize::try_from(made.parts).unwrap());
        assert!(files.iter().all(|file| file.starts_with(&made.name)), "{files:?}");
        assert_eq!(app.server.mailbox().messages_to(&user.email).len(), 3);
        let is_left = in_storage(&app, |storage| storage.read().unwrap().outbox_page(false, None, 10).unwrap());
        assert!(is_left.is_empty(), "every mail was sent");
    }
}
