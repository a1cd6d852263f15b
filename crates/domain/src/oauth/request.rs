//! Authorization requests (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1).

use super::{Client, CodeChallenge, Scope, Scopes};

/// The longest `state`, `nonce` or `login_hint`, in bytes.
const LONGEST: usize = 2048;

/// A valid request of a registered client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The client.
    pub client: Client,
    /// Where the response goes.
    pub redirect_uri: String,
    /// The scopes that were asked for and that the client may have.
    pub scopes: Scopes,
    /// Given back in the response.
    pub state: Option<String>,
    /// Given back in the ID token.
    pub nonce: Option<String>,
    /// The challenge of PKCE.
    pub challenge: CodeChallenge,
    /// What the user is asked for.
    pub prompt: Prompt,
    /// The greatest age of the user's last proof, in seconds.
    pub max_age: Option<u32>,
    /// The address or name of the user, as the client knows it.
    pub login_hint: Option<String>,
    /// An ID token of the user whom the client expects. Not verified.
    pub id_token_hint: Option<String>,
}

/// What the user is asked for (`prompt`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Nothing: without a sign-in and a consent there is an error.
    pub none: bool,
    /// To sign in again; also for `select_account`, as the sign-in page is where another account is chosen.
    pub login: bool,
    /// To consent again.
    pub consent: bool,
}

/// Why there is no response of success, as the client learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationFailure {
    /// A parameter is missing, repeated or malformed, or there is no PKCE with `S256`.
    InvalidRequest(&'static str),
    /// Another response type than `code`.
    UnsupportedResponseType,
    /// No scope that the client may have.
    InvalidScope,
    /// `request` is not supported.
    RequestNotSupported,
    /// `request_uri` is not supported.
    RequestUriNotSupported,
    /// `registration` is not supported.
    RegistrationNotSupported,
    /// The user refused.
    AccessDenied,
    /// `prompt=none`, and nobody is signed in as the request asks.
    LoginRequired,
    /// `prompt=none`, and the user has not consented.
    ConsentRequired,
    /// A rate limit, an overload or an outage.
    TemporarilyUnavailable,
    /// A fault of this server.
    ServerError,
}

/// Why the client of a request or its address is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    /// The request names one of them twice.
    Repeated,
    /// No client has this id.
    UnknownClient,
    /// The address is not one of the client.
    ForeignAddress,
}

/// A refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationRefusal {
    /// The client or its address is not known: nothing is sent there (RFC 9700 section 4.11).
    Untrusted(Untrusted),
    /// The client is told at its address.
    Told {
        /// The address, which is the client's.
        redirect_uri: String,
        /// Its state.
        state: Option<String>,
        /// The error.
        failure: AuthorizationFailure,
    },
}

impl AuthorizationFailure {
    /// The code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// A description for the developer of the client.
    pub fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(description) => description,
            Self::UnsupportedResponseType => "The response_type must be code, and the response_mode query.",
            Self::InvalidScope => "The scope has nothing that this client may ask for.",
            Self::RequestNotSupported => "The parameter request is not supported.",
            Self::RequestUriNotSupported => "The parameter request_uri is not supported.",
            Self::RegistrationNotSupported => "The parameter registration is not supported.",
            Self::AccessDenied => "The user did not allow it.",
            Self::LoginRequired => "The user has to sign in.",
            Self::ConsentRequired => "The user has to consent.",
            Self::TemporarilyUnavailable => "The service is busy. Try again in a moment.",
            Self::ServerError => "Something went wrong on our side.",
        }
    }
}

/// The parameters of a request.
struct Parameters<'p>(&'p [(String, String)]);

impl Parameters<'_> {
    /// The only value of a parameter. An empty one counts as absent (RFC 6749 section 3.1); a repeated one is an error.
    fn get(&self, name: &str) -> Result<Option<String>, ()> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() { Err(()) } else { Ok(value.filter(|value| !value.is_empty()).cloned()) }
    }

    fn once(&self, name: &str, refusal: &'static str) -> Result<Option<String>, AuthorizationFailure> {
        self.get(name).map_err(|()| AuthorizationFailure::InvalidRequest(refusal))
    }
}

