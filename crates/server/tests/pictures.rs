//! Pictures are shared by the servers on one database, and deleted when no account has them.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{sync::Arc, time::Duration};

use common::*;
use reqwest::Method;
use selfsame_blobs_database::DatabaseBlobs;
use selfsame_blobs_fs::FileBlobs;
use selfsame_ports::Blobs;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::{
    poll::eventually,
    server::{Backend, Server, backends},
};
use serde_json::{Value, json};

/// A timeout that is long enough on a loaded machine.
const SOON: Duration = Duration::from_secs(20);

/// A picture of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Gives a user this picture, or none; returns the path at which it is served.
fn set_picture(app: &App, user: &User, picture: &Value) -> String {
    let request = app.request(Method::PUT, "/api/v1/auth/me/profile").bearer_auth(&user.access);
    let body = expect_success(request.json(&json!({"profile_image_url": picture})).send().unwrap());
    let url = body["data"]["profile_image_url"].as_str().unwrap_or_default();
    url.replace(&app.server.url(""), "")
}

fn a_picture() -> Value {
    json!(format!("data:image/png;base64,{PIXEL}"))
}

fn status(app: &App, path: &str) -> u16 {
    app.get(path).send().unwrap().status().as_u16()
}

#[test]
fn a_picture_uploaded_through_one_server_is_served_by_another_on_the_same_database() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let one = app(Backend::Postgres);
    let user = one.user();
    // A machine of its own: nothing but the database is shared, and the keys.
    let other = options(Backend::Sqlite).setting("database.url", one.server.database_url());
    let other = app_with_keys_of(&one, other);
    assert!(other.server.stdout().contains("pictures   database://"), "{}", other.server.stdout());

    let path = set_picture(&one, &user, &a_picture());
    let served = other.get(&path).send().unwrap();
    assert_eq!((served.status().as_u16(), &served.headers()["content-type"]), (200, &"image/webp".parse().unwrap()));
    assert_eq!(served.bytes().unwrap(), one.get(&path).send().unwrap().bytes().unwrap());
    for server in [&one.server, &other.server] {
        assert!(!server.folder().join("data/pictures").exists());
    }

    set_picture(&one, &user, &Value::Null);
    assert_eq!((status(&one, &path), status(&other, &path)), (404, 404));
}

/// The files of a server that does not run.
fn blobs(server: &Server, url: &str) -> Box<dyn Blobs> {
    if url == "database://" {
        let storage = DieselStorage::connect(&DatabaseOptions::new(server.database_url())).unwrap();
        Box::new(DatabaseBlobs::new(Arc::new(storage).database()))
    } else {
        Box::new(FileBlobs::open(server.folder().join("data/pictures")).unwrap())
    }
}

#[test]
fn a_file_that_a_crash_left_goes_after_a_day_and_the_picture_of_an_account_stays() {
    let stores = [(Backend::Sqlite, ""), (Backend::Sqlite, "database://"), (Backend::Postgres, "database://")];
    for (backend, url) in stores.into_iter().filter(|(backend, _)| backends().contains(backend)) {
        let mut app = app_with(options(backend).setting("blobs.url", url));
        let path = set_picture(&app, &app.user(), &a_picture());
        app.server.terminate();
        app.server.wait_exit(SOON);

        let [orphan, young] = [1, 2].map(|number| format!("{number:080x}.webp"));
        let blobs = blobs(&app.server, url);
        let picture = blobs.list(None, 10).unwrap().pop().unwrap();
        assert_eq!(path, format!("/avatars/{}", picture.name));
        let bytes = blobs.get(&picture.name).unwrap().unwrap();
        let long_ago = picture.stored_at - Duration::from_hours(25);
        blobs.put(&picture.name, &bytes, long_ago).unwrap();
        blobs.put(&orphan, &bytes, long_ago).unwrap();
        blobs.put(&young, &bytes, picture.stored_at).unwrap();
        drop(blobs);

        app.server.start();
        let is_gone = || (status(&app, &format!("/avatars/{orphan}")) == 404).then_some(());
        eventually(SOON, "the orphan to go", is_gone);
        assert_eq!((status(&app, &path), status(&app, &format!("/avatars/{young}"))), (200, 200), "{backend:?} {url}");
    }
}
