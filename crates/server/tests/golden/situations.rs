//! The situations of a contract, and the requests that lead to them.

use std::fmt;

use reqwest::Method;
use serde_json::{Value, json};

use crate::contracts::Contract;

/// A situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    SignIn,
    WrongPassword,
    Read,
    Change,
    Clear,
    Nothing,
    Invalid,
    WrongType,
    NoObject,
    Unreadable,
    UnknownField,
    WrongContentType,
    TooLarge,
    StaleVersion,
    NoCredential,
    BadCredential,
    UnknownPath,
    WrongMethod,
    SignOut,
    EndedSignIn,
}

/// The credential of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The account's owner, signed in.
    Owner,
    /// Somebody without a credential.
    Nobody,
    /// Somebody with a made-up one.
    Forger,
}

/// A request, ready to be sent and shown.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Situation {
    /// In this order: each situation leaves the account as the next one expects it.
    pub(crate) const IN_ORDER: [Self; 20] = [
        Self::SignIn,
        Self::WrongPassword,
        Self::Read,
        Self::Change,
        Self::Clear,
        Self::Nothing,
        Self::Invalid,
        Self::WrongType,
        Self::NoObject,
        Self::Unreadable,
        Self::UnknownField,
        Self::WrongContentType,
        Self::TooLarge,
        Self::StaleVersion,
        Self::NoCredential,
        Self::BadCredential,
        Self::UnknownPath,
        Self::WrongMethod,
        Self::SignOut,
        Self::EndedSignIn,
    ];

    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::SignIn => "the owner signs in",
            Self::WrongPassword => "the password is wrong",
            Self::Read => "the owner reads the profile",
            Self::Change => "a name is changed",
            Self::Clear => "a name is cleared",
            Self::Nothing => "nothing is changed",
            Self::Invalid => "several values are invalid",
            Self::WrongType => "values are of the wrong type",
            Self::NoObject => "the body is no object",
            Self::Unreadable => "the body cannot be read",
            Self::UnknownField => "the body holds unknown and read-only fields",
            Self::WrongContentType => "the content type is wrong",
            Self::TooLarge => "the body is too large",
            Self::StaleVersion => "the version is stale",
            Self::NoCredential => "there is no credential",
            Self::BadCredential => "the credential is made up",
            Self::UnknownPath => "there is no such path",
            Self::WrongMethod => "there is no such method",
            Self::SignOut => "the owner signs out",
            Self::EndedSignIn => "the sign-in has ended",
        }
    }
}

impl Contract {
    /// The request of this contract for a situation, if it has one.
    pub(crate) fn request(&self, situation: Situation) -> Option<Request> {
        let read = || Request::new(&self.read);
        let write = |body: &Value| Request::new(&self.write).json(body);
        Some(match situation {
            Situation::SignIn => return self.sign_in.clone(),
            Situation::WrongPassword => return self.guess.clone(),
            Situation::Read | Situation::EndedSignIn => read(),
            Situation::Change => write(&self.change),
            Situation::Clear => write(&self.clear),
            Situation::Nothing => write(&json!({})),
            Situation::Invalid => write(&self.invalid),
            Situation::WrongType => write(&self.mistyped),
            Situation::NoObject => write(&json!(["not", "an", "object"])),
            Situation::Unreadable => write(&json!({})).with_body("{\"name\": \"Ada\",}"),
            Situation::UnknownField => write(&self.unknown),
            Situation::WrongContentType => {
                let change = self.change.to_string();
                Request::new(&self.write).header("content-type", "text/plain").with_body(&change)
            }
            Situation::TooLarge => write(&json!({"name": "x".repeat(5 << 10)})),
            Situation::StaleVersion => {
                let condition = self.stale?;
                write(&self.change).header("if-match", condition)
            }
            Situation::NoCredential => read().by(Who::Nobody),
            Situation::BadCredential => read().by(Who::Forger),
            Situation::UnknownPath => Request::new(&(Method::GET, self.nowhere)),
            Situation::WrongMethod => Request::new(&(Method::DELETE, self.read.1)),
            Situation::SignOut => return self.sign_out.clone(),
        })
    }
}

impl Request {
    pub(crate) fn new((method, path): &(Method, &'static str)) -> Self {
        Self { method: method.clone(), path, who: Who::Owner, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn by(self, who: Who) -> Self {
        Self { who, ..self }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").with_body(&body.to_string())
    }

    pub(crate) fn with_body(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }
}

/// As it goes out, but for the credential, of which only the sentence above it speaks.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "> {} {}", self.method, self.path)?;
        for (name, value) in &self.headers {
            write!(f, "\n> {name}: {value}")?;
        }
        if self.body.is_empty() { Ok(()) } else { write!(f, "\n>\n> {}", self.body) }
    }
}
