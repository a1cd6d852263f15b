//! `/api/v1/account/exports`.

use std::{rc::Rc, sync::Arc, time::Duration};

use actix_web::{http::Method, test::TestRequest};
use selfsame_domain::Instant;
use selfsame_ports::{BlobEntry, BlobError, Blobs};
use selfsame_testing::{archive::unzip, core::TestCore, fakes::MemoryBlobs};
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify};

use super::EMAIL;
use crate::{
    LaneOptions,
    testing::{Answer, Client, TestServer, text},
};

const EXPORTS: &str = "/api/v1/account/exports";

impl Client {
    async fn request_export(&self) -> Answer {
        self.send(TestRequest::post().uri(EXPORTS)).await
    }

    async fn head(&self, path: &str) -> Answer {
        self.send(TestRequest::with_uri(path).method(Method::HEAD)).await
    }
}

/// The path of a new export of the client's account.
async fn requested(client: &Client) -> String {
    let answer = client.request_export().await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.header("location").to_owned()
}

#[actix_web::test]
async fn r78_an_export_is_requested_made_and_downloaded_by_its_owner() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let export = requested(&ada).await;
    let pending = ada.get(&export).await;
    insta::assert_json_snapshot!(pending.json(), {".id" => "[id]"}, @r#"
    {
      "archive": null,
      "bytes": null,
      "expires_at": null,
      "finished_at": null,
      "id": "[id]",
      "progress": 0,
      "requested_at": "2026-03-14T15:09:26.535Z",
      "status": "pending"
    }
    "#);
    assert_eq!(ada.get(&format!("{export}/archive")).await.problem(), (409, "export-not-ready"));
    assert_eq!(ada.request_export().await.problem(), (409, "export-in-progress"));

    server.make_exports();
    let listed = ada.get(EXPORTS).await;
    insta::assert_json_snapshot!(listed.json(), {
        ".exports[].id" => "[id]", ".exports[].bytes" => "[bytes]", ".exports[].archive" => "[path]",
    }, @r#"
    {
      "exports": [
        {
          "archive": "[path]",
          "bytes": "[bytes]",
          "expires_at": "2026-03-15T15:09:26.535Z",
          "finished_at": "2026-03-14T15:09:26.535Z",
          "id": "[id]",
          "progress": 100,
          "requested_at": "2026-03-14T15:09:26.535Z",
          "status": "ready"
        }
      ]
    }
    "#);
    let archive = ada.get(text(&listed.json()["exports"][0]["archive"])).await;
    assert_eq!(archive.status, 200);
    for (name, value) in [
        ("content-type", "application/zip"),
        ("content-disposition", "attachment; filename=\"account-2026-03-14.zip\""),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(archive.header(name), value);
    }
    let document: Value = serde_json::from_slice(&unzip(&archive.body)["account.json"]).unwrap();
    assert_eq!(document["account"]["email"], EMAIL);

    server.clock.advance(Duration::from_hours(24));
    let ada = server.bearer(EMAIL);
    assert_eq!(ada.get(&export).await.json()["status"], "expired");
    assert_eq!(ada.get(&format!("{export}/archive")).await.problem(), (410, "export-expired"));
    assert_eq!(ada.delete(&export).await.status, 204);
    assert_eq!(ada.get(&export).await.problem(), (404, "unknown-export"));
    assert_eq!(ada.delete(&export).await.problem(), (404, "unknown-export"));
}

#[actix_web::test]
async fn r78_request_and_download_need_a_recent_proof_and_the_rest_does_not() {
    let minute = chrono::Duration::minutes(1);
    let server = TestServer::over(TestCore::with(|policy, _| policy.step_up_critical = minute)).await;
    let ada = server.bearer(EMAIL);
    let export = requested(&ada).await;
    server.make_exports();
    server.clock.advance(Duration::from_mins(1));
    for answer in [ada.request_export().await, ada.get(&format!("{export}/archive")).await] {
        assert_eq!(answer.problem(), (401, "step-up-required"));
        assert!(answer.header("www-authenticate").contains("max_age=\"60\""));
    }
    assert_eq!((ada.get(&export).await.status, ada.get(EXPORTS).await.status), (200, 200));
    assert_eq!(ada.delete(&export).await.status, 204);
}

#[actix_web::test]
async fn r62_an_export_of_somebody_else_is_as_unknown_as_one_that_never_was() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let export = requested(&ada).await;
    server.make_exports();
    let eve = server.bearer("eve@example.com");
    for path in [export.as_str(), "/api/v1/account/exports/1", "/api/v1/account/exports/-1"] {
        assert_eq!(eve.get(path).await.problem(), (404, "unknown-export"), "{path}");
        assert_eq!(eve.get(&format!("{path}/archive")).await.problem(), (404, "unknown-export"), "{path}");
        assert_eq!(eve.delete(path).await.problem(), (404, "unknown-export"), "{path}");
    }
    assert_eq!(eve.get(EXPORTS).await.json(), &json!({"exports": []}));
    assert_eq!(ada.get(&format!("{export}/archive")).await.status, 200);
}

