//! The authorization request in the query of a page, and the responses to its client.
//!
//! Every page of the flow has the whole request in its query, so that nothing is stored before the user has signed in, and every
//! step checks the request again.

use actix_web::{HttpResponse, http::header::LOCATION};
use selfsame_application::Core;
use selfsame_domain::oauth::{AuthorizationFailure, AuthorizationRefusal, AuthorizationRequest};
use url::{Url, form_urlencoded};

use super::{AUTHORIZATION_ENDPOINT, Call};

/// The parameters of a request.
#[derive(Clone, Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Those of the URL of a page.
    pub(super) fn of(call: &Call) -> Self {
        Self(form_urlencoded::parse(call.request().query_string().as_bytes()).into_owned().collect())
    }

    /// The first value of a parameter.
    pub(super) fn first(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.clone())
    }

    /// The request, if it is valid.
    pub(super) fn request(&self, core: &Core) -> Result<AuthorizationRequest, AuthorizationRefusal> {
        AuthorizationRequest::parse(&self.0, &core.policy.oauth.clients)
    }

    /// The URL of a page with this request.
    pub(super) fn at(&self, path: &str) -> String {
        with_query(path, self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The URL of the same request after a sign-in that it asked for: it does not ask for another one.
    pub(super) fn after_sign_in(&self) -> String {
        let kept = self.0.iter().filter(|(name, _)| name != "max_age").map(|(name, value)| {
            let is_done = |word: &&str| matches!(*word, "login" | "select_account");
            let rest: Vec<_> = value.split_ascii_whitespace().filter(|word| !is_done(word)).collect();
            (name.clone(), if name == "prompt" { rest.join(" ") } else { value.clone() })
        });
        Self(kept.collect()).at(AUTHORIZATION_ENDPOINT)
    }

    /// The URL of the same request, which asks for another sign-in.
    pub(super) fn signing_in_again(&self) -> String {
        let kept = self.0.iter().filter(|(name, _)| name != "prompt" && name != "login_hint").cloned();
        Self(kept.chain([("prompt".to_owned(), "login".to_owned())]).collect()).at(AUTHORIZATION_ENDPOINT)
    }
}

/// The address of a client with the parameters of a response, and the issuer (RFC 9207).
fn response_uri(redirect_uri: &str, state: Option<&str>, issuer: &str, parameters: &[(&str, &str)]) -> String {
    let state = state.map(|state| ("state", state));
    with_query(redirect_uri, parameters.iter().copied().chain(state).chain([("iss", issuer)]))
}

/// An address with more parameters in its query (RFC 6749 section 3.1.2).
pub(super) fn with_query<'p>(uri: &str, parameters: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let separator = match query.as_str() {
        "" => "",
        _ if uri.contains('?') => "&",
        _ => "?",
    };
    format!("{uri}{separator}{query}")
}

/// The address to which a code is sent.
pub(super) fn success_uri(request: &AuthorizationRequest, issuer: &str, code: &str) -> String {
    response_uri(&request.redirect_uri, request.state.as_deref(), issuer, &[("code", code)])
}

/// The address to which an error is sent.
pub(super) fn failure_uri(
    redirect_uri: &str,
    state: Option<&str>,
    issuer: &str,
    failure: AuthorizationFailure,
) -> String {
    let parameters = [("error", failure.code()), ("error_description", failure.description())];
    response_uri(redirect_uri, state, issuer, &parameters)
}

/// Sends a browser to an address by GET (RFC 9700 section 4.12).
pub(super) fn see_other(location: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}

/// The source of a content security policy for an address: its origin, or its scheme where it has no origin that such a policy
/// can name.
pub(super) fn source_of(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
    let is_nameable = matches!(url.scheme(), "http" | "https") && !redirect_uri.contains("://[");
    Some(if is_nameable { url.origin().ascii_serialization() } else { format!("{}:", url.scheme()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Query {
        Query(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_response_keeps_the_query_of_the_address_and_escapes_the_state() {
        let uri =
            response_uri("https://app.example/cb?a=b", Some("x&code=y z"), "https://id.example", &[("code", "c")]);
        assert_eq!(uri, "https://app.example/cb?a=b&code=c&state=x%26code%3Dy+z&iss=https%3A%2F%2Fid.example");
        let uri = response_uri("com.example.app:/cb", None, "i", &[("code", "c")]);
        assert_eq!(uri, "com.example.app:/cb?code=c&iss=i");
    }

    #[test]
    fn after_a_sign_in_the_request_asks_for_no_other_one() {
        let asked = query(&[("prompt", "login consent"), ("max_age", "0"), ("state", "login")]);
        assert_eq!(asked.after_sign_in(), "/oauth/authorize?prompt=consent&state=login");
        assert_eq!(query(&[("prompt", "login")]).after_sign_in(), "/oauth/authorize?prompt=");
        assert_eq!(asked.signing_in_again(), "/oauth/authorize?max_age=0&state=login&prompt=login");
    }

    #[test]
    fn r56_a_form_may_lead_to_the_address_of_the_client() {
        for (uri, source) in [
            ("https://app.example/cb?x", "https://app.example"),
            ("http://127.0.0.1:4000/cb", "http://127.0.0.1:4000"),
            ("http://[::1]:4000/cb", "http:"),
            ("com.example.app:/cb", "com.example.app:"),
        ] {
            assert_eq!(source_of(uri).as_deref(), Some(source));
        }
    }
}
