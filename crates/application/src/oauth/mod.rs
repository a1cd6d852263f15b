//! Applications that act for users: authorization, tokens, consents (RFC 6749, RFC 9700, OpenID Connect Core 1.0).
//!
//! An application acts in a sign-in of its own, which is no browser's. So the user sees it among the sign-ins, and it ends with
//! them. What it may do is stored with the sign-in, and every token is held against that and against the registration.

pub mod applications;
pub mod authorize;
mod code;
pub mod exchange_code;
pub mod form_token;
pub mod introspect;
pub mod log_out;
pub mod refresh_tokens;
pub mod tokens;

use chrono::Duration;
use selfsame_domain::{
    AuthorizedClient, Factors, Scopes,
    oauth::{Client, ResourceServer},
};

use crate::Core;

/// The registered applications and resource servers.
#[derive(Clone, Debug)]
pub struct OAuthPolicy {
    /// The applications.
    pub clients: Vec<Client>,
    /// The resource servers, which may ask what a token is good for.
    pub resource_servers: Vec<ResourceServer>,
    /// Life of an authorization code.
    pub code_ttl: Duration,
}

impl Default for OAuthPolicy {
    /// None, and codes for a minute.
    fn default() -> Self {
        Self { clients: Vec::new(), resource_servers: Vec::new(), code_ttl: Duration::seconds(60) }
    }
}

impl OAuthPolicy {
    /// The registered application with this id.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }
}

impl Core {
    /// What an application may do in a sign-in by its registration as it is now; `None` if it is not registered any more.
    pub(crate) fn allowed_client(&self, stored: &AuthorizedClient) -> Option<AuthorizedClient> {
        let registered = self.policy.oauth.client(&stored.id)?;
        Some(AuthorizedClient { id: stored.id.clone(), scopes: stored.scopes.intersection(&registered.scopes) })
    }

    /// The issuer of every token (RFC 8414 section 2).
    pub fn issuer(&self) -> &str {
        self.tokens.issuer()
    }
}

/// The assurance levels of a sign-in by one factor and by two (NIST SP 800-63B).
pub const ASSURANCE_LEVELS: [&str; 2] = ["aal1", "aal2"];

/// The level of a proof (`acr`).
fn assurance_level(methods: &Factors) -> &'static str {
    let [one, two] = ASSURANCE_LEVELS;
    if methods.prove_second() { two } else { one }
}

/// The methods of a proof (`amr`) by the values of RFC 8176. Possession of a mailbox has none, and a backup code is used like a
/// one-time password. Each value is there once.
fn authentication_methods(methods: &Factors) -> Vec<&'static str> {
    use selfsame_domain::Factor::{BackupCode, Email, Passkey, Password, Phone, Sms, Totp};

    let of_factors = methods.iter().filter_map(|factor| match factor {
        Password => Some("pwd"),
        Totp | BackupCode => Some("otp"),
        Passkey => Some("pop"),
        Phone | Sms => Some("sms"),
        Email => None,
    });
    let mut values = Vec::new();
    for value in of_factors.chain(methods.prove_second().then_some("mfa")) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// Every scope: what the user's own sign-ins may do.
pub fn all_scopes() -> Scopes {
    Scopes::of(selfsame_domain::Scope::ALL.iter().copied())
}

#[cfg(test)]
mod tests {
    use selfsame_domain::Factor::{BackupCode, Email, Passkey, Password, Phone, Sms, Totp};

    use super::*;

    #[test]
    fn every_method_of_a_proof_is_named_once_in_the_order_of_the_factors() {
        for (factors, amr, acr) in [
            (vec![Password], vec!["pwd"], "aal1"),
            (vec![Password, Email], vec!["pwd"], "aal1"),
            (vec![Password, Totp], vec!["pwd", "otp", "mfa"], "aal2"),
            (vec![Passkey], vec!["pop", "mfa"], "aal2"),
            (vec![Phone, Passkey, Sms], vec!["sms", "pop", "mfa"], "aal2"),
            (vec![Password, Totp, Passkey, BackupCode], vec!["pwd", "otp", "pop", "mfa"], "aal2"),
        ] {
            let methods = Factors::of(factors.iter().copied());
            assert_eq!((authentication_methods(&methods), assurance_level(&methods)), (amr, acr), "{factors:?}");
        }
    }
}
