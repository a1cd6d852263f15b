//! A client that sends a credential with every request, or with none.

use actix_web::{http::Method, test::TestRequest, web::Bytes};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_domain::Factors;
use selfsame_domain::TotpSecret;
use selfsame_ports::Storage as _;
use serde::Serialize;

use super::{Answer, TestServer};

/// A client with one credential or none.
pub(crate) struct Client {
    server: TestServer,
    credential: Option<(&'static str, String)>,
}

impl TestServer {
    /// A client without a credential.
    pub(crate) fn anonymous(&self) -> Client {
        Client { server: self.clone(), credential: None }
    }

    /// A client with a Bearer token, valid or not.
    pub(crate) fn with_token(&self, token: &str) -> Client {
        Client { server: self.clone(), credential: Some(("authorization", format!("Bearer {token}"))) }
    }

    /// A client with the credentials of HTTP Basic.
    pub(crate) fn with_basic(&self, id: &str, secret: &str) -> Client {
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        Client { server: self.clone(), credential: Some(("authorization", format!("Basic {basic}"))) }
    }

    /// A client with an access token of a new sign-in of this account. See [`TestServer::account`].
    pub(crate) fn bearer(&self, email: &str) -> Client {
        self.account(email);
        self.with_token(&self.tokens(email).access_token.token)
    }
}

impl TestServer {
    /// The secret of the authenticator app that the account has or begins to enrol.
    pub(crate) fn totp_secret(&self, email: &str) -> TotpSecret {
        let user = self.account(email).id;
        let mut queries = self.storage.read().unwrap();
        let pending = queries.pending_totp(user).unwrap().map(|pending| pending.sealed);
        let sealed = pending.or_else(|| queries.totp(user).unwrap().map(|totp| totp.sealed)).unwrap();
        TotpSecret::from_stored(&self.ports.vault.open(&format!("totp:{user}"), &sealed).unwrap()).unwrap()
    }

    /// A client of this account in whose sign-in an authenticator app was enrolled, and the secret of the app.
    pub(crate) fn bearer_with_totp(&self, email: &str) -> (Client, TotpSecret) {
        self.account(email);
        let tokens = self.tokens(email);
        let secret = self.enrol_totp_in(&self.caller(&tokens));
        (self.with_token(&tokens.access_token.token), secret)
    }

    /// A client with an access token of a new sign-in by these factors.
    pub(crate) fn bearer_by(&self, email: &str, methods: Factors) -> Client {
        self.account(email);
        self.with_token(&self.access_token_by(email, methods))
    }
}

impl Client {
    /// Sends JSON.
    pub(crate) async fn delete_with(&self, path: &str, body: impl Serialize) -> Answer {
        self.send(TestRequest::delete().uri(path).set_json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(TestRequest::delete().uri(path)).await
    }

    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        match &self.credential {
            Some(credential) => self.server.send(request.insert_header(credential.clone())).await,
            None => self.server.send(request).await,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, body: impl Serialize) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }

    /// Sends JSON.
    pub(crate) async fn put(&self, path: &str, body: impl Serialize) -> Answer {
        self.send(TestRequest::put().uri(path).set_json(body)).await
    }

    /// Sends JSON.
    pub(crate) async fn patch(&self, path: &str, body: impl Serialize) -> Answer {
        self.send(TestRequest::patch().uri(path).set_json(body)).await
    }

    /// Sends bytes under a content type; under none if it is empty.
    pub(crate) async fn send_as(
        &self,
        (method, path): (Method, &str),
        content_type: &str,
        body: impl Into<Bytes>,
    ) -> Answer {
        let request = TestRequest::with_uri(path).method(method).set_payload(body);
        let is_named = !content_type.is_empty();
        self.send(if is_named { request.insert_header(("content-type", content_type)) } else { request }).await
    }
}