impl AuthorizationRequest {
    /// Parses the parameters of a request. Until client and address are known, nothing is sent to the address.
    pub fn parse(parameters: &[(String, String)], clients: &[Client]) -> Result<Self, AuthorizationRefusal> {
        let parameters = Parameters(parameters);
        let untrusted = |()| AuthorizationRefusal::Untrusted(Untrusted::Repeated);
        let id = parameters.get("client_id").map_err(untrusted)?;
        let client = clients.iter().find(|client| Some(&client.id) == id.as_ref());
        let client = client.ok_or(AuthorizationRefusal::Untrusted(Untrusted::UnknownClient))?;
        let redirect_uri = parameters.get("redirect_uri").map_err(untrusted)?.filter(|uri| client.accepts(uri));
        let redirect_uri = redirect_uri.ok_or(AuthorizationRefusal::Untrusted(Untrusted::ForeignAddress))?;
        let state = parameters.get("state").unwrap_or_default();
        Self::read(&parameters, client, &redirect_uri).map_err(|failure| AuthorizationRefusal::Told {
            redirect_uri,
            state,
            failure,
        })
    }

    fn read(parameters: &Parameters<'_>, client: &Client, redirect_uri: &str) -> Result<Self, AuthorizationFailure> {
        use AuthorizationFailure as Failure;

        const REPEATED: &str = "A parameter is given more than once.";
        let text = |name| parameters.once(name, REPEATED);
        let state = text("state")?;
        for (name, failure) in [
            ("request", Failure::RequestNotSupported),
            ("request_uri", Failure::RequestUriNotSupported),
            ("registration", Failure::RegistrationNotSupported),
        ] {
            if text(name)?.is_some() {
                return Err(failure);
            }
        }
        let response_type = text("response_type")?.ok_or(Failure::InvalidRequest("The response_type is missing."))?;
        let response_mode = text("response_mode")?;
        if response_type != "code" || response_mode.is_some_and(|mode| mode != "query") {
            return Err(Failure::UnsupportedResponseType);
        }
        // Without the parameter the method would be `plain` (RFC 7636 section 4.3).
        if text("code_challenge_method")?.as_deref() != Some("S256") {
            return Err(Failure::InvalidRequest("PKCE with code_challenge_method S256 is required."));
        }
        let challenge = text("code_challenge")?.and_then(|challenge| CodeChallenge::parse(&challenge));
        let challenge =
            challenge.ok_or(Failure::InvalidRequest("The code_challenge is not a SHA-256 in base64url."))?;
        let scopes = Scopes::known_in(&text("scope")?.unwrap_or_default()).intersection(&client.scopes);
        if scopes.is_empty() {
            return Err(Failure::InvalidScope);
        }
        let (nonce, login_hint) = (text("nonce")?, text("login_hint")?);
        if [&state, &nonce, &login_hint].into_iter().flatten().any(|text| text.len() > LONGEST) {
            return Err(Failure::InvalidRequest("A parameter is too long."));
        }
        let max_age =
            text("max_age")?.map(|age| age.parse().map_err(|_| Failure::InvalidRequest("The max_age is no number.")));
        Ok(Self {
            client: client.clone(),
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            state,
            nonce,
            challenge,
            prompt: prompt(&text("prompt")?.unwrap_or_default())?,
            max_age: max_age.transpose()?,
            login_hint,
            id_token_hint: text("id_token_hint")?,
        })
    }

    /// Whether the request asks for an ID token.
    pub fn is_openid(&self) -> bool {
        self.scopes.contains(Scope::OpenId)
    }
}

