//! Access tokens that other issuers have signed (R45, R46).

use selfsame_domain::Instant;

/// What a valid token says of its subject, by the mapping of its issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignClaims {
    /// `iss`.
    pub issuer: String,
    /// `sub`, of 1 to 255 characters.
    pub subject: String,
    /// `iat`.
    pub issued_at: Instant,
    /// The address, if the issuer says that it is verified. It is not parsed.
    pub verified_email: Option<String>,
    /// `name`. Not checked, like the other claims of the profile.
    pub name: Option<String>,
    /// `given_name`.
    pub given_name: Option<String>,
    /// `family_name`.
    pub family_name: Option<String>,
    /// The names in the claim of scopes; empty without one.
    pub scopes: Vec<String>,
    /// `client_id` or `azp`: the application that the token was issued to.
    pub client_id: Option<String>,
    /// `auth_time`.
    pub authenticated_at: Option<Instant>,
    /// `amr` (RFC 8176); empty without one.
    pub methods: Vec<String>,
}

/// The verifier of tokens of other issuers.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ForeignTokens: Send + Sync {
    /// Verifies a token of one of the issuers: key, algorithm and type that its issuer is configured with, issuer and audience
    /// exactly, not expired. It may fetch the keys of the issuer, within a deadline.
    fn verify(&self, token: &str, now: Instant) -> Result<ForeignClaims, ForeignTokenError>;
}

/// Why there are no claims.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignTokenError {
    /// Not a valid token of any of the issuers.
    #[error("the access token is invalid")]
    Invalid,
    /// A valid token of an issuer, but past its `exp`.
    #[error("the access token has expired")]
    Expired,
    /// The keys of its issuer are not known yet. Try again later.
    #[error("the keys of the issuer {0} are not known yet")]
    Unavailable(String),
}
