//! `ETag`, `If-None-Match`, `If-Match`.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::{ACCOUNT, EMAIL};
use crate::testing::{Answer, Client, TestServer};

impl Client {
    async fn get_if_changed(&self, tag: &str) -> Answer {
        self.send(TestRequest::get().uri(ACCOUNT).insert_header(("if-none-match", tag))).await
    }

    async fn patch_if(&self, tag: &str, patch: Value) -> Answer {
        self.send(TestRequest::patch().uri(ACCOUNT).insert_header(("if-match", tag)).set_json(patch)).await
    }
}

#[actix_web::test]
async fn r68_a_strong_tag_is_read_kept_and_matched() {
    let ada = TestServer::new().await.bearer(EMAIL);
    let first = ada.get(ACCOUNT).await.header("etag").to_owned();
    assert!(first.starts_with('"'), "{first}");
    let not_modified = ada.get_if_changed(&format!("\"x\", W/{first}")).await;
    assert_eq!((not_modified.status, not_modified.header("etag"), not_modified.text()), (304, first.as_str(), ""));

    let changed = ada.patch_if(&format!("\"x\", {first}"), json!({"name": "Countess"})).await;
    let second = changed.header("etag");
    assert_eq!(changed.status, 200);
    assert_ne!(second, first);
    assert_eq!(ada.get_if_changed(&first).await.status, 200);

    for tag in [first.as_str(), &format!("W/{second}"), "\"1\"", "nonsense"] {
        let refused = ada.patch_if(tag, json!({"name": "Eve"})).await;
        assert_eq!(refused.problem(), (412, "changed"), "{tag}");
        assert_eq!(refused.header("etag"), second);
    }
    assert_eq!(ada.get(ACCOUNT).await.json()["name"], "Countess");
    assert_eq!(ada.patch_if("*", json!({"name": "Ada"})).await.status, 200);
}

#[actix_web::test]
async fn tags_of_two_accounts_never_match() {
    let server = TestServer::new().await;
    let of_ada = server.bearer(EMAIL).get(ACCOUNT).await;
    let bob = server.bearer("bob@example.com");
    assert_eq!(bob.get_if_changed(of_ada.header("etag")).await.status, 200);
}