fn prompt(text: &str) -> Result<Prompt, AuthorizationFailure> {
    let mut prompt = Prompt::default();
    for word in text.split_ascii_whitespace() {
        match word {
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(AuthorizationFailure::InvalidRequest("The prompt is not known.")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(AuthorizationFailure::InvalidRequest("The prompt none stands alone."));
    }
    Ok(prompt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::SigningAlgorithm;

    const VALID: &[(&str, &str)] = &[
        ("client_id", "app"),
        ("redirect_uri", "https://app.example/cb"),
        ("response_type", "code"),
        ("scope", "openid email address security:write"),
        ("state", "s"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];

    fn parse(changes: &[(&str, Option<&str>)]) -> Result<AuthorizationRequest, AuthorizationRefusal> {
        let client = Client {
            id: "app".to_owned(),
            name: "App".to_owned(),
            redirect_uris: vec!["https://app.example/cb".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            scopes: Scopes::known_in("openid profile email"),
            skips_consent: false,
            id_token_algorithm: SigningAlgorithm::Es256,
        };
        let kept = VALID.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let kept = kept.map(|(name, value)| (*name, *value));
        let changed = changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value)));
        let parameters: Vec<_> = kept.chain(changed).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        AuthorizationRequest::parse(&parameters, &[client])
    }

    #[test]
    fn a_client_gets_no_scope_that_it_is_not_registered_for() {
        assert_eq!(parse(&[]).unwrap().scopes.to_text(), "openid email");
    }

    #[test]
    fn r58_nothing_is_sent_to_an_address_that_is_not_registered() {
        for change in [
            ("client_id", None),
            ("client_id", Some("other")),
            ("redirect_uri", None),
            ("redirect_uri", Some("https://evil.example/cb")),
        ] {
            let refusal = parse(&[change]).unwrap_err();
            assert!(matches!(refusal, AuthorizationRefusal::Untrusted(_)), "{change:?}: {refusal:?}");
        }
        let twice = [("redirect_uri", Some("https://app.example/cb")), ("redirect_uri", Some("https://evil.example"))];
        assert!(matches!(parse(&twice), Err(AuthorizationRefusal::Untrusted(_))));
    }

    #[test]
    fn every_other_error_is_told_to_the_client_with_its_state() {
        for (change, code) in [
            (("response_type", None), "invalid_request"),
            (("response_type", Some("token")), "unsupported_response_type"),
            (("response_type", Some("code id_token")), "unsupported_response_type"),
            (("response_mode", Some("fragment")), "unsupported_response_type"),
            (("scope", None), "invalid_scope"),
            (("scope", Some("security:write")), "invalid_scope"),
            (("code_challenge", None), "invalid_request"),
            (("code_challenge", Some("short")), "invalid_request"),
            (("code_challenge_method", None), "invalid_request"),
            (("code_challenge_method", Some("plain")), "invalid_request"),
            (("prompt", Some("none login")), "invalid_request"),
            (("prompt", Some("dance")), "invalid_request"),
            (("max_age", Some("-1")), "invalid_request"),
            (("request", Some("x.y.z")), "request_not_supported"),
            (("request_uri", Some("https://app.example/r")), "request_uri_not_supported"),
            (("registration", Some("{}")), "registration_not_supported"),
        ] {
            let Err(AuthorizationRefusal::Told { state, failure, .. }) = parse(&[change]) else { panic!("{change:?}") };
            assert_eq!((failure.code(), state.as_deref()), (code, Some("s")), "{change:?}");
            assert!(!failure.description().is_empty());
        }
        let twice = [("scope", Some("openid")), ("scope", Some("email"))];
        assert!(matches!(parse(&twice), Err(AuthorizationRefusal::Told { .. })), "a repeated parameter");
    }

    #[test]
    fn the_prompt_is_read() {
        let prompt = |text| parse(&[("prompt", Some(text))]).unwrap().prompt;
        assert_eq!(prompt("login consent"), Prompt { login: true, consent: true, none: false });
        assert_eq!(prompt("select_account"), Prompt { login: true, ..Prompt::default() });
        assert_eq!(prompt(""), Prompt::default());
    }
}
