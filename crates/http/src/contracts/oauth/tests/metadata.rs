//! The metadata of the server.

use super::*;

#[actix_web::test]
async fn the_metadata_says_where_everything_is_and_what_is_supported() {
    let mut browser = server().await.browser();
    let openid = browser.get("/.well-known/openid-configuration").await;
    let oauth = browser.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(openid.json(), oauth.json());
    assert_eq!(openid.header("cache-control"), "public, max-age=300");
    insta::assert_json_snapshot!(openid.json());
}