#[actix_web::test]
async fn r86_exports_have_a_budget() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    for _ in 0..3 {
        requested(&ada).await;
        server.make_exports();
    }
    assert_eq!(ada.request_export().await.problem(), (429, "rate-limited"));
}

#[actix_web::test]
async fn a_part_that_is_missing_ends_the_download() {
    let server = TestServer::new().await;
    let ada = server.bearer(EMAIL);
    let export = requested(&ada).await;
    server.make_exports();
    for name in server.blobs.names() {
        server.ports.blobs.delete(&name).unwrap();
    }
    assert_eq!(ada.get(&format!("{export}/archive")).await.problem(), (410, "export-expired"));
}

#[actix_web::test]
async fn the_head_of_an_archive_tells_what_a_download_would_and_is_none() {
    let minute = chrono::Duration::minutes(1);
    let server = TestServer::over(TestCore::with(|policy, _| policy.step_up_critical = minute)).await;
    let ada = server.bearer(EMAIL);
    let path = format!("{}/archive", requested(&ada).await);
    assert_eq!(ada.head(&path).await.status, 409);
    server.make_exports();
    let before = server.account(EMAIL).audit_head.sequence;
    let head = ada.head(&path).await;
    assert_eq!((head.status, server.account(EMAIL).audit_head.sequence), (200, before));
    let download = ada.get(&path).await;
    assert_eq!(server.account(EMAIL).audit_head.sequence, before + 1);
    for name in ["content-type", "content-disposition", "cache-control", "x-content-type-options"] {
        assert_eq!(head.header(name), download.header(name), "{name}");
    }
    assert_eq!(server.bearer("eve@example.com").head(&path).await.status, 404);
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(ada.head(&path).await.status, 401);
}

/// A store whose files cannot be read while somebody holds the lock.
struct Locked {
    store: Arc<MemoryBlobs>,
    lock: Arc<Mutex<()>>,
    begun: Arc<Notify>,
}

impl Blobs for Locked {
    fn put(&self, name: &str, bytes: &[u8], now: Instant) -> Result<(), BlobError> {
        self.store.put(name, bytes, now)
    }
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        self.begun.notify_one();
        let _held = self.lock.blocking_lock();
        self.store.get(name)
    }
    fn delete(&self, name: &str) -> Result<(), BlobError> {
        self.store.delete(name)
    }
    fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<BlobEntry>, BlobError> {
        self.store.list(after, limit)
    }
}

#[actix_web::test]
async fn a_download_takes_a_thread_of_the_writers_and_its_head_one_of_the_readers() {
    let (lock, begun) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
    let core = TestCore::new();
    let locked = Locked { store: Arc::clone(&core.blobs), lock: Arc::clone(&lock), begun: Arc::clone(&begun) };
    let core = core.over(|ports| ports.blobs = Arc::new(locked));
    let database_wait = Duration::from_millis(50);
    let lanes = LaneOptions { database_threads: 1, database_wait, ..LaneOptions::default() };
    let server = TestServer::with_lanes(core, lanes).await;
    let ada = Rc::new(server.bearer(EMAIL));
    let export = requested(&ada).await;
    server.make_exports();
    let path = format!("{export}/archive");

    let held = lock.lock().await;
    let (client, archive) = (Rc::clone(&ada), path.clone());
    let download = actix_web::rt::spawn(async move { client.get(&archive).await });
    begun.notified().await;
    assert_eq!((ada.get(&export).await.status, ada.head(&path).await.status), (200, 200));
    assert_eq!(ada.request_export().await.status, 503, "the one thread of the writers is taken");
    drop(held);
    assert_eq!(download.await.unwrap().status, 200);
}
