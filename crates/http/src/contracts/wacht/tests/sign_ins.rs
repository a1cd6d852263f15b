//! `/me/signins`.

use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, Browser, TestServer, text};

const BOB: &str = "bob@example.com";

/// The ids of a list of sign-ins, sorted.
fn ids(sign_ins: &Value) -> Vec<&str> {
    let mut ids: Vec<_> = sign_ins.as_array().unwrap().iter().map(|sign_in| text(&sign_in["id"])).collect();
    ids.sort_unstable();
    ids
}

/// The active sign-in of a browser.
async fn own_id(browser: &mut Browser) -> String {
    text(&browser.get("/session").await.data()["active_signin"]["id"]).to_owned()
}

async fn end(browser: &mut Browser, id: &str) -> Answer {
    browser.post(&format!("/me/signins/{id}/signout"), &[]).await
}

#[actix_web::test]
async fn a_user_sees_the_sign_ins_of_all_devices_and_nobody_elses() {
    let server = TestServer::new().await;
    let (mut laptop, mut phone) = (server.browser_of(EMAIL), server.browser_of(EMAIL));
    server.tokens(EMAIL);
    let mut bob = server.browser_of(BOB);

    let session = laptop.get("/session").await;
    let answer = laptop.get("/me/signins").await;
    let sign_ins = answer.data().as_array().unwrap();
    assert_eq!(sign_ins.len(), 3, "two browsers and an application");
    assert!(sign_ins.contains(&session.data()["active_signin"]), "one shape everywhere");
    assert!(ids(answer.data()).contains(&own_id(&mut phone).await.as_str()));
    assert!(sign_ins.iter().all(|sign_in| sign_in["user"]["email"] == EMAIL));
    assert_eq!(answer.json()["session"], *session.data());

    let own = own_id(&mut bob).await;
    assert_eq!(ids(bob.get("/me/signins").await.data()), [own]);
    assert_eq!(server.browser().get("/me/signins").await.error(), (401, "UNAUTHORIZED"));
}

#[actix_web::test]
async fn r49_a_sign_in_of_another_device_is_ended_from_here() {
    let server = TestServer::new().await;
    let (mut laptop, mut phone) = (server.browser_of(EMAIL), server.browser_of(EMAIL));
    let (own, other) = (own_id(&mut laptop).await, own_id(&mut phone).await);
    let answer = end(&mut laptop, &other).await;
    assert_eq!((answer.data(), ids(&answer.json()["session"]["signins"])), (&Value::Null, vec![own.as_str()]));
    assert_eq!((answer.header("set-cookie"), answer.header("clear-site-data")), ("", ""));
    assert_eq!(phone.get("/me").await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(ids(laptop.get("/me/signins").await.data()), [own.as_str()]);
    assert_eq!(end(&mut laptop, &other).await.error(), (404, "NOT_FOUND"), "it has ended already");
}

#[actix_web::test]
async fn r62_a_foreign_sign_in_is_as_unknown_as_one_that_never_was() {
    let server = TestServer::new().await;
    let (mut ada, mut bob) = (server.browser_of(EMAIL), server.browser_of(BOB));
    let foreign = own_id(&mut ada).await;
    let mut bodies = Vec::new();
    for id in [foreign.as_str(), "1", "nonsense"] {
        let answer = end(&mut bob, id).await;
        assert_eq!(answer.error(), (404, "NOT_FOUND"), "{id}");
        bodies.push(answer.json().clone());
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(ada.get("/me").await.status, 200);
    assert_eq!(end(&mut server.browser(), &foreign).await.error(), (401, "UNAUTHORIZED"));
}

#[actix_web::test]
async fn r50_the_callers_own_may_be_ended_and_the_browser_forgets() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let (own, cookie) = (own_id(&mut browser).await, browser.cookie.clone());
    let answer = end(&mut browser, &own).await;
    assert_eq!((answer.data(), &answer.json()["session"]["signins"]), (&Value::Null, &json!([])));
    assert_eq!((answer.cookie("session_id"), answer.cookie("__session")), (Some(""), Some("")));
    assert_eq!(answer.header("clear-site-data"), r#""cache","storage""#);
    browser.cookie = cookie;
    assert_eq!(browser.get("/me").await.error(), (401, "UNAUTHORIZED"));
}

#[actix_web::test]
async fn ending_ones_own_leaves_another_account_in_the_browser() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    server.account(BOB);
    browser.sign_in(BOB, selfsame_testing::core::PASSWORD).await;
    let bobs = own_id(&mut browser).await;
    let answer = end(&mut browser, &bobs).await;
    assert_eq!(answer.json()["session"]["active_signin"]["user"]["email"], EMAIL);
    assert_eq!(answer.header("clear-site-data"), "");
    assert_eq!(browser.get("/me").await.data()["email"], EMAIL);
}

#[actix_web::test]
async fn a_client_that_holds_tokens_ends_its_own_and_touches_no_cookie() {
    let server = TestServer::new().await;
    let mut browser = server.browser_of(EMAIL);
    let in_browser = own_id(&mut browser).await;
    let client = server.bearer(EMAIL);
    let me = client.get("/me").await;
    let own = text(&me.json()["session"]["signins"][0]["id"]);
    assert_eq!(ids(client.get("/me/signins").await.data()).len(), 2);

    let answer = client.post(&format!("/me/signins/{own}/signout"), json!({})).await;
    assert_eq!((answer.data(), &answer.json()["session"]["signins"]), (&Value::Null, &json!([])));
    assert_eq!((answer.header("set-cookie"), answer.header("clear-site-data")), ("", ""));
    assert_eq!(client.get("/me").await.error(), (401, "UNAUTHORIZED"));
    assert_eq!(ids(browser.get("/me/signins").await.data()), [in_browser]);
}
