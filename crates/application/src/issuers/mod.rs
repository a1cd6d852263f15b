//! Access tokens of other issuers, whose subjects are accounts here.
//!
//! A token of another issuer has no sign-in of this server. So each identity, a pair of issuer and subject, has one sign-in, in
//! which all its tokens act: the user sees it among the sign-ins, and it ends as they do. Tokens that were issued until its end
//! are refused; the first one that was issued later starts another.

pub(crate) mod admit;
mod authenticate;
pub mod identities;

use std::collections::BTreeMap;

use selfsame_domain::{AuthorizedClient, Factor, Factors, Scope, Scopes};
use selfsame_ports::ForeignClaims;

/// What the operator decides about the tokens of one other issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerPolicy {
    /// The name that users are shown.
    pub name: String,
    /// `iss`.
    pub issuer: String,
    /// Whether the first token of an unknown subject makes an account.
    pub create_accounts: bool,
    /// Whether an address that the issuer calls verified is a proof: the first token of an unknown subject is linked to the
    /// account that has proven the address, and a new account has it as proven. Whoever controls the issuer can take over every
    /// account whose address it names.
    pub trust_email: bool,
    /// Whether `auth_time` and `amr` count as proofs of factors here, for step-up and second factors.
    pub trust_authentication: bool,
    /// What a name in the claim of scopes allows; none if tokens are not restricted.
    pub scopes: Option<BTreeMap<String, Scope>>,
}

impl IssuerPolicy {
    /// The factors that a token proves. A method that is no factor here proves nothing.
    fn methods(&self, claims: &ForeignClaims) -> Factors {
        let trusted = claims.methods.iter().filter(|_| self.trust_authentication);
        Factors::of(trusted.filter_map(|method| match method.as_str() {
            "pwd" => Some(Factor::Password),
            "otp" | "mfa" => Some(Factor::Totp),
            "hwk" | "swk" | "pop" => Some(Factor::Passkey),
            "sms" => Some(Factor::Sms),
            _ => None,
        }))
    }

    /// The application that a token was issued to, and what it may do; none if tokens are not restricted.
    fn client(&self, claims: &ForeignClaims) -> Option<AuthorizedClient> {
        let known = self.scopes.as_ref()?;
        let scopes = Scopes::of(claims.scopes.iter().filter_map(|name| known.get(name)).copied());
        Some(AuthorizedClient { id: claims.client_id.clone().unwrap_or_else(|| self.issuer.clone()), scopes })
    }
}
