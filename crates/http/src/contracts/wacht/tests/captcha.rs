//! The challenge of the SDK's forms.

use std::time::Duration;

use selfsame_domain::proof_of_work::Difficulty;
use selfsame_testing::core::{PASSWORD, TestCore};
use serde_json::{Value, json};

use super::EMAIL;
use crate::testing::{Answer, TestServer, text};

async fn demanding() -> TestServer {
    let server = TestServer::with(TestCore::new(), |services| services.wacht.challenge = true).await;
    server.account(EMAIL);
    server
}

impl TestServer {
    async fn redeem(&self, token: &Value, solutions: &[u64]) -> Answer {
        self.anonymous().post("/captcha/redeem", json!({"token": token, "solutions": solutions})).await
    }

    /// The token of a solved challenge.
    async fn solve(&self) -> String {
        let challenge = self.anonymous().post("/captcha/challenge", json!({})).await;
        let work = &challenge.json()["challenge"];
        assert_eq!(work, &json!({"c": 8, "s": 32, "d": 4}));
        let token = &challenge.json()["token"];
        let redeemed = self.redeem(token, &Difficulty::SHIPPED.solve(text(token))).await;
        assert_eq!(redeemed.json()["success"], true, "{}", redeemed.text());
        text(&redeemed.json()["token"]).to_owned()
    }

    async fn try_to_sign_in(&self, token: &str) -> Answer {
        let form = [("strategy", "plain_email"), ("email", EMAIL), ("password", PASSWORD), ("challenge_token", token)];
        self.browser().post("/auth/signin", &form).await
    }
}

#[actix_web::test]
async fn without_the_setting_there_is_no_challenge_and_a_token_is_ignored() {
    let server = TestServer::new().await;
    server.account(EMAIL);
    assert_eq!(server.anonymous().post("/captcha/challenge", json!({})).await.error(), (404, "NOT_FOUND"));
    assert_eq!(server.redeem(&json!("x"), &[]).await.error(), (404, "NOT_FOUND"));
    assert_eq!(server.try_to_sign_in("anything").await.status, 200);
}

#[actix_web::test]
async fn sign_up_identify_and_sign_in_demand_the_token_of_a_solved_challenge() {
    let server = demanding().await;
    let mut browser = server.browser();
    let sign_up = [("email", "new@example.com"), ("password", PASSWORD)];
    let sign_in = [("strategy", "plain_email"), ("email", EMAIL), ("password", PASSWORD)];
    for (path, form) in [
        ("/auth/signup", &sign_up[..]),
        ("/auth/signin", &sign_in[..]),
        ("/auth/identify", &[("identifier", EMAIL)][..]),
    ] {
        assert_eq!(browser.post(path, form).await.error(), (400, "CHALLENGE_REQUIRED"), "{path}");
        let forged = [form, &[("challenge_token", "forged")]].concat();
        assert_eq!(browser.post(path, &forged).await.error(), (400, "CHALLENGE_REQUIRED"), "{path}");
    }
    let token = server.solve().await;
    for (path, form) in [
        ("/auth/identify", &[("identifier", EMAIL)][..]),
        ("/auth/signup", &sign_up[..]),
        ("/auth/signin", &sign_in[..]),
    ] {
        let form = [form, &[("challenge_token", token.as_str())]].concat();
        assert_eq!(browser.post(path, &form).await.status, 200, "{path}");
    }
    let started =
        server.browser().post("/auth/prepare-verification?attempt_identifier=1&strategy=email_otp", &[]).await;
    assert_eq!(started.error(), (400, "BAD_SIGN_IN_ATTEMPT"), "this route demands none");
}

#[actix_web::test]
async fn a_token_counts_for_its_life_and_twenty_uses() {
    let core = TestCore::with(|_, limits| limits.enabled = false);
    let server = TestServer::with(core, |services| services.wacht.challenge = true).await;
    server.account(EMAIL);
    let token = server.solve().await;
    for number in 0..20 {
        assert_eq!(server.try_to_sign_in(&token).await.status, 200, "{number}");
    }
    assert_eq!(server.try_to_sign_in(&token).await.error(), (400, "CHALLENGE_REQUIRED"));
    let token = server.solve().await;
    server.clock.advance(Duration::from_mins(15) - Duration::from_secs(1));
    assert_eq!(server.try_to_sign_in(&token).await.status, 200);
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(server.try_to_sign_in(&token).await.error(), (400, "CHALLENGE_REQUIRED"));
}

#[actix_web::test]
async fn a_challenge_counts_once_in_its_time_and_only_when_it_is_solved() {
    let server = demanding().await;
    let challenge = async || server.anonymous().post("/captcha/challenge", json!({})).await.json()["token"].clone();
    let first = challenge().await;
    let solutions = Difficulty::SHIPPED.solve(text(&first));
    let refused = json!({"success": false, "error": "The challenge is not solved."});
    assert_eq!(server.redeem(&first, &solutions[1..]).await.json(), &refused);
    assert_eq!(server.redeem(&json!("forged"), &solutions).await.json(), &refused);
    assert_eq!(server.redeem(&first, &solutions).await.json()["success"], true);
    assert_eq!(server.redeem(&first, &solutions).await.json(), &refused, "it was redeemed");
    let late = challenge().await;
    let solutions = Difficulty::SHIPPED.solve(text(&late));
    server.clock.advance(Duration::from_mins(5));
    assert_eq!(server.redeem(&late, &solutions).await.json(), &refused);
    let broken = server.anonymous().post("/captcha/redeem", json!({"token": 1})).await;
    assert_eq!(broken.json(), &refused);
}
