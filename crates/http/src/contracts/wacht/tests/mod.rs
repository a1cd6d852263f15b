//! Tests of every route over a core in memory.

mod authenticator;
mod captcha;
mod credentials;
mod deletion;
mod deployment;
mod document;
mod failures;
mod identifiers;
mod not_enabled;
mod own_password;
mod passkeys;
mod password;
mod phone_sign_in;
mod picture;
mod profile;
mod session;
mod sign_in;
mod sign_ins;
mod sign_up;
mod staging;
mod strangers;

use selfsame_domain::OpaqueToken;
use serde_json::Value;

use crate::testing::{Answer, Browser};

const EMAIL: &str = "ada@example.com";

impl Browser {
    async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/auth/signin", &[("strategy", "plain_email"), ("email", email), ("password", password)]).await
    }

    async fn prepare(&mut self, attempt: &str) -> Answer {
        let query = format!("attempt_identifier={attempt}&identifier_type=signup&strategy=email_otp");
        self.post(&format!("/auth/prepare-verification?{query}"), &[]).await
    }

    async fn verify(&mut self, attempt: &str, code: &str) -> Answer {
        let path = format!("/auth/attempt-verification?attempt_identifier={attempt}&identifier_type=signup");
        self.post(&path, &[("verification_code", code)]).await
    }
}

impl Answer {
    /// The last attempt in a list of the session of a success.
    fn attempt(&self, list: &str) -> &Value {
        self.data()[list].as_array().unwrap().last().unwrap()
    }
}

fn is_token(text: &str) -> bool {
    OpaqueToken::parse(text).is_some()
}
