//! The four contracts, as far as the situations need them: where the profile is, and what to send there.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    common::{OTHER_PASSWORD, PASSWORD},
    situations::{Request, Who},
};

/// The account's address.
pub(crate) const EMAIL: &str = "ada@example.com";

/// How a contract knows its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    Cookie,
    Bearer,
}

/// A contract, and what is sent to it.
pub(crate) struct Contract {
    pub(crate) name: &'static str,
    pub(crate) credential: Credential,
    pub(crate) read: (Method, &'static str),
    pub(crate) write: (Method, &'static str),
    /// An unknown path below the contract's.
    pub(crate) nowhere: &'static str,
    pub(crate) change: Value,
    pub(crate) clear: Value,
    /// All of it of the right type, none of it valid.
    pub(crate) invalid: Value,
    pub(crate) mistyped: Value,
    /// Unknown fields and read-only fields, beside one that is written.
    pub(crate) unknown: Value,
    /// A condition on the version that does not hold.
    pub(crate) stale: Option<&'static str>,
    pub(crate) sign_in: Option<Request>,
    /// With a wrong password, on a route that takes one.
    pub(crate) guess: Option<Request>,
    pub(crate) sign_out: Option<Request>,
}

impl Credential {
    /// The header with the credential.
    pub(crate) fn header(self, who: &Who, credential: &str) -> Option<(&'static str, String)> {
        let value = match who {
            Who::Owner => credential.to_owned(),
            Who::Nobody => return None,
            Who::Forger => "A".repeat(43),
        };
        Some(match self {
            Self::Cookie => ("cookie", format!("session_id={value}")),
            Self::Bearer => ("authorization", format!("Bearer {value}")),
        })
    }
}

pub(crate) fn wacht() -> Contract {
    let sign_in = |password: &str| {
        let form = format!("strategy=plain_email&email={EMAIL}&password={}", password.replace(' ', "+"));
        Request::new(&(Method::POST, "/auth/signin"))
            .by(Who::Nobody)
            .header("content-type", "application/x-www-form-urlencoded")
            .with_body(&form)
    };
    Contract {
        name: "wacht",
        credential: Credential::Cookie,
        read: (Method::GET, "/me"),
        write: (Method::PATCH, "/me"),
        nowhere: "/me/nowhere",
        change: json!({"first_name": "Grace", "username": "grace"}),
        clear: json!({"first_name": null, "username": ""}),
        invalid: json!({"first_name": "x".repeat(101), "last_name": "Hop\u{7}per", "username": "no spaces"}),
        mistyped: json!({"first_name": 7, "second_factor_policy": "sometimes", "remove_profile_picture": "maybe"}),
        unknown: json!({"last_name": "Hopper", "disabled": true, "email_verified": false, "shoe_size": 42}),
        stale: None,
        sign_in: Some(sign_in(PASSWORD)),
        guess: Some(sign_in(OTHER_PASSWORD)),
        sign_out: Some(Request::new(&(Method::POST, "/session/sign-out"))),
    }
}

pub(crate) fn profile_api() -> Contract {
    let guess = json!({"current_password": OTHER_PASSWORD, "new_password": "a very long and quite new password"});
    Contract {
        name: "profile_api",
        credential: Credential::Bearer,
        read: (Method::GET, "/api/v1/me"),
        write: (Method::PATCH, "/api/v1/me"),
        nowhere: "/api/v1/me/nowhere",
        change: json!({"first_name": "Grace", "phone": "+31 6 12345678", "timezone": "Europe/Amsterdam"}),
        clear: json!({"first_name": null, "phone": null}),
        invalid: json!({
            "first_name": "x".repeat(101), "phone": "12", "locale": "not a locale", "timezone": "Mars/Olympus_Mons"
        }),
        mistyped: json!({"first_name": 7, "locale": ["en"], "phone": {"number": "+31612345678"}}),
        unknown: json!({"last_name": "Hopper", "email": "grace@example.com", "email_verified": false, "shoe_size": 42}),
        stale: None,
        sign_in: None,
        guess: Some(Request::new(&(Method::POST, "/api/v1/me/password")).json(&guess)),
        sign_out: None,
    }
}

pub(crate) fn rivergen() -> Contract {
    let login = |password: &str| {
        let body = json!({"email": EMAIL, "password": password});
        Request::new(&(Method::POST, "/api/v1/auth/login")).by(Who::Nobody).json(&body)
    };
    Contract {
        name: "rivergen",
        credential: Credential::Bearer,
        read: (Method::GET, "/api/v1/auth/me"),
        write: (Method::PUT, "/api/v1/auth/me/profile"),
        nowhere: "/api/v1/auth/nowhere",
        change: json!({
            "display_name": "Grace Hopper",
            "profile_image_url": "https://example.com/grace.jpg",
            "profile": {"bio": "Rear admiral", "links": {"home": "https://example.com"}}
        }),
        clear: json!({"display_name": null, "profile_image_url": null, "profile": {"bio": null}}),
        invalid: json!({
            "display_name": "x".repeat(101),
            "profile_image_url": "http://example.com/grace.jpg",
            "profile": {"bio": "B".repeat(200), "k".repeat(129): true}
        }),
        mistyped: json!({"display_name": 7, "profile_image_url": false, "profile": "Rear admiral"}),
        unknown: json!({
            "display_name": "Grace", "email": "grace@example.com", "is_system_admin": true, "shoe_size": 42
        }),
        stale: None,
        sign_in: Some(login(PASSWORD)),
        guess: Some(login(OTHER_PASSWORD)),
        sign_out: Some(Request::new(&(Method::POST, "/api/v1/auth/logout"))),
    }
}

pub(crate) fn account() -> Contract {
    Contract {
        name: "account",
        credential: Credential::Bearer,
        read: (Method::GET, "/api/v1/account"),
        write: (Method::PATCH, "/api/v1/account"),
        nowhere: "/api/v1/account/nowhere",
        change: json!({
            "given_name": "Grace", "preferred_username": "grace", "attributes": {"theme": "dark", "beta": true}
        }),
        clear: json!({"given_name": null, "attributes": {"beta": null}}),
        invalid: json!({
            "given_name": "x".repeat(101),
            "preferred_username": "no spaces",
            "zoneinfo": "Mars/Olympus_Mons",
            "locale": "not a locale",
            "phone_number": "12",
            "picture": "http://example.com/grace.jpg"
        }),
        mistyped: json!({"given_name": 7, "attributes": "dark", "second_factor_policy": "sometimes"}),
        unknown: json!({
            "family_name": "Hopper", "email": "grace@example.com", "email_verified": false, "shoe/size": 42
        }),
        stale: Some("\"1-1\""),
        sign_in: None,
        guess: None,
        sign_out: None,
    }
}
