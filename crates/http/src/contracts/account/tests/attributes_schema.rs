//! `/api/v1/account/attributes/schema`.

use actix_web::test::TestRequest;
use selfsame_testing::core::TestCore;
use serde_json::json;

use super::{ACCOUNT, EMAIL};
use crate::testing::{TestServer, text};

const SCHEMA: &str = "/api/v1/account/attributes/schema";

#[actix_web::test]
async fn clients_read_the_schema_of_the_attributes() {
    let schema = json!({"type": "object", "properties": {"theme": {"enum": ["light", "dark"]}}});
    let ada = TestServer::over(TestCore::with_schema(&schema)).await.bearer(EMAIL);
    let read = ada.get(SCHEMA).await;
    assert_eq!((read.status, read.json()), (200, &schema));
    assert_eq!(read.header("content-type"), "application/schema+json");
    assert_eq!((read.header("cache-control"), read.header("vary")), ("private, max-age=300", "Authorization, Cookie"));
    let same = TestRequest::get().uri(SCHEMA).insert_header(("if-none-match", read.header("etag")));
    assert_eq!(ada.send(same).await.status, 304);
    let refused = ada.patch(ACCOUNT, json!({"attributes": {"theme": "blue"}})).await;
    assert_eq!(refused.broken_rules(), [("/attributes/theme", "schema")]);
    let any = TestServer::new().await.bearer(EMAIL).get(SCHEMA).await;
    assert_eq!(text(&any.json()["type"]), "object");
    assert_eq!(TestServer::new().await.anonymous().get(SCHEMA).await.problem().0, 401);
}
