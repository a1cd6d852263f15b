//! What is configured of an issuer.

use std::path::PathBuf;

/// The algorithms that an issuer may sign with: those with a public key.
pub const ALGORITHMS: [&str; 9] = ["ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"];

/// Whether it is one of [`ALGORITHMS`].
pub fn is_algorithm(name: &str) -> bool {
    ALGORITHMS.contains(&name)
}

/// An issuer.
#[derive(Clone, Debug)]
pub struct IssuerOptions {
    /// `iss`.
    pub issuer: String,
    /// A value that `aud` must have.
    pub audience: String,
    /// Where its keys are.
    pub keys: KeySource,
    /// The algorithms that are accepted; of [`ALGORITHMS`].
    pub algorithms: Vec<String>,
    /// The type of its access tokens.
    pub token_type: TokenType,
    /// Where its claims are.
    pub claims: ClaimNames,
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A URL, https or of this machine.
    Url(String),
    /// A file.
    File(PathBuf),
}

/// The type of access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// `at+jwt` (RFC 9068).
    AccessToken,
    /// `JWT`, or no type. Only the audience tells such a token from an ID token.
    Jwt,
}

/// The names of claims.
#[derive(Clone, Debug)]
pub struct ClaimNames {
    /// Text of 1 to 255 characters that the issuer never gives to somebody else.
    pub subject: String,
    /// An e-mail address.
    pub email: String,
    /// Whether it is verified.
    pub email_verified: String,
    /// The whole name.
    pub name: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// Names of scopes: separated by blanks, or a list.
    pub scope: String,
}

impl Default for ClaimNames {
    /// Those of OpenID Connect Core section 5.1 and RFC 9068.
    fn default() -> Self {
        Self {
            subject: "sub".to_owned(),
            email: "email".to_owned(),
            email_verified: "email_verified".to_owned(),
            name: "name".to_owned(),
            given_name: "given_name".to_owned(),
            family_name: "family_name".to_owned(),
            scope: "scope".to_owned(),
        }
    }
}
