//! `/me/account/delete`.

use std::time::Duration;

use super::EMAIL;
use crate::testing::TestServer;

#[actix_web::test]
async fn r77_the_sdk_deletes_an_account_with_its_empty_password_and_the_browser_is_signed_out() {
    let server = TestServer::new().await;
    let (mut browser, mut phone) = (server.browser_of(EMAIL), server.browser_of(EMAIL));
    let answer = browser.post("/me/account/delete", &[("password", "")]).await;
    assert_eq!((answer.status, answer.data()["deletion_at"].as_str()), (200, Some("2026-03-28T15:09:26.535Z")));
    assert_eq!(answer.json()["session"]["signins"].as_array().map(Vec::len), Some(0));
    for browser in [&mut browser, &mut phone] {
        assert_eq!(browser.get("/me").await.error(), (401, "UNAUTHORIZED"));
    }
}

#[actix_web::test]
async fn r77_an_old_sign_in_deletes_nothing() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.clock.advance(Duration::from_mins(6));
    assert_eq!(browser.post("/me/account/delete", &[]).await.error(), (403, "STEP_UP_REQUIRED"));
    assert_eq!(browser.get("/me").await.status, 200);
}
