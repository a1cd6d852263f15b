//! The client of Wacht is a browser: it sends forms and one session cookie under two names. Responses are envelopes.

use actix_web::test::TestRequest;
use selfsame_domain::Factors;
use serde_json::Value;

use super::{Answer, TestServer};

/// A browser with a session cookie.
pub(crate) struct Browser {
    server: TestServer,
    pub(crate) cookie: Option<String>,
}

impl TestServer {
    /// A browser without a cookie.
    pub(crate) fn browser(&self) -> Browser {
        Browser { server: self.clone(), cookie: None }
    }

    /// A browser with a sign-in of this account. See [`TestServer::account`].
    pub(crate) fn browser_of(&self, email: &str) -> Browser {
        self.account(email);
        Browser { cookie: Some(self.cookie(email).expose().to_owned()), ..self.browser() }
    }
}

impl TestServer {
    /// A browser with a new sign-in by these factors.
    pub(crate) fn browser_by(&self, email: &str, methods: Factors) -> Browser {
        self.account(email);
        Browser { cookie: Some(self.cookie_by(email, methods).expose().to_owned()), ..self.browser() }
    }
}

impl Browser {
    pub(crate) async fn send(&mut self, mut request: TestRequest) -> Answer {
        if let Some(cookie) = &self.cookie {
            request = request.insert_header(("Cookie", format!("session_id={cookie}")));
        }
        let answer = self.server.send(request).await;
        if let Some(cookie) = answer.cookie("session_id") {
            assert_eq!(answer.cookie("__session"), Some(cookie), "both names, one value");
            self.cookie = Some(cookie.to_owned()).filter(|cookie| !cookie.is_empty());
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(TestRequest::post().uri(path).set_form(form)).await
    }

    /// Sends JSON.
    pub(crate) async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(TestRequest::patch().uri(path).set_json(body)).await
    }
}

impl Answer {
    /// `data` of a success.
    #[track_caller]
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(self.status, 200, "{}", self.text());
        &self.json()["data"]
    }

    /// Status and code of the first error.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, &str) {
        (self.status, self.json()["errors"][0]["code"].as_str().unwrap_or_default())
    }
}
