//! `/me/profile-picture`.

use actix_web::test::TestRequest;
use selfsame_testing::fakes::FakePictures;
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::TestServer;

fn upload(bytes: &[u8]) -> TestRequest {
    let head =
        b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_slice(), bytes, b"\r\n--B--\r\n"].concat();
    let request = TestRequest::post().uri("/me/profile-picture");
    request.insert_header(("content-type", "multipart/form-data; boundary=B")).set_payload(body)
}

#[actix_web::test]
async fn a_picture_has_an_absolute_address_until_it_is_removed() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let answer = browser.send(upload(&FakePictures::a_picture(1))).await;
    assert_eq!((answer.status, &answer.json()["data"]), (200, &Value::Null));
    let user = browser.get("/me").await.data().clone();
    let name = server.blobs.names().pop().unwrap();
    assert_eq!(user["profile_picture_url"], format!("http://localhost:8080/avatars/{name}"));
    assert_eq!((&user["image_url"], &user["has_profile_picture"]), (&user["profile_picture_url"], &json!(true)));
    assert_eq!(answer.json()["session"]["active_signin"]["user"]["image_url"], user["image_url"]);

    let kept = browser.post("/me", &[("remove_profile_picture", "false")]).await;
    assert_eq!(kept.data()["has_profile_picture"], true);
    let answer = browser.post("/me", &[("remove_profile_picture", "true")]).await;
    assert_eq!(answer.data()["profile_picture_url"], "");
    assert_eq!(answer.data()["image_url"], "");
}

#[actix_web::test]
async fn r71_what_is_no_picture_is_refused_whatever_it_says_it_is() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    assert_eq!(browser.send(upload(b"<svg/>")).await.error(), (415, "UNSUPPORTED_MEDIA_TYPE"));
    assert_eq!(browser.send(upload(b"")).await.error(), (400, "REQUIRED_FIELD"));
    let large = [FakePictures::a_picture(1), vec![0; 12 << 20]].concat();
    assert_eq!(browser.send(upload(&large)).await.error(), (413, "PAYLOAD_TOO_LARGE"));
    assert!(server.blobs.names().is_empty());
}
